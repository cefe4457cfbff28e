import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import spans
from core.records import SpanRun

# clean: "Ab" + "”" (3 source characters) + "cd", then a removed range, then "\n\n" and "ef"
RUNS = (
    SpanRun(0, 2, 10, 12),
    SpanRun(2, 3, 12, 15),
    SpanRun(3, 5, 15, 17),
    SpanRun(5, 7, 17, 17),
    SpanRun(7, 9, 40, 42),
)


@pytest.mark.parametrize(
    ("start", "end", "source"),
    [
        (0, 2, [(10, 12)]),
        (1, 2, [(11, 12)]),
        (2, 3, [(12, 15)]),
        (1, 4, [(11, 16)]),
        (3, 5, [(15, 17)]),
        (7, 9, [(40, 42)]),
        (4, 8, [(16, 17), (40, 41)]),
        (0, 9, [(10, 17), (40, 42)]),
    ],
)
def test_to_source(start, end, source):
    pieces = spans.to_source(RUNS, start, end)
    assert [(piece.source_start, piece.source_end) for piece in pieces] == source


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 3), (5, 4), (0, 10)])
def test_a_range_outside_the_text_is_refused(start, end):
    with pytest.raises(ValueError):
        spans.to_source(RUNS, start, end)


def test_to_clean_is_the_way_back():
    assert spans.to_clean(RUNS, 11, 16) == (1, 4)
    assert spans.to_clean(RUNS, 13, 14) == (2, 3)
    assert spans.to_clean(RUNS, 20, 30) is None


def test_merge_runs_joins_what_is_verbatim_and_keeps_repairs_apart():
    merged = spans.merge_runs(
        [SpanRun(0, 1, 0, 1), SpanRun(1, 3, 1, 3), SpanRun(3, 4, 3, 6), SpanRun(4, 5, 6, 7)]
    )
    assert merged == (SpanRun(0, 3, 0, 3), SpanRun(3, 4, 3, 6), SpanRun(4, 5, 6, 7))


@given(st.text(alphabet="ab\r\n", max_size=40))
def test_lines_are_counted_as_editors_count_them(text):
    starts = spans.line_starts(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert len(starts) == len(lines)
    for number, start in enumerate(starts, start=1):
        assert spans.line_of(starts, start) == number
        assert (
            text[start:].replace("\r\n", "\n").replace("\r", "\n").split("\n")[0]
            == lines[number - 1]
        )
