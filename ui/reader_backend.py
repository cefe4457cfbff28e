"""What the reader asks of the library and the desktop: one thin function each."""

from __future__ import annotations

from core.errors import AppError
from core.settings import Settings


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
