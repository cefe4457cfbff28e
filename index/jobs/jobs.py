"""One indexing job per library, seen by the app and the command line alike.

`run` does the work in this process under the library's lock (job_work.py); `start` does it in
a child (`python -m index.jobs.jobs`), so neither a page that is closed nor a busy
encoder touches the app; where that child is killed, another goes on. `request` puts it in
the library's queue where a job runs or is paused; the child that ends a job takes the
next. State lives in library.db (job_rows.py), so that a pause outlives the app while the
lock is free.
"""

from __future__ import annotations

import argparse
import logging
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from core import libraries, lifeline
from core import settings as core_settings
from core.errors import AppError, InputError, LibraryError
from core.settings import Settings
from index import build
from index.jobs import job_children, job_rows, job_work
from index.jobs.job_rows import Job, Waiting
from index.scan import KEEP, Options
from index.store import open_library

ACTIONS = ("add", "sync", "remove", "rebuild")
ON_ROWS = ("resume", "next")  # what a child does with what library.db holds
TRIES = 3  # of a job that dies before it gets any further
GO_ON_SECONDS = 1.0  # before a job that died goes on: what ended it may not be over

# By home: how far a job came at most (job, passages, files), and how often it died here since.
_deaths: dict[Path, tuple[tuple[int, int, int], int]] = {}


def run(
    settings: Settings,
    action: str,
    paths: Sequence[str],
    on_progress: build.OnProgress | None = None,
    options: Options = KEEP,
) -> build.Report:
    """Do one job in this process. Raises LibraryError where another one is running.
    `options`: for the folders of an `add`."""
    if action not in ACTIONS:
        raise InputError(f"No such job: {action}.")
    wanted = job_rows.request_of(action, tuple(paths), options)
    return job_work.work(settings, lambda library: job_rows.begin(library, wanted), on_progress)


def resume(settings: Settings, on_progress: build.OnProgress | None = None) -> build.Report:
    """Go on with the paused or interrupted job in this process. Raises InputError where
    there is none."""
    return job_work.work(settings, job_rows.begin_again, on_progress)


def start(
    settings: Settings, action: str, paths: Sequence[str] = (), options: Options = KEEP
) -> None:
    """Start a job in a child process. Raises LibraryError where one is running.
    `options`: for the folders of an `add`."""
    _start(settings, [*_arguments(options), action, "--", *paths])


def request(
    settings: Settings, action: str, paths: Sequence[str] = (), options: Options = KEEP
) -> bool:
    """Start a job, or put it in the queue where one runs or is paused; whether it started.
    What is to be removed doesn't wait for what is paused."""
    job = latest(settings)
    if not _stands(job) or (job and job.state == "paused" and action == "remove"):
        start(settings, action, paths, options)
        return True
    with open_library(settings) as library:
        job_rows.enqueue(library, job_rows.request_of(action, tuple(paths), options))
    return False


def start_again(settings: Settings) -> None:
    """Go on with the paused or interrupted job in a child. Raises LibraryError where one runs."""
    _start(settings, ["resume"])


def start_waiting(settings: Settings) -> bool:
    """Start the first of the queue, unless a job runs or is paused; whether one was started.
    For a queue whose job ended with its process."""
    if _stands(latest(settings)) or not waiting(settings):
        return False
    _start(settings, ["next"])
    return True


def _start(settings: Settings, arguments: Sequence[str]) -> None:
    if is_running(settings):
        raise LibraryError("An indexing job is running. Wait until it has ended, or cancel it.")
    before = _mark(settings)
    child = job_children.begin(settings, arguments, died=partial(_died, settings))
    _wait_until_seen(settings, child, before)


def _arguments(options: Options) -> list[str]:
    """Options as `main` reads them."""
    globs = None if options.exclude is None else options.exclude or ("",)
    arguments = [f"--exclude={glob}" for glob in globs or ()]
    if options.ocr is not None:
        arguments.append("--ocr" if options.ocr else "--no-ocr")
    return arguments


def latest(settings: Settings) -> Job | None:
    """The running job, else a paused one, else the last. One whose process died is
    `interrupted`: `resume`, or the next run, goes on from there."""
    if not settings.library_path.exists():
        return None
    with open_library(settings) as library:
        job = job_rows.newest(library)
        if job is None or job.state != "running":
            return job
        with job_work.lock_if_free(settings) as is_free:  # so that none goes on with it meanwhile
            if is_free:
                job_rows.mark_interrupted(library)
        return job_rows.newest(library)


def pause(settings: Settings) -> None:
    """Ask the running job to stop after the file it is at, to be resumed."""
    with open_library(settings) as library:
        job_rows.ask(library, "pause")


def cancel(settings: Settings) -> None:
    """Ask the running job to end after the file it is at; a paused one ends at once. What
    it did stays."""
    with open_library(settings) as library:
        job_rows.ask(library, "cancel")


