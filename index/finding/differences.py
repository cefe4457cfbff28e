"""A quotation beside the words that stand in a file: what differs, word by word. Pure.

Takes two texts, gives pieces that together are both of them. Compares as index/finding/locate.py
does: the kind of quotes and dashes, capitals and white space make no difference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from index.finding.locate import fold

# "around": stands in the file before or after the quoted words, which don't go so far
Kind = Literal["same", "changed", "missing", "added", "around"]

# A word or a mark with the white space after it; "1,200", "don't" and "..." are one each.
_TOKEN = re.compile(r"(?:[^\W_]+(?:['’.,-][^\W_]+)*|\.{2,}|\S)\s*")


@dataclass(frozen=True, slots=True)
class Piece:
    """`quoted`: in the quotation; `found`: in the file. "missing" has nothing in the file,
    "added" and "around" nothing in the quotation."""

    kind: Kind
    quoted: str
    found: str


def differences(quoted: str, found: str) -> list[Piece]:
    """The pieces in order: joined, they are the two texts without white space around them."""
    ours, theirs = _TOKEN.findall(quoted.strip()), _TOKEN.findall(found.strip())
    matcher = SequenceMatcher(None, _folded(ours), _folded(theirs), autojunk=False)
    pieces = [
        Piece(_KINDS[operation], "".join(ours[low:high]), "".join(theirs[first:last]))
        for operation, low, high, first, last in matcher.get_opcodes()
    ]
    for place in {0, len(pieces) - 1}:
        if len(pieces) > 1 and pieces[place].kind == "added":
            pieces[place] = replace(pieces[place], kind="around")
    return pieces


def _folded(tokens: list[str]) -> list[str]:
    return [fold(token.strip())[0] for token in tokens]


_KINDS: dict[str, Kind] = {
    "equal": "same",
    "replace": "changed",
    "delete": "missing",
    "insert": "added",
}
