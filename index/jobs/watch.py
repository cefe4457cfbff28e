"""Follows the library's folders while the app runs: what changes there starts a job.

Only says *when* to look: an ordinary `sync` job finds out what has changed
(build.py), so a missed or doubled event does no harm, and a folder that is gone
for a while deletes nothing. Where the system can't watch a whole folder, the job
runs every minute instead. The only file that knows watchdog.
"""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import AppError
from core.settings import Settings
from index.jobs import jobs
from index.jobs.job_rows import is_held
from index.jobs.job_work import failures
from index.store import Folder, open_library
from ingest import files, globs

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver

QUIET_SECONDS = 2.0  # after the last event: a file being written has become stable
LONGEST_WAIT_SECONDS = 60.0  # one file that never rests must not hold back all others
RETRY_SECONDS = 2.0  # while another job runs
ROOTS_SECONDS = 5.0  # between looks for folders that were added, or are gone or back
RESCAN_SECONDS = 60.0  # where the system can't watch, or a job would not start or has failed
LONGEST_RETRY = 3600.0  # seconds between tries of what fails again and again

_log = logging.getLogger(__name__)
_FAILURES = (AppError, OSError, sqlite3.Error, RuntimeError, MemoryError)  # no thread can start
_LIMITS = (errno.ENOSPC, errno.EMFILE, errno.ENFILE, errno.ENOMEM)


@dataclass(frozen=True, slots=True)
class _Root:
    """A followed folder, or a file that was added on its own, as it is on disk now."""

    path: str  # absolute, links resolved
    is_folder: bool
    identity: tuple[int, int] | None  # device and inode of the watched folder; None: not there
    exclude: tuple[str, ...] = ()  # globs of what is left out in it

    @property
    def watched(self) -> str:
        """The folder to watch. A file is often replaced, so its folder is watched."""
        return self.path if self.is_folder else str(Path(self.path).parent)


class Watcher:
    """Follows one library's folders in threads of its own, from `start` to `close`.

    Failures are logged and tried again; they never reach the caller.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._home = os.path.realpath(settings.home)
        self._lock = threading.Lock()  # over the two times below
        self._first_event: float | None = None  # monotonic seconds; None: nothing to do
        self._last_event = 0.0
        self._not_before = 0.0  # no job before this time
        self._next_roots = 0.0
        self._next_rescan = 0.0
        self._roots: frozenset[_Root] = frozenset()
        self._observer: BaseObserver | None = None
        self._incomplete = False  # the system refused to watch a folder
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin. Looks once at all folders: they may have changed while nobody watched."""
        if self._thread is None and not self._closing.is_set():
            self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)
            self._thread.start()

    def refresh(self) -> None:
        """The library's folders may have changed: look now."""
        self._next_roots = 0.0
        self._wake.set()

    def close(self) -> None:
        """End. Returns when no thread is left; a job that runs is not touched."""
        self._closing.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._closing.is_set():
                self._wake.clear()
                try:
                    self._look_at_roots()
                    self._apply()
                except _FAILURES as error:
                    _log.warning("Following folders: %s", error)
                    self._not_before = self._next_roots = time.monotonic() + RESCAN_SECONDS
                self._wake.wait(self._pause_seconds())
        finally:
            self._stop_observer()

    def _look_at_roots(self) -> None:
        """Watch anew where a folder was added, removed, replaced, unmounted or mounted."""
        now = time.monotonic()
        if now >= self._next_roots:
            self._next_roots = now + ROOTS_SECONDS
            roots = _roots(self._settings, self._home)
            if roots != self._roots:
                self._watch(roots)
                self._roots = roots
                self._note()  # what happened before the watch began was not seen
            is_due = not self._incomplete and now >= self._next_rescan
            if is_due and (times := failures(self._settings)):  # it may go well now
                self._note()
                self._next_rescan = now + min(RESCAN_SECONDS * 2 ** (times - 1), LONGEST_RETRY)
        if self._incomplete and now >= self._next_rescan:
            self._note()
            self._next_rescan = now + RESCAN_SECONDS

    def _apply(self) -> None:
        """Start the job when it is due and none is running."""
        now = time.monotonic()
        if (due := self._due()) is None or now < due:
            return
        # Nothing goes on by itself that the user has paused or cancelled; and with several
        # libraries open, folders that have changed are read one library after the other.
        if jobs.is_running(self._settings) or jobs.is_busy() or is_held(self._settings):
            self._not_before = now + RETRY_SECONDS
            return
        with self._lock:  # before the start: what comes during the job is for the next one
            self._first_event = None
        try:
            jobs.start(self._settings, "sync", ())
        except _FAILURES as error:  # short of open files, say
            self._note()
            another = jobs.is_running(self._settings)
            self._not_before = now + (RETRY_SECONDS if another else RESCAN_SECONDS)
            if not another:
                _log.warning("Following folders: %s", error)

    def _due(self) -> float | None:
        with self._lock:
            if self._first_event is None:
                return None
            rested = self._last_event + QUIET_SECONDS
            longest = self._first_event + LONGEST_WAIT_SECONDS
        return max(min(rested, longest), self._not_before)

    def _pause_seconds(self) -> float:
        due = self._due()
        wanted = self._next_roots if due is None else min(due, self._next_roots)
        return max(0.0, wanted - time.monotonic())

    def _seen(self, event: FileSystemEvent) -> None:
        """Called by watchdog, in its thread."""
        paths = (os.fsdecode(path) for path in (event.src_path, event.dest_path) if path)
        if any(_concerns(path, self._roots, self._home) for path in paths):
            self._note()

    def _note(self) -> None:
        """Something has changed: a job is due when it has been quiet."""
        now = time.monotonic()
        with self._lock:
            is_first = self._first_event is None
            self._last_event = now
            self._first_event = now if self._first_event is None else self._first_event
        if is_first:
            self._wake.set()

    def _watch(self, roots: frozenset[_Root]) -> None:
        """Replace the observer by one for these roots."""
        self._stop_observer()
        self._incomplete = False
        folders = {root.path for root in roots if root.identity and root.is_folder}
        present = {
            (root.watched, root.is_folder)
            for root in roots
            # A folder is watched with all that is in it.
            if root.identity and not any(_is_in(root.watched, one) for one in folders - {root.path})
        }
        if not present:
            return
        self._roots = roots  # events may come at once
        try:
            self._observer = _observer(self._refused)
        except OSError as error:
            self._refused(error)
            return
        for path, is_folder in sorted(present):
            try:
                _schedule(self._observer, self._seen, path, is_folder)
            except OSError as error:
                self._refused(error)

    def _refused(self, error: OSError) -> None:
        if not self._incomplete:
            message = "Not every folder can be watched (%s): looking every %d s instead."
            _log.warning(message, error, RESCAN_SECONDS)
            self._next_rescan = time.monotonic() + RESCAN_SECONDS
        self._incomplete = True

    def _stop_observer(self) -> None:
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            observer.join()


