"""A small model of which lines of a page are its story, from them and what surrounds them.

Gradient-boosted trees over `ingest.line_features`, trained on pages with known article
text by `evaluate/train_lines.py`; the weights are `line_model.json`, beside this
file, read once when first needed. It knows nothing of the line rules but their labels,
which are features as well.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ingest import line_features
from ingest.lines import Line

WEIGHTS = Path(__file__).with_name("line_model.json")
BLOCK_LINES = 4096  # judged at once: what a tree needs of them stays in the processor's cache
FEW_LINES = 200  # up to here all trees at once are faster than one after the other
_CHOSEN: ContextVar[Model | None] = ContextVar("line model", default=None)


@dataclass(frozen=True, slots=True)
class Nodes:
    """All trees' nodes in arrays. A leaf leads to itself."""

    roots: Any
    places: Any
    thresholds: Any
    low: Any
    high: Any
    values: Any
    depth: int


@dataclass(frozen=True, slots=True)
class Model:
    """base + the leaves' values = log odds. A tree is (place in NAMES, threshold, tree
    where the value is at most that, tree where it is above) or a leaf's value."""

    base: float
    trees: tuple[Any, ...]
    nodes: Nodes | None = None  # of the same trees


def from_json(text: str) -> Model:
    """Raises ValueError where the features are not these, or it is no model."""
    data = json.loads(text)
    if tuple(data["features"]) != line_features.NAMES:
        raise ValueError("the line model was trained on other features")
    trees = tuple(_tree(tree) for tree in data["trees"])
    return Model(float(data["base"]), trees, _nodes(trees))


def _tree(node: Any) -> Any:
    if not isinstance(node, list):
        return float(node)
    place, threshold, low, high = node
    return line_features.NAMES.index(place), float(threshold), _tree(low), _tree(high)


def _nodes(trees: Sequence[Any]) -> Nodes:
    import numpy as np

    rows: list[tuple[int, float, int, int, float]] = []

    def add(tree: Any) -> tuple[int, int]:
        """(its number, its depth)"""
        number = len(rows)
        if not isinstance(tree, tuple):
            rows.append((0, 0.0, number, number, tree))
            return number, 0
        rows.append((0, 0.0, 0, 0, 0.0))
        (low, low_depth), (high, high_depth) = add(tree[2]), add(tree[3])
        rows[number] = (tree[0], tree[1], low, high, 0.0)
        return number, 1 + max(low_depth, high_depth)

    added = [add(tree) for tree in trees]
    places, thresholds, low, high, values = (np.array(column) for column in zip(*rows, strict=True))
    roots = np.array([number for number, _ in added])
    depth = max(depth for _, depth in added)
    return Nodes(roots, places, thresholds, low, high, values, depth)


@contextmanager
def using(model: Model) -> Iterator[None]:
    """Inside, `model` decides instead of the file's: for cross-validation."""
    token = _CHOSEN.set(model)
    try:
        yield
    finally:
        _CHOSEN.reset(token)


@lru_cache(maxsize=1)
def _from_file() -> Model:
    return from_json(WEIGHTS.read_text(encoding="utf-8"))


def probabilities(
    lines: Sequence[Line], labels: Sequence[str], title: str, asked: Sequence[bool]
) -> list[float]:
    """Per line how likely (0..1) it is the story's; 0.0 for lines not `asked` for.
    `labels`: the rules' ("" = kept)."""
    model = _CHOSEN.get() or _from_file()
    columns = line_features.columns(lines, labels, title)
    scores: list[float] = []
    for start in range(0, len(lines), BLOCK_LINES):
        block = [column[start : start + BLOCK_LINES] for column in columns]
        scores += _scores(model, block)
    return [
        1.0 / (1.0 + math.exp(-score)) if wanted else 0.0
        for score, wanted in zip(scores, asked, strict=True)
    ]


def _scores(model: Model, columns: Sequence[Any]) -> list[float]:
    """The log odds of each line, given the columns of its features."""
    import numpy as np

    if model.nodes is not None and len(columns[0]) <= FEW_LINES:
        return _scores_of_few(model.base, model.nodes, columns)
    scores = np.full(len(columns[0]), model.base)
    for tree in model.trees:
        scores += _values(tree, columns)
    return list(scores.tolist())


def _scores_of_few(base: float, nodes: Nodes, columns: Sequence[Any]) -> list[float]:
    """The same, summed in the same order; lines go down all trees together."""
    import numpy as np

    table = np.array(columns, dtype=float)
    count = table.shape[1]
    lines = np.arange(count)
    at = np.repeat(nodes.roots[:, None], count, axis=1)
    for _ in range(nodes.depth):
        goes_low = table[nodes.places[at], lines] <= nodes.thresholds[at]
        at = np.where(goes_low, nodes.low[at], nodes.high[at])
    leaves = np.concatenate((np.full((1, count), base), nodes.values[at]))
    return list(np.cumsum(leaves, axis=0)[-1].tolist())


def _values(tree: Any, columns: Sequence[Any]) -> Any:
    """Per line the value of the leaf it falls on."""
    import numpy as np

    if not isinstance(tree, tuple):
        return tree
    place, threshold, low, high = tree
    return np.where(columns[place] <= threshold, _values(low, columns), _values(high, columns))
