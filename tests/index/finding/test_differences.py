"""A quotation against what stands there, word by word."""

import pytest

from index.finding.differences import differences

TABLE = [
    # capitals, quotes, dashes and white space are no difference
    ("“It  moved,” she said", '"it moved," She\nsaid', [("same", "“It  moved,” she said")]),
    ("a crack — no more…", "A crack - no more...", [("same", "a crack — no more…")]),
    # a number, a word left out, a word put in
    ("killed 12 people", "killed 700 people", [("same", "killed "), ("changed", "12 "),
                                               ("same", "people")]),
    ("the old quay closed", "the quay closed", [("same", "the "), ("missing", "old "),
                                                ("same", "quay closed")]),
    ("the quay closed", "the old quay closed", [("same", "the "), ("added", ""),
                                                ("same", "quay closed")]),
    # what stands before and after the quoted words is no difference either
    ("quay closed", "The north quay closed on Monday.", [("around", ""), ("same", "quay closed"),
                                                         ("around", "")]),
    ("", "words", [("added", "")]),
    ("cost 1,200 euros", "cost 1,250 euros", [("same", "cost "), ("changed", "1,200 "),
                                              ("same", "euros")]),
]  # fmt: skip


@pytest.mark.parametrize(("quoted", "found", "expected"), TABLE)
def test_what_differs(quoted, found, expected):
    pieces = differences(quoted, found)
    assert [(piece.kind, piece.quoted) for piece in pieces] == expected
    assert "".join(piece.quoted for piece in pieces) == quoted.strip()
    assert "".join(piece.found for piece in pieces) == found.strip()


def test_markup_is_text():
    words = '<b onclick="x()">bold</b> ![p](http://evil.example)'
    (piece,) = differences(words, words)
    assert piece.found == words
