"""The one component of the app's own: draws answers, the reader and the library.

Takes the data of ui/*_data.py, gives back the one thing that was pressed. Its
scripts set text only as text nodes; nothing from a file or a model is markup.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

FOLDER = Path(__file__).parent
# One module for the browser: later files use what earlier ones define.
SCRIPTS = ("base.js", "answer.js", "reader.js", "library.js", "desk.js")


def draw(data: dict[str, Any], key: str) -> dict[str, Any] | None:
    """Draws `data` (its "view" says how). Gives the action that was just taken, once."""
    result = _component()(data=data, key=key, on_action_change=_nothing)
    action = result.get("action")
    return action if isinstance(action, dict) else None


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component(
        "sourcebook_desk",
        html=(FOLDER / "desk.html").read_text("utf-8"),
        css=(FOLDER / "desk.css").read_text("utf-8"),
        js="\n".join((FOLDER / name).read_text("utf-8") for name in SCRIPTS),
    )


def _nothing() -> None:
    """Streamlit only hands over an action that has a callback."""
