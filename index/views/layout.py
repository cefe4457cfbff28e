"""Vectors → places on a plane, where what is alike lies together, and groups of places.

Pure: takes and gives numpy arrays, and the same ones give the same ones. Knows no library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]
    Integers = NDArray[np.int64]

SEED = 7
DIMENSIONS = 32  # principal components that neighbours are looked for in
NEIGHBOURS = 15
FEWEST_NEIGHBOURS = 3  # in a small library a quarter of the articles, so that groups part
BLOCK_ROWS = 1024  # rows whose cosines with all others are held at once
STEPS = 220
# Beside the pull of the neighbours. With 2.5, 5 and 10, a paragraph's nearest on the map is of the
# same article in 0.98, 0.98 and 0.97 of 445 paragraphs of 11 SQuAD 2.0 train titles; by the
# vectors themselves 0.99, by the first two principal components alone 0.60. Narrower pulls clump.
REPULSION = 5.0
FARTHEST_STEP = 4.0  # of one point, in units of the layout, where neighbours lie about 1 apart
START_WIDTH = 10.0  # of the first layout, in the same units
MOST_GROUPS = 12  # names that can be read on one picture
FEWEST_TO_GROUP = 6
GROUP_ROUNDS = 40


def lay_out(vectors: Array) -> Array:
    """Rows of unit vectors (n×d) → places (n×2) in the unit square.

    A force layout on the graph of nearest neighbours, from the first two principal
    components: neighbours pull, a random few others push, both as in UMAP (McInnes, Healy and
    Melville, arXiv:1802.03426), with all points moved at once.
    """
    import numpy as np

    if len(vectors) < 3:
        middle = [[0.5, 0.5]] if len(vectors) == 1 else [[0.0, 0.5], [1.0, 0.5]]
        return np.array(middle[: len(vectors)], np.float32).reshape(-1, 2)
    reduced = _principal(vectors)
    places = _start(reduced)
    near, weights = _neighbours(reduced)
    random = np.random.default_rng(SEED)
    for step in range(STEPS):
        others = random.integers(len(places), size=near.shape)
        move = _pull(places, near, weights) + REPULSION * _push(places, others)
        longest = np.maximum(np.linalg.norm(move, axis=1, keepdims=True) / FARTHEST_STEP, 1.0)
        places = places + (1 - step / STEPS) * move / longest
    return _within_unit_square(places)


def group(places: Array) -> Integers:
    """The group of each place: k-means from starting points far from one another.

    Groups are made of places and not of vectors, so that each is one patch of the picture;
    they are numbered from the largest.
    """
    import numpy as np

    count = min(MOST_GROUPS, round((len(places) / 2) ** 0.5))
    if len(places) < FEWEST_TO_GROUP or count < 2:
        return np.zeros(len(places), np.int64)
    centres = _far_apart(places, count)
    groups = _nearest(places, centres)
    for _ in range(GROUP_ROUNDS):
        sizes = np.bincount(groups, minlength=count)
        sums = [np.bincount(groups, places[:, axis], count) for axis in (0, 1)]
        # A group that lost all its points keeps its centre.
        middles = np.array(sums).T / np.maximum(sizes, 1)[:, None]
        centres = np.where(sizes[:, None] > 0, middles, centres)
        changed = _nearest(places, centres)
        if np.array_equal(changed, groups):
            break
        groups = changed
    order = np.argsort(-np.bincount(groups, minlength=count), kind="stable")
    return np.asarray(np.argsort(order, kind="stable")[groups], np.int64)


def _principal(vectors: Array) -> Array:
    """Rows in their first principal components; each component's sign is fixed."""
    import numpy as np

    centred = vectors - vectors.mean(axis=0)
    _, components = np.linalg.eigh(centred.T @ centred)  # the largest comes last
    components = components[:, ::-1][:, : min(DIMENSIONS, len(vectors) - 1)]
    strongest = components[np.abs(components).argmax(axis=0), np.arange(components.shape[1])]
    return np.asarray(centred @ (components * np.sign(strongest)), np.float32)


