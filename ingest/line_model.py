"""A small model of which lines of a page are its story, from them and what surrounds them.

Gradient-boosted trees over the features below, trained on pages with known article
text by `evaluate/train_lines.py`; the weights are `line_model.json`, beside this
file, read once when first needed. Pure Python. It knows nothing of the line rules
but their labels, which are features as well.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ingest import zones
from ingest.lines import Line, fold

WEIGHTS = Path(__file__).with_name("line_model.json")
STEPS = (-3, -2, -1, 1, 2, 3)  # neighbours that are looked at
WINDOW = 8  # lines to either side whose words are counted
MOST_COUNTED = 60  # words of one line that count for the densest stretch
SHORT_COST = 12.0  # what a short line costs it, in words
FOOTER_WORDS = 10
LEAD_WORDS = 150  # the densest stretch's beginning, which says what the story is about
STEM = 6  # letters
FAR = 40  # lines; beyond, a distance says no more
KINDS = ("menu", "teaser", "related stories", "title", "repeated title", "caption")
OWN = (
    "words sentence cut_off bullet own_words capitals digits commas short_words lower_start"
    " colon question word_length copies"
).split()
PLACE = (
    "word_place from_title title_shared window_words window_bodies dense dense_edge dense_share"
    " dense_shared lead_shared since_footer footers since_body until_body alike"
).split()
NEAR = "words sentence kept capitals own_words".split()
NAMES = (
    *OWN,
    *PLACE,
    "kept",
    *KINDS,
    *(f"{name}{step:+d}" for step in STEPS for name in NEAR),
)
_NOBODY = [-1.0, 0.0, 0.0, 0.0, 0.0]
_CHOSEN: ContextVar[Model | None] = ContextVar("line model", default=None)
_DIGITS = str.maketrans("", "", "0123456789")


@dataclass(frozen=True, slots=True)
class Model:
    """base + the leaves' values = log odds. A tree is (place in a row, threshold, tree
    where the value is at most that, tree where it is above) or a leaf's value."""

    base: float
    trees: tuple[Any, ...]


def from_json(text: str) -> Model:
    """Raises ValueError where the features are not these, or it is no model."""
    data = json.loads(text)
    if tuple(data["features"]) != NAMES:
        raise ValueError("the line model was trained on other features")
    return Model(float(data["base"]), tuple(_tree(tree) for tree in data["trees"]))


def _tree(node: Any) -> Any:
    if not isinstance(node, list):
        return float(node)
    place, threshold, low, high = node
    return NAMES.index(place), float(threshold), _tree(low), _tree(high)


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
    chances = []
    for row in features(lines, labels, title, asked):
        score = model.base
        for tree in model.trees if row else ():
            node = tree
            while node.__class__ is tuple:
                node = node[2] if row[node[0]] <= node[1] else node[3]
            score += node
        chances.append(1.0 / (1.0 + math.exp(-score)) if row else 0.0)
    return chances


def features(
    lines: Sequence[Line], labels: Sequence[str], title: str, asked: Sequence[bool] | None = None
) -> list[list[float]]:
    """One row per line, in the order of NAMES; an empty one for lines not `asked` for."""
    folded = [fold(line.text) for line in lines]
    own = _own(lines, folded)
    place = _place(lines, folded, fold(title), own)
    near = [
        [row[0], row[1], float(not why), row[5], row[4]]
        for row, why in zip(own, labels, strict=True)
    ]
    padded = [_NOBODY] * 3 + near + [_NOBODY] * 3
    rows: list[list[float]] = []
    for n, why in enumerate(labels):
        if asked is not None and not asked[n]:
            rows.append([])
            continue
        row = own[n] + place[n]
        row.append(float(not why))
        row += [float(why == kind) for kind in KINDS]
        for step in STEPS:
            row += padded[n + 3 + step]
        rows.append(row)
    return rows


def _own(lines: Sequence[Line], folded: Sequence[str]) -> list[list[float]]:
    copies = Counter(folded)
    rows = []
    for line, key in zip(lines, folded, strict=True):
        text = line.text
        tokens = text.split()
        count = len(tokens) or 1
        rows.append(
            [
                math.log1p(line.words),
                float(line.sentence),
                float(line.cut_off),
                float(line.bullet),
                float(bool(line.own_words)),
                sum([token[0].isupper() for token in tokens]) / count,
                (len(text) - len(text.translate(_DIGITS))) / len(text),
                (text.count(",") + text.count("，") + text.count("、")) / count,
                sum([len(token) <= 3 and token.islower() for token in tokens]) / count,
                float(text[0].islower()),
                float(text[-1] == ":"),
                float("?" in text[-2:]),
                len(text) / count,
                float(min(5, copies[key])),
            ]
        )
    return rows


