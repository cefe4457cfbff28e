"""Source text and articles → how many unfit characters there are, by kind. Pure.

Counts what `ingest.clean` drops (its UNFIT says which those are) wherever it stands in the
file, and what it repairs in the articles. Changes nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable

from core.records import Article
from ingest.clean import JOINED, UNFIT

REPAIRED = "repaired encoding"
SURROGATE = "lone surrogate"
UNDECODABLE = "undecodable byte"
# The first character of each stretch of code points and what it is called.
_STRETCHES = (
    (0x00, "NUL"),
    (0x01, "control character"),
    (0xAD, "soft hyphen"),
    (0x61C, "direction mark"),
    (0x180E, "zero-width character"),
    (0x200E, "direction mark"),
    (0x202A, "bidi override"),
    (0x2060, "zero-width character"),
    (0x2065, "bidi override"),
    (0x206A, "control character"),
    (0xD800, SURROGATE),
    (0xFEFF, "byte-order mark"),
    (0xFFF9, "annotation mark"),
    (0xFFFE, "noncharacter"),
    (0xE0000, "tag character"),
    (0xE0100, "variation selector"),
)
_STARTS = [start for start, _ in _STRETCHES]
# A first look that costs next to nothing, then the exact one: joiners have a place in some scripts.
_ANY = re.compile(f"[{UNFIT}\u200c\u200d\ufffd]")
_EACH = re.compile(f"[{UNFIT}]|(?<![{JOINED}])[\u200c\u200d]|\ufffd+")


def count(source_text: str, articles: Iterable[Article] = ()) -> tuple[tuple[str, int], ...]:
    """(kind in plain words, how many), by kind.

    A surrogate on its own can't be decoded: its three bytes come as three replacement
    characters, which are dropped; other replacement characters stay in the text.
    """
    found: Counter[str] = Counter()
    if _ANY.search(source_text) is not None:
        for characters, times in Counter(_EACH.findall(source_text)).items():
            if characters[0] != "\ufffd":
                found[_kind(characters)] += times
            elif len(characters) % 3 == 0:
                found[SURROGATE] += times * len(characters) // 3
            else:
                found[UNDECODABLE] += times * len(characters)
    repaired = sum(_repaired(source_text, article) for article in articles)
    if repaired:
        found[REPAIRED] = repaired
    return tuple(sorted(found.items()))


def _kind(character: str) -> str:
    return _STRETCHES[bisect_right(_STARTS, ord(character)) - 1][1]


def _repaired(source_text: str, article: Article) -> int:
    """Runs in which one visible character stands for others that are not it."""
    total = 0
    for run in article.spans:
        if run.clean_end - run.clean_start == 1 < run.source_end - run.source_start:
            character = article.text[run.clean_start]
            stands = source_text[run.source_start : run.source_end]
            total += not character.isspace() and character not in stands
    return total
