"""A library.db that SQLite can't read any more → a new one with every row that is sure.

Rows are found in the file's pages (`pages.py`) and told by their hashes, so no damaged value
comes along. The damaged file is kept in the quarantine folder. What was lost is for the repair
and the look at the folders that follow: vectors are saved with the words that they belong to,
so they are not made again. Works under the writer's lock, which the caller holds.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from core.errors import LibraryError
from core.settings import Settings
from index import durable
from index.keeping import pages, quarantine, repair_text
from index.keeping.findings import Problem
from index.keeping.pages import Record
from index.row_hashes import ARTICLE, KEPT, PASSAGE, STORY, of_stored, row_sha256
from index.store import Library, open_library, source_of

WORKED_IN = "salvaging"  # a folder in the home
READY = "library.db.salvaged"  # in the home: complete, and about to take its place
BESIDE = ("-wal", "-shm", "-journal")
ROWS_AT_ONCE = 1000
# Whole numbers are stored as integers also in these columns.
REALS = {"started", "updated", "scale", "verified"}

Row = tuple[str, dict[str, object]]  # table, columns


def salvage(settings: Settings) -> Problem:
    """Put a new library.db in place of the damaged one; says how much of it was saved.

    Raises LibraryError where no folder, file or article stands in it any more, or the disk
    fails.
    """
    folder = settings.home / WORKED_IN
    try:
        shutil.rmtree(folder, ignore_errors=True)
        with open_library(Settings(home=folder)) as library:
            saved = _fill(library, settings.library_path)
            if not any(saved[name] for name in ("roots", "files", "articles")):
                raise LibraryError(
                    f"Nothing in {settings.library_path} can be read any more. Put back a backup, "
                    "or name another --home and add the folders again."
                )
        durable.flush(folder / "library.db")
        (folder / "library.db").replace(settings.home / READY)
        shutil.rmtree(folder)
        durable.flush_folder(settings.home)
        kept = quarantine.copy_file(settings, settings.library_path)
        finish(settings)
    except (OSError, sqlite3.Error) as error:
        raise LibraryError(
            f"What can be read of {settings.library_path} could not be saved: {error}. Nothing "
            "was changed. Free space, close the app, and run `doctor --repair` again."
        ) from error
    told = ", ".join(f"{saved[name]} {name}" for name in ("files", "articles", "passages",
                                                           "vectors"))  # fmt: skip
    return Problem(f"library.db could not be read: {told} were saved; kept aside as it was",
                   str(kept), True)  # fmt: skip


def finish(settings: Settings) -> None:
    """Put a salvaged file in place that is ready, also one of a run that was killed."""
    ready = settings.home / READY
    if ready.exists():
        for beside in BESIDE:  # else SQLite would mix the old one's last pages into the new one
            settings.library_path.with_name(settings.library_path.name + beside).unlink(
                missing_ok=True
            )
        durable.flush_folder(settings.home)
        durable.put_in_place(ready, settings.library_path.name)


def _fill(library: Library, damaged: Path) -> Counter[str]:
    saved: Counter[str] = Counter()
    library.connection.execute("PRAGMA foreign_keys = OFF")
    waiting: list[Row] = []

    def write() -> None:
        with library.transaction():
            for table, values in waiting:
                marks = ", ".join("?" * len(values))
                names = ", ".join(f'"{name}"' for name in values)
                done = library.connection.execute(
                    f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})",
                    list(values.values()),
                )
                saved[table] += done.rowcount
        waiting.clear()

    for record in pages.records(damaged):
        waiting += sure(record)
        if len(waiting) >= ROWS_AT_ONCE:
            write()
    write()
    with library.transaction():
        for table in ("signatures", "uncut", "passages"):  # made again with their articles
            library.connection.execute(
                f"DELETE FROM {table} WHERE article_id NOT IN (SELECT article_id FROM articles)"
            )
        _list_folders(library)
        library.connection.execute("DROP TABLE passages_fts")
        repair_text.fill_full_text(library)
    return saved


def _list_folders(library: Library) -> None:
    """Folders that files belong to are followed, though their own rows are lost."""
    rows = library.connection.execute(
        "SELECT DISTINCT root FROM files WHERE root NOT IN (SELECT path FROM roots)"
    ).fetchall()
    for (root,) in rows:
        library.connection.execute(
            "INSERT INTO roots (path, is_folder) VALUES (?, ?)", (root, not Path(root).is_file())
        )


def sure(record: Record) -> list[Row]:
    """The row that this record is, as its hash tells; none where no hash fits."""
    values = record.values
    try:
        return next(([row] for read in _READERS if (row := read(record, values)) is not None), [])
    except (TypeError, ValueError):
        return []


def _kept(record: Record, values: tuple[object, ...]) -> Row | None:
    for table, shape in KEPT.items():
        if len(values) != len(shape.columns) + 1:
            continue
        named = dict(zip(shape.columns, values, strict=False))
        if named[shape.key] is None:
            named[shape.key] = record.rowid
        for name in REALS & named.keys():
            named[name] = float(named[name])  # type: ignore[arg-type]
        if of_stored(*named.values()) == values[-1]:
            return table, named
    return None


def _article(_: Record, values: tuple[object, ...]) -> Row | None:
    names = (*ARTICLE, "story_id", "row_sha256", "story_sha256")
    if len(values) != len(names) or row_sha256(*values[: len(ARTICLE)]) != values[-2]:
        return None
    named = dict(zip(names, values, strict=True))
    if row_sha256(*(named[name] for name in STORY)) != values[-1]:
        named["story_id"] = None
        named["story_sha256"] = row_sha256(named["article_id"], None)
    return "articles", named


def _passage(record: Record, values: tuple[object, ...]) -> Row | None:
    names = ("passage_id", "article_id", "start", "end", "text", "embedded_sha256", "row_sha256")
    if len(values) != len(names) or record.rowid is None:
        return None
    named = dict(zip(names, values, strict=True)) | {"passage_id": record.rowid}
    fits = row_sha256(*(named[name] for name in PASSAGE)) == named["row_sha256"]
    return ("passages", named) if fits else None


def _vector_or_uncut(_: Record, values: tuple[object, ...]) -> Row | None:
    if len(values) != 4 or row_sha256(*values[:3]) != values[3]:
        return None
    if isinstance(values[2], bytes):
        names: tuple[str, ...] = ("encoder_key", "embedded_sha256", "vector", "row_sha256")
        return "vectors", dict(zip(names, values, strict=True))
    names = ("article_id", "text", "spans", "row_sha256")
    return "uncut", dict(zip(names, values, strict=True))


def _source(_: Record, values: tuple[object, ...]) -> Row | None:
    if len(values) != 2 or source_of(str(values[0]), values[1]) is None:
        return None
    return "sources", {"source_sha256": values[0], "text": values[1]}


_READERS: tuple[Callable[[Record, tuple[object, ...]], Row | None], ...] = (
    _kept, _article, _passage, _vector_or_uncut, _source,
)  # fmt: skip
