"""Articles by date → the data of a chart: a bar for each month or year. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.records import Filters
from ui import words

if TYPE_CHECKING:
    from index.finding.facets import Facets

Data = dict[str, Any]

MONTHS_LIMIT = 120  # of bars; a longer time is shown by years
YEARS_LIMIT = 150  # beyond, years without articles are left out


def time_data(counts: Facets, filters: Filters, label: str) -> Data:
    """The data of a chart by months, or by years where the time is long."""
    by_year = sum(count for date, count in counts.dates if len(date) < 7)
    bars = _bars(counts.dates)
    notes = []
    if bars and len(bars[0][0]) == 7 and by_year:
        notes.append(f"{by_year:,} more with a year alone")
    if counts.undated and not (filters.after or filters.before):
        notes.append(f"{counts.undated:,} without a date")
    return {
        "label": label,
        "bars": [[key, words.date_words(key), count] for key, count in bars],
        "unit": ["article", "articles"],
        "from": filters.after,
        "to": filters.before,
        "note": ", ".join(notes),
    }


def _bars(dates: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """(month, articles) without holes; (year, articles) where that were too many bars, or most
    articles tell no month."""
    months = [date for date, _ in dates if len(date) == 7]
    counts = Counter(dict(dates))
    by_month = sum(counts[month] for month in months)
    if 2 * by_month >= counts.total() > 0 and _months_between(months[0], months[-1]) < MONTHS_LIMIT:
        first = _month_number(months[0])
        span = range(first, first + _months_between(months[0], months[-1]) + 1)
        keys = [f"{number // 12:04}-{number % 12 + 1:02}" for number in span]
        return [(key, counts[key]) for key in keys]
    years: Counter[str] = Counter()
    for date, count in dates:
        years[date[:4]] += count
    known = sorted(years)
    if not known or int(known[-1]) - int(known[0]) > YEARS_LIMIT:
        return [(year, years[year]) for year in known]
    return [
        (f"{year:04}", years[f"{year:04}"]) for year in range(int(known[0]), int(known[-1]) + 1)
    ]


def _month_number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _months_between(first: str, last: str) -> int:
    return _month_number(last) - _month_number(first)
