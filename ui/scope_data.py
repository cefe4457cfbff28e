"""What a question is limited to → words, chips and suggestions. Pure.

Takes filters, what the library offers, and the titles of chosen articles; gives plain dicts and
strings. A chip names one limit and can take it away: `without` gives the filters that are left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.records import Filters
from ui import words

if TYPE_CHECKING:
    from index.finding.facets import Facets

Data = dict[str, Any]
Titles = Mapping[str, str]  # of articles by their ids

DATES = "dates"  # one chip for both ends
_SINGLE = ("outlet", "language", "path")


def chips(filters: Filters, titles: Titles) -> list[Data]:
    """One for each limit: `field` and `value` say what `without` takes away."""
    found = []
    if filters.after or filters.before:
        found.append(_chip(DATES, "", words.dates_words(filters.after, filters.before)))
    if filters.outlet:
        found.append(_chip("outlet", "", filters.outlet))
    if filters.language:
        found.append(_chip("language", "", f"in {words.language_words(filters.language)}"))
    if filters.path:
        found.append(_chip("path", "", f"files {filters.path}"))
    found += [_chip("folders", one, f"in {words.path_words(one)}") for one in filters.folders]
    found += [
        _chip("articles", one, f"only “{titles.get(one, 'an article that is gone')}”")
        for one in filters.articles
    ]
    return found


def scope_words(filters: Filters, titles: Titles) -> str:
    """`from Mar 2025 · The Tide · only “Herbal comes home”`; "" for all articles."""
    return " · ".join(chip["label"] for chip in chips(filters, titles))


def without(filters: Filters, field: str, value: str) -> Filters:
    """The filters less one chip's limit."""
    if field == DATES:
        return replace(filters, after=None, before=None)
    if field == "folders":
        return replace(filters, folders=tuple(one for one in filters.folders if one != value))
    if field == "articles":
        return replace(filters, articles=tuple(one for one in filters.articles if one != value))
    if field in _SINGLE:
        return replace(filters, **{field: None})  # type: ignore[arg-type]  # by name
    return filters


def with_limit(filters: Filters, field: str, value: str) -> Filters:
    """The filters with one limit more; folders and articles add up, the others are replaced."""
    value = value.strip()
    if not value:
        return filters
    if field == "folders" and value not in filters.folders:
        return replace(filters, folders=(*filters.folders, value))
    if field == "articles" and value not in filters.articles:
        return replace(filters, articles=(*filters.articles, value))
    if field in _SINGLE:
        return replace(filters, **{field: value})  # type: ignore[arg-type]  # by name
    return filters


def suggestions_data(found: Facets | None) -> Data | None:
    """All that can be chosen, the largest first, with the number of articles that it would
    bring. The page shows a few, and finds any other by its letters."""
    if found is None:
        return None
    dates = [month for month, _ in found.dates]
    return {
        "outlets": _counted((name, name, count) for name, count in found.outlets),
        "languages": _counted(
            (code, words.language_words(code), count) for code, count in found.languages
        ),
        "folders": _counted(
            (path, words.path_words(path), count)
            for path, count in sorted(found.folders, key=lambda item: (-item[1], item[0]))
        ),
        "span": f"{words.date_words(dates[0])} to {words.date_words(dates[-1])}" if dates else "",
        "undated": words.count_words(found.undated, "article") if found.undated else "",
    }


def _counted(items: Iterable[tuple[str, str, int]]) -> list[list[str]]:
    """[value, label, count]; what has no name can't be chosen."""
    return [[value, label, f"{count:,}"] for value, label, count in items if value]


def _chip(field: str, value: str, label: str) -> Data:
    return {"field": field, "value": value, "label": label}
