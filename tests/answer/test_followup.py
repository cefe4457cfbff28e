"""Follow-ups: what they become, and that whole questions are left alone.

followups.jsonl: written for this project. The rules were written with the "seen" rows in
view; the "kept" ones were written after the rules stood, and nothing was changed for them.
"""

import gzip
import json
import random

import pytest

from answer import question
from answer.following.followup import resolve
from answer.following.referents import Turn
from tests.conftest import PROJECT

ROWS = [
    json.loads(line)
    for line in (PROJECT / "tests/answer/followups.jsonl").read_text("utf-8").splitlines()
]
DATA = PROJECT.parent / "shared" / "data"
ARMS = [Turn("Why was the arms pause reversed?", ("Trump said Ukraine must defend itself.",))]


def resolved(row):
    turns = [Turn(turn["question"], (turn["said"],)) for turn in row["earlier"]]
    return resolve(row["follow_up"], turns)


def same_question(one, other):
    """The same kind of answer wanted, about the same words."""
    first, second = question.read(one), question.read(other)
    return (first.kind, set(first.stems)) == (second.kind, set(second.stems))


@pytest.mark.parametrize(
    ("half", "exact_least", "acceptable_least"), [("seen", 0.95, 0.97), ("kept", 0.76, 0.76)]
)
def test_follow_ups_become_whole_questions(half, exact_least, acceptable_least):
    rows = [row for row in ROWS if row["half"] == half]
    results = [(resolved(row), [row["whole"], *row.get("also", [])]) for row in rows]
    exact = [got in wanted for got, wanted in results]
    acceptable = [any(same_question(got, one) for one in wanted) for got, wanted in results]
    wrong = [result for result, fine in zip(results, exact, strict=True) if not fine]
    assert sum(exact) / len(rows) >= exact_least, wrong
    assert sum(acceptable) / len(rows) >= acceptable_least, wrong


def left_alone(questions):
    """Share of whole questions that stay as they are, each asked after another one."""
    chosen = random.Random(5)
    kept = 0
    for one in questions:
        other = chosen.choice(questions)
        kept += resolve(one, [Turn(other, (chosen.choice(questions),))]) == one
    return kept / len(questions)


def demo_questions():
    lines = (PROJECT / "examples/questions.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines]


def test_the_demo_s_questions_are_whole_after_every_other():
    questions = demo_questions()
    for earlier in questions:
        for one in questions:
            assert resolve(one, [Turn(earlier)]) == one


@pytest.mark.parametrize("name", ["hotpotqa", "squad2"])
def test_whole_questions_of_others_are_left_alone(name):
    if not DATA.is_dir():
        pytest.skip("the evaluation data is not here (../shared/data)")
    with gzip.open(DATA / name / "queries.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    if name == "squad2":  # only the titles that may be looked at
        train = (DATA / name / "qrels/train.tsv").read_text("utf-8").splitlines()
        known = {line.split("\t")[0] for line in train}
        rows = [row for row in rows if row["_id"] in known]
    assert len(rows) >= 100
    assert left_alone([row["text"] for row in rows]) >= 0.98


@pytest.mark.parametrize(
    "typed",
    [
        "How do I renew a passport online?",
        "bridge repair cost",
        "Wer hat die Brücke gebaut?",
        "为什么推迟？",
        "   ",
        "?",
        "and",
        "x" * 5000,
    ],
)
def test_what_is_no_follow_up_is_left_alone(typed):
    assert resolve(typed, ARMS) == typed


def test_without_a_conversation_nothing_is_changed():
    assert resolve("and who ordered it?", []) == "and who ordered it?"


def test_the_marks_within_a_question_stay():
    got = resolve("Who, in the end, ordered it?", ARMS)
    assert got == "Who, in the end, ordered the arms pause?"


def test_an_earlier_turn_helps_where_the_last_one_has_nothing():
    turns = [*ARMS, Turn("Who is Karin Holt?", ("Karin Holt is a reporter.",))]
    assert resolve("did it last long?", turns) == "Did the arms pause last long?"


def test_odd_conversations_break_nothing():
    odd = ["", "?", "Why", "who who who", "did", "is it?", "in in in", "How many", "“”", "the"]
    typed = [
        "why?",
        "how many?",
        "what about it?",
        "and in 2020?",
        "who else?",
        "he?",
        "which ones?",
    ]
    for earlier in odd:
        for one in typed + odd:
            assert isinstance(resolve(one, [Turn(earlier, (earlier,))]), str)
