"""A question that names a time → the dates it means. Pure rules for English.

"in March", "after July 9", "since 2024", "between May and July", "last week",
"yesterday", "latest". A month or a day without its year is the newest one that
the library can hold: not after its newest article. Only a time of reports
("articles from March") filters by itself; the reader sees it and may change it.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.records import Filters
from index.store import Library

_MONTH_NAMES = (
    "january jan",
    "february feb",
    "march mar",
    "april apr",
    "may",
    "june jun",
    "july jul",
    "august aug",
    "september sept sep",
    "october oct",
    "november nov",
    "december dec",
)
_MONTHS = {name: n for n, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?:19|20)\d\d"
_DAY = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
# One written date: 2025-07-12, July 12 2025, 12 July 2025, July 12, July 2025, July, 2025.
_DATE = (
    rf"(?:{_YEAR}-\d\d(?:-\d\d)?\b|{_MONTH} {_DAY}\b(?:,? {_YEAR}\b)?"
    rf"|{_DAY} (?:of )?{_MONTH}(?:,? {_YEAR}\b)?|{_MONTH}(?:,? (?:of )?{_YEAR}\b)?|{_YEAR}\b)"
)
_SPAN = re.compile(
    rf"\b(?:between|from) (?P<first>{_DATE}) (?:and|to|until|till) (?P<last>{_DATE})", re.I
)
_ONE = re.compile(
    rf"\b(?P<how>in|during|throughout|on|of|after|since|from|before|until|till|by|around)"
    rf" (?:the )?(?:early |mid[ -]?|late |end of |beginning of |month of |year )?(?P<date>{_DATE})",
    re.I,
)
_COUNT = r"(?P<count>\d{1,3}|two|three|four|five|six|seven|ten)"
_RELATIVE = re.compile(
    r"\b(?:(?P<day>today|yesterday)"
    r"|(?:in |during |over |within )?(?:the )?(?P<which>last|past|this)"
    rf" (?:{_COUNT} )?(?P<unit>day|week|month|year)s?)\b",
    re.I,
)
_LATEST = re.compile(r"\b(?:latest|newest|most recent(?:ly)?|up to date)\b", re.I)
_REPORTS = re.compile(
    r"\b(?:articles?|reports?|reported|reporting|news|stor(?:y|ies)|coverage|published|headlines?"
    r"|pieces?|posts?|columns?|editorials?)\b",
    re.I,
)
# Words for reports right before their time, and what leads to them.
_NAMED_REPORTS = (
    r"(?:(?:,? \b(?:in|from|according to|by)\b)?(?: the| all)?"
    r" (?:articles?|reports?|news|stories|coverage|pieces) (?:published |written )?)?"
)
REACH_CHARS = 30  # between a word for reports and the time that is theirs
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_NOT_BEFORE = frozenset(("after", "since"))
_NOT_AFTER = frozenset(("before", "until", "till", "by"))


@dataclass(frozen=True, slots=True)
class TimeWords:
    """What a question says of time. The dates are inclusive, as in `Filters`."""

    after: str | None  # ISO 8601: a year, a month or a day
    before: str | None
    latest: bool  # the newest reports are wanted
    words: str  # as the question says it
    of_reports: bool  # "articles from March", not "what happened in March"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to take a question."""

    question: str
    filters: Filters
    words: str  # of the question, which became a date filter; "" where none did

    @property
    def note(self) -> str:
        return f"“{self.words}”: only articles with a date in that time were searched."


def time_words(question: str, newest: str | None, today: date) -> TimeWords | None:
    """The first time that the question names; None where it names none.

    `newest`: the library's newest date (ISO 8601), for months without a year;
    `today`: for "last week".
    """
    reference = _reference(newest, today)
    latest = _LATEST.search(question)
    for read in (_span, _one, _relative):
        found = read(question, today if read is _relative else reference)
        if found is not None:
            after, before, words = found
            return TimeWords(after, before, latest is not None, words, _of_reports(question, words))
    return TimeWords(None, None, True, latest.group(), False) if latest else None


def understood(library: Library, question: str) -> TimeWords | None:
    """What the question says of time, seen from this library; None where it names none."""
    (newest,) = library.connection.execute("SELECT max(published) FROM articles").fetchone()
    return time_words(question, newest, date.today())


def readings(library: Library, question: str, chosen: Filters) -> Iterator[Reading]:
    """The ways to take a question, the better one first: where it gives a time of reports
    ("articles from March"), as a question for what was published then; and as it stands,
    with the filters that the user chose.

    Dates that the user chose are never replaced. A time of events stays in the question,
    since what happened in March may be told in April.
    """
    found = understood(library, question)
    if found is not None and found.of_reports:
        timed = replace(chosen, after=found.after, before=found.before)
        if timed == chosen or not (chosen.after or chosen.before):
            told = "" if timed == chosen else found.words
            yield Reading(without_time(question, found), timed, told)
    yield Reading(question, chosen, "")


