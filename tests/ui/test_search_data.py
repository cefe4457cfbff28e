"""What the search page is told: parts of texts, bars, words, and what a press changes."""

from __future__ import annotations

from typing import Any

import pytest

from core.records import Filters
from index.finding.facets import Facets
from ui import search_data, search_names, time_data
from ui.reader_data import Place
from ui.search_data import Found, Held, Result, Search

NONE = Facets(0, (), 0, (), (), ())
SOME = Facets(
    total=1204,
    dates=(("2024", 2), ("2024-11", 3), ("2025-02", 1)),
    undated=4,
    outlets=(("Gazette", 5), ("", 1)),
    languages=(("en", 4), ("xx", 1), ("", 1)),
    folders=(("/news", 6), ("/news/west", 2)),
)
DATED = Filters(after="2025")
RESULT = Result(
    title="A <b>quay</b>",
    text="The quay 🌊 closed.",
    outlet=None,
    published="2025-03",
    title_marks=((5, 9),),
    text_marks=((4, 8),),
    sentence=(0, 18),
    place=Place("/news/quay.txt", 10, 28),
    copies=2,
)

DATED_ALL = Found((), False, SOME, SOME, 9, filters=DATED)
DATED_BEST = Found((RESULT,), False, NONE, SOME, 9, filters=DATED)


def data(search: Search, found: Found) -> dict[str, Any]:
    return search_data.search_data(Held("/home", search, serial=7), found)


def test_a_result_is_cut_in_python() -> None:
    shown = data(Search("quay"), Found((RESULT,), False, SOME, SOME))["results"][0]
    assert shown["title"] == [["A <b>", ""], ["quay", "hit"], ["</b>", ""]]
    assert shown["text"] == [["The ", ""], ["quay", "hit"], [" 🌊 closed.", ""]]
    assert shown["source"] == "quay.txt · Mar 2025"
    assert shown["also"] == "and 2 copies"


def test_a_long_text_is_shown_around_its_sentence() -> None:
    text = "Before. " * 60 + "The quay closed. " + "After it. " * 60
    start = text.index("The quay")
    shown = search_data.snippet(text, [(start + 4, start + 8)], (start, start + 16))
    assert shown[0] == ["… ", "cut"]
    assert shown[-1] == [" …", "cut"]
    assert ["quay", "hit"] in shown
    words = "".join(part for part, _ in shown)
    assert words.startswith("… Before. ")
    assert words.endswith((" After …", "it. …"))
    assert len(words) <= search_data.SNIPPET_CHARS + 10


def test_a_mark_deep_in_a_sentence_without_end_is_shown() -> None:
    text = "word " * 400 + "quay " + "word " * 400
    shown = search_data.snippet(text, [(2000, 2004)], (0, len(text)))
    assert ["quay", "hit"] in shown


def test_no_word_is_cut_and_nothing_is_lost_in_a_short_text() -> None:
    assert search_data.snippet("Short.", [], (0, 6)) == [["Short.", ""]]
    assert search_data.snippet("", [], (0, 0)) == []


def test_bars_have_no_holes() -> None:
    chart = data(Search("quay"), Found((), False, SOME, SOME))["timeline"]
    assert chart["bars"] == [
        ["2024-11", "Nov 2024", 3],
        ["2024-12", "Dec 2024", 0],
        ["2025-01", "Jan 2025", 0],
        ["2025-02", "Feb 2025", 1],
    ]
    assert chart["note"] == "2 more with a year alone, 4 without a date"


@pytest.mark.parametrize(
    ("dates", "first", "last", "bars"),
    [
        ((("1990-01", 1), ("2025-07", 1)), "1990", "2025", 36),
        ((("2023", 2), ("2025", 1)), "2023", "2025", 3),
        ((("1066-05", 1), ("2025-07", 1)), "1066", "2025", 2),
        ((("2023", 9), ("2025-07", 1)), "2023", "2025", 3),
        ((), None, None, 0),
    ],
)
def test_a_long_time_is_shown_by_years(
    dates: Any, first: str | None, last: str | None, bars: int
) -> None:
    counts = Facets(9, dates, 0, (), (), ())
    found = time_data.time_data(counts, Filters(), "x")["bars"]
    assert len(found) == bars
    assert (found[0][0], found[-1][0]) == (first, last) if found else not bars
    assert sum(bar[2] for bar in found) == sum(count for _, count in dates)


def test_filters_name_what_can_be_chosen() -> None:
    filters = Filters(outlet="GAZETTE", language="xx", folders=("/news/west",))
    shown = data(Search("", filters), Found((), False, NONE, SOME))
    assert [(one["label"], one["active"]) for one in shown["outlets"]] == [("Gazette", True)]
    assert [one["label"] for one in shown["languages"]] == ["English", "xx"]
    assert [one["active"] for one in shown["folders"]] == [False, True]
    assert shown["timeline"] is None
    assert shown["active"]


