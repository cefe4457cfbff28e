"""Files that are whole or not there, and what tells whether one has changed.

Knows nothing of what is in them.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from core import shortage

COPY_BYTES = 1024 * 1024  # read at once
_CANT_WRITE = (
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
)


def write(
    folder: Path, temporary_name: str, produce: Callable[[Callable[[bytes], object]], object]
) -> tuple[Path, str]:
    """(path of the temporary file, SHA-256), on disk for good; `produce` is given what takes
    its bytes. Rename it with `put_in_place`."""
    path = folder / temporary_name
    digest = hashlib.sha256()
    with path.open("wb") as file:

        def put(data: bytes) -> None:
            digest.update(data)
            file.write(data)

        produce(put)
        file.flush()
        os.fsync(file.fileno())
    return path, digest.hexdigest()


def put_in_place(temporary: Path, name: str) -> Path:
    """Rename it, and have the folder remember that."""
    path = temporary.replace(temporary.with_name(name))
    flush_folder(path.parent)
    return path


def flush_folder(path: Path) -> None:
    """Have the folder's names on disk for good."""
    if hasattr(os, "O_DIRECTORY"):  # Windows can't open a folder to flush it
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def flush(path: Path) -> None:
    """Have a file that others have written on disk for good."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def copy(source: Path, folder: Path, name: str) -> str:
    """SHA-256 of the bytes, copied to `name` in the folder and on disk for good."""
    with source.open("rb") as file:

        def pass_on(put: Callable[[bytes], object]) -> None:
            while block := file.read(COPY_BYTES):
                put(block)

        return write(folder, name, pass_on)[1]


def sha256(path: Path) -> str:
    """Raises OSError where it can't be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def state(path: Path) -> str:
    """Size, times and inode; "" where there is no file."""
    try:
        found = path.stat()
    except OSError:
        return ""
    return f"{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}:{found.st_ino}"


def size(state: str) -> int:
    """Of the file with this state, in bytes."""
    return int(state.partition(":")[0] or 0)


def read_instead(database: Path, error: sqlite3.OperationalError) -> sqlite3.Connection:
    """The database opened for reading alone, where `error` says that the disk is full to the last
    byte or can't be written: SQLite then can't make the small file by which readers and writers
    agree. Raises `error` where it says something else, as where no more files can be opened; and
    where some of the database still stands in the log beside it, which can't be read without that
    file, unless nobody at all can write there."""
    log = database.with_name(database.name + "-wal")
    primary = (error.sqlite_errorcode or 0) & 0xFF
    if primary not in _CANT_WRITE or shortage.files_are_short() or not size(state(database)):
        raise error
    address = f"{database.absolute().as_uri()}?mode=ro"
    if not size(state(log)):
        return sqlite3.connect(f"{address}&immutable=1", isolation_level=None, uri=True)
    if not _is_on_read_only_disk(database):
        raise error
    # Without locks, and with what processes agree by in this one's memory, the log is read too.
    connection = sqlite3.connect(f"{address}&vfs=unix-none", isolation_level=None, uri=True)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    return connection


def _is_on_read_only_disk(path: Path) -> bool:
    """Whether the file system lets nobody write. Not known on Windows."""
    return hasattr(os, "statvfs") and bool(os.statvfs(path).f_flag & os.ST_RDONLY)
