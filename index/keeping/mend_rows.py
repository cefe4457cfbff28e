"""Mends rows beside texts and vectors: what can be made from sound rows or files is, the rest goes.

Takes findings of `examine_rows.py`; gives what became of each, and the files that must be read
again for it. A damaged row is kept aside first. Works under the writer's lock, which the caller
holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from index import repeats, row_hashes, scan, write
from index.keeping import examine_rows, quarantine
from index.keeping.findings import Finding, Problem
from index.keeping.stored import article_as_read, article_at, article_is_sound, passages_of
from index.row_hashes import KEPT, row_sha256
from index.store import Library
from ingest import articles, repeated
from ingest import stories as grouping


@dataclass(slots=True)
class Mended:
    """What was said of each finding, and the files that are to be read again."""

    said: list[Problem] = field(default_factory=list)
    to_read: list[Finding] = field(default_factory=list)


def mend(library: Library, found: list[Finding]) -> Mended:
    """`found`: of the kinds row, story, stray article, lines and numbers."""
    done = Mended()
    for table in dict.fromkeys(one.key for one in found if one.kind == "row"):
        how, is_mended = _mend_table(library, str(table), done)
        mine = [one for one in found if one.kind == "row" and one.key == table]
        done.said += [Problem(f"{one.what}: {how}", one.path, is_mended) for one in mine]
    for one in found:
        if one.kind in _KINDS:
            how = _KINDS[one.kind](library, one, done)
            done.said.append(Problem(f"{one.what}: {how}", one.path, True))
    return done


def _mend_table(library: Library, table: str, done: Mended) -> tuple[str, bool]:
    """What became of its damaged rows, and whether the user has nothing left to do."""
    if table in _MADE_AGAIN:
        return _MADE_AGAIN[table](library, done), True
    _drop(library, table)
    return _DROPPED[table]


def _keep(library: Library, table: str, key: object) -> None:
    cursor = library.connection.execute(
        f"SELECT * FROM {table} WHERE {KEPT[table].key} IS {_text(key)}", (_bytes(key),)
    )
    names = [column[0] for column in cursor.description]
    for row in cursor.fetchall():
        values = dict(zip(names, row, strict=True))
        quarantine.keep_row(library.settings, table, str(values.get("path", "")), values)


def _drop(library: Library, table: str) -> None:
    for key in examine_rows.damaged(library, table):
        _keep(library, table, key)
        with library.transaction():
            library.connection.execute(
                f"DELETE FROM {table} WHERE {KEPT[table].key} IS {_text(key)}", (_bytes(key),)
            )


def _signatures(library: Library, done: Mended) -> str:
    _drop(library, "signatures")
    rows = library.connection.execute(
        "SELECT rowid FROM articles WHERE article_id NOT IN (SELECT article_id FROM signatures)"
    ).fetchall()
    for (rowid,) in rows:
        article = article_as_read(library, rowid) if article_is_sound(library, rowid) else None
        if article is not None:
            with library.transaction():
                library.connection.execute(
                    "INSERT INTO signatures (article_id, signature) VALUES (?, ?)",
                    (article.article_id, grouping.signature(article.text)),
                )
                _group_again(library, article.article_id)
    return "made again from the article"


def _roots(library: Library, done: Mended) -> str:
    """The folders that files belong to are followed, with what is left out where that can
    still be read."""
    known = {
        path: (exclude, ocr)
        for path, exclude, ocr in library.connection.execute("SELECT path, exclude, ocr FROM roots")
    }
    _drop(library, "roots")
    wanted = library.connection.execute(
        "SELECT DISTINCT root FROM files WHERE root NOT IN (SELECT path FROM roots)"
    ).fetchall()
    for (path,) in wanted:
        exclude, ocr = known.get(path, ("[]", 0))
        if not isinstance(exclude, str) or not examine_rows.is_list_of_text(exclude):
            exclude = "[]"
        with library.transaction():
            library.connection.execute(
                "INSERT INTO roots (path, is_folder, exclude, ocr) VALUES (?, ?, ?, ?)",
                (path, not Path(path).is_file(), exclude, ocr == 1),
            )
    return "made again from its files; look whether it leaves out what you want"


def _files(library: Library, done: Mended) -> str:
    """A row that names no file is taken out. Any other is made neutral and its file read again."""
    for key in examine_rows.damaged(library, "files"):
        _keep(library, "files", key)
        path = str(key)
        (known,) = library.connection.execute(
            f"SELECT count(*) FROM articles WHERE path IS {_text(key)}", (_bytes(key),)
        ).fetchone()
        outer = scan.container(library, path) if _is_clean(path) else ""
        with library.transaction():
            if not _is_clean(path) or (not known and not (outer and Path(outer).is_file())):
                library.connection.execute(
                    f"DELETE FROM files WHERE path IS {_text(key)}", (_bytes(key),)
                )
                continue
            _make_neutral(library, path)
        done.to_read.append(Finding("lost article", examine_rows.SAID["files"], path))
    return "made anew, its file read again"


def _make_neutral(library: Library, path: str) -> None:
    """What of the row is sure stays; the next look at the folder reads the file."""
    library.connection.execute(
        "UPDATE files SET root = ?, size = 0, mtime_ns = 0, sha256 = '', status = 'indexed',"
        " reason = '', source_sha256 = (SELECT source_sha256 FROM sources WHERE"
        " sources.source_sha256 = files.source_sha256), removed = '[]', page_starts = '[]',"
        " unfit = '[]', rules = 0, ctime_ns = NULL, device = NULL WHERE path = ?",
        (_root_of(library, path), path),
    )
    library.connection.execute(
        f"UPDATE files SET row_sha256 = {row_hashes.expression(KEPT['files'].columns)}"
        " WHERE path = ?",
        (path,),
    )


def _root_of(library: Library, path: str) -> str:
    around = [one.path for one in library.folders() if path == one.path
              or scan.is_under(path, one.path)]  # fmt: skip
    return max(around, key=len, default=path)


def _stray(library: Library, one: Finding, done: Mended) -> str:
    """A sound article's file is listed again and read; a damaged one is taken out."""
    rowid, path = int(one.key), one.path
    if article_is_sound(library, rowid) and _is_clean(path):
        with library.transaction():
            library.connection.execute(
                "INSERT OR IGNORE INTO files (path, root, size, mtime_ns, sha256, encoding, kind,"
                " status, reason) VALUES (?, ?, 0, 0, '', '', '', 'indexed', '')",
                (path, _root_of(library, path)),
            )
        done.to_read.append(Finding("lost article", one.what, path))
        return "listed again, its file read again"
    cursor = library.connection.execute("SELECT * FROM articles WHERE rowid = ?", (rowid,))
    names = [column[0] for column in cursor.description]
    for row in cursor.fetchall():
        values = dict(zip(names, row, strict=True))
        quarantine.keep_row(library.settings, "articles", path, values)
        if true_path := _path_of(library, values["article_id"], values["ordinal"]):
            done.to_read.append(Finding("lost article", one.what, true_path))
    ids = [passage.passage_id for passage in passages_of(library, rowid)]
    with library.transaction():
        write.drop_passages(library, ids)
        library.connection.execute("DELETE FROM articles WHERE rowid = ?", (rowid,))
    return "kept aside in the quarantine folder and taken out"


