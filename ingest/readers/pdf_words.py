"""Rows of print → running text, words that were divided at a row's end made whole. Pure.

A divided word is written with a soft hyphen (U+00AD) in place of the hyphen and the
row's end: invisible, dropped by `ingest.clean`, and still showing where the print
divided it. Whether a hyphen belongs to the word is judged from the words that stand
undivided elsewhere in the same file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

DIVIDED = re.compile(r"(?P<word>[^\W\d_]{2,})[-\u2010\u00ad]$")
_FIRST_WORD = re.compile(r"[^\W\d_]{2,}")
_HYPHENATED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")


def vocabulary(pages: Iterable[Sequence[str]]) -> Counter[str]:
    """How often each word stands whole inside a row; compounds with their hyphen too."""
    words: Counter[str] = Counter()
    for rows in pages:
        divided = False
        for row in rows:
            text = row.casefold()
            inside = _FIRST_WORD.sub("", text, count=1) if divided else text
            divided = DIVIDED.search(text) is not None
            inside = DIVIDED.sub("", inside)
            words.update(_FIRST_WORD.findall(inside))
            words.update(_HYPHENATED.findall(inside))
    return words


def joined(texts: Sequence[str], words: Counter[str]) -> tuple[str, list[int]]:
    """The rows as one text, and where in it each row begins."""
    parts: list[str] = []
    offsets: list[int] = []
    length = 0
    for number, text in enumerate(texts):
        offsets.append(length)
        part = text
        if number + 1 < len(texts):
            part = _with_end(text, texts[number + 1], words)
        parts.append(part)
        length += len(part)
    return "".join(parts), offsets


def _with_end(text: str, after: str, words: Counter[str]) -> str:
    """A row and what stands for its end: a line break, or nothing within a word."""
    divided = DIVIDED.search(text)
    following = _FIRST_WORD.match(after)
    if divided is None or following is None:
        return text + "\n"
    if after[0].isupper() and not text.isupper():
        return text  # no word is divided before a capital letter: "Anglo-American"
    first, second = divided["word"].casefold(), following[0].casefold()
    compound = words[f"{first}-{second}"]
    whole = words[first + second]
    if text[-1] == "\u00ad" or whole > compound:
        return text[:-1] + "\u00ad"
    # Both halves are words of their own here and the whole is not: "long-term".
    if compound or (words[first] and words[second]):
        return text
    return text[:-1] + "\u00ad"
