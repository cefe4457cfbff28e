"""What the hashes of library.db's rows cover, and the SQL that makes and checks them.

Takes a row's values, gives its hash; SQLite itself notices little damage. Articles, passages
and vectors are hashed by who writes them, before they are stored; the rows of `KEPT` by
triggers, so that no statement can forget to. Reads and writes nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

# Of these the hash covers all that is stored but the hash itself, and an article's story, which
# is found later and has a hash of its own.
ARTICLE = (
    *("article_id", "path", "ordinal", "title", "outlet", "author", "published", "url"),
    *("language", "text", "spans"),
)
PASSAGE = ("article_id", "start", "end", "text", "embedded_sha256")
STORY = ("article_id", "story_id")
# What they covered up to format 3.
ARTICLE_BEFORE = tuple(name for name in ARTICLE if name not in ("ordinal", "language"))
PASSAGE_BEFORE = PASSAGE[:-1]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose rows get their hashes from triggers. `key`: the column that names a row."""

    key: str
    columns: tuple[str, ...]


KEPT = {
    "roots": Table("path", ("path", "is_folder", "state", "exclude", "ocr")),
    "excluded": Table("path", ("path",)),
    "files": Table(
        "path",
        (
            *("path", "root", "size", "mtime_ns", "sha256", "encoding", "kind", "status"),
            *("reason", "source_sha256", "removed", "page_starts", "unfit", "rules"),
            *("ctime_ns", "device"),
        ),
    ),
    "signatures": Table("article_id", ("article_id", "signature")),
    "generations": Table(
        "generation",
        (
            *("generation", "encoder_key", "file_name", "file_sha256", "covered_id"),
            *("passages", "deleted", "scale", "file_state", "verified"),
        ),
    ),
    "jobs": Table(
        "job_id",
        (
            *("job_id", "action", "state", "files_done", "files_total", "passages_done"),
            *("passages_total", "started", "updated", "message", "request", "asked"),
        ),
    ),
    "queue": Table("place", ("place", "request")),
}


def row_sha256(*values: object) -> str:
    """A hash over a row's values, to notice damage that SQLite does not."""
    digest = hashlib.sha256()
    for value in values:
        data = value if isinstance(value, bytes) else repr(value).encode()
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()


def of_stored(*values: object) -> str:
    """`row_sha256` as SQL's function `row_hash`, which gets text as bytes: damaged text may be
    no UTF-8, and SQLite could not hand it over."""
    return row_sha256(
        *(one.decode("utf-8", "surrogateescape") if isinstance(one, bytes) else one
          for one in values)
    )  # fmt: skip


def expression(columns: tuple[str, ...], row: str = "") -> str:
    """SQL that hashes a row. `row`: "old." or "new." in a trigger."""
    parts = (
        f'CASE typeof({row}"{name}") WHEN \'text\' THEN CAST({row}"{name}" AS BLOB)'
        f' ELSE {row}"{name}" END'
        for name in columns
    )
    return f"row_hash({', '.join(parts)})"


def fits(columns: tuple[str, ...]) -> str:
    """SQL that is true of a row that has its hash. Costs tens of microseconds a row."""
    return f"row_sha256 = {expression(columns)}"


def triggers() -> str:
    """Statements that keep the hashes of `KEPT`. A row that doesn't fit its hash never gets
    one that fits by being changed: its damage would be hidden."""
    return "".join(_triggers(name, table) for name, table in KEPT.items())


def fill() -> str:
    """Statements that give every row of `KEPT` its hash, before there are triggers."""
    return "".join(
        f"UPDATE {name} SET row_sha256 = {expression(table.columns)};\n"
        for name, table in KEPT.items()
    )


def rehash(table: str, before: tuple[str, ...], now: tuple[str, ...]) -> str:
    """A statement that hashes more of a table's rows; damaged rows stay damaged."""
    return (
        f"UPDATE {table} SET row_sha256 = {expression(now)}"
        f" WHERE row_sha256 = {expression(before)};\n"
    )


def _triggers(name: str, table: Table) -> str:
    columns = ", ".join(f'"{column}"' for column in table.columns)
    old, new = (expression(table.columns, row) for row in ("old.", "new."))
    where = f"WHERE {table.key} = new.{table.key}"
    return f"""
CREATE TRIGGER {name}_insert AFTER INSERT ON {name} BEGIN
    UPDATE {name} SET row_sha256 = {new} {where}; END;
CREATE TRIGGER {name}_update AFTER UPDATE OF {columns} ON {name} BEGIN
    UPDATE {name} SET row_sha256 = CASE old.row_sha256 WHEN {old} THEN {new} ELSE 'damaged' END
    {where}; END;
"""
