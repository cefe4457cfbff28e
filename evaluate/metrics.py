"""Measures of quality: of rankings, of scores and of probabilities. Pure.

A ranking is a list of document ids, best first; `relevant` maps ids to grades. Labels and
scores stand row by row.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

BINS = 10  # of a calibration


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


def auroc(labels: Sequence[bool], scores: Sequence[float]) -> float:
    """How often a true row outscores a false one, ties counting half: the area under the
    ROC curve (Hanley & McNeil 1982). 0.5 where one side is empty."""
    rows = list(zip(labels, scores, strict=True))
    true = [score for label, score in rows if label]
    false = sorted(score for label, score in rows if not label)
    if not true or not false:
        return 0.5
    wins = sum(bisect_left(false, one) + bisect_right(false, one) for one in true)
    return round(wins / (2 * len(true) * len(false)), 4)


def balanced_accuracy(labels: Sequence[bool], verdicts: Sequence[bool]) -> float:
    """Mean of the shares of true rows that hold and of false rows that don't."""
    shares = []
    for side in (True, False):
        mine = [verdict for label, verdict in zip(labels, verdicts, strict=True) if label is side]
        if mine:
            shares.append(sum(verdict is side for verdict in mine) / len(mine))
    return round(sum(shares) / len(shares), 4) if shares else 0.0


def expected_calibration_error(labels: Sequence[bool], scores: Sequence[float]) -> float:
    """Mean distance of score and share of true rows over BINS equal bins of the score,
    weighted by their rows (Naeini et al. 2015)."""
    return round(
        sum(count * abs(mean - share) for _, count, mean, share in calibration(labels, scores))
        / max(1, len(labels)),
        4,
    )


def calibration(
    labels: Sequence[bool], scores: Sequence[float]
) -> list[tuple[float, int, float, float]]:
    """Per bin that has rows: its lower end, rows, mean score, share of true ones."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for label, score in zip(labels, scores, strict=True):
        bins.setdefault(min(int(score * BINS), BINS - 1), []).append((score, label))
    return [
        (
            number / BINS,
            len(rows),
            sum(score for score, _ in rows) / len(rows),
            sum(label for _, label in rows) / len(rows),
        )
        for number, rows in sorted(bins.items())
    ]


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))
