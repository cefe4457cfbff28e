"""Examines a library: every stored row against its hash, the full-text index, the vector files.

Changes nothing (`repair.py` does). SQLite and FAISS notice little damage by themselves, so
each row that can reach a page carries a hash, and what is derived is compared with what it
is derived from.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from core.members import CONTAINER_KINDS
from core.settings import Settings
from index import durable
from index.encoding import encoder
from index.finding import keyword
from index.keeping import examine_rows
from index.keeping.findings import Finding, Problem, readable
from index.keeping.stored import article_at, article_is_sound, passages_of
from index.row_hashes import row_sha256
from index.store import Library, source_of, text_sha256
from ingest.passages import split
from ingest.read import RULES

_CHECK_FULL_TEXT = "INSERT INTO passages_fts (passages_fts) VALUES ('integrity-check')"


@dataclass(frozen=True, slots=True)
class Examination:
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]  # what is no damage and yet worth knowing


def examine(library: Library, encoder_key: str | None) -> Examination:
    """Reads every row of the library: some seconds per gigabyte."""
    problems = tuple(readable(Problem(found.what, found.path)) for found in findings(library))
    return Examination(problems, tuple(_notes(library.settings, encoder_key)))


def findings(library: Library) -> list[Finding]:
    """All that is damaged or out of step, each with where it is."""
    with any_text(library):
        with library.snapshot():
            checks = (
                *(_database, examine_rows.rows, _sources, _articles, _lost, examine_rows.strays),
                *(examine_rows.stories, examine_rows.stray_lines, examine_rows.lines),
                examine_rows.numbers,
                *(_passages, _vectors, _full_text),
            )
            found = [one for check in checks for one in _tried(library, check)]
        found += _tried(library, _full_text_itself)
        return found + _tried(library, _vector_files)


@contextmanager
def any_text(library: Library) -> Iterator[None]:
    """Inside, damaged text that is no UTF-8 is read too, as text that no hash fits."""
    connection = library.connection
    before = connection.text_factory
    connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        connection.text_factory = before


def _tried(library: Library, check: Callable[[Library], Iterator[Finding]]) -> list[Finding]:
    """What a check finds; that it could not go on is a finding too."""
    found: list[Finding] = []
    try:
        found.extend(check(library))
    except sqlite3.DatabaseError as error:
        if "full_text" in check.__name__:
            found.append(Finding("full text", f"the full-text index is damaged ({error})", ""))
        else:
            found.append(Finding("database", f"library.db can't be read through: {error}", ""))
    return found


def _database(library: Library) -> Iterator[Finding]:
    for (found,) in library.connection.execute("PRAGMA integrity_check"):
        if found != "ok":
            yield Finding("database", f"library.db: {found}", "")


def _sources(library: Library) -> Iterator[Finding]:
    rows = library.connection.execute(
        "SELECT source_sha256, text, (SELECT path FROM files WHERE"
        " files.source_sha256 = sources.source_sha256 LIMIT 1) FROM sources"
    )
    for digest, data, path in rows:
        if not is_source(digest, data):
            yield Finding("source", "a stored source text is damaged", path or "", digest)
    missing = library.connection.execute(
        "SELECT source_sha256, path FROM files WHERE source_sha256 IS NOT NULL"
        " AND source_sha256 NOT IN (SELECT source_sha256 FROM sources)"
    )
    for digest, path in missing:
        yield Finding("source", "a stored source text is missing", path, digest)


def is_source(digest: str, data: object) -> bool:
    """Whether this is the compressed source text of that hash."""
    return source_of(digest, data) is not None


def _articles(library: Library) -> Iterator[Finding]:
    rows = library.connection.execute("SELECT rowid, path FROM articles ORDER BY path").fetchall()
    for rowid, path in rows:
        if not article_is_sound(library, rowid):
            yield Finding("article", "an article is damaged", path, rowid)


def _lost(library: Library) -> Iterator[Finding]:
    """Files that lack articles: their numbers run from 0 without a gap."""
    rows = library.connection.execute(
        "SELECT files.path, kind, count(article_id), ifnull(max(ordinal), -1) + 1 FROM files"
        " LEFT JOIN articles ON articles.path = files.path WHERE status = 'indexed'"
        " GROUP BY files.path"
    )
    for path, kind, articles, numbered in rows:
        if articles != numbered or (not articles and kind not in CONTAINER_KINDS):
            yield Finding("lost article", "an article is missing", path)
    unsigned = library.connection.execute(
        "SELECT DISTINCT path FROM articles WHERE article_id NOT IN"
        " (SELECT article_id FROM signatures)"
    )
    for (path,) in unsigned:
        yield Finding("lost article", "an article's signature is missing", path)


def _passages(library: Library) -> Iterator[Finding]:
    """Passages against their hashes and against what their article is split into."""
    execute = library.connection.execute
    rows = execute(
        "SELECT articles.rowid, articles.path, rules FROM articles JOIN files USING (path)"
        " ORDER BY articles.path, ordinal"
    ).fetchall()
    for rowid, path, rules in rows:
        stored = passages_of(library, rowid)
        damaged = sum(not one.is_sound for one in stored)
        for _ in range(damaged):
            yield Finding("passage", "a passage is damaged", path, rowid)
        # Other rules may have split otherwise; a damaged article tells nothing.
        if damaged or rules != RULES or not article_is_sound(library, rowid):
            continue
        if article := article_at(library, rowid):
            stand = sorted((one.start, one.end, one.embedded_sha256) for one in stored)
            wanted = [
                (one.start, one.end, text_sha256(f"{article.title}\n{one.text}"))
                for one in split(article)
            ]
            if stand != sorted(wanted):
                yield Finding("passage", "an article's passages are not its own", path, rowid)
    strays = execute(
        "SELECT count(*) FROM passages WHERE article_id NOT IN (SELECT article_id FROM articles)"
    ).fetchone()[0]
    if strays:
        yield Finding("passage", f"{strays} passages belong to no article", "", 0)


def _vectors(library: Library) -> Iterator[Finding]:
    damaged = len(damaged_vectors(library))
    if damaged:
        yield Finding("vector", f"{damaged} stored vectors are damaged", "")
    lost = len(lost_vectors(library))
    if lost:
        yield Finding("vector", f"{lost} stored vectors are missing", "")


def damaged_vectors(library: Library) -> list[int]:
    """The rows that don't fit their hashes."""
    rows = library.connection.execute(
        "SELECT rowid, row_sha256, encoder_key, embedded_sha256, vector FROM vectors"
    )
    return [rowid for rowid, digest, *values in rows if row_sha256(*values) != digest]


