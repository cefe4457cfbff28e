"""What a question says of time."""

from datetime import date

import pytest

from index.finding.when import time_words, without_time

TODAY = date(2026, 3, 18)  # a Wednesday
NEWEST = "2025-07-12"

DATES = [
    ("What happened in March?", "2025-03", "2025-03"),
    ("What happened in December?", "2024-12", "2024-12"),  # the newest article is of July
    ("what was decided in march", "2025-03", "2025-03"),
    ("Who marched in May 2023?", "2023-05", "2023-05"),
    ("What was said on July 8?", "2025-07-08", "2025-07-08"),
    ("What was said on the 8th of July, 2024?", "2024-07-08", "2024-07-08"),
    ("What came after July 9?", "2025-07-10", None),
    ("What came after July 31, 2024?", "2024-08-01", None),
    ("strikes since 2024", "2024", None),
    ("arms deliveries after 2023", "2024", None),
    ("Which bridges closed before April 2025?", None, "2025-03"),
    ("reports until 2025-02-03", None, "2025-02-03"),
    ("between May and July 2025, who resigned?", "2025-05", "2025-07"),
    ("from November 2024 to January 2025", "2024-11", "2025-01"),
    ("between November and February", "2024-11", "2025-02"),
    ("What did the council decide last week?", "2026-03-11", None),
    ("news of the past 3 days", "2026-03-15", None),
    ("what changed last month", "2026-02", "2026-02"),
    ("what changed last year", "2025", "2025"),
    ("this week's votes", "2026-03-16", None),
    ("What did she say yesterday?", "2026-03-17", "2026-03-17"),
]


@pytest.mark.parametrize(("question", "after", "before"), DATES)
def test_a_named_time_is_understood(question, after, before):
    found = time_words(question, NEWEST, TODAY)
    assert found is not None
    assert (found.after, found.before, found.latest) == (after, before, False)
    assert found.words in question


NONE = [
    "Why was the arms pause reversed?",
    "Who may enter the library?",
    "They march on the capital",
    "What is the budget of 2000 dollars for?",
    "What happened on February 30?",
    "Where is Mayfield?",
    "Who is by Augusta?",
    "",
]


@pytest.mark.parametrize("question", NONE)
def test_other_questions_name_no_time(question):
    assert time_words(question, NEWEST, TODAY) is None


@pytest.mark.parametrize(
    "question", ["What is the latest on the bridge?", "most recent strikes", "newest polls"]
)
def test_the_newest_may_be_asked_for(question):
    found = time_words(question, None, TODAY)
    assert found is not None
    assert (found.after, found.before, found.latest) == (None, None, True)


def test_newest_of_a_month():
    found = time_words("the latest figures in June", NEWEST, TODAY)
    assert found is not None
    assert (found.after, found.before, found.latest) == ("2025-06", "2025-06", True)


def test_a_library_without_dates_counts_from_today():
    found = time_words("What happened in April?", None, TODAY)
    assert found is not None
    assert found.after == "2025-04"


@pytest.mark.parametrize(
    ("question", "of_reports"),
    [
        ("Show me articles about Kyiv from July 2025", True),
        ("What was reported about the bridge in March?", True),
        ("stories published after July 9 on the herbal", True),
        ("What happened in March?", False),
        ("Why did the council vote on April 10?", False),
    ],
)
def test_a_time_of_reports_is_told_from_a_time_of_events(question, of_reports):
    found = time_words(question, NEWEST, TODAY)
    assert found is not None
    assert found.of_reports is of_reports


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Who resigned, in articles from March 2025?", "Who resigned?"),
        ("Who resigned according to reports from March 2025?", "Who resigned?"),
        (
            "What was reported about the bridge in March 2025?",
            "What was reported about the bridge?",
        ),
        ("articles published after July 9, 2025 on the herbal", "articles published on the herbal"),
        ("news from March 2025", "news"),
    ],
)
def test_a_question_without_its_time_of_reports(question, rest):
    found = time_words(question, NEWEST, TODAY)
    assert found is not None
    assert without_time(question, found) == rest
