"""Filters → SQL. Dates are compared on their common prefix, so `2025-07` as a
bound takes the whole month in and an article dated `2025` is not lost to it."""

from __future__ import annotations

import re
import sqlite3
from datetime import date

from core.errors import InputError
from core.records import Filters

_DATE = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$")


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
        parts.append("substr(published, 1, ?) >= substr(?, 1, length(substr(published, 1, 10)))")
        values += [str(len(filters.after)), filters.after]
    if filters.before:
        parts.append("substr(published, 1, ?) <= substr(?, 1, length(substr(published, 1, 10)))")
        values += [str(len(filters.before)), filters.before]
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
        parts.append("casefold(outlet) = ?")
        values.append(filters.outlet.strip().casefold())
    if filters.path:
        parts.append("path GLOB ?")
        values.append(filters.path)
    return parts, values
