"""How an article is called within a sentence of ours: `The Quayside Post, 20 March 2025`.

Takes outlet, path and date as records hold them, gives plain words. Pure.
"""

from __future__ import annotations

from pathlib import PurePath

_MONTHS = (
    "January February March April May June July August September October November December"
).split()


def source_words(outlet: str | None, published: str | None, path: str) -> str:
    """Outlet and date; the file's name stands in for an unknown outlet."""
    return f"{outlet or PurePath(path).name}, {date_words(published)}"


def date_words(published: str | None) -> str:
    """ISO 8601, perhaps only a year or a month, as it is written out; "no date" for none."""
    if not published:
        return "no date"
    year, *rest = published[:10].split("-")
    if not rest or not rest[0].isdigit() or not 1 <= int(rest[0]) <= 12:
        return year
    month = f"{_MONTHS[int(rest[0]) - 1]} {year}"
    return f"{int(rest[1])} {month}" if len(rest) == 2 and rest[1].isdigit() else month


def listed(items: list[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
