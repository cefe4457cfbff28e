"""The page of saved answers: every answer of this library, found by words, opened, deleted."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.settings import Settings
from ui import address, asking, backend, conversation_data, desk, saved_backend, shell


def page() -> None:
    settings = shell.current()
    if chosen := st.session_state.pop("open_answer", ""):
        asking.show(chosen)
        st.switch_page("ask.py", query_params=address.kept())
    shell.lead("Saved answers")
    searched = st.text_input(
        "Find an answer",
        key="saved_words",
        placeholder="Find by words of the question or the answer…",
        label_visibility="collapsed",
        max_chars=200,
    )
    saved = saved_backend.saved(settings, searched)
    home, deleted = st.session_state.get("deleted_answer", ("", None))
    data = conversation_data.saved_data(
        saved, searched, deleted if home == str(settings.home) else None
    )
    desk.draw(data, "desk_saved", lambda action: _act(settings, action))


def _act(settings: Settings, action: dict[str, Any]) -> None:
    if action["type"] == "open":
        st.session_state["open_answer"] = str(action["id"])
    elif action["type"] == "delete":
        deleted = saved_backend.delete(settings, str(action["id"]))
        backend.sessions(settings).forget(str(action["id"]))
        st.session_state["deleted_answer"] = (str(settings.home), deleted)
    elif action["type"] == "undo":
        home, deleted = st.session_state.pop("deleted_answer", ("", None))
        if deleted is not None and home == str(settings.home):
            saved_backend.restore(settings, deleted)


page()
