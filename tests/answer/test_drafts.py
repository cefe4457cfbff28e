import pytest

from answer.writing.drafts import THOUGHT_MARKS, THOUGHTS, Draft


def draft_of(pieces, stops=()):
    draft = Draft(stops)
    given = [draft.add(piece) for piece in pieces]
    return "".join(given) + draft.rest()


@pytest.mark.parametrize(
    ("pieces", "stops", "shown", "rest"),
    [
        (["One ", "two."], [], ["One ", "two."], ""),
        ([" \n\n", "  One."], [], ["", "One."], ""),
        (["One.", "\nTwo."], [], ["One.", ""], None),
        (["One<|im", "_end|>x"], ["<|im_end|>"], ["One", ""], None),
        (["a <", " b"], ["<|im_end|>"], ["a ", "< b"], ""),
        (["a <|im"], ["<|im_end|>"], ["a "], "<|im"),
        (["xSTOPy"], ["y", "STOP"], ["x"], None),
    ],
)
def test_a_draft_goes_from_its_first_word_to_its_end(pieces, stops, shown, rest):
    """`rest` None: a stop text or a line break has ended it."""
    draft = Draft(stops)
    assert [draft.add(piece) for piece in pieces] == shown
    assert draft.ended == (rest is None)
    assert draft.rest() == (rest or "")


THOUGHT_ALOUD = [
    "<think>\nThe notes say two.\nSo two.\n</think>\n\nMalta bought two ferries.",
    "<think>\n\n</think>\n\nMalta bought two ferries.",
    "<thinking>two?</thinking>Malta bought two ferries.",
    "[THINK]two?\n[/THINK]Malta bought two ferries.",
    "</think>\n\nMalta bought two ferries.",
    "<|channel|>analysis<|message|>Two?\nYes.<|end|><|start|>assistant"
    "<|channel|>final<|message|>Malta bought two ferries.",
    "<think>one</think> <think>two</think>Malta bought two ferries.\nAnd more.",
]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("text", THOUGHT_ALOUD)
def test_thoughts_are_left_out_however_the_stream_is_cut(text, size):
    pieces = [text[place : place + size] for place in range(0, len(text), size)]
    assert draft_of(pieces) == "Malta bought two ferries."


def test_a_thought_in_the_middle_is_left_out_too():
    assert draft_of(["Malta <thi", "nk>hm\n</think", ">bought."]) == "Malta bought."


def test_a_thought_without_end_is_no_draft():
    assert draft_of(["<think>\nMalta bought", " two ferries."]) == ""


def test_whether_it_is_in_a_thought_is_known():
    draft = Draft()
    draft.add("<think>hm")
    assert draft.in_thought
    draft.add("</think>")
    assert not draft.in_thought


def test_every_control_mark_of_a_thought_is_shown_to_the_draft():
    for opening, closing in THOUGHTS.items():
        spelled = [mark for mark in THOUGHT_MARKS if mark in opening + closing]
        assert spelled or opening.startswith(("<thinking", "<thought", "<reason", "<|START"))
