"""Which words of a text a query finds: exact ranges to mark.

Takes the query as typed and texts as they are shown; gives ranges in those texts. Whether a
word is found is asked of FTS5 itself, with the library's tokenizer, so a mark and a hit never
disagree about a word's forms. Searches no library.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass

from index.finding import keyword, mentions
from ingest.passages import sentences

TOKENIZER = "porter unicode61 remove_diacritics 2"  # as in index/schema.py
# An accent that stands beside its letter, as a character of its own, parts no word.
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one text that has spaces between them, and where they stand."""

    words: list[str]
    ranges: list[Range]


def marked(query: str, texts: Sequence[str]) -> list[list[Range]]:
    """For each text the ranges of the query's words in it, in order, none touching another.

    Stop words are not marked; the words of a quoted phrase only where they stand in a row;
    of scripts without word spaces, every pair of characters that the query has.
    """
    wanted = mentions.wanted(query)
    phrases = [item for item in wanted if not keyword.UNSPACED.match(item[0])]
    pairs = {one for item in wanted for one in item if keyword.UNSPACED.match(one)}
    read = [_words(text) for text in texts]
    forms = _forms(
        {word for phrase in phrases for word in phrase},
        {word for text in read for word in text.words},
    )
    return [
        _merged([*_in_a_row(words, phrases, forms), *_standing(text, pairs)])
        for text, words in zip(texts, read, strict=True)
    ]


def densest(text: str, ranges: Sequence[Range]) -> Range:
    """The sentence with the most different marked words, the first of equal ones; the whole
    text where nothing is marked."""
    best, most = (0, len(text)), 0
    for start, end in sentences(text) if ranges else ():
        here = {text[low:high].casefold() for low, high in ranges if start <= low < end}
        if len(here) > most:
            best, most = (start, end), len(here)
    return best


def _words(text: str) -> _Words:
    spaced = keyword.UNSPACED.sub(lambda run: " " * len(run.group()), text)
    found = list(_WORD.finditer(spaced))
    return _Words([one.group() for one in found], [one.span() for one in found])


def _forms(wanted: set[str], words: set[str]) -> dict[str, set[str]]:
    """For each wanted word those of `words` that FTS5 takes for it."""
    if not wanted or not words:
        return {}
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            f"CREATE VIRTUAL TABLE words USING fts5(form, word UNINDEXED, tokenize='{TOKENIZER}')"
        )
        connection.executemany(
            "INSERT INTO words VALUES (?, ?)", ((keyword.segmented(word), word) for word in words)
        )
        find = "SELECT word FROM words WHERE words MATCH ?"
        return {
            one: {word for (word,) in connection.execute(find, (keyword.quoted(one),))}
            for one in wanted
        }


def _in_a_row(
    text: _Words, phrases: Iterable[list[str]], forms: dict[str, set[str]]
) -> list[Range]:
    found = []
    for phrase in phrases:
        for first in range(len(text.words) - len(phrase) + 1):
            here = text.words[first : first + len(phrase)]
            if all(word in forms.get(one, ()) for one, word in zip(phrase, here, strict=True)):
                found.append((text.ranges[first][0], text.ranges[first + len(phrase) - 1][1]))
    return found


def _standing(text: str, parts: Iterable[str]) -> list[Range]:
    found = []
    for part in parts:
        place = text.find(part)
        while place >= 0:
            found.append((place, place + len(part)))
            place = text.find(part, place + 1)
    return found


def _merged(ranges: Iterable[Range]) -> list[Range]:
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