def lost_vectors(library: Library) -> list[tuple[str, str]]:
    """(encoder key, hash of the embedded text) that a published file has and library.db lacks."""
    return library.connection.execute(
        "SELECT DISTINCT generations.encoder_key, one.embedded_sha256 FROM generations"
        " JOIN passages AS one ON passage_id <= covered_id WHERE NOT EXISTS"
        " (SELECT 1 FROM vectors WHERE vectors.encoder_key = generations.encoder_key"
        " AND vectors.embedded_sha256 = one.embedded_sha256)"
    ).fetchall()


def _full_text(library: Library) -> Iterator[Finding]:
    """What FTS5 was given, against the passages; where those are sound."""
    rows = library.connection.execute(
        "SELECT title, passages.text, passages.row_sha256, passages.article_id, start, end,"
        " embedded_sha256, c0, c1"
        " FROM passages JOIN articles USING (article_id)"
        " LEFT JOIN passages_fts_content ON id = passage_id"
    )
    wrong = 0
    for title, text, digest, article_id, start, end, embedded, first, second in rows:
        if first is None or second is None:
            wrong += 1
        elif row_sha256(article_id, start, end, text, embedded) == digest:
            # The title is the article's, which is checked on its own.
            wrong += keyword.segmented(text) != second
            wrong += keyword.segmented(text) == second and keyword.segmented(title) != first
    surplus = library.connection.execute(
        "SELECT count(*) FROM passages_fts_content WHERE id NOT IN"
        " (SELECT passage_id FROM passages)"
    ).fetchone()[0]
    if wrong or surplus:
        what = f"the full-text index is out of step with {wrong + surplus} passages"
        yield Finding("full text", what, "")


def _full_text_itself(library: Library) -> Iterator[Finding]:
    """FTS5's own check; it counts as a write, though it changes nothing. Where the library can
    only be read, a copy for the moment is checked (in memory, and on the disk of temporary files
    where it is large)."""
    if library.is_read_only:
        with closing(sqlite3.connect("", isolation_level=None)) as copy:
            library.connection.backup(copy)
            copy.execute(_CHECK_FULL_TEXT)
    else:
        with library.transaction():
            library.connection.execute(_CHECK_FULL_TEXT)
    yield from ()


def _vector_files(library: Library) -> Iterator[Finding]:
    """The published files of this machine, the older one of each two as well."""
    rows = library.connection.execute(
        "SELECT generation, file_name, file_sha256 FROM generations"
        " WHERE file_name GLOB 'vectors-*' ORDER BY generation DESC"
    ).fetchall()
    for generation, name, digest in rows:
        path = library.settings.home / name
        if not durable.state(path):
            what = "the vector file is missing; the next `sync` builds it anew"
        elif durable.sha256(path) != digest:
            what = "the vector file is damaged; the next `sync` builds it anew"
        else:
            continue
        yield Finding("vector file", what, str(path), generation)


def _notes(settings: Settings, encoder_key: str | None) -> Iterator[str]:
    if encoder_key is None:
        yield "No encoder is installed: search runs by keywords."
    elif note := encoder.why_slow(settings):
        yield note
