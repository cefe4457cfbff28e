"""Makes the full-text index again from the passages, however damaged it is.

Takes what `doctor.py` finds of it. Works under the writer's lock, which the caller holds.
"""

from __future__ import annotations

import sqlite3

from index import schema
from index.finding import keyword
from index.keeping.findings import Finding, Problem
from index.store import Library


def mend(library: Library, found: list[Finding]) -> list[Problem]:
    """Build the index again from the passages; what was said of each finding."""
    if not found:
        return []
    try:
        with library.transaction():
            library.connection.execute("DROP TABLE IF EXISTS passages_fts")
            fill_full_text(library)
    except sqlite3.DatabaseError:
        # Too damaged for FTS5 to let go of it: its tables go one by one.
        with library.transaction():
            _drop_by_force(library)
            fill_full_text(library)
    how = "it was built again from the passages"
    return [Problem(f"{one.what}: {how}", one.path, True) for one in found]


def fill_full_text(library: Library) -> None:
    """Make the full-text index, which must not be there, from the passages. Call inside
    `library.transaction()`."""
    create = next(part for part in schema.TABLES.split(";") if "VIRTUAL TABLE passages_fts" in part)
    library.connection.execute(create)
    rows = library.connection.execute(
        "SELECT passage_id, title, passages.text FROM passages JOIN articles USING (article_id)"
        " ORDER BY passage_id"
    )
    library.connection.executemany(
        "INSERT INTO passages_fts (rowid, title, text) VALUES (?, ?, ?)",
        ((one, _words(title), _words(text)) for one, title, text in rows),
    )


def _words(text: str) -> str:
    """For FTS5; what is no UTF-8 in a damaged row, mended later, would not go in."""
    return keyword.segmented(text.encode(errors="replace").decode())


def _drop_by_force(library: Library) -> None:
    execute = library.connection.execute
    execute("PRAGMA writable_schema = ON")
    try:
        execute("DELETE FROM sqlite_schema WHERE name = 'passages_fts'")
        for part in ("data", "idx", "content", "docsize", "config"):
            execute(f"DROP TABLE IF EXISTS passages_fts_{part}")
    finally:
        execute("PRAGMA writable_schema = RESET")  # the schema is read anew
