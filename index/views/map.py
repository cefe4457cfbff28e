"""A library's articles as a map: points in groups that have names.

Takes a library with vectors; gives for each article a place in the unit square and its group,
named by its characteristic words. Made once for each `state` of a library: it takes seconds.
Draws nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index import row_hashes
from index.store import BATCH_ROWS, Library
from index.views import layout, terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

# Path, place on its page, title, outlet and date of an article
Facts = tuple[str, int, str, str | None, str | None]

MOST_ARTICLES = 20_000  # on one map; of a larger library every n-th article is taken
READ_ROWS = 4096  # vectors read at once: 6 MB at 384 dimensions
TEXTS_A_GROUP = 150  # that its name is made from


@dataclass(frozen=True, slots=True)
class Point:
    """An article's place, x and y in 0..1, and the number of its group, from 0."""

    article_id: str
    path: str
    ordinal: int
    title: str
    outlet: str | None
    published: str | None
    x: float
    y: float
    group: int


@dataclass(frozen=True, slots=True)
class Map:
    points: tuple[Point, ...]  # in order of their articles' ids
    names: tuple[tuple[str, ...], ...]  # up to three words for each group; () where it has none
    articles: int  # in the library, those without a place included


def state(library: Library) -> str:
    """Names what a map is made of: another one, as soon as an article comes, goes or changes."""
    # Ids of passages are never given twice, so that the last one tells of everything new.
    row = library.connection.execute(
        "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'passages'), 0),"
        " (SELECT count(*) FROM passages), (SELECT count(*) FROM articles),"
        " (SELECT coalesce(max(rowid), 0) FROM vectors)"
    ).fetchone()
    return "-".join(map(str, row))


def made(library: Library, encoder_key: str | None = None) -> Map:
    """The map by this encoder's vectors; without a key, by those that there are most of."""
    with library.snapshot():
        (articles,) = library.connection.execute("SELECT count(*) FROM articles").fetchone()
        key = encoder_key or _commonest_key(library)
        ids, means = _means(library, key) if key else ([], None)
        if means is None or not ids:
            return Map((), (), articles)
        facts = _facts(library, ids)
        sound = [place for place, identity in enumerate(ids) if identity in facts]
        if not sound:
            return Map((), (), articles)
        ids, means = [ids[place] for place in sound], means[sound]
        places = layout.lay_out(means)
        groups = layout.group(places).tolist()
        points = tuple(
            Point(identity, *facts[identity], float(x), float(y), group)
            for identity, (x, y), group in zip(ids, places.tolist(), groups, strict=True)
        )
        return Map(points, _names(library, points), articles)


def _commonest_key(library: Library) -> str | None:
    row = library.connection.execute(
        "SELECT encoder_key FROM vectors GROUP BY encoder_key ORDER BY count(*) DESC LIMIT 1"
    ).fetchone()
    return str(row[0]) if row else None


def _facts(library: Library, ids: Sequence[str]) -> dict[str, Facts]:
    """Of the articles whose rows are not damaged."""
    facts: dict[str, Facts] = {}
    for start in range(0, len(ids), BATCH_ROWS):
        batch = ids[start : start + BATCH_ROWS]
        rows = library.connection.execute(
            "SELECT article_id, path, ordinal, title, outlet, published FROM articles"
            f" WHERE article_id IN ({','.join('?' * len(batch))})"
            f" AND {row_hashes.fits(row_hashes.ARTICLE)}",
            batch,
        )
        facts |= {row[0]: row[1:] for row in rows}
    return facts


def _names(library: Library, points: Sequence[Point]) -> tuple[tuple[str, ...], ...]:
    count = max(point.group for point in points) + 1
    groups: dict[int, list[terms.Text]] = {}
    for number in range(count):
        members = [point.article_id for point in points if point.group == number]
        chosen = members[:: -(-len(members) // TEXTS_A_GROUP)] if members else []
        groups[number] = _texts(library, chosen)
    names = terms.names(groups)
    return tuple(names[number] for number in range(count))


def _texts(library: Library, ids: Sequence[str]) -> list[terms.Text]:
    """Of articles whose rows are known not to be damaged."""
    rows = library.connection.execute(
        "SELECT title, substr(text, 1, ?), language FROM articles"
        f" WHERE article_id IN ({','.join('?' * len(ids))}) ORDER BY article_id",
        (terms.TEXT_CHARS, *ids),
    )
    return [terms.Text(f"{title}\n{text}", language) for title, text, language in rows]


def _means(library: Library, encoder_key: str) -> tuple[list[str], Array]:
    """Ids of articles and the unit means of their passages' vectors."""
    import numpy as np

    chosen = _chosen(library)
    number = {identity: place for place, identity in enumerate(chosen)}
    sums: Array | None = None
    rows = library.connection.execute(
        "SELECT article_id, vector FROM passages CROSS JOIN vectors USING (embedded_sha256)"
        " WHERE encoder_key = ?",
        (encoder_key,),
    )
    counts = np.zeros(len(chosen), np.int64)
    while batch := rows.fetchmany(READ_ROWS):
        batch = [row for row in batch if row[0] in number]
        if not batch:
            continue
        vectors = np.frombuffer(b"".join(row[1] for row in batch), np.float32)
        vectors = vectors.reshape(len(batch), -1)
        places = np.fromiter((number[row[0]] for row in batch), np.int64, len(batch))
        sums = np.zeros((len(chosen), vectors.shape[1]), np.float32) if sums is None else sums
        np.add.at(sums, places, vectors)
        counts += np.bincount(places, minlength=len(chosen))
    if sums is None:
        return [], np.zeros((0, 0), np.float32)
    there = counts > 0
    means = sums[there]
    lengths = np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    ids = [identity for identity, is_there in zip(chosen, there, strict=True) if is_there]
    return ids, means / lengths


def _chosen(library: Library) -> Sequence[str]:
    ids = [
        identity
        for (identity,) in library.connection.execute(
            "SELECT article_id FROM articles INDEXED BY story_of_article ORDER BY article_id"
        )
    ]
    # Ids are hashes, so that every n-th of them is a fair sample.
    return ids[:: -(-len(ids) // MOST_ARTICLES)] if ids else ids
