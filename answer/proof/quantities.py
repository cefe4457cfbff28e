"""Quantities of a text and whether a claim's stand in the words it rests on. Pure.

"3 million", "3,000,000", "three million" and "3m" are one value; so are "half" and
"50 percent", "a dozen" and "12", "90 minutes" and "an hour and a half". Values compare
exactly: "about 300" is not 297. Dates are left to `answer/proof/days.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from answer.proof.units import LOOSE, UNITS

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {word: value for value, word in enumerate(_ONES)}
_SMALL |= {word: 10 * (place + 2) for place, word in enumerate(_TENS)}
_SCALES = {
    "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "dozen": 12, "score": 20, "m": 10**6, "mn": 10**6, "bn": 10**9, "tn": 10**12, "k": 1000,
}  # fmt: skip
_ORDINALS = {
    word: place + 2
    for place, word in enumerate(
        "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
    )
}
_PARTS = {
    "half": Fraction(1, 2), "halves": Fraction(1, 2), "third": Fraction(1, 3),
    "quarter": Fraction(1, 4), "fifth": Fraction(1, 5), "sixth": Fraction(1, 6),
    "seventh": Fraction(1, 7), "eighth": Fraction(1, 8), "ninth": Fraction(1, 9),
    "tenth": Fraction(1, 10),
}  # fmt: skip
_TIMES = {
    "once": 1, "twice": 2, "double": 2, "doubled": 2, "doubling": 2, "doubles": 2, "triple": 3,
    "tripled": 3, "trebled": 3, "quadrupled": 4,
}  # fmt: skip
_SPANS = frozenset("minute day week month year".split())
_HALVED = frozenset("halve halved halving halves".split())
_NUMBER_WORD = "|".join([*_SMALL, "hundred", "thousand", "million", "billion", "trillion", "dozen"])
_PLAIN_UNITS = "|".join(
    sorted((re.escape(form) for form in [*UNITS, *LOOSE] if form.isalpha()), key=len)[::-1]
)
_FIGURE = re.compile(
    r"(?<![\w.,])(?<![A-Za-z][-–])(?P<below>[-−])?(?P<money>US\$|[$€£¥])?\s?"
    r"(?P<figure>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:(?P<ordinal>st|nd|rd|th)\b)?"
    r"(?:[\s-]?(?P<scale>hundred|thousand|million|billion|trillion|dozen|mn|bn|tn|m|k)\b)?",
    re.I,
)
_WORDS = re.compile(
    rf"(?<![\w-])(?:(?:half a|an?)\s)?(?:{_NUMBER_WORD})"
    rf"(?:(?:[\s-]|\sand\s)(?:{_NUMBER_WORD}))*(?!\w)",
    re.I,
)
_ORDINAL = re.compile(
    rf"(?<![\w-])(?:(?P<tens>{'|'.join(_TENS)})[\s-])?(?P<one>{'|'.join(_ORDINALS)}|first)\b", re.I
)
_OF_A_SECOND = re.compile(r"\b(?:of a|per|each|every|of one) $", re.I)
_PART = re.compile(
    rf"(?<![\w-])(?:(?P<count>a|an|one|two|three|four|five|six|seven|nine|the|\d)[\s-])?"
    rf"(?P<part>half|(?:{'|'.join(list(_PARTS)[2:])})s?)\b"
    r"(?!\san?\s(?:hundred|thousand|million|billion|dozen))"
    r"(?:(?<=one third)|(?<=thirds)|(?<=quarters)|(?<=fifths)|(?<=one quarter)|(?<=one fifth)"
    r"|(?=\s(?:after|before|when|since|by|from|on|at|and|or|over|during|between|compared|because"
    r"|although|who|were|was|are|is|have|had|has|said|last|this)\b)|(?=\s(?:of|the|a|as|its|his|her|their|all|more|less|fewer|in|full|empty|what)\b|[.,;]|$))",
    re.I,
)
_AND_A_HALF = re.compile(r"\s(?:(\w+)\s)?and a half\b", re.I)
_A_SPAN = re.compile(rf"an? (?:{'|'.join(sorted(_SPANS))})$", re.I)
_IN = re.compile(r"^\s+(?:\w+\s)?(?:in|out of)\s+(?:every\s+)?$", re.I)
_UNIT = re.compile(
    rf"[\s-]?(?:(?P<sign>%)|(?:(?:square|cubic|US)\s)?(?P<unit>per\s?cent(?:age)?|{_PLAIN_UNITS})\b)",
    re.I,
)
# "three of the previous 24 hours": three hours.
_OF_MORE = re.compile(
    rf"\s+of\s+(?:[a-z]+\s){{0,3}}\d[\d,.]*(?:(?P<sign>%)|\s(?P<unit>{_PLAIN_UNITS})\b)"
)
_MORE = re.compile(r"\b(?:more than|over|at least|above|exceed\w*|no fewer than)\s+\W?$", re.I)
_LESS = re.compile(
    r"\b(?:(?:fewer|less) than|under|below|at most|up to|nearly|almost|no more than)\s+\W?$", re.I
)


@dataclass(frozen=True, slots=True)
class Quantity:
    value: Fraction
    unit: str  # what it counts, a kind of unit, "ordinal", or "" where no unit stands
    size: Fraction  # how many of the kind's smallest unit its unit has
    bound: int  # 1 "more than", -1 "fewer than", 0 neither
    text: str
    start: int

    @property
    def amount(self) -> Fraction:
        return self.value * self.size


def quantities(text: str) -> list[Quantity]:
    """In order. Dates must be blanked out before (`answer/proof/days.py`)."""
    found = [*_figures(text)]
    taken = [(one.start, one.start + len(one.text)) for one in found]
    ways = (_multiples, _parts, _words)  # what is read first keeps its place
    for one in (one for way in ways for one in way(text)):
        end = one.start + len(one.text)
        if not any(low < end and one.start < high for low, high in taken):
            found.append(one)
            taken.append((one.start, end))
    found.extend(
        one for one in _ordinals(text) if not any(low <= one.start < high for low, high in taken)
    )
    return sorted([*found, *_shares(found, text)], key=lambda one: one.start)


def missing(claim: Sequence[Quantity], cited: Sequence[Quantity]) -> list[Quantity]:
    """The claim's quantities that the cited words don't give."""
    given = [one for one in claim if any(agree(one, other) for other in cited)]
    # "nine in ten" is given where "90 percent" is, though neither nine nor ten stands; and it
    # is one quantity that is missing, not three.
    return [
        one
        for one in claim
        if one not in given
        and not _A_SPAN.match(one.text)  # "a month" gives one month and asks for none
        and not any(_inside(one, other) for other in given)
        and not any(_inside(other, one) and other in given for other in claim)
    ]


def _inside(one: Quantity, other: Quantity) -> bool:
    end = other.start + len(other.text)
    return other.start <= one.start < end and len(one.text) < len(other.text)


def agree(one: Quantity, other: Quantity) -> bool:
    """The same value of the same thing; where one has no unit, of anything countable."""
    if one.bound * other.bound < 0:
        return False
    if "ordinal" in (one.unit, other.unit):
        return one.unit == other.unit and one.value == other.value
    units = {one.unit, other.unit} - {""}
    if units == {"share", "points"}:
        units = {"share"}
    if len(units) == 2 and not any(units == {loose, "money or mass"} for loose in LOOSE["pound"]):
        return False
    if one.unit == other.unit:
        return one.amount == other.amount
    if "share" in units:  # "half" has no unit and is 50 percent
        shared = {q.value / 100 if q.unit == "share" else q.value for q in (one, other)}
        return len(shared) == 1 or one.value == other.value
    return one.value == other.value


def _figures(text: str) -> Iterator[Quantity]:
    for match in _FIGURE.finditer(text):
        value = Fraction(match["figure"].replace(",", ""))
        end = match.end()
        scale = (match["scale"] or "").lower()
        if scale == "m" and not match["money"]:  # "84 m" is a height
            unit: tuple[str, Fraction] | None = ("metric length", Fraction(1000))
        else:
            value *= _SCALES.get(scale, 1)
            value, end = _and_a_half(text, end, value)
            unit = None
        if match["ordinal"]:
            yield _quantity(text, match.start(), end, value, ("ordinal", Fraction(1)))
            continue
        if match["below"] and not text[: match.start()].rstrip().endswith(tuple("0123456789")):
            value = -value
        if match["money"]:
            unit = UNITS[match["money"].lower()]
        yield _quantity(text, match.start(), end, value, unit)


def _words(text: str) -> Iterator[Quantity]:
    for match in _WORDS.finditer(text):
        tokens = [t for t in re.split(r"[\s-]+", match.group().lower()) if t != "and"]
        counts = _UNIT.match(text, match.end()) or _AND_A_HALF.match(text, match.end())
        if tokens == ["one"] and not counts:
            continue  # "the one that": a pronoun more often than a number
        start = Fraction(1, 2) if tokens[0] == "half" else None
        tokens = [t for t in tokens if t not in ("a", "an", "half")]
        value = _value(tokens) if start is None else start * _value(tokens)
        value, end = _and_a_half(text, match.end(), value)
        yield _quantity(text, match.start(), end, value, None)


def _value(tokens: Sequence[str]) -> Fraction:
    """ "two thousand three hundred forty" as 2340."""
    total = part = Fraction(0)
    for token in tokens:
        if token in _SMALL:
            part += _SMALL[token]
        else:
            part = max(part, Fraction(1)) * _SCALES[token]
            if _SCALES[token] >= 1000:
                total, part = total + part, Fraction(0)
    return total + part


def _ordinals(text: str) -> Iterator[Quantity]:
    for match in _ORDINAL.finditer(text):
        one = match["one"].lower()
        if one == "first" and not match["tens"]:
            continue
        if one == "second" and _OF_A_SECOND.search(text[: match.start()]):
            continue  # "two hundredths of a second"
        value = _ORDINALS.get(one, 1) + (_SMALL[match["tens"].lower()] if match["tens"] else 0)
        yield _quantity(text, match.start(), match.end(), Fraction(value), ("ordinal", Fraction(1)))


def _parts(text: str) -> Iterator[Quantity]:
    for match in _PART.finditer(text):
        count = (match["count"] or "a").lower()
        part = match["part"].lower()
        if part not in _PARTS:
            part = part.removesuffix("s")
        if count == "the" and part != "half":
            continue  # "the third of the kings"
        if match["count"] is None and part != "half":
            continue
        times = int(count) if count.isdigit() else _SMALL.get(count, 1)
        no_unit = ("", Fraction(1))
        yield _quantity(text, match.start(), match.end(), times * _PARTS[part], no_unit)


def _multiples(text: str) -> Iterator[Quantity]:
    for match in re.finditer(r"[A-Za-z]+", text):
        word = match.group().lower()
        value = Fraction(_TIMES.get(word, 0)) or (Fraction(1, 2) if word in _HALVED else None)
        if value and word != "once":
            kind = "" if word in _HALVED else "times"
            yield _quantity(text, *match.span(), value, (kind, Fraction(1)))
        elif word in ("decade", "century") and re.search(r"\ba $", text[: match.start()]):
            yield _quantity(text, *match.span(), Fraction(1), UNITS[word])
        elif word in _SPANS and (article := re.search(r"\ban? $", text[: match.start()])):
            yield _quantity(text, article.start(), match.end(), Fraction(1), UNITS[word])
        elif word == "hour" and re.match(r" and a half", text[match.end() :]):
            end = match.end() + len(" and a half")
            yield _quantity(text, match.start(), end, Fraction(3, 2), UNITS[word])


def _shares(found: Sequence[Quantity], text: str) -> Iterator[Quantity]:
    """ "nine in ten" as 90 percent as well."""
    ordered = sorted(found, key=lambda one: one.start)
    at_one = [*re.finditer(r"\b[Oo]ne\b", text)]
    for other in ordered:
        before = [(q.value, q.start, q.start + len(q.text)) for q in ordered]
        before += [(Fraction(1), *match.span()) for match in at_one]
        for value, start, end in before:
            if end <= other.start and _IN.match(text[end : other.start]) and other.value > value:
                whole = text[start : other.start + len(other.text)]
                yield Quantity(value / other.value, "", Fraction(1), 0, whole, start)


def _and_a_half(text: str, end: int, value: Fraction) -> tuple[Fraction, int]:
    match = _AND_A_HALF.match(text, end)
    if match is None or (match[1] and match[1].lower() not in UNITS):
        return value, end
    return value + Fraction(1, 2), end if match[1] else match.end()


def _quantity(
    text: str, start: int, end: int, value: Fraction, unit: tuple[str, Fraction] | None
) -> Quantity:
    """`unit`: as in UNITS; None where it is read from the text that follows."""
    if unit is None:
        unit = _unit_after(text, end)
    lead = text[max(0, start - 24) : start]
    bound = bool(_MORE.search(lead)) - bool(_LESS.search(lead))
    kind, size = unit
    return Quantity(value, kind, size, bound, text[start:end].strip(), start)


def _unit_after(text: str, end: int) -> tuple[str, Fraction]:
    match = _UNIT.match(text, end) or _OF_MORE.match(text, end)
    if match is None:
        return "", Fraction(1)
    unit = (match["sign"] or match["unit"]).lower()
    if unit in LOOSE:
        return "money or mass", Fraction(1)
    if unit.startswith("per"):
        unit = "percent" if not unit.endswith("age") else "percentage"
    return UNITS.get(unit, ("", Fraction(1)))
