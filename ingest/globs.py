"""Globs of what a folder leaves out → a function that tells which of them a path matches.

A glob is matched on the path relative to the folder, with "/" between its parts, and
on the base name. `*`, `?` and `[…]` stay inside one part, `**` spans any number of
them. A "/" in front or inside ties a glob to the folder itself; `drafts/**` means
its folder `drafts` with all that is in it, `drafts` or `drafts/` any of that name. Pure.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase

# A path (absolute) → the glob that leaves it out, "" where none does.
ExcludedBy = Callable[[str], str]


def matcher(folder: str, globs: Sequence[str]) -> ExcludedBy:
    """`folder`: absolute; paths that are not in it match nothing. Whether "A" is "a" is
    up to the system, as with any path."""
    if not globs:
        return nothing
    inside = folder.rstrip(os.sep) + os.sep
    wanted = [(glob, _parts(glob)) for glob in globs]

    def excluded_by(path: str) -> str:
        if not path.startswith(inside):
            return ""
        parts = _normal(path[len(inside) :]).split("/")
        for glob, pattern in wanted:
            if _matches(parts, pattern) or (len(pattern) == 1 and _matches(parts[-1:], pattern)):
                return glob
        return ""

    return excluded_by


def nothing(path: str) -> str:
    """The `ExcludedBy` of a folder that leaves nothing out."""
    return ""


def within(folder: str, glob: str) -> str:
    """The glob as it was given, but tied to the folder where it names a path in it."""
    inside = folder.rstrip(os.sep) + os.sep
    return "/" + glob[len(inside) :] if glob.startswith(inside) else glob


def _normal(path: str) -> str:
    """As Windows compares paths and macOS keeps them, so that equal names are equal."""
    return unicodedata.normalize("NFC", os.path.normcase(path)).replace(os.sep, "/")


def _parts(glob: str) -> list[str]:
    """The glob's parts. One that is tied to its folder has "" in front, which `_matches`
    passes by, and so never is the one part that a base name is matched with."""
    plain = _normal(glob).removeprefix("./").rstrip("/")
    whole = plain.removesuffix("/**")
    if whole != plain and "/" not in whole:
        whole = f"/{whole}"
    return whole.split("/") if whole.strip("/") else ["**"]


def _matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    if not pattern:
        return not parts
    if pattern[0] == "":
        return _matches(parts, pattern[1:])
    if pattern[0] == "**":
        return any(_matches(parts[skip:], pattern[1:]) for skip in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])
