"""A backup → the library in a home, put in place so that an interruption loses nothing.

All is verified and copied into the home first; what stands there is set aside, whole, in a
folder of its own that `--home` opens; only then each file takes its place in one rename,
library.db last but for what is cleared away. Until that rename the old library is there, from
then on the new one, and a restore that was cut short is simply run again. Leaves models,
secrets and logs alone.
"""

from __future__ import annotations

import os
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
from index.keeping import backup_files, moved, presence
from index.keeping.backup_files import DESK, LIBRARY, NAME, Contents
from index.store import open_library

STAGED = "restoring"  # in the home: the copied files before they take their places
SET_ASIDE = "replaced-"  # in the home, with the time: what stood there
UNFINISHED = ".unfinished"
MAGIC = b"SQLite format 3\0"
# SQLite's own files beside a database that was not closed; they belong to the old one.
BESIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Restored:
    contents: Contents
    set_aside: Path | None  # where what stood in the home is now


def restore(settings: Settings, folder: Path, desk_format: int) -> Restored:
    """Put the backup in this home in place of what stands there, which is kept.

    Raises LibraryError where the backup is none, damaged or too new, where the home is in use,
    or where the disk fails or is full; InputError where the backup lies where it would go.
    `desk_format`: the newest format of desk.db that the app knows.
    """
    from filelock import FileLock, Timeout

    home = settings.home
    if home.resolve() == folder.resolve():
        raise InputError(f"{folder} is the library's own folder. Name another one with --home.")
    contents = backup_files.verify(folder, desk_format)
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(home / "library.lock").acquire(timeout=1):
            _refuse_if_open(home)
            _clear_unfinished(home)
            try:
                _stage(folder, home / STAGED, contents)
                _settle(home, contents)
                _refuse_if_open(home)
                set_aside = _set_aside(home)
                _put_in_place(home, contents)
            finally:
                _clear_unfinished(home)
    except Timeout:
        raise _in_use(home) from None
    except OSError as error:
        raise LibraryError(
            f"The backup could not be put in {home}: {error}. Nothing that stood there is lost: "
            f"it is in its place, or in the newest {SET_ASIDE}… folder there. Free space, allow "
            "the app to write, and run the restore again."
        ) from error
    return Restored(contents, set_aside)


def _refuse_if_open(home: Path) -> None:
    """Raise LibraryError where another process has this library or a database of it open.

    Closing the only connection also folds what SQLite keeps beside the file into it.
    """
    if presence.others(home):
        raise _in_use(home)
    for name in (LIBRARY, DESK):
        if not _is_database(home / name):
            continue  # damaged or missing: SQLite would throw away what lies beside it
        with closing(sqlite3.connect(home / name, timeout=0.5, isolation_level=None)) as alone:
            try:
                # In this mode SQLite lets nobody else have the file open, readers included.
                alone.execute("PRAGMA locking_mode = EXCLUSIVE")
                alone.execute("BEGIN EXCLUSIVE")
                alone.execute("COMMIT")
            except sqlite3.OperationalError as error:
                if "locked" in str(error):
                    raise _in_use(home) from error
            except sqlite3.DatabaseError:
                pass  # damaged: a good reason to restore


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except FileNotFoundError:
        return False


def _stage(folder: Path, staged: Path, contents: Contents) -> None:
    """Every file, copied into the home's own disk and read again."""
    (staged / "uploads").mkdir(parents=True)
    for file in contents.files:
        durable.copy(folder / file.name, staged, file.name)
        if durable.sha256(staged / file.name) != file.sha256:
            raise OSError(f"{file.name} changed while it was copied")
    durable.flush_folder(staged / "uploads")
    durable.flush_folder(staged)


def _settle(home: Path, contents: Contents) -> None:
    """The copies name only what comes with them, and dropped files by where they will lie."""
    staged = home / STAGED
    names = [file.name for file in contents.files]
    uploads = str(Path(contents.home) / "uploads"), str(home / "uploads")
    try:
        open_library(Settings(home=staged)).close()  # brings up what an older app wrote
        move = moved.settle(
            staged / LIBRARY, uploads, frozenset(one for one in names if one.startswith("vectors-"))
        )
        if DESK in names:
            moved.settle_desk(staged / DESK, move)
    except (sqlite3.Error, ValueError) as error:
        raise LibraryError(
            f"The backup of {contents.home} can't be put in {home}: {error}. Nothing was changed. "
            "Restore it into a --home of its old name, or restore another backup."
        ) from error
    for name in (LIBRARY, DESK):
        if name in names:
            durable.flush(staged / name)


def _set_aside(home: Path) -> Path | None:
    """All that will be replaced, in a folder of its own; None for nothing. Files that never
    change get a second name, all others are copied: who goes on with the library after a
    restore that failed must not change what was kept of it."""
    present = list(_present(home))
    if not present:
        return None
    name = SET_ASIDE + datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    unfinished = home / (name + UNFINISHED)
    (unfinished / "uploads").mkdir(parents=True)
    for path in present:
        target = unfinished / path.relative_to(home)
        if not (path.name.startswith("vectors-") or path.parent != home) or not _linked(
            path, target
        ):
            durable.copy(path, target.parent, target.name)
    durable.flush_folder(unfinished / "uploads")
    durable.flush_folder(unfinished)
    return durable.put_in_place(unfinished, name)


def _linked(path: Path, target: Path) -> bool:
    try:
        os.link(path, target)
    except OSError:  # a file system without links
        return False
    return True


def _present(home: Path) -> Iterator[Path]:
    names = [
        *(name + beside for name in (LIBRARY, DESK) for beside in ("", *BESIDE)),
        NAME,
    ]
    for path in (*(home / name for name in names), *home.glob("vectors-*.faiss")):
        if path.is_file():
            yield path
    for path in (home / "uploads").glob("*"):
        if path.is_file():
            yield path


def _put_in_place(home: Path, contents: Contents) -> None:
    """The vector files and uploads first, which the old library knows nothing of; then the
    databases, each in one rename; then what only the old library had goes."""
    staged = home / STAGED
    (home / "uploads").mkdir(exist_ok=True)
    names = {file.name for file in contents.files}
    databases = [name for name in (DESK, LIBRARY) if name in names]
    for name in sorted(names.difference(databases, {NAME})):
        (staged / name).replace(home / name)
    durable.flush_folder(home / "uploads")
    if NAME in names and not (home / NAME).exists():  # a library that has a name keeps it
        (staged / NAME).replace(home / NAME)
    for name in databases:
        for beside in BESIDE:  # else SQLite would mix the old one's last pages into the new one
            (home / (name + beside)).unlink(missing_ok=True)
        durable.flush_folder(home)
        (staged / name).replace(home / name)
        durable.flush_folder(home)
    for path in list(_present(home)):
        if path.relative_to(home).as_posix() not in names and path.name != NAME:
            path.unlink()
    durable.flush_folder(home)


def _clear_unfinished(home: Path) -> None:
    """What a restore that was cut short has left; all of it is copies and second names."""
    for path in (home / STAGED, *home.glob(f"{SET_ASIDE}*{UNFINISHED}")):
        if path.is_dir():
            shutil.rmtree(path)


def _in_use(home: Path) -> LibraryError:
    return LibraryError(
        f"The library {home} is in use: the app or an indexing job has it open. Close the app, "
        "wait until the job has ended, and restore again; or restore into another --home."
    )
