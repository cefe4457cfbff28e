"""Dense search: the only file that knows FAISS, and the only one that turns its
scores into ours (cosine, higher is better).

The FAISS file is derived from library.db and covers passages up to `covered_id`.
Newer vectors are searched exactly from SQLite, deleted ids are filtered out, so
results never depend on when the file was last built.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.records import Filters
from index import filters as article_filters
from index.store import Library

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

Condition = tuple[str, Sequence[str | int]]  # SQL and its values

# A new file is built when this share of the passages is not in it, or is deleted in it.
STALE_SHARE = 0.05
STALE_MINIMUM = 256
KEPT_FILES = 2


@dataclass(frozen=True, slots=True)
class Generation:
    generation: int
    file_name: str
    file_sha256: str
    covered_id: int
    passages: int
    deleted: int  # of these passages, since it was published


def search(
    library: Library, encoder_key: str, query: Vector, count: int, filters: Filters
) -> list[tuple[int, float]]:
    """(passage_id, cosine), best first. `query`: unit vector of shape (dimensions,).

    Call inside `library.snapshot()`, so that file and rows belong together.
    """
    condition, values = article_filters.condition(filters)
    if condition:
        return _exact(library, encoder_key, query, count, (condition, values))
    generation = current(library, encoder_key)
    index = _open(library, generation) if generation else None
    if generation is None or index is None:
        return _exact(library, encoder_key, query, count, None)
    tail = _exact(library, encoder_key, query, count, ("passage_id > ?", [generation.covered_id]))
    similarities, ids = index.search(query.reshape(1, -1), count + generation.deleted)
    pairs = [(int(i), float(s)) for i, s in zip(ids[0], similarities[0], strict=True) if i >= 0]
    alive = library.passages([passage_id for passage_id, _ in pairs])
    found = [pair for pair in pairs if pair[0] in alive]
    return _best(found + tail, count)


def scores(
    library: Library, encoder_key: str, query: Vector, passage_ids: Sequence[int]
) -> dict[int, float]:
    """The exact cosine of each of these passages."""
    if not passage_ids:
        return {}
    marks = ",".join("?" * len(passage_ids))
    condition = (f"passage_id IN ({marks})", list(passage_ids))
    return dict(_exact(library, encoder_key, query, len(passage_ids), condition))


def current(library: Library, encoder_key: str) -> Generation | None:
    row = library.connection.execute(
        "SELECT generation, file_name, file_sha256, covered_id, passages, deleted FROM generations"
        " WHERE encoder_key = ? ORDER BY generation DESC LIMIT 1",
        (encoder_key,),
    ).fetchone()
    return Generation(*row) if row else None


def is_stale(library: Library, encoder_key: str) -> bool:
    """Whether a new file is worth building."""
    generation = current(library, encoder_key)
    (total,) = library.connection.execute(
        "SELECT count(*) FROM passages JOIN vectors USING (embedded_sha256) WHERE encoder_key = ?",
        (encoder_key,),
    ).fetchone()
    if generation is None:
        return bool(total)
    if _open(library, generation) is None:
        return True
    covered = _covered(library, encoder_key, generation)
    changed = (total - covered) + generation.deleted
    return bool(changed > max(STALE_MINIMUM, STALE_SHARE * total))


def publish(library: Library, encoder_key: str) -> None:
    """Build a new file beside the old one and name it in one commit.

    Temporary name, fsync, rename, folder fsync, then the row: a kill at any
    moment leaves the old generation whole.
    """
    import faiss
    import numpy as np

    with library.snapshot():
        rows = _rows(library, encoder_key, None)
    if not rows:
        return
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    vectors = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float32)
    index = faiss.IndexIDMap2(faiss.IndexFlatIP(len(rows[0][1]) // 4))
    index.add_with_ids(vectors.reshape(len(rows), -1), ids)
    data = faiss.serialize_index(index).tobytes()
    digest = hashlib.sha256(data).hexdigest()
    name = f"vectors-{digest[:16]}.faiss"
    _write_durably(library.settings.home / name, data)
    with library.transaction():
        library.connection.execute(
            "INSERT INTO generations (encoder_key, file_name, file_sha256, covered_id, passages)"
            " VALUES (?, ?, ?, ?, ?)",
            (encoder_key, name, digest, int(ids.max()), len(rows)),
        )
        library.connection.execute(
            "DELETE FROM generations WHERE generation NOT IN"
            " (SELECT generation FROM generations ORDER BY generation DESC LIMIT ?)",
            (KEPT_FILES,),
        )
    clean_up(library)


def clean_up(library: Library) -> None:
    """Remove vector files that no generation names, and left-over temporary ones."""
    named = {name for (name,) in library.connection.execute("SELECT file_name FROM generations")}
    for path in library.settings.home.glob("vectors-*"):
        if path.name not in named:
            path.unlink(missing_ok=True)


def _exact(
    library: Library,
    encoder_key: str,
    query: Vector,
    count: int,
    condition: Condition | None,
) -> list[tuple[int, float]]:
    import numpy as np

    rows = _rows(library, encoder_key, condition)
    if not rows:
        return []
    vectors = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float32)
    similarities = vectors.reshape(len(rows), -1) @ query
    return _best(
        [(int(row[0]), float(s)) for row, s in zip(rows, similarities, strict=True)], count
    )


def _rows(
    library: Library, encoder_key: str, condition: Condition | None
) -> list[tuple[int, bytes]]:
    """CROSS JOIN keeps SQLite from starting with the vectors: it would read them all."""
    where, values = condition or ("1", [])
    about_articles = condition is not None and "passage_id" not in where
    start = "articles CROSS JOIN passages USING (article_id)" if about_articles else "passages"
    return library.connection.execute(
        f"SELECT passage_id, vector FROM {start} CROSS JOIN vectors USING (embedded_sha256)"
        " WHERE encoder_key = ? AND " + where,
        (encoder_key, *values),
    ).fetchall()


def _covered(library: Library, encoder_key: str, generation: Generation) -> int:
    (count,) = library.connection.execute(
        "SELECT count(*) FROM passages JOIN vectors USING (embedded_sha256)"
        " WHERE encoder_key = ? AND passage_id <= ?",
        (encoder_key, generation.covered_id),
    ).fetchone()
    return int(count)


def _best(pairs: list[tuple[int, float]], count: int) -> list[tuple[int, float]]:
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:count]


def _open(library: Library, generation: Generation) -> Any:
    """The FAISS index, or None where its file is missing or damaged."""
    path = library.settings.home / generation.file_name
    return _read(path, generation.file_sha256)


@lru_cache(maxsize=4)  # a published file never changes, so path and hash name its content
def _read(path: Path, sha256: str) -> Any:
    import faiss
    import numpy as np

    try:
        data = path.read_bytes()
    except OSError:
        return None
    if hashlib.sha256(data).hexdigest() != sha256:
        return None
    # One thread: on a busy machine OpenMP's barriers cost more than a flat search does.
    faiss.omp_set_num_threads(1)
    return faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8))


def _write_durably(path: Path, data: bytes) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    if hasattr(os, "O_DIRECTORY"):  # Windows can't open a folder to flush it
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
