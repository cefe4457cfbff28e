"""Folders → the files in them, each with the reason why it is not read, if any.

Takes a file or folder. Opens no file. Follows no link that leaves the folder.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core import shortage
from ingest import globs, within

CLOSED = "folder cannot be read"  # how the reason of such a folder begins
UNSEEN = "cannot be looked at"  # and of a file that is there for all we know
UNFINISHED = (".part", ".crdownload", ".download", ".partial", ".tmp")
PAGE_SUFFIXES = (".html", ".htm", ".xhtml")
BESIDE_PAGE = "pictures and scripts of the page beside it"
PAGE_FOLDERS = ("_files", ".files", "-Dateien", "_archivos", "_fichiers")


@dataclass(frozen=True, slots=True)
class Found:
    path: str  # absolute
    size: int  # bytes
    mtime_ns: int
    skip_reason: str  # "": read it
    ctime_ns: int | None = None  # when the file system last noted a change of it
    device: int | None = None  # the one its folder is on
    is_passing: bool = False  # the reason is a drive that does not answer, and no fact of the file


@dataclass(frozen=True, slots=True)
class _Walk:
    """One walk through a folder."""

    real_top: str
    excluded_by: globs.ExcludedBy
    entered: set[str]  # folders, links resolved


def walk(root: Path, excluded_by: globs.ExcludedBy = globs.nothing) -> Iterator[Found]:
    """Every file under `root` (or `root` itself, a file), absolute, in sorted order.

    Files that are not to be read come with a reason, and so do folders that are not
    entered: what a glob leaves out, the folder beside a saved page, links out of `root`.
    Hidden folders are passed over in silence. What the user names is read, whatever its
    name. A missing root gives nothing. Raises OSError where open files or memory are short.
    """
    top = os.path.abspath(root)
    if not is_folder(top):
        found = look(top)
        if found is not None:
            yield found
        return
    real_top = os.path.realpath(top)
    yield from _walk_folder(top, _Walk(real_top, excluded_by, {real_top}))


def look(path: str) -> Found | None:
    """One path that a user named; None where nothing stands there."""
    try:
        status = Path(path).stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return _unseen(path, error, None)
    reason = "" if stat.S_ISREG(status.st_mode) else "not a regular file"
    return _found(path, status, reason, device_of(str(Path(path).parent)))


def passed_over(path: str, top: str, excluded_by: globs.ExcludedBy) -> bool:
    """Whether a walk of the folder `top` leaves out what is at `path`, inside it.

    A linked folder counts: the walk may have come to its files by another path.
    """
    place = top
    for name in Path(os.path.relpath(path, top)).parts:
        folder, place = place, str(Path(place) / name)
        if excluded_by(place) or name.startswith("."):
            return True
        if is_folder(place):
            if Path(place).is_symlink() or _beside_page(name, folder):
                return True
        elif _reason(name) or not within.is_inside(os.path.realpath(place), os.path.realpath(top)):
            return True
    return False


def device_of(path: str) -> int | None:
    """The device that this path, or what is left of it, is on now."""
    for place in (path, *map(str, Path(path).parents)):
        try:
            return Path(place).stat().st_dev
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            return None
    return None


def is_folder(path: str) -> bool:
    """Whether a folder can be seen there; a drive that answers with an error has none."""
    try:
        return Path(path).is_dir()
    except OSError:
        return False


def _walk_folder(folder: str, walk: _Walk) -> Iterator[Found]:
    device = device_of(folder)
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        if shortage.is_general(error):  # every other folder would seem closed as well
            raise
        yield Found(folder, 0, 0, f"{CLOSED} ({error.strerror})", None, device)
        return
    for entry in entries:
        enter = _is_folder(entry)
        if not _is_unicode(entry.name):  # no text can hold such a path, library.db included
            shown = os.fsencode(entry.path).decode(errors="backslashreplace")
            yield Found(shown, 0, 0, "its name is not valid Unicode; rename it", None, device)
        elif enter and entry.name.startswith("."):
            continue
        elif glob := walk.excluded_by(entry.path):
            yield Found(entry.path, 0, 0, f"excluded by “{glob}”", None, device)
        elif entry.is_symlink() and not within.is_inside(
            os.path.realpath(entry.path), walk.real_top
        ):
            yield Found(entry.path, 0, 0, within.OUTSIDE, None, device)
        elif enter and _beside_page(entry.name, folder):
            yield Found(entry.path, 0, 0, BESIDE_PAGE, None, device)
        elif enter:
            real = os.path.realpath(entry.path)
            if real not in walk.entered:
                walk.entered.add(real)
                yield from _walk_folder(entry.path, walk)
        else:
            yield _file(entry, device)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # links that lead to one another: `_file` says so
        return False


def _file(entry: os.DirEntry[str], device: int | None) -> Found:
    try:
        status = entry.stat()
    except OSError as error:
        return _unseen(entry.path, error, device)
    reason = _reason(entry.name) if stat.S_ISREG(status.st_mode) else "not a regular file"
    return _found(entry.path, status, reason, device)


def _unseen(path: str, error: OSError, device: int | None) -> Found:
    if shortage.is_general(error):
        raise error
    passing = shortage.is_passing(error)
    return Found(path, 0, 0, f"{UNSEEN} ({error.strerror})", None, device, passing)


def _found(path: str, status: os.stat_result, reason: str, device: int | None) -> Found:
    return Found(path, status.st_size, status.st_mtime_ns, reason, status.st_ctime_ns, device)


def _reason(name: str) -> str:
    """Why a file of this name is not read; "": it is."""
    if name.startswith("."):
        return "hidden file"
    if name.startswith("~$"):
        return "lock file of an office program"
    if name.lower().endswith(UNFINISHED):
        return "unfinished download"
    return ""


def _is_unicode(name: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _beside_page(name: str, folder: str) -> bool:
    """`X_files` beside `X.html`: pictures and scripts of a saved page."""
    stems = (name[: -len(ending)] for ending in PAGE_FOLDERS if name.endswith(ending))
    return any(
        os.path.lexists(Path(folder) / (stem + suffix))
        for stem in stems
        for suffix in PAGE_SUFFIXES
    )
