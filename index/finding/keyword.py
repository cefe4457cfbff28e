"""Keyword search: SQLite FTS5 with BM25.

Takes a question or keywords as typed, gives passage ids with scores (higher is
better). Nothing a user types reaches FTS5 as an operator.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata

from core.records import Filters
from index.finding import filters as article_filters

# BM25 weight of the title column beside the text's 1.0. Fused nDCG@10 with 0.5, 1.0, 2.0:
# 0.731, 0.736, 0.739 on SciFact train, 0.842, 0.846, 0.851 on HotpotQA, 0.895, 0.897, 0.896
# on SQuAD 2.0's train titles.
TITLE_WEIGHT = 2.0
WORDS_LIMIT = 64  # distinct words of a query that are searched for
# Passages whose BM25 is computed for one query: about 2 µs each, many times what finding
# them costs. Words beyond it, the commonest, bring no passages. With 100,000 passages of
# shuffled real text, limits of 5,000 and 10,000 take 14 and 22 ms, no limit 61. On SciFact
# train (11,336 passages) 5,000 costs 0.2 points of nDCG@10, 2,000 costs 1.2.
SCORED_LIMIT = 6_000
# The same where a filter admits so few passages that they are listed: others are walked past.
WALKED_LIMIT = 100_000
LISTED_LIMIT = 5_000
FIRST_FILTERED = 400  # passages that a wider filter looks at first, best first; then twice as many
COMMON = 20_000  # passages with the rarest word, beyond which others must stand beside it

WORD = re.compile(r"[^\W_]+")  # as FTS5 splits: "_" parts words
STOP_WORDS = frozenset(
    "a about after all also am an and any are as at be because been before being but by can could"
    " did do does doing for from had has have having he her here him his how i if in into is it"
    " its just me more most my no nor not of off on once only or other our out over own she should"
    " so some such than that the their them then there these they this those through to too under"
    " until up very was we were what when where which while who whom whose why will with would you"
    " your s t".split()
)


# Scripts that write without spaces between words: Han, kana, Hangul, Thai, Lao, Khmer, Burmese.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f]+"
)
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]+")


def segmented(text: str) -> str:
    """Text as FTS5 gets it: runs without word spaces as overlapping pairs of characters,
    the last character once more, so that a search for one character finds it too."""
    if text.isascii():
        return text
    text = without_accents(text)
    return UNSPACED.sub(lambda run: f" {pairs(run.group())} {run.group()[-1]} ", text)


def without_accents(text: str) -> str:
    """Greek capitals carry no accents, and FTS5 takes them off Latin letters only."""
    return _GREEK.sub(
        lambda run: "".join(
            letter
            for letter in unicodedata.normalize("NFD", run.group())
            if not unicodedata.combining(letter)
        ),
        text,
    )


def terms(query: str) -> list[str]:
    """The distinct words of a query without stop words; all of them if only those are left.

    A run without word spaces is one term: its pairs of characters, in order.
    """
    query = without_accents(query)
    runs = [pairs(run) for run in UNSPACED.findall(query)]
    words = [word.lower() for word in WORD.findall(UNSPACED.sub(" ", query))]
    found = list(dict.fromkeys([*words, *runs]))
    return [word for word in found if word not in STOP_WORDS] or found


def pairs(run: str) -> str:
    return " ".join(run[i : i + 2] for i in range(max(1, len(run) - 1)))


def _any_of(wanted: list[str]) -> list[str]:
    """The terms, and every pair of a run without word spaces: a question in Chinese is one
    run, and no passage has the whole of it."""
    pairs = (pair for term in wanted if " " in term for pair in term.split(" "))
    return list(dict.fromkeys([*wanted, *pairs]))


def search(
    connection: sqlite3.Connection, query: str, count: int, filters: Filters
) -> list[tuple[int, float]]:
    """(passage_id, BM25 score) of the passages with any of the words, best first.

    In a large library, words that very many passages have count only where nothing is
    found without them. Filters are exact: they take passages out and change no score.
    """
    words = _any_of(terms(query))[:WORDS_LIMIT]
    if not words:
        return []
    only = _few_admitted(connection, filters)
    if only is not None and not only:
        return []
    rare = _rarest(connection, words, SCORED_LIMIT if only is None else WALKED_LIMIT)
    expression = " OR ".join(quoted(word) for word in rare)
    if len(rare) == 1 and len(words) > 1:
        expression = _narrowed(connection, rare[0], words)
    found = _scored(connection, expression, count, filters, only)
    if not found and len(rare) < len(words):
        expression = " OR ".join(quoted(word) for word in words)
        found = _scored(connection, expression, count, filters, only)
    return found


def _scored(
    connection: sqlite3.Connection,
    expression: str,
    count: int,
    filters: Filters,
    only: str | None,
) -> list[tuple[int, float]]:
    """`only`: JSON of the passages that the filters admit, where these are few."""
    # The "+" keeps FTS5 from being asked for each of the ids on its own.
    admitted = " AND +passages_fts.rowid IN (SELECT value FROM json_each(?))" if only else ""
    limit = "" if filters.active() and only is None else " LIMIT ?"
    rows = connection.execute(
        "SELECT passages_fts.rowid, -bm25(passages_fts, ?, 1.0) AS score FROM passages_fts"
        f" WHERE passages_fts MATCH ?{admitted} ORDER BY score DESC, passages_fts.rowid{limit}",
        (TITLE_WEIGHT, expression, *([only] if only else []), *([count] if limit else [])),
    )
    if limit:
        return [(int(passage_id), float(score)) for passage_id, score in rows]
    found: list[tuple[int, float]] = []
    size = FIRST_FILTERED
    while len(found) < count and (batch := rows.fetchmany(size)):
        admitted_ids = _admitted(connection, [passage_id for passage_id, _ in batch], filters)
        found += [(int(one), float(score)) for one, score in batch if one in admitted_ids]
        size *= 2
    return found[:count]


def _few_admitted(connection: sqlite3.Connection, filters: Filters) -> str | None:
    """JSON of the passages that the filters admit ("" for none); None without filters, or
    where they admit more than are listed."""
    condition, values = article_filters.condition(filters)
    if not condition:
        return None
    # Most filters admit many articles, and those are counted on their index alone.
    (articles,) = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM articles WHERE {condition} LIMIT ?)",
        (*values, LISTED_LIMIT + 1),
    ).fetchone()
    if articles > LISTED_LIMIT:
        return None
    rows = connection.execute(
        "SELECT passage_id FROM articles CROSS JOIN passages USING (article_id)"
        f" WHERE {condition} LIMIT ?",
        (*values, LISTED_LIMIT + 1),
    ).fetchall()
    if len(rows) > LISTED_LIMIT:
        return None
    return json.dumps([passage_id for (passage_id,) in rows]) if rows else ""


def _admitted(connection: sqlite3.Connection, ids: list[int], filters: Filters) -> set[int]:
    condition, values = article_filters.condition(filters)
    rows = connection.execute(
        "SELECT passage_id FROM json_each(?) CROSS JOIN passages ON passage_id = value"
        f" CROSS JOIN articles USING (article_id) WHERE {condition}",
        (json.dumps(ids), *values),
    )
    return {passage_id for (passage_id,) in rows}


def _rarest(connection: sqlite3.Connection, words: list[str], limit: int) -> list[str]:
    """The words that together stand in no more than `limit` passages; at least one."""
    (newest,) = connection.execute("SELECT coalesce(max(passage_id), 0) FROM passages").fetchone()
    if newest * len(words) <= limit:
        return words
    counted = sorted((_counted(connection, quoted(one), limit + 1), one) for one in words)
    kept: list[str] = []
    total = 0
    for frequency, word in counted:
        total += frequency
        if frequency and total <= limit:
            kept.append(word)
    common = [word for frequency, word in counted if frequency]
    if kept or not common:
        return kept or words[:1]
    return [min(common, key=lambda word: (document_frequency(connection, word), word))]


def _narrowed(connection: sqlite3.Connection, rarest: str, words: list[str]) -> str:
    """The rarest word; where even that one is too common to be scored, together with as
    many of the others as some passage has."""
    expression = quoted(rarest)
    for word in words:
        if _counted(connection, expression, COMMON + 1) <= COMMON:
            break
        both = f"{expression} AND {quoted(word)}"
        if word != rarest and _counted(connection, both, 1):
            expression = both
    return expression


def document_frequency(connection: sqlite3.Connection, word: str) -> int:
    """In how many passages the word stands, in any of its forms."""
    return _counted(connection, quoted(word))


def _counted(connection: sqlite3.Connection, expression: str, most: int = -1) -> int:
    """How many passages an expression finds; no more than `most` are counted."""
    (count,) = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM passages_fts WHERE passages_fts MATCH ? LIMIT ?)",
        (expression, most),
    ).fetchone()
    return int(count)


def quoted(words: str) -> str:
    """An FTS5 string: a word, or words in a row. One unspaced character is a beginning."""
    plain = words.replace('"', "")
    alone = len(plain) == 1 and UNSPACED.match(plain)
    return f'"{plain}"' + (" *" if alone else "")
