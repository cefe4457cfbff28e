"""What the reader asks of the library and the desktop: one thin function each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import AppError
from core.records import Citation
from core.settings import Settings
from ui.reader_data import Place

if TYPE_CHECKING:
    from index.store import Library


def ranges_now(
    library: Library, place: Place, cited: Citation | None, text: str
) -> tuple[tuple[int, int], ...]:
    """Where in its file's text the words of a place stand now, none where they don't. A link of
    an older version has no words: its place is taken as it is."""
    from answer import standing

    if cited is not None:
        found = standing.place_now(cited, text)
        return (found,) if found else ()
    if not place.words:
        return ((place.start, place.end),) if place.end <= len(text) else ()
    articles = library.articles(place.path)
    return standing.passage_now(place.words, place.start, articles) or _left_out_now(place, text)


def _left_out_now(place: Place, text: str) -> tuple[tuple[int, int], ...]:
    """Where in a file's text the words of a place stand that no article shows, nearest to where
    they stood; none where they don't."""
    before = text.rfind(place.words, 0, place.start + len(place.words))
    after = text.find(place.words, place.start)
    found = [start for start in (before, after) if start >= 0]
    nearest = min(found, key=lambda start: abs(start - place.start), default=None)
    return () if nearest is None else ((nearest, nearest + len(place.words)),)


def reveal(settings: Settings, path: str) -> str:
    """Shows the folder of a file of the library in the file manager; gives what became of it."""
    from core import reveal as desktop
    from index.store import open_library

    try:
        with open_library(settings) as library:
            if library.file(path) is None:
                return f"{path} is not in the library."
        desktop.reveal(path)
    except AppError as error:
        return str(error)
    return "Its folder opens in the file manager."
