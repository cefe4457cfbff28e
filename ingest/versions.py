"""Two clean texts of one story → what differs in them, sentence by sentence. Pure.

`compare` finds sentences that were changed, added or left out; quotes, case, punctuation
and a dateline make no difference. `is_copy` tells a copy (the same sentences, perhaps
fewer) from a version that says something else. `contradicts` asks that of one passage.
Knows nothing about which articles are of one story.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from core.records import Article
from ingest.lines import fold
from ingest.passages import sentences

Kind = Literal["changed", "added", "left out"]
Span = tuple[int, int]

# Sentences with fewer words in common (twice the common ones over all) are two sentences.
SAME_SENTENCE = 0.5
SUBSTANTIAL_WORDS = 8  # a sentence that one side has alone: fewer are a credit or a heading
FRAGMENT_WORDS = 4  # a text that is cut within a sentence shows at least so much of it
SENTENCES_LIMIT = 2000  # a longer text is compared up to there: pairing takes the square

# Capitals, figures and an agency in parentheses before a dash: "KYIV, July 9 (Reuters) – ".
_DATELINE = re.compile(r"(?:\(?[A-ZÀ-Þ\d][\w.'’/]*[),]*[ ,]+){1,8}[–—-]{1,2}\s+(?=\S)")
# Spellings of one word, after folding: both become the second.
_SPELLINGS = (
    (re.compile(r"per cent"), "percent"),
    (re.compile(r"(?<=[a-z]{3})is(?=(?:e[ds]?|ing|ations?|ers?)\b)"), "iz"),
    (re.compile(r"(?<=[a-z]{2})our"), "or"),
    (re.compile(r"([a-z])\1"), r"\1"),
    (re.compile(r"(?<=[a-z]{2}k)iy\b"), "y"),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """`here` and `there` are (start, end) in the first and the second clean text; None on
    the side that has nothing."""

    kind: Kind
    here: Span | None
    there: Span | None


Compared = tuple[Article, Sequence[Difference]]


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    end: int
    words: tuple[str, ...]  # folded, spellings made one
    bag: frozenset[str]  # the same
    last: bool = False  # in its text: it may be cut off


def compare(first: str, second: str) -> tuple[Difference, ...]:
    """What the second text says otherwise (`changed`), besides (`added`) or not (`left
    out`), in the order of the texts."""
    here, there = _sentences(first), _sentences(second)
    matcher = SequenceMatcher(
        None, [one.words for one in here], [one.words for one in there], autojunk=False
    )
    found: list[Difference] = []
    for name, low, high, other_low, other_high in matcher.get_opcodes():
        if name != "equal":
            # What merely stands in another place is no difference.
            left = [one for one in here[low:high] if not _stands_in(one, there)]
            new = [one for one in there[other_low:other_high] if not _stands_in(one, here)]
            found += _differences(left, new)
    return tuple(found)


def is_copy(first: Article, second: Article, differences: Sequence[Difference]) -> bool:
    """Whether the second is the first's text, perhaps trimmed.

    A changed sentence, or whole sentences on both sides that the other lacks, make a
    version (`are_two_trims` tells when the latter don't). Sentences that only one side has
    are a trim, unless they came with time: the longer text is dated later, or the same
    outlet printed both.
    """
    added, left_out = _sides(first, second, differences)
    if (added and left_out) or any(one.kind == "changed" for one in differences):
        return False
    shorter, longer = (first, second) if added else (second, first)
    grown = _is_later(longer.published, shorter.published) or _same_outlet(first, second)
    return not ((added or left_out) and grown)


def wholes(article: Article, others: Iterable[Compared]) -> list[Article]:
    """Those of the others that have all of this article's sentences and may be what it was
    trimmed from; of equal texts one. `others`: each with what `compare` says it has otherwise."""
    found: dict[str, Article] = {}
    for other, differences in others:
        if is_copy(article, other, differences) and not _sides(article, other, differences)[1]:
            found.setdefault(other.text, other)
    return list(found.values())


def are_two_trims(
    first: Article,
    second: Article,
    differences: Sequence[Difference],
    wholes_of_first: Iterable[Article],
) -> bool:
    """Whether each lacks sentences of the other and one whole (`wholes`) has those of both."""
    if any(one.kind == "changed" for one in differences) or not all(
        _sides(first, second, differences)
    ):
        return False
    return any(
        wholes(second, [(one, compare(second.text, one.text))])
        for one in wholes_of_first
        if one is not second
    )


def contradicts(passage: str, text: str) -> bool:
    """Whether the text says a sentence of the passage in other words or with other figures.

    A sentence that it doesn't have at all is no contradiction: copies are trimmed.
    """
    if passage in text:
        return False
    others = _sentences(text)
    return any(
        not _stands_in(sentence, others)
        and max((_likeness(sentence, other) for other in others), default=0.0) >= SAME_SENTENCE
        for sentence in _sentences(passage)
    )


def _sentences(text: str) -> list[_Sentence]:
    spans = sentences(text)[:SENTENCES_LIMIT]
    found = []
    for number, (start, end) in enumerate(spans):
        dateline = _DATELINE.match(text, start, end) if number == 0 else None
        folded = fold(text[dateline.end() if dateline else start : end])
        for spelling, plain in _SPELLINGS:
            folded = spelling.sub(plain, folded)
        if folded:
            last = number == len(spans) - 1
            words = tuple(folded.split())
            found.append(_Sentence(start, end, words, frozenset(words), last))
    return found


def _stands_in(sentence: _Sentence, others: Sequence[_Sentence]) -> bool:
    """Whether the other text has this sentence, or one of them is cut off in it."""
    words = sentence.words
    for other in others:
        length = min(len(words), len(other.words))
        cut_off = (sentence.last and length == len(words)) or (
            other.last and length == len(other.words)
        )
        if words == other.words or (
            cut_off and length >= FRAGMENT_WORDS and words[:length] == other.words[:length]
        ):
            return True
    return False


def _differences(here: Sequence[_Sentence], there: Sequence[_Sentence]) -> list[Difference]:
    """Of two stretches without an equal sentence: pairs of like ones, the others alone."""
    found: list[Difference] = []
    done_here = done_there = 0
    for one, other in [*_pairs(here, there), (len(here), len(there))]:
        for left in here[done_here:one]:
            found.append(Difference("left out", (left.start, left.end), None))
        for new in there[done_there:other]:
            found.append(Difference("added", None, (new.start, new.end)))
        if one < len(here):
            spans = (here[one].start, here[one].end), (there[other].start, there[other].end)
            found.append(Difference("changed", *spans))
        done_here, done_there = one + 1, other + 1
    return found


def _pairs(here: Sequence[_Sentence], there: Sequence[_Sentence]) -> list[tuple[int, int]]:
    """Places of like sentences in the same order on both sides: the pairs whose likeness
    adds up to most (the alignment of Needleman and Wunsch, 1970, without a price for gaps)."""
    best = [[0.0] * (len(there) + 1) for _ in range(len(here) + 1)]
    like = [[_likeness(one, other) for other in there] for one in here]
    for row in range(len(here) - 1, -1, -1):
        for column in range(len(there) - 1, -1, -1):
            own = like[row][column]
            paired = own + best[row + 1][column + 1] if own >= SAME_SENTENCE else 0.0
            best[row][column] = max(best[row + 1][column], best[row][column + 1], paired)
    pairs = []
    row = column = 0
    while row < len(here) and column < len(there):
        own = like[row][column]
        if own >= SAME_SENTENCE and best[row][column] == own + best[row + 1][column + 1]:
            pairs.append((row, column))
            row, column = row + 1, column + 1
        elif best[row][column] == best[row + 1][column]:
            row += 1
        else:
            column += 1
    return pairs


def _likeness(one: _Sentence, other: _Sentence) -> float:
    """Share of words in common, in their order, 0..1; 0 where even their sets are unlike."""
    common = 2 * len(one.bag & other.bag)
    if common < SAME_SENTENCE * (len(one.bag) + len(other.bag)):
        return 0.0
    return SequenceMatcher(None, one.words, other.words, autojunk=False).ratio()


def _sides(first: Article, second: Article, differences: Sequence[Difference]) -> tuple[bool, bool]:
    """(whether the second has whole sentences more, whether the first has)."""
    return (
        any(_is_substantial(second.text, one.there) for one in differences),
        any(_is_substantial(first.text, one.here) for one in differences),
    )


def _is_substantial(text: str, span: Span | None) -> bool:
    return span is not None and len(fold(text[slice(*span)]).split()) >= SUBSTANTIAL_WORDS


def _is_later(one: str | None, other: str | None) -> bool:
    """Whether a date is surely later: as far as both are given."""
    length = min(len(one or ""), len(other or ""))
    return bool(length) and (one or "")[:length] > (other or "")[:length]


def _same_outlet(first: Article, second: Article) -> bool:
    outlets: Collection[str] = {(one.outlet or "").casefold() for one in (first, second)}
    return len(outlets) == 1 and "" not in outlets
