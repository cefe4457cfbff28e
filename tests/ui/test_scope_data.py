"""Limits become chips, and chips take them away again."""

from __future__ import annotations

import pytest

from core.records import Filters
from index.finding.facets import Facets
from ui import scope_data

ALL = Filters(
    after="2025-03",
    before="2025-07-12",
    outlet="The <b>Tide",
    path="*/ukraine/*",
    language="de",
    folders=("/news", "/old"),
    articles=("a1", "a2"),
)


def test_every_limit_has_a_chip_that_takes_it_away() -> None:
    chips = scope_data.chips(ALL, {"a1": "The crack"})
    assert [chip["label"] for chip in chips] == [
        "from Mar 2025 to 12 Jul 2025",
        "The <b>Tide",
        "in German",
        "files */ukraine/*",
        "in /news",
        "in /old",
        "only “The crack”",
        "only “an article that is gone”",
    ]
    left = ALL
    for chip in chips:
        fewer = scope_data.without(left, chip["field"], chip["value"])
        assert len(scope_data.chips(fewer, {})) == len(scope_data.chips(left, {})) - 1
        left = fewer
    assert left == Filters()
    assert scope_data.scope_words(left, {}) == ""


def test_folders_and_articles_add_up_and_the_others_are_replaced() -> None:
    wanted = Filters()
    for field, value in (
        ("outlet", "Tide"), ("outlet", " Quay "), ("folders", "/a"), ("folders", "/b"),
        ("folders", "/a"), ("articles", "x"), ("language", "de"), ("after", "x"), ("outlet", " "),
    ):  # fmt: skip
        wanted = scope_data.with_limit(wanted, field, value)
    assert wanted == Filters(outlet="Quay", folders=("/a", "/b"), articles=("x",), language="de")


@pytest.mark.parametrize("field", ["", "after", "nonsense"])
def test_an_unknown_field_changes_nothing(field: str) -> None:
    assert scope_data.without(ALL, field, "") == ALL


def test_suggestions_have_names_and_counts() -> None:
    found = Facets(
        total=1204,
        dates=(("2025", 3), ("2025-07", 1201)),
        undated=4,
        outlets=(("Tide", 1200), ("", 4)),
        languages=(("de", 1204),),
        folders=tuple((f"/news/{place:03}", place) for place in range(300)),
    )
    data = scope_data.suggestions_data(found)
    assert data is not None
    assert data["outlets"] == [["Tide", "Tide", "1,200"]]
    assert data["languages"] == [["de", "German", "1,204"]]
    # All of them, the largest first: the page looks through them all.
    assert len(data["folders"]) == 300
    assert data["folders"][0] == ["/news/299", "/news/299", "299"]
    assert data["folders"][-1][0] == "/news/000"
    assert data["span"] == "2025 to Jul 2025"
    assert data["undated"] == "4 articles"
    assert scope_data.suggestions_data(None) is None
