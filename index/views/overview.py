"""What is in a library, counted: articles per month, by outlet and by language.

Takes a library; gives true counts by SQL, never of a sample. Draws nothing; a search's own
counts under its filters are not made here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.store import Library

OUTLETS_BY_MONTH = 6  # the largest, whose months are told one by one
MOST_MONTHS = 600  # without gaps; one date of long ago must not bring thousands of empty months


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts of articles. Spellings of an outlet that differ only in their capitals are one,
    named by the commonest, as a search's filter takes them; None: not known."""

    articles: int
    months: tuple[tuple[str, int], ...]  # ("2025-07", 12), the earliest first; empty ones too
    years_only: int  # dated by a year alone
    undated: int
    outlets: tuple[tuple[str | None, int], ...]  # the largest first
    languages: tuple[tuple[str | None, int], ...]  # ISO 639-1, the largest first
    by_month: tuple[tuple[str, tuple[int, ...]], ...]  # an outlet's counts in those `months`


def overview(library: Library) -> Overview:
    """All of it from one snapshot."""
    with library.snapshot():
        dated = _by_outlet_and_date(library)
        languages = library.connection.execute(
            "SELECT nullif(language, ''), count(*) FROM articles GROUP BY 1"
        ).fetchall()
    months: Counter[str] = Counter()
    outlets: Counter[str | None] = Counter()
    cells: Counter[tuple[str | None, str]] = Counter()
    years_only = undated = 0
    for outlet, month, count in _one_spelling(dated):
        cells[outlet, month] += count
        outlets[outlet] += count
        if not month:
            undated += count
        elif len(month) < 7:
            years_only += count
        else:
            months[month] += count
    span = _every_month(min(months), max(months)) if months else []
    span = span if len(span) <= MOST_MONTHS else sorted(months)
    ordered = _largest_first(outlets)
    largest = [name for name, _ in ordered if name is not None][:OUTLETS_BY_MONTH]
    return Overview(
        sum(outlets.values()),
        tuple((month, months[month]) for month in span),
        years_only,
        undated,
        ordered,
        _largest_first(Counter(dict(languages))),
        tuple((name, tuple(cells[name, month] for month in span)) for name in largest),
    )


def _by_outlet_and_date(library: Library) -> list[tuple[str | None, str, int]]:
    """(outlet, month, or year, or "" where there is no date; count), from one index."""
    return library.connection.execute(
        "SELECT nullif(outlet, ''), coalesce(substr(published, 1, 7), ''), count(*)"
        " FROM articles GROUP BY 1, 2"
    ).fetchall()


def _one_spelling(
    dated: Sequence[tuple[str | None, str, int]],
) -> Iterator[tuple[str | None, str, int]]:
    spellings: dict[str, Counter[str]] = {}
    for outlet, _, count in dated:
        if outlet is not None:
            spellings.setdefault(outlet.strip().casefold(), Counter())[outlet.strip()] += count
    names = {folded: found.most_common(1)[0][0] for folded, found in spellings.items()}
    for outlet, month, count in dated:
        name = None if outlet is None else names[outlet.strip().casefold()]
        yield name or None, month, count


def _largest_first(counts: Counter[str | None]) -> tuple[tuple[str | None, int], ...]:
    """Equal ones by name; what has no name comes last."""
    return tuple(
        sorted(counts.items(), key=lambda item: (item[0] is None, -item[1], item[0] or ""))
    )


def _every_month(first: str, last: str) -> list[str]:
    """`2024-11` to `2025-02`, the months between included."""
    start, end = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (first, last))
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(start, end + 1)]
