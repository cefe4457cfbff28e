"""Articles → groups of near-copies: one story told by the same words. Pure.

Takes clean texts; gives signatures (bytes that may be stored) and groups of
article ids. Two articles are one story when the shingles of the shorter are
mostly in the longer, or their sets are much alike; that two report the same event in
their own words does not count. Groups are the connected parts of that relation, so
they do not depend on the order in which articles came.

Method: word 5-gram shingles on folded text, MinHash (Broder 1997) with locality-
sensitive banding (Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, ch. 3).
Stable across runs and machines: hashes are BLAKE2.
"""

from __future__ import annotations

import struct
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
# A shorter article that stands in a longer one: least similarity, and least share of it.
CONTAINED_SIMILARITY = 0.25
CONTAINED_SHARE = 0.8
MOST_FRESH = 100  # more are grouped with all others through the bands: 5 ms each in 10,000
SHORTEST_WORDS = 30  # a shorter article is grouped only with its equal
CHUNK = 16_384  # shingles hashed at once: stays in the processor's cache
_PRIME = (1 << 61) - 1
_MIXER = 0x9E3779B97F4A7C15
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
    encoded = [word.encode("utf-8", "replace") for word in words]
    shingles = array("Q")  # repeated ones too: they change no minimum
    for start in range(len(encoded) - SHINGLE_WORDS + 1):
        shingle = b" ".join(encoded[start : start + SHINGLE_WORDS])
        shingles.append(int.from_bytes(blake2b(shingle, digest_size=7).digest(), "little"))
    return struct.pack(_FORMAT, *_least(shingles))


def _least(shingles: Collection[int]) -> list[int]:
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


def group(
    signatures: Mapping[str, bytes],
    known: Mapping[str, str] | None = None,
    fresh: Collection[str] | None = None,
) -> dict[str, str]:
    """article_id → story_id for the articles that share a story with another.

    A story's id is its smallest article_id. `known` and `fresh` spare work and change
    no result: what this gave for the articles outside `fresh`, and the articles that
    are new since or whose story has lost one.
    """
    groups = _Groups()
    by_signature: dict[bytes, str] = {}
    for article_id in sorted(signatures):
        own = signatures[article_id]
        if own:
            groups.join(by_signature.setdefault(own, article_id), article_id)
    table = _Table([(i, own) for own, i in by_signature.items() if len(own) == HASHES * 8])
    if fresh is None or len(fresh) > MOST_FRESH:
        _join_all(table, groups)
    else:
        for article_id, story_id in (known or {}).items():
            if article_id in signatures and article_id not in fresh:
                groups.join(story_id, article_id)
        for article_id in {by_signature.get(signatures.get(one, b""), "") for one in fresh}:
            if article_id in table.row_of:
                row = table.row_of[article_id]
                for other in table.like(row, table.rows).nonzero()[0]:
                    groups.join(article_id, table.ids[other])
    return groups.named(signatures)


def near(signatures: Collection[bytes], stored: Iterable[Sequence[tuple[str, bytes]]]) -> set[str]:
    """The ids among `stored`, read batch by batch, that may be of one story with any of these
    signatures: every one that is, few others. Time hardly depends on how many these are."""
    import numpy as np

    wanted = {own for own in signatures if own}
    keys = np.unique(_band_keys([own for own in wanted if len(own) == HASHES * 8]))
    found: set[str] = set()
    for batch in stored:
        found.update(article_id for article_id, own in batch if own in wanted)
        long = [(article_id, own) for article_id, own in batch if len(own) == HASHES * 8]
        if len(keys) and long:
            others = _band_keys([own for _, own in long])
            places = np.minimum(np.searchsorted(keys, others), len(keys) - 1)
            rows = np.nonzero((keys[places] == others).any(axis=1))[0]
            found.update(long[row][0] for row in rows)
    return found


