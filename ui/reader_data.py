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
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from answer import citing, standing
from core import spans
from core.records import Article, Citation
from ui import words

if TYPE_CHECKING:
    from index.finding.locate import SourceView
    from index.story import StoryView

Data = dict[str, Any]
Part = list[Any]

# What one reader shows at first: enough to read around the words, small enough that opening a
# 60 MB file is as quick as opening a short one. `reach` times as much once more was asked for.
LINES_AROUND = 400
PARAGRAPHS_AROUND = 150
LINE_CHARS = 6000


@dataclass(frozen=True, slots=True)
class Place:
    """What the reader was asked to show. `number` is the citation's, 0 for a card; `words`: what
    stood there when it was made, as a reader sees it, "" for a file."""

    path: str
    start: int
    end: int
    number: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A place's file as it is now. `ranges`: where in its source text the place's words stand,
    none where they are gone."""

    source: SourceView
    story: StoryView | None
    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Range:
    start: int
    end: int
    kind: str  # "main", "other" or "gone"
    number: int


def cited(place: Place, citations: Sequence[Citation]) -> Citation | None:
    """The citation that a place is; None where it is another passage or a file."""
    return next((item for item in citations if item.number == place.number), None)


def reader_data(
    key: str, place: Place, opened: Opened, citations: Sequence[Citation], reach: int = 1
) -> Data:
    """`key` changes with every opening, so a closed reader stays closed."""
    view = opened.source
    ranges = _source_ranges(place, opened, citations)
    clean = clean_text(view, ranges, reach)
    if clean is None and not opened.ranges and view.articles:
        # Nothing in it was left out.
        clean = _paragraphs(view, view.articles[0], 0, ranges, reach)
    return {
        "key": key,
        "number": place.number,
        "source": words.source_words(view.outlet, view.published, view.path),
        "title": view.title or words.file_name(view.path),
        "path": view.path,
        "shownPath": words.path_words(view.path),
        "place": _place_words(view),
        "note": _changed(place, opened),
        "stored": "" if opened.ranges else place.words,
        "forms": _forms(place, opened, cited(place, citations)),
        "article": view.article_id or "",
        "pager": _pager(place.number, citations),
        "clean": clean,
        "original": original_text(view.source_text, [*ranges, *_gone(view)], reach),
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
        "stored": place.words,
        "forms": [],
        "article": "",
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


def clean_text(view: SourceView, ranges: Sequence[Range], reach: int = 1) -> Data | None:
    """The article's clean paragraphs around the words; None where ingest left them out."""
    main = ranges[0]
    for article in view.articles:
        # A whole file is opened at a place without length.
        found = spans.to_clean(article.spans, main.start, max(main.end, main.start + 1))
        if found is not None:
            return _paragraphs(view, article, found[0], ranges, reach)
    return None


def original_text(text: str, ranges: Sequence[Range], reach: int = 1) -> Data:
    """The file's lines around the words, numbered as in the file."""
    starts = spans.line_starts(text)
    middle = spans.line_of(starts, ranges[0].start)
    first = max(1, middle - LINES_AROUND * reach)
    last = min(len(starts), middle + LINES_AROUND * reach)
    lines = []
    for line in range(first, last + 1):
        low = starts[line - 1]
        high = starts[line] if line < len(starts) else len(text)
        high = low + len(text[low:high].rstrip("\r\n"))
        lines.append({"line": line, "parts": _line_parts(text, (low, high), ranges, reach)})
    return {"lines": lines, "cutBefore": first > 1, "cutAfter": last < len(starts)}


def _line_parts(
    text: str, line: tuple[int, int], ranges: Sequence[Range], reach: int
) -> list[Part]:
    """A line too long for a page is cut around the words."""
    low, high = line
    most = LINE_CHARS * reach
    if high - low <= most:
        return cut(text, low, high, ranges)
    main = ranges[0]
    inside = main.start < high and main.end > low
    start = max(low, main.start - most // 2) if inside else low
    end = min(high, max(start + most, main.end) if inside else start + most)
    parts = cut(text, start, end, ranges)
    if start > low:
        parts.insert(0, ["… ", "cut", 0])
    if end < high:
        parts.append([" …", "cut", 0])
    return parts


def _paragraphs(
    view: SourceView, article: Article, at: int, ranges: Sequence[Range], reach: int
) -> Data:
    bounds = _paragraph_bounds(article.text)
    middle = bisect_right([low for low, _ in bounds], at) - 1
    around = PARAGRAPHS_AROUND * reach
    first, last = max(0, middle - around), middle + around + 1
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


def _source_ranges(place: Place, opened: Opened, citations: Sequence[Citation]) -> list[Range]:
    """The first one is where the reader opens; it is empty where the words are gone. What no
    longer stands in the text is not marked."""
    view = opened.source
    here = opened.ranges or ((view.start, view.start),)
    ranges = [Range(start, end, "main", place.number) for start, end in here]
    for citation in citations:
        if citation.path == view.path and citation.number != place.number:
            found = standing.place_now(citation, view.source_text)
            ranges += [Range(*found, "other", citation.number)] if found else []
    return ranges


def _gone(view: SourceView) -> list[Range]:
    return [Range(item.start, item.end, "gone", 0) for item in view.removed]


def _changed(place: Place, opened: Opened) -> str:
    if not opened.ranges:
        return standing.LOST
    in_place = (opened.ranges[0][0], opened.ranges[-1][1]) == (place.start, place.end)
    return "" if in_place else standing.MOVED.format(opened.source.line)


def _place_words(view: SourceView) -> str:
    """`page 3, line 1,204`; a printed page is told where the file has some."""
    page = spans.line_of(view.page_starts, view.start) if view.page_starts else 0
    return (f"page {page:,}, " if page else "") + f"line {view.line:,}"


def _forms(place: Place, opened: Opened, citation: Citation | None) -> list[list[str]]:
    """[name, text] of every form of the citation, of the passage, or of the article that is
    shown. The line is that of now."""
    view = opened.source
    article = next((one for one in view.articles if one.article_id == view.article_id), None)
    if citation is not None:
        reference = citing.of_citation(citation, article)
    elif article is not None:
        reference = replace(citing.of_article(article), quote=place.words)
    else:
        return []
    if opened.ranges and reference.quote:
        page = spans.line_of(view.page_starts, view.start) if view.page_starts else None
        reference = replace(reference, line=view.line, page=page)
    return [[name, form(reference)] for name, form in citing.FORMS.items()]


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
