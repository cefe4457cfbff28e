"""One day in several notations; a claim may say less, never something else."""

import pytest

from answer.proof.days import dates, missing, weekdays

GIVEN = [
    ("July 12, 2025", "12 July 2025"),
    ("the 12th of July", "on July 12, 2025"),
    ("in July 2025", "on 12 July 2025"),
    ("in 2025", "12 July 2025"),
    ("2025-07-12", "July 12, 2025"),
    ("August 3 to August 21", "from 3 to 21 August"),
    ("on the 12th", "on 12 July"),
    ("between May and July", "between May and July 2020"),
    ("in the 1990s", "the late 1990s"),
]
NOT_GIVEN = [
    ("12 July 2024", "12 July 2025"),
    ("13 July", "12 July 2025"),
    ("12 June", "12 July"),
    ("12 July 2025", "in July 2025"),
    ("between June and July", "between May and July"),
    ("in the 1980s", "in the 1990s"),
    ("in 1999", "12 July 2025"),
]


@pytest.mark.parametrize(("claim", "cited"), GIVEN)
def test_what_the_words_give(claim, cited):
    assert dates(claim)
    assert missing(dates(claim), dates(cited)) is None


@pytest.mark.parametrize(("claim", "cited"), NOT_GIVEN)
def test_what_they_do_not(claim, cited):
    assert missing(dates(claim), dates(cited)) is not None


@pytest.mark.parametrize(
    "text", ["He may go.", "Theresa May said so.", "They march on.", "12 cats"]
)
def test_what_is_no_date(text):
    assert dates(text) == []


def test_weekdays():
    assert weekdays("On Monday, not on Tuesday's date, the sun shone.") == {"monday", "tuesday"}
