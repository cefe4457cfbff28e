"""Examines a library: every stored row against its hash, the full-text index, the vector file.

Changes nothing. SQLite and FAISS notice little damage by themselves, so each row that can
reach a page carries a hash.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from core.settings import Settings
from index import durable, encoder, vector_files
from index.store import Library, row_sha256, text_sha256


@dataclass(frozen=True, slots=True)
class Problem:
    what: str
    path: str  # the file that it concerns; "" where it is the library itself
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class Examination:
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]  # what is no damage and yet worth knowing


def examine(library: Library, encoder_key: str | None) -> Examination:
    """Reads every row of the library: some seconds per gigabyte."""
    with library.snapshot():
        problems = [
            *_database(library),
            *_sources(library),
            *_articles(library),
            *_passages(library),
            *_vectors(library),
        ]
    problems += _full_text(library)
    if encoder_key is not None:
        problems += _vector_file(library, encoder_key)
    return Examination(tuple(problems), tuple(_notes(library.settings, encoder_key)))


def _database(library: Library) -> Iterator[Problem]:
    for (found,) in library.connection.execute("PRAGMA integrity_check"):
        if found != "ok":
            yield Problem(f"library.db: {found}", "")


def _sources(library: Library) -> Iterator[Problem]:
    rows = library.connection.execute(
        "SELECT source_sha256, text, (SELECT path FROM files WHERE"
        " files.source_sha256 = sources.source_sha256 LIMIT 1) FROM sources"
    )
    for digest, data, path in rows:
        try:
            sound = text_sha256(zlib.decompress(data).decode()) == digest
        except (zlib.error, UnicodeDecodeError):
            sound = False
        if not sound:
            yield Problem("a stored source text is damaged", path or "")


def _articles(library: Library) -> Iterator[Problem]:
    rows = library.connection.execute(
        "SELECT row_sha256, path, article_id, path, title, outlet, author, published, url, text,"
        " spans FROM articles"
    )
    for digest, path, *values in rows:
        if row_sha256(*values) != digest:
            yield Problem("an article is damaged", path)


def _passages(library: Library) -> Iterator[Problem]:
    rows = library.connection.execute(
        "SELECT passages.row_sha256, path, passages.article_id, start, end, passages.text"
        " FROM passages JOIN articles USING (article_id)"
    )
    for digest, path, *values in rows:
        if row_sha256(*values) != digest:
            yield Problem("a passage is damaged", path)


def _vectors(library: Library) -> Iterator[Problem]:
    rows = library.connection.execute(
        "SELECT row_sha256, encoder_key, embedded_sha256, vector FROM vectors"
    )
    damaged = sum(row_sha256(*values) != digest for digest, *values in rows)
    if damaged:
        yield Problem(f"{damaged} stored vectors are damaged", "")


def _full_text(library: Library) -> Iterator[Problem]:
    """FTS5's own check; it counts as a write, though it changes nothing."""
    try:
        with library.transaction():
            library.connection.execute(
                "INSERT INTO passages_fts (passages_fts) VALUES ('integrity-check')"
            )
    except sqlite3.DatabaseError as error:
        yield Problem(f"the full-text index is damaged ({error})", "")


def _vector_file(library: Library, encoder_key: str) -> Iterator[Problem]:
    generation = vector_files.current(library, encoder_key)
    if generation is None:
        return
    path = library.settings.home / generation.file_name
    if not durable.state(path):
        yield Problem("the vector file is missing; the next `sync` builds it anew", str(path))
    elif durable.sha256(path) != generation.file_sha256:
        yield Problem("the vector file is damaged; the next `sync` builds it anew", str(path))


def _notes(settings: Settings, encoder_key: str | None) -> Iterator[str]:
    if encoder_key is None:
        yield "No encoder is installed: search runs by keywords."
    elif note := encoder.why_slow(settings):
        yield note
