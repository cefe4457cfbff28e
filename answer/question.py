"""A question, taken apart: what kind of answer it wants and what it is about.

Pure rules for English; a question they can't read is simply `other`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from answer.grammar import BE, DO, HAVE, MODALS, PREPOSITIONS
from answer.words import content_stems, names, numbers, related, stem, words

Kind = Literal["why", "when", "where", "who", "how_many", "other"]


def _which(nouns: str, of: str = "") -> str:
    """ "Which NOUN" and "what was the NOUN that"; with `of` also "what was the NOUN of". What
    follows tells the noun from the beginning of another one: "what is the date palm used for"."""
    follows = rf"(?= (?:that|who|when|where|{of or 'which'})\b|\W*$)"
    the = r"(?:was|is|were|are) the (?:exact |name of the )?"
    return rf"(?:what|which) (?:(?:{nouns})\b|{the}(?:{nouns}){follows})"


# What a question begins with, at its question word.
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("why", re.compile(r"why\b|what (?:(?:was|is|were|are) the )?(?:reason|cause)s?\b")),
    ("when", re.compile(rf"when\b|{_which('year|date|day|month|time', of='of|on|in')}")),
    ("where", re.compile(rf"where\b|{_which('city|town|country|place|state|region')}")),
    ("how_many", re.compile(
        r"how (?:many|much|far|long|often|old|big|large|tall|high|deep|fast|wide|heavy)\b"
        r"|what (?:number|percentage|percent|share|amount|tariff|price)\b")),
    ("who", re.compile(rf"who\b|whom\b|whose\b|which people\b|{_which('person|man|woman')}")),
)  # fmt: skip
_ASKING = re.compile(r"\b(?:why|when|where|who|whom|whose|what|which|how)\b")
_AUXILIARIES = BE | DO | HAVE | MODALS
# May stand before the question word that a question opens with: "by whom", "and since when".
_BEFORE = PREPOSITIONS | frozenset(
    "and but so or then also as to up since until till by in at on from for of with".split()
)
_CLAUSE_WORDS = ("when", "where")  # may open a clause that only says of which time or place
_TELLING = re.compile(
    r"\b(?:know|known|tell|tells|told|say|says|said|explain|explained|state|stated|clear|sure"
    r"|remember|show|me|us)(?: exactly)? $"
)
_REASON = re.compile(
    r"\b(because|due to|so that|in order to|as a result|owing to|thanks to|reasons?|caus(?:e|ed)"
    r"|led to|prompt(?:ed|ing)|cit(?:ed|ing)|in response|therefore|thus|aim(?:ed|s|ing)? (?:at|to)"
    r"|emphasi[sz]ing|arguing|saying that|had to|must)\b|, so\b",
    re.I,
)
_HINT_OF_REASON = re.compile(r"\b(since|after|amid|following|as|so|to)\b", re.I)
HINT = 0.4  # what a hint of a reason counts: "after" may be mere time
_TIME = re.compile(
    r"\b(1\d{3}|20\d{2}|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|yesterday"
    r"|tomorrow|tonight|morning|evening|night|century|decades?|years?|months?|weeks?|days?|ago"
    r"|earlier|later)\b",
    re.I,
)
_PLACE = re.compile(r"\b(?:in|at|near|from|to|of|off|on|outside|around|across) (?:the )?[A-Z]")
_HOW = re.compile(r"\bhow (far|long|tall|high|deep|wide|much|old|fast|heavy)\b")
_COUNTED = re.compile(r"\b(?:how many|what number of) (\w+)(?: (\w+))?")
_LENGTH = r"miles?|kilomet\w+|km|met(?:er|re)s?|m|feet|foot|ft|inch(?:es)?|yards?|cm|mm|nautical"
_DURATION = r"seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centur(?:y|ies)"
_UNITS = {
    name: re.compile(rf"\d[\d.,]*[ -]?(?:million |billion )?(?:{unit})\b|{also}", re.I)
    for name, unit, also in (
        ("far", _LENGTH, r"\bhalf a mile\b"),
        ("long", f"{_LENGTH}|{_DURATION}", rf"\b\w+ (?:{_DURATION})\b"),
        ("tall", _LENGTH, "stor(?:eys|ies)"),
        ("high", _LENGTH, "stor(?:eys|ies)|%|percent"),
        ("deep", _LENGTH, "fathoms?"),
        ("wide", _LENGTH, "lanes?"),
        ("much", r"percent|per cent|dollars?|euros?|pounds?|million|billion|trillion|tons?|tonnes?",
         r"[$€£¥]\s?\d|\d\s?%"),
        ("old", r"years?|months?|centur(?:y|ies)", r"\baged? (?:of )?\d+|, \d{1,3},"),
        ("fast", r"mph|km/h|knots|miles|kilomet\w+", r"\bper (?:hour|second)\b"),
        ("heavy", r"kg|kilo\w*|pounds?|lbs?|tons?|tonnes?|grams?|g", "stones?"),
    )
}  # fmt: skip
# What a measure is said to do stands in for the measure: who asks how far it flies is
# answered by its range. The unit shows, so these words needn't.
_MEASURING = {
    name: frozenset(stem(word) for word in verbs.split())
    for name, verbs in (
        ("far", "fly travel go get reach run drive shoot fire stretch extend swim sail"),
        ("long", "last take run stretch extend go measure"),
        ("tall", "stand rise reach measure"), ("high", "fly climb rise reach stand go jump"),
        ("deep", "dive go reach lie sink"), ("wide", "measure stretch"),
        ("much", "cost weigh"), ("old", "get turn"),
        ("fast", "fly travel go run drive move swim sail"), ("heavy", "weigh"),
    )
}  # fmt: skip
OTHER_NUMBER = 0.4  # a number that isn't known to be of the right kind
# Numbers that count no things: measures, money, shares, dates, times.
_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
_NO_COUNT = re.compile(
    rf"[$€£¥]\s?\d[\d.,]*|\d[\d.,]*\s?(?:%|per ?cent\b|[ap]\.?m\b|(?:st|nd|rd|th)\b)"
    rf"|\d[\d.,]*[ -]?(?:{_LENGTH}|{_DURATION}|kg|kilos?|tons?|tonnes?|dollars?|euros?|pounds?)\b"
    rf"|\b(?:{_MONTH})\.? \d{{1,2}}\b|\b\d{{1,2}} (?:{_MONTH})\b|\b(?:1\d|20)\d\d\b|\b\d\d?:\d\d\b",
    re.I,
)
_VAGUE = re.compile(
    r"\b(?:dozens?|scores|hundreds|thousands|millions|billions|none|several)\b", re.I
)
_ONE = re.compile(r"\bone\b", re.I)
COUNTED_REACH = 4  # words between a number and what it counts
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
    kept = " ".join(word for word in words(text) if word.lower() not in _FILLER)
    stems = tuple(dict.fromkeys(content_stems(kept))) or tuple(dict.fromkeys(content_stems(text)))
    return Question(
        text,
        _kind(lower),
        _without_measuring(lower, stems),
        frozenset(names(text)),
        frozenset(numbers(text)),
    )


def _kind(question: str) -> Kind:
    """What is asked for at the word that makes it a question; `other` where no kind fits."""
    place = _asks_at(question)
    if place is None:
        return "other"
    return next((kind for kind, pattern in _KINDS if pattern.match(question, place)), "other")


def _asks_at(question: str) -> int | None:
    """Where the question word of a question stands, not that of a clause in it: `How many` of
    "How many died when the dam burst?" and of "When the dam burst, how many died?"."""
    places = [found.start() for found in _ASKING.finditer(question)]
    opening = [place for place in places if _opens(question[:place])]
    if opening:
        return next(
            (place for place in opening if not _may_be_clause(question[place:])), opening[0]
        )
    told = [place for place in places if _TELLING.search(question[:place])]
    if told or not places:  # "Do you know when"
        return told[0] if told else None
    if not words(question[places[-1] :])[1:]:  # "It was built when?"
        return places[-1]
    if words(question)[0] in _AUXILIARIES:  # yes or no; but "Is there a reason why"
        return next((place for place in places if question.startswith("why", place)), None)
    return places[0]


def _opens(before: str) -> bool:
    """Whether a word after these opens its sentence, or what stands after a comma."""
    return all(word in _BEFORE for word in words(re.split(r"[,:;.!?–—]\s", before)[-1]))


def _may_be_clause(rest: str) -> bool:
    """ "When the dam burst", but not "when did it burst", "when and where", "when exactly"."""
    first, *others = words(rest)
    after = others[0] if others else ""
    return first in _CLAUSE_WORDS and after not in _AUXILIARIES | {"", "and", "or", "exactly"}


def _without_measuring(question: str, stems: tuple[str, ...]) -> tuple[str, ...]:
    """The stems but for the verb of a measure, unless nothing else is left."""
    asked = _HOW.search(question)
    measuring = _MEASURING[asked.group(1)] if asked else frozenset()
    return tuple(one for one in stems if one not in measuring) or stems


def fits(question: Question, sentence: str) -> float:
    """Whether the sentence holds something of the kind the question asks for, 0..1."""
    if question.kind == "how_many":
        return _measure(question, sentence)
    if question.kind == "who":
        return float(bool(_any_names(sentence) - question.names))
    if question.kind == "why" and not _REASON.search(sentence):
        return HINT if _HINT_OF_REASON.search(sentence) else 0.0
    wanted = {"when": _TIME, "where": _PLACE}.get(question.kind)
    return float(wanted is None or wanted.search(sentence) is not None)


def _measure(question: Question, sentence: str) -> float:
    """1 for a number with the unit or the thing that is asked for, less for any number."""
    if not _figures(sentence) - question.numbers:
        return 0.0
    asked = _HOW.search(question.text.lower())
    unit = _UNITS.get(asked.group(1)) if asked else None
    if unit is not None:
        return 1.0 if unit.search(sentence) else OTHER_NUMBER
    counted = _COUNTED.search(question.text.lower())
    if counted is None:
        return 1.0
    nouns = set(content_stems(" ".join(word for word in counted.groups() if word)))
    nouns |= {other for noun in nouns for other in related(noun)}
    tokens = words(sentence)
    for place, token in enumerate(tokens):
        if numbers(token):
            near = {stem(word) for word in tokens[place + 1 : place + 1 + COUNTED_REACH]}
            if nouns & near:
                return 1.0
    return OTHER_NUMBER if _figures(_NO_COUNT.sub(" ", sentence)) - question.numbers else 0.0


def _figures(sentence: str) -> set[str]:
    """Its numbers and vague counts, without "one": "one of them", "one option" count nothing."""
    vague = {word.lower() for word in _VAGUE.findall(sentence)}
    return numbers(_ONE.sub(" ", sentence)) | vague


def _any_names(sentence: str) -> set[str]:
    first = words(sentence)[:1]
    opener = {first[0].lower()} if first and first[0][0].isupper() else set()
    return names(sentence) | opener
