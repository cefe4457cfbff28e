import pytest

from answer.differing.figures import figures


@pytest.mark.parametrize(
    ("text", "low", "high", "unit", "words"),
    [
        ("It has 121 leaves.", 121, 121, "", "121"),
        ("It has one thousand leaves.", 1000, 1000, "", "one thousand"),
        ("It has twenty-six leaves.", 26, 26, "", "twenty-six"),
        ("About 300 came.", 285, 315, "", "About 300"),
        ("More than 700 came.", 700, 770, "", "More than 700"),
        ("Up to 50 came.", 45, 50, "", "Up to 50"),
        ("It costs £4.2 million.", 4.15e6, 4.25e6, "£", "£4.2 million"),
        ("It costs 3.5bn euros.", 3.45e9, 3.55e9, "€", "3.5bn euros"),
        ("between 50 and 60 people", 50, 60, "", "50 and 60"),
        ("20–30 km away", 20_000, 30_000, "metre", "20–30 km"),
        ("It took 90 minutes.", 5400, 5400, "second", "90 minutes"),
        ("a 12 per cent share", 12, 12, "%", "12 per cent"),
    ],
)
def test_a_figure_with_what_its_wording_leaves_open(text, low, high, unit, words):
    (found,) = figures(text)
    assert (found.low, found.high) == pytest.approx((low, high), rel=0.005)
    assert found.unit == unit
    assert text[found.start : found.end] == words


def test_a_rate_is_told_from_a_sum():
    assert [one.rate for one in figures("It costs £340 a week and £900 once.")] == ["week", ""]


def test_a_change_is_no_range():
    assert [one.low for one in figures("It grew from four to twelve pins.")] == [4, 12]


@pytest.mark.parametrize("text", ["the 1st of them", "at 6:15", "route B52", "no figure"])
def test_what_is_no_figure(text):
    assert figures(text) == ()


def test_units_are_converted():
    miles, kilometres = figures("995 miles, in other words 1,600 km")
    assert miles.agrees(kilometres)
    assert not figures("118 km")[0].agrees(figures("121 km")[0])
    assert not figures("5 km")[0].agrees(figures("5 hours")[0])
