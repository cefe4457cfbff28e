"""What a sentence gives as the answer to a question: a figure, a date, a name, a place.

Pure rules for English that would rather see nothing than a wrong thing: a figure must
count what is asked for, a date be the sentence's only one; names are read in `actors.py`.
`agree` compares two values; whether two sentences speak of one and the same thing
is judged in `disagreement.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from answer.differing import actors
from answer.differing.figures import MONEY, UNITS, Figure, figures
from answer.question import Question
from answer.words import content_stems, numbers, stem, words

Kind = Literal["figure", "date", "name", "place"]

REACH_WORDS = 4  # between a figure and what it counts
BEFORE_CHARS = 40  # what is read before a figure, and after it
AFTER_CHARS = 120
_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")

# --- figures -----------------------------------------------------------------------------
_COUNTED = re.compile(r"\b(?:how many|what number of|the number of) (\w+)(?: (\w+))?", re.I)
_PLURALS = frozenset("people men women children police dead".split())
_HOW = re.compile(r"\bhow (far|long|tall|high|deep|wide|old|fast|heavy|much)\b", re.I)
_BASES = {
    "far": {"metre"}, "long": {"metre", "second"}, "tall": {"metre"}, "high": {"metre"},
    "deep": {"metre"}, "wide": {"metre"}, "old": {"second"}, "fast": {"km/h"},
    "heavy": {"kilogram"}, "much": {*MONEY, "%", "kilogram"},
}  # fmt: skip
_PRICE = re.compile(
    r"\b(?:cost|price|pay|paid|worth|spen[dt]|charge|fee|estimate|budget|sell|sold|rent)", re.I
)
_SHARE = re.compile(r"\bwhat (?:percentage|percent|share)\b", re.I)
_RATE = re.compile(
    r"\b(?:a|an|per|each|every) (second|minute|hour|day|night|week|month|year|person)\b", re.I
)
# Before a figure: it is what was, or what another is compared with; or a part of a whole.
_BEFORE = (
    r"than|against|from|not|previously|once|formerly|compared (?:to|with)|instead of|rather than"
)
_COMPARED = re.compile(rf"\b(?:{_BEFORE})\s+(?:the\s+)?$", re.I)
_NOT_THE_ONE = re.compile(
    rf"\b(?:{_BEFORE}|another|additional|further|extra|other|each|every|first|last|next"
    r"|remaining|of these|of them|of those|the)\s+(?:the\s+)?$",
    re.I,
)
_PART = re.compile(
    r"\s*(?:more|others?|of (?:them|these|those|whom|which|the|its|his|her|their|our)|times?)\b",
    re.I,
)

# --- dates -------------------------------------------------------------------------------
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_MONTH = "|".join(_MONTHS)
_YEAR = r"(?:1[0-9]|20)\d\d"
_DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})(?:,? (?P<year>{_YEAR}))?"
    rf"|(?P<month2>{_MONTH}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year2>{_YEAR}))?"
    rf"|(?P<month3>{_MONTH}),? (?:of )?(?P<year3>{_YEAR})"
    rf"|(?:in|by|since|until|early|late|of) (?P<month4>{_MONTH})(?!,? \d)"
    rf"|(?P<year5>{_YEAR})(?!\s?(?:km|m|miles|people|men|tons?|%))(?!,\d))\b"
)
# What will be or might be is no other date of what was.
_NOT_YET = re.compile(
    r"\b(?:will|would|shall|could|might|is to|are to|expected|planned|due)\b", re.I
)
_PRECISION = re.compile(r"\b(?:what|which|in what|in which) (year|month)\b", re.I)


@dataclass(frozen=True, slots=True)
class Value:
    kind: Kind
    shown: str  # as the source writes it, in one line
    figure: Figure | None = None
    date: tuple[str, str, str] = ("", "", "")  # year, month, day; "" where not given
    name: frozenset[str] = frozenset()  # its words, in lower case


def agree(one: Value, other: Value) -> bool:
    """Whether both can be one answer, the one perhaps less exact than the other."""
    if one.figure and other.figure:
        return one.figure.agrees(other.figure)
    if one.kind == "date":
        pairs = zip(one.date, other.date, strict=True)
        return all(mine == theirs or not (mine and theirs) for mine, theirs in pairs)
    return bool(one.name & other.name)


def given(question: Question, sentence: str) -> Value | None:
    """The one value that the sentence gives to the question; None where it isn't clear."""
    read = {"how_many": _figure, "when": _date, "who": _person, "where": _place}
    return read[question.kind](question, sentence) if question.kind in read else None


