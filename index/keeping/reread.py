"""Lost and damaged articles and source texts, read again from their files.

Takes what `doctor.py` finds; gives what became of each. An article whose file is no longer
there, or can't be read, is kept aside and taken out of the search: its words can't be proven.
Works under the writer's lock, which the caller holds.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.records import Reading
from index import embed, scan, write
from index.encoding.encoder import EncoderSource
from index.keeping import doctor, quarantine
from index.keeping.findings import Finding, Problem
from index.keeping.stored import article_is_sound, passages_of
from index.store import Library, Seen, text_sha256
from ingest.read import RULES
from ingest.reader import Reader

AGAIN = "read again from its file"
CHANGED = "read again from its file, which had changed since"
ASIDE = "its file can't be read now; kept aside in the quarantine folder, out of the search"


@dataclass(slots=True)
class _Work:
    library: Library
    encoder: EncoderSource | None
    done: dict[str, str] = field(default_factory=dict)  # path → how


def restore(
    library: Library, encoder: EncoderSource | None, found: Sequence[Finding]
) -> list[Problem]:
    """Read what these findings name from their files, each file once."""
    if not found:
        return []
    work = _Work(library, encoder)
    _drop_left_over(library)
    sources = {str(one.key) for one in found if one.kind == "source"}
    whole = {one.path for one in found if one.kind != "source" and one.path}
    users = {path for digest in sources for path in _users(library, digest)}
    by_file: dict[str, set[str]] = {}
    for path in whole | users:
        by_file.setdefault(scan.container(library, path), set()).add(path)
    with Reader(library.settings.max_text_bytes) as reader:
        for outer, paths in sorted(by_file.items()):
            for reading in _readings(library, reader, outer):
                if reading.file.path in paths and reading.file.status == "indexed":
                    _take(work, reading, reading.file.path in whole)
    for path in sorted((whole | users) - work.done.keys()):
        _give_up(library, path)
    _drop_sources(library, sources)
    return [_said(work, one) for one in found]


def _drop_left_over(library: Library) -> None:
    """What belongs to articles that are lost; it is made anew with them."""
    with library.transaction():
        for table in ("signatures", "uncut", "outlet_lines", "ungrouped"):
            library.connection.execute(
                f"DELETE FROM {table} WHERE article_id NOT IN (SELECT article_id FROM articles)"
            )


def _users(library: Library, digest: str) -> list[str]:
    return library.paths_of_text(digest) if digest.isascii() else []


def _readings(library: Library, reader: Reader, outer: str) -> Iterable[Reading]:
    if not Path(outer).is_file() or Path(outer).is_symlink():
        return ()
    folder = library.connection.execute(
        "SELECT root FROM files JOIN roots ON roots.path = root WHERE files.path = ? AND is_folder",
        (outer,),
    ).fetchone()
    return reader.read(outer, scan.reads_pictures(library, outer), folder[0] if folder else "")


def _take(work: _Work, reading: Reading, whole: bool) -> None:
    """Put a file's reading in place of what is stored of it."""
    library, path = work.library, reading.file.path
    known, before = library.file(path), library.seen(path)
    root = library.connection.execute("SELECT root FROM files WHERE path = ?", (path,)).fetchone()
    if known is None or root is None:
        return
    same = known.sha256 == reading.file.sha256
    digest = text_sha256(reading.source_text)
    _put_source(library, digest, reading.source_text)
    if whole or digest not in _digests(library, path):
        for rowid in _rowids(library, path):
            if not article_is_sound(library, rowid):
                _keep_article(library, path, rowid)
        seen = Seen(None, before.device if before else None, RULES)
        embed.index_reading(library, reading, str(root[0]), work.encoder, seen)
    work.done[path] = AGAIN if same else CHANGED


def _put_source(library: Library, digest: str, text: str) -> None:
    """Mend the stored source text that has this hash, if it is damaged or lost."""
    row = library.connection.execute(
        "SELECT text FROM sources WHERE source_sha256 = ?", (digest,)
    ).fetchone()
    if row is not None and doctor.is_source(digest, row[0]):
        return
    if row is not None:
        values = {"source_sha256": digest, "text": row[0]}
        quarantine.keep_row(library.settings, "sources", "", values)
    with library.transaction():
        library.connection.execute(
            "INSERT OR REPLACE INTO sources VALUES (?, ?)", (digest, zlib.compress(text.encode()))
        )


def _digests(library: Library, path: str) -> set[str]:
    rows = library.connection.execute("SELECT source_sha256 FROM files WHERE path = ?", (path,))
    return {digest for (digest,) in rows}


def _rowids(library: Library, path: str) -> list[int]:
    rows = library.connection.execute("SELECT rowid FROM articles WHERE path = ?", (path,))
    return [rowid for (rowid,) in rows]


def _keep_article(library: Library, path: str, rowid: int) -> None:
    cursor = library.connection.execute("SELECT * FROM articles WHERE rowid = ?", (rowid,))
    names = [column[0] for column in cursor.description]
    for row in cursor:
        values = dict(zip(names, row, strict=True))
        quarantine.keep_row(library.settings, "articles", path, values)


def _give_up(library: Library, path: str) -> None:
    """Keep aside what can't be proven and take it out; the file is tried again whenever it
    can be read. Its sound articles are taken out as well only where the source is lost."""
    row = library.connection.execute(
        "SELECT source_sha256, text FROM files LEFT JOIN sources USING (source_sha256)"
        " WHERE path = ?",
        (path,),
    ).fetchone()
    if row is None:
        return
    provable = row[1] is not None and doctor.is_source(*row)
    rowids = _rowids(library, path)
    lost = [one for one in rowids if not provable or not article_is_sound(library, one)]
    for rowid in lost:
        _keep_article(library, path, rowid)
    with library.transaction():
        for rowid in lost:
            ids = [one.passage_id for one in passages_of(library, rowid)]
            write.drop_passages(library, ids)
            library.connection.execute("DELETE FROM articles WHERE rowid = ?", (rowid,))
        library.connection.execute(
            # Without a hash and rules it is read again when an indexing run sees it.
            "UPDATE files SET status = 'failed', sha256 = '', rules = 0, reason = ?,"
            " source_sha256 = CASE WHEN ? THEN source_sha256 END WHERE path = ?",
            ("what was stored of it was damaged, and the file can't be read now", provable, path),
        )


def _drop_sources(library: Library, digests: Iterable[str]) -> None:
    """Damaged source texts that no file has any more: old citations can't be checked by them."""
    rows = library.connection.execute(
        "SELECT source_sha256, text FROM sources WHERE source_sha256 NOT IN"
        " (SELECT source_sha256 FROM files WHERE source_sha256 IS NOT NULL)"
    ).fetchall()
    for digest, data in rows:
        if digest not in digests or doctor.is_source(digest, data):
            continue
        values = {"source_sha256": digest, "text": data}
        quarantine.keep_row(library.settings, "sources", "", values)
        with library.transaction():
            library.connection.execute(
                # As bytes: a damaged hash may be no UTF-8.
                "DELETE FROM sources WHERE source_sha256 = CAST(? AS TEXT)",
                (digest.encode("utf-8", "surrogateescape"),),
            )


def _said(work: _Work, found: Finding) -> Problem:
    how = work.done.get(found.path)
    if found.path:
        return Problem(f"{found.what}: {how or ASIDE}", found.path, how is not None)
    words = "kept aside; citations of an earlier version can't be checked by it"
    return Problem(f"{found.what}: {words}", "", False)
