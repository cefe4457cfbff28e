"""What the search page gets from a library: every mark and place on the exact words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.records import Filters
from core.settings import Settings
from index.store import open_library
from ui import quotation_backend, search_backend
from ui.search_data import Search

SEARCH = Search("gannet bridge", is_typing=True)


@pytest.mark.parametrize("everything", [True, False])
def test_places_are_where_the_words_stand(demo: Settings, everything: bool) -> None:
    found = search_backend.find(demo, replace(SEARCH, everything=everything))
    assert len(found.results) >= 5
    with open_library(demo) as library:
        for result in found.results:
            source = library.source_text(result.place.path) or ""
            start, end = result.sentence
            assert result.text[start:end] == result.place.words
            there = source[result.place.start : result.place.end]
            assert there.split()[:3] == result.place.words.split()[:3]
            marks = {result.text[low:high].casefold() for low, high in result.text_marks}
            assert marks <= {"gannet", "bridge", "bridges", "bridging"}
    first = found.results[0]
    assert "gannet" in first.place.words.casefold()


def test_counts_are_true_and_more_can_be_shown(demo: Settings) -> None:
    found = search_backend.find(demo, replace(SEARCH, everything=True, shown=2))
    assert (len(found.results), found.has_more) == (2, True)
    total = found.mentions.total
    found = search_backend.find(demo, replace(SEARCH, everything=True, shown=total))
    assert (len(found.results), found.has_more) == (total, False)
    assert sum(count for _, count in found.mentions.dates) + found.mentions.undated == total


def test_the_order_of_dates(demo: Settings) -> None:
    for everything in (True, False):
        search = replace(SEARCH, sort="oldest", everything=everything)
        dates = [one.published for one in search_backend.find(demo, search).results]
        known = [date for date in dates if date]
        assert known == sorted(known)
        assert None not in dates[: len(known)]


def test_known_counts_are_taken(demo: Settings) -> None:
    known = search_backend.find(demo, Search()).library
    assert search_backend.find(demo, SEARCH, known).library is known


def test_a_filter_by_outlet(demo: Settings) -> None:
    search = replace(SEARCH, filters=Filters(outlet="coastline today"))
    found = search_backend.find(demo, search)
    assert {result.outlet for result in found.results} == {"Coastline Today"}
    assert len(found.mentions.outlets) > 1


def test_a_library_that_is_not_there(settings: Settings) -> None:
    assert search_backend.state(settings) == ""
    assert not settings.library_path.exists()


@pytest.mark.parametrize(
    "change", [str, str.upper, lambda text: f"“{text}”", lambda text: text.replace(" ", "\n ")]
)
def test_a_quotation_is_found_word_for_word(demo: Settings, change: Callable[[str], str]) -> None:
    words = "the only road to the ferry pier on Brenna Holm was shut"
    found = quotation_backend.look_up(demo, change(words))
    assert found[0].is_exact
    assert found[0].similarity == 1.0
    assert (found[0].outlet, found[0].published) == ("Hallowmouth Gazette", "2025-03-13")
    kinds = [piece.kind for piece in found[0].pieces]
    assert kinds == ["around", "same", "around"]  # the rest of its sentence
