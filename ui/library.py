"""The library page: folders, dropped files, the job, every file with its status.

Jobs run in a process of their own (index/jobs.py); this page only looks at the
newest one, twice a second while it runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from core.errors import AppError
from core.settings import Settings
from ui import backend, desk, library_data, shell

POLL_SECONDS = 0.5
KINDS = "txt md html htm mhtml mht pdf docx odt rtf epub eml mbox json jsonl csv tsv zip".split()


def page() -> None:
    settings = shell.current()
    shell.demo_label()
    job = backend.job(settings)
    running = job is not None and job.state == "running"
    if not running:
        _start_pending(settings)
        job = backend.job(settings)
        running = job is not None and job.state == "running"
    st.fragment(_job, run_every=POLL_SECONDS if running else None)(settings, running)
    folders = library_data.folders_data(backend.folders(settings), settings, _shown())
    desk.draw(folders, "desk_folders", lambda action: _act(settings, action))
    if not shell.in_demo():
        _drop_files(settings)
    files = library_data.files_data(backend.files(settings), settings, _shown())
    desk.draw(files, "desk_files", lambda action: _act(settings, action))


def _shown() -> dict[str, Any]:
    """What this visitor has chosen to see: status, page, browser, message, editable."""
    shown: dict[str, Any] = st.session_state.setdefault("library_page", {})
    shown["editable"] = not shell.in_demo()
    return shown


def _job(settings: Settings, was_running: bool) -> None:
    job = backend.job(settings)
    data = library_data.job_data(job, backend.counts(settings))
    desk.draw(data, "desk_job", lambda action: backend.cancel_job(settings))
    if was_running and (job is None or job.state != "running"):
        st.rerun()


def _drop_files(settings: Settings) -> None:
    """Dropped files are copied into the home, then read like any other file."""
    serial = st.session_state.setdefault("drop_serial", 0)
    dropped = st.file_uploader(
        "Drop articles here: the app keeps copies of them",
        type=KINDS,
        accept_multiple_files=True,
        key=f"drop-{serial}",
    )
    if not dropped:
        return
    for file in dropped:
        backend.keep_upload(settings, file.name, file.getvalue())
    st.session_state["drop_serial"] = serial + 1
    _start(settings, "add", str(settings.uploads_path))
    st.rerun()


def _act(settings: Settings, action: dict[str, Any]) -> None:
    """What was pressed in the component."""
    shown = _shown()
    shown["message"] = ""
    kind, path = action["type"], str(action.get("path", ""))
    if kind == "filter":
        shown.update(status=action["status"], page=1)
    elif kind == "page":
        shown["page"] = int(action["page"])
    elif kind == "browse":
        shown["browser"] = None if shown.get("browser") else _browse(Path.home())
    elif kind == "enter":
        shown["browser"] = _browse(Path(path).expanduser())
    elif kind == "add":
        _add(settings, Path(path).expanduser())
    elif kind == "sync":
        _start(settings, "sync", "")
    elif kind == "remove":
        _remove(settings, path)


def _browse(folder: Path) -> dict[str, Any]:
    try:
        folder = folder.absolute()
        return library_data.browser_data(folder, backend.sub_folders(folder))
    except OSError as error:
        message = f"{folder} can't be opened: {error.strerror}."
        return library_data.browser_data(folder, [], message)


def _add(settings: Settings, folder: Path) -> None:
    if not folder.exists():
        _shown()["browser"] = library_data.browser_data(folder, [], "There is no such folder.")
        return
    _shown()["browser"] = None
    _start(settings, "add", str(folder.absolute()))


def _remove(settings: Settings, path: str) -> None:
    if backend.drop_upload(settings, path):
        _start(settings, "sync", "")
    else:
        _start(settings, "remove", path)


def _start(settings: Settings, action: str, path: str) -> None:
    """Starts a job; while another one runs, an added path waits for its end."""
    try:
        backend.start_job(settings, action, [path] if path else [])
    except AppError as error:
        if action == "add":
            st.session_state["pending"] = path
        _shown()["message"] = str(error)


def _start_pending(settings: Settings) -> None:
    if path := st.session_state.pop("pending", ""):
        _shown()["message"] = ""
        _start(settings, "add", path)


page()
