"""Folders → the files in them, each with the reason why it is not read, if any.

Takes a file or folder. Opens nothing. Follows no link that leaves the folder.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CLOSED = "folder cannot be read"  # how the reason of such a folder begins
UNFINISHED = (".part", ".crdownload", ".download", ".partial", ".tmp")
PAGE_SUFFIXES = (".html", ".htm", ".xhtml")
PAGE_FOLDERS = ("_files", ".files", "-Dateien", "_archivos", "_fichiers")


@dataclass(frozen=True, slots=True)
class Found:
    path: str  # absolute
    size: int  # bytes
    mtime_ns: int
    skip_reason: str  # "": read it


def walk(root: Path) -> Iterator[Found]:
    """Every file under `root` (or `root` itself, a file), absolute, in sorted order.

    Files that are not to be read come with a reason. Hidden folders, the folder
    beside a saved page and folders behind links out of `root` are not entered.
    A missing root gives nothing.
    """
    top = os.path.abspath(root)
    if not Path(top).is_dir():
        found = look(top)
        if found is not None:
            yield found
        return
    real_top = os.path.realpath(top)
    yield from _walk_folder(top, real_top, {real_top})


def look(path: str) -> Found | None:
    """One path that a user named; None where nothing stands there."""
    try:
        status = Path(path).stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        return Found(path, 0, 0, f"cannot be looked at ({error.strerror})")
    reason = "" if stat.S_ISREG(status.st_mode) else "not a regular file"
    return Found(path, status.st_size, status.st_mtime_ns, reason)


def _walk_folder(folder: str, real_top: str, entered: set[str]) -> Iterator[Found]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        yield Found(folder, 0, 0, f"{CLOSED} ({error.strerror})")
        return
    names = {entry.name for entry in entries}
    for entry in entries:
        if not _is_unicode(entry.name):  # no text can hold such a path, library.db included
            shown = os.fsencode(entry.path).decode(errors="backslashreplace")
            yield Found(shown, 0, 0, "its name is not valid Unicode; rename it")
        elif entry.is_symlink() and not _inside(os.path.realpath(entry.path), real_top):
            yield Found(entry.path, 0, 0, "link to outside the folder")
        elif _is_folder(entry):
            real = os.path.realpath(entry.path)
            if real in entered or entry.name.startswith(".") or _beside_page(entry.name, names):
                continue
            entered.add(real)
            yield from _walk_folder(entry.path, real_top, entered)
        else:
            yield _file(entry)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # links that lead to one another: `_file` says so
        return False


def _file(entry: os.DirEntry[str]) -> Found:
    try:
        status = entry.stat()
    except OSError as error:
        return Found(entry.path, 0, 0, f"cannot be looked at ({error.strerror})")
    name = entry.name
    reason = ""
    if not stat.S_ISREG(status.st_mode):
        reason = "not a regular file"
    elif name.startswith("."):
        reason = "hidden file"
    elif name.startswith("~$"):
        reason = "lock file of an office program"
    elif name.lower().endswith(UNFINISHED):
        reason = "unfinished download"
    return Found(entry.path, status.st_size, status.st_mtime_ns, reason)


def _is_unicode(name: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _inside(path: str, real_top: str) -> bool:
    return path == real_top or path.startswith(real_top.rstrip(os.sep) + os.sep)


def _beside_page(name: str, names: set[str]) -> bool:
    """`X_files` beside `X.html`: pictures and scripts of a saved page."""
    for ending in PAGE_FOLDERS:
        if name.endswith(ending):
            stem = name[: -len(ending)]
            return any(stem + suffix in names for suffix in PAGE_SUFFIXES)
    return False
