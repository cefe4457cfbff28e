from __future__ import annotations

from dataclasses import replace

from core.records import Removed, SpanRun
from index.story import Change, Passage, StoryView, Version
from tests.ui import fakes
from ui import beside_data, reader_data
from ui.reader_data import Place


def test_what_was_left_out_is_told_with_line_words_and_reason() -> None:
    data = beside_data.beside_data(fakes.view(), None)
    assert data["leftOutWords"] == "Left out of this page (1)"
    assert data["leftOut"] == [{"line": 1, "text": "HOME | NEWS | LOG IN", "reason": "menu"}]


def test_much_left_out_is_shortened_and_counted() -> None:
    removed = (Removed(0, 20, "menu"),) * (beside_data.ITEMS_SHOWN + 7)
    data = beside_data.beside_data(replace(fakes.view(), removed=removed), None)
    assert data["leftOutWords"] == "Left out of this page (207)"
    assert data["leftOut"][-1]["text"] == "and 7 more places"
    long = replace(fakes.view(), source_text="word " * 200, removed=(Removed(0, 1000, "menu"),))
    assert len(beside_data.beside_data(long, None)["leftOut"][0]["text"]) < 250


def test_unfit_characters_are_counted_in_words() -> None:
    unfit = (("zero-width character", 3), ("NUL", 1), ("tag character", 0))
    data = beside_data.beside_data(replace(fakes.view(), unfit=unfit), None)
    assert data["unfit"] == "Characters that are not shown: 3 zero-width characters, 1 NUL"
    assert beside_data.beside_data(fakes.view(), None)["unfit"] == ""


def test_a_page_with_several_articles_lists_them_and_marks_the_shown_one() -> None:
    view = fakes.view()
    (first,) = view.articles
    run = SpanRun(0, 4, len(view.source_text) - 5, len(view.source_text) - 1)
    second = replace(first, ordinal=1, title="", text="ced.", spans=(run,))
    start = first.spans[0].source_start
    two = replace(view, start=start, end=start, articles=(first, second))
    data = beside_data.beside_data(two, None)["articles"]
    assert [(item["active"], item["index"]) for item in data] == [(True, 0), (False, 1)]
    assert data[1]["title"] == "Article 2"
    assert beside_data.beside_data(view, None)["articles"] == []


def test_copies_and_versions_open_their_own_files_and_tell_what_differs() -> None:
    copy = replace(fakes.ARTICLE, path="/articles/copy.txt", ordinal=2)
    revised = replace(fakes.ARTICLE, path="/articles/later.txt", published="2025-03-04")
    change = Change("changed", Passage("Two were hurt.", 4), Passage("Three were hurt.", 6))
    story = StoryView(fakes.ARTICLE, (copy,), (Version(revised, (change,)),))
    data = beside_data.beside_data(fakes.view(), story)
    assert [(item["label"], item["path"], item["index"]) for item in data["copies"]] == [
        ("copy.txt", "/articles/copy.txt", 2)
    ]
    (version,) = data["versions"]
    assert version["label"] == "later.txt"
    assert version["source"].endswith("4 Mar 2025")
    assert version["changes"] == [
        {"kind": "changed", "here": "Two were hurt.", "there": "Three were hurt."}
    ]


def test_the_original_shows_what_was_left_out_but_never_over_cited_words() -> None:
    place = Place(fakes.PATH, 7, 11)
    data = reader_data.reader_data("k", place, fakes.opened(place), ())
    parts = data["original"]["lines"][0]["parts"]
    assert [(text, kind) for text, kind, _ in parts] == [
        ("HOME | ", "gone"),
        ("NEWS", "main"),
        (" | LOG IN", "gone"),
    ]


def test_a_place_without_length_opens_the_clean_text_and_marks_nothing() -> None:
    start = fakes.ARTICLE.spans[0].source_start
    place = Place(fakes.PATH, start, start)
    data = reader_data.reader_data("k", place, fakes.opened(place), ())
    assert data["clean"]["lines"][0]["parts"] == [[fakes.PARAGRAPHS[0], "", 0]]
