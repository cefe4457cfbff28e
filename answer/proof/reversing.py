"""Words that deny without a negation: "stopped selling", "ruled out", "unharmed". Pure.

Gives which of them stand in a text, so that "no longer sells" and "has stopped selling"
can be told to be one thing, and "has not stopped" another. Decides nothing.
"""

from __future__ import annotations

import re

from answer.proof import naming
from answer.words import base, words

_WORDS = frozenset(
    base(word)
    for word in (
        "stop cease halt quit abandon scrap cancel shelve miss avoid prevent exclude oppose"
        " skip omit intact absent missing acquit await impossible reject dismiss veto ban forbid"
        " block bar innocent deny end"
    ).split()
)
_PHRASES = re.compile(
    r"\b(?:rul(?:e|es|ed|ing) out|turn(?:s|ed)? down|(?:keep|keeps|kept) (?:[\w-]+ ){0,4}out"
    r"|(?:drop|dropped|drops|gave up|give up) (?:\w+ )?(?:plans?|idea|attempts?))\b",
    re.I,
)
_TIMES = re.compile(r"\b(?:the|at|year|month|week) end\b|\bend of\b", re.I)
_UNTURNED = frozenset(
    "unable unless unearth unearthed unit union unite united under until university universe"
    " unique".split()
)
_REACH = 5  # words after such a word that it may undo: "scrapped its plan to move"


def reversing(text: str) -> frozenset[str]:
    """The base forms of such words; of a phrase that of its first word."""
    text = _TIMES.sub("", text)
    found = {base(word) for word in words(text)} & _WORDS
    found |= {base(match.group().split()[0]) for match in _PHRASES.finditer(text)}
    return frozenset(found | {base(word) for word in words(text) if _is_turned(word)})


def undone(text: str) -> frozenset[str]:
    """The base forms of the words right after one of them."""
    tokens = words(text)
    turning = reversing(text)
    places = [place for place, word in enumerate(tokens) if base(word) in turning]
    return frozenset(base(w) for place in places for w in tokens[place + 1 : place + 1 + _REACH])


def _is_turned(word: str) -> bool:
    """Whether it is "un-" before a word of its own, as in "unchanged" or "unharmed"."""
    lower = word.lower()
    return (
        lower.startswith("un")
        and len(lower) > 5
        and lower not in _UNTURNED
        and word.islower()
        and (naming.is_everyday(lower[2:]) or lower.endswith("ed"))
    )
