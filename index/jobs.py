"""One indexing job per library, seen by the app and the command line alike.

`run` does the work in this process under the library's lock; `start` does it in
a child (`python -m index.jobs`), so neither a page that is closed nor a busy
encoder touches the app. State lives in library.db.
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
from dataclasses import dataclass
from pathlib import Path

from core import settings as core_settings
from core.children import PROJECT_PATH
from core.errors import AppError, InputError, LibraryError
from core.settings import Settings
from index import build
from index.encoder import encoder_source, prepare_encoder
from index.scan import KEEP, Options
from index.store import Library, open_library

ACTIONS = ("add", "sync", "remove")
UPDATE_SECONDS = 0.3  # how often progress is written

# The jobs this process started, so that its end ends them. The pipe to a child's
# standard input must stay open: the child takes its closing for our death.
_children: dict[Path, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True, slots=True)
class Job:
    job_id: int
    action: str
    state: str  # running, done, failed, cancelled
    files_done: int
    files_total: int
    passages_done: int  # embedded so far
    passages_total: int  # 0: not known
    started: float  # epoch seconds
    updated: float
    message: str


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
    from filelock import FileLock, Timeout

    settings.home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.home / "library.lock")
    try:
        # A moment's patience: `is_running` holds the lock for an instant.
        with lock.acquire(timeout=1):
            return _run_locked(settings, _work(settings, action, paths, options), on_progress)
    except Timeout:
        raise LibraryError(
            f"Another indexing job is at work on {settings.home}. Wait until it has ended "
            "(`status` shows it), or cancel it in the app."
        ) from None


def start(
    settings: Settings, action: str, paths: Sequence[str] = (), options: Options = KEEP
) -> None:
    """Start a job in a child process. Raises LibraryError where one is running.
    `options`: for the folders of an `add`."""
    if is_running(settings):
        raise LibraryError("An indexing job is running. Wait until it has ended, or cancel it.")
    command = [
        sys.executable,
        "-m",
        "index.jobs",
        "--home",
        str(settings.home),
        *_arguments(options),
        action,
        "--",
        *paths,
    ]
    previous = latest(settings)
    child = subprocess.Popen(
        command,
        cwd=PROJECT_PATH,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _children[settings.home] = child
    _wait_until_seen(settings, child, previous.job_id if previous else 0)


def _arguments(options: Options) -> list[str]:
    """Options as `main` reads them."""
    globs = None if options.exclude is None else options.exclude or ("",)
    arguments = [f"--exclude={glob}" for glob in globs or ()]
    if options.ocr is not None:
        arguments.append("--ocr" if options.ocr else "--no-ocr")
    return arguments


def latest(settings: Settings) -> Job | None:
    """The newest job. One whose process died is `failed`: the next run goes on from there."""
    if not settings.library_path.exists():
        return None
    with open_library(settings) as library:
        row = library.connection.execute(
            "SELECT job_id, action, state, files_done, files_total, passages_done, passages_total,"
            " started, updated, message FROM jobs ORDER BY job_id DESC LIMIT 1"
        ).fetchone()
        if row is None:
            return None
        job = Job(*row)
        if job.state != "running" or is_running(settings):
            return job
        message = "The job was interrupted. Rescan to go on where it stopped."
        with library.transaction():
            library.connection.execute(
                "UPDATE jobs SET state = 'failed', message = ? WHERE job_id = ?"
                " AND state = 'running'",
                (message, job.job_id),
            )
    return latest(settings)


def cancel(settings: Settings) -> None:
    """Ask the running job to stop after the file it is at. What it did stays."""
    with open_library(settings) as library, library.transaction():
        library.connection.execute("UPDATE jobs SET cancel = 1 WHERE state = 'running'")


def is_running(settings: Settings) -> bool:
    from filelock import FileLock, Timeout

    if not settings.home.exists():
        return False
    try:
        with FileLock(settings.home / "library.lock").acquire(timeout=0):
            return False
    except Timeout:
        return True


def end_children() -> None:
    """End the jobs that this process started; called when the app ends."""
    for child in _children.values():
        if child.stdin:
            child.stdin.close()
        try:
            child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            child.kill()
    _children.clear()


def _run_locked(
    settings: Settings, work: _Work, on_progress: build.OnProgress | None
) -> build.Report:
    with open_library(settings) as library:
        now = time.time()
        with library.transaction():
            cursor = library.connection.execute(
                "INSERT INTO jobs (action, state, started, updated) VALUES (?, 'running', ?, ?)",
                (work.action, now, now),
            )
        job_id = int(cursor.lastrowid or 0)

        def write(state: str, message: str) -> None:
            with library.transaction():
                library.connection.execute(
                    "UPDATE jobs SET state = ?, message = ?, updated = ? WHERE job_id = ?",
                    (state, message, time.time(), job_id),
                )

        watch = _progress_writer(settings, job_id, on_progress)
        try:
            report = work.do(library, watch)
        except BaseException as error:
            told = isinstance(error, (AppError, sqlite3.Error, OSError))
            write("failed", str(error) if told else type(error).__name__)
            raise
        write("cancelled" if report.stopped else "done", _summary(report))
        return report


@dataclass(frozen=True, slots=True)
class _Work:
    action: str
    do: Callable[[Library, build.OnProgress], build.Report]


def _work(settings: Settings, action: str, paths: Sequence[str], options: Options) -> _Work:
    def do(library: Library, watch: build.OnProgress) -> build.Report:
        if action == "remove":
            return build.remove(library, paths[0], encoder_source(settings))
        encoder = prepare_encoder(settings)  # here, never in a page: it can take seconds
        if action == "add":
            return build.add(library, paths, encoder, watch, options)
        return build.sync(library, encoder, watch)

    return _Work(action, do)


def _progress_writer(
    settings: Settings, job_id: int, on_progress: build.OnProgress | None
) -> build.OnProgress:
    """Write progress now and then, and see whether somebody asked to stop."""
    last = 0.0

    def watch(progress: build.Progress) -> bool:
        nonlocal last
        go_on = on_progress(progress) if on_progress else True
        now = time.time()
        if now - last < UPDATE_SECONDS and progress.files_done < progress.files_total:
            return go_on
        last = now
        with open_library(settings) as library, library.transaction():
            library.connection.execute(
                "UPDATE jobs SET files_done = ?, files_total = ?, passages_done = ?, updated = ?"
                " WHERE job_id = ?",
                (
                    progress.files_done,
                    progress.files_total,
                    progress.passages_embedded,
                    now,
                    job_id,
                ),
            )
            (cancelled,) = library.connection.execute(
                "SELECT cancel FROM jobs WHERE job_id = ?", (job_id,)
            ).fetchone()
        return go_on and not cancelled

    return watch


def _summary(report: build.Report) -> str:
    parts = [f"{count} {name}" for name, count in report.files.items() if count]
    parts += [f"not found: {path}" for path in report.missing]
    return ", ".join(parts) or "nothing to do"


def _wait_until_seen(settings: Settings, child: subprocess.Popen[bytes], previous_id: int) -> None:
    """Return when the child's job stands in the table, so that a page sees it at once."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        job = latest(settings)
        if job is not None and job.job_id > previous_id:
            return
        if child.poll() is not None:
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
    parser = argparse.ArgumentParser(prog="python -m index.jobs")
    parser.add_argument("--home", required=True)
    parser.add_argument("--exclude", action="append")
    parser.add_argument("--ocr", action=argparse.BooleanOptionalAction)
    parser.add_argument("action", choices=ACTIONS)
    parser.add_argument("paths", nargs="*")
    options = parser.parse_args(arguments)
    _end_with_parent()
    chosen = Options(None if options.exclude is None else tuple(options.exclude), options.ocr)
    try:
        run(core_settings.load(options.home), options.action, options.paths, options=chosen)
    except AppError as error:
        logging.error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
