"""Where a quotation stands, as it is shown."""

from __future__ import annotations

import pytest

from index.finding.differences import Piece, differences
from ui import quotation_backend, quotation_data
from ui.quotation_data import Standing
from ui.reader_data import Place


def standing(quoted: str, found: str, similarity: float = 0.9) -> Standing:
    place = Place("/news/quay.txt", 3, 9)
    pieces = tuple(differences(quoted, found))
    return Standing(place, "Quay", "Gazette", "2025-03-01", 1200, similarity, pieces)


def test_exact_and_near_places_are_told_apart() -> None:
    found = [
        standing("The quay closed.", "the quay closed.", 1.0),
        standing("The quay closed.", "The quay opened.", 0.8),
        standing("The quay closed.", "Nothing alike.", 0.5),
    ]
    data = quotation_data.quotation_data("The quay closed.", found, "")
    assert [place["verdict"] for place in data["exact"]] == ["word for word"]
    assert [place["verdict"] for place in data["near"]] == ["1 difference"]
    assert data["near"][0]["parts"] == [
        ["The quay ", ""], ["closed", "quoted"], ["opened", "found"], [".", ""],
    ]  # fmt: skip
    assert data["near"][0]["key"].startswith(f"{found[1].place.start}-")
    assert data["near"][0]["line"] == "line 1,200"


def test_with_nothing_better_what_is_less_alike_is_shown() -> None:
    data = quotation_data.quotation_data("a", [standing("The quay", "The bay", 0.5)], "")
    assert len(data["near"]) == 1
    assert quotation_data.quotation_data("", None, "")["asked"] is False


def test_what_stands_around_is_cut() -> None:
    before, after = "Long before. " * 30, " Long after." * 30
    shown = quotation_data.standing_data(standing("the quay", f"{before}the quay{after}"))
    assert shown["exact"]
    assert [kind for _, kind in shown["parts"]] == ["cut", "around", "", "around", "cut"]
    assert sum(len(text) for text, _ in shown["parts"]) < 400


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        (Piece("missing", "old ", ""), [["old", "quoted"], [" ", ""]]),
        (Piece("added", "", "new "), [["new", "found"], [" ", ""]]),
        (Piece("changed", "12 ", "700 "), [["12", "quoted"], ["700", "found"], [" ", ""]]),
    ],
)
def test_a_space_is_no_part_of_a_difference(piece: Piece, expected: list[list[str]]) -> None:
    assert quotation_data.piece_parts(piece) == expected


@pytest.mark.parametrize(
    ("quoted", "found"),
    [
        ("The bridge on Monday was shut", "The bridge, and the road, was shut"),
        ("It shut now", "It"),
    ],
)
def test_words_of_the_quotation_alone_are_not_glued_to_the_files(quoted: str, found: str) -> None:
    parts = quotation_data.standing_data(standing(quoted, found))["parts"]
    assert "".join(text for text, kind in parts if kind != "found").split() == quoted.split()


def test_white_space_at_the_ends_belongs_to_what_stands_around() -> None:
    assert quotation_backend._bare_range("It moved. And on.", 2, 10) == (3, 9)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“It moved.”", "It moved."),
        ("  …it moved […]\n", "it moved"),
        ("“It moved,” she said", "It moved,” she said"),
        ("...", "..."),
        ("""'twas the dogs'""", "'twas the dogs'"),
    ],
)
def test_marks_around_a_quotation(text: str, expected: str) -> None:
    assert quotation_backend.bare(text) == expected
