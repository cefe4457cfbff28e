from pathlib import Path

import pytest

from answer import evidence, runs
from answer import question as questions
from answer.evidence import Models
from answer.features import Scored
from answer.looking import load_models
from core.records import Article, Filters, Hit, Passage
from index.search import rank
from index.store import open_library


def article(text, identity="a", story=None):
    return Article(
        identity, f"/{identity}.txt", 0, "A title", None, None, None, None, None, text, (), story
    )


def hit(made, score=1.0):
    passage = Passage(1, made.article_id, made.text, 0, len(made.text))
    return Hit(passage, made, score, 1, 1)


TEXT = (
    "The mayor spoke of rust on Monday. “It is too dangerous, so we close the bridge,” she said. "
    "This was a sharp turn from her words in May. The ferry runs every hour. "
    "The call to the builders came late. The call was short."
)


@pytest.mark.parametrize(
    ("core", "run"),
    [
        ("This was a sharp turn", ["The mayor", "“It is too", "This was"]),
        ("The ferry runs", ["The ferry runs"]),
        ("The call to", ["The call to"]),
        ("The call was", ["The call to", "The call was"]),
    ],
)
def test_a_sentence_is_joined_to_what_it_points_back_to(core, run):
    made = article(TEXT)
    found = evidence.candidates([hit(made)])
    sentence = next(one for one in found if one.text.startswith(core))
    first, last = runs.widened(sentence)
    spans = runs.sentence_spans(TEXT)
    shown = [TEXT[slice(*spans[place])] for place in range(first, last + 1)]
    assert len(shown) == len(run)
    assert all(text.startswith(opening) for text, opening in zip(shown, run, strict=True))


def test_headings_questions_and_the_title_are_no_evidence():
    text = "What happens next?\n\nA short heading\n\nA title.\n\nThe council meets at ten."
    found = evidence.candidates([hit(article(text))])
    assert [one.text for one in found] == ["The council meets at ten."]


def test_copies_of_a_story_give_evidence_once():
    one, two = article(TEXT, "one", "story"), article(TEXT, "two", "story")
    found = evidence.candidates([hit(one, 1.0), hit(two, 0.9)])
    assert {sentence.article.article_id for sentence in found} == {"one"}


def test_nothing_found_is_not_answerable(settings, fake_encoder):
    with open_library(settings) as library:
        selection = evidence.select(library, Models(fake_encoder), "Anything?", [])
    assert (selection.runs, selection.judgement) == ((), evidence.NOTHING)


@pytest.mark.parametrize(
    ("question", "answerable"),
    [
        ("why was the arms pause reversed?", True),
        ("Who found the cracks in the Gannet Bridge?", True),
        ("What does a complete Patriot system cost?", True),
        ("What is the boiling point of ethanol?", False),
        ("Who won the football World Cup in 1998?", False),
        ("How do I renew a passport online?", False),
    ],
)
def test_off_topic_questions_are_told_apart(demo, question, answerable):
    models = load_models(demo)
    with open_library(demo) as library:
        hits = rank(library, models.encoder, question, Filters())
        selection = evidence.select(library, models, question, hits)
    assert selection.judgement.is_answerable == answerable


def test_the_reason_stands_before_the_sentence_that_names_the_pause(demo):
    models = load_models(demo)
    question = "why was the arms pause reversed?"
    with open_library(demo) as library:
        selection = evidence.select(
            library, models, question, rank(library, models.encoder, question, Filters())
        )
    found = [run for run in selection.runs[:3] if "tidewater" in Path(run.article.path).name]
    assert any("pause" in run.text and "killed" in run.text for run in found)
    assert all(run.text == run.article.text[run.start : run.end] for run in found)


def test_runs_do_not_overlap(demo):
    models = load_models(demo)
    with open_library(demo) as library:
        hits = rank(library, models.encoder, "Gannet Bridge cracks repair cost", Filters())
        found = evidence.select(library, models, "Gannet Bridge cracks repair cost", hits).runs
    places = sorted((run.article.article_id, run.start, run.end) for run in found)
    for one, two in zip(places, places[1:], strict=False):
        assert one[0] != two[0] or one[2] <= two[1]


def scored(made, scores):
    """Sentences of one article as `evidence.rank` gives them, with these scores."""
    found = evidence.candidates([hit(made)])
    ranked = [Scored(one, {"fits": 1.0}, scores[place]) for place, one in enumerate(found)]
    return sorted(ranked, key=lambda one: -one.score)


SIX = "Ann saw it first. Bob was next. Cal came late. Dee left early. Eve stayed on. Fay sang well."


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([9, 8.5, 1, 1, 1, 1], "Ann saw it first. Bob was next."),  # two side by side
        ([8.5, 9, 8.4, 1, 1, 1], "Ann saw it first. Bob was next. Cal came late."),
        ([9, 1, 8.5, 1, 1, 1], "Ann saw it first."),  # not side by side
        ([9, 5, 1, 1, 1, 1], "Ann saw it first."),  # much less relevant
        ([9, 8.9, 8.8, 8.7, 1, 1], "Ann saw it first. Bob was next. Cal came late."),  # no longer
    ],
)
def test_good_sentences_that_stand_side_by_side_are_one_run(scores, expected):
    found = runs.runs_of(questions.read("What happened?"), scored(article(SIX), scores))
    assert found[0].text == expected
    assert found[0].relevance == 1.0
    places = sorted((run.start, run.end) for run in found)
    assert all(one[1] <= two[0] for one, two in zip(places, places[1:], strict=False))
