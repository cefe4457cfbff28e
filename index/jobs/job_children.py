"""The processes of the jobs that this app has started: begun, watched over, ended with the app.

Takes the arguments of `python -m index.jobs.jobs`. Who begins a job says how it goes on should
its process die by itself. Knows no rows: what a job does and how far it is stands in library.db.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core import lifeline
from core.children import PROJECT_PATH
from core.errors import LibraryError
from core.settings import Settings

END_SECONDS = 2.0  # for all to end by themselves at the app's end; then they are killed

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Held:
    process: subprocess.Popen[bytes]
    is_wanted: bool = True  # False: the app ends, or is done with it


# By the library's home. The pipe to a child's standard input must stay open: the child takes its
# closing for our death.
_children: dict[Path, _Held] = {}


def begin(
    settings: Settings, arguments: Sequence[str], died: Callable[[], None]
) -> subprocess.Popen[bytes]:
    """Start the process of a job. `died` is called, in a thread of its own, where a signal ends
    it and not this app: the system was short of memory, a library crashed. Raises LibraryError."""
    try:
        process = lifeline.start(
            [sys.executable, "-m", "index.jobs.jobs", "--home", str(settings.home), *arguments],
            cwd=PROJECT_PATH,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, RuntimeError, MemoryError) as error:  # no thread can be started
        raise LibraryError(f"The process of a job can't be started: {error}.") from error
    held = _children[settings.home] = _Held(process)

    def watch() -> None:
        if process.wait() < 0 and held.is_wanted:
            log.warning("The process of a job was ended by signal %d", -process.returncode)
            died()

    try:
        threading.Thread(target=watch, daemon=True).start()
    except (RuntimeError, MemoryError) as error:  # it works all the same
        log.warning("A job goes on unwatched, should it die: %s", error)
    return process


def is_busy() -> bool:
    """Whether a job that this process started is running, in whichever library."""
    return any(held.process.poll() is None for held in list(_children.values()))


def end() -> None:
    """End the jobs that this process started; called when the app ends. What they have done is
    in their libraries, and the next start goes on there."""
    ending = list(_children.values())
    for held in ending:
        held.is_wanted = False
        if held.process.stdin:
            held.process.stdin.close()
    deadline = time.monotonic() + END_SECONDS
    for held in ending:
        try:
            held.process.wait(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:  # stopped, or in a library that holds it
            held.process.kill()
            held.process.wait()
    _children.clear()
