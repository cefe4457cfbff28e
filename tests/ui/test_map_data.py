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
        (
            Look("1", Map((), (), 9), False),
            "none",
            map_data.NO_VECTORS + map_data.GET_ENCODER + map_data.COUNTS_STAND,
        ),
        (Look("1", Map((), (), 0), False), "none", map_data.TOO_FEW),
        (Look("1", Map(POINTS[:2], ((), ()), 2), False), "none", map_data.TOO_FEW),
        (Look(), "none", map_data.TOO_FEW),
    ],
)
def test_what_stands_in_the_place_of_the_map(look, state, message):
    drawn = map_data.points_data(look.map) if map_data.is_drawn(look.map) else None
    data = map_data.map_data(look, drawn, encoder_is_here=False)
    assert (data["state"], data["message"]) == (state, message)


def test_a_library_read_without_the_encoder_is_told_what_to_do():
    look = Look("1", Map((), (), 9), False)
    told = map_data.map_data(look, None, encoder_is_here=False)["message"]
    assert "pip install -r requirements.txt" in told
    told = map_data.map_data(look, None, encoder_is_here=True)["message"]
    assert "pip install" not in told
    assert "Look for changes now" in told


OUTLETS = (("Post", 8), (None, 1))


def overview(months, by_month=()):
    return Overview(9, months, 2, 1, OUTLETS, (("en", 7), ("xx", 2)), by_month)


def test_pictures_tell_what_they_leave_out():
    data = map_data.pictures_data(overview((("2025-07", 4), ("2025-08", 2))))
    assert data["time"]["keys"] == [["2025-07", "Jul 2025"], ["2025-08", "Aug 2025"]]
    assert [row["counts"] for row in data["time"]["rows"]] == [[4, 2]]
    assert data["time"]["note"] == "2 of which only the year is known, 1 without a date"
    # No search finds what has no outlet: nothing to press there.
    assert [(row["value"], row["label"], row["count"]) for row in data["outlets"]] == [
        ("Post", "Post", 8),
        (None, "no outlet known", 1),
    ]
    languages = [(row["value"], row["label"]) for row in data["languages"]]
    assert languages == [("en", "English"), ("xx", "xx")]


def test_outlets_by_month_add_up_to_the_months():
    months = (("2025-07", 4), ("2025-08", 2), ("2025-09", 0))
    by_month = (("Post", (2, 1, 0)), ("Mail", (1, 1, 0)), ("Undated Weekly", (0, 0, 0)))
    data = map_data.pictures_data(overview(months, by_month))["byOutlet"]
    assert data["per"] == "month"
    assert [(row["value"], row["counts"], row["total"]) for row in data["rows"]] == [
        ("Post", [2, 1, 0], 3),
        ("Mail", [1, 1, 0], 2),
        (None, [1, 0, 0], 1),
    ]
    assert data["rows"][-1]["label"] == "other outlets, or unknown"
    # An outlet's bars need not add up to its articles: it is told what is left out.
    assert data["note"] == "2 of which only the year is known, 1 without a date"


def test_many_months_are_drawn_as_years():
    months = tuple((f"{2000 + n // 12}-{n % 12 + 1:02}", n % 3) for n in range(150))
    data = map_data.pictures_data(overview(months, (("Post", (1,) * 150),)))
    time, by_outlet = data["time"], data["byOutlet"]
    assert (time["per"], by_outlet["per"]) == ("year", "year")
    assert sum(time["rows"][0]["counts"]) == sum(count for _, count in months)
    assert time["keys"][0] == ["2000", "2000"]
    assert by_outlet["rows"][0]["counts"] == [12] * 12 + [6]


def test_a_library_without_dates_says_so_in_words():
    data = map_data.pictures_data(overview(()))
    assert (data["time"]["keys"], data["byOutlet"]["rows"]) == ([], [])
    assert data["undated"] == "2 of which only the year is known, 1 without a date"


@pytest.mark.parametrize(
    ("pressed", "address"),
    [
        ({"time": "2025-07", "outlet": ""}, {"after": "2025-07", "before": "2025-07"}),
        ({"time": "2025", "outlet": "Post"}, {"after": "2025", "before": "2025", "outlet": "Post"}),
        ({"outlet": "<b>Post</b>"}, {"outlet": "<b>Post</b>"}),
        ({"language": "en"}, {"language": "en"}),
        ({"library": "other", "time": None}, {}),
    ],
)
def test_what_was_pressed_becomes_the_address_of_a_search(pressed, address):
    assert map_data.search_address({"type": "search"} | pressed) == address
