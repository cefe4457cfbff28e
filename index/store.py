"""library.db: the truth of a library.

Opens the database, its transactions and snapshots, and reads rows as records
(`write.py` writes them). Knows nothing about how files are read, embedded or searched.
"""

from __future__ import annotations

import hashlib
import json
import logging
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

from core.errors import LibraryError
from core.records import MEMBER_MARK, Article, Passage, Removed, SourceFile, SpanRun
from core.settings import Settings
from index import opening, row_hashes
from index.row_hashes import row_sha256

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

# SQLite's default limit of bound values is 32,766; smaller batches keep statements short.
BATCH_ROWS = 500
log = logging.getLogger(__name__)
SIGNATURES_READ = 8192  # at once: 4 MB


@dataclass(frozen=True, slots=True)
class Folder:
    path: str
    state: Literal["watched", "unavailable"]
    is_folder: bool = True  # False for a file that was added on its own
    exclude: tuple[str, ...] = ()  # globs of what is left out in it
    ocr: bool = False  # whether pictures of pages are read


@dataclass(frozen=True, slots=True)
class Seen:
    """How a file stood when it was last looked at; None: not known."""

    ctime_ns: int | None  # when the file system last noted a change of it
    device: int | None  # the one its folder is on
    rules: int  # the version of ingest's rules that read it; 0: it was not read


class Library:
    """One connection to library.db. Use it in one thread; open one per request."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.connection, self.is_read_only = opening.opened(settings.library_path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One atomic write; on an error nothing of it stays. Raises LibraryError where the
        library can only be read."""
        if self.is_read_only:
            raise LibraryError(
                f"The library in {self.settings.home} can only be read now: its disk is full, or "
                "may not be written. Make room or allow writing, then run this again."
            )
        with opening.transaction(self.connection):
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """One read transaction: every query inside sees the same library."""
        with opening.snapshot(self.connection):
            yield

    # --- reading -------------------------------------------------------------

    def counts(self) -> dict[str, int]:
        """Files by status, articles and passages."""
        counts = dict.fromkeys(("indexed", "empty", "skipped", "failed"), 0)
        counts.update(self.connection.execute("SELECT status, count(*) FROM files GROUP BY status"))
        counts["articles"] = self._count("articles")
        counts["passages"] = self._count("passages")
        return counts

    def files(self) -> list[SourceFile]:
        rows = self.connection.execute(f"SELECT {_FILE_FIELDS} FROM files ORDER BY path")
        return [SourceFile(*row) for row in rows]

    def file(self, path: str) -> SourceFile | None:
        row = self.connection.execute(
            f"SELECT {_FILE_FIELDS} FROM files WHERE path = ?", (path,)
        ).fetchone()
        return SourceFile(*row) if row else None

    def seen(self, path: str) -> Seen | None:
        """How the file stood when it was last looked at; None where it is not known."""
        row = self.connection.execute(
            "SELECT ctime_ns, device, rules FROM files WHERE path = ?", (path,)
        ).fetchone()
        return Seen(*row) if row else None

    def members(self, path: str) -> list[SourceFile]:
        """The files inside a container, as they were last read."""
        prefix = path + MEMBER_MARK
        rows = self.connection.execute(
            f"SELECT {_FILE_FIELDS} FROM files WHERE substr(path, 1, ?) = ? AND path > ?"
            " AND path < ? ORDER BY path",
            # The bounds let the index on paths do the work; substr alone reads all rows.
            (len(prefix), prefix, prefix, prefix + "\U0010ffff"),
        )
        return [SourceFile(*row) for row in rows]

    def devices_under(self, root: str) -> dict[str, int | None]:
        """The files of a followed folder, each with the device that it was last seen on."""
        rows = self.connection.execute("SELECT path, device FROM files WHERE root = ?", (root,))
        return dict(rows.fetchall())

    def folders(self) -> list[Folder]:
        rows = self.connection.execute(
            "SELECT path, state, is_folder, exclude, ocr FROM roots ORDER BY path"
        )
        return [
            Folder(path, state, bool(is_folder), tuple(json.loads(exclude)), bool(ocr))
            for path, state, is_folder, exclude, ocr in rows
        ]

    def excluded(self) -> set[str]:
        """Paths that were removed inside a followed folder."""
        return {path for (path,) in self.connection.execute("SELECT path FROM excluded")}

    def articles(self, path: str) -> list[Article]:
        rows = self.connection.execute(
            f"SELECT {_ARTICLE_FIELDS} FROM articles WHERE path = ? ORDER BY ordinal", (path,)
        )
        return [article for row in rows if (article := _article(row)) is not None]

    def article(self, article_id: str) -> Article | None:
        """None where the library has none, or its row is damaged (`doctor --repair`)."""
        row = self.connection.execute(
            f"SELECT {_ARTICLE_FIELDS} FROM articles WHERE article_id = ?", (article_id,)
        ).fetchone()
        return _article(row) if row else None

    def passages(self, passage_ids: Sequence[int]) -> dict[int, Passage]:
        """The passages that still exist, by id; damaged ones are left out."""
        found: dict[int, Passage] = {}
        for batch in _batches(passage_ids):
            marks = ",".join("?" * len(batch))
            rows = self.connection.execute(
                "SELECT row_sha256, embedded_sha256, passage_id, article_id, text, start, end"
                f" FROM passages WHERE passage_id IN ({marks})",
                batch,
            )
            for digest, embedded, passage_id, article_id, text, start, end in rows:
                if row_sha256(article_id, start, end, text, embedded) == digest:
                    found[passage_id] = Passage(passage_id, article_id, text, start, end)
                else:
                    log.error(DAMAGED, "passage", passage_id)
        return found

    def source_text(self, path: str) -> str | None:
        """What the file's source text was when it was last read; None also where what is
        stored of it is damaged."""
        row = self.connection.execute(
            "SELECT source_sha256, sources.text FROM files JOIN sources USING (source_sha256)"
            " WHERE path = ?",
            (path,),
        ).fetchone()
        text = source_of(*row) if row else None
        if row and text is None:
            log.error(DAMAGED, "source text of", path)
        return text

    def paths_of_text(self, source_sha256: str) -> list[str]:
        """The files that have just this source text."""
        rows = self.connection.execute(
            "SELECT path FROM files WHERE source_sha256 = ? ORDER BY path", (source_sha256,)
        )
        return [path for (path,) in rows]

    def page_starts(self, path: str) -> tuple[int, ...]:
        """Where each printed page begins in the source text; empty where there are none."""
        row = self.connection.execute(
            "SELECT page_starts FROM files WHERE path = ?", (path,)
        ).fetchone()
        return tuple(json.loads(row[0])) if row else ()

    def removed(self, path: str) -> list[Removed]:
        row = self.connection.execute(
            "SELECT removed FROM files WHERE path = ?", (path,)
        ).fetchone()
        return [Removed(*item) for item in json.loads(row[0])] if row else []

    def unfit(self, path: str) -> list[tuple[str, int]]:
        """Characters of the file that no article shows: (kind, count)."""
        row = self.connection.execute("SELECT unfit FROM files WHERE path = ?", (path,)).fetchone()
        return [(kind, count) for kind, count in json.loads(row[0])] if row else []

    def signatures(self, article_ids: Iterable[str]) -> dict[str, bytes]:
        return dict(
            self.connection.execute(
                "SELECT article_id, signature FROM json_each(?) CROSS JOIN signatures"
                " ON article_id = value",
                (json.dumps(list(article_ids)),),
            )
        )

    def other_signatures(self) -> Iterator[list[tuple[str, bytes]]]:
        """Those of the articles that are grouped already, in batches."""
        rows = self.connection.execute(
            "SELECT article_id, signature FROM signatures"
            " WHERE article_id NOT IN (SELECT article_id FROM ungrouped)"
        )
        while batch := rows.fetchmany(SIGNATURES_READ):
            yield batch

    def stories(self) -> dict[str, str]:
        """article_id → story_id, of the articles that share a story with another."""
        return dict(
            self.connection.execute(
                "SELECT article_id, story_id FROM articles INDEXED BY story_of_article"
                " WHERE story_id IS NOT NULL"
            )
        )

    def ungrouped(self) -> set[str]:
        """Articles that are new or whose story has lost one, since stories were grouped."""
        return {one for (one,) in self.connection.execute("SELECT article_id FROM ungrouped")}

    def known_vectors(self, encoder_key: str, digests: Iterable[str]) -> set[str]:
        """Which embedded texts already have a vector."""
        known: set[str] = set()
        for batch in _batches(list(digests)):
            marks = ",".join("?" * len(batch))
            rows = self.connection.execute(
                f"SELECT embedded_sha256 FROM vectors WHERE encoder_key = ?"
                f" AND embedded_sha256 IN ({marks})",
                (encoder_key, *batch),
            )
            known.update(digest for (digest,) in rows)
        return known

    # --- inside ----------------------------------------------------------------

    def _count(self, table: str) -> int:
        (count,) = self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(count)


