"""A place in a file → the data of the reader pane. Pure.

What stands around the text: where it is from, how it is cited, whether the words still stand
there. The lines themselves are cut by reader_text.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from answer import citing, standing
from core import spans
from core.records import Citation
from ui import reader_text, words
from ui.reader_text import Range, Reach

if TYPE_CHECKING:
    from index.finding.locate import SourceView
    from index.story import StoryView

Data = dict[str, Any]

MOVED = "The file has changed; these words now stand in line {}."
LOST = "The file has changed, and these words are no longer in it."


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


def cited(place: Place, citations: Sequence[Citation]) -> Citation | None:
    """The citation that a place is; None where it is another passage or a file."""
    return next((item for item in citations if item.number == place.number), None)


def reader_data(
    key: str, place: Place, opened: Opened, citations: Sequence[Citation], reach: Reach = (1, 1)
) -> Data:
    """`key` changes with every opening, so a closed reader stays closed. `reach`: how many times
    as much text as at first is shown before and after the words."""
    view = opened.source
    ranges = _source_ranges(place, opened, citations)
    clean = clean_text(view, ranges, reach)
    if clean is None and not opened.ranges and view.articles:
        # Nothing in it was left out.
        clean = reader_text.clean_text(view.articles[0], 0, ranges, view.source_text, reach)
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
        "original": reader_text.original_text(view.source_text, ranges, view.removed, reach),
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


def clean_text(view: SourceView, ranges: Sequence[Range], reach: Reach = (1, 1)) -> Data | None:
    """The article's clean paragraphs around the words; None where ingest left them out."""
    main = ranges[0]
    for article in view.articles:
        # A whole file is opened at a place without length.
        found = spans.to_clean(article.spans, main.start, max(main.end, main.start + 1))
        if found is not None:
            return reader_text.clean_text(article, found[0], ranges, view.source_text, reach)
    return None


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


def words_at(place: Place, opened: Opened) -> str:
    """What a place says, as a reader sees it; "" for a file, or where nothing stands there."""
    if place.words or not opened.ranges or opened.ranges[0][0] == opened.ranges[-1][1]:
        return place.words
    start, end = opened.ranges[0][0], opened.ranges[-1][1]
    for article in opened.source.articles:
        found = spans.to_clean(article.spans, start, end)
        if found is not None:
            return article.text[slice(*found)]
    return opened.source.source_text[start:end]


def _changed(place: Place, opened: Opened) -> str:
    if not opened.ranges:
        return LOST
    in_place = (opened.ranges[0][0], opened.ranges[-1][1]) == (place.start, place.end)
    return "" if in_place else MOVED.format(opened.source.line)


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
    return [[name, words.unsteered(form(reference))] for name, form in citing.FORMS.items()]


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
