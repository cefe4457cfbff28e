"""Every article that has all the words of a query, or that filters admit: all, counted truly.

Takes a query as typed (words in quotation marks are one phrase), gives passage or article
ids. Scores nothing and needs no model; the best passages are search.py's.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from typing import Literal

from core.records import Filters
from index.finding import filters as article_filters
from index.finding.keyword import UNSPACED, WORD, pairs, quoted, terms, without_accents

# "relevance": most passages with the words first; "date": newest first; undated ones last
Sort = Literal["relevance", "date", "oldest"]

# SQLite joins at most 500 questions in one; whoever pastes a page looks for its first words.
WORDS_LIMIT = 100  # words and phrases of a query; the rest is left aside

_PHRASE = re.compile(r"[\"“]([^\"“”]+)[\"”]")
_UNDATED = "~"  # sorts after every character of a date


def mentions(
    connection: sqlite3.Connection, query: str, filters: Filters, sort: Sort = "date"
) -> list[int]:
    """For every article that has all the words, not necessarily in one passage, the first
    passage with most of them."""
    found = expressions(query)
    if not found:
        return []
    where, values = _joined(filters)
    ranked: dict[str, tuple[str, str, set[int], Counter[int]]] = {}
    for place, expression in enumerate(found):
        rows = connection.execute(
            "SELECT articles.article_id, coalesce(published, ''), path, passages_fts.rowid"
            f" FROM passages_fts{where}",
            (expression, *values),
        )
        for article_id, published, path, passage_id in rows:
            if place == 0:
                ranked.setdefault(article_id, (published, path, set(), Counter()))
            if article_id in ranked:
                ranked[article_id][2].add(place)
                ranked[article_id][3][int(passage_id)] += 1
    whole = [item for item in ranked.values() if len(item[2]) == len(found)]
    whole.sort(key=lambda item: item[1])  # what follows keeps the order of equals
    if sort == "oldest":
        whole.sort(key=lambda item: item[0] or _UNDATED)
    else:
        whole.sort(key=lambda item: item[0], reverse=True)  # "" (no date) comes last
    if sort == "relevance":
        whole.sort(key=lambda item: -len(item[3]))
    return [min(counts, key=lambda one: (-counts[one], one)) for _, _, _, counts in whole]


def first_passages(
    connection: sqlite3.Connection, count: int, filters: Filters, sort: Sort = "date"
) -> tuple[list[int], int]:
    """The first passage of each of the first `count` articles that the filters admit, by date,
    and how many articles that are. Articles without a passage are left out of the list alone."""
    condition, values = article_filters.condition(filters)
    where = f" WHERE {condition}" if condition else ""
    direction = "ASC" if sort == "oldest" else "DESC"
    (total,) = connection.execute(f"SELECT count(*) FROM articles{where}", values).fetchone()
    rows = connection.execute(
        "SELECT (SELECT min(passage_id) FROM passages WHERE passages.article_id = found.article_id)"
        f" FROM (SELECT article_id, published, path FROM articles{where}"
        f" ORDER BY published IS NULL, published {direction}, path LIMIT ?) AS found",
        (*values, count),
    )
    return [passage_id for (passage_id,) in rows if passage_id is not None], int(total)


def articles_with(connection: sqlite3.Connection, query: str) -> list[str]:
    """The ids of all articles that have all the words, in no order; filters aside."""
    found = expressions(query)
    one = (
        "SELECT article_id FROM passages_fts JOIN passages ON passage_id = passages_fts.rowid"
        " WHERE passages_fts MATCH ?"
    )
    if not found:
        return []
    rows = connection.execute(" INTERSECT ".join([one] * len(found)), found)
    return list(dict.fromkeys(article_id for (article_id,) in rows))


def expressions(query: str) -> list[str]:
    """What FTS5 is to find, one expression for each word or phrase."""
    return [quoted(" ".join(item)) for item in wanted(query)]


def wanted(query: str) -> list[list[str]]:
    """The words of a query without stop words, each on its own; those of a phrase together.
    At most WORDS_LIMIT of them."""
    rest = _PHRASE.sub(" ", query)
    found = [WORD.findall(_segmented(phrase)) for phrase in _PHRASE.findall(query)]
    found += [term.split(" ") for term in terms(rest)] if WORD.search(rest) else []
    distinct = [list(item) for item in dict.fromkeys(tuple(item) for item in found) if item]
    return distinct[:WORDS_LIMIT]


def _segmented(phrase: str) -> str:
    return UNSPACED.sub(lambda run: f" {pairs(run.group())} ", without_accents(phrase))


def _joined(filters: Filters) -> tuple[str, list[str]]:
    condition, values = article_filters.condition(filters)
    joins = (
        " JOIN passages ON passage_id = passages_fts.rowid JOIN articles USING (article_id)"
        " WHERE passages_fts MATCH ?"
    )
    return joins + (f" AND {condition}" if condition else ""), values
