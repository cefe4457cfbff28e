"""Filters → SQL on `articles` that its indexes can answer. Dates are compared on their
common prefix, so `2025-07` as a bound takes the whole month in and an article dated
`2025` is not lost to it."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from datetime import date

from core.errors import InputError
from core.records import Filters

_DATE = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$")
_GLOB_MARKS = re.compile(r"[*?\[]")
_LAST = "\U0010ffff"  # sorts after every other character
_AFTER_DATES = "~"  # sorts after every character of a date

# The outlets' spellings, found by leaps through the index: a library has few of them.
_SPELLINGS = (
    "outlet IN (WITH RECURSIVE spellings(name) AS (SELECT min(outlet) FROM articles UNION ALL"
    " SELECT (SELECT min(outlet) FROM articles WHERE outlet > name) FROM spellings"
    " WHERE name IS NOT NULL) SELECT name FROM spellings WHERE casefold(name) = ?)"
)


def parse_date(text: str) -> str:
    """`2025`, `2025-07` or `2025-07-12`, checked. Raises InputError."""
    padded = text + "-01-01"[len(text) - 4 :] if _DATE.match(text) else ""
    try:
        date.fromisoformat(padded)
    except ValueError:
        raise InputError(
            f"“{text}” is not a date. Write it as 2025, 2025-07 or 2025-07-12."
        ) from None
    return text


def condition(filters: Filters) -> tuple[str, list[str]]:
    """An SQL condition on `articles` and its values; "" where nothing is filtered."""
    parts, values = _undated_parts(filters)
    if filters.after:
        # An article dated `2025` may be from after `2025-07`: its date is a beginning of it.
        shorter = [filters.after[:length] for length in (4, 7) if length < len(filters.after)]
        marks = ", ".join("?" * len(shorter))
        parts.append(f"published >= ? AND (published >= ? OR published IN ({marks}))")
        values += [filters.after[:4], filters.after, *shorter]
    if filters.before:
        parts.append("published < ?")
        values.append(filters.before + _AFTER_DATES)
    return " AND ".join(parts), values


def undated_left_out(connection: sqlite3.Connection, filters: Filters) -> int:
    """Articles that only the date filter keeps out, because they have no date."""
    if not (filters.after or filters.before):
        return 0
    parts, values = _undated_parts(filters)
    where = " AND ".join(["published IS NULL", *parts])
    (count,) = connection.execute(f"SELECT count(*) FROM articles WHERE {where}", values).fetchone()
    return int(count)


def _undated_parts(filters: Filters) -> tuple[list[str], list[str]]:
    parts, values = [], []
    if filters.outlet:
        parts.append(_SPELLINGS)
        values.append(filters.outlet.strip().casefold())
    if filters.path:
        start = _GLOB_MARKS.split(filters.path, maxsplit=1)[0]
        if start:  # the bounds let the index on paths do the work
            parts.append("path >= ? AND path < ?")
            values += [start, start + _LAST]
        parts.append("path GLOB ?")
        values.append(filters.path)
    if filters.language:
        parts.append("language = ?")
        values.append(filters.language.strip().lower())
    if filters.folders:
        parts.append(f"({' OR '.join(['path >= ? AND path < ?'] * len(filters.folders))})")
        for folder in filters.folders:
            inside = folder.rstrip(os.sep) + os.sep
            values += [inside, inside + _LAST]
    if filters.articles:
        # One value, however many articles: SQLite limits how many there may be.
        parts.append("articles.article_id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(filters.articles))
    return parts, values
