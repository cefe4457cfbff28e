"""An article at a place, as a page of its own: where a copied link leads.

The address names the file and the range of its text. Nothing is asked here; the way on is the
question field, limited to this article.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.settings import Settings
from ui import address, backend, desk, reader, shell
from ui.reader_data import Place


def page() -> None:
    settings = shell.current()
    if reader.is_left_for_ask():
        st.switch_page("ask.py", query_params=address.kept())
    if address.is_left():  # Back and Forward
        reader.forget()
    found = reader.shown()
    if found is None:
        shell.lead("No article is named")
        shell.quiet("This page shows an article at a place. Its address names none.")
        return
    data = {"view": "article", "reader": reader.data(settings, *found)}
    desk.draw(data, "desk_article", lambda action: _act(settings, action))


def _act(settings: Settings, action: dict[str, Any]) -> None:
    if reader.act(settings, action):
        return
    if action["type"] == "open" and action["kind"] == "file":
        place: Place | None = backend.place(settings, str(action["path"]), int(action["index"]))
        if place is not None:
            reader.show(place)


page()
