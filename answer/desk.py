"""desk.db: the user's own work — saved answers, conversations and settings of this library.

Takes and gives the records of `core.records`. Never rebuilt, so every write is
one short transaction, synced to disk before it is acknowledged. One Desk per
thread or request. Doesn't look at the sources: `answer/standing.py` does.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from core.errors import LibraryError
from core.records import Answer, AnswerStatus, Citation, Claim, Filters, NearHit, Timings
from core.settings import Settings
from index import durable

FORMAT = 2  # of the file, in SQLite's user_version
CONVERSATION_LIMIT = 50  # earlier questions that are looked up for one answer

log = logging.getLogger(__name__)

# follows: the answer_id of the question before it in a conversation, or NULL;
# words: question and claims, case folded, for finding an answer again
ANSWERS = """CREATE TABLE answers (
    answer_id TEXT PRIMARY KEY, created TEXT NOT NULL, question TEXT NOT NULL,
    status TEXT NOT NULL, model TEXT, follows TEXT, words TEXT NOT NULL, record TEXT NOT NULL
) STRICT"""
SETTINGS = "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT"


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """An answer as the list of saved ones shows it."""

    answer_id: str
    created: str  # ISO 8601, UTC
    question: str  # the whole one, where it is a follow-up
    status: AnswerStatus
    model: str | None
    follows: str | None = None


class Desk:
    """An open desk.db. Errors of SQLite come as LibraryError, named after the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._named_errors():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=10, isolation_level=None)
            try:
                self._prepare_or_read()
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
            "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?)", *_values(answer)
        )

    def answer(self, answer_id: str) -> Answer | None:
        row = self._row("SELECT record FROM answers WHERE answer_id = ?", answer_id)
        with self._named_errors():
            return None if row is None else answer_from_dict(json.loads(row[0]))

    def delete_answer(self, answer_id: str) -> bool:
        """Forget an answer; False where there is none. `save_answer` brings it back."""
        return self._write("DELETE FROM answers WHERE answer_id = ?", answer_id) > 0

    def answers(self, words: str = "") -> list[SavedAnswer]:
        """The newest first; with `words`, those whose question or claims have all of them."""
        wanted = words.casefold().split()
        where = " AND ".join(["instr(words, ?) > 0"] * len(wanted)) or "1"
        query = (
            "SELECT answer_id, created, question, status, model, follows FROM answers"
            f" WHERE {where} ORDER BY created DESC, rowid DESC"
        )
        with self._named_errors():
            return [SavedAnswer(*row) for row in self._connection.execute(query, wanted)]

    def conversation(self, answer_id: str) -> list[Answer]:
        """The answer and those it follows, the first one first; empty where it is unknown."""
        found: list[Answer] = []
        seen: set[str] = set()
        following: str | None = answer_id
        while following and following not in seen and len(found) < CONVERSATION_LIMIT:
            seen.add(following)
            answer = self.answer(following)
            if answer is None:
                break
            found.append(answer)
            following = answer.follows
        return found[::-1]

    def _prepare_or_read(self) -> None:
        """Ready for use; for reading alone where the disk is full or can't be written."""
        try:
            self._prepare()
        except sqlite3.OperationalError as error:
            readable = durable.read_instead(self.path, error)
            self._connection.close()
            self._connection = readable

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
            self._bring_up(self._format())  # another process may have been faster
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise

    def _bring_up(self, found: int) -> None:
        """A new file's tables, or those of format 1 rewritten with what format 2 adds."""
        execute = self._connection.execute
        if found == 0:
            execute(ANSWERS)
            execute(SETTINGS)
        elif found == 1:
            self._back_up(found)
            rows = execute("SELECT record FROM answers ORDER BY rowid").fetchall()
            execute("DROP TABLE answers")
            execute(ANSWERS)
            for (record,) in rows:
                values = _values(answer_from_dict(json.loads(record)))
                execute("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
        execute(f"PRAGMA user_version = {FORMAT}")

    def _back_up(self, older: int) -> None:
        """desk-format-1.db beside the file: what it was before it is changed.

        Read through a connection of its own: ours holds the write lock.
        """
        path = self.path.with_name(f"{self.path.stem}-format-{older}.db")
        with closing(sqlite3.connect(self.path)) as now, closing(sqlite3.connect(path)) as copy:
            now.backup(copy)

    def _format(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def _row(self, query: str, *values: str) -> tuple[Any, ...] | None:
        with self._named_errors():
            row: tuple[Any, ...] | None = self._connection.execute(query, values).fetchone()
        return row

    def _write(self, statement: str, *values: str | None) -> int:
        """How many rows were changed."""
        with self._named_errors():
            # A transaction of its own
            return self._connection.execute(statement, values).rowcount

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, ValueError, TypeError, KeyError) as error:
            # The last three: a stored record that is none.
            name = getattr(error, "sqlite_errorname", "")
            can_only_read = name.startswith("SQLITE_READONLY")
            why = "its disk is full, or may not be written" if can_only_read else error
            raise LibraryError(
                f"{self.path} cannot be used ({why}). Check the disk and the file's "
                "permissions; if it is damaged, put back a backup."
            ) from error


def open_desk(settings: Settings) -> Desk:
    """The library's desk, created where it does not exist. Close it, or use `with`."""
    return Desk(settings.desk_path)


def saved(settings: Settings, answer: Answer) -> Answer:
    """The answer once it is kept; where that fails, as on a full disk, with a note that says so:
    it was made all the same."""
    try:
        with open_desk(settings) as opened:
            opened.save_answer(answer)
    except LibraryError as error:
        log.warning("An answer was not saved", exc_info=True)
        return replace(answer, notes=(*answer.notes, f"This answer is not saved: {error}"))
    return answer


def _values(answer: Answer) -> tuple[str | None, ...]:
    asked = (answer.question, answer.resolved_question)
    words = "\n".join([*asked, *(claim.text for claim in answer.claims)]).casefold()
    return (
        answer.answer_id,
        answer.created,
        answer.resolved_question if answer.follows else answer.question,
        answer.status,
        answer.model,
        answer.follows,
        words,
        json.dumps(answer_to_dict(answer)),
    )


def answer_to_dict(answer: Answer) -> dict[str, Any]:
    """Plain values for JSON; `answer_from_dict` gives back an equal Answer."""
    return asdict(answer)


def answer_from_dict(record: dict[str, Any]) -> Answer:
    """An answer of this or an older version: what a record lacks has its default."""
    made = _tuples(record)
    made["filters"] = Filters(**_tuples(record["filters"]))
    made["claims"] = tuple(
        Claim(**{**claim, "citations": tuple(claim["citations"])}) for claim in record["claims"]
    )
    made["citations"] = tuple(Citation(**citation) for citation in record["citations"])
    made["nearest"] = tuple(
        NearHit(**{**hit, "also_in": tuple(hit["also_in"])}) for hit in record["nearest"]
    )
    made["timings"] = Timings(**record["timings"])
    return Answer(**made)


def _tuples(record: dict[str, Any]) -> dict[str, Any]:
    """JSON knows lists alone."""
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in record.items()
    }
