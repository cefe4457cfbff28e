"""Articles → groups of near-copies: one story told by the same words. Pure.

Takes clean texts; gives signatures (bytes that may be stored) and groups of
article ids. Two articles are one story when the shingles of the shorter are
mostly in the longer, or their sets are much alike; that two report the same event in
their own words does not count.

Method: word 5-gram shingles on folded text, MinHash (Broder 1997) with locality-
sensitive banding (Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, ch. 3).
Stable across runs and machines: hashes are BLAKE2.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING

from ingest.lines import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHINGLE_WORDS = 5
HASHES = 64
BANDS = 32  # of 2 hashes: pairs with a similarity of 0.35 meet with 0.98 probability
# A copy with a paragraph of seven cut has about 0.75; two reports of one event below 0.1.
SIMILARITY = 0.5
SHORTEST_WORDS = 30  # a shorter article is grouped only with its equal
CHUNK = 16_384  # shingles hashed at once: stays in the processor's cache
_PRIME = (1 << 61) - 1
_FORMAT = f"<{HASHES}Q"


def _multipliers() -> tuple[tuple[int, int], ...]:
    pairs = []
    for number in range(HASHES):
        digest = blake2b(number.to_bytes(4, "little"), digest_size=16, person=b"story").digest()
        first, second = struct.unpack("<QQ", digest)
        pairs.append((first % (_PRIME - 1) + 1, second % _PRIME))
    return tuple(pairs)


_MULTIPLIERS = _multipliers()


def signature(text: str) -> bytes:
    """512 bytes for a text; 16 for a short one, equal only for equal words; b"" for none."""
    words = fold(text).split()
    if not words:
        return b""
    if len(words) < SHORTEST_WORDS:
        return blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=16).digest()
    shingles = {
        int.from_bytes(
            blake2b(
                " ".join(words[start : start + SHINGLE_WORDS]).encode("utf-8", "replace"),
                digest_size=7,
            ).digest(),
            "little",
        )
        for start in range(len(words) - SHINGLE_WORDS + 1)
    }
    return struct.pack(_FORMAT, *_least(shingles))


def _least(shingles: set[int]) -> list[int]:
    """For each of the hashes, the smallest (a * shingle + b) % _PRIME; shingles < 2**56.

    In 64 bits: both factors are cut in two, and modulo 2**61 - 1 a product's place
    value is a rotation.
    """
    import numpy as np

    values = np.fromiter(shingles, dtype=np.uint64, count=len(shingles))
    least = np.full(HASHES, _PRIME, dtype=np.uint64)
    for start in range(0, len(values), CHUNK):
        high = values[start : start + CHUNK] >> np.uint64(28)
        low = values[start : start + CHUNK] & np.uint64(2**28 - 1)
        for number, (a, b) in enumerate(_MULTIPLIERS):
            a_high, a_low = np.uint64(a >> 31), np.uint64(a & (2**31 - 1))
            total = _rotated(a_high * high, 59)
            total += _rotated(a_high * low, 31)
            total += _rotated(a_low * high, 28)
            total += a_low * low + np.uint64(b)
            total %= np.uint64(_PRIME)
            least[number] = min(least[number], total.min())
    return [int(value) for value in least]


def _rotated(products: NDArray[np.uint64], places: int) -> NDArray[np.uint64]:
    """products * 2**places % _PRIME for products < 2**61."""
    import numpy as np

    up, down = np.uint64(places), np.uint64(61 - places)
    return ((products << up) & np.uint64(_PRIME)) | (products >> down)


def similarity(first: bytes, second: bytes) -> float:
    """Estimated share of common shingles (Jaccard), 0..1."""
    if len(first) != len(second) or not first:
        return 0.0
    if len(first) < HASHES * 8:
        return float(first == second)
    pairs = zip(struct.unpack(_FORMAT, first), struct.unpack(_FORMAT, second), strict=True)
    return float(sum(one == other for one, other in pairs)) / HASHES


def group(signatures: Mapping[str, bytes]) -> dict[str, str]:
    """article_id → story_id for the articles that share a story with another.

    A story's id is its smallest article_id. Near-copies are joined transitively.
    """
    parent: dict[str, str] = {}
    for bucket in _buckets(signatures).values():
        roots: list[str] = []  # one comparison per member and story already met here
        for member in bucket:
            own = _find(parent, member)
            for root in {_find(parent, root) for root in roots} - {own}:
                if similarity(signatures[root], signatures[member]) >= SIMILARITY:
                    _join(parent, root, own)
                    own = _find(parent, own)
            roots = [*{_find(parent, root) for root in roots} | {own}]
    members: dict[str, list[str]] = defaultdict(list)
    for article_id in signatures:
        members[_find(parent, article_id)].append(article_id)
    return {article_id: min(ids) for ids in members.values() if len(ids) > 1 for article_id in ids}


def _buckets(signatures: Mapping[str, bytes]) -> dict[tuple[int, bytes], list[str]]:
    buckets: dict[tuple[int, bytes], list[str]] = defaultdict(list)
    width = 8 * HASHES // BANDS
    for article_id in sorted(signatures):
        whole = signatures[article_id]
        if len(whole) == 16:
            buckets[-1, whole].append(article_id)
        elif whole:
            for band in range(BANDS):
                buckets[band, whole[band * width : (band + 1) * width]].append(article_id)
    return {key: ids for key, ids in buckets.items() if len(ids) > 1}


def _find(parent: dict[str, str], article_id: str) -> str:
    while (above := parent.get(article_id, article_id)) != article_id:
        article_id = above
    return article_id


def _join(parent: dict[str, str], first: str, second: str) -> None:
    roots = sorted((_find(parent, first), _find(parent, second)))
    if roots[0] != roots[1]:
        parent[roots[1]] = roots[0]
