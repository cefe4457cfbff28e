"""The characteristic words of groups of articles: what a group is called.

Takes texts by group; gives for each group the words that many of its articles have and few of
the others do. Knows no vectors and reads no library.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from index.finding.keyword import STOP_WORDS, segmented

TEXT_CHARS = 1500  # of each article: its head tells what it is about
WORDS_A_NAME = 3
SHORTEST_WORD = 3
# Of a language's articles; a word that more of them have is one of its common words.
COMMON_SHARE = 0.5
FEWEST_FOR_COMMON = 8  # articles of a language from which its common words are known

_WORD = re.compile(r"[^\W\d_]+")
_FIRST_UNSPACED = "\u0e00"  # from here on lie the scripts without word spaces: Thai, kana, Han


@dataclass(frozen=True, slots=True)
class Text:
    """What a name is made from: an article's title and text, and its language if known."""

    words: str
    language: str | None = None


# Of one article: stem → the word as it is written there first.
Words = dict[str, str]


def names(groups: Mapping[int, Sequence[Text]]) -> dict[int, tuple[str, ...]]:
    """Up to three words for each group, the most telling first; () where it has none."""
    found = {group: [_words(text) for text in texts] for group, texts in groups.items()}
    common = _common([text for texts in groups.values() for text in texts], found)
    everywhere = Counter(one for each in found.values() for words in each for one in words)
    total = sum(len(each) for each in found.values())
    return {
        group: tuple(_spelling(one, each) for one in _telling(each, everywhere, total, common))
        for group, each in found.items()
    }


def _telling(
    articles: Sequence[Words], everywhere: Counter[str], total: int, common: set[str]
) -> list[str]:
    """The group's best stems. A stem weighs the share of the group's articles that have it,
    times the logarithm of how many times more often they do than the other articles."""
    inside = Counter(one for words in articles for one in words)
    others = total - len(articles)
    few = 1 if len(articles) < 4 else 2  # what one article of many says is not its group's
    weights = {}
    for one, count in inside.items():
        share = count / len(articles)
        elsewhere = (everywhere[one] - count + 0.5) / (others + 1)
        if count >= few and one not in common and share > elsewhere:
            weights[one] = share * math.log(share / elsewhere)
    return sorted(weights, key=lambda one: (-weights[one], one))[:WORDS_A_NAME]


def _words(text: Text) -> Words:
    words: Words = {}
    for word in _WORD.findall(text.words[:TEXT_CHARS]):
        if max(word) >= _FIRST_UNSPACED:
            pairs = (part for part in segmented(word).split() if len(part) > 1)
            words |= {pair: pair for pair in pairs if pair not in words}
        elif len(word) >= SHORTEST_WORD and word.lower() not in STOP_WORDS:
            words.setdefault(_stem(word.lower()), word)
    return words


def _common(texts: Sequence[Text], found: Mapping[int, Sequence[Words]]) -> set[str]:
    """Stems that more than half the articles of a language have: "said", "und", "les"."""
    by_language: dict[str | None, list[Words]] = {}
    articles = (words for each in found.values() for words in each)
    for text, words in zip(texts, articles, strict=True):
        by_language.setdefault(text.language, []).append(words)
    common = set()
    for each in by_language.values():
        if len(each) >= FEWEST_FOR_COMMON:
            counts = Counter(one for words in each for one in words)
            common |= {one for one, count in counts.items() if count > COMMON_SHARE * len(each)}
    return common


def _spelling(stem: str, articles: Sequence[Words]) -> str:
    """The commonest way to write it, without the capital that only began a sentence."""
    written = Counter(words[stem] for words in articles if stem in words)
    folded: Counter[str] = Counter()
    for word, count in written.items():
        folded[word.lower()] += count
    plain = min(folded, key=lambda word: (-folded[word], word))
    if written[plain] * 3 >= folded[plain]:
        return plain
    return min(
        (word for word in written if word.lower() == plain),
        key=lambda word: (-written[word], word),
    )


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")