def _place(
    lines: Sequence[Line], folded: Sequence[str], title: str, own: Sequence[Sequence[float]]
) -> list[list[float]]:
    weights = [_weight(line) for line in lines]
    first, end = densest(weights)
    words = [line.words for line in lines]
    before = _sums(words)
    all_words = before[-1] or 1
    bodies = [weight > 0 for weight in weights]
    body_sums = _sums(bodies)
    titles = [n for n, key in enumerate(folded) if title and key == title]
    title_line = min(titles, key=lambda n: abs(n - first), default=first)
    columns = [
        [total / all_words for total in before[:-1]],
        [float(max(-FAR, min(FAR, n - title_line))) for n in range(len(lines))],
        *_shared(folded, title, (first, end), before),
        _window(before),
        _window(body_sums),
        [float(first <= n < end) for n in range(len(lines))],
        [_edge(n, first, end) for n in range(len(lines))],
        [(before[end] - before[first]) / all_words] * len(lines),
        *_footers(lines, first),
        _since(bodies),
        _since(bodies[::-1])[::-1],
        _alike(own),
    ]
    order = (0, 1, 2, 5, 6, 7, 8, 9, 3, 4, 10, 11, 12, 13, 14)
    return [list(row) for row in zip(*(columns[n] for n in order), strict=True)]


def _weight(line: Line) -> float:
    """What a line adds to the densest stretch: its words, or a short line's cost."""
    if not line.own_words and not line.cut_off:
        if line.body or line.words >= FOOTER_WORDS or (line.sentence and line.words >= 5):
            return float(min(line.words, MOST_COUNTED))
    elif line.words >= FOOTER_WORDS:
        return -SHORT_COST / 3
    return -SHORT_COST


def densest(values: Sequence[float]) -> tuple[int, int]:
    """(first, end) of the stretch with the greatest sum; (0, 0) where none is positive."""
    best = (0.0, 0, 0)
    total, start = 0.0, 0
    for n, value in enumerate(values):
        total += value
        if total <= 0:
            total, start = 0.0, n + 1
        elif total > best[0]:
            best = (total, start, n + 1)
    return best[1], best[2]


def _shared(
    folded: Sequence[str], title: str, dense: tuple[int, int], before: Sequence[float]
) -> tuple[list[float], list[float], list[float]]:
    """Per line the share of its longer words that stand in the title, elsewhere in the
    densest stretch, and elsewhere in that stretch's beginning."""
    stems = [{token[:STEM] for token in key.split() if len(token) > 3} for key in folded]
    first, end = dense
    lead = next((n for n in range(first, end) if before[n] - before[first] > LEAD_WORDS), end)
    named = {token[:STEM] for token in title.split() if len(token) > 3}
    told = Counter(stem for n in range(first, end) for stem in stems[n])
    led = Counter(stem for n in range(first, lead) for stem in stems[n])
    shares: tuple[list[float], list[float], list[float]] = ([], [], [])
    for n, mine in enumerate(stems):
        count = len(mine) or 1
        inside, in_lead = first <= n < end, first <= n < lead
        shares[0].append(len(mine & named) / count)
        shares[1].append(sum([told[stem] > inside for stem in mine]) / count)
        shares[2].append(sum([led[stem] > in_lead for stem in mine]) / count)
    return shares


def _footers(lines: Sequence[Line], first: int) -> tuple[list[float], list[float]]:
    """Lines since the last opening of a footer after the densest stretch began, and how
    many opened till here."""
    since, opened = float(FAR), 0
    columns: tuple[list[float], list[float]] = ([], [])
    for n, line in enumerate(lines):
        since = min(FAR, since + 1)
        if n >= first and line.words <= FOOTER_WORDS:
            text = line.text
            if zones.STRONG_FOOTER.search(text) or zones.WEAK_FOOTER.search(text):
                since, opened = 0, opened + 1
        columns[0].append(since)
        columns[1].append(float(min(5, opened)))
    return columns


def _edge(n: int, first: int, end: int) -> float:
    """Lines to the nearest edge of a stretch: positive inside it, negative outside."""
    if first <= n < end:
        return float(min(FAR, n - first + 1, end - n))
    return float(max(-FAR, n - first if n < first else end - 1 - n))


def _sums(values: Sequence[float]) -> list[float]:
    """Running totals: one more than there are values, the first is 0."""
    totals = [0.0]
    for value in values:
        totals.append(totals[-1] + value)
    return totals


def _window(totals: Sequence[float]) -> list[float]:
    count = len(totals) - 1
    return [totals[min(count, n + WINDOW + 1)] - totals[max(0, n - WINDOW)] for n in range(count)]


def _since(marks: Sequence[bool]) -> list[float]:
    """Lines since the last mark before each line."""
    last, distances = float(FAR), []
    for mark in marks:
        distances.append(last)
        last = 1.0 if mark else min(float(FAR), last + 1)
    return distances


def _alike(own: Sequence[Sequence[float]]) -> list[float]:
    """Of the two lines to either side, how many are of one form: an item among items."""
    forms = [(row[1], row[6] > 0, row[9], row[4]) for row in own]
    padded = [None, None, *forms, None, None]
    return [
        float(sum([padded[n + 2 + step] == form for step in (-2, -1, 1, 2)]))
        for n, form in enumerate(forms)
    ]
