"""A file that the user removes is gone: also from what was kept aside, and from the pages of
library.db that held its words.

Takes the path that is removed; gives the run's report, with the older copies of the library
that may still hold the words: these are whole, so they are named and left to the user. The
user's own file is never touched, nor are saved answers, which are the user's work.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from core.records import MEMBER_MARK
from core.settings import Settings
from index import build
from index.encoding.encoder import EncoderSource
from index.keeping import quarantine
from index.store import Library

KEPT = "kept"  # the status of an older copy in the report
WHY = "an older copy of the library, which may hold what was removed; delete it to be rid of that"


def remove(library: Library, path: str, encoder: EncoderSource | None) -> build.Report:
    """`build.remove`, and what else is needed so that nothing of it stays. Raises InputError
    where the library doesn't know the path."""
    target = os.path.abspath(Path(path).expanduser())
    known = _known(library, target)
    texts = _texts(library, known) if quarantine.has_rows(library.settings) else []
    report = build.remove(library, path, encoder)
    quarantine.forget(library.settings, lambda row: _is_of(row, target, known, texts))
    _overwrite(library)
    copies = tuple(build.Problem(str(one), KEPT, WHY) for one in older_copies(library.settings))
    return replace(report, problems=(*report.problems, *copies))


def older_copies(settings: Settings) -> Iterator[Path]:
    """Libraries as they were once, which the app has kept in this home."""
    for pattern in ("library-format-*.db", "replaced-*/library.db", f"{quarantine.FOLDER}/*.db.*"):
        yield from sorted(one for one in settings.home.glob(pattern) if one.is_file())


def _known(library: Library, target: str) -> dict[str, str | None]:
    """The files of the library at and under a path, each with the hash of its source text."""
    rows = library.connection.execute("SELECT path, source_sha256 FROM files").fetchall()
    return {path: digest for path, digest in rows if _is_at(path, target)}


def _is_at(path: str, target: str) -> bool:
    return path == target or path.startswith((target.rstrip(os.sep) + os.sep, target + MEMBER_MARK))


def _texts(library: Library, known: dict[str, str | None]) -> list[str]:
    return [article.text for path in known for article in library.articles(path)]


def _is_of(
    row: dict[str, object], target: str, known: dict[str, str | None], texts: list[str]
) -> bool:
    """Whether a row that was kept aside has words of what is removed."""
    path, values = row.get("path"), row.get("values")
    if isinstance(path, str) and path:
        return _is_at(path, target)
    if not isinstance(values, dict):
        return True  # cut short: nobody can tell any more
    if row.get("table") == "sources":
        return values.get("source_sha256") in known.values()
    words = values.get("text")
    return isinstance(words, str) and any(words in text for text in texts)


def _overwrite(library: Library) -> None:
    """Deleted rows are overwritten as they go (`secure_delete`); the full-text index and the
    write-ahead log still have their words until they are written anew."""
    with library.transaction():
        library.connection.execute("INSERT INTO passages_fts (passages_fts) VALUES ('optimize')")
    try:
        library.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        pass  # somebody reads: SQLite does it when the last one is gone
