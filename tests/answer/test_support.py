"""Table of what holds and what doesn't. Every row is a rule that a draft once broke."""

import pytest

from answer import support

EVIDENCE = [
    "The council voted 15 to 2 to repair the Gannet Bridge instead of demolishing it.",
    "Mara Lind found the first cracks on 3 March because she had noticed rust on a bearing.",
    "The Petrel, which carries 60 people, needs 25 minutes for the crossing, the Osprey 40.",
    "“We did not expect this,” said the harbour master, Jon Veld.",
    "The repair will not be paid for by the state.",
    "It costs 4.2 million, which the council called a fair price.",
]


def check(claim):
    return support.check(claim, EVIDENCE, [0.7] * len(EVIDENCE))


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
        ("Mara Lind found the Petrel, which carries 60 people on 3 March.", "no one sentence"),
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
    assert not support.check("Anything at all.", [], []).holds
