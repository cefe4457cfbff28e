"""A copy of a library made at home in another place: no job waits in it, no server is named,
and the dropped files that lie in it are known by where they lie now.

Takes copied databases that nobody else has open; changes only them. An article is known by
its path, so its ids change with it; vectors go by the words and stay as they are.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from index import row_hashes
from index.row_hashes import ARTICLE, KEPT, PASSAGE, row_sha256
from ingest.articles import article_id

OF_ARTICLES = ("signatures", "ungrouped", "outlet_lines", "uncut", "passages")


@dataclass(frozen=True, slots=True)
class Move:
    """`old` and `new`: folders. `ids`: articles that have another id at the new place."""

    old: str
    new: str
    ids: dict[str, str] = field(default_factory=dict)

    def path(self, path: str) -> str:
        """The path, at the new place if it lay at or under the old one."""
        rest = path.removeprefix(self.old)
        is_there = path.startswith(self.old) and (not rest or rest[0] == os.sep)
        return self.new + rest if is_there else path


def settle(library: Path, uploads: tuple[str, str], vector_files: frozenset[str]) -> Move:
    """Make a copied library.db fit its place: `uploads` is where dropped files lay and where
    they lie now, `vector_files` the names of those that are here. Raises sqlite3.Error."""
    move = Move(*uploads)
    with closing(sqlite3.connect(library, isolation_level=None)) as copy:
        copy.create_function("row_hash", -1, row_hashes.of_stored)
        copy.execute("BEGIN IMMEDIATE")
        copy.execute(
            "DELETE FROM generations WHERE file_name NOT IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(vector_files)),),
        )
        copy.execute("DELETE FROM queue")
        if move.old != move.new:
            _move(copy, move)
        copy.execute("COMMIT")
    return move


def settle_desk(desk: Path, move: Move) -> None:
    """The same in the user's saved answers, which name files and articles. Raises
    sqlite3.Error."""
    if move.old == move.new:
        return
    with closing(sqlite3.connect(desk, isolation_level=None)) as copy:
        copy.execute("BEGIN IMMEDIATE")
        for key, stored in copy.execute("SELECT answer_id, record FROM answers").fetchall():
            record = json.dumps(_moved(json.loads(stored), move), ensure_ascii=False)
            if record != json.dumps(json.loads(stored), ensure_ascii=False):
                copy.execute("UPDATE answers SET record = ? WHERE answer_id = ?", (record, key))
        copy.execute("COMMIT")


def _move(copy: sqlite3.Connection, move: Move) -> None:
    for table, columns in (("roots", ("path",)), ("excluded", ("path",)),
                           ("files", ("path", "root"))):  # fmt: skip
        for column in columns:
            key = KEPT[table].key
            for name, stored in copy.execute(f"SELECT {key}, {column} FROM {table}").fetchall():
                if move.path(stored) != stored:
                    copy.execute(
                        f"UPDATE {table} SET {column} = ? WHERE {key} = ?",
                        (move.path(stored), name),
                    )
    for old_id, path, ordinal in copy.execute(
        "SELECT article_id, path, ordinal FROM articles"
    ).fetchall():
        if move.path(path) != path:
            _move_article(copy, move, old_id, move.path(path), ordinal)


def _move_article(
    copy: sqlite3.Connection, move: Move, old_id: str, path: str, ordinal: int
) -> None:
    """Only what fits its hash gets a new one."""
    new_id = move.ids[old_id] = article_id(path, ordinal)
    (digest, *values) = copy.execute(
        f"SELECT row_sha256, {', '.join(ARTICLE)} FROM articles WHERE article_id = ?", (old_id,)
    ).fetchone()
    is_sound = row_sha256(*values) == digest
    values[:2] = new_id, path
    (story_id,) = copy.execute(
        "SELECT story_id FROM articles WHERE article_id = ?", (old_id,)
    ).fetchone()
    copy.execute(
        "UPDATE articles SET article_id = ?, path = ?, row_sha256 = ?, story_sha256 = ?"
        " WHERE article_id = ?",
        (new_id, path, row_sha256(*values) if is_sound else digest, row_sha256(new_id, story_id),
         old_id),
    )  # fmt: skip
    for table in OF_ARTICLES:
        copy.execute(f"UPDATE {table} SET article_id = ? WHERE article_id = ?", (new_id, old_id))
    _hash_again(copy, "passages", PASSAGE, "passage_id", (old_id, new_id))
    _hash_again(copy, "uncut", ("article_id", "text", "spans"), "article_id", (old_id, new_id))
    _hash_again(copy, "signatures", KEPT["signatures"].columns, "article_id", (old_id, new_id))


def _hash_again(
    copy: sqlite3.Connection, table: str, columns: tuple[str, ...], key: str, ids: tuple[str, str]
) -> None:
    old_id, new_id = ids
    rows = copy.execute(
        f"SELECT {key}, row_sha256, {', '.join(columns)} FROM {table} WHERE article_id = ?",
        (new_id,),
    ).fetchall()
    for name, digest, *values in rows:
        at = columns.index("article_id")
        if row_sha256(*values[:at], old_id, *values[at + 1 :]) == digest:
            copy.execute(
                f"UPDATE {table} SET row_sha256 = ? WHERE {key} = ?", (row_sha256(*values), name)
            )


def _moved(value: object, move: Move) -> object:
    if isinstance(value, str):
        return move.ids.get(value) or move.path(value)
    if isinstance(value, Mapping):
        return {key: _moved(one, move) for key, one in value.items()}
    if isinstance(value, list):
        return [_moved(one, move) for one in value]
    return value
