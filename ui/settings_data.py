"""Choices and places → the words of the settings page. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.settings import Settings
from ui import words
from ui.settings_backend import QUOTATIONS, Place

Data = dict[str, Any]


def way_words(way: str) -> str:
    """`Quotations, word for word (needs no model)`, `Written by …`."""
    if way == QUOTATIONS:
        return "Quotations, word for word (needs no model)"
    return words.way(way)


def places_data(places: Sequence[Place], settings: Settings) -> Data:
    return {
        "view": "kept",
        "home": words.path_words(str(settings.home)),
        "places": [
            {
                "name": place.name,
                "path": words.path_words(place.path),
                "size": words.size_words(place.bytes),
                "explanation": place.explanation,
            }
            for place in places
        ],
    }


def theme_data(theme: str, paths: Sequence[str]) -> Data:
    """For the browser: which look it is to keep for the pages of the app."""
    return {
        "view": "theme",
        "theme": {"light": "Light", "dark": "Dark"}.get(theme, "System"),
        "paths": list(paths),
    }
