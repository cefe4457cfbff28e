"""Opens a file for reading, through no link that leads out of a folder.

A file, or a folder above it, may be exchanged for a link or a pipe after a walk saw it. Takes the
path and the followed folder, gives a descriptor of the bytes. Reads nothing.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

OUTSIDE = "link to outside the folder"

# A pipe put in a file's place cannot block us.
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_FOLDER = os.O_RDONLY | _NO_LINK | getattr(os, "O_DIRECTORY", 0)


class OutsideError(OSError):
    """The path leads out of the folder."""

    def __init__(self) -> None:
        super().__init__(0, OUTSIDE)


def opened(path: str, folder: str = "") -> int:
    """A descriptor; the caller closes it. `folder`: where the file must lie, links resolved;
    "" for a file that the user named, which may be a link to anywhere. Raises OSError, and
    OutsideError where the path leads elsewhere."""
    if not folder:
        return os.open(path, _OPEN)
    top, real = os.path.realpath(folder), os.path.realpath(path)
    if not is_inside(real, top):
        raise OutsideError
    if os.open not in os.supports_dir_fd:  # Windows: what was opened may be looked at afterwards
        descriptor = os.open(real, _OPEN | _NO_LINK)
        if not is_inside(os.path.realpath(real), top):
            os.close(descriptor)
            raise OutsideError
        return descriptor
    return _stepwise(top, Path(os.path.relpath(real, top)).parts)


def is_inside(path: str, folder: str) -> bool:
    """Both with all links resolved."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _stepwise(top: str, names: Sequence[str]) -> int:
    """Down from the folder, name by name, so that no link which has come since is followed."""
    place = os.open(top, _FOLDER)
    for left, name in enumerate(names, start=1 - len(names)):
        flags = _FOLDER if left else _OPEN | _NO_LINK
        try:
            below = os.open(name, flags, dir_fd=place)
        finally:
            os.close(place)
        place = below
    return place
