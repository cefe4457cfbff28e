from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.records import SpanRun
from tests.ui import fakes
from ui import reader_data
from ui.reader_data import Place, Range


def marked(lines: list[dict[str, object]], kind: str) -> str:
    parts = [part for line in lines for part in line["parts"]]  # type: ignore[attr-defined]
    return "".join(text for text, found, _ in parts if found == kind)


def open_at(number: int) -> dict[str, object]:
    cited = fakes.CITATIONS[number - 1]
    place = Place(fakes.PATH, cited.start, cited.end, number)
    view = fakes.view(fakes.PATH, cited.start, cited.end)
    return reader_data.reader_data("k", place, view, fakes.CITATIONS)


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


def test_changed_file_is_named() -> None:
    cited = fakes.CITATIONS[0]
    view = replace(fakes.view(), source_text="X" + fakes.SOURCE, articles=())
    place = Place(fakes.PATH, cited.start, cited.end, 1)
    data = reader_data.reader_data("k", place, view, fakes.CITATIONS)
    assert "changed" in data["note"]
    assert open_at(1)["note"] == ""


def test_words_that_cleaning_removed_open_the_original() -> None:
    place = Place(fakes.PATH, 0, 4)
    data = reader_data.reader_data("k", place, fakes.view(), ())
    assert data["clean"] is None
    assert marked(data["original"]["lines"], "main") == "HOME"


def test_long_file_is_shown_around_the_words() -> None:
    text = "".join(f"line {number}\n" for number in range(1, 5001))
    start = text.index("line 2500")
    data = reader_data.original_text(text, [Range(start, start + 9, "main", 0)])
    assert data["cutBefore"]
    assert data["cutAfter"]
    assert len(data["lines"]) == 2 * reader_data.LINES_AROUND + 1
    assert marked(data["lines"], "main") == "line 2500"


def test_long_line_is_shown_around_the_words() -> None:
    text = "a" * 50_000 + "needle" + "b" * 50_000
    data = reader_data.original_text(text, [Range(50_000, 50_006, "main", 0)])
    assert marked(data["lines"], "main") == "needle"
    assert len(data["lines"][0]["parts"]) == 5
    assert sum(len(part[0]) for part in data["lines"][0]["parts"]) < 7000


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
    parts = reader_data.cut(text, 0, len(text), ranges)
    assert "".join(part[0] for part in parts) == text
    mains = {at for item in ranges if item.kind == "main" for at in range(item.start, item.end)}
    shown = "".join(part[0] for part in parts if part[1] == "main")
    assert shown == "".join(text[at] for at in sorted(mains) if at < len(text))
