"""Questions to begin with are made of the names that several stories tell of."""

import pytest

from answer import examples
from answer.looking import Tools, look
from core.records import Filters
from index import build
from index.store import open_library


def library_of(settings, tmp_path, *texts):
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.txt").write_text(text)
    opened = open_library(settings)
    build.add(opened, [str(tmp_path / f"{number}.txt") for number in range(len(texts))], None)
    return opened


FERRY = "The old ferry was sold, said Anna Tamm of the harbour board in {}. " + "It had {}. " * 6


def test_names_that_two_stories_tell_of_make_questions(settings, tmp_path):
    with library_of(
        settings,
        tmp_path,
        "Ferry sold\n\n" + FERRY.format("March", *"abcdef"),
        "Quay shut\n\nThe quay by the Gannet Bridge was shut. On Monday Anna Tamm said that a "
        "crack had opened beside the pier, and nobody knows how deep it goes.",
        "New lamps\n\nLamps were hung on the Gannet Bridge before the winter. They were paid for "
        "by the harbour dues of three years, and they burn all night in fog.",
    ) as library:
        assert examples.frequent_names(library) == ["Anna Tamm", "Gannet Bridge"]
        assert examples.questions(library) == [
            "What did Anna Tamm say?",
            "What is known about the Gannet Bridge?",
        ]


def test_copies_of_one_story_are_one(settings, tmp_path):
    story = "A find\n\nAt low tide a bell was found by Piet Oldencamp on the sand. " + (
        "It lay under two metres of mud and was brought up with ropes and a crane. " * 4
    )
    with library_of(settings, tmp_path, story, story) as library:
        assert examples.frequent_names(library) == []
        assert examples.questions(library) == []


def test_an_empty_library_has_none(settings):
    with open_library(settings) as library:
        assert examples.questions(library) == []


@pytest.mark.parametrize("text", ["", "ALL CAPS HERE AND THERE", "<b>Not A</b> Name", "Mr Smith"])
def test_no_text_breaks_it(text):
    assert all(isinstance(one[0], str) for one in examples._names(text))


def test_the_demos_questions_are_answered(demo, real_models):
    with open_library(demo) as library:
        asked = examples.questions(library)
        assert len(asked) == 3
        tools = Tools(library, real_models)
        assert all(look(tools, question, Filters()).evidence for question in asked)
