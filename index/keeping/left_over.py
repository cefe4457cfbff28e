"""What a killed run has left in a library's home is cleared away when the next one starts.

Half-written files and folders of copies only; never what has taken its place. Works under the
writer's lock, which the caller holds: whoever else writes such things holds it too, but for an
app that brings an older library up, whose copy is left alone while it is new.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from core.settings import Settings
from index.keeping import presence, quarantine, restore, salvage

NEW_SECONDS = 3600.0  # a copy of an older library takes minutes at most


def clear(settings: Settings) -> None:
    """Remove it. Raises OSError where that can't be done."""
    for path in _left(settings.home):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    presence.others(settings.home)  # clears what dead processes have left


def _left(home: Path) -> Iterator[Path]:
    yield from (one for one in (home / restore.STAGED, home / salvage.WORKED_IN) if one.exists())
    yield from home.glob(f"{restore.SET_ASIDE}*{restore.UNFINISHED}")
    yield from home.glob("vectors-*.tmp")
    yield from (home / quarantine.FOLDER).glob("*.tmp")
    for path in home.glob("library-format-*.tmp"):
        if abs(time.time() - path.stat().st_mtime) > NEW_SECONDS:  # a clock may go back
            yield path
