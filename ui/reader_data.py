"""A place in a file → the data of the reader pane. Pure.

Python cuts the text into parts, because offsets count code points and
JavaScript counts UTF-16 units. A part is [text, kind, number]: kind "" is plain,
"main" the words that were asked for, "other" another citation of the answer,
"gone" what was left out when the page was read, "cut" a sign that something is
not shown.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from core import spans
from core.records import Article, Citation
from ui import words

if TYPE_CHECKING:
    from index.locate import SourceView

Data = dict[str, Any]
Part = list[Any]

# What one reader shows at most: enough to read around the words, small enough
# that opening a 60 MB file is as quick as opening a short one.
LINES_AROUND = 400
PARAGRAPHS_AROUND = 150
LINE_CHARS = 6000


@dataclass(frozen=True, slots=True)
class Place:
    """What the reader was asked to show. `number` is the citation's, 0 for a card."""

    path: str
    start: int
    end: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class Range:
    start: int
    end: int
    kind: str  # "main", "other" or "gone"
    number: int


def reader_data(key: str, place: Place, view: SourceView, citations: Sequence[Citation]) -> Data:
    """`key` changes with every opening, so a closed reader stays closed."""
    ranges = _source_ranges(place, view.path, citations)
    cited = next((item for item in citations if item.number == place.number), None)
    clean = clean_text(view, ranges)
    return {
        "key": key,
        "number": place.number,
        "source": words.source_words(view.outlet, view.published, view.path),
        "title": view.title or words.file_name(view.path),
        "path": view.path,
        "shownPath": words.path_words(view.path),
        "place": f"line {view.line:,}",
        "note": _changed(view, cited),
        "copy": words.citation_copy(cited) if cited else "",
        "pager": _pager(place.number, citations),
        "clean": clean,
        "original": original_text(view.source_text, [*ranges, *_gone(view)]),
    }


def missing_data(key: str, place: Place, message: str) -> Data:
    """The reader where the file is no longer known."""
    return {
        "key": key,
        "number": place.number,
        "source": words.file_name(place.path),
        "title": "",
        "path": place.path,
        "shownPath": words.path_words(place.path),
        "place": "",
        "note": message,
        "copy": "",
        "pager": None,
        "clean": None,
        "original": {"lines": [], "cutBefore": False, "cutAfter": False},
        "beside": None,
    }


def cut(text: str, start: int, end: int, ranges: Iterable[Range]) -> list[Part]:
    """text[start:end] as parts. Where ranges overlap, the main one wins, then the first."""
    inside = [item for item in ranges if item.start < end and item.end > start]
    edges = {start, end}
    for item in inside:
        edges.update((max(start, item.start), min(end, item.end)))
    parts: list[Part] = []
    ordered = sorted(edges)
    for low, high in pairwise(ordered):
        here = [item for item in inside if item.start <= low and item.end >= high]
        best = next((item for item in here if item.kind == "main"), here[0] if here else None)
        kind, number = (best.kind, best.number) if best else ("", 0)
        if parts and parts[-1][1:] == [kind, number]:
            parts[-1][0] += text[low:high]
        else:
            parts.append([text[low:high], kind, number])
    return parts


def clean_text(view: SourceView, ranges: Sequence[Range]) -> Data | None:
    """The article's clean paragraphs around the words; None where ingest left them out."""
    main = ranges[0]
    for article in view.articles:
        # A whole file is opened at a place without length.
        found = spans.to_clean(article.spans, main.start, max(main.end, main.start + 1))
        if found is not None:
            return _paragraphs(view, article, found[0], ranges)
    return None


def original_text(text: str, ranges: Sequence[Range]) -> Data:
    """The file's lines around the words, numbered as in the file."""
    starts = spans.line_starts(text)
    middle = spans.line_of(starts, ranges[0].start)
    first = max(1, middle - LINES_AROUND)
    last = min(len(starts), middle + LINES_AROUND)
    lines = []
    for line in range(first, last + 1):
        low = starts[line - 1]
        high = starts[line] if line < len(starts) else len(text)
        high = low + len(text[low:high].rstrip("\r\n"))
        lines.append({"line": line, "parts": _line_parts(text, low, high, ranges)})
    return {"lines": lines, "cutBefore": first > 1, "cutAfter": last < len(starts)}


def _line_parts(text: str, low: int, high: int, ranges: Sequence[Range]) -> list[Part]:
    """A line too long for a page is cut around the words."""
    if high - low <= LINE_CHARS:
        return cut(text, low, high, ranges)
    main = ranges[0]
    inside = main.start < high and main.end > low
    start = max(low, main.start - LINE_CHARS // 2) if inside else low
    end = min(high, max(start + LINE_CHARS, main.end) if inside else start + LINE_CHARS)
    parts = cut(text, start, end, ranges)
    if start > low:
        parts.insert(0, ["… ", "cut", 0])
    if end < high:
        parts.append([" …", "cut", 0])
    return parts


def _paragraphs(view: SourceView, article: Article, at: int, ranges: Sequence[Range]) -> Data:
    bounds = _paragraph_bounds(article.text)
    middle = bisect_right([low for low, _ in bounds], at) - 1
    first, last = max(0, middle - PARAGRAPHS_AROUND), middle + PARAGRAPHS_AROUND + 1
    clean_ranges = []
    for item in ranges:
        found = spans.to_clean(article.spans, item.start, item.end)
        if found is not None:
            clean_ranges.append(Range(*found, item.kind, item.number))
    starts = spans.line_starts(view.source_text)
    lines = [
        {
            "line": spans.line_of(
                starts, spans.to_source(article.spans, low, low + 1)[0].source_start
            ),
            "parts": cut(article.text, low, high, clean_ranges),
        }
        for low, high in bounds[first:last]
    ]
    return {"lines": lines, "cutBefore": first > 0, "cutAfter": last < len(bounds)}


def _paragraph_bounds(text: str) -> list[tuple[int, int]]:
    bounds = []
    start = 0
    while start < len(text):
        end = text.find("\n\n", start)
        end = len(text) if end < 0 else end
        if end > start:
            bounds.append((start, end))
        start = end + 2
    return bounds


def _source_ranges(place: Place, path: str, citations: Sequence[Citation]) -> list[Range]:
    ranges = [Range(place.start, place.end, "main", place.number)]
    for citation in citations:
        if citation.path == path and citation.number != place.number:
            ranges.append(Range(citation.start, citation.end, "other", citation.number))
    return ranges


def _gone(view: SourceView) -> list[Range]:
    return [Range(item.start, item.end, "gone", 0) for item in view.removed]


def _changed(view: SourceView, cited: Citation | None) -> str:
    if cited is None or view.source_text[cited.start : cited.end] == cited.source_quote:
        return ""
    return "This file has changed since the answer was made: the cited words have moved or gone."


def _pager(number: int, citations: Sequence[Citation]) -> Data | None:
    numbers = [citation.number for citation in citations]
    if number not in numbers:
        return None
    at = numbers.index(number)
    return {
        "words": f"{at + 1} of {len(numbers)}",
        "previous": numbers[at - 1] if at > 0 else 0,
        "next": numbers[at + 1] if at + 1 < len(numbers) else 0,
    }
