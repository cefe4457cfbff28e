import math

import pytest

from evaluate import metrics

RANKING = ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("relevant", "depth", "expected"),
    [
        ({"a": 1}, 10, 1.0),
        ({"b": 1}, 10, 1 / math.log2(3)),
        ({"x": 1}, 10, 0.0),
        ({"d": 1}, 3, 0.0),
        ({"a": 1, "c": 1}, 10, (1 + 0.5) / (1 + 1 / math.log2(3))),
        ({"b": 2, "a": 1}, 10, (1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3))),
        ({}, 10, 0.0),
    ],
)
def test_ndcg(relevant, depth, expected):
    assert metrics.ndcg(RANKING, relevant, depth) == pytest.approx(expected)


def test_recall_and_hit():
    assert metrics.recall(RANKING, {"a": 1, "x": 1, "d": 1}, 4) == pytest.approx(2 / 3)
    assert metrics.recall(RANKING, {"a": 0}, 4) == 0.0
    assert metrics.hit(RANKING, {"b": 1}, 1) == 0.0
    assert metrics.hit(RANKING, {"b": 1}, 2) == 1.0


def test_percentile():
    assert metrics.percentile([3, 1, 2], 0.5) == 2
    assert metrics.percentile([], 0.5) == 0.0
    assert metrics.percentile(list(range(100)), 0.99) == 99