def waiting(settings: Settings) -> list[Waiting]:
    """What is in the queue, first come first."""
    if not settings.library_path.exists():
        return []
    with open_library(settings) as library:
        return job_rows.waiting(library)


def withdraw(settings: Settings, place: int) -> None:
    """Take a request out of the queue."""
    with open_library(settings) as library, library.transaction():
        job_rows.drop(library, place)


def is_running(settings: Settings) -> bool:
    if not settings.home.exists():
        return False
    with job_work.lock_if_free(settings) as is_free:
        return not is_free


is_busy = job_children.is_busy
end_children = job_children.end


def go_on(settings: Settings) -> bool:
    """Go on with work whose process ended before it was done, and with what waits behind it;
    whether there was any. Nothing goes on that the user has paused or cancelled, or that
    another process does."""
    job = latest(settings)
    if job is None or job.state != "interrupted":
        return start_waiting(settings)
    start_again(settings)
    return True


def go_on_with_all(every: Sequence[Settings]) -> None:
    """As `go_on`, one library after the other; returns at once. For the app's start."""

    def work() -> None:
        for settings in every:
            while is_busy():
                time.sleep(GO_ON_SECONDS)
            _tried(partial(go_on, settings))

    threading.Thread(target=work, name="going on", daemon=True).start()


def _died(settings: Settings) -> None:
    """The process of a job was killed. Its work goes on, but not where it comes no further."""
    time.sleep(GO_ON_SECONDS)
    _tried(partial(_goes_on, settings))


def _goes_on(settings: Settings) -> None:
    job = latest(settings)
    if job is not None and job.state == "interrupted":
        reached = job.job_id, job.passages_done, job.files_done
        farthest, times = _deaths.get(settings.home, (reached, 0))
        if reached > farthest or job.job_id != farthest[0]:
            farthest, times = reached, 0
        _deaths[settings.home] = farthest, times + 1
        if times + 1 >= TRIES:
            with open_library(settings) as library:
                job_rows.end(library, job.job_id, "interrupted", job_rows.GIVEN_UP)
            return
    go_on(settings)


def _mark(settings: Settings) -> tuple[int | None, float | None]:
    if not settings.library_path.exists():
        return None, None
    with open_library(settings) as library:
        return job_rows.mark(library)


def _wait_until_seen(
    settings: Settings,
    child: subprocess.Popen[bytes],
    before: tuple[int | None, float | None],
) -> None:
    """Return when the child's job stands in the table, so that a page sees it at once."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        ended = child.poll()  # first: its row is then written
        if _mark(settings) != before:
            return
        if ended is not None:
            raise LibraryError("The indexing job could not be started. `cli.py add` says why.")
        time.sleep(0.05)


def _end_with_parent() -> None:
    """The parent holds our standard input; when it closes, the parent is gone."""

    def watch() -> None:
        # Not `sys.stdin`: a thread that waits in it holds its lock, and Python aborts at exit.
        while os.read(0, 4096):
            pass
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m index.jobs.jobs")
    parser.add_argument("--home", required=True)
    parser.add_argument("--exclude", action="append")
    parser.add_argument("--ocr", action=argparse.BooleanOptionalAction)
    parser.add_argument("action", choices=(*ACTIONS, *ON_ROWS))
    parser.add_argument("paths", nargs="*")
    options = parser.parse_args(arguments)
    lifeline.end_with_parent()
    _end_with_parent()
    settings = libraries.joined(core_settings.load(options.home))
    chosen = Options(None if options.exclude is None else tuple(options.exclude), options.ocr)
    ended_well = _tried(lambda: _first(settings, options, chosen))
    return 0 if _tried(lambda: _drain(settings)) and ended_well else 1


def _drain(settings: Settings) -> None:
    """Do what waits, until a job is paused or nothing waits any more."""
    while (queue := waiting(settings)) and not _stands(latest(settings)):
        _tried(lambda: job_work.work(settings, job_rows.begin_next))
        if waiting(settings)[:1] == queue[:1]:
            return  # it could not even begin


def _stands(job: Job | None) -> bool:
    """Whether a job is in the way of the next one."""
    return job is not None and job.state in ("running", "paused")


def _first(settings: Settings, options: argparse.Namespace, chosen: Options) -> None:
    if options.action == "resume":
        resume(settings)
    elif options.action == "next":
        job_work.work(settings, job_rows.begin_next)
    else:
        run(settings, options.action, options.paths, options=chosen)


def _tried(work: Callable[[], object]) -> bool:
    """The edge of one job: its row has the reason, and what waits must still come."""
    try:
        work()
    except (AppError, sqlite3.Error, OSError, RuntimeError, MemoryError) as error:  # no thread left
        logging.error("%s", error or type(error).__name__)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
