"""True counts of articles by month, outlet, language and folder, under a search's filters.

Takes the words that an article must have (none: every article) and the filters, gives
counts by SQL, never of a sample. Finds no passages and draws nothing.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from core import members
from core.records import Filters
from index.finding import filters as article_filters
from index.finding.mentions import articles_with
from index.store import Library

# The folder of a path: what is left when all that is no separator is taken from its end.
_FOLDER = "rtrim(path, replace(path, ?, ''))"
_HAVING_WORDS = "articles.article_id IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts of articles. Each of the four leaves its own filter aside: what another choice
    would bring. Names and folders: the largest first; ("", n) where none is known."""

    total: int  # under all filters
    dates: tuple[tuple[str, int], ...]  # "2025-07", or "2025" where no month is known; earliest
    undated: int
    outlets: tuple[tuple[str, int], ...]  # one row for all spellings, in the commonest
    languages: tuple[tuple[str, int], ...]  # ISO 639-1
    folders: tuple[tuple[str, int], ...]  # with all that lies in them, by path


def facets(library: Library, query: str, filters: Filters) -> Facets:
    """`query`: only articles with all its words; "" counts every article. A query without
    any word finds none."""
    with library.snapshot():
        only = articles_with(library.connection, query) if query.strip() else None
        counting = _Counting(library.connection, None if only is None else json.dumps(only))
        dates = counting.by("substr(published, 1, 7)", replace(filters, after=None, before=None))
        folders = counting.by(_FOLDER, replace(filters, folders=(), path=None), os.sep)
        roots = [folder.path for folder in library.folders() if folder.is_folder]
        return Facets(
            total=sum(count for _, count in counting.by("NULL", filters)),
            dates=tuple(sorted((date, count) for date, count in dates if date)),
            undated=sum(count for date, count in dates if not date),
            outlets=_one_spelling(counting.by("outlet", replace(filters, outlet=None))),
            languages=_largest_first(counting.by("language", replace(filters, language=None))),
            folders=_rolled_up(folders, roots),
        )


@dataclass(frozen=True, slots=True)
class _Counting:
    connection: sqlite3.Connection
    only: str | None  # JSON of the articles that may be counted; None: any

    def by(self, expression: str, filters: Filters, *bound: str) -> list[tuple[str, int]]:
        """(value, articles), "" for none; `bound`: values of the expression's marks."""
        condition, values = article_filters.condition(filters)
        parts = [condition] if condition else []
        if self.only is not None:
            parts.append(_HAVING_WORDS)
            values = [*values, self.only]
        where = f" WHERE {' AND '.join(parts)}" if parts else ""
        rows = self.connection.execute(
            f"SELECT coalesce({expression}, '') AS value, count(*) FROM articles{where} GROUP BY 1",
            (*bound, *values),
        )
        return [(str(value), int(count)) for value, count in rows]


def _one_spelling(counts: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Outlets that differ only in their capitals are one; a filter takes them as one too."""
    spellings: dict[str, Counter[str]] = {}
    for name, count in counts:
        spellings.setdefault(name.strip().casefold(), Counter())[name.strip()] += count
    return _largest_first(
        (found.most_common(1)[0][0], found.total()) for found in spellings.values()
    )


def _largest_first(counts: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts, key=lambda item: (item[0] == "", -item[1], item[0])))


def _rolled_up(
    counts: Iterable[tuple[str, int]], roots: Iterable[str]
) -> tuple[tuple[str, int], ...]:
    """Every folder with those around it, up to the one that was added. A member counts in
    the folder of its container; a file that was added on its own, in its folder."""
    found: Counter[str] = Counter()
    added = [root.rstrip(os.sep) for root in roots]
    for folder, count in counts:
        outer, inside = members.split(folder.rstrip(os.sep))
        here = outer.rpartition(os.sep)[0] if inside else outer
        above = [root for root in added if here == root or here.startswith(root + os.sep)]
        top = max(above, key=len, default=here)
        while True:
            found[here] += count
            if len(here) <= len(top):
                break
            here = here.rpartition(os.sep)[0]
    return tuple(sorted((folder or os.sep, count) for folder, count in found.items()))
