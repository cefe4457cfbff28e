"""Does one job: begins its row, holds the library's lock, writes how far it is, ends the row.

Takes what begins a row (job_rows.py) and gives what was done. Starts no process and
decides nothing about what comes next: jobs.py does.

Ctrl-C at the command line cancels its job: it does not go on by itself when the app starts.
Ctrl-C that ends the app leaves the app's job `interrupted`, and the next start goes on.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import takewhile

from core import shortage
from core.errors import AppError, LibraryError
from core.settings import Settings
from index import build, unread
from index.encoding.encoder import encoder_source, prepare_encoder
from index.jobs import job_rows
from index.jobs.job_rows import Begun
from index.keeping import forget, left_over
from index.store import Library, open_library

UPDATE_SECONDS = 0.3  # how often progress is written
LOOK_SECONDS = 0.03  # for another process's look at the lock, which is no job, to be over

# How the words of core/shortage.py begin.
_SHORTAGES = tuple(
    words.partition("{")[0]
    for words in (
        shortage.FILES,
        shortage.MEMORY,
        shortage.ENCODER,
        shortage.FULL,
        shortage.READ_ONLY,
        shortage.DRIVE,
    )
)
_looking = threading.Lock()  # two looks of this process must not take each other for a job


def work(
    settings: Settings,
    begin: Callable[[Library], Begun],
    on_progress: build.OnProgress | None = None,
) -> build.Report:
    """Begin a row and do what it says, under the library's lock. Raises LibraryError where
    another job has the lock, and what the work itself raises."""
    from filelock import FileLock, Timeout

    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(settings.home / "library.lock")
    try:
        # A moment's patience: `is_running` holds the lock for an instant.
        with lock.acquire(timeout=1):
            left_over.clear(settings)
            with open_library(settings) as library:
                return _run_locked(library, begin(library), on_progress)
    except Timeout:
        raise LibraryError(
            f"Another indexing job is at work on {settings.home}. Wait until it has ended "
            "(`status` shows it), or cancel it in the app."
        ) from None


@contextmanager
def lock_if_free(settings: Settings) -> Iterator[bool]:
    """Whether no job holds the library's lock. Where none does, none begins in this block."""
    from filelock import FileLock, Timeout

    lock = FileLock(settings.home / "library.lock")
    with _looking:
        try:
            lock.acquire(timeout=LOOK_SECONDS, poll_interval=LOOK_SECONDS / 10)
        except Timeout:
            pass
        try:
            yield lock.is_locked
        finally:
            lock.release()


def failures(settings: Settings) -> int:
    """How many looks at all folders failed one after the other, up to now, because the machine
    was short of something: another one may go well. What else failed is left to the user."""
    if not settings.library_path.exists():
        return 0
    with open_library(settings) as library:
        rows = library.connection.execute(
            "SELECT state, action, message FROM jobs ORDER BY job_id DESC LIMIT 10"
        ).fetchall()
    passing = takewhile(
        lambda row: row[:2] == ("failed", "sync") and row[2].startswith(_SHORTAGES), rows
    )
    return len(list(passing))


def _run_locked(
    library: Library, begun: Begun, on_progress: build.OnProgress | None
) -> build.Report:
    watch = _progress_writer(library.settings, begun, on_progress)
    try:
        report = _do(library, begun, watch)
    except KeyboardInterrupt:  # on purpose: the app's own jobs never hear a Ctrl-C
        job_rows.end(library, begun.job_id, "cancelled", job_rows.STOPPED)
        raise
    except BaseException as error:
        told = isinstance(error, (AppError, sqlite3.Error, OSError))
        why = shortage.told(error) or (str(error) if told else type(error).__name__)
        job_rows.end(library, begun.job_id, "failed", why)
        raise
    if not report.stopped:
        job_rows.end(library, begun.job_id, "done", _summary(report, begun))
    elif job_rows.asked(library, begun.job_id) == "pause":
        job_rows.end(library, begun.job_id, "paused", job_rows.PAUSED)
    else:
        job_rows.end(library, begun.job_id, "cancelled", job_rows.CANCELLED)
    return report


def _do(library: Library, begun: Begun, watch: build.OnProgress) -> build.Report:
    wanted = begun.request
    if wanted.action == "remove":
        return forget.remove(library, wanted.paths[0], encoder_source(library.settings))
    encoder = prepare_encoder(library.settings)  # here, never in a page: it can take seconds
    if wanted.action == "add" and begun.files_seen:
        return build.go_on(library, wanted.paths, encoder, watch)
    if wanted.action == "add":
        return build.add(library, wanted.paths, encoder, watch, wanted.options)
    if wanted.action == "rebuild" and not begun.is_resumed:
        build.forget_readings(library)
    return build.sync(library, encoder, watch)


def _progress_writer(
    settings: Settings, begun: Begun, on_progress: build.OnProgress | None
) -> build.OnProgress:
    """Write progress now and then, and see whether somebody asked to pause or to stop."""
    last, told = 0.0, ""

    def watch(progress: build.Progress) -> bool:
        nonlocal last, told
        go_on = on_progress(progress) if on_progress else True
        now = time.monotonic()
        is_same = progress.reading == told  # another large file is told at once
        soon = now - last < UPDATE_SECONDS and progress.files_done < progress.files_total
        if is_same and soon:
            return go_on
        last, told = now, progress.reading
        files = progress.files_done, progress.files_total
        passages = begun.passages_done + progress.passages_embedded
        with open_library(settings) as library:
            asked = job_rows.note_progress(library, begun.job_id, files, passages, progress.reading)
            return not asked and go_on

    return watch


def _summary(report: build.Report, begun: Begun) -> str:
    parts = [f"{count} {name}" for name, count in report.files.items() if count]
    parts += [f"not found: {path}" for path in report.missing]
    parts += [f"{one.path} is {one.reason}" for one in report.problems if one.status == forget.KEPT]
    parts += unread.told({one.path: one.reason for one in report.problems})
    parts += [job_rows.WENT_ON] if begun.was_interrupted else []
    return ", ".join(parts) or "nothing to do"
