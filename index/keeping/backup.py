"""A library → a folder that holds a consistent, verified copy of it, while indexing goes on.

SQLite's backup API copies library.db as it stood at one moment, with the vector files that it
names then; desk.db, the uploads and the library's name come along. Models, secrets, logs and
locks don't. The folder is written under another name and gets its own when all is verified, so
a backup that was cut short is never taken for one. Changes nothing in the library.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.errors import InputError, LibraryError
from core.settings import Settings
from index import durable
from index.keeping import backup_files, doctor, moved
from index.keeping.backup_files import DESK, LIBRARY, LIST_NAME, NAME, BackupFile, Contents
from index.store import Library, open_library

# Between two steps of a copy a key press is heard; the snapshot keeps it of one moment.
PAGES_AT_ONCE = 4096
# A publication may remove a vector file before it is copied; the next moment's is taken then.
ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Backup:
    folder: Path
    contents: Contents
    notes: tuple[str, ...]  # what the library itself lacks or has damaged


def back_up(settings: Settings, folder: Path, desk_format: int) -> Backup:
    """Write a backup to `folder`, which must not exist or be empty.

    Raises InputError for a folder that can't be used, LibraryError where there is no library,
    its database is damaged, or the disk fails or is full: then nothing stays at `folder`.
    `desk_format`: the newest format of desk.db that the app knows.
    """
    from filelock import FileLock, Timeout

    _check(settings, folder)
    mark = hashlib.sha256(str(settings.home).encode()).hexdigest()[:8]
    unfinished = folder.with_name(f".{folder.name}.unfinished-{mark}")
    try:
        with FileLock(settings.home / "backup.lock").acquire(timeout=0):
            try:
                _remove(unfinished)  # of a backup that was killed
                unfinished.mkdir(mode=0o700, parents=True)
                notes = _fill(settings, unfinished)
                contents = backup_files.verify(unfinished, desk_format)
                if folder.exists():
                    folder.rmdir()  # it is empty, or was filled meanwhile and this fails
                durable.put_in_place(unfinished, folder.name)
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
    except Timeout:
        raise LibraryError(f"Another backup of {settings.home} is being written. Wait.") from None
    except (OSError, sqlite3.Error) as error:
        raise LibraryError(
            f"The backup {folder} could not be written: {error}. Nothing of it was left. Free "
            "space there, or name another folder, and try again."
        ) from error
    return Backup(folder, contents, notes)


def copy_database(source: Path, target: Path) -> None:
    """As it stands now, in one file. Raises sqlite3.Error."""
    with closing(sqlite3.connect(source)) as now:
        _copy(now, target)


def _check(settings: Settings, folder: Path) -> None:
    if not settings.library_path.exists():
        raise LibraryError(f"There is no library in {settings.home}. Name one with --home.")
    home = settings.home.resolve()
    if folder.resolve() == home or home in folder.resolve().parents:
        raise InputError(f"{folder} lies in the library itself. Name a folder outside it.")
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise InputError(f"{folder} is no folder. Name a new one.")
    if folder.is_dir() and any(folder.iterdir()):
        raise InputError(f"{folder} is not empty. Name a new folder for each backup.")


def _fill(settings: Settings, unfinished: Path) -> tuple[str, ...]:
    with open_library(settings) as library:
        missing = _copy_library(library, unfinished)
    _settle(unfinished)
    copied = Settings(home=unfinished)
    desk_format = 0
    if settings.desk_path.exists():
        copy_database(settings.desk_path, unfinished / DESK)
        desk_format = _examine_desk(unfinished / DESK)
    with open_library(copied) as library:
        (library_format,) = library.connection.execute("PRAGMA user_version").fetchone()
        problems = doctor.examine(library, None).problems
    broken = [problem.what for problem in problems if problem.what.startswith(LIBRARY)]
    if broken:
        raise LibraryError(
            f"The library {settings.library_path} is damaged ({broken[0]}), so no backup was "
            "made. Run `doctor`, or restore an earlier backup."
        )
    _copy_others(settings, unfinished)
    if (unfinished / "uploads").is_dir():
        durable.flush_folder(unfinished / "uploads")
    created = datetime.now(UTC).isoformat(timespec="seconds")
    files = tuple(_listed(unfinished))
    home = str(settings.home)
    backup_files.write_list(unfinished, Contents(created, home, library_format, desk_format, files))
    lacking = [
        f"{name} is missing or damaged in the library; the next `sync` builds it anew."
        for name in missing
    ]
    return (*lacking, *(f"{one.what} {one.path}".strip() for one in problems))


def _copy_library(library: Library, unfinished: Path) -> list[str]:
    """library.db and the vector files it names; the names of those that are not to be had."""
    for attempt in range(ATTEMPTS):
        with library.snapshot():
            rows = library.connection.execute(
                "SELECT file_name, file_sha256 FROM generations WHERE generation IN (SELECT"
                " max(generation) FROM generations WHERE file_name GLOB 'vectors-*'"
                " GROUP BY encoder_key)"
            ).fetchall()
            missing = [name for name, sha256 in rows if not _has(library, unfinished, name, sha256)]
            if not missing or attempt == ATTEMPTS - 1:
                _copy(library.connection, unfinished / LIBRARY)
                break
    named = {name for name, _ in rows}
    for path in unfinished.glob("vectors-*"):
        if path.name not in named:  # of an earlier attempt
            path.unlink()
    return missing


def _settle(unfinished: Path) -> None:
    """The copy names the vector files that it holds and no others: the older of two is for
    searches that had begun, and what a server has stays with the library it was copied from."""
    here = frozenset(path.name for path in unfinished.glob("vectors-*"))
    moved.settle(unfinished / LIBRARY, ("", ""), here)


def _has(library: Library, unfinished: Path, name: str, sha256: str) -> bool:
    """Whether the vector file is in the backup, whole."""
    if not backup_files.may_hold(name):
        return False
    if (unfinished / name).exists():
        return True
    try:
        copied = durable.copy(library.settings.home / name, unfinished, name)
    except FileNotFoundError:
        return False
    if copied != sha256:
        (unfinished / name).unlink()
    return copied == sha256


def _copy(connection: sqlite3.Connection, target: Path) -> None:
    with closing(sqlite3.connect(target)) as copy:
        connection.backup(copy, pages=PAGES_AT_ONCE)


def _examine_desk(path: Path) -> int:
    """Its format. Raises sqlite3.DatabaseError where it is damaged."""
    with closing(sqlite3.connect(path)) as desk:
        ((found,), *_) = desk.execute("PRAGMA integrity_check").fetchall()
        if found != "ok":
            raise sqlite3.DatabaseError(f"desk.db is damaged ({found})")
        (version,) = desk.execute("PRAGMA user_version").fetchone()
    return int(version)


def _copy_others(settings: Settings, unfinished: Path) -> None:
    for path in (settings.home / NAME, *sorted(settings.uploads_path.glob("*"))):
        name = path.relative_to(settings.home).as_posix()
        if path.is_symlink() or not path.is_file() or not backup_files.may_hold(name):
            continue
        (unfinished / name).parent.mkdir(exist_ok=True)
        try:
            durable.copy(path, unfinished, name)
        except FileNotFoundError:
            pass  # dropped meanwhile


def _listed(unfinished: Path) -> Iterator[BackupFile]:
    for path in sorted(unfinished.rglob("*")):
        name = path.relative_to(unfinished).as_posix()
        if path.is_file() and name != LIST_NAME:
            yield BackupFile(name, path.stat().st_size, durable.sha256(path))


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
