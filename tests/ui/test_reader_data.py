from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core import spans
from core.records import Removed, SpanRun
from tests.ui import fakes
from ui import reader_data, reader_text
from ui.reader_data import Opened, Place
from ui.reader_text import Range


def marked(lines: list[dict[str, object]], kind: str) -> str:
    parts = [part for line in lines for part in line["parts"]]  # type: ignore[attr-defined]
    return "".join(text for text, found, _ in parts if found == kind)


def open_at(number: int) -> dict[str, object]:
    cited = fakes.CITATIONS[number - 1]
    place = Place(fakes.PATH, cited.start, cited.end, number, cited.quote)
    return reader_data.reader_data("k", place, fakes.opened(place), fakes.CITATIONS)


def test_cited_words_are_marked_in_both_texts() -> None:
    data = open_at(1)
    for text in ("clean", "original"):
        lines = data[text]["lines"]  # type: ignore[index]
        assert marked(lines, "main") == fakes.CITATIONS[0].quote
        assert marked(lines, "other") == fakes.CITATIONS[1].quote


def test_lines_are_numbered_as_in_the_file() -> None:
    data = open_at(1)
    clean = data["clean"]["lines"]  # type: ignore[index]
    assert [line["line"] for line in clean] == [2, 4, 6, 8]
    original = data["original"]["lines"]  # type: ignore[index]
    assert original[0]["parts"][0][0] == "HOME | NEWS | LOG IN"
    assert [line["line"] for line in original[:3]] == [1, 2, 3]


def test_pager_leads_from_mark_to_mark() -> None:
    assert open_at(1)["pager"] == {"words": "1 of 2", "previous": 0, "next": 2}
    assert open_at(2)["pager"] == {"words": "2 of 2", "previous": 1, "next": 0}


def after_change(source_text: str, found: tuple[tuple[int, int], ...]) -> dict[str, object]:
    """The first citation in a file that has changed; `found`: where its words stand now."""
    cited = fakes.CITATIONS[0]
    place = Place(fakes.PATH, cited.start, cited.end, 1, cited.quote)
    start = found[0][0] if found else cited.start
    line = source_text.count("\n", 0, start) + 1
    view = replace(fakes.view(), source_text=source_text, start=start, line=line, articles=())
    return reader_data.reader_data("k", place, Opened(view, None, found), fakes.CITATIONS)


def test_words_that_have_moved_are_marked_where_they_stand_now() -> None:
    one, two = fakes.CITATIONS
    data = after_change("X\n" + fakes.SOURCE, ((one.start + 2, one.end + 2),))
    assert data["note"] == reader_data.MOVED.format(one.line + 1)
    assert f"line {one.line + 1}" in str(dict(data["forms"])["Plain text"])  # type: ignore[call-overload]
    lines = data["original"]["lines"]  # type: ignore[index]
    assert (marked(lines, "main"), marked(lines, "other")) == (one.quote, two.quote)
    assert data["stored"] == ""
    assert (open_at(1)["note"], open_at(1)["stored"]) == ("", "")


def test_words_that_are_gone_are_told_and_nothing_is_marked_for_them() -> None:
    one, two = fakes.CITATIONS
    without = fakes.SOURCE.replace(one.quote, "It was closed for some other reason, he said.")
    data = after_change(without, ())
    assert (data["note"], data["stored"]) == (reader_data.LOST, one.quote)
    lines = data["original"]["lines"]  # type: ignore[index]
    assert (marked(lines, "main"), marked(lines, "other")) == ("", two.quote)
    assert f"line {one.line}" in str(dict(data["forms"])["Plain text"])  # type: ignore[call-overload]
    data = after_change(without.replace(two.quote, "Nobody knows more"), ())
    assert marked(data["original"]["lines"], "other") == ""  # type: ignore[index]


def test_a_file_that_is_not_known_any_more_still_shows_the_stored_words() -> None:
    place = Place(fakes.PATH, 0, 9, 0, "as it was")
    data = reader_data.missing_data("k", place, "Not in the library.")
    assert (data["note"], data["stored"]) == ("Not in the library.", "as it was")


def test_words_that_cleaning_removed_open_the_original() -> None:
    place = Place(fakes.PATH, 0, 4)
    data = reader_data.reader_data("k", place, fakes.opened(place), ())
    assert data["clean"] is None
    assert marked(data["original"]["lines"], "main") == "HOME"


def test_long_file_is_shown_around_the_words() -> None:
    text = "".join(f"line {number}\n" for number in range(1, 5001))
    start = text.index("line 2500")
    data = reader_text.original_text(text, [Range(start, start + 9, "main", 0)])
    assert data["cutBefore"]
    assert data["cutAfter"]
    assert len(data["lines"]) == 2 * reader_text.LINES_AROUND + 1
    assert marked(data["lines"], "main") == "line 2500"


def shown_chars(data: dict[str, object]) -> int:
    return sum(len(part[0]) for line in data["lines"] for part in line["parts"])  # type: ignore[attr-defined]


