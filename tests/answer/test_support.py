"""Table of what holds and what doesn't. Every row is a rule that a draft once broke."""

import pytest

from answer import support
from evaluate.support import checked

EVIDENCE = [
    "The council voted 15 to 2 to repair the Gannet Bridge instead of demolishing it.",
    "Mara Lind found the first cracks on 3 March because she had noticed rust on a bearing.",
    "The Petrel, which carries 60 people, needs 25 minutes for the crossing, the Osprey 40.",
    "“We did not expect this,” said the harbour master, Jon Veld.",
    "The repair will not be paid for by the state.",
    "It costs 4.2 million, which the council called a fair price.",
]


def check(claim):
    return support.check(claim, EVIDENCE)


@pytest.mark.parametrize(
    "claim",
    [
        "The council voted to repair the Gannet Bridge instead of demolishing it.",
        "Mara Lind found the first cracks on 3 March.",
        "The Petrel needs 25 minutes for the crossing.",
        "The Osprey needs 40 for the crossing.",
        "Harbour master Jon Veld said “We did not expect this”.",
        "The repair will not be paid for by the state.",
        "Mara Lind found the first cracks because she had noticed rust on a bearing.",
    ],
)
def test_what_the_evidence_says_holds(claim):
    found = check(claim)
    assert found.holds, found
    assert found.score >= support.THRESHOLD
    assert found.sentences


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("The council voted 16 to 2 to repair the Gannet Bridge.", "number 16"),
        ("Sara Lind found the first cracks on 3 March.", "name Sara"),
        ("The Petrel needs 40 minutes for the crossing.", "for something else"),
        ("The harbour master, Jon Veld, said “We expected this all along”.", "quotation"),
        ("The repair will be paid for by the state.", "deny"),
        ("The council did not vote to repair the Gannet Bridge.", "deny"),
        ("The council voted to repair the Gannet Bridge because of rust on a bearing.", "reason"),
        ("Mara Lind found the Petrel, which carries 60 people on 3 March.", "number 60"),
        ("Whales sing at night near the equator.", "nothing like it"),
        ("The council promised free ferries and a new museum.", "no one sentence"),
    ],
)
def test_what_it_does_not_say_is_left_out_with_the_reason(claim, reason):
    found = check(claim)
    assert not found.holds
    assert reason in found.reason
    assert found.score < support.THRESHOLD


def test_no_evidence_supports_nothing():
    assert not support.check("Anything at all.", []).holds


def test_a_word_that_is_like_another_may_stand_for_it(real_models):
    evidence = ["The physician treated 12 patients in Tarn.", "The weather was calm."]
    claim = "In Tarn a doctor treated 12 patients."
    alone, read = support.check(claim, evidence), checked(real_models, claim, evidence)
    assert read.holds
    assert read.sentences == (0,)
    assert read.score > alone.score


def test_a_likely_sentence_with_a_changed_value_is_still_refused(real_models):
    evidence = ["The physician treated 12 patients in Tarn on 4 May 2021."]
    for claim in (
        "The physician treated 13 patients in Tarn on 4 May 2021.",
        "The physician treated 12 patients in Sarn on 4 May 2021.",
        "The physician treated 12 patients in Tarn on 5 May 2021.",
        "The physician treated 12 patients in Tarn in 2020.",
        "The physician did not treat 12 patients in Tarn.",
    ):
        found = checked(real_models, claim, evidence)
        assert not found.holds, claim
    assert checked(real_models, "In May 2021 the physician treated 12 patients.", evidence).holds


def test_a_sentence_that_points_back_is_cited_with_the_one_before():
    evidence = ["Mara Lind is an engineer.", "She found the first cracks on 3 March."]
    found = support.check("Mara Lind found the first cracks on 3 March.", evidence)
    assert found.holds
    assert found.sentences == (0, 1)


@pytest.mark.parametrize("text", ["", "…", "42", "🙂 \u202e", "a" * 5000, "not not no 3 3 3"])
def test_any_text_is_judged_without_an_error(text):
    assert support.check(text, [text, "A sentence.", ""]).score <= 1
