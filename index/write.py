"""Writes to library.db. Every function is to be called inside `library.transaction()`,
so that a file's articles, passages, full-text rows and vectors appear at once."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from core.members import CONTAINER_KINDS
from core.records import MEMBER_MARK, Article, Passage, Reading, SourceFile
from index import row_hashes
from index.finding import keyword
from index.row_hashes import row_sha256
from index.store import Folder, Library, Seen, spans_json, text_sha256
from ingest.read import RULES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage on its way in: `embedded_text` is what the encoder reads."""

    passage: Passage
    embedded_text: str


def put_root(library: Library, folder: Folder) -> None:
    library.connection.execute(
        "INSERT OR REPLACE INTO roots (path, state, is_folder, exclude, ocr)"
        " VALUES (?, ?, ?, ?, ?)",
        (
            *(folder.path, folder.state, folder.is_folder),
            *(json.dumps(folder.exclude, ensure_ascii=False), folder.ocr),
        ),
    )


def set_root_state(library: Library, path: str, state: str) -> None:
    library.connection.execute("UPDATE roots SET state = ? WHERE path = ?", (state, path))


def drop_root(library: Library, path: str) -> None:
    library.connection.execute("DELETE FROM roots WHERE path = ?", (path,))


def exclude(library: Library, path: str) -> None:
    """Leave a file or folder out of the rescans of the folder it is in."""
    library.connection.execute("INSERT OR IGNORE INTO excluded (path) VALUES (?)", (path,))


def include(library: Library, path: str) -> None:
    """Take a path, what is in it and what it is in back into rescans."""
    library.connection.execute(
        "DELETE FROM excluded WHERE path = ?1 OR substr(path, 1, length(?1) + 1) = ?1 || ?2"
        " OR substr(?1, 1, length(path) + 1) = path || ?2",
        (path, os.sep),
    )


def give_files(library: Library, root: str) -> None:
    """What is known at and under a new root belongs to it, no longer to a wider one."""
    known = library.file(root)
    mark = MEMBER_MARK if known and known.kind in CONTAINER_KINDS else os.sep
    library.connection.execute(
        "UPDATE files SET root = ?1 WHERE (path = ?1 OR substr(path, 1, length(?1 || ?2))"
        " = ?1 || ?2) AND length(root) < length(?1)",
        (root, mark),
    )


def touch_file(library: Library, file: SourceFile) -> None:
    """Same bytes, new time: only the time is noted."""
    library.connection.execute(
        "UPDATE files SET mtime_ns = ? WHERE path = ?", (file.mtime_ns, file.path)
    )


def note_seen(library: Library, path: str, seen: Seen) -> None:
    library.connection.execute(
        "UPDATE files SET ctime_ns = ?, device = ?, rules = ? WHERE path = ?",
        (seen.ctime_ns, seen.device, seen.rules, path),
    )


def put_file(
    library: Library,
    reading: Reading,
    root: str,
    passages: Sequence[NewPassage],
    signatures: Sequence[bytes],
) -> None:
    """Replace all that is known of one file. `signatures`: one per article."""
    file = reading.file
    delete_file(library, file.path)
    source_sha256 = None
    if file.status == "indexed":
        source_sha256 = text_sha256(reading.source_text)
        library.connection.execute(
            "INSERT OR IGNORE INTO sources VALUES (?, ?)",
            (source_sha256, zlib.compress(reading.source_text.encode())),
        )
    removed = json.dumps([[item.start, item.end, item.reason] for item in reading.removed])
    library.connection.execute(
        "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, '')",
        (
            *(file.path, root, *list(asdict(file).values())[1:], source_sha256),
            *(removed, json.dumps(reading.page_starts), json.dumps(reading.unfit)),
            RULES,
        ),
    )
    titles = {}
    for article, signature in zip(reading.articles, signatures, strict=True):
        _insert_article(library, article, signature)
        titles[article.article_id] = article.title
    for new in passages:
        _insert_passage(library, new, titles[new.passage.article_id])


def put_vectors(
    library: Library, encoder_key: str, digests: Sequence[str], vectors: Vectors | Sequence[Vectors]
) -> None:
    """`vectors`: float32 (len(digests), dimensions)."""
    rows = []
    for digest, vector in zip(digests, vectors, strict=True):
        data = vector.tobytes()
        rows.append((encoder_key, digest, data, row_sha256(encoder_key, digest, data)))
    library.connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)", rows)


def delete_file(library: Library, path: str) -> None:
    """The file's rows go; its source text stays for old citations."""
    execute = library.connection.execute
    rows = execute(
        "SELECT passage_id FROM passages JOIN articles USING (article_id) WHERE path = ?", (path,)
    ).fetchall()
    _forget_passages(library, [passage_id for (passage_id,) in rows])
    # What the file's articles leave behind: stories that lost one, outlets with one less.
    execute(
        "INSERT OR IGNORE INTO ungrouped SELECT other.article_id FROM articles AS gone"
        " JOIN articles AS other USING (story_id) WHERE gone.path = ?1 AND other.path != ?1",
        (path,),
    )
    execute(
        "INSERT OR IGNORE INTO touched_outlets SELECT DISTINCT outlet_lines.outlet"
        " FROM outlet_lines JOIN articles USING (article_id) WHERE path = ?",
        (path,),
    )
    execute("DELETE FROM files WHERE path = ?", (path,))


