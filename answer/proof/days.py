"""Dates of a text and whether a claim's stand in the words it rests on. Pure.

"July 12", "12 July" and "the 12th of July" are one day. A claim may say less ("July
2025" of 12 July 2025), never something else. Weekdays compare as words. No date is
resolved: "yesterday" stays a word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from answer.proof import naming

_NAMES = (
    "january february march april may june july august september october november december".split()
)
_MONTHS = {name: place + 1 for place, name in enumerate(_NAMES)}
_MONTHS |= {name[:3]: place for name, place in _MONTHS.items()} | {"sept": 9}
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
# In upper case only: "may" and "march" are verbs.
_MONTH = "|".join(
    rf"{name.title()}" for name in sorted(_MONTHS, key=len, reverse=True) if name != "may"
)
_MONTH = rf"(?:(?:{_MONTH})\b\.?|May\b)"
_DAY = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?:1\d{3}|20\d\d)"
_MORE_DAYS = rf"(?:{_DAY}\s?(?:to|until|and|or|through|-|–|—)\s?)?"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![\w.,/-])(?P<year>{_YEAR})-(?P<number>[01]?\d)-(?P<day>\d\d?)\b(?!\d)",
        rf"(?<![\w.,])(?P<more>{_MORE_DAYS})(?P<day>{_DAY})\s(?:of\s)?(?P<month>{_MONTH})"
        rf"(?:,?\s(?:of\s)?(?P<year>{_YEAR})\b(?!,\d))?",
        rf"\b(?P<month>{_MONTH})\s(?:the\s)?(?P<day>{_DAY})\b(?![\d:]|,\d{{3}}|\s?%)"
        rf"(?P<after>\s?(?:to|through|-|–|—)\s?{_DAY}(?![\w.]))?"
        rf"(?:,?\s(?P<year>{_YEAR})\b(?!,\d))?",
        rf"\b(?P<month>{_MONTH})(?:,?\s(?:of\s)?(?P<year>{_YEAR})\b(?!,\d))?",
        rf"(?<![\w.,$€£-])(?P<year>{_YEAR})(?![\w]|[,.:]\d|\s?%)",
        r"(?<![\w.,])(?P<decade>\d{3}0)s\b",
        r"\bthe (?P<day>(?:[12]\d|3[01]|[4-9])th|(?:2|3)?1st|2?2nd|2?3rd)\b(?!\s(?!of\b)[a-z])",
    )
)  # fmt: skip
# A bare number of four digits is a year only where no thing that it counts follows.
_COUNTED = re.compile(r"[\s-](?!(?:and|or|to|in|at|on|of|by|the|a|an|with|when|while|after|before"
                      r"|until|for|from|because|but|as|who|which|that|is|was|were|are|has|had)\b)"
                      r"[a-z]{2,}(?:s|people|men|women|children|feet)\b")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Date:
    year: int | None
    month: int | None
    day: int | None
    text: str
    start: int
    is_decade: bool = False


def dates(text: str) -> list[Date]:
    """In order; of ranges ("3 to 21 August") each end."""
    found: list[Date] = []
    taken: list[tuple[int, int]] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(low < match.end() and match.start() < high for low, high in taken):
                continue
            made = _dates_of(match, text)
            if made:
                taken.append(match.span())
                found.extend(made)
    return sorted(found, key=lambda one: one.start)


def blanked(text: str, found: Sequence[Date]) -> str:
    """The text with its dates as spaces; bare years stay, they may be plain numbers."""
    for one in found:
        if one.month or one.day:
            end = one.start + len(one.text)
            text = text[: one.start] + " " * len(one.text) + text[end:]
    return text


def missing(claim: Sequence[Date], cited: Sequence[Date]) -> Date | None:
    """The first of the claim's dates that the cited words don't give."""
    for one in claim:
        if not any(_agree(one, other, cited) for other in cited):
            return one
    return None


def weekdays(text: str) -> set[str]:
    return {day for day in _WEEKDAYS if re.search(rf"\b{day.title()}(?:s|'s|’s)?\b", text)}


def _agree(one: Date, other: Date, cited: Sequence[Date]) -> bool:
    if one.is_decade != other.is_decade or (one.month and one.month != other.month):
        return False
    if one.day and one.day != other.day:
        return False
    if one.year is None or one.year == other.year:
        return True
    # The year may stand with another date of the cited words, which has no other month.
    return other.year is None and any(
        one.year == third.year and third.month in (None, one.month) for third in cited
    )


def _dates_of(match: re.Match[str], text: str) -> list[Date]:
    parts = match.groupdict()
    year = int(parts["year"]) if parts.get("year") else None
    name = (parts.get("month") or "").lower().rstrip(".")
    month = int(parts["number"]) if parts.get("number") else _MONTHS.get(name)
    span = (match.group(), match.start())
    if parts.get("decade"):
        return [Date(int(parts["decade"]), None, None, *span, is_decade=True)]
    if name and not parts.get("day") and year is None and _is_no_month(match, text):
        return []
    if year is not None and month is None and _COUNTED.match(text, match.end()):
        return []
    made = [Date(year, month, _number(parts.get("day")), *span)]
    for more in ("more", "after"):
        if parts.get(more):
            made.append(Date(year, month, _number(parts[more]), *span))
    return made


def _is_no_month(match: re.Match[str], text: str) -> bool:
    """ "March" and "May" as names or verbs: at the beginning, or beside another name."""
    word = match.group().rstrip(".")
    if word not in ("May", "March", "April", "June", "August", "Mar", "Jan", "Sun"):
        return False
    before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
    if word in ("April", "June", "Jan", "Mar") and re.match(r"[A-Z][a-z]", after):
        return True
    named = re.search(r"\b([A-Z][a-z]+)$", before)
    if named and word != "August" and not naming.is_everyday(named[1]):
        return True
    return not before and word in ("May", "March") and bool(re.match(r"[a-z]", after))


def _number(day: str | None) -> int | None:
    digits = re.search(r"\d+", day or "")
    return int(digits.group()) if digits else None
