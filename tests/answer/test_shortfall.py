"""Why nothing was found: tables over made-up passages, and the demo."""

import pytest

from answer import shortfall
from answer.ask import ask
from answer.evidence import Models
from answer.looking import Tools, load_models, look
from commands.printing import answer_text
from core.records import Filters, NearHit
from index.store import open_library

KNOWN = {"harbour": 4, "ferry": 3, "mayor": 2, "lantern": 1, "quince": 5, "berta": 2, "merle": 2}


def near(text, outlet="The Pear", published="2025-03-20", title="A title"):
    return NearHit("/a/pear.txt", title, outlet, published, 1, 0, len(text), text, 1.0)


def explained(question, *texts, known=KNOWN):
    hits = [one if isinstance(one, NearHit) else near(one) for one in texts]
    return shortfall.explain(question, hits, lambda word: known.get(word.lower(), 0))


def test_words_that_stand_nowhere_in_the_library_come_first():
    found = explained("What is the tariff on quince in Atlantis?", "The quince harvest was good.")
    assert found.whole == "Your articles never mention “Atlantis” or “tariff”."
    assert found.of_each == ("Mentions “quince”, but not “Atlantis” or “tariff”.",)


@pytest.mark.parametrize(
    ("question", "text", "whole"),
    [
        (
            "How many lanterns hang in the harbour?",
            "Lanterns hang over the harbour.",
            "The nearest passages speak of “lanterns”, “harbour” and “hang”, "
            "but give no number of lanterns.",
        ),
        (
            "When did the ferry reach the harbour?",
            "The ferry did reach the harbour.",
            "The nearest passages speak of “ferry”, “harbour” and “reach”, but give no date.",
        ),
        (
            "How far is the ferry from the harbour?",
            "The ferry lies in the harbour.",
            "The nearest passages speak of “ferry” and “harbour”, but give no distance.",
        ),
    ],
)
def test_the_kind_of_thing_that_is_missing(question, text, whole):
    known = {**KNOWN, "lanterns": 1, "hang": 9, "reach": 9}
    assert explained(question, text, known=known).whole == whole


def test_names_that_stand_in_different_passages():
    found = explained(
        "Why did Berta leave Merle?",
        near("Berta did leave.", "The Pear"),
        near("Merle came home.", None, None),
        known={**KNOWN, "leave": 8},
    )
    assert found.whole == (
        "None of the nearest passages has all of it: “Berta” stands in The Pear, 20 March 2025, "
        "“Merle” in pear.txt, no date."
    )


def test_what_only_other_passages_mention():
    found = explained("Where is the mayor?", "The harbour is cold.")
    assert found.whole == "None of the nearest passages mentions “mayor”; other passages do."
    assert found.of_each == ("Has none of the question’s words.",)


def test_another_year():
    found = explained(
        "Who ran the ferry in 2024?", "In 2023 Ada Brack ran the ferry.", known={**KNOWN, "ran": 2}
    )
    assert found.whole == "Your articles never mention “2024”."
    assert found.of_each == ("Tells of 2023, not 2024.",)


def test_the_year_of_the_article_counts():
    found = explained(
        "Did Berta sail on March 4, 2025?",
        "Berta set sail on March 4.",
        known={**KNOWN, "sail": 1, "march": 1, "4": 1, "2025": 0},
    )
    assert "never" not in found.whole


def test_a_surname_is_enough_and_an_unknown_one_is_named_alone():
    known = {**KNOWN, "say": 9}
    found = explained("What did Berta Merle say?", "Merle spoke.", known=known)
    assert found.of_each == ("Mentions “Berta Merle”, but has no sentence that answers it.",)
    found = explained("What did Berta Krug say?", "Berta spoke.", known=known)
    assert found.whole == "Your articles never mention “Krug”."


def test_a_word_that_news_uses_for_another_is_not_missing_and_not_quoted():
    found = explained("Was the shipment paused?", "The deliveries are on hold.", known={})
    assert "never" not in found.whole
    assert found.of_each == ("Has none of the question’s words.",)


def test_a_question_without_a_word_to_look_for():
    assert explained("Who was it?", "The harbour.").whole == (
        "The question has no word to look for."
    )


def test_an_empty_library_and_filters_that_let_nothing_in(settings, demo):
    with open_library(settings) as library:
        assert (
            look(Tools(library, Models(None)), "Who?", Filters()).shortfall.whole
            == "The library has no articles yet."
        )
    with open_library(demo) as library:
        found = look(
            Tools(library, Models(None)), "Who sails the Petrel?", Filters(outlet="no such outlet")
        )
    assert found.nearest == ()
    assert found.shortfall.whole == "No article that the filters let in comes near."


def test_the_demo_says_what_it_lacks(demo):
    question = "What did the Chinese government say about the arms pause?"
    with open_library(demo) as library:
        found = look(Tools(library, load_models(demo)), question, Filters())
    assert found.evidence == ()
    assert found.shortfall.whole == "Your articles never mention “Chinese”."
    assert all("not “Chinese”" in why for why in found.shortfall.of_each)


def test_the_command_line_prints_why(demo):
    with open_library(demo) as library:
        events = list(ask(Tools(library, load_models(demo)), "What is the capital of Mongolia?"))
    lines = answer_text(events[-1].answer).splitlines()
    assert lines[:2] == [
        "Your articles don't say. Your articles never mention “Mongolia”.",
        "The nearest passages:",
    ]
    assert lines[2].endswith("but not “Mongolia”.")
