"""A question, taken apart: what kind of answer it wants and what it is about.

Pure rules for English; a question they can't read is simply `other`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from answer.words import content_stems, names, numbers, words

Kind = Literal["why", "when", "where", "who", "how_many", "other"]

_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("why", re.compile(r"\b(why|what (?:was|is|were|are) the (?:reason|cause)|for what reason)\b")),
    ("when", re.compile(r"\b(when|what (?:year|date|day|month|time)|which (?:year|day|month))\b")),
    ("where", re.compile(r"\b(where|(?:what|which) (?:city|town|country|place|state|region))\b")),
    ("how_many", re.compile(
        r"\bhow (?:many|much|far|long|often|old|big|large|tall|high|deep|fast|wide|heavy)\b"
        r"|\bwhat (?:number|percentage|percent|share|amount|tariff|price)\b")),
    ("who", re.compile(r"\b(who|whom|whose|which (?:person|people|man|woman))\b")),
)  # fmt: skip
_REASON = re.compile(
    r"\b(because|due to|since|so that|in order to|as a result|owing to|thanks to|reasons?"
    r"|caused?|led to|prompt(?:ed|ing)|after|amid|cit(?:ed|ing)|in response|therefore|thus"
    r"|aim(?:ed|s|ing)? (?:at|to)|emphasi[sz]ing|arguing|saying that|must|so)\b",
    re.I,
)
_TIME = re.compile(
    r"\b(1\d{3}|20\d{2}|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|yesterday"
    r"|tomorrow|tonight|morning|evening|night|century|decades?|years?|months?|weeks?|days?|ago"
    r"|earlier|later)\b",
    re.I,
)
_PLACE = re.compile(r"\b(?:in|at|near|from|to|of|off|on|outside|around|across) (?:the )?[A-Z]")
_FILLER = frozenset(
    "many much far long often kind type sort tell give know say said exactly actually really"
    " please there name called".split()
)


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    kind: Kind
    stems: tuple[str, ...]  # of its content words, distinct, in order
    names: frozenset[str]
    numbers: frozenset[str]


def read(text: str) -> Question:
    """Take a question apart."""
    lower = text.lower()
    kind: Kind = next((kind for kind, pattern in _KINDS if pattern.search(lower)), "other")
    kept = " ".join(word for word in words(text) if word.lower() not in _FILLER)
    stems = tuple(dict.fromkeys(content_stems(kept))) or tuple(dict.fromkeys(content_stems(text)))
    return Question(text, kind, stems, frozenset(names(text)), frozenset(numbers(text)))


def fits(question: Question, sentence: str) -> bool:
    """Whether the sentence holds something of the kind the question asks for."""
    if question.kind == "why":
        return _REASON.search(sentence) is not None
    if question.kind == "when":
        return _TIME.search(sentence) is not None
    if question.kind == "where":
        return _PLACE.search(sentence) is not None
    if question.kind == "how_many":
        return bool(numbers(sentence) - question.numbers)
    if question.kind == "who":
        return bool(_any_names(sentence) - question.names)
    return True


def _any_names(sentence: str) -> set[str]:
    first = words(sentence)[:1]
    opener = {first[0].lower()} if first and first[0][0].isupper() else set()
    return names(sentence) | opener
