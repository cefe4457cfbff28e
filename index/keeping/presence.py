"""Who has a library open for long: an app that only waits is seen by a restore.

`announce` holds a lock of this process in a file of the library's home until `withdraw`, or
until the process ends, however it does; `others` tells the processes that do. Readers and
writers don't ask: only what puts another library in place of this one does.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from core.settings import Settings

if TYPE_CHECKING:
    from filelock import BaseFileLock

PATTERN = "open-*.lock"
log = logging.getLogger(__name__)
_held: dict[Path, BaseFileLock] = {}


def announce(settings: Settings) -> None:
    """Say that this process has the library open. Where nothing can be written nothing can be
    put in place either, so that is no failure."""
    from filelock import FileLock, Timeout

    home = settings.home
    if home in _held or not home.is_dir():
        return
    lock = FileLock(home / f"open-{os.getpid()}.lock")
    try:
        lock.acquire(timeout=0)
    except (OSError, Timeout) as error:
        log.warning("Nobody can see that %s is open: %s", home, error)
        return
    _held[home] = lock


def withdraw() -> None:
    """The libraries of this process are closed."""
    while _held:
        _, lock = _held.popitem()
        lock.release()
        Path(lock.lock_file).unlink(missing_ok=True)


def others(home: Path) -> list[int]:
    """The processes that have this library open, this one not counted. What is left of dead
    ones is cleared away."""
    from filelock import FileLock, Timeout

    found = []
    for path in sorted(home.glob(PATTERN)):
        number = path.stem.removeprefix("open-")
        if not number.isdecimal() or int(number) == os.getpid():
            continue
        try:
            with FileLock(path).acquire(timeout=0):
                pass
        except Timeout:
            found.append(int(number))
        else:
            path.unlink(missing_ok=True)
    return found
