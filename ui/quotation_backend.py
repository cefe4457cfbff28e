"""What the page that finds quotations asks of the library. Formats nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import spans
from core.settings import Settings
from ui.quotation_data import Standing
from ui.reader_data import Place

if TYPE_CHECKING:
    from index.finding.differences import Piece
    from index.finding.locate import Match
    from index.store import Library

PLACES_LIMIT = 20
_AROUND = '"“”„«» \t\r\n'  # quotation marks of the one who quotes


def look_up(settings: Settings, text: str) -> tuple[Standing, ...]:
    """Where a quotation stands, word for word first, then nearest. Raises InputError where
    it has no words."""
    from index.finding.locate import locate
    from index.store import open_library

    quoted = bare(text)
    with open_library(settings) as library, library.snapshot():
        return tuple(
            _standing(library, quoted, match) for match in locate(library, quoted, PLACES_LIMIT)
        )


def bare(text: str) -> str:
    """A quotation without the marks around it, and without "…" where it was cut off."""
    cut = text.strip(_AROUND)
    for mark in ("…", "...", "[…]", "[...]"):
        cut = cut.removeprefix(mark).removesuffix(mark).strip(_AROUND)
    return cut or text


def _standing(library: Library, quoted: str, match: Match) -> Standing:
    from index.finding.differences import differences
    from index.finding.locate import view

    source = view(library, match.path, match.start, match.end)
    words, before, after = match.source_quote, "", ""
    for article in source.articles:
        found = spans.to_clean(article.spans, match.start, match.end)
        if found is not None:
            low, high = _bare_range(article.text, *found)
            words = article.text[low:high]
            before, after = _around(article.text, low, high)
            break
    pieces = differences(quoted, words)
    return Standing(
        place=Place(match.path, match.start, match.end, words=words),
        title=source.title,
        outlet=source.outlet,
        published=source.published,
        line=match.line,
        similarity=match.similarity,
        pieces=tuple(joined(before, pieces, after)),
    )


def joined(before: str, pieces: list[Piece], after: str) -> list[Piece]:
    """The pieces with more of what stands around them."""
    from index.finding.differences import Piece

    if pieces and pieces[0].kind == "around":
        before, pieces = before + pieces[0].found, pieces[1:]
    if pieces and pieces[-1].kind == "around":
        after, pieces = pieces[-1].found + after, pieces[:-1]
    first = [Piece("around", "", before)] if before else []
    return [*first, *pieces, *([Piece("around", "", after)] if after else [])]


def _bare_range(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the white space at its ends, which belongs to what stands around."""
    here = text[start:end]
    return start + len(here) - len(here.lstrip()), end - len(here) + len(here.rstrip())


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """The rest of the sentences that a range lies in."""
    from ingest.passages import sentences

    here = [one for one in sentences(text) if one[0] < end and one[1] > start]
    low, high = (here[0][0], here[-1][1]) if here else (start, end)
    return text[min(low, start) : start], text[end : max(high, end)]