def test_a_giant_line_or_paragraph_is_shown_around_the_words_and_grows_to_either_side() -> None:
    text = "a" * 500_000 + "needle" + "b" * 500_000
    ranges = [Range(500_000, 500_006, "main", 0)]
    article = replace(fakes.ARTICLE, text=text, spans=(SpanRun(0, len(text), 0, len(text)),))
    for draw in (
        lambda reach: reader_text.original_text(text, ranges, (), reach),
        lambda reach: reader_text.clean_text(article, 500_000, ranges, text, reach),
    ):
        data = draw((1, 1))
        assert marked(data["lines"], "main") == "needle"
        (line,) = data["lines"]
        assert [part[1:] for part in line["parts"]] == [
            ["cut", -1], ["", 0], ["main", 0], ["", 0], ["cut", 1],
        ]  # fmt: skip
        assert shown_chars(data) <= 2 * reader_text.CHARS_AROUND + 10
        assert (data["cutBefore"], data["cutAfter"]) == (True, True)
        wider = draw((1, 8))["lines"][0]["parts"]
        assert [len(part[0]) for part in wider[:3]] == [len(part[0]) for part in line["parts"][:3]]
        assert len(wider[3][0]) == 8 * len(line["parts"][3][0])
        whole = draw((64, 64))
        assert (whole["cutBefore"], whole["cutAfter"]) == (False, False)
        assert shown_chars(whole) == len(text)


def test_a_page_of_one_line_with_thousands_of_places_left_out_is_drawn() -> None:
    """Its parts grow with the places; comparing each with each took 17 s for so many."""
    text = "word and " * 20_000
    removed = [Removed(start, start + 4, "menu") for start in range(0, len(text), 9)]
    data = reader_text.original_text(text, [Range(9, 13, "main", 1)], removed, (64, 64))
    assert marked(data["lines"], "main") == "word"
    assert marked(data["lines"], "gone") == "word" * 19_999
    assert len(data["lines"][0]["parts"]) == 40_000


@given(st.text(alphabet="a\r\n ", max_size=60), st.lists(st.integers(0, 60), max_size=6))
def test_lines_are_counted_as_an_editor_counts_them(text: str, raw: list[int]) -> None:
    starts = spans.line_starts(text)
    offsets = [starts[one % len(starts)] for one in raw]
    wanted = [spans.line_of(starts, offset) for offset in offsets]
    assert list(reader_text.line_numbers(text, offsets)) == wanted


def test_repaired_run_is_marked_as_a_whole() -> None:
    article = replace(
        fakes.ARTICLE, text="say “hi” now", spans=(
            SpanRun(0, 4, 0, 4), SpanRun(4, 5, 4, 7), SpanRun(5, 7, 7, 9), SpanRun(7, 8, 9, 11),
            SpanRun(8, 12, 11, 15),
        ),
    )  # fmt: skip
    source = "say ā€œhiā€ now"
    view = replace(fakes.view(), source_text=source, articles=(article,))
    data = reader_data.clean_text(view, [Range(4, 11, "main", 1)])
    assert data is not None
    assert marked(data["lines"], "main") == "“hi”"


RANGES = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40), st.booleans(), st.integers(1, 3)), max_size=5
)


@given(st.text(min_size=1, max_size=40), RANGES)
def test_parts_join_to_the_text(text: str, raw: list[tuple[int, int, bool, int]]) -> None:
    ranges = [
        Range(min(low, high), max(low, high), "main" if main else "other", number)
        for low, high, main, number in raw
        if low != high
    ]
    parts = reader_text.cut(text, 0, len(text), ranges)
    assert "".join(part[0] for part in parts) == text
    mains = {at for item in ranges if item.kind == "main" for at in range(item.start, item.end)}
    shown = "".join(part[0] for part in parts if part[1] == "main")
    assert shown == "".join(text[at] for at in sorted(mains) if at < len(text))


def test_a_wider_reach_shows_the_whole_text_and_whole_lines() -> None:
    text = "\n".join([*(f"line {number}" for number in range(2000)), "x" * 20_000])
    middle = [Range(text.index("line 1000"), text.index("line 1001") - 1, "main", 1)]
    near = reader_text.original_text(text, middle)
    assert (near["cutBefore"], near["cutAfter"]) == (True, True)
    whole = reader_text.original_text(text, middle, reach=(4, 4))
    assert (whole["cutBefore"], whole["cutAfter"]) == (False, False)
    assert len(whole["lines"]) == 2001
    assert whole["lines"][-1]["parts"] == [["x" * 20_000, "", 0]]


def test_the_printed_page_stands_with_the_line_and_in_the_citation() -> None:
    one, _ = fakes.CITATIONS
    source = replace(
        fakes.view(fakes.PATH, one.start, one.end),
        page_starts=(0, 5, one.start - 1, one.end + 5),
        article_id="a1",
    )
    opened = Opened(source, None, ((one.start, one.end),))
    place = Place(fakes.PATH, one.start, one.end, 1, one.quote)
    data = reader_data.reader_data("k", place, opened, fakes.CITATIONS)
    assert data["place"] == f"page 3, line {one.line}"
    forms = dict(data["forms"])
    assert list(forms) == ["Plain text", "Markdown footnote", "BibTeX", "CSL-JSON"]
    assert f"page 3, line {one.line}" in forms["Plain text"]
    assert data["article"] == "a1"


def test_an_article_is_cited_as_a_whole_and_a_card_by_its_words() -> None:
    source = replace(fakes.view(), article_id=fakes.ARTICLE.article_id)
    opened = Opened(source, None, ())
    data = reader_data.reader_data("k", Place(fakes.PATH, 0, 0), opened, ())
    assert "“" + fakes.ARTICLE.title + "”" in dict(data["forms"])["Plain text"]
    assert "line" not in dict(data["forms"])["Plain text"]
    two = fakes.CITATIONS[1]
    source = replace(source, start=two.start, end=two.end, line=two.line)
    opened = Opened(source, None, ((two.start, two.end),))
    place = Place(fakes.PATH, two.start, two.end, words=two.quote)
    data = reader_data.reader_data("k", place, opened, ())
    assert dict(data["forms"])["Plain text"].startswith(f"“{two.quote}” — ")
    assert f"line {two.line}" in dict(data["forms"])["Plain text"]
