"""Published vector files: derived from library.db, named by their hash, never changed.

A file covers the passages up to `covered_id`. It is built beside the old one (temporary
name, fsync, rename, folder fsync) and named in one commit; the last two are kept. One that
is missing or damaged counts as none: whoever searches falls back, and the next indexing
run builds it again without embedding.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from core import shortage
from core.records import Filters
from index import durable
from index.store import Library
from index.vectors import faiss_index
from index.vectors import stored_vectors as vectors
from index.vectors.faiss_index import Int8Index, OutOfScale

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]
    Vectors = NDArray[np.float32]
    Ids = NDArray[np.int64]

# A new file is built when this share of the passages is not in it, or is deleted in it.
# What a file lacks is read from library.db: 9 µs each in a process that starts.
STALE_SHARE = 0.05
STALE_MINIMUM = 256
STALE_MOST = 10_000
KEPT_FILES = 2
# A larger file stays on disk and is read through the page cache; its hash (0.07 s for
# 100 MB) is believed for a day while size, times and inode are the same. Files are only
# ever replaced by renaming: one that is cut short under a reader would kill it.
MAPPED_BYTES = 128 * 1024 * 1024
BELIEVED_SECONDS = 24 * 3600.0
# An older file is continued unless it would hold so many times what its lists are made for.
GROWTH = 2


@dataclass(frozen=True, slots=True)
class Generation:
    generation: int
    file_name: str
    file_sha256: str
    covered_id: int
    passages: int
    deleted: int  # of these passages, since it was published
    scale: float
    file_state: str  # when its hash was last checked, at `verified`
    verified: float


@dataclass(frozen=True, slots=True)
class FileIndex:
    """The vector index of one machine: a published file, opened."""

    generation: Generation
    index: Int8Index

    @property
    def covered_id(self) -> int:
        return self.generation.covered_id

    @property
    def passages(self) -> int:
        return self.generation.passages

    def search(
        self, query: Vector, count: int, filters: Filters, only: Ids | None
    ) -> list[tuple[int, float]]:
        """With a filter every list is read, so that nothing admitted is missed."""
        return faiss_index.search(self.index, query, count, filters.active(), only)

    def margin(self, query: Vector) -> float:
        return faiss_index.margin(self.index, query)


def current(library: Library, encoder_key: str, names: str = "vectors-*") -> Generation | None:
    """The newest one. `names`: a glob; another one for what is no file of this machine."""
    row = library.connection.execute(
        "SELECT generation, file_name, file_sha256, covered_id, passages, deleted, scale,"
        " file_state, verified FROM generations WHERE encoder_key = ? AND file_name GLOB ?"
        " ORDER BY generation DESC LIMIT 1",
        (encoder_key, names),
    ).fetchone()
    return Generation(*row) if row else None


def opened(library: Library, encoder_key: str) -> FileIndex | None:
    """The current file; None where there is none, or it is missing or damaged."""
    generation = current(library, encoder_key)
    index = _open(library, generation) if generation else None
    return FileIndex(generation, index) if generation and index else None


def is_stale(library: Library, encoder_key: str) -> bool:
    """Whether a new file is worth building."""
    generation = current(library, encoder_key)
    if generation is None or _open(library, generation) is None:
        return has_vectors(library, encoder_key)
    return lacks_much(library, generation)


def has_vectors(library: Library, encoder_key: str) -> bool:
    row = library.connection.execute(
        "SELECT 1 FROM vectors WHERE encoder_key = ? LIMIT 1", (encoder_key,)
    ).fetchone()
    return row is not None


def lacks_much(library: Library, generation: Generation) -> bool:
    """Whether it pays to cover what is newer and drop what is deleted. Reads only that."""
    (newer,) = library.connection.execute(
        "SELECT count(*) FROM passages WHERE passage_id > ?", (generation.covered_id,)
    ).fetchone()
    share = min(STALE_SHARE * (generation.passages + newer), STALE_MOST)
    return bool(newer + generation.deleted > max(STALE_MINIMUM, share))


def publish(library: Library, encoder_key: str) -> None:
    """Build a new file beside the old one and name it in one commit.

    Vectors are read in batches and never all at once. A kill at any moment leaves the
    old generation whole.
    """
    with library.snapshot():
        built = _continued(library, encoder_key) or _from_scratch(library, encoder_key)
    if built is None:
        return
    index, covered_id = built
    temporary, digest = durable.write(
        library.settings.home,
        f"vectors-{os.getpid()}.tmp",
        lambda put: faiss_index.write(index, put),
    )
    path = durable.put_in_place(temporary, f"vectors-{digest[:16]}.faiss")
    with library.transaction():
        library.connection.execute(
            "INSERT INTO generations (encoder_key, file_name, file_sha256, covered_id, passages,"
            " scale, file_state, verified) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(encoder_key, path.name, digest, covered_id, index.passages),
                *(index.scale, durable.state(path), time.time()),
            ),
        )
        library.connection.execute(
            "DELETE FROM generations WHERE file_name GLOB 'vectors-*' AND generation NOT IN"
            " (SELECT generation FROM generations WHERE file_name GLOB 'vectors-*'"
            " ORDER BY generation DESC LIMIT ?)",
            (KEPT_FILES,),
        )
    clean_up(library)


def clean_up(library: Library) -> None:
    """Remove vector files that no generation names, and left-over temporary ones; check
    the current file's hash anew where that is long ago."""
    named = {name for (name,) in library.connection.execute("SELECT file_name FROM generations")}
    for path in library.settings.home.glob("vectors-*"):
        if path.name not in named:
            try:
                path.unlink(missing_ok=True)
            except PermissionError:
                pass  # Windows: a running search still reads it; the next run removes it
    rows = library.connection.execute("SELECT DISTINCT encoder_key FROM generations").fetchall()
    for (encoder_key,) in rows:
        _verify_again(library, current(library, encoder_key))


