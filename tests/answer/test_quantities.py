"""One value in several notations, and values that only look alike."""

import pytest

from answer.proof.quantities import agree, missing, quantities

SAME = [
    ("3 million", "3,000,000"),
    ("three million", "3,000,000 people"),
    ("$4.3m", "4.3 million dollars"),
    ("£640m", "640 million pounds"),
    ("12%", "12 per cent"),
    ("half of the houses", "50 percent of the houses"),
    ("a fifth of its value", "20 percent of its value"),
    ("nine in ten buses", "90 percent of the buses"),
    ("two dozen hikers", "24 hikers"),
    ("a dozen", "twelve"),
    ("twenty-three survivors", "23 survivors"),
    ("three hundred and forty", "340"),
    ("an hour and a half", "90 minutes"),
    ("84 m", "84 metres"),
    ("70 kilos", "70 kg"),
    ("half a million", "500,000"),
    ("2nd place", "second place"),
    ("an 18-year sentence", "18 years"),
    ("twice as many", "double the number"),
]
OTHER = [
    ("about 300", "297"),
    ("5 million dollars", "5 billion dollars"),
    ("$5 million", "5 million euros"),
    ("3 metres", "3 feet"),
    ("40 percent", "40 million"),
    ("more than 300", "fewer than 300"),
    ("3rd place", "3 places"),
    ("12 days", "12 weeks"),
    ("-12 degrees", "12 degrees"),
    ("1.8 degrees", "18 degrees"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_value_agrees(one, other):
    assert quantities(one)
    assert quantities(other)
    assert not missing(quantities(one), quantities(other))
    assert not missing(quantities(other), quantities(one))


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_another_value_does_not(one, other):
    assert missing(quantities(one), quantities(other))


@pytest.mark.parametrize("text", ["one of them", "Halley-7", "the one that", "no number"])
def test_what_is_no_quantity(text):
    assert quantities(text) == []


def test_a_quantity_agrees_with_itself():
    for text in (text for pair in SAME + OTHER for text in pair):
        assert all(agree(one, one) for one in quantities(text)), text
