"""Libraries → the data of their page. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core import libraries
from core.libraries import Entry
from ui import words

Data = dict[str, Any]


def page_data(rows: Sequence[Data], trouble: str, shown: Mapping[str, Any]) -> Data:
    """`shown` holds `serial`, which changes when a name was taken."""
    return {
        "view": "libraries",
        "rows": list(rows),
        "trouble": trouble,
        "serial": shown.get("serial", 0),
        "longest": libraries.NAME_CHARS,
    }


def row(entry: Entry, counts: Mapping[str, int], is_busy: bool, open_key: str) -> Data:
    return _row(entry, open_key) | {"state": _state(counts, is_busy), "trouble": False}


def closed_row(entry: Entry, why: str, open_key: str) -> Data:
    """A library that can't be opened. `why`: a sentence."""
    return _row(entry, open_key) | {"state": why, "trouble": True}


def _row(entry: Entry, open_key: str) -> Data:
    return {
        "key": entry.key,
        "name": entry.name,
        "place": str(entry.settings.home),
        "open": entry.key == open_key,
        "named": True,
    }


def demo_row(open_key: str) -> Data:
    return {
        "key": libraries.DEMO,
        "name": libraries.DEMO_NAME,
        "state": "a few articles, written for this app",
        "trouble": False,
        "place": "",
        "open": open_key == libraries.DEMO,
        "named": False,
    }


def _state(counts: Mapping[str, int], is_busy: bool) -> str:
    count = counts["articles"]
    told = words.count_words(count, "article") if count else "empty"
    return f"{told} · reading" if is_busy else told
