"""The vectors stored in library.db: exact cosines of passages, read in batches.

Takes passage ids or an SQL condition on `articles`; gives ids with cosines (higher is
better) or arrays. Knows no index: whoever asks says which passages to score.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.row_hashes import row_sha256
from index.store import BATCH_ROWS, Library

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]
    Vectors = NDArray[np.float32]
    Ids = NDArray[np.int64]

Condition = tuple[str, Sequence[str]]  # SQL on `articles` and its values; "" admits all
Pair = tuple[int, float]  # passage_id, cosine
ALL: Condition = ("", ())
log = logging.getLogger(__name__)
_FIELDS = "vector, vectors.row_sha256, vectors.embedded_sha256"

READ_ROWS = 4096  # vectors read at once: 6 MB at 384 dimensions
# Newest vectors that are kept in memory between queries: 77 MB at 384 dimensions.
REMEMBERED_ROWS = 50_000
REMEMBERED_LIBRARIES = 2


def scored(
    library: Library,
    encoder_key: str,
    query: Vector,
    passage_ids: Sequence[int],
    condition: Condition = ALL,
) -> list[Pair]:
    """The exact cosine of each of these passages that still exists and is admitted."""
    where, values = condition
    join = " CROSS JOIN articles USING (article_id)" if where else ""
    found: list[Pair] = []
    for start in range(0, len(passage_ids), BATCH_ROWS):
        batch = passage_ids[start : start + BATCH_ROWS]
        rows = library.connection.execute(
            f"SELECT passage_id, {_FIELDS} FROM passages{join}"
            " CROSS JOIN vectors USING (embedded_sha256)"
            f" WHERE passage_id IN ({','.join('?' * len(batch))}) AND encoder_key = ?"
            + (f" AND {where}" if where else ""),
            (*batch, encoder_key, *values),
        ).fetchall()
        if sound := _sound(encoder_key, rows):
            ids, matrix = _arrays(sound)
            found += zip(ids.tolist(), (matrix @ query).tolist(), strict=True)
    return found


def admitted(library: Library, condition: Condition, most_articles: int | None) -> list[int] | None:
    """The passages of the articles that the condition admits; None where it admits more
    than `most_articles`."""
    where, values = condition
    if most_articles is not None:
        (articles,) = library.connection.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM articles WHERE {where} LIMIT ?)",
            (*values, most_articles + 1),
        ).fetchone()
        if articles > most_articles:
            return None
    rows = library.connection.execute(
        f"SELECT passage_id FROM articles CROSS JOIN passages USING (article_id) WHERE {where}",
        values,
    )
    return [passage_id for (passage_id,) in rows]


def stream(
    library: Library, encoder_key: str, after_id: int, every: int = 1
) -> Iterator[tuple[Ids, Vectors]]:
    """Passages beyond `after_id` (only each `every`th id) in order of their ids, up to the
    first that has no vector yet, or a damaged one: what comes behind it may not be taken for
    covered."""
    rows = library.connection.execute(
        f"SELECT passage_id, {_FIELDS} FROM passages LEFT JOIN vectors"
        " ON vectors.embedded_sha256 = passages.embedded_sha256 AND encoder_key = ?"
        " WHERE passage_id > ? AND passage_id % ? = 0 ORDER BY passage_id",
        (encoder_key, after_id, every),
    )
    while batch := rows.fetchmany(READ_ROWS):
        sound = _sound(encoder_key, batch)
        whole = next((n for n, one in enumerate(sound) if one[0] != batch[n][0]), len(sound))
        if whole:
            yield _arrays(sound[:whole])
        if whole < len(batch):
            return


@dataclass(slots=True)
class _Newest:
    """Vectors of a library's newest passages, in order of their ids."""

    ids: Ids
    matrix: Vectors


def newest(library: Library, encoder_key: str, query: Vector, covered_id: int) -> list[Pair]:
    """Passages that no index covers, with their cosines, best first. Some may be gone
    since they were read: check them with `scored`."""
    import numpy as np

    known = _remembered(library, encoder_key, covered_id)
    parts = [(known.ids, known.matrix @ query)] if len(known.ids) else []
    after = int(known.ids[-1]) if len(known.ids) else covered_id
    # What is not remembered: beyond a passage without a vector, or too many.
    rows = library.connection.execute(
        f"SELECT passage_id, {_FIELDS} FROM passages CROSS JOIN vectors USING (embedded_sha256)"
        " WHERE passage_id > ? AND encoder_key = ?",
        (after, encoder_key),
    )
    while batch := rows.fetchmany(READ_ROWS):
        if sound := _sound(encoder_key, batch):
            ids, matrix = _arrays(sound)
            parts.append((ids, matrix @ query))
    if not parts:
        return []
    ids = np.concatenate([part[0] for part in parts])
    cosines = np.concatenate([part[1] for part in parts])
    order = np.lexsort((ids, -cosines))
    return list(zip(ids[order].tolist(), cosines[order].tolist(), strict=True))


_newest: OrderedDict[tuple[Path, str, int], _Newest] = OrderedDict()
_newest_lock = threading.Lock()


def _remembered(library: Library, encoder_key: str, covered_id: int) -> _Newest:
    """The first of the passages beyond `covered_id`; new ones are read, known ones kept."""
    import numpy as np

    key = (library.settings.library_path, encoder_key, covered_id)
    with _newest_lock:
        known = _newest.get(key)
    parts = [(known.ids, known.matrix)] if known else []
    count = len(known.ids) if known else 0
    after = int(known.ids[-1]) if known and count else covered_id
    for ids, matrix in stream(library, encoder_key, after):
        if count + len(ids) > REMEMBERED_ROWS:
            break
        parts.append((ids, matrix))
        count += len(ids)
    if not parts:
        return _Newest(np.zeros(0, np.int64), np.zeros((0, 0), np.float32))
    if known is None or len(parts) > 1:
        known = _Newest(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    with _newest_lock:
        _newest[key] = known
        _newest.move_to_end(key)
        while len(_newest) > REMEMBERED_LIBRARIES:
            _newest.popitem(last=False)
    return known


def _sound(
    encoder_key: str, rows: Sequence[tuple[int, bytes | None, str, str]]
) -> list[tuple[int, bytes]]:
    """The ids and vectors of the rows whose vector is there and fits its hash."""
    sound = [
        (passage_id, vector)
        for passage_id, vector, digest, text in rows
        if vector is not None and row_sha256(encoder_key, text, vector) == digest
    ]
    if len(sound) < sum(vector is not None for _, vector, _, _ in rows):
        log.error("damaged vectors are left out; `doctor --repair` mends them")
    return sound


def _arrays(rows: Sequence[tuple[int, bytes]]) -> tuple[Ids, Vectors]:
    import numpy as np

    ids = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
    data = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float32)
    return ids, data.reshape(len(rows), -1)
