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
_CHOSEN: ContextVar[Model | None] = ContextVar("line model", default=None)


@dataclass(frozen=True, slots=True)
class Model:
    """base + the leaves' values = log odds. A tree is (place in NAMES, threshold, tree
    where the value is at most that, tree where it is above) or a leaf's value."""

    base: float
    trees: tuple[Any, ...]


def from_json(text: str) -> Model:
    """Raises ValueError where the features are not these, or it is no model."""
    data = json.loads(text)
    if tuple(data["features"]) != line_features.NAMES:
        raise ValueError("the line model was trained on other features")
    return Model(float(data["base"]), tuple(_tree(tree) for tree in data["trees"]))


def _tree(node: Any) -> Any:
    if not isinstance(node, list):
        return float(node)
    place, threshold, low, high = node
    return line_features.NAMES.index(place), float(threshold), _tree(low), _tree(high)


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

    scores = np.full(len(columns[0]), model.base)
    for tree in model.trees:
        scores += _values(tree, columns)
    return list(scores.tolist())


def _values(tree: Any, columns: Sequence[Any]) -> Any:
    """Per line the value of the leaf it falls on."""
    import numpy as np

    if not isinstance(tree, tuple):
        return tree
    place, threshold, low, high = tree
    return np.where(columns[place] <= threshold, _values(low, columns), _values(high, columns))
