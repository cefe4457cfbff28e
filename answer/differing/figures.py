"""Figures in a sentence: how much, of what unit, how exactly meant. Pure rules for English.

Takes text, gives `Figure`s in base units (metres, seconds, kilograms), each with the
interval that its wording leaves open, so that "about 300" and 297, or 995 miles and
1,600 km, are one and the same: for comparing sources loosely, as a reader would. What a
claim says is compared exactly, in `quantities.py`. Knows nothing about questions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from answer.words import NUMBER_WORDS

ROUGHLY = 0.05  # what "about" leaves open, on either side
OPEN_END = 0.10  # what "more than" or "up to" leaves open, on its side
ROUNDED = 0.025  # the most that a round number leaves open: 1,600 is not 1,650

_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "m": 1e6, "mn": 1e6, "bn": 1e9,
}  # fmt: skip
_CURRENCIES = {"$": "$", "€": "€", "£": "£", "¥": "¥"}
_UNIT_TABLE = {
    "metre": (
        "mile miles=1609.344 kilometre kilometres kilometer kilometers km kms=1000 metre metres"
        " meter meters=1 foot feet ft=0.3048 inch inches=0.0254 yard yards=0.9144"
        " centimetre centimetres centimeter centimeters cm=0.01 millimetre millimetres"
        " millimeter millimeters mm=0.001"
    ),
    "second": (
        "second seconds=1 minute minutes=60 hour hours=3600 day days=86400 week weeks=604800"
        " month months=2629746 year years=31556952 decade decades=315569520"
        " century centuries=3155695200"
    ),
    "kilogram": (
        "gram grams g=0.001 kilogram kilograms kilo kilos kg=1 ton tons tonne tonnes=1000"
        " lb lbs=0.45359 ounce ounces=0.02835"
    ),
    "km/h": "mph=1.609344 km/h kph=1 knot knots=1.852",
    "%": "% percent=1",
    "$": "dollar dollars=1",
    "€": "euro euros=1",
    "£": "pound pounds=1",
    "¥": "yen=1",
}
UNITS = {
    word: (base, float(group.partition("=")[2].split()[0]))
    for base, table in _UNIT_TABLE.items()
    for group in re.findall(r"[^=]+=[\d.]+", table)
    for word in group.partition("=")[0].split()
}
MONEY = frozenset("$ € £ ¥".split())

_WORDS = "|".join(sorted(NUMBER_WORDS.keys() - {"hundred"}, key=len, reverse=True))
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_ONE = (
    rf"(?:{_DIGITS}|\b(?:{_WORDS})(?:-(?:{_WORDS}))?\b"
    r"|\ba(?= (?:hundred|thousand|million|billion)\b))"
)
# "between 50 and 60" and "50 to 60" are ranges, "from 50 to 60" is mostly a change.
_FIGURE = re.compile(
    r"(?:\b(?P<between>between\s+)|\b(?P<changed>from\s+))?"
    r"(?P<hedge>\b(?:about|around|roughly|some|nearly|almost|approximately|close to|estimated"
    r"|more than|over|above|fewer than|less than|under|up to|as many as)\s+(?:an? |the )?)?"
    rf"(?P<currency>[$€£¥]\s?)?(?<![\w.,:])(?P<low>{_ONE})(?![\d:]|st\b|nd\b|rd\b|th\b)"
    rf"(?:(?(between)\sand\s|(?(changed)(?!)|(?:\s?[–-]\s?|\sto\s)))(?:[$€£¥]\s?)?(?P<high>{_ONE}))?"
    r"(?:[ -](?P<scale>hundred|thousand|million|billion|trillion)\b|\s?(?P<short>m|mn|bn)\b)?"
    r"(?:[ -]?(?P<unit>%|per ?cent\b|(?!an? |per )[A-Za-z]+(?:/h)?\b))?"
    r"(?:\s(?:a|an|per|each|every)\s"
    r"(?P<rate>second|minute|hour|day|night|week|month|year|person)\b)?",
    re.I,
)
_ABOUT = frozenset("about around roughly some nearly almost approximately close estimated".split())
_MORE = frozenset("more over above".split())


@dataclass(frozen=True, slots=True)
class Figure:
    low: float  # in the base unit
    high: float
    unit: str  # "metre", "£", "%", …; "" where no unit is known
    rate: str  # "week" for "£340 a week"
    start: int  # in the text: from the hedge on
    end: int  # past the number, its scale and its unit

    def agrees(self, other: Figure) -> bool:
        """Whether both can mean one and the same."""
        return (
            self.unit == other.unit and self.low <= other.high and other.low <= self.high
        )  # fmt: skip


@lru_cache(maxsize=2048)
def figures(text: str) -> tuple[Figure, ...]:
    """The figures of a text, in order. Years look like any number: leave them to the caller."""
    return tuple(_figure(match) for match in _FIGURE.finditer(text))


def _figure(match: re.Match[str]) -> Figure:
    scale = _SCALES.get((match["scale"] or match["short"] or "").lower(), 1.0)
    unit_word = (match["unit"] or "").lower().replace("per cent", "percent").replace("percent", "%")
    base, factor = UNITS.get(unit_word, ("", 1.0))
    end = match.end("unit") if base else match.end(_last_number_group(match))
    if match["currency"]:
        base, factor = _CURRENCIES[match["currency"].strip()], 1.0
        end = match.end(_last_number_group(match))
    low, exactness = _number(match["low"])
    high = _number(match["high"])[0] if match["high"] else low
    if high < low:
        high = low
    slack = 0.0
    if not match["high"] and not match["hedge"] and (low >= 100 or scale > 1):
        slack = min(exactness / 2, ROUNDED * low)
    rate = (match["rate"] or "").lower()
    bounds = _hedged(match["hedge"], low - slack, high + slack)
    start = match.start("hedge") if match["hedge"] else match.start("low")
    if match["currency"] and not match["hedge"]:
        start = match.start("currency")
    return Figure(bounds[0] * scale * factor, bounds[1] * scale * factor, base, rate, start, end)


def _last_number_group(match: re.Match[str]) -> str:
    return next(name for name in ("scale", "short", "high", "low") if match[name])


def _hedged(hedge: str | None, low: float, high: float) -> tuple[float, float]:
    first = hedge.split()[0].lower() if hedge else ""
    if first in _ABOUT:
        return low * (1 - ROUGHLY), high * (1 + ROUGHLY)
    if first in _MORE:
        return low, high * (1 + OPEN_END)
    return (low * (1 - OPEN_END), high) if first else (low, high)


def _number(written: str) -> tuple[float, float]:
    """The number, and what its last digit that isn't a closing zero counts."""
    lower = written.lower()
    if lower == "a":
        return 1.0, 0.0
    if lower[0].isalpha():
        return float(sum(int(NUMBER_WORDS[word]) for word in lower.split("-"))), 0.0
    digits = written.replace(",", "")
    _, _, fraction = digits.partition(".")
    if fraction:
        return float(digits), 10.0 ** -len(fraction)
    zeros = len(digits) - len(digits.rstrip("0"))
    return float(digits), 10.0**zeros if zeros else 0.0
