import math

import pytest

from answer import answerable, evidence
from answer import question as questions
from core.records import Article, Hit, Passage

TEXT = (
    "The ferry Aurora sailed from Lund on Monday. It carried 300 people, and nobody was hurt. "
    "The captain raised the alarm at noon."
)


def figures(question, text=TEXT, read=None):
    article = Article("a", "/a.txt", 0, "Ferry", None, None, None, None, None, text, ())
    hit = Hit(Passage(1, "a", text, 0, len(text)), article, 1.0, 1, 1)
    asked = questions.read(question)
    weight_of = dict.fromkeys(asked.stems, 1.0)
    ranked = evidence.rank(asked, [hit], weight_of, None)
    return answerable.figures(asked, ranked, weight_of, read or {})


@pytest.mark.parametrize(
    ("question", "name", "value"),
    [
        ("Who raised the alarm?", "opposite", 0.0),
        ("Who lowered the alarm?", "opposite", 1.0),
        ("Who raised the alarm?", "denied", 0.0),
        ("Who never raised the alarm?", "denied", 1.0),
        ("Did it carry 300 people?", "other_number", 0.0),
        ("Did it carry 500 people?", "other_number", 1.0),
        ("When did the ferry Aurora sail?", "names", 1.0),
        ("When did the ferry Borealis sail?", "names", 0.0),
        ("Who raised the alarm?", "missing", 0.0),
        ("Who raised the anchor and the alarm?", "missing", 1.0),
    ],
)
def test_what_tells_a_near_miss(question, name, value):
    assert figures(question)[name] == value


def test_a_question_about_something_else_is_refused_and_its_own_is_not():
    own = answerable.judge(figures("When did the ferry Aurora sail from Lund?"), "words")
    foreign = answerable.judge(figures("What is the boiling point of ethanol?"), "words")
    assert (own.is_answerable, foreign.is_answerable) == (True, False)
    assert own.confidence > foreign.confidence


def test_the_weights_are_those_of_the_figures():
    weights = answerable._weights()
    for model, ways in answerable.FIGURES.items():
        for way, names in ways.items():
            assert set(weights[model][way]) == {"bias", *names}
    for way in answerable.WAYS:
        limits = weights["limits"][way]
        assert 0 < limits["answered"] < limits["doubtful"] < 1
        assert 0 < limits["known"] < 1


def test_probabilities_follow_the_weighted_sum():
    weights = {"bias": -1.0, "cosine": 2.0}
    expected = 1 / (1 + math.exp(-(2.0 * 0.75 - 1.0)))
    assert answerable.probability(weights, {"cosine": 0.75}) == pytest.approx(expected)


def test_between_the_limits_an_answer_is_doubtful():
    weights = {
        "foreign": {"words": {"bias": 5.0}},
        "near_miss": {"words": {"bias": 0.0, "pair": 1.0}},
        "limits": {"words": {"known": 0.5, "answered": 0.55, "doubtful": 0.65}},
    }
    judged = [answerable.judged(weights, {"pair": pair}, "words") for pair in (0.0, 0.4, 1.0)]
    assert [one.is_answerable for one in judged] == [False, True, True]
    assert [one.is_doubtful for one in judged] == [False, True, False]
