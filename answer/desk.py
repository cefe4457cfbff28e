"""desk.db: the user's own work — saved answers and settings of this library.

Takes and gives the records of `core.records`. Never rebuilt, so every write is
one short transaction, synced to disk before it is acknowledged. One Desk per
thread or request. Conversations and exports are not kept here yet.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from core.errors import LibraryError
from core.records import Answer, Citation, Claim, Filters, NearHit, Timings
from core.settings import Settings

FORMAT = 1  # of the file, in SQLite's user_version

SCHEMA = """
CREATE TABLE answers (
    answer_id TEXT PRIMARY KEY,
    created   TEXT NOT NULL,  -- ISO 8601, UTC
    question  TEXT NOT NULL,
    record    TEXT NOT NULL   -- the whole Answer, JSON
) STRICT;
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""


class Desk:
    """An open desk.db. Errors of SQLite come as LibraryError, named after the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._named_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=10, isolation_level=None)
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def __enter__(self) -> Desk:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def setting(self, key: str) -> str | None:
        row = self._row("SELECT value FROM settings WHERE key = ?", key)
        return None if row is None else str(row[0])

    def set_setting(self, key: str, value: str) -> None:
        self._write("INSERT OR REPLACE INTO settings VALUES (?, ?)", key, value)

    def save_answer(self, answer: Answer) -> None:
        """Keep an answer; one with the same id is replaced."""
        self._write(
            "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)",
            answer.answer_id,
            answer.created,
            answer.question,
            json.dumps(answer_to_dict(answer)),
        )

    def answer(self, answer_id: str) -> Answer | None:
        row = self._row("SELECT record FROM answers WHERE answer_id = ?", answer_id)
        return None if row is None else answer_from_dict(json.loads(row[0]))

    def answers(self) -> list[tuple[str, str, str]]:
        """(answer_id, created, question), the newest first."""
        query = "SELECT answer_id, created, question FROM answers ORDER BY created DESC, rowid DESC"
        with self._named_errors():
            return [(str(a), str(b), str(c)) for a, b, c in self._connection.execute(query)]

    def _prepare(self) -> None:
        """Set the file up, or refuse one that a newer version of the app has written."""
        found = self._format()
        if found > FORMAT:
            raise LibraryError(
                f"{self.path} has format {found}, and this version of the app knows {FORMAT}. "
                "A newer version wrote it: update the app, or use another home."
            )
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        if found == FORMAT:
            return
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            if self._format() == 0:  # no other process was faster
                for statement in SCHEMA.split(";\n"):
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA user_version = {FORMAT}")
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise

    def _format(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def _row(self, query: str, *values: str) -> tuple[Any, ...] | None:
        with self._named_errors():
            row: tuple[Any, ...] | None = self._connection.execute(query, values).fetchone()
        return row

    def _write(self, statement: str, *values: str) -> None:
        with self._named_errors():
            self._connection.execute(statement, values)  # a transaction of its own

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise LibraryError(
                f"{self.path} cannot be used ({error}). Check the disk and the file's "
                "permissions; if it is damaged, put back a backup."
            ) from error


def open_desk(settings: Settings) -> Desk:
    """The library's desk, created where it does not exist. Close it, or use `with`."""
    return Desk(settings.desk_path)


def answer_to_dict(answer: Answer) -> dict[str, Any]:
    """Plain values for JSON; `answer_from_dict` gives back an equal Answer."""
    return asdict(answer)


def answer_from_dict(record: dict[str, Any]) -> Answer:
    return Answer(
        **{
            **record,
            "filters": Filters(**record["filters"]),
            "claims": tuple(
                Claim(**{**claim, "citations": tuple(claim["citations"])})
                for claim in record["claims"]
            ),
            "citations": tuple(Citation(**citation) for citation in record["citations"]),
            "nearest": tuple(
                NearHit(**{**hit, "also_in": tuple(hit["also_in"])}) for hit in record["nearest"]
            ),
            "timings": Timings(**record["timings"]),
            "notes": tuple(record["notes"]),
            "shortfalls": tuple(record.get("shortfalls", ())),
        }
    )
