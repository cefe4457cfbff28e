"""The page of libraries: which there are, opening one, a new one, another name for one.

Each library is kept apart: its articles, jobs, answers and dropped files are its own. The
demo stands among them to be opened, and is never renamed.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.errors import AppError
from core.settings import Settings
from ui import backend, desk, edge, libraries_backend, libraries_data, shell

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
    rows = [
        libraries_data.row(entry, _counts(entry.settings), _is_busy(entry.settings), open_key)
        for entry in libraries_backend.listed()
    ]
    rows.append(libraries_data.demo_row(open_key))
    data = libraries_data.page_data(rows, st.session_state.pop("libraries_trouble", ""), shown)
    desk.draw(data, "desk_libraries", act)
    if st.session_state.pop("page_changed", False):
        st.rerun()


def _counts(settings: Settings) -> dict[str, int] | None:
    """None where the library can't be opened: the others are listed all the same."""
    try:
        return backend.counts(settings)
    except AppError:
        return None


def _is_busy(settings: Settings) -> bool:
    try:
        job = backend.job(settings)
    except AppError:
        return False
    return job is not None and job.state == "running"


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
