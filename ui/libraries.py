"""The page of libraries: which there are, opening one, a new one, another name for one.

Each library is kept apart: its articles, jobs, answers and dropped files are its own. The
demo stands among them to be opened, and is never renamed.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.libraries import Entry
from ui import backend, desk, edge, libraries_backend, libraries_data, shell, words

POLL_SECONDS = 1.0


def page() -> None:
    shell.lead("Libraries")
    shell.quiet(
        "Keep investigations apart: what you add, ask and save in one library is never seen in "
        "another. Models are shared."
    )
    st.fragment(edge.told(_list), run_every=POLL_SECONDS)()


def _list() -> None:
    act = edge.kept(_act, "libraries_trouble")
    shown = st.session_state.setdefault("libraries_page", {})
    open_key = shell.open_key()
    rows = [_row(entry, open_key) for entry in libraries_backend.listed()]
    rows.append(libraries_data.demo_row(open_key))
    data = libraries_data.page_data(rows, st.session_state.pop("libraries_trouble", ""), shown)
    desk.draw(data, "desk_libraries", act)
    if st.session_state.pop("page_changed", False):
        st.rerun()


def _row(entry: Entry, open_key: str) -> libraries_data.Data:
    """One library; where it can't be opened, why: the others are listed all the same."""
    try:
        counts, job = backend.counts(entry.settings), backend.job(entry.settings)
    except words.NAMED as error:
        return libraries_data.closed_row(entry, words.failure_words(error), open_key)
    is_busy = job is not None and job.state == "running"
    return libraries_data.row(entry, counts, is_busy, open_key)


def _act(action: dict[str, Any]) -> None:
    """What was pressed. `serial` tells the browser that a form was taken."""
    kind, key = action["type"], str(action.get("key", ""))
    if kind == "open":
        shell.open_library(key)
        st.session_state["page_changed"] = True
        return
    if kind == "create":
        shell.open_library(libraries_backend.create(str(action["name"])))
    elif kind == "rename":
        libraries_backend.rename(key, str(action["name"]))
    shown = st.session_state.setdefault("libraries_page", {})
    shown["serial"] = shown.get("serial", 0) + 1
    st.session_state["page_changed"] = True


page()
