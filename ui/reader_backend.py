"""What the reader asks of the library and the desktop: one thin function each."""

from __future__ import annotations

from core.errors import AppError
from core.settings import Settings
from ui.reader_data import Place


def left_out_now(place: Place, text: str) -> tuple[tuple[int, int], ...]:
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
