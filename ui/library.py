"""The library page: folders, dropped files, the job, every file with its status.

Jobs run in a process of their own (index/jobs.py); this page only looks at the
newest one, twice a second while it runs. Changes in the folders start jobs too,
so the page also looks, less often, while none runs.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.errors import AppError
from core.settings import Settings
from ui import backend, desk, library_data, reader, shell

if TYPE_CHECKING:
    from index.jobs import Job

POLL_SECONDS = 0.5
FOLLOW_SECONDS = 3.0  # between looks for a job that a followed folder has started
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
    follows = not shell.in_demo() and backend.follows(settings)
    pause = POLL_SECONDS if running else FOLLOW_SECONDS if follows else None
    st.fragment(_job, run_every=pause)(settings, job)
    looked = backend.last_looked(settings)
    watching = library_data.watching_data(follows, looked, time.time())
    folders = library_data.folders_data(backend.folders(settings), settings, _shown() | watching)
    desk.draw(folders, "desk_folders", lambda action: _act(settings, action))
    if not shell.in_demo():
        _drop_files(settings)
    files = library_data.files_data(backend.files(settings), settings, _shown())
    opened = _shown().get("reader")
    files["reader"] = reader.data(settings, *opened) if opened else None
    desk.draw(files, "desk_files", lambda action: _act(settings, action))


def _shown() -> dict[str, Any]:
    """What this visitor has chosen to see: status, page, browser, message, editable."""
    shown: dict[str, Any] = st.session_state.setdefault("library_page", {})
    shown["editable"] = not shell.in_demo()
    return shown


def _job(settings: Settings, drawn: Job | None) -> None:
    """Draws the newest job; when it is another one than `drawn`, or has ended, the whole page."""
    job = backend.job(settings)
    data = library_data.job_data(job, backend.counts(settings))
    desk.draw(data, "desk_job", lambda action: backend.cancel_job(settings))
    if _which(job) != _which(drawn):
        st.rerun()


def _which(job: Job | None) -> tuple[int, str] | None:
    return (job.job_id, job.state) if job else None


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
    elif kind == "options":
        _change(settings, path, str(action["exclude"]), bool(action["ocr"]))
    elif kind == "sync":
        _start(settings, "sync", "")
    elif kind == "follow":
        _follow(settings, bool(action["on"]))
    elif kind == "remove":
        _remove(settings, path)
    elif kind == "open" and action.get("kind") == "file":
        _open(settings, path, int(action["index"]))
    elif kind == "close":
        shown["reader"] = None


def _open(settings: Settings, path: str, ordinal: int) -> None:
    """A file, in the reader: what was read in it, and what was left out."""
    place = backend.place(settings, path, ordinal)
    if place is not None:
        shown = _shown()
        shown["opened"] = shown.get("opened", 0) + 1
        shown["reader"] = (f"file-{shown['opened']}", place)


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


def _change(settings: Settings, path: str, exclude: str, ocr: bool) -> None:
    """Another choice of what is read in a folder."""
    globs = tuple(glob for line in exclude.splitlines() if (glob := line.strip()))
    try:
        backend.start_job(settings, "add", [path], (globs, ocr))
    except AppError as error:
        _shown()["message"] = str(error)


def _remove(settings: Settings, path: str) -> None:
    if backend.drop_upload(settings, path):
        _start(settings, "sync", "")
    else:
        _start(settings, "remove", path)


def _follow(settings: Settings, is_on: bool) -> None:
    if shell.in_demo():
        return
    try:
        backend.set_follows(settings, is_on)
    except AppError as error:
        _shown()["message"] = str(error)


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