def asks_for_the_latest(question: str) -> bool:
    return _LATEST.search(question) is not None


def without_time(question: str, found: TimeWords) -> str:
    """The question without its words for a time of reports, once they are a filter: "Who
    resigned, in articles from March?" asks who resigned."""
    rest = re.sub(rf"{_NAMED_REPORTS}{re.escape(found.words)}", " ", question, count=1)
    rest = " ".join(rest.split())
    return re.sub(r" (?=[?.!,])", "", rest).strip(" ,;") or question


def _of_reports(question: str, words: str) -> bool:
    """Whether the time is when something was published: what happened in March may be
    told in April, but an article from March was."""
    start = question.index(words)
    around = question[max(0, start - REACH_CHARS) : start] + question[start + len(words) :][:12]
    return _REPORTS.search(around) is not None


_Found = tuple[str | None, str | None, str]  # after, before, the words


def _span(question: str, reference: date) -> _Found | None:
    match = _SPAN.search(question)
    if match is None:
        return None
    last = _iso(match["last"], reference)
    # "between May and July 2025": the first has the year of the last.
    first = _iso(match["first"], _end_of(last) if last else reference)
    if first is None or last is None or first[:4] > last[:4]:
        return None
    return first, last, match.group()


def _one(question: str, reference: date) -> _Found | None:
    for match in _ONE.finditer(question):
        how = match["how"].lower()
        if not _means_a_date(match["date"], how):
            continue
        iso = _iso(match["date"], reference)
        if iso is None:
            continue
        if how in _NOT_BEFORE:
            return (_next(iso) if how == "after" else iso), None, match.group()
        if how in _NOT_AFTER:
            return None, (_previous(iso) if how == "before" else iso), match.group()
        return iso, iso, match.group()
    return None


def _relative(question: str, today: date) -> _Found | None:
    match = _RELATIVE.search(question)
    if match is None:
        return None
    if match["day"]:
        day = today - timedelta(days=match["day"].lower() == "yesterday")
        return day.isoformat(), day.isoformat(), match.group()
    count, unit, which = match["count"], match["unit"].lower(), match["which"].lower()
    if which == "this":
        start = {"day": today, "week": today - timedelta(days=today.weekday())}.get(
            unit, today.replace(day=1) if unit == "month" else today.replace(month=1, day=1)
        )
        return start.isoformat(), None, match.group()
    if unit in ("month", "year") and not count and which == "last":
        iso = _previous(today.isoformat()[: 7 if unit == "month" else 4])
        return iso, iso, match.group()
    days = _DAYS[unit] * (int(_COUNTS.get(count.lower(), 0) or count) if count else 1)
    return (today - timedelta(days=days)).isoformat(), None, match.group()


def _means_a_date(written: str, how: str) -> bool:
    """Not the verb "may", a march "on", or a year that only names ("of 2024")."""
    bare = written.lower().rstrip(".")
    if bare in ("may", "march", "mar") and not written[0].isupper():
        return how in ("in", "since", "during", "before", "after", "until")
    return how != "of" or not written.isdigit()


def _iso(written: str, reference: date) -> str | None:
    """A written date as ISO 8601, as exact as it is written; None where it is none."""
    if re.fullmatch(rf"{_YEAR}(?:-\d\d){{0,2}}", written):
        return written if _is_date(written) else None
    words = re.findall(r"[A-Za-z]+|\d+", written)
    month = next(_MONTHS[word.lower()] for word in words if word.lower() in _MONTHS)
    numbers = [word for word in words if word.isdigit()]
    year = next((int(number) for number in numbers if len(number) == 4), None)
    day = next((int(number) for number in numbers if len(number) < 4), None)
    if year is None:
        year = reference.year - (date(reference.year, month, 1) > reference)
    iso = f"{year}-{month:02}" + (f"-{day:02}" if day else "")
    return iso if _is_date(iso) else None


def _is_date(iso: str) -> bool:
    try:
        date.fromisoformat(iso + "-01-01"[len(iso) - 4 :])
    except ValueError:
        return False
    return True


def _reference(newest: str | None, today: date) -> date:
    return min(today, _end_of(newest[:10])) if newest else today


def _end_of(iso: str) -> date:
    """The last day of a year, a month or a day."""
    year, month, day = (*(int(part) for part in iso.split("-")), 0, 0)[:3]
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


def _next(iso: str) -> str:
    return (_end_of(iso) + timedelta(days=1)).isoformat()[: len(iso)]


def _previous(iso: str) -> str:
    start = date.fromisoformat(iso + "-01-01"[len(iso) - 4 :])
    return (start - timedelta(days=1)).isoformat()[: len(iso)]
