"""Measures of retrieval quality. Pure.

A ranking is a list of document ids, best first; `relevant` maps ids to grades.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence


def ndcg(ranking: Sequence[str], relevant: Mapping[str, int], depth: int) -> float:
    """Normalised discounted cumulative gain (Järvelin & Kekäläinen 2002), as trec_eval
    computes it: the gain is the grade itself."""
    gains = [relevant.get(document, 0) for document in ranking[:depth]]
    ideal = sorted(relevant.values(), reverse=True)[:depth]
    best = _discounted(ideal)
    return _discounted(gains) / best if best else 0.0


def recall(ranking: Sequence[str], relevant: Mapping[str, int], depth: int) -> float:
    """Share of the relevant documents among the first `depth`."""
    wanted = {document for document, grade in relevant.items() if grade > 0}
    return len(wanted & set(ranking[:depth])) / len(wanted) if wanted else 0.0


def hit(ranking: Sequence[str], relevant: Mapping[str, int], depth: int) -> float:
    """1.0 where any relevant document is among the first `depth`."""
    return float(any(relevant.get(document, 0) > 0 for document in ranking[:depth]))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0..1) of the values lie; 0.0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """How often a positive outscores a negative, ties counting half: the area under the
    ROC curve (Hanley & McNeil 1982). 0.5 where one side is empty."""
    if not positive or not negative:
        return 0.5
    ordered = sorted(negative)
    wins = sum(bisect_left(ordered, one) + bisect_right(ordered, one) for one in positive)
    return round(wins / (2 * len(positive) * len(negative)), 4)


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))
