"""A text and what is to be marked in it → the lines that the reader shows. Pure.

Only a window around the words is cut out, so that a file of 60 MB, or a line of that length, is
shown as quickly as a short one; more before or after it can be asked for. Python cuts the text
into parts, because offsets count code points and JavaScript counts UTF-16 units. A part is
[text, kind, number]: kind "" is plain, "main" the words that were asked for, "other" another
citation of the answer, "gone" what was left out when the page was read, "cut" a sign that the
line goes on before (number -1) or after (number 1) what is shown.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from typing import Any

from core import spans
from core.records import Article, Removed

Data = dict[str, Any]
Part = list[Any]
Bounds = tuple[int, int]
Reach = tuple[int, int]  # how many times as much is shown before and after the words

# What is shown at first on either side of the words: some screens, and most articles whole.
LINES_AROUND = 400
PARAGRAPHS_AROUND = 150
CHARS_AROUND = 20_000
EDGE_CHARS = 2000  # a line or paragraph that goes on no farther than this is not cut
LINE_END = "\n"
PARAGRAPH_END = "\n\n"


@dataclass(frozen=True, slots=True)
class Range:
    """text[start:end] is of that kind. `number`: of a citation, 0 for others."""

    start: int
    end: int
    kind: str  # "main", "other" or "gone"
    number: int


def original_text(
    text: str, ranges: Sequence[Range], removed: Sequence[Removed] = (), reach: Reach = (1, 1)
) -> Data:
    """The file's lines around the first range, numbered as in the file."""
    low, high = _window(text, ranges[0], reach, LINE_END)
    gone = [
        Range(one.start, one.end, "gone", 0)
        for one in removed
        if one.start < high and one.end > low
    ]
    bounds = _fewer(_lines(text, low, high), ranges[0].start, LINES_AROUND, reach)
    first = next(line_numbers(text, [bounds[0][0]]))
    return _drawn(text, bounds, [*ranges, *gone], range(first, first + len(bounds)))


def clean_text(
    article: Article, at: int, ranges: Sequence[Range], source_text: str, reach: Reach = (1, 1)
) -> Data:
    """The article's paragraphs around `at`, an offset in its clean text, numbered by the lines
    of the file. `ranges` are of the source text; those that were left out are not drawn."""
    text = article.text
    inside = [
        Range(*found, one.kind, one.number)
        for one in ranges
        if (found := spans.to_clean(article.spans, one.start, one.end)) is not None
    ]
    main = next((one for one in inside if one.kind == "main"), Range(at, at, "main", 0))
    bounds = _paragraphs(text, *_window(text, main, reach, PARAGRAPH_END))
    bounds = _fewer(bounds, main.start, PARAGRAPHS_AROUND, reach)
    places = [spans.to_source(article.spans, low, low + 1)[0].source_start for low, _ in bounds]
    return _drawn(text, bounds, inside, line_numbers(source_text, places))


def cut(text: str, start: int, end: int, ranges: Iterable[Range]) -> list[Part]:
    """text[start:end] as parts. Where ranges overlap, the main one wins, then the first."""
    return [[text[low:high], kind, number] for low, high, kind, number in _runs(start, end, ranges)]


def line_numbers(text: str, offsets: Iterable[int]) -> Iterator[int]:
    """The line (from 1) of each offset, as `core.spans.line_of` gives it; quick where they
    ascend, however long the text is."""
    line, at = 1, 0
    for offset in offsets:
        if offset < at:
            line, at = 1, 0
        pairs = text.count("\r\n", at, offset)
        line += text.count("\n", at, offset) + text.count("\r", at, offset) - pairs
        at = offset
        yield line


