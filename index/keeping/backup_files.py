"""What a backup is: a folder of files and `backup.json`, which names each one with its hash.

Takes a folder, gives its contents once every file has been checked. `backup.py` writes such
folders, `restore.py` puts them in place. The list is written last, so a folder without one is
no backup; its names are checked as if anyone had written them.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from core.errors import LibraryError
from index import durable, schema

LIST_NAME = "backup.json"
FORMAT = 1  # of backup.json
LIBRARY, DESK, NAME = "library.db", "desk.db", "library.json"
# Nothing else is ever copied or put in place: no model, no secret, no log, no lock.
_MAY_HOLD = re.compile(
    r"library\.db|desk\.db|library\.json|vectors-[0-9a-f]{16}\.faiss"
    r"|uploads/(?!\.)[^/\\:\x00-\x1f]{1,255}"
)
_MOST_LIST_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class BackupFile:
    name: str  # in the backup as in the library, with "/"
    size: int  # bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What backup.json says."""

    created: str  # ISO 8601, UTC
    home: str  # the folder of the library that was copied
    library_format: int
    desk_format: int  # 0 where no answer had been saved
    files: tuple[BackupFile, ...]

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


def may_hold(name: str) -> bool:
    """Whether a backup may hold a file of this name."""
    return _MAY_HOLD.fullmatch(name) is not None


def write_list(folder: Path, contents: Contents) -> None:
    """The last step of writing a backup's files."""
    value = asdict(contents)
    data = json.dumps({"format": FORMAT, "sha256": _digest(value), "contents": value}, indent=1)
    temporary, _ = durable.write(folder, f"{LIST_NAME}.tmp", lambda put: put(data.encode()))
    durable.put_in_place(temporary, LIST_NAME)


def verify(folder: Path, desk_format: int) -> Contents:
    """The contents of a sound backup that this app can read; every file is read once.

    Raises LibraryError where it is none, is damaged, or was written by a newer app.
    `desk_format`: the newest format of desk.db that the app knows.
    """
    contents = _read_list(folder)
    for found, known in (
        (contents.library_format, schema.FORMAT),
        (contents.desk_format, desk_format),
    ):
        if found > known:
            raise LibraryError(
                f"The backup {folder} was written by a newer Sourcebook (format {found}; this one "
                f"reads up to {known}). Update the app, then restore."
            )
    for file in contents.files:
        path = folder / file.name
        try:
            sound = (
                not path.is_symlink()
                and not path.parent.is_symlink()
                and path.stat().st_size == file.size
                and durable.sha256(path) == file.sha256
            )
        except OSError as error:
            raise _unfit(folder, f"{file.name} can't be read: {error.strerror}") from error
        if not sound:
            raise _unfit(folder, f"{file.name} is not as it was written")
    return contents


def _read_list(folder: Path) -> Contents:
    path = folder / LIST_NAME
    try:
        with path.open("rb") as file:
            value = json.loads(file.read(_MOST_LIST_BYTES))
    except FileNotFoundError:
        raise _no_backup(folder) from None
    except (OSError, ValueError, RecursionError) as error:
        raise _unfit(folder, f"{LIST_NAME} can't be read ({error})") from error
    try:
        if value["format"] > FORMAT:
            raise LibraryError(
                f"The backup {folder} was written by a newer Sourcebook. Update the app, then "
                "restore."
            )
        inner = value["contents"]
        if value["sha256"] != _digest(inner):
            raise _unfit(folder, f"{LIST_NAME} is not as it was written")
        files = tuple(BackupFile(**file) for file in inner["files"])
        names = [file.name for file in files]
        if not all(map(may_hold, names)) or len(set(names)) < len(names) or LIBRARY not in names:
            raise _unfit(folder, f"{LIST_NAME} names files that no backup holds")
        return Contents(**{**inner, "files": files})
    except (KeyError, TypeError) as error:
        raise _unfit(folder, f"{LIST_NAME} is not one that Sourcebook writes") from error


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _no_backup(folder: Path) -> LibraryError:
    if not folder.is_dir():
        return LibraryError(f"There is no folder {folder}. Name the folder of a backup.")
    if (folder / LIBRARY).exists():
        return LibraryError(
            f"{folder} is no backup, for it has no {LIST_NAME}: it is a plain copy of a library, "
            "or a backup that was not finished. Use a plain copy as it is with --home (`doctor` "
            "examines it), or make a backup of it with `--home COPY backup DIR` and restore that."
        )
    return LibraryError(
        f"{folder} is no backup, or one that was not finished: it has no {LIST_NAME}. Nothing was "
        "changed. Name a folder that `backup` has written."
    )


def _unfit(folder: Path, why: str) -> LibraryError:
    return LibraryError(
        f"The backup {folder} is damaged: {why}. Nothing was changed. Restore another backup, or "
        "copy this one again from where it came."
    )
