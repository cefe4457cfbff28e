"""Outlets, languages and folders with their counts → the lists to choose a filter from. Pure.

A list names the largest; letters that are typed find any other. What is chosen is always listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ui import words

Data = dict[str, Any]

NAMES_LIMIT = 200  # listed at once


def known(counts: Sequence[tuple[str, int]]) -> int:
    """How many have a name."""
    return sum(bool(name) for name, _ in counts)


def names_data(
    counts: Sequence[tuple[str, int]], chosen: str | None, letters: str = ""
) -> list[Data]:
    """The largest that have the letters, and the chosen one: with count 0 where no article has
    it."""
    chosen = (chosen or "").strip()
    folded = chosen.casefold()
    wanted = letters.strip().casefold()
    named = [
        (name, count)
        for name, count in counts
        if name and (wanted in name.casefold() or name.casefold() == folded)
    ]
    listed = named[:NAMES_LIMIT]
    listed += [item for item in named[NAMES_LIMIT:] if item[0].casefold() == folded]
    if chosen and all(name.casefold() != folded for name, _ in listed):
        listed.append((chosen, 0))
    return [
        {"value": name, "label": name, "count": count, "active": name.casefold() == folded}
        for name, count in listed
    ]


def language_data(counts: Sequence[tuple[str, int]], chosen: str | None) -> list[Data]:
    """All, and the chosen one: with count 0 where no article has it."""
    chosen = (chosen or "").strip().lower()
    missing = [(chosen, 0)] if chosen not in dict(counts) else []
    return [
        {"value": code, "label": words.language_words(code), "count": count,
         "active": code == chosen}
        for code, count in [*counts, *missing]
        if code
    ]  # fmt: skip


def folder_data(
    counts: Sequence[tuple[str, int]], chosen: Sequence[str], letters: str = ""
) -> list[Data]:
    """The largest folders whose path has the letters, by path, each under the one that it lies
    in; chosen ones always, with count 0 where nothing is in them."""
    known = dict(counts)
    wanted = letters.strip().casefold()
    missing = {(path, 0) for path in chosen if path not in known}
    having = [item for item in counts if wanted in item[0].casefold()]
    largest = sorted(having, key=lambda item: -item[1])[:NAMES_LIMIT]
    counts = sorted(
        {*largest, *((path, count) for path, count in counts if path in chosen), *missing}
    )
    return [
        {"value": path, "label": words.path_words(path), "title": path, "count": count,
         "active": path in chosen}
        for path, count in counts
    ]  # fmt: skip
