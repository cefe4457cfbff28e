"""library.db, opened: its connection ready for use, its format brought up to today's.

Takes a path; gives a connection and whether it is for reading alone. Creates the tables of a new
file, and leaves a copy beside an older one before it is changed. Reads no row: store.py does.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from core import shortage
from core.errors import LibraryError
from index import durable, row_hashes, schema


class DamagedError(LibraryError):
    """library.db is no database any more, or its tables are not there."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"The library {path} is damaged and can't be opened ({why}). `doctor --repair` saves "
            "what can be read and keeps the damaged file; or put back a backup of this folder."
        )


def opened(path: Path) -> tuple[sqlite3.Connection, bool]:
    """(connection, whether it can only be read: the disk is full or can't be written).

    Raises DamagedError, and LibraryError where the file can't be used for another reason.
    """
    try:
        connection = sqlite3.connect(path, isolation_level=None)
    except sqlite3.Error as error:
        why = shortage.told(error) or (
            f"{error}. Allow the app to read and write there, or name another folder with --home."
        )
        raise LibraryError(f"The library {path} can't be opened: {why}") from error
    try:
        return _ready(connection, path)
    except BaseException as error:
        connection.close()
        if isinstance(error, (sqlite3.OperationalError, MemoryError)):
            why = shortage.told(error) or (
                f"{error}. If the disk is full or busy, try again when it is not; else put back a "
                "backup, or name another --home."
            )
            raise LibraryError(f"The library {path} can't be opened: {why}") from error
        # In a damaged file SQLite's own words may be damaged too.
        if isinstance(error, (sqlite3.Error, UnicodeError, ValueError, TypeError)):
            raise DamagedError(path, str(error)) from error
        raise


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """One atomic write; on an error nothing of it stays."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk has rolled back already
            connection.execute("ROLLBACK")
        raise


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """One read transaction; inside another one, that one."""
    is_inner = connection.in_transaction
    if not is_inner:
        connection.execute("BEGIN")
    try:
        yield
    finally:
        # A failing disk has rolled back already.
        if not is_inner and connection.in_transaction:
            connection.execute("COMMIT")


def back_up(connection: sqlite3.Connection, path: Path, older: int) -> None:
    """library-format-1.db beside the library: what it was before it is changed."""
    kept = path.with_name(f"library-format-{older}.db")
    new = kept.with_name(f"{kept.name}.{os.getpid()}.tmp")
    with closing(sqlite3.connect(new)) as copy:
        connection.backup(copy)
        is_older = copy.execute("PRAGMA user_version").fetchone() == (older,)
    if is_older:
        new.replace(kept)
    else:  # another process has brought the library up meanwhile, and kept the copy
        new.unlink()


def _ready(connection: sqlite3.Connection, path: Path) -> tuple[sqlite3.Connection, bool]:
    try:
        _prepare(connection, path)
    except sqlite3.OperationalError as error:
        readable = durable.read_instead(path, error)
        connection.close()
        try:
            _prepare(readable, path)
        except BaseException:
            readable.close()
            raise
        return readable, True
    return connection, False


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.text_factory = _text
    connection.create_function("casefold", 1, _casefold, deterministic=True)
    connection.create_function("row_hash", -1, row_hashes.of_stored)
    execute = connection.execute
    execute("PRAGMA busy_timeout = 10000")
    execute("PRAGMA foreign_keys = ON")
    execute("PRAGMA trusted_schema = ON")  # its triggers call `row_hash`
    execute("PRAGMA secure_delete = ON")  # what is removed is overwritten in the file
    found = _checked_format(connection, path)
    if found == 0:
        execute("PRAGMA journal_mode = WAL")
    while (older := execute("PRAGMA user_version").fetchone()[0]) < schema.FORMAT:
        _bring_up(connection, path, older)
    execute("PRAGMA synchronous = FULL")


def _checked_format(connection: sqlite3.Connection, path: Path) -> int:
    """The file's format, today's or older, with the tables that belong to it; 0 for a new one."""
    with snapshot(connection):
        (found,) = connection.execute("PRAGMA user_version").fetchone()
        there = frozenset(connection.execute(schema.DEFINITIONS).fetchall())
    lacking = schema.definitions() - there
    if not lacking and found != schema.FORMAT:
        raise DamagedError(path, "its format number has changed")
    if lacking and found == schema.FORMAT:
        names = ", ".join(sorted({name for name, _ in lacking}))
        raise DamagedError(path, f"its tables are not whole: {names}")
    if found > schema.FORMAT:
        raise LibraryError(
            f"{path} was written by a newer Sourcebook (format {found}; this one reads up to "
            f"{schema.FORMAT}). Update the app, or name another --home."
        )
    return int(found)


def _bring_up(connection: sqlite3.Connection, path: Path, older: int) -> None:
    """A new library's tables, or a format's step to the next, after a backup."""
    script = schema.MIGRATIONS[older] if older else schema.TABLES
    if older:
        back_up(connection, path, older)
    with transaction(connection):
        # Two processes may meet here: only the first one works.
        if connection.execute("PRAGMA user_version").fetchone() != (older,):
            return
        for statement in _statements(script):
            connection.execute(statement)
        reached = older + 1 if older else schema.FORMAT
        connection.execute(f"PRAGMA user_version = {reached}")


def _text(data: bytes) -> str:
    """A damaged text that is no UTF-8 is read as well: its row then doesn't fit its hash."""
    return data.decode(errors="replace")


def _casefold(text: str | None) -> str | None:
    return None if text is None else text.casefold()


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
