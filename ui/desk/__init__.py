"""The one component of the app's own: draws what Streamlit has no widget for.

Takes the data of ui/*_data.py, reports what was pressed. Its
scripts set text only as text nodes; nothing from a file or a model is markup.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

FOLDER = Path(__file__).parent
# One module for the browser: base.js comes first, desk.js last; each of the others holds views
# and enters them in `views`. Top-level names must differ.
SCRIPTS = (
    "base.js",
    "answer.js",
    "choices.js",
    "conversation.js",
    "reader.js",
    "charts.js",
    "search.js",
    "quotation.js",
    "ask.js",
    "job.js",
    "library.js",
    "lists.js",
    "libraries.js",
    "models.js",
    "plane.js",
    "map.js",
    "pictures.js",
    "settings.js",
    "desk.js",
)
STYLES = (
    "base.css",
    "answer.css",
    "choices.css",
    "conversation.css",
    "reader.css",
    "charts.css",
    "search.css",
    "library.css",
    "libraries.css",
    "models.css",
    "map.css",
    "settings.css",
)


def draw(data: dict[str, Any], key: str, on_action: Callable[[dict[str, Any]], None]) -> None:
    """Draws `data` (its "view" says how); `on_action` gets what was pressed, before the rerun:
    each press once and in order, also those made while the page was busy."""
    done = f"{key}_done"  # the number of the last press that was dealt with

    def pressed() -> None:
        actions = st.session_state[key].get("action")
        for action in actions if isinstance(actions, list) else ():
            if isinstance(action, dict) and isinstance(action.get("type"), str):
                number = int(action["at"])
                if number > st.session_state.get(done, 0):
                    try:
                        on_action(action)
                    finally:
                        st.session_state[done] = number

    data = data | {"done": st.session_state.get(done, 0)}
    _component()(data=data, key=key, on_action_change=pressed)


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component(
        "sourcebook_desk",
        html=(FOLDER / "desk.html").read_text("utf-8"),
        css="\n".join((FOLDER / name).read_text("utf-8") for name in STYLES),
        js="\n".join((FOLDER / name).read_text("utf-8") for name in SCRIPTS),
    )