def _verify_again(library: Library, generation: Generation | None) -> None:
    if generation is None or _is_believed(library, generation):
        return
    path = library.settings.home / generation.file_name
    state = durable.state(path)
    if durable.size(state) > MAPPED_BYTES and durable.sha256(path) == generation.file_sha256:
        with library.transaction():
            library.connection.execute(
                "UPDATE generations SET file_state = ?, verified = ? WHERE generation = ?",
                (state, time.time(), generation.generation),
            )


def _continued(library: Library, encoder_key: str) -> tuple[Int8Index, int] | None:
    """The current file's vectors without the deleted ones, and the newer ones; None where
    it has to be made anew."""
    import numpy as np

    generation = current(library, encoder_key)
    path = library.settings.home / generation.file_name if generation else None
    if generation is None or path is None or not durable.state(path):
        return None
    if durable.sha256(path) != generation.file_sha256:
        return None
    index = faiss_index.read(path, generation.scale, mapped=False)
    (passages,) = library.connection.execute("SELECT count(*) FROM passages").fetchone()
    wanted = faiss_index.lists_for(passages)
    if max(wanted, index.lists) > GROWTH * min(wanted, index.lists):
        return None
    if generation.deleted:
        rows = library.connection.execute(
            "SELECT passage_id FROM passages WHERE passage_id <= ?", (generation.covered_id,)
        )
        faiss_index.remove(index, np.fromiter((row[0] for row in rows), dtype=np.int64))
    try:
        newer = vectors.stream(library, encoder_key, generation.covered_id)
        last = faiss_index.add(index, newer)
    except OutOfScale:
        return None
    return index, last or generation.covered_id


def _from_scratch(library: Library, encoder_key: str) -> tuple[Int8Index, int] | None:
    import numpy as np

    (passages,) = library.connection.execute("SELECT count(*) FROM passages").fetchone()
    lists = faiss_index.lists_for(passages)
    every = max(1, passages // (lists * faiss_index.SAMPLE_PER_LIST)) if lists > 1 else 1
    batches = vectors.stream(library, encoder_key, 0, every)
    # The same passages give the same sample, and that the same lists.
    parts = [part for _, part in (batches if lists > 1 else _first(batches))]
    if not parts:
        return None
    sample = np.concatenate(parts)
    lists = min(lists, len(sample))
    scale = faiss_index.scale_for(float(np.abs(sample).max()))
    while True:
        index = faiss_index.trained(sample, lists, scale)
        try:
            last = faiss_index.add(index, vectors.stream(library, encoder_key, 0))
        except OutOfScale as found:
            scale = faiss_index.scale_for(found.largest)
            continue
        return (index, last) if last is not None else None


def _first(batches: Iterator[tuple[Ids, Vectors]]) -> Iterator[tuple[Ids, Vectors]]:
    first = next(batches, None)
    return iter(()) if first is None else chain([first])


def _open(library: Library, generation: Generation) -> Int8Index | None:
    path = library.settings.home / generation.file_name
    believed = _is_believed(library, generation)
    state = durable.state(path)
    try:
        return _read(path, state, generation.file_sha256, generation.scale, believed)
    except (OSError, RuntimeError, ImportError, MemoryError) as error:
        if not shortage.is_of_machine(error):
            raise
        log.warning("The vector file can't be read now, so vectors are compared one by one")
        return None


def _is_believed(library: Library, generation: Generation) -> bool:
    """Whether the hash of a large file may be taken as checked."""
    state = durable.state(library.settings.home / generation.file_name)
    return (
        state == generation.file_state
        and durable.size(state) > MAPPED_BYTES
        and 0 <= time.time() - generation.verified < BELIEVED_SECONDS
    )


@lru_cache(maxsize=4)  # by state: a file that is put back is read again
def _read(path: Path, state: str, sha256: str, scale: float, believed: bool) -> Int8Index | None:
    if not state:
        return None
    try:
        if not believed and durable.sha256(path) != sha256:
            return None
        return faiss_index.read(path, scale, mapped=path.stat().st_size > MAPPED_BYTES)
    except (OSError, RuntimeError) as error:  # missing, or not what FAISS can read
        if shortage.is_of_machine(error):  # not to be remembered
            raise
        return None