def test_what_is_chosen_is_shown_where_no_article_has_it() -> None:
    filters = Filters(outlet=" Tide ", language="DE", folders=("/old", "/news"))
    shown = data(Search("quay", filters), Found((), False, SOME, SOME))
    for name, value, label in (
        ("outlets", "Tide", "Tide"), ("languages", "de", "German"), ("folders", "/old", "/old"),
    ):  # fmt: skip
        found = [one for one in shown[name] if one["value"] == value]
        assert [(one["label"], one["count"], one["active"]) for one in found] == [(label, 0, True)]
    assert ("/news", 6, True) in {(o["value"], o["count"], o["active"]) for o in shown["folders"]}
    for name, value in (("outlet", "Tide"), ("language", "de"), ("folders", "/old")):
        press = {"type": "filter", "name": name, "value": value}
        left = search_data.changed(Search("quay", filters), press).filters
        assert getattr(left, name) in (None, ("/news",))
    many = tuple((f"Outlet {n}", 9) for n in range(search_names.NAMES_LIMIT))
    rare = search_names.names_data((*many, ("Tide", 1)), "tide")
    assert [(one["label"], one["count"]) for one in rare if one["active"]] == [("Tide", 1)]


def test_files_and_articles_of_an_address_are_chips_that_go() -> None:
    filters = Filters(outlet="Tide", path="/news/*", articles=("a1", "a2"))
    chips = search_data.limits_data(filters, {"a1": "The crack"})
    labels = ["files /news/*", "only “The crack”", "only “an article that is gone”"]
    assert [chip["label"] for chip in chips] == labels
    search = Search("quay", filters)
    for chip in chips:
        press = {"type": "filter", "name": chip["field"], "value": chip["value"]}
        search = search_data.changed(search, press)
    assert search.filters == Filters(outlet="Tide")


@pytest.mark.parametrize(
    ("search", "found", "words", "note"),
    [
        (Search("quay"), Found((RESULT,), False, SOME, SOME),
         "1 best passage · 1,204 articles have this word", ""),
        (Search("a quay"), Found((RESULT,), False, NONE, SOME, by_words=True),
         "1 best passage · no article has all of these words",
         "by words alone, as no encoder is installed"),
        (Search("quay", is_typing=True), Found((), False, NONE, SOME, by_words=True),
         "Nothing found", "by words so far; Enter searches by meaning too"),
        (Search("quay", Filters(after="2025"), everything=True), DATED_ALL,
         "1,204 articles have this word", "4 articles without a date left out"),
        (Search("quay", Filters(after="2025")), DATED_BEST,
         "1 best passage · no article has this word", "9 articles without a date left out"),
    ],
)  # fmt: skip
def test_counts_in_words(search: Search, found: Found, words: str, note: str) -> None:
    shown = data(search, found)
    assert (shown["count"], shown["note"]) == (words, note)


@pytest.mark.parametrize(
    ("before", "action", "expected"),
    [
        ({}, {"name": "outlet", "value": "Gazette"}, {"outlet": "Gazette"}),
        ({"outlet": "gazette"}, {"name": "outlet", "value": "Gazette"}, {}),
        ({"outlet": "gazette"}, {"name": "outlet", "value": ""}, {}),
        ({"language": "en"}, {"name": "language", "value": "de"}, {"language": "de"}),
        ({}, {"name": "folders", "value": "/a"}, {"folders": ("/a",)}),
        ({"folders": ("/a", "/b")}, {"name": "folders", "value": "/a"}, {"folders": ("/b",)}),
        ({"folders": ("/a", "/b")}, {"name": "folders", "value": ""}, {}),
        ({"after": "2024"}, {"name": "dates", "after": None, "before": "2025-03"},
         {"before": "2025-03"}),
        ({"after": "2024", "outlet": "x"}, {"name": "all"}, {}),
        ({"after": "2024"}, {"name": "nonsense", "value": "x"}, {"after": "2024"}),
    ],
)  # fmt: skip
def test_a_press_changes_one_filter(before: Any, action: Any, expected: Any) -> None:
    search = Search("quay", Filters(**before), shown=60, is_typing=True)
    changed = search_data.changed(search, {"type": "filter"} | action)
    assert changed == Search("quay", Filters(**expected))


def test_other_presses() -> None:
    search = Search("quay", shown=60)
    typed = search_data.changed(search, {"type": "words", "words": "x" * 9000, "typing": True})
    assert (len(typed.words), typed.is_typing, typed.shown) == (2000, True, 20)
    assert search_data.changed(search, {"type": "sort", "value": "oldest"}).sort == "oldest"
    assert search_data.changed(search, {"type": "sort", "value": "; DROP"}).sort == "relevance"
    assert search_data.changed(search, {"type": "everything", "on": True}).everything
