"""Ranges of articles → citations, computed from the stored source text.

A citation is made here or not at all: its words are cut from the source text and
must come out of `clean` equal to what the reader is shown (the span law). A range
that fails is not cited. Nothing a model wrote is ever looked at.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from core import spans
from core.records import Article, Citation, Hit, NearHit
from core.spans import Piece
from index.store import Library
from ingest.clean import clean


@dataclass(slots=True)
class _Source:
    text: str
    sha256: str
    line_starts: list[int]
    page_starts: tuple[int, ...]


@dataclass(slots=True)
class Citations:
    """The numbered citations of one answer; the same words keep their number."""

    library: Library
    _by_place: dict[tuple[str, int, int], Citation] = field(default_factory=dict)
    _sources: dict[str, _Source | None] = field(default_factory=dict)

    def all(self) -> tuple[Citation, ...]:
        return tuple(self._by_place.values())

    def cite(self, article: Article, start: int, end: int) -> tuple[int, ...]:
        """Numbers of the citations that cover article.text[start:end].

        Several where the range crosses something that was removed from the page;
        none where the words can't be proven.
        """
        source = self._source(article.path)
        if source is None:
            return ()
        numbers = [
            self._number(article, source, place, quote)
            for place, quote in _proven(source, article, start, end)
        ]
        return tuple(dict.fromkeys(numbers))

    def proves(self, article: Article, start: int, end: int) -> bool:
        """Whether `cite` would give a citation; makes none."""
        source = self._source(article.path)
        return source is not None and bool(_proven(source, article, start, end))

    def near(self, hit: Hit) -> NearHit | None:
        """A search hit with its place in the source text."""
        source = self._source(hit.article.path)
        if source is None:
            return None
        pieces = spans.to_source(hit.article.spans, hit.passage.start, hit.passage.end)
        start, end = pieces[0].source_start, pieces[-1].source_end
        article = hit.article
        return NearHit(
            path=article.path,
            title=article.title,
            outlet=article.outlet,
            published=article.published,
            line=spans.line_of(source.line_starts, start),
            start=start,
            end=end,
            text=hit.passage.text,
            score=round(hit.score, 4),
            also_in=hit.also_in,
        )

    def _number(self, article: Article, source: _Source, place: tuple[int, int], quote: str) -> int:
        key = (article.path, *place)
        if key not in self._by_place:
            self._by_place[key] = Citation(
                number=len(self._by_place) + 1,
                path=article.path,
                page=_page(source.page_starts, place[0]),
                line=spans.line_of(source.line_starts, place[0]),
                start=place[0],
                end=place[1],
                source_quote=source.text[slice(*place)],
                quote=quote,
                title=article.title,
                outlet=article.outlet,
                published=article.published,
                source_sha256=source.sha256,
            )
        return self._by_place[key].number

    def _source(self, path: str) -> _Source | None:
        if path not in self._sources:
            text = self.library.source_text(path)
            self._sources[path] = text if text is None else _Source(
                text, hashlib.sha256(text.encode()).hexdigest(), spans.line_starts(text),
                self.library.page_starts(path),
            )  # fmt: skip
        return self._sources[path]


def _proven(
    source: _Source, article: Article, start: int, end: int
) -> list[tuple[tuple[int, int], str]]:
    """(place in the source text, words shown) per piece; [] where one can't be proven."""
    places = []
    for piece in spans.to_source(article.spans, start, end):
        place = _trimmed(source.text, piece)
        if place is None:
            continue
        quote = " ".join(article.text[piece.clean_start : piece.clean_end].split())
        if clean(source.text[slice(*place)]) != quote:
            return []
        places.append((place, quote))
    return places


def near_hits(library: Library, hits: tuple[Hit, ...]) -> tuple[NearHit, ...]:
    """Search hits as they are shown and printed."""
    places = Citations(library)
    return tuple(near for hit in hits if (near := places.near(hit)) is not None)


def _page(page_starts: tuple[int, ...], offset: int) -> int | None:
    """The printed page (from 1) that holds the offset; None where there are no pages."""
    return spans.line_of(page_starts, offset) if page_starts else None


def _trimmed(source_text: str, piece: Piece) -> tuple[int, int] | None:
    """The piece without white space at its ends; None where it has no word."""
    start, end = piece.source_start, piece.source_end
    while start < end and source_text[start].isspace():
        start += 1
    while end > start and source_text[end - 1].isspace():
        end -= 1
    has_word = any(character.isalnum() for character in source_text[start:end])
    return (start, end) if has_word else None