def _window(text: str, main: Range, reach: Reach, mark: str) -> Bounds:
    """What is shown around the words, to the end of a line or paragraph where one is near. Of
    words that are longer than that, the beginning."""
    low = max(0, main.start - CHARS_AROUND * reach[0])
    high = min(len(text), min(main.end, main.start + CHARS_AROUND) + CHARS_AROUND * reach[1])
    before = text.rfind(mark, max(0, low - EDGE_CHARS), low)
    if before >= 0:
        low = before + len(mark)
    elif low <= EDGE_CHARS:
        low = 0
    after = text.find(mark, high, high + EDGE_CHARS)
    if after >= 0:
        high = after
    elif len(text) - high <= EDGE_CHARS:
        high = len(text)
    return low, high


def _lines(text: str, low: int, high: int) -> list[Bounds]:
    """Where each line begins and ends, without what ends it."""
    starts = [low + start for start in spans.line_starts(text[low:high])]
    return [
        (start, start + len(text[start:end].rstrip("\r\n")))
        for start, end in pairwise([*starts, high])
    ]


def _paragraphs(text: str, low: int, high: int) -> list[Bounds]:
    bounds = []
    while low < high:
        end = text.find(PARAGRAPH_END, low, high)
        end = high if end < 0 else end
        if end > low:
            bounds.append((low, end))
        low = end + len(PARAGRAPH_END)
    return bounds


def _fewer(bounds: list[Bounds], at: int, most: int, reach: Reach) -> list[Bounds]:
    """At most so many on either side of the one that holds `at`, times the reach."""
    middle = max(0, bisect_right(bounds, at, key=lambda one: one[0]) - 1)
    return bounds[max(0, middle - most * reach[0]) : middle + most * reach[1] + 1]


def _drawn(
    text: str, bounds: Sequence[Bounds], ranges: Iterable[Range], numbers: Iterable[int]
) -> Data:
    if not bounds:
        return {"lines": [], "cutBefore": False, "cutAfter": False}
    first, last = bounds[0][0], bounds[-1][1]
    runs = _runs(first, last, ranges)
    starts = [run[0] for run in runs]
    lines: list[Data] = []
    for (low, high), number in zip(bounds, numbers, strict=True):
        here = runs[max(0, bisect_right(starts, low) - 1) : bisect_right(starts, high)]
        parts: list[Part] = [
            [text[max(low, start) : min(high, end)], kind, of]
            for start, end, kind, of in here
            if max(low, start) < min(high, end)
        ]
        lines.append({"line": number, "parts": parts})
    if first > 0 and text[first - 1] not in "\r\n":
        lines[0]["parts"].insert(0, ["… ", "cut", -1])
    if last < len(text) and text[last] not in "\r\n":
        lines[-1]["parts"].append([" …", "cut", 1])
    return {
        "lines": lines,
        "cutBefore": bool(text[:first].strip()),
        "cutAfter": bool(text[last:].strip()),
    }


def _runs(start: int, end: int, ranges: Iterable[Range]) -> list[tuple[int, int, str, int]]:
    """start:end in stretches of one kind, each (start, end, kind, number). One sweep: a page of
    one line may have thousands of places that were left out."""
    inside = sorted(
        (max(start, one.start), one.kind != "main", place, one)
        for place, one in enumerate(ranges)
        if one.start < end and one.end > start
    )
    edges = {start, end, *(one[0] for one in inside), *(min(end, one[3].end) for one in inside)}
    open_here: list[tuple[bool, int, Range]] = []  # the one that wins first; some have ended
    runs: list[tuple[int, int, str, int]] = []
    seen = 0
    for low, high in pairwise(sorted(edges)):
        while seen < len(inside) and inside[seen][0] <= low:
            heappush(open_here, inside[seen][1:])
            seen += 1
        while open_here and open_here[0][2].end <= low:
            heappop(open_here)
        kind, number = (open_here[0][2].kind, open_here[0][2].number) if open_here else ("", 0)
        if runs and runs[-1][2:] == (kind, number):
            low = runs.pop()[0]
        runs.append((low, high, kind, number))
    return runs