def _path_of(library: Library, article_id: object, ordinal: object) -> str:
    """The file whose article has this id, which is made of its path and its place in it."""
    if not isinstance(ordinal, int):
        return ""
    paths = library.connection.execute("SELECT path FROM files").fetchall()
    found = (path for (path,) in paths if articles.article_id(path, ordinal) == article_id)
    return next(found, "")


def _story(library: Library, one: Finding, done: Mended) -> str:
    if one.key and not article_is_sound(library, int(one.key)):
        return "its article is damaged as well"  # and is read again
    with library.transaction():
        library.connection.execute(
            "DELETE FROM ungrouped WHERE article_id NOT IN (SELECT article_id FROM articles)"
        )
        if not one.key:
            library.connection.execute("INSERT INTO ungrouped SELECT article_id FROM articles"
                                       " WHERE true ON CONFLICT DO NOTHING")  # fmt: skip
            return "all are grouped again"
        row = library.connection.execute(
            "SELECT article_id FROM articles WHERE rowid = ?", (one.key,)
        ).fetchone()
        if row is not None:
            library.connection.execute(
                "UPDATE articles SET story_id = NULL, story_sha256 = ? WHERE rowid = ?",
                (row_sha256(row[0], None), one.key),
            )
            _group_again(library, row[0])
    return "grouped again"


def _group_again(library: Library, article_id: str) -> None:
    library.connection.execute("INSERT OR IGNORE INTO ungrouped VALUES (?)", (article_id,))


def _lines(library: Library, one: Finding, done: Mended) -> str:
    """The article's lines are noted anew, as they are cut; the outlet is then looked at."""
    if not one.key:
        with library.transaction():
            library.connection.execute(
                "DELETE FROM outlet_lines WHERE article_id NOT IN (SELECT article_id FROM articles)"
            )
        return "taken out"
    rowid = int(one.key)
    article, as_read = article_at(library, rowid), article_as_read(library, rowid)
    if article is None or as_read is None:
        return "left as they are"
    cut = {key for key in repeated.line_keys(as_read)
           if key not in repeated.line_keys(article)}  # fmt: skip
    with library.transaction():
        library.connection.execute(
            "DELETE FROM outlet_lines WHERE article_id = ?", (article.article_id,)
        )
        repeats.note(library, [repeated.without(as_read, cut)])
    return "noted again"


def _numbers(library: Library, one: Finding, done: Mended) -> str:
    table = one.what.partition(" is ")[0].rpartition(" ")[2]
    with library.transaction():
        library.connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        library.connection.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, one.key))
    return "it goes on after the last number"


def _is_clean(path: str) -> bool:
    """Whether it could be the name of a file: a damaged one may be no text."""
    return "\0" not in path and path.isprintable() and path.encode(errors="ignore").decode() == path


def _text(key: object) -> str:
    """How a key is compared: a damaged one goes in as bytes, for it may be no UTF-8."""
    return "CAST(? AS TEXT)" if isinstance(key, str) else "?"


def _bytes(key: object) -> object:
    return key.encode("utf-8", "surrogateescape") if isinstance(key, str) else key


_MADE_AGAIN: dict[str, Callable[[Library, Mended], str]] = {
    "files": _files, "roots": _roots, "signatures": _signatures,
}  # fmt: skip
_DROPPED = {
    "jobs": ("kept aside; its work is not touched by that", True),
    "queue": ("kept aside; ask for it again", False),
    "generations": ("kept aside; a vector file is built from the stored vectors", True),
    "excluded": ("kept aside; remove the file again if it comes back", False),
}
_KINDS: dict[str, Callable[[Library, Finding, Mended], str]] = {
    "stray article": _stray, "story": _story, "lines": _lines, "numbers": _numbers,
}  # fmt: skip
