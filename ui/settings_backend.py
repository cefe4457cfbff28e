"""The user's choices, kept in desk.db, and where the library's things are kept.

Look and way of answering are chosen for the whole app and stand in the desk.db of the user's
first library; whether left-out sentences are shown and folders followed is chosen for each
library. A choice that this app doesn't know counts as the default. Formats nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from core.settings import Settings
from ui import backend, words

if TYPE_CHECKING:
    from index.views.storage import Storage

Theme = Literal["follow", "light", "dark"]

THEME, WAY = "theme", "way"  # the settings in desk.db
QUOTATIONS = "none"  # the way of answering that needs no model


@dataclass(frozen=True, slots=True)
class Place:
    """A file or folder of the library."""

    name: str
    path: str
    bytes: int
    explanation: str


def theme(mine: Settings) -> Theme:
    """ "follow": as the system is set. A desk.db that can't be read changes no look."""
    try:
        kept = _setting(mine, THEME)
    except words.NAMED:
        return "follow"
    return "light" if kept == "light" else "dark" if kept == "dark" else "follow"


def set_theme(mine: Settings, chosen: Theme) -> None:
    _set(mine, THEME, chosen)


def way(mine: Settings) -> str:
    """The way of answering to begin with: "none", or a model that is here, or the server's."""
    try:
        kept = _setting(mine, WAY) or QUOTATIONS
    except words.NAMED:
        return QUOTATIONS
    return kept if words.is_served(kept) or kept in backend.models(mine) else QUOTATIONS


def set_way(mine: Settings, chosen: str) -> None:
    _set(mine, WAY, chosen)


def places(settings: Settings) -> list[Place]:
    """Where things are kept, and how much room each takes."""
    used = _used(settings)
    return [
        Place("Library", str(settings.library_path), used.articles, "texts and their index"),
        Place("Vectors", str(settings.home), used.vector_files, "made again when they are missing"),
        Place("Your work", str(settings.desk_path), used.answers, "saved answers and settings"),
        Place("Dropped files", str(settings.uploads_path), used.uploads, "the app's own copies"),
        Place("Models", str(settings.models_path), used.models, "shared by all libraries"),
    ]


def _used(settings: Settings) -> Storage:
    from index.views import storage

    return storage.used(settings)


def _setting(settings: Settings, key: str) -> str | None:
    from answer.desk import open_desk

    if not settings.desk_path.exists():
        return None
    with open_desk(settings) as desk:
        return desk.setting(key)


def _set(settings: Settings, key: str, value: str) -> None:
    from answer.desk import open_desk

    with open_desk(settings) as desk:
        desk.set_setting(key, value)
