"""A path → the file on the disk and, for what is in a container, the name within it.

A member's path is its container's, then `!/` (records.MEMBER_MARK), then its name. Names of
folders may end in "!" too: what stands on the disk under the whole path is never a member.
Looks at names on the disk; opens no file.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from core.records import MEMBER_MARK

CONTAINER_KINDS = frozenset({"zip", "mbox", "mail"})  # kinds of files that have files in them


def split(path: str, kind_of: Callable[[str], str] = lambda outer: "") -> tuple[str, str]:
    """(file, name in it): ("/a/b.zip", "c.txt") of "/a/b.zip!/c.txt", ("/a/c.txt", "") of itself.

    `kind_of` gives the kind that a file is known by, "" where none is known: then a regular file
    counts as a container, unless a folder stands beside it whose name is the file's with "!".
    """
    if MEMBER_MARK not in path or os.path.lexists(path):
        return path, ""
    place = path.find(MEMBER_MARK)
    while place >= 0:
        outer = path[:place]
        if _may_hold(outer, kind_of(outer)):
            return outer, path[place + len(MEMBER_MARK) :]
        place = path.find(MEMBER_MARK, place + 1)
    return path, ""


def _may_hold(outer: str, kind: str) -> bool:
    if kind:
        return kind in CONTAINER_KINDS
    try:
        return Path(outer).is_file() and not Path(outer + MEMBER_MARK[0]).is_dir()
    except OSError:  # what can't be looked at tells nothing
        return False