def _start(reduced: Array) -> Array:
    """The first two components, and a little noise: equal articles must be able to part."""
    import numpy as np

    places = np.zeros((len(reduced), 2), np.float32)
    shown = reduced[:, :2]
    places[:, : shown.shape[1]] = shown / max(float(np.abs(shown).max()), 1e-9) * START_WIDTH
    noise = np.random.default_rng(SEED).standard_normal(places.shape, dtype=np.float32)
    return np.asarray(places + 0.01 * noise, np.float32)


def _neighbours(reduced: Array) -> tuple[Integers, Array]:
    """Numbers of each row's nearest rows (n×k) and how strongly each pulls, 1 for the nearest."""
    import numpy as np

    count = min(NEIGHBOURS, max(FEWEST_NEIGHBOURS, len(reduced) // 4), len(reduced) - 1)
    squares = (reduced**2).sum(axis=1)
    near = np.zeros((len(reduced), count), np.int64)
    far = np.zeros((len(reduced), count), np.float32)
    for first in range(0, len(reduced), BLOCK_ROWS):
        block = reduced[first : first + BLOCK_ROWS]
        distances = squares[None, :] - 2 * block @ reduced.T  # without the block's own squares
        rows = np.arange(len(block))
        distances[rows, first + rows] = np.inf
        found = np.argpartition(distances, count - 1, axis=1)[:, :count]
        near[first : first + len(block)] = found
        far[first : first + len(block)] = np.take_along_axis(distances, found, axis=1)
    far = np.sqrt(np.maximum(far + squares[:, None], 0))
    beyond = far - far.min(axis=1, keepdims=True)
    return near, np.exp(-beyond / np.maximum(beyond.mean(axis=1, keepdims=True), 1e-9))


def _pull(places: Array, near: Integers, weights: Array) -> Array:
    """Towards the neighbours, by the mean over those that a point has and those that have it."""
    import numpy as np

    between = places[near] - places[:, None, :]
    force = weights / (1 + (between**2).sum(axis=2))
    moves = force[:, :, None] * between
    to = near.ravel()
    total = weights.sum(axis=1) + np.bincount(to, weights.ravel(), len(places))
    back = [np.bincount(to, moves[:, :, axis].ravel(), len(places)) for axis in (0, 1)]
    return np.asarray(2 * (moves.sum(axis=1) - np.array(back).T) / total[:, None], np.float32)


def _push(places: Array, others: Integers) -> Array:
    """Away from a random few."""
    import numpy as np

    between = places[:, None, :] - places[others]
    squares = (between**2).sum(axis=2)
    force = 2 / ((0.01 + squares) * (1 + squares))
    return np.asarray((force[:, :, None] * between).mean(axis=1), np.float32)


def _within_unit_square(places: Array) -> Array:
    """Moved and scaled alike in both directions, the middle in the middle."""
    import numpy as np

    low, high = places.min(axis=0), places.max(axis=0)
    width = max(float((high - low).max()), 1e-9)
    return np.asarray((places - (low + high) / 2) / width + 0.5, np.float32)


def _far_apart(places: Array, count: int) -> Array:
    """Starting points of k-means: the middlemost place, then each time the farthest one of a
    sample, as in k-means++ (Arthur and Vassilvitskii, 2007)."""
    import numpy as np

    random = np.random.default_rng(SEED)
    squares = ((places - places.mean(axis=0)) ** 2).sum(axis=1)
    chosen = [int(squares.argmin())]
    nearest = ((places - places[chosen[0]]) ** 2).sum(axis=1).astype(np.float64)
    while len(chosen) < count:
        total = nearest.sum()
        if total <= 0:  # fewer distinct places than groups
            break
        tried = random.choice(len(places), size=8, p=nearest / total)
        left = [np.minimum(nearest, ((places - places[one]) ** 2).sum(axis=1)) for one in tried]
        best = min(range(len(tried)), key=lambda place: float(left[place].sum()))
        chosen.append(int(tried[best]))
        nearest = left[best].astype(np.float64)
    chosen += [chosen[0]] * (count - len(chosen))
    return np.asarray(places[chosen], np.float64)


def _nearest(places: Array, centres: Array) -> Integers:
    import numpy as np

    squares = ((places[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    return np.asarray(squares.argmin(axis=1), np.int64)
