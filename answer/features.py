"""What a sentence looks like beside a question, in numbers, and what the numbers weigh.

Pure. Takes the question and sentences of candidate passages; gives features between
0 and 1 and weighted sums of them. Knows nothing about where sentences come from.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from answer import question as questions
from answer.question import Question
from answer.words import content_stems, related, stem, words
from core.records import Article

RELATED_WEIGHT = 0.6  # a related word counts as this much of the word itself

# Weights of the sentence score: listwise (softmax) on 500 questions of SQuAD 2.0's
# train titles, open over all 1,216 paragraphs, then rounded and evened out by hand;
# doubling any one cost at most 0.03 of what the best sentence holds, halving less. The
# best sentence holds the answer for 0.79 of 600 train questions, one of the best three
# for 0.89.
SENTENCE_WEIGHTS = {
    "cosine": 3.9, "coverage": 3.0, "distinct": 1.5, "context": 2.0, "fits": 2.2,
    "passage": 2.4, "length": 0.4, "pair": 2.6,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a candidate passage, with what is needed to score it."""

    article: Article
    place: int  # among the article's sentences, from 0
    start: int  # in the article's clean text
    end: int
    text: str
    before: str  # the sentence before it in the article, "" at the start
    passage: str  # the passage it stands in
    passage_start: int  # of that passage in the article's clean text
    passage_score: float  # 0..1, fused, relative to the best passage

    def in_passage(self) -> tuple[int, int]:
        """Where it starts and ends in the passage."""
        return self.start - self.passage_start, self.end - self.passage_start


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence with its features and their weighted sum."""

    sentence: Sentence
    features: Mapping[str, float]
    score: float


def linear(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """The weighted sum; "bias" counts as a feature of 1."""
    return sum(weight * features.get(name, 1.0) for name, weight in weights.items())


def local_weights(question: Question, found: Sequence[Sentence]) -> dict[str, float]:
    """Inverse document frequency of each stem among the candidate passages themselves:
    what all of them speak of doesn't tell them apart."""
    texts = {one.passage: f"{one.article.title} {one.passage}" for one in found}
    stems = [set(content_stems(text)) for text in texts.values()]
    return {one: idf(len(stems), sum(one in each for each in stems)) for one in question.stems}


def idf(total: int, known: int) -> float:
    """Inverse document frequency as in BM25 (Robertson & Zaragoza 2009), never negative."""
    return math.log(1 + (total - known + 0.5) / (known + 0.5))


def lexical_features(
    question: Question,
    sentence: Sentence,
    weight_of: Mapping[str, float],
    local_weight_of: Mapping[str, float],
) -> dict[str, float]:
    """All features but the cosine. The weights: idf of each stem of the question."""
    own = set(content_stems(sentence.text))
    around = set(content_stems(f"{sentence.article.title} {sentence.before}"))
    asked = [stem(word) for word in words(question.text)]
    said = [stem(word) for word in words(sentence.text)]
    pairs = set(itertools.pairwise(asked))
    return {
        "coverage": covered(question, own, weight_of),
        "distinct": covered(question, own, local_weight_of),
        "context": covered(question, around, weight_of, besides=own),
        "fits": questions.fits(question, sentence.text),
        "passage": sentence.passage_score,
        "length": min(len(said), 40) / 40,
        "pair": len(pairs & set(itertools.pairwise(said))) / max(1, len(pairs)),
    }


def covered(
    question: Question,
    stems: Set[str],
    weight_of: Mapping[str, float],
    besides: Set[str] = frozenset(),
) -> float:
    """Share of the question's weight that these stems hold, leaving out what `besides`
    holds already; related words count less."""
    total = sum(weight_of.values()) or 1.0
    held = 0.0
    for one in question.stems:
        if one in besides or related(one) & besides:
            continue
        if one in stems:
            held += weight_of[one]
        elif related(one) & stems:
            held += weight_of[one] * RELATED_WEIGHT
    return held / total
