"""How many of a query's pairs of neighbouring words stand together in a text.

BM25 and small encoders know which words a text has, hardly which stand side by side: a
name of two words, a number and its unit. Pure; stems are compared, in order.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from operator import and_

from index.finding.keyword import STOP_WORDS, segmented

# Words are stemmed only where two in a row begin like words of the query: a stem costs 0.1 ms.
_BEGINNING = 3

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Pairs:
    """Neighbouring words of a query, stemmed, of which at least one carries meaning."""

    stems: frozenset[tuple[str, str]]
    beginnings: frozenset[str]  # of all its words


def pairs(query: str) -> Pairs:
    words = _words(query)
    found = {
        (_stem(one), _stem(two))
        for one, two in itertools.pairwise(words)
        if one not in STOP_WORDS or two not in STOP_WORDS
    }
    return Pairs(frozenset(found), frozenset(word[:_BEGINNING] for word in words))


def share_of(wanted: Pairs, texts: Iterable[str]) -> float:
    """How many of the pairs stand in any of the texts, 0..1; 0 where there are none."""
    found: set[tuple[str, str]] = set()
    for text in texts:
        words = _words(text)
        likely = [word[:_BEGINNING] in wanted.beginnings for word in words]
        for place, both in enumerate(map(and_, likely, likely[1:])):
            if both:
                found.add((_stem(words[place]), _stem(words[place + 1])))
    found &= wanted.stems
    return len(found) / len(wanted.stems) if wanted.stems else 0.0


def _words(text: str) -> list[str]:
    return _WORD.findall(segmented(text).lower())


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer():  # type: ignore[no-untyped-def]
    import snowballstemmer

    return snowballstemmer.stemmer("english")