def open_library(settings: Settings) -> Library:
    """The library of this home; an empty one is created. Raises LibraryError."""
    return Library(settings)


def text_sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def source_of(source_sha256: str, stored: object) -> str | None:
    """The source text that was stored under this hash; None where it is damaged."""
    try:
        text = zlib.decompress(stored).decode()  # type: ignore[arg-type]
    except (zlib.error, UnicodeDecodeError, TypeError):
        return None
    return text if text_sha256(text) == source_sha256 else None


DAMAGED = "a damaged row is left out, `doctor --repair` mends it: %s %s"
_FILE_FIELDS = "path, size, mtime_ns, sha256, encoding, kind, status, reason"
_ARTICLE_FIELDS = f"{', '.join(row_hashes.ARTICLE)}, story_id, row_sha256, story_sha256"


def spans_json(runs: Sequence[SpanRun]) -> str:
    """Runs as they are stored; `spans_of` gives them back."""
    return json.dumps(
        [[run.clean_start, run.clean_end, run.source_start, run.source_end] for run in runs]
    )


def spans_of(stored: str) -> tuple[SpanRun, ...]:
    return tuple(SpanRun(*run) for run in json.loads(stored))


def _article(row: tuple[Any, ...]) -> Article | None:
    """None where the row doesn't fit its hash."""
    *values, story_id, digest, story_digest = row
    if row_sha256(*values) != digest:
        log.error(DAMAGED, "article of", row[1])
        return None
    if row_sha256(row[0], story_id) != story_digest:
        log.error(DAMAGED, "story of", row[1])
        story_id = None
    return Article(*values[:-1], spans_of(values[-1]), story_id)  # type: ignore[call-arg]


def _batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), BATCH_ROWS):
        yield items[start : start + BATCH_ROWS]