def _band_keys(signatures: Sequence[bytes]) -> NDArray[np.uint64]:
    """Shape (signatures, BANDS); equal where a band is equal, and else only by chance."""
    import numpy as np

    hashes = np.frombuffer(b"".join(signatures), dtype="<u8")
    bands = hashes.reshape(len(signatures), BANDS, HASHES // BANDS)
    keys: NDArray[np.uint64] = np.tile(np.arange(BANDS, dtype=np.uint64), (len(signatures), 1))
    for place in range(HASHES // BANDS):
        keys = keys * np.uint64(_MIXER) + bands[:, :, place]
    return keys


class _Groups:
    """Which ids were joined, directly or through others (union-find)."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def find(self, one: str) -> str:
        top = one
        while (above := self._parent.get(top, top)) != top:
            top = above
        while one != top:
            self._parent[one], one = top, self._parent[one]
        return top

    def join(self, first: str, second: str) -> None:
        low, high = sorted((self.find(first), self.find(second)))
        if low != high:
            self._parent[high] = low

    def named(self, ids: Iterable[str]) -> dict[str, str]:
        members: dict[str, list[str]] = defaultdict(list)
        for one in ids:
            members[self.find(one)].append(one)
        return {one: min(found) for found in members.values() if len(found) > 1 for one in found}


class _Table:
    """Signatures of long texts, one row each, to be compared many at once."""

    def __init__(self, signatures: Collection[tuple[str, bytes]]) -> None:
        import numpy as np

        self.ids = [article_id for article_id, _ in signatures]
        self.row_of = {article_id: row for row, article_id in enumerate(self.ids)}
        data = b"".join(own for _, own in signatures)
        self.hashes = np.frombuffer(data, dtype="<u8").reshape(len(self.ids), HASHES)
        self.rows = np.arange(len(self.ids))
        # The smallest of n even hashes lies near 1 / (n + 1) of their range.
        self.sizes = 1 / (self.hashes / _PRIME).mean(axis=1) - 1 if self.ids else self.rows

    def like(self, row: int, others: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of these rows are of one story with this one."""
        import numpy as np

        like = np.zeros(len(others), dtype=np.bool_)
        every = others is self.rows
        equal = (self.hashes if every else self.hashes[others]) == self.hashes[row]
        shares = np.count_nonzero(equal, axis=1) / HASHES
        some = np.nonzero(shares >= CONTAINED_SIMILARITY)[0]  # few: the rest is for them alone
        share, equal = shares[some], equal[some]
        sizes, own = self.sizes[others[some]], self.sizes[row]
        contained = share / (1 + share) * (sizes + own) / np.minimum(sizes, own)
        close = (share >= SIMILARITY) | (
            (share >= CONTAINED_SIMILARITY) & (contained >= CONTAINED_SHARE)
        )
        like[some] = close & equal.reshape(len(some), BANDS, HASHES // BANDS).all(axis=2).any(
            axis=1
        )
        return like

    def buckets(self) -> Iterator[NDArray[np.int64]]:
        """Rows that are equal in a band (or, by chance, in its mixed hashes)."""
        import numpy as np

        width = HASHES // BANDS
        for band in range(BANDS):
            keys = np.zeros(len(self.ids), dtype=np.uint64)
            for place in range(band * width, (band + 1) * width):
                keys = keys * np.uint64(_MIXER) + self.hashes[:, place]
            order = np.argsort(keys, kind="stable")
            edges = np.nonzero(np.diff(keys[order]))[0] + 1
            yield from (part for part in np.split(order, edges) if len(part) > 1)


def _join_all(table: _Table, groups: _Groups) -> None:
    for bucket in table.buckets():
        left = bucket
        if len({groups.find(table.ids[row]) for row in bucket}) == 1:
            continue
        while len(left) > 1:
            queue, left = [left[0]], left[1:]
            while queue and len(left):
                row = queue.pop()
                like = table.like(row, left)
                queue.extend(left[like])
                for other in left[like]:
                    groups.join(table.ids[row], table.ids[other])
                left = left[~like]
