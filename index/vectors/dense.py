"""Dense search: passages by the cosine of their vectors with a query's, higher is better.

The seam between the app and whatever holds an index of the vectors: `search`, `scores`,
`publish` (with `is_stale`) and `clean_up`. The index only proposes; every score that leaves
this module is computed from the vectors in library.db, so that a result is exact, exists
and is admitted by the filters. What the index does not cover yet is compared one by one.
Knows neither FAISS nor Milvus.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from core.records import Filters
from index.finding import filters as article_filters
from index.store import Library
from index.vectors import stored_vectors as vectors
from index.vectors import vector_files
from index.vectors.stored_vectors import Condition, Pair

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.vectors.milvus_index import MilvusIndex

    Vector = NDArray[np.float32]
    Ids = NDArray[np.int64]

# Filters that admit so few passages are answered from library.db: 9 µs each.
SCORED_FROM_ROWS = 500
# A filter that admits more than this share of the articles is checked on the candidates,
# not turned into a list of passages: 0.7 µs for each of those, 6 µs for each of these.
LISTED_SHARE = 0.04
LISTED_LEAST = 2000
FILTERED_CANDIDATES = 4096  # enough for 100 hits of a filter that admits 4 %
MOST_CANDIDATES = 16_384  # beyond them all admitted passages are compared


class VectorIndex(Protocol):
    """An index over the passages up to `covered_id`, `passages` of them."""

    @property
    def covered_id(self) -> int: ...

    @property
    def passages(self) -> int: ...

    def search(self, query: Vector, count: int, filters: Filters, only: Ids | None) -> list[Pair]:
        """At most `count` candidates, best first; fewer only where there are no more. May
        contain deleted passages, and such as the filters or `only` (ids) don't admit; must
        not lack an admitted one."""
        ...

    def margin(self, query: Vector) -> float:
        """How far the candidates' cosines may be from the exact ones."""
        ...


def search(
    library: Library, encoder_key: str, query: Vector, count: int, filters: Filters
) -> list[Pair]:
    """(passage_id, cosine), best first. `query`: unit vector of shape (dimensions,).

    Exact with filters, whatever they admit; without, as exact as the index. Call inside
    `library.snapshot()`, so that index and rows belong together.
    """
    condition = article_filters.condition(filters)
    index = _index(library, encoder_key)
    only = None
    if condition[0]:
        only = vectors.admitted(library, condition, _most_listed(library))
        if only is not None and (index is None or len(only) <= SCORED_FROM_ROWS):
            return best(vectors.scored(library, encoder_key, query, only), count)
    ask = _Question(library, encoder_key, query, count, filters, condition)
    covered_id = index.covered_id if index else 0
    found, _ = _checked(ask, vectors.newest(library, encoder_key, query, covered_id), 0.0)
    if index is not None:
        found += _from_index(ask, index, only)
    return best(found, count)


def scores(
    library: Library, encoder_key: str, query: Vector, passage_ids: Sequence[int]
) -> dict[int, float]:
    """The exact cosine of each of these passages."""
    return dict(vectors.scored(library, encoder_key, query, passage_ids))


def current(library: Library, encoder_key: str) -> vector_files.Generation | None:
    """What the index covers; None where nothing is published yet."""
    if library.settings.milvus:
        return _milvus(library, encoder_key).current()
    return vector_files.current(library, encoder_key)


def is_stale(library: Library, encoder_key: str) -> bool:
    """Whether the index lacks so much that it is worth bringing in step."""
    if library.settings.milvus:
        return _milvus(library, encoder_key).is_stale()
    return vector_files.is_stale(library, encoder_key)


def publish(library: Library, encoder_key: str) -> None:
    """Bring the index in step with library.db. Vectors are read in batches."""
    if library.settings.milvus:
        _milvus(library, encoder_key).publish()
    else:
        vector_files.publish(library, encoder_key)


def clean_up(library: Library) -> None:
    """Remove what earlier runs left behind."""
    vector_files.clean_up(library)


def best(pairs: Sequence[Pair], count: int) -> list[Pair]:
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:count]


@dataclass(frozen=True, slots=True)
class _Question:
    library: Library
    encoder_key: str
    query: Vector
    count: int
    filters: Filters
    condition: Condition


def _from_index(ask: _Question, index: VectorIndex, only: Sequence[int] | None) -> list[Pair]:
    import numpy as np

    ids = np.array(only, dtype=np.int64) if only is not None else None
    checked_later = ask.filters.active() and only is None
    wanted = FILTERED_CANDIDATES if checked_later else _piece(ask.count)
    margin = index.margin(ask.query)
    while True:
        pairs = index.search(ask.query, wanted, ask.filters, ids)
        found, complete = _checked(ask, pairs, margin)
        if complete or len(pairs) < wanted:
            return found
        if wanted >= MOST_CANDIDATES:
            break
        wanted = min(4 * wanted, MOST_CANDIDATES)
    if len(found) >= ask.count:
        return found  # thousands of passages as near as these: copies of one text
    every = vectors.admitted(ask.library, ask.condition, None)
    return vectors.scored(ask.library, ask.encoder_key, ask.query, every or [])


def _checked(ask: _Question, pairs: Sequence[Pair], margin: float) -> tuple[list[Pair], bool]:
    """The best of the candidates that exist and are admitted, with exact cosines; and
    whether no later candidate can be among them."""
    found: list[Pair] = []
    size = _piece(ask.count)
    for start in range(0, len(pairs), size):
        piece = pairs[start : start + size]
        if len(found) >= ask.count and found[-1][1] > piece[0][1] + margin:
            return found, True
        ids = [passage_id for passage_id, _ in piece]
        found += vectors.scored(ask.library, ask.encoder_key, ask.query, ids, ask.condition)
        found = best(found, ask.count)
    return found, len(found) >= ask.count and found[-1][1] > pairs[-1][1] + margin


def _piece(count: int) -> int:
    """How many candidates are checked at once: mostly enough for `count` hits."""
    return count + count // 2 + 16


def _most_listed(library: Library) -> int:
    (articles,) = library.connection.execute("SELECT max(rowid) FROM articles").fetchone()
    return max(LISTED_LEAST, int(LISTED_SHARE * (articles or 0)))


def _index(library: Library, encoder_key: str) -> VectorIndex | None:
    if library.settings.milvus:
        return _milvus(library, encoder_key).opened()
    return vector_files.opened(library, encoder_key)


def _milvus(library: Library, encoder_key: str) -> MilvusIndex:
    """Imported only where a Milvus address is configured."""
    from index.vectors.milvus_index import MilvusIndex

    return MilvusIndex(library, encoder_key)
