from pathlib import Path

import pytest

from answer import evidence
from core.records import Article, Filters, Hit, Passage
from index.encoder import load_encoder
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
    first, last = evidence._widened(sentence)
    spans = evidence._sentences(TEXT)
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
        selection = evidence.select(library, fake_encoder, "Anything?", [])
    assert (selection.runs, selection.answerable) == ((), False)


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
    encoder = load_encoder(demo)
    with open_library(demo) as library:
        hits = rank(library, encoder, question, Filters())
        selection = evidence.select(library, encoder, question, hits)
    assert selection.answerable == answerable


def test_the_reason_stands_before_the_sentence_that_names_the_pause(demo):
    encoder = load_encoder(demo)
    question = "why was the arms pause reversed?"
    with open_library(demo) as library:
        selection = evidence.select(
            library, encoder, question, rank(library, encoder, question, Filters())
        )
    runs = [run for run in selection.runs[:3] if "tidewater" in Path(run.article.path).name]
    assert any("pause" in run.text and "killed" in run.text for run in runs)
    assert all(run.text == run.article.text[run.start : run.end] for run in runs)


def test_runs_do_not_overlap(demo):
    encoder = load_encoder(demo)
    with open_library(demo) as library:
        hits = rank(library, encoder, "Gannet Bridge cracks repair cost", Filters())
        runs = evidence.select(library, encoder, "Gannet Bridge cracks repair cost", hits).runs
    places = sorted((run.article.article_id, run.start, run.end) for run in runs)
    for one, two in zip(places, places[1:], strict=False):
        assert one[0] != two[0] or one[2] <= two[1]
