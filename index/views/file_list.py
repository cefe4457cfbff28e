"""The files of a library, a page at a time: found by name, sorted, counted by status.

Takes what a visitor asks to see, gives `SourceFile` records. Everything is asked of SQLite,
so a page of a large library costs no more than it shows. Damaged rows are counted, not shown.
Reads no file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from core.members import CONTAINER_KINDS
from core.records import SourceFile
from index import row_hashes
from index.store import Library

Sort = Literal["path", "name", "status", "size", "newest"]
_FIELDS = "path, size, mtime_ns, sha256, encoding, kind, status, reason"
_SOUND = row_hashes.fits(row_hashes.KEPT["files"].columns)
_ORDER = {
    "path": "path",
    "name": "file_name(path) COLLATE NOCASE, path",
    "status": "status, path",
    "size": "size DESC, path",
    "newest": "mtime_ns DESC, path",
}


@dataclass(frozen=True, slots=True)
class FileQuery:
    """`status`: "" for all; `words`: each stands in the path, case folded."""

    status: str = ""
    words: str = ""
    sort: Sort = "path"
    page: int = 1  # from 1
    page_rows: int = 50


@dataclass(frozen=True, slots=True)
class FilePage:
    files: tuple[SourceFile, ...]
    page: int  # the one that is shown: the last where fewer are left
    pages: int
    counts: dict[str, int]  # by status, of the files that the words admit


def file_page(library: Library, query: FileQuery) -> FilePage:
    library.connection.create_function("file_name", 1, _file_name, deterministic=True)
    words = query.words.casefold().split()
    found = " AND ".join(["instr(casefold(path), ?) > 0"] * len(words)) or "1"
    with library.snapshot():
        counts: dict[str, int] = dict(
            library.connection.execute(
                f"SELECT status, count(*) FROM files WHERE {found} GROUP BY status", words
            ).fetchall()
        )
        admitted = counts.get(query.status, 0) if query.status else sum(counts.values())
        pages = max(1, -(-admitted // query.page_rows))
        page = min(max(1, query.page), pages)
        order = _ORDER[query.sort if query.sort in get_args(Sort) else "path"]
        rows = library.connection.execute(
            f"SELECT {_FIELDS} FROM files WHERE {_SOUND} AND rowid IN (SELECT rowid FROM files"
            f" WHERE {found} AND (?{len(words) + 1} = '' OR status = ?{len(words) + 1})"
            f" ORDER BY {order} LIMIT ? OFFSET ?) ORDER BY {order}",
            (*words, query.status, query.page_rows, (page - 1) * query.page_rows),
        ).fetchall()
    return FilePage(tuple(SourceFile(*row) for row in rows), page, pages, counts)


def is_container(file: SourceFile) -> bool:
    """Whether other files of the list are inside it."""
    return file.kind in CONTAINER_KINDS


def _file_name(path: str) -> str:
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]