def drop_orphans(library: Library, forget_sources: bool) -> None:
    """Vectors that no passage has any more; on request also source texts."""
    library.connection.execute(
        "DELETE FROM vectors WHERE embedded_sha256 NOT IN (SELECT embedded_sha256 FROM passages)"
    )
    if forget_sources:
        library.connection.execute(
            "DELETE FROM sources WHERE source_sha256 NOT IN"
            " (SELECT source_sha256 FROM files WHERE source_sha256 IS NOT NULL)"
        )


def set_stories(library: Library, known: dict[str, str], story_of: dict[str, str]) -> None:
    """`known`: the stories as they are stored, `story_of`: as they shall be."""
    execute = library.connection.execute
    for article_id in known.keys() | story_of.keys():
        story = story_of.get(article_id)
        if known.get(article_id) != story:
            execute(
                "UPDATE articles SET story_id = ?, story_sha256 = ? WHERE article_id = ?",
                (story, row_sha256(article_id, story), article_id),
            )
            execute(
                "INSERT OR IGNORE INTO touched_outlets"
                " SELECT outlet FROM outlet_lines WHERE article_id = ?",
                (article_id,),
            )
    execute("DELETE FROM ungrouped")


def recut_article(library: Library, article: Article, passages: Sequence[NewPassage]) -> None:
    """Give a stored article another text; passages whose words stay keep their identity."""
    execute = library.connection.execute
    spans, digest = _article_hash(article)
    execute(
        "UPDATE articles SET text = ?, spans = ?, row_sha256 = ? WHERE article_id = ?",
        (article.text, spans, digest, article.article_id),
    )
    standing: dict[str, list[int]] = {}
    for passage_id, text in execute(
        "SELECT passage_id, text FROM passages WHERE article_id = ? ORDER BY start DESC",
        (article.article_id,),
    ):
        standing.setdefault(text, []).append(passage_id)
    for new in passages:
        passage = new.passage
        if not standing.get(passage.text):
            _insert_passage(library, new, article.title)
            continue
        execute(
            "UPDATE passages SET start = ?, end = ?, row_sha256 = ? WHERE passage_id = ?",
            (passage.start, passage.end, _passage_hash(new), standing[passage.text].pop()),
        )
    gone = [passage_id for left in standing.values() for passage_id in left]
    drop_passages(library, gone)


def put_passage(library: Library, new: NewPassage, title: str, passage_id: int | None) -> None:
    """Store a passage; one that has this id is replaced and stays known by it."""
    if passage_id is not None:
        for table, column in (("passages_fts", "rowid"), ("passages", "passage_id")):
            library.connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (passage_id,))
    _insert_passage(library, new, title, passage_id)


def drop_passages(library: Library, passage_ids: Sequence[int]) -> None:
    _forget_passages(library, passage_ids)
    library.connection.executemany(
        "DELETE FROM passages WHERE passage_id = ?", [(one,) for one in passage_ids]
    )


def _forget_passages(library: Library, passage_ids: Sequence[int]) -> None:
    for passage_id in passage_ids:
        library.connection.execute("DELETE FROM passages_fts WHERE rowid = ?", (passage_id,))
        # So that a search knows how many dead ids a vector file may give it.
        library.connection.execute(
            "UPDATE generations SET deleted = deleted + 1 WHERE covered_id >= ?", (passage_id,)
        )


def _insert_article(library: Library, article: Article, signature: bytes) -> None:
    spans, digest = _article_hash(article)
    library.connection.execute(
        "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?)",
        (article.article_id, article.path, article.ordinal, article.title, article.outlet,
         article.author, article.published, article.url, article.language, article.text, spans,
         digest, row_sha256(article.article_id, None)),
    )  # fmt: skip
    library.connection.execute(
        "INSERT INTO signatures (article_id, signature) VALUES (?, ?)",
        (article.article_id, signature),
    )
    library.connection.execute("INSERT OR IGNORE INTO ungrouped VALUES (?)", (article.article_id,))


def _article_hash(article: Article) -> tuple[str, str]:
    """The spans as they are stored, and the row's hash."""
    spans = spans_json(article.spans)
    names = row_hashes.ARTICLE[:-1]
    return spans, row_sha256(*(getattr(article, name) for name in names), spans)


def _passage_hash(new: NewPassage) -> str:
    passage = new.passage
    return row_sha256(
        *(passage.article_id, passage.start, passage.end, passage.text),
        text_sha256(new.embedded_text),
    )


def _insert_passage(
    library: Library, new: NewPassage, title: str, passage_id: int | None = None
) -> None:
    passage = new.passage
    cursor = library.connection.execute(
        "INSERT INTO passages (passage_id, article_id, start, end, text, embedded_sha256,"
        " row_sha256) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (passage_id, passage.article_id, passage.start, passage.end, passage.text,
         text_sha256(new.embedded_text), _passage_hash(new)),
    )  # fmt: skip
    library.connection.execute(
        "INSERT INTO passages_fts (rowid, title, text) VALUES (?, ?, ?)",
        (cursor.lastrowid, keyword.segmented(title), keyword.segmented(passage.text)),
    )
