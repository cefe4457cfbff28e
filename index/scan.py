"""Followed folders: what the library remembers of them, what stands there now, what is gone.

A path that the user names is read, even where a rule of the folder around it passes it
over: it is then followed on its own. A drive that is not there is no deletion. Reads no
file and drops none (build.py does).
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core import members
from core.records import SourceFile
from index import write
from index.store import Folder, Library
from ingest import files, globs

AWAY = "not there now; its files stay searchable"


@dataclass(frozen=True, slots=True)
class Options:
    """What a user says about a folder when adding it; None keeps what is remembered."""

    exclude: tuple[str, ...] | None = None  # globs; empty: leave nothing out any more
    ocr: bool | None = None


KEEP = Options()


@dataclass(frozen=True, slots=True)
class Scan:
    """What one look at a folder found."""

    folder: Folder  # the followed folder that the files belong to
    found: tuple[files.Found, ...] = ()
    gone: tuple[str, ...] = ()  # known files that are no longer there
    away: str = ""  # the folder that is not there now, whose files stay
    reason: str = ""  # why


def remember(library: Library, path: str, options: Options) -> list[tuple[str, Folder]] | None:
    """Follow a path from now on. Gives what to scan: paths with the followed folders they
    belong to; None where there is nothing."""
    target = os.path.abspath(Path(path).expanduser())
    if not path or not os.path.lexists(target):
        return None
    with library.transaction():
        write.include(library, target)
        folders = library.folders()
        own = next((folder for folder in folders if folder.path == target), None)
        around = _innermost(folders, target)
        chosen = _chosen(own or around, target, options)
        if own is None and around is not None and _goes_with(chosen, around):
            chosen = around
        else:
            write.put_root(library, chosen)
            write.give_files(library, target)
            _take_over(library, chosen, folders)
    inner = [one for one in library.folders() if is_under(one.path, target)]
    return [(target, chosen), *((one.path, one) for one in inner)]


def remembered(library: Library, path: str) -> list[tuple[str, Folder]]:
    """What to scan of a path that is followed already, as `remember` gives it; without what
    was removed since."""
    target = os.path.abspath(Path(path).expanduser())
    folders = library.folders()
    own = next((one for one in folders if one.path == target), None) or _innermost(folders, target)
    inner = [(one.path, one) for one in folders if is_under(one.path, target)]
    is_out = any(one == target or is_under(target, one) for one in library.excluded())
    return inner if own is None or is_out else [(target, own), *inner]


def look(library: Library, target: str, folder: Folder) -> Scan:
    """What is at `target` now, which is the folder or something in it. Notes in the
    library whether the folder is there."""
    folders = library.folders()
    around = _innermost(folders, folder.path)
    found: list[files.Found] = []
    if os.path.lexists(target):
        folder = replace(folder, is_folder=files.is_folder(folder.path))
        excluded_by = globs.matcher(folder.path, folder.exclude)
        found = list(files.walk(Path(target), excluded_by))
        if len(found) == 1 and found[0].path == folder.path and _is_closed(found[0]):
            return _unavailable(library, folder, folder.path, found[0].skip_reason)
    elif folder.is_folder and (around is None or not files.is_folder(around.path)):
        return _unavailable(library, folder, folder.path, AWAY)
    found = _own(library, folder, folders, found)
    known = library.devices_under(folder.path)
    outer = {path: container(library, path) for path in known}
    gone = _gone(outer, target, found)
    away = _away(known, {path: outer[path] for path in gone}, found)
    gone = [path for path in gone if path not in away]
    place = _place([outer[path] for path in away]) if away else ""
    something_left = gone or any(item.path in known for item in found)
    if place and not is_under(place, folder.path) and not something_left:
        return _unavailable(library, folder, folder.path, AWAY)
    _note(library, folder, is_there=os.path.lexists(folder.path))
    return Scan(folder, tuple(found), tuple(gone), place, AWAY if away else "")


def reads_pictures(library: Library, path: str) -> bool:
    """Whether the followed folder that this file belongs to has the pictures of pages read."""
    folders = library.folders()
    own = next((one for one in folders if one.path == path), None) or _innermost(folders, path)
    return own is not None and own.ocr


def container(library: Library, path: str) -> str:
    """The file on the disk that holds what a path names: a.zip for a.zip!/b.html, and the
    path itself for a file of its own."""

    def kind_of(outer: str) -> str:
        known = library.file(outer)
        return known.kind if known else ""

    return members.split(path, kind_of)[0]


def inside(library: Library, path: str) -> list[SourceFile]:
    """The files in a container, as they were last read; what is in a folder that is called
    like it, with "!", is none of them."""
    return [one for one in library.members(path) if container(library, one.path) == path]


def is_under(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip(os.sep) + os.sep)


def _chosen(known: Folder | None, target: str, options: Options) -> Folder:
    """The path as a followed folder of its own, with the options it then has."""
    folder = replace(known or Folder(target, "watched"), path=target, state="watched")
    folder = replace(folder, is_folder=files.is_folder(target))
    if options.exclude is not None:
        given = tuple(globs.within(target, glob) for glob in options.exclude if glob)
        folder = replace(folder, exclude=tuple(dict.fromkeys(given)))
    return folder if options.ocr is None else replace(folder, ocr=options.ocr)


def _goes_with(folder: Folder, around: Folder) -> bool:
    """Whether a followed folder comes to what is inside it by itself, and reads it alike."""
    excluded_by = globs.matcher(around.path, around.exclude)
    same = (folder.exclude, folder.ocr) == (around.exclude, around.ocr)
    return same and not files.passed_over(folder.path, around.path, excluded_by)


def _take_over(library: Library, folder: Folder, folders: Sequence[Folder]) -> None:
    """What is followed inside a new folder now goes with it, but for what has options of
    its own or would be passed over."""
    for inner in folders:
        plain = replace(inner, exclude=folder.exclude, ocr=folder.ocr)
        if not is_under(inner.path, folder.path) or not _goes_with(plain, folder):
            continue
        if not (inner.exclude or inner.ocr) or _goes_with(inner, folder):
            library.connection.execute(
                "UPDATE files SET root = ? WHERE root = ?", (folder.path, inner.path)
            )
            write.drop_root(library, inner.path)


def _innermost(folders: Sequence[Folder], path: str) -> Folder | None:
    """The narrowest followed folder that the path is in."""
    around = (one for one in folders if one.is_folder and is_under(path, one.path))
    return max(around, key=lambda one: len(one.path), default=None)


def _own(
    library: Library, folder: Folder, folders: Sequence[Folder], found: Sequence[files.Found]
) -> list[files.Found]:
    """Without what was removed by hand and what belongs to a folder followed on its own."""
    inner = {one.path for one in folders if is_under(one.path, folder.path)}
    out = library.excluded() | inner
    return [
        item
        for item in found
        if item.path not in out and not any(is_under(item.path, one) for one in out)
    ]


def _gone(outer: Mapping[str, str], target: str, found: Sequence[files.Found]) -> list[str]:
    """The known files at `target` that are no longer there. `outer`: each with its container."""
    present = {item.path for item in found}
    closed = [item.path for item in found if _is_closed(item)]
    return [
        path
        for path, holder in outer.items()
        if not present & {path, holder}
        and (path == target or is_under(path, target) or holder == target)
        # What can't be seen at the moment is not gone.
        and not any(is_under(path, place) for place in closed)
    ]


def _away(
    known: Mapping[str, int | None], gone: Mapping[str, str], found: Sequence[files.Found]
) -> set[str]:
    """The gone files whose device is gone as well: none of its files is there any more,
    and what is left of their path is on another one. Numbers of devices may change when
    the machine starts anew; so they count only where a device's files vanish together.
    `gone`: each with its container."""
    seen = {known.get(item.path) for item in found}
    devices: dict[str, int | None] = {}
    away = set()
    for path, holder in gone.items():
        device = known[path]
        if device is None or device in seen:
            continue
        parent = str(Path(holder).parent)
        if parent not in devices:
            devices[parent] = files.device_of(parent)
        if devices[parent] != device:
            away.add(path)
    return away


def _place(away: Collection[str]) -> str:
    """The narrowest folder that is there and had all these files."""
    place = Path(os.path.commonpath([str(Path(path).parent) for path in away]))
    return str(next((one for one in (place, *place.parents) if files.is_folder(str(one))), place))


def _is_closed(item: files.Found) -> bool:
    return item.skip_reason.startswith((files.CLOSED, files.UNSEEN))


def _unavailable(library: Library, folder: Folder, place: str, reason: str) -> Scan:
    with library.transaction():
        write.set_root_state(library, folder.path, "unavailable")
    return Scan(folder, away=place, reason=reason)


def _note(library: Library, folder: Folder, is_there: bool) -> None:
    with library.transaction():
        if is_there:  # a file may stand where a folder stood, or the reverse
            write.put_root(library, replace(folder, state="watched"))
        else:
            write.drop_root(library, folder.path)
