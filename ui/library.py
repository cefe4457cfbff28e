"""The library page: folders, dropped files, the job, every file with its status, stories.

Jobs run in a process of their own (index/jobs/jobs.py); this page only looks at the
newest one, twice a second while it runs and once a second while none does, so that a
job of another tab, of a followed folder or of the command line is seen at once.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.settings import Settings
from ui import backend, desk, edge, library_backend, library_data, lists_data, reader, shell

if TYPE_CHECKING:
    from index.jobs.job_rows import Job

POLL_SECONDS = 0.5
IDLE_SECONDS = 1.0
KINDS = "txt md html htm mhtml mht pdf docx odt rtf epub eml mbox json jsonl csv tsv zip".split()


def page() -> None:
    settings = shell.current()
    shell.headline("Library")
    edge.kept(library_backend.take_next, "job_trouble")(settings)
    job = backend.job(settings)
    running = job is not None and job.state == "running"
    pause = POLL_SECONDS if running else IDLE_SECONDS
    st.fragment(edge.told(_job), run_every=pause)(settings, job)
    act = edge.kept(_act, "library_trouble")
    follows = not shell.in_demo() and backend.follows(settings)
    watching = library_data.watching_data(follows, backend.last_looked(settings), time.time())
    _shown()["message"] = st.session_state.pop("library_trouble", "")
    folders = library_data.folders_data(backend.folders(settings), settings, _shown() | watching)
    desk.draw(folders, "desk_folders", lambda action: act(settings, action))
    if not shell.in_demo():
        _drop_files(settings)
    desk.draw(_lists(settings), "desk_files", lambda action: act(settings, action))


def _shown() -> dict[str, Any]:
    """What this visitor has chosen to see: tab, status, words, sort, page, browser, editable."""
    shown: dict[str, Any] = st.session_state.setdefault("library_page", {})
    shown["editable"] = not shell.in_demo()
    return shown


def _lists(settings: Settings) -> dict[str, Any]:
    """The list that is chosen, and the reader over it. The other lists are not asked for."""
    from index.views.file_list import FileQuery

    shown = _shown()
    data = lists_data.frame_data(shown, shown["editable"])
    page = int(shown.get("page", 1))
    if data["tab"] == "stories":
        data |= lists_data.stories_data(library_backend.stories(settings, page))
    elif data["tab"] == "storage":
        data |= lists_data.storage_data(library_backend.storage(settings), settings)
    else:
        chosen = {name: shown.get(name, "") for name in ("status", "words")}
        query = FileQuery(**chosen, sort=shown.get("sort", "path"), page=page)
        data |= lists_data.files_data(library_backend.files(settings, query), settings, shown)
        data["leftOut"] = lists_data.left_out_data(library_backend.left_out(settings), settings)
    opened = shown.get("reader")
    data["reader"] = reader.data(settings, *opened) if opened else None
    return data


def _job(settings: Settings, drawn: Job | None) -> None:
    """Draws the newest job; when it is another one than `drawn`, or has ended, the whole page."""
    job = backend.job(settings)
    trouble = st.session_state.pop("job_trouble", "")
    waiting = library_backend.waiting(settings)
    data = library_data.job_data(job, backend.counts(settings), waiting, trouble)
    act = edge.kept(library_backend.act_on_job, "job_trouble")
    desk.draw(data, "desk_job", lambda action: act(settings, action))
    if library_data.job_mark(job) != library_data.job_mark(drawn):
        st.rerun()


def _drop_files(settings: Settings) -> None:
    """Dropped files are copied into the home, then read like any other file."""
    serial = st.session_state.setdefault("drop_serial", 0)
    with st.container(key="drop"):
        dropped = st.file_uploader(
            "Drop articles here: the app keeps copies of them",
            type=KINDS,
            accept_multiple_files=True,
            key=f"drop-{serial}",
        )
        shell.quiet("Text, web pages, PDF, mail, documents, tables, archives: up to 200 MB each.")
    if not dropped:
        return
    for file in dropped:
        backend.keep_upload(settings, file.name, file.getvalue())
    st.session_state["drop_serial"] = serial + 1
    backend.start_job(settings, "add", [str(settings.uploads_path)])
    st.rerun()


def _act(settings: Settings, action: dict[str, Any]) -> None:
    """What was pressed in the component."""
    if reader.act(settings, action):
        return
    kind = action["type"]
    if kind in ("tab", "filter", "find", "sort", "page", "open", "close", "browse", "enter"):
        _look(settings, kind, action)
    elif not shell.in_demo():
        _change(settings, kind, action)


def _look(settings: Settings, kind: str, action: dict[str, Any]) -> None:
    """Another part of the library is shown; nothing in it changes."""
    shown = _shown()
    if kind == "tab":
        shown.update(tab=str(action["tab"]), page=1)
    elif kind == "filter":
        shown.update(status=str(action["status"]), page=1)
    elif kind == "find":
        shown.update(words=str(action["words"])[:200], page=1)
    elif kind == "sort":
        shown.update(sort=str(action["sort"]), page=1)
    elif kind == "page":
        shown["page"] = int(action["page"])
    elif kind == "browse":
        shown["browser"] = None if shown.get("browser") else _browse(Path.home())
    elif kind == "enter":
        shown["browser"] = _browse(_at_home(str(action["path"])))
    elif kind == "open" and action.get("kind") == "file":
        _open(settings, str(action["path"]), int(action["index"]))
    elif kind == "close":
        shown["reader"] = None


def _at_home(path: str) -> Path:
    """With "~" as the user's folder; as it stands where it names nobody that there is."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def _change(settings: Settings, kind: str, action: dict[str, Any]) -> None:
    path = str(action.get("path", ""))
    if kind == "add":
        _add(settings, _at_home(path))
    elif kind in ("again", "takeback"):  # one file, or what is in it
        backend.start_job(settings, "add", [library_backend.on_disk(path)])
    elif kind == "options":
        globs = tuple(
            glob for line in str(action["exclude"]).splitlines() if (glob := line.strip())
        )
        backend.start_job(settings, "add", [path], (globs, bool(action["ocr"])))
    elif kind in ("sync", "rebuild"):
        backend.start_job(settings, kind, [])
    elif kind == "follow":
        backend.set_follows(settings, bool(action["on"]))
    elif kind == "remove" and backend.drop_upload(settings, path):
        backend.start_job(settings, "sync", [])
    elif kind == "remove":
        backend.start_job(settings, "remove", [path])


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
    backend.start_job(settings, "add", [str(folder.absolute())])


page()