def last_looked(settings: Settings) -> float | None:
    """When the last look at all folders ended, in epoch seconds, as the clock then went; None:
    never yet."""
    if not settings.library_path.exists():
        return None
    with open_library(settings) as library:
        row = library.connection.execute(
            "SELECT updated FROM jobs WHERE action = 'sync' AND state = 'done'"
            " ORDER BY job_id DESC LIMIT 1"
        ).fetchone()
    return None if row is None else float(row[0])


def _roots(settings: Settings, home: str) -> frozenset[_Root]:
    """What the library follows outside its home, as it is on disk. Creates no library."""
    if not settings.library_path.exists():
        return frozenset()
    with open_library(settings) as library:
        folders = library.folders()
    found = (_root(folder) for folder in folders)
    return frozenset(root for root in found if not _is_in(root.path, home))


def _root(folder: Folder) -> _Root:
    path = os.path.realpath(folder.path)
    root = _Root(path, folder.is_folder, None, folder.exclude)
    try:
        status = Path(root.watched).stat()
    except OSError:
        return root
    return replace(root, identity=(status.st_dev, status.st_ino))


def _concerns(path: str, roots: frozenset[_Root], home: str) -> bool:
    """Whether a change at this path can change the library."""
    if _is_in(path, home):
        return False
    return any(
        path == root.path
        or (
            _is_in(path, root.path)
            and not files.passed_over(path, root.path, globs.matcher(root.path, root.exclude))
        )
        for root in roots
    )


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _observer(refused: Callable[[OSError], None]) -> BaseObserver:
    """A running observer. `refused` hears of folders that the system will not watch.

    Raises OSError where it can't watch at all.
    """
    from watchdog.observers import Observer

    observer = Observer()
    # On Linux every sub-folder takes one of the user's inotify watches, and watchdog
    # keeps silent when there are none left for a sub-folder.
    descriptor: Any = getattr(observer, "_inotify_fd", None)
    if descriptor is not None:
        add_callback = descriptor.add_callback

        def add_or_tell(*arguments: Any) -> Any:
            try:
                return add_callback(*arguments)
            except OSError as error:
                if error.errno in _LIMITS:
                    refused(error)
                raise

        descriptor.add_callback = add_or_tell
    observer.start()
    return observer


def _schedule(
    observer: BaseObserver, seen: Callable[[FileSystemEvent], None], path: str, is_recursive: bool
) -> None:
    """Hear of every change under `path`, but not of files that are only read."""
    from watchdog import events

    class Handler(events.FileSystemEventHandler):
        def on_any_event(self, event: FileSystemEvent) -> None:
            seen(event)

    kinds: list[type[FileSystemEvent]] = [events.FileModifiedEvent, events.FileClosedEvent]
    kinds += [events.FileCreatedEvent, events.FileMovedEvent, events.FileDeletedEvent]
    kinds += [events.DirCreatedEvent, events.DirMovedEvent, events.DirDeletedEvent]
    kinds += [events.FileAttribEvent, events.DirAttribEvent]  # permissions
    observer.schedule(Handler(), path, recursive=is_recursive, event_filter=kinds)
