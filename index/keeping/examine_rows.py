"""Examines what a library keeps beside texts and vectors: files, folders, stories, jobs, lines.

Takes an open library; gives findings. Rows with a hash are compared with it, rows without one
with what they are made from. Changes nothing (`mend_rows.py` does).
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from index import row_hashes
from index.keeping.findings import Finding
from index.keeping.stored import article_as_read, article_at, article_is_sound
from index.row_hashes import KEPT
from index.store import Library
from ingest import repeated
from ingest.read import RULES

SAID = {
    "roots": "what is kept of a followed folder is damaged",
    "excluded": "what is kept of a file removed by hand is damaged",
    "files": "what is kept of a file is damaged",
    "signatures": "what an article is compared by is damaged",
    "generations": "what is kept of a vector file is damaged",
    "jobs": "what is kept of an indexing job is damaged",
    "queue": "what is kept of a waiting job is damaged",
}


def damaged(library: Library, table: str) -> list[object]:
    """The keys of the table's rows that don't fit their hashes."""
    kept = KEPT[table]
    rows = library.connection.execute(
        f"SELECT {kept.key} FROM {table}"
        f" WHERE row_sha256 IS NOT {row_hashes.expression(kept.columns)}"
    )
    return [key for (key,) in rows]


def rows(library: Library) -> Iterator[Finding]:
    """Rows of the tables whose hashes SQLite keeps."""
    for table, said in SAID.items():
        for key in damaged(library, table):
            yield Finding("row", said, str(key) if table == "files" else "", table)


def stories(library: Library) -> Iterator[Finding]:
    """The story that an article is grouped into, against its hash."""
    found = library.connection.execute(
        "SELECT rowid, path FROM articles"
        f" WHERE story_sha256 IS NOT {row_hashes.expression(row_hashes.STORY)}"
    )
    for rowid, path in found:
        yield Finding("story", "the story of an article is damaged", path, rowid)
    (unknown,) = library.connection.execute(
        "SELECT count(*) FROM ungrouped WHERE article_id NOT IN (SELECT article_id FROM articles)"
    ).fetchone()
    if unknown:
        yield Finding("story", "the list of articles to be grouped is damaged", "")


def strays(library: Library) -> Iterator[Finding]:
    """Articles whose file the library doesn't know."""
    found = library.connection.execute(
        "SELECT rowid, path FROM articles WHERE path NOT IN (SELECT path FROM files)"
    )
    for rowid, path in found:
        yield Finding("stray article", "the file of an article is not listed", path, rowid)


def lines(library: Library) -> Iterator[Finding]:
    """The lines that an outlet may repeat, against the articles that they were found in."""
    found = library.connection.execute(
        "SELECT articles.rowid, articles.path FROM articles JOIN files USING (path)"
        " WHERE rules = ? ORDER BY articles.path, ordinal",
        (RULES,),
    ).fetchall()
    for rowid, path in found:
        if article_is_sound(library, rowid) and not lines_fit(library, rowid):
            yield Finding("lines", "the repeated lines of an article are damaged", path, rowid)


def stray_lines(library: Library) -> Iterator[Finding]:
    """Lines that are noted for no article."""
    (count,) = library.connection.execute(
        "SELECT count(*) FROM outlet_lines"
        " WHERE article_id NOT IN (SELECT article_id FROM articles)"
    ).fetchone()
    if count:
        yield Finding("lines", "repeated lines belong to no article", "")


def lines_fit(library: Library, rowid: int) -> bool:
    """Whether the lines that are noted for a sound article are its own, and just those that
    are called repeated are cut out of it."""
    article, as_read = article_at(library, rowid), article_as_read(library, rowid)
    if article is None or as_read is None:
        return True
    noted = library.connection.execute(
        "SELECT outlet, line, repeated FROM outlet_lines WHERE article_id = ?",
        (article.article_id,),
    ).fetchall()
    outlet = repeated.outlet_key(as_read)
    wanted = {(outlet, key) for key in ("", *repeated.line_keys(as_read))} if outlet else set()
    if {(of, line) for of, line, _ in noted} != wanted:
        return False
    return repeated.without(as_read, [line for _, line, is_cut in noted if is_cut]).article == (
        article
    )


def numbers(library: Library) -> Iterator[Finding]:
    """Numbers that are never given twice, against those that are taken."""
    taken = {
        "passages": "SELECT max((SELECT ifnull(max(passage_id), 0) FROM passages),"
        " (SELECT ifnull(max(covered_id), 0) FROM generations))",
        "generations": "SELECT ifnull(max(generation), 0) FROM generations",
        "jobs": "SELECT ifnull(max(job_id), 0) FROM jobs",
    }
    given = dict(library.connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    for table, query in taken.items():
        (most,) = library.connection.execute(query).fetchone()
        if not isinstance(given.get(table, 0), int) or given.get(table, 0) < most:
            yield Finding("numbers", f"the numbering of the {table} is damaged", "", most)


def is_list_of_text(stored: str) -> bool:
    """Whether this is the JSON of a list of texts."""
    try:
        value = json.loads(stored)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
