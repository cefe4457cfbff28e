"""Whether the library answers a question: two small calibrated models.

The first tells a question that the articles speak of from one about something else; the
second one that they answer from a near miss, whose topic is there and whose answer isn't.
Both are logistic regressions over a few figures between 0 and 1 of the best sentences, the
second also over what the extractive reader found. Weights in `answerable.json`, made by
`evaluate.train_answerable`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from answer import features
from answer.extractive import Found
from answer.features import Scored
from answer.proof import contrast
from answer.question import Question
from answer.words import NEGATIONS, content_stems, numbers, related, stem, words

# Model or "limits" → way → figure → weight.
Weights = Mapping[str, Mapping[str, Mapping[str, float]]]

WEIGHTS = Path(__file__).with_name("answerable.json")
BEST = 5  # sentences whose best figure counts
QUOTED = 3  # of these, the ones that may be quoted
READ_RANGE = 10.0  # scores of the extractive reader beyond this say nothing more
WHOLE_RANGE = 4.0

# With which parts the figures were made; each has weights of its own.
WAYS = ("read", "encoded", "words")
KNOWN = ("cosine", "coverage", "passage", "names", "pair", "fits")  # what the first looks at
NEAR = (*KNOWN, "context", "missing", "denied", "opposite", "other_number")
READ = ("span", "span_of_best", "whole", "whole_of_best")
# Which figures each way has.
FIGURES = {
    "foreign": {"read": KNOWN + READ, "encoded": KNOWN, "words": KNOWN[1:]},
    "near_miss": {"read": NEAR + READ, "encoded": NEAR, "words": NEAR[1:]},
}


@dataclass(frozen=True, slots=True)
class Judgement:
    known: float  # 0..1: that the articles speak of what is asked
    answered: float  # 0..1: that they answer it, where they speak of it
    is_answerable: bool
    is_doubtful: bool  # answerable, and still likely to be a near miss

    @property
    def confidence(self) -> float:
        return round(self.known * self.answered, 4)


def judge(values: Mapping[str, float], way: str) -> Judgement:
    """`values` of `figures`, made in this way (one of WAYS)."""
    return judged(_weights(), values, way)


def judged(weights: Weights, values: Mapping[str, float], way: str) -> Judgement:
    """As `judge`, by other weights than those of the file."""
    known, answered = (
        probability(weights[model][way], values) for model in ("foreign", "near_miss")
    )
    limits = weights["limits"][way]
    is_answerable = known >= limits["known"] and answered >= limits["answered"]
    doubtful = is_answerable and answered < limits["doubtful"]
    return Judgement(known, answered, is_answerable, doubtful)


def probability(weights: Mapping[str, float], values: Mapping[str, float]) -> float:
    """0..1; figures without a weight don't count."""
    return 1 / (1 + math.exp(-features.linear(weights, values)))


def figures(
    question: Question,
    ranked: Sequence[Scored],
    weight_of: Mapping[str, float],
    read: Mapping[str, Found],
) -> dict[str, float]:
    """What tells an answerable question from the others, each 0..1 (those of the reader
    -1..1). `ranked`: sentences, best first, at least one; `weight_of`: idf of the question's
    stems; `read`: what the reader found in passages, by their text; empty without it.
    """
    best = ranked[0]
    return {
        **_overlaps(question, ranked, weight_of),
        "context": best.features["context"],
        "missing": _missing(question, best, weight_of),
        "denied": float(_denies(question.text) != _denies(best.sentence.text)),
        "opposite": float(_says_the_opposite(question.text, best.sentence.text)),
        "other_number": float(bool(question.numbers - numbers(_with_title(best)))),
        **_read_figures(best, ranked, read),
    }


def _overlaps(
    question: Question, ranked: Sequence[Scored], weight_of: Mapping[str, float]
) -> dict[str, float]:
    best = [scored.features for scored in ranked[:BEST]]
    texts = list({scored.sentence.passage: _with_title(scored) for scored in ranked[:10]}.values())
    return {
        "cosine": max(feature["cosine"] for feature in best),
        "coverage": max(feature["coverage"] for feature in best),
        "passage": max(
            features.covered(question, set(content_stems(text)), weight_of) for text in texts
        ),
        "names": max(_named(question, text) for text in texts),
        "pair": max(feature["pair"] for feature in best),
        "fits": max(feature["fits"] for feature in best[:QUOTED]),
    }


def _read_figures(
    best: Scored, ranked: Sequence[Scored], read: Mapping[str, Found]
) -> dict[str, float]:
    if not read:
        return {}
    margins = {
        place: _clipped(read[one.sentence.passage].best(*one.sentence.in_passage()), READ_RANGE)
        for place, one in enumerate(ranked)
        if one.sentence.passage in read
    }
    wholes = {text: _clipped(found.whole, WHOLE_RANGE) for text, found in read.items()}
    return {
        "span": max(margins.values(), default=-1.0),
        "span_of_best": margins.get(0, -1.0),
        "whole": max(wholes.values()),
        "whole_of_best": wholes.get(best.sentence.passage, -1.0),
    }


def _missing(question: Question, best: Scored, weight_of: Mapping[str, float]) -> float:
    """The rarest of the question's stems that the best sentence and its title lack, as its
    share of the rarest stem there can be."""
    stems = set(content_stems(f"{best.sentence.article.title} {best.sentence.text}"))
    lacking = [one for one in question.stems if one not in stems and not related(one) & stems]
    most = max(weight_of.values(), default=0.0) or 1.0
    return max((weight_of[one] for one in lacking), default=0.0) / most


def _denies(text: str) -> bool:
    tokens = (word.lower().replace("’", "'") for word in words(text))
    return any(word in NEGATIONS or word.endswith("n't") for word in tokens)


def _says_the_opposite(question: str, sentence: str) -> bool:
    asked = {stem(word) for word in words(question)}
    said = {stem(word) for word in words(sentence)}
    return any(one not in said and contrast.opposites(one) & said - asked for one in asked)


def _named(question: Question, text: str) -> float:
    """Share of the question's names that the text holds; 1 where it has none."""
    present = {word.lower() for word in words(text)}
    return len(question.names & present) / len(question.names) if question.names else 1.0


def _with_title(scored: Scored) -> str:
    return f"{scored.sentence.article.title} {scored.sentence.passage}"


def _clipped(score: float, limit: float) -> float:
    return max(-1.0, min(1.0, score / limit))


@lru_cache(maxsize=1)
def _weights() -> Weights:
    loaded: Weights = json.loads(WEIGHTS.read_text("utf-8"))
    return loaded
