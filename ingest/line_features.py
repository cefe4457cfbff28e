"""Lines of a page → what the line model looks at: one column of numbers per feature. Pure.

A line's own words and marks, its place on the page, and its neighbours. In numpy, since
a large file has hundreds of thousands of lines: a column is compact, a list of rows of
Python numbers is not.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ingest import zones
from ingest.lines import Line, fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Column = NDArray[Any]

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
_NOBODY = (-1.0, 0.0, 0.0, 0.0, 0.0)  # the neighbour beyond a page's edge


def columns(lines: Sequence[Line], labels: Sequence[str], title: str) -> list[Column]:
    """One array per name of NAMES, each with one number per line. `labels`: the line
    rules' ("" = kept)."""
    import numpy as np

    if not lines:
        return [np.zeros(0)] * len(NAMES)
    folded = [fold(line.text) for line in lines]
    own = _own(lines, folded)
    place = _place(lines, folded, fold(title), own)
    kept = np.array([not why for why in labels], dtype=bool)
    kinds = [np.array([why == kind for why in labels], dtype=bool) for kind in KINDS]
    known = dict(zip(OWN, own, strict=True), kept=kept)
    far = max(STEPS)
    padded = np.repeat(np.array(_NOBODY)[:, None], len(lines) + 2 * far, axis=1)
    padded[:, far:-far] = [known[name] for name in NEAR]
    near = [row[far + step : far + step + len(lines)] for step in STEPS for row in padded]
    return [*own, *place, kept, *kinds, *near]


def _moved(column: Column, step: int, beyond: float) -> Column:
    """Per line the value `step` lines further on; `beyond` where no line is."""
    import numpy as np

    edge = np.full(abs(step), beyond)
    count = len(column)
    padded = np.concatenate((column, edge) if step > 0 else (edge, column))
    return padded[-count:] if step > 0 else padded[:count]


def _own(lines: Sequence[Line], folded: Sequence[str]) -> list[Column]:
    """The columns of OWN."""
    import numpy as np

    copies = Counter(folded)
    values = array("d")
    for line, key in zip(lines, folded, strict=True):
        text = line.text
        tokens = text.split()
        count = len(tokens) or 1
        values.extend(
            (
                math.log1p(line.words),
                line.sentence,
                line.cut_off,
                line.bullet,
                bool(line.own_words),
                sum([token[0].isupper() for token in tokens]) / count,
                sum(map(text.count, "0123456789")) / len(text),
                (text.count(",") + text.count("，") + text.count("、")) / count,
                sum([len(token) <= 3 and token.islower() for token in tokens]) / count,
                text[0].islower(),
                text[-1] == ":",
                "?" in text[-2:],
                len(text) / count,
                min(5, copies[key]),
            )
        )
    return list(np.frombuffer(values).reshape(-1, len(OWN)).T.copy())


