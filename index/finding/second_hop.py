"""The second hop: articles that a question, or the text of a first hit, names by title.

A question such as "Who directed the film in which X played?" is answered by an article
that shares few words with it, but whose title stands in the article about X. Takes texts,
gives ids of articles; what a name is worth is the caller's matter. Titles are compared
as they are written but for ASCII capitals, without a bracket at the end: the text that
says "Mercury" names "Mercury (planet)".
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection
from functools import lru_cache

from core.records import Filters
from index.finding import filters as article_filters
from index.finding.keyword import STOP_WORDS

# A title that more articles have ("Home", "Comments") names none of them.
SHARED_TITLE = 2
NAME_WORDS = 8  # the longest name that is looked for in a text
QUESTION_WORDS = 40  # words of a question that are looked at; a typed headline fits in
SHORTEST_NAME = 3  # characters

_WORD = re.compile(r"[^\W_]+")
_ASCII_LOWER = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}
_LAST = "\U0010ffff"


@lru_cache(maxsize=256)  # the hits of one query are read once for each hop
def names(text: str) -> frozenset[str]:
    """Runs of words that begin and end with a capital letter or a digit, as titles compare."""
    text = " ".join(text.split())
    words = list(_WORD.finditer(text))
    marked = [word.group()[0].isupper() or word.group()[0].isdigit() for word in words]
    return _runs(text, words, marked, NAME_WORDS)


def question_runs(question: str) -> frozenset[str]:
    """All runs of words of a question: who types keywords leaves capitals out."""
    question = " ".join(question.split())
    words = list(_WORD.finditer(question))[:QUESTION_WORDS]
    return _runs(question, words, [True] * len(words), QUESTION_WORDS)


def titled(
    connection: sqlite3.Connection, runs: Collection[str], filters: Filters
) -> dict[str, set[str]]:
    """The ids of the articles that have one of these titles, by title. Filters hold."""
    condition, values = article_filters.condition(filters)
    admitted = f" AND {condition}" if condition else ""
    wanted = json.dumps(sorted(runs))
    found: dict[str, set[str]] = {}
    for match in (
        "lower(title) = wanted",
        f"lower(title) > wanted || ' (' AND lower(title) < wanted || ' ({_LAST}'"
        " AND substr(title, -1) = ')'",
    ):
        rows = connection.execute(
            "SELECT wanted, article_id FROM (SELECT value AS wanted FROM json_each(?))"
            f" CROSS JOIN articles INDEXED BY articles_by_title WHERE {match}{admitted}",
            (wanted, *values),
        )
        for title, article_id in rows:
            found.setdefault(title, set()).add(article_id)
    return {title: ids for title, ids in found.items() if len(ids) <= SHARED_TITLE}


def _runs(
    text: str, words: list[re.Match[str]], marked: list[bool], longest: int
) -> frozenset[str]:
    text = text.translate(_ASCII_LOWER)
    ends = [word.end() for word in words]
    found = set()
    for first, word in enumerate(words):
        if not marked[first]:
            continue
        start = word.start()
        for last in range(first, min(first + longest, len(words))):
            if marked[last]:
                run = text[start : ends[last]]
                if len(run) >= SHORTEST_NAME and not _says_nothing(run):
                    found.add(run)
    return frozenset(found)


def _says_nothing(run: str) -> bool:
    return run.isdigit() or run in STOP_WORDS
