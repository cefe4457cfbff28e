"""The map page's data: columns that fit together, counts that add up, kind words when empty."""

import pytest

from index.views.map import Map, Point
from index.views.overview import Overview
from ui import map_data
from ui.map_backend import Look


def point(number, outlet="Post", published="2025-07-12", title="", group=0):
    return Point(
        f"id{number}", f"/a/{number}.txt", 0, title, outlet, published, number / 10, 0.5, group
    )


POINTS = (
    point(0, title="<b>Flood</b>"),
    point(1, "Mail", "2025", group=1),
    point(2, None, None, group=1),
    point(3, "Post", "2025-09"),
)
MAP = Map(POINTS, (("ferry", "Holm"), ()), 6)


def test_columns_fit_together():
    data = map_data.points_data(MAP)
    points = data["points"]
    assert {len(column) for column in points.values()} == {4}
    assert points["titles"] == ["<b>Flood</b>", "1.txt", "2.txt", "3.txt"]
    assert points["sources"][1:3] == ["Mail · 2025", "2.txt · no date"]
    assert [data["outlets"][number][0] if number >= 0 else None for number in points["outlet"]] == [
        "Post", "Mail", None, "Post",
    ]  # fmt: skip
    assert [data["months"][number] if number >= 0 else None for number in points["month"]] == [
        "Jul 2025", None, None, "Sep 2025",
    ]  # fmt: skip
    assert all(0 <= value <= 1 for name in "xy" for value in points[name])
    assert data["words"] == "4 of 6 articles"
    assert [(group["name"], group["count"]) for group in data["groups"]] == [
        ("ferry, Holm", 2),
        ("", 2),
    ]
    assert data["other"] == "other outlets, or unknown 1"
    assert data["undated"] == "no month known 2"


@pytest.mark.parametrize(
    ("look", "state", "message"),
    [
        (Look("1", MAP, False), "ready", ""),
        (Look("", None, True), "making", map_data.MAKING),
        (Look("1", None, False, "The disk is full."), "trouble", "The disk is full."),
        (Look("1", Map((), (), 9), False), "none", map_data.NO_VECTORS),
        (Look("1", Map((), (), 0), False), "none", map_data.TOO_FEW),
        (Look("1", Map(POINTS[:2], ((), ()), 2), False), "none", map_data.TOO_FEW),
        (Look(), "none", map_data.TOO_FEW),
    ],
)
def test_what_stands_in_the_place_of_the_map(look, state, message):
    drawn = map_data.points_data(look.map) if map_data.is_drawn(look.map) else None
    data = map_data.map_data(look, drawn)
    assert (data["state"], data["message"]) == (state, message)


def overview(months):
    return Overview(9, months, 2, 1, (("Post", 8), (None, 1)), (("en", 7), ("xx", 2)), ())


def test_pictures_tell_what_they_leave_out():
    data = map_data.pictures_data(overview((("2025-07", 4), ("2025-08", 2))))
    assert data["time"]["bars"] == [("2025-07", "Jul 2025", 4), ("2025-08", "Aug 2025", 2)]
    assert data["time"]["note"] == "2 of which only the year is known, 1 without a date"
    assert [(row["label"], row["count"]) for row in data["outlets"]] == [
        ("Post", 8),
        ("no outlet known", 1),
    ]
    assert [row["label"] for row in data["languages"]] == ["English", "xx"]


def test_many_months_are_drawn_as_years():
    months = tuple((f"{2000 + n // 12}-{n % 12 + 1:02}", n % 3) for n in range(150))
    time = map_data.pictures_data(overview(months))["time"]
    assert time["label"] == "Articles per year"
    assert sum(count for _, _, count in time["bars"]) == sum(count for _, count in months)
    assert time["bars"][0][:2] == ("2000", "2000")


def test_a_library_without_dates_says_so_in_words():
    data = map_data.pictures_data(overview(()))
    assert data["time"]["bars"] == []
    assert data["undated"] == "2 of which only the year is known, 1 without a date"