def _place(
    lines: Sequence[Line], folded: Sequence[str], title: str, own: Sequence[Column]
) -> list[Column]:
    """The columns of PLACE."""
    import numpy as np

    count = len(lines)
    weights = [_weight(line) for line in lines]
    first, end = densest(weights)
    numbers = np.arange(count)
    before = _sums(np.array([line.words for line in lines], dtype=np.int64))
    all_words = before[-1] or 1
    bodies = np.array(weights) > 0
    titles = [n for n, key in enumerate(folded) if title and key == title]
    title_line = min(titles, key=lambda n: abs(n - first), default=first)
    dense = (numbers >= first) & (numbers < end)
    inside = np.minimum(numbers - first + 1, end - numbers)
    outside = np.where(numbers < first, numbers - first, end - 1 - numbers)
    title_shared, dense_shared, lead_shared = _shared(folded, title, (first, end), before)
    return [
        before[:-1] / all_words,
        np.clip(numbers - title_line, -FAR, FAR),
        title_shared,
        _window(before),
        _window(_sums(bodies)),
        dense,
        np.where(dense, np.minimum(inside, FAR), np.maximum(outside, -FAR)),
        np.full(count, (before[end] - before[first]) / all_words),
        dense_shared,
        lead_shared,
        *_footers(lines, first),
        _since(np.concatenate(([False], bodies[:-1])), 1),
        _since(np.concatenate(([False], bodies[:0:-1])), 1)[::-1],
        _alike(own),
    ]


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
    folded: Sequence[str], title: str, dense: tuple[int, int], before: Column
) -> tuple[Column, Column, Column]:
    """Per line the share of its longer words that stand in the title, elsewhere in the
    densest stretch, and elsewhere in that stretch's beginning."""
    import numpy as np

    numbered: dict[str, int] = {}  # a stem's number
    found = array("i")  # the stems of all lines, one line after the other
    edges = array("q", [0])  # where each line's begin
    for key in folded:
        for stem in _stems(key):
            found.append(numbered.setdefault(stem, len(numbered)))
        edges.append(len(found))
    stems, line_edges = np.frombuffer(found, dtype=np.int32), np.frombuffer(edges, dtype=np.int64)
    counts = np.maximum(1, np.diff(line_edges))

    def shares(low: int, high: int, told: Column) -> Column:
        """`told`: how often each stem stands in the lines low to high."""
        hits = told[stems] > 0
        here = slice(line_edges[low], line_edges[high])
        hits[here] = told[stems[here]] > 1  # once is the line itself
        return np.diff(_sums(hits)[line_edges]) / counts

    def told_in(low: int, high: int) -> Column:
        return np.bincount(stems[line_edges[low] : line_edges[high]], minlength=len(numbered))

    first, end = dense
    lead = first + int(np.searchsorted(before[first:end], before[first] + LEAD_WORDS, "right"))
    named = np.zeros(len(numbered), dtype=bool)
    named[[numbered[stem] for stem in _stems(title) if stem in numbered]] = True
    return (
        shares(0, 0, named),
        shares(first, end, told_in(first, end)),
        shares(first, lead, told_in(first, lead)),
    )


def _stems(folded: str) -> set[str]:
    return {token[:STEM] for token in folded.split() if len(token) > 3}


def _footers(lines: Sequence[Line], first: int) -> tuple[Column, Column]:
    """Lines since the last opening of a footer after the densest stretch began, and how
    many opened till here."""
    import numpy as np

    opens = np.zeros(len(lines), dtype=bool)
    for n in range(first, len(lines)):
        if lines[n].words <= FOOTER_WORDS:
            text = lines[n].text
            opens[n] = bool(zones.STRONG_FOOTER.search(text) or zones.WEAK_FOOTER.search(text))
    return _since(opens, 0), np.minimum(5, np.cumsum(opens))


def _sums(values: Column) -> Column:
    """Running totals: one more than there are values, the first is 0."""
    import numpy as np

    return np.concatenate(([0], np.cumsum(values)))


def _window(totals: Column) -> Column:
    import numpy as np

    numbers = np.arange(len(totals) - 1)
    last = np.minimum(len(numbers), numbers + WINDOW + 1)
    return totals[last] - totals[np.maximum(0, numbers - WINDOW)]


def _since(marks: Column, distance: int) -> Column:
    """Lines since the last mark, FAR at most; `distance` at the mark itself."""
    import numpy as np

    numbers = np.arange(len(marks))
    last = np.maximum.accumulate(np.where(marks, numbers, -FAR))
    return np.minimum(FAR, numbers - last + distance)


def _alike(own: Sequence[Column]) -> Column:
    """Of the two lines to either side, how many are of one form: an item among items."""
    by_name = dict(zip(OWN, own, strict=True))
    form = by_name["sentence"] + 2 * (by_name["digits"] > 0)
    form += 4 * by_name["lower_start"] + 8 * by_name["own_words"]
    alike: Column = 0 * form
    for step in (-2, -1, 1, 2):
        alike += _moved(form, step, -1.0) == form
    return alike
