"""Articles and passages as they are stored, with whether they fit their hashes.

Takes rows of library.db, also damaged ones; gives records. Judges nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.records import Article
from index.row_hashes import ARTICLE, row_sha256
from index.store import Library, spans_of


@dataclass(frozen=True, slots=True)
class StoredPassage:
    passage_id: int
    article_id: str
    start: int
    end: int
    text: str
    embedded_sha256: str
    row_sha256: str

    @property
    def is_sound(self) -> bool:
        values = (self.article_id, self.start, self.end, self.text, self.embedded_sha256)
        return row_sha256(*values) == self.row_sha256


def passages_of(library: Library, rowid: int) -> list[StoredPassage]:
    """The passages of the article in that row, as they are stored, by id."""
    rows = library.connection.execute(
        "SELECT passage_id, passages.article_id, start, end, passages.text, embedded_sha256,"
        " passages.row_sha256 FROM articles CROSS JOIN passages USING (article_id)"
        " WHERE articles.rowid = ? ORDER BY passage_id",
        (rowid,),
    )
    return [StoredPassage(*row) for row in rows]


def article_at(library: Library, rowid: int) -> Article | None:
    """The article in that row, which must be sound."""
    row = library.connection.execute(
        f"SELECT {', '.join(ARTICLE)}, story_id FROM articles WHERE rowid = ?",
        (rowid,),
    ).fetchone()
    if row is None:
        return None
    return Article(*row[:10], spans_of(row[10]), row[11])  # type: ignore[call-arg]


def article_is_sound(library: Library, rowid: int) -> bool:
    """Whether the article's row, and what is kept of it as it was read, fit their hashes."""
    row = library.connection.execute(
        f"SELECT row_sha256, {', '.join(ARTICLE)} FROM articles WHERE rowid = ?",
        (rowid,),
    ).fetchone()
    if row is None or row_sha256(*row[1:]) != row[0]:
        return False
    uncut = library.connection.execute(
        "SELECT row_sha256, article_id, text, spans FROM uncut WHERE article_id = ?", (row[1],)
    ).fetchone()
    return uncut is None or row_sha256(*uncut[1:]) == uncut[0]


def article_as_read(library: Library, rowid: int) -> Article | None:
    """The article in that row, which must be sound, with the lines that its outlet repeats."""
    article = article_at(library, rowid)
    if article is None:
        return None
    uncut = library.connection.execute(
        "SELECT text, spans FROM uncut WHERE article_id = ?", (article.article_id,)
    ).fetchone()
    return article if uncut is None else replace(article, text=uncut[0], spans=spans_of(uncut[1]))