def also_says(value: Value, text: str) -> bool:
    """Whether the value stands in a text, other than as what was before: a source that gives
    both does not differ."""
    if value.figure is not None:
        return any(
            _near_in_size(value.figure, one) and not _COMPARED.search(_before(one, text))
            for one in figures(text)
        )
    if value.kind == "date":
        dates = [_read_date(match) for match in _DATE.finditer(text)]
        return any(agree(value, Value("date", "", date=one)) for one in dates)
    return not value.name.isdisjoint(word.lower() for word in words(text))


def _near_in_size(one: Figure, other: Figure) -> bool:
    """The same number, whether or not its unit was understood."""
    return one.low <= other.high and other.low <= one.high


def _before(figure: Figure, text: str) -> str:
    return text[max(0, figure.start - BEFORE_CHARS) : figure.start]


def _figure(question: Question, sentence: str) -> Value | None:
    nouns, bases = _asked(question.text)
    rate = _RATE.search(question.text)
    wanted_rate = rate.group(1).lower() if rate else ""
    for one in figures(sentence):
        before = _before(one, sentence)
        after = sentence[one.end : one.end + AFTER_CHARS]
        if one.rate != wanted_rate or _NOT_THE_ONE.search(before) or _PART.match(after):
            continue
        if numbers(sentence[one.start : one.end]) & question.numbers:
            continue
        if bases:
            if one.unit in bases:
                return Value("figure", _one_line(sentence[one.start : one.end]), figure=one)
            continue
        reach = _counted_until(nouns, after)
        if reach and not one.unit:
            return Value("figure", _one_line(sentence[one.start : one.end + reach]), figure=one)
    return None


@lru_cache(maxsize=64)
def _asked(question: str) -> tuple[frozenset[str], frozenset[str]]:
    """Stems of the noun that is counted, or the base units that a measure may have."""
    counted = _COUNTED.search(question)
    if counted:
        unit = UNITS.get(counted.group(1).lower())
        if unit:
            return frozenset(), frozenset({unit[0]})
        first, second = counted.groups()
        # "people died" counts people, "Patriot rounds" may be written as "rounds".
        is_plural = first.lower().endswith("s") or first.lower() in _PLURALS
        nouns = content_stems(first) + ([] if is_plural or not second else content_stems(second))
        return frozenset(nouns), frozenset()
    if _SHARE.search(question):
        return frozenset(), frozenset({"%"})
    how = _HOW.search(question)
    bases = _BASES[how.group(1).lower()] if how else set()
    if _PRICE.search(question):
        bases = set(MONEY)
    return frozenset(), frozenset(bases)


def asked_of(question: str) -> frozenset[str]:
    """Stems of the noun that is counted ("how many drones"); none for a measure."""
    return _asked(question)[0]


def _counted_until(nouns: frozenset[str], after: str) -> int:
    """Where the counted noun ends behind a figure; 0 where it isn't there."""
    for place, match in enumerate(_WORD.finditer(after)):
        if place > REACH_WORDS or re.search(r"[.,;:()]", after[: match.start()]):
            return 0
        if place and numbers(match.group()):
            return 0
        if stem(match.group()) in nouns:
            return match.end()
    return 0


def _date(question: Question, sentence: str) -> Value | None:
    found = list(_DATE.finditer(sentence))
    asked = _PRECISION.search(question.text)
    if len(found) != 1:
        return None
    year, month, day = _read_date(found[0])
    if asked and asked.group(1).lower() == "year":
        year, month, day = year, "", ""
    if bool(_NOT_YET.search(question.text)) != bool(_NOT_YET.search(sentence)):
        return None
    if not (year or month) or {year, day, month.lower()} & (question.numbers | question.names):
        return None
    shown = _one_line(found[0].group())
    return Value("date", year if asked and year and not month else shown, date=(year, month, day))


def _read_date(match: re.Match[str]) -> tuple[str, str, str]:
    parts = match.groupdict()
    return (
        next((parts[key] for key in ("year", "year2", "year3", "year5") if parts[key]), ""),
        next((parts[key] for key in ("month", "month2", "month3", "month4") if parts[key]), ""),
        next((parts[key] for key in ("day", "day2") if parts[key]), ""),
    )


def _person(question: Question, sentence: str) -> Value | None:
    return _name("name", actors.person(question, sentence))


def _place(question: Question, sentence: str) -> Value | None:
    return _name("place", actors.place(question, sentence))


def _name(kind: Kind, found: str | None) -> Value | None:
    parts = frozenset(word.lower() for word in words(found or ""))
    return Value(kind, _one_line(found), name=parts) if found else None


def _one_line(text: str) -> str:
    return " ".join(text.split())
