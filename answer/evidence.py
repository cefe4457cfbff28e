"""Hits → ranked evidence: runs of neighbouring sentences that answer the question.

Scores every sentence of the best passages with a small linear model over lexical
and encoder features, then widens each chosen sentence to the run a reader needs:
a sentence that opens with "This", "It" or "The move" is joined to what it points
back to. Knows nothing about models that write.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from answer import question as questions
from answer.question import Question
from answer.words import content_stems, related, stem, words
from core.records import Article, Evidence, Hit
from index import keyword
from index.encoder import Encoder
from index.store import Library
from ingest.passages import sentences

PASSAGES = 10  # best passages whose sentences are looked at
EMBEDDED_SENTENCES = 24  # of these, the lexically best are also encoded
RUNS = 5
RUN_SENTENCES = 4  # the longest run
HEADING_WORDS = 8  # fewer words without a full stop are taken for a heading
RELATED_WEIGHT = 0.6  # a related word counts as this much of the word itself

# Weights of the sentence score: listwise (softmax) on 500 questions of SQuAD 2.0's
# train titles, open over all 1,216 paragraphs; the best sentence holds the answer for
# 0.78 of them, one of the best three for 0.87, and each weight may be halved or
# doubled for less than 0.02. "related" is not learned (SQuAD seldom needs it): a
# related word counts RELATED_WEIGHT of the word itself.
SENTENCE_WEIGHTS = {
    "cosine": 3.9, "coverage": 4.7, "related": 2.8, "context": 1.3, "fits": 1.6,
    "passage": 2.4, "length": 0.4, "pair": 2.6,
}  # fmt: skip

# Logistic weights of "the library answers this"; "bias" is the intercept. Trained on 400
# SQuAD 2.0 questions (train titles) and 100 of HotpotQA, each asked of its own library
# and of the other one; AUROC 0.99 by cross-validation. At 0.5, 4 % and 5 % of the own
# questions are refused, 6 % and 0 % of the foreign ones answered. Questions whose topic
# is there and whose answer isn't are hardly told apart by these scores (AUROC 0.61).
ANSWERABLE_WEIGHTS = {
    "bias": -7.9, "cosine": 6.8, "coverage": 2.9, "passage": 3.6, "names": 1.6, "pair": 1.8,
}  # fmt: skip
ANSWERABLE_BY_WORDS = {
    "bias": -6.3, "coverage": 4.0, "passage": 5.2, "names": 1.9, "pair": 2.6,
}  # fmt: skip
ANSWERABLE = 0.5

# A sentence that opens like this needs the one before it. "The move was …" points
# back; "The move to Paris …" says itself which move it means.
_LINK = re.compile(
    r"^[\"“'‘(]*(?:(?:this|that|these|those|it|its|it['’]s|he|she|they|his|her|their|such|here"
    r"|then|since then|as a result|in response)\b|the (?:move|decision|change|shift|deal"
    r"|agreement|plan|proposal|pause|halt|suspension|statement|announcement|attack|call|report)\b"
    r"(?! (?:between|of|to|on|in|for|with|from|by|that|which|against|over)\b))",
    re.I,
)  # fmt: skip


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
    passage_score: float  # 0..1, fused, relative to the best passage


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence with its features and their weighted sum."""

    sentence: Sentence
    features: Mapping[str, float]
    score: float


@dataclass(frozen=True, slots=True)
class Selection:
    runs: tuple[Evidence, ...]  # best first; they don't overlap
    answerable: bool  # whether the library seems to hold an answer at all
    confidence: float  # 0..1, of `answerable`


def select(
    library: Library, encoder: Encoder | None, question_text: str, hits: Sequence[Hit]
) -> Selection:
    """The runs of sentences that answer the question, and whether any does."""
    question = questions.read(question_text)
    weight_of = idf(library, question)
    ranked = _ranked(question, candidates(hits), weight_of, encoder)
    if not ranked:
        return Selection((), False, 0.0)
    values = answerability_features(question, ranked, weight_of)
    weights = ANSWERABLE_WEIGHTS if encoder is not None else ANSWERABLE_BY_WORDS
    confidence = 1 / (1 + math.exp(-_linear(weights, values)))
    runs = tuple(_runs(ranked))
    return Selection(runs, confidence >= ANSWERABLE, round(confidence, 4))


def idf(library: Library, question: Question) -> dict[str, float]:
    """Inverse document frequency of each stem over the library's passages (as in BM25)."""
    total = library.counts()["passages"]
    weights = {}
    for one in question.stems:
        known = keyword.document_frequency(library.connection, one)
        weights[one] = math.log(1 + (total - known + 0.5) / (known + 0.5))
    return weights


def candidates(hits: Sequence[Hit]) -> list[Sentence]:
    """The sentences of the best passages, one story once (its best copy)."""
    chosen: dict[str, str] = {}
    kept = []
    for hit in hits:
        story = hit.article.story_id or hit.article.article_id
        if chosen.setdefault(story, hit.article.article_id) == hit.article.article_id:
            kept.append(hit)
    top = (kept[0].score if kept else 0.0) or 1.0
    return [sentence for hit in kept[:PASSAGES] for sentence in _sentences_in(hit, hit.score / top)]


def _sentences_in(hit: Hit, passage_score: float) -> list[Sentence]:
    text = hit.article.text
    spans = _sentences(text)
    return [
        Sentence(
            article=hit.article,
            place=number,
            start=start,
            end=end,
            text=text[start:end],
            before=text[slice(*spans[number - 1])] if number else "",
            passage=hit.passage.text,
            passage_score=passage_score,
        )
        for number, (start, end) in enumerate(spans)
        if start >= hit.passage.start
        and end <= hit.passage.end
        and _states_something(text[start:end])
    ]


def lexical_features(
    question: Question, sentence: Sentence, weight_of: Mapping[str, float]
) -> dict[str, float]:
    """All features but the cosine. `weight_of`: idf of each stem of the question."""
    own = set(content_stems(sentence.text))
    around = set(content_stems(f"{sentence.article.title} {sentence.before}"))
    total = sum(weight_of[one] for one in question.stems) or 1.0
    direct = near = context = 0.0
    for one in question.stems:
        if one in own:
            direct += weight_of[one]
        elif related(one) & own:
            near += weight_of[one]
        elif one in around or related(one) & around:
            context += weight_of[one]
    asked = [stem(word) for word in words(question.text)]
    said = [stem(word) for word in words(sentence.text)]
    pairs = set(itertools.pairwise(asked))
    shared = len(pairs & set(itertools.pairwise(said)))
    return {
        "coverage": direct / total,
        "related": near / total,
        "context": context / total,
        "fits": float(questions.fits(question, sentence.text)),
        "passage": sentence.passage_score,
        "length": min(len(said), 40) / 40,
        "pair": shared / max(1, len(pairs)),
    }


def answerability_features(
    question: Question, ranked: Sequence[Scored], weight_of: Mapping[str, float]
) -> dict[str, float]:
    """What tells a question that the library answers from one that it doesn't."""
    best = [scored.features for scored in ranked[:5]]
    passages = {scored.sentence.passage: scored.sentence for scored in ranked[:10]}
    texts = [f"{one.article.title} {one.passage}" for one in passages.values()]
    return {
        "cosine": max(feature["cosine"] for feature in best),
        "coverage": max(
            feature["coverage"] + RELATED_WEIGHT * feature["related"] for feature in best
        ),
        "passage": max(_covered(question, text, weight_of) for text in texts),
        "names": max(_named(question, text) for text in texts),
        "pair": max(feature["pair"] for feature in best),
    }


def _ranked(
    question: Question,
    found: Sequence[Sentence],
    weight_of: Mapping[str, float],
    encoder: Encoder | None,
) -> list[Scored]:
    """All sentences scored, best first."""
    features = [lexical_features(question, one, weight_of) for one in found]
    for feature, cosine in zip(features, _cosines(question, found, features, encoder), strict=True):
        feature["cosine"] = cosine
    scored = [
        Scored(one, feature, _linear(SENTENCE_WEIGHTS, feature))
        for one, feature in zip(found, features, strict=True)
    ]
    return sorted(scored, key=lambda one: -one.score)


def _cosines(
    question: Question,
    found: Sequence[Sentence],
    features: Sequence[Mapping[str, float]],
    encoder: Encoder | None,
) -> list[float]:
    """Cosine of the question to each sentence. Only the lexically best are encoded;
    the others get the lowest of these."""
    if encoder is None or not found:
        return [0.0] * len(found)
    lexical = [_linear(SENTENCE_WEIGHTS, {"cosine": 0.0, **feature}) for feature in features]
    order = sorted(range(len(found)), key=lambda i: -lexical[i])[:EMBEDDED_SENTENCES]
    vectors = encoder.encode([question.text, *(found[i].text for i in order)])
    known = dict(zip(order, (vectors[1:] @ vectors[0]).tolist(), strict=True))
    lowest = min(known.values())
    return [known.get(i, lowest) for i in range(len(found))]


def _covered(question: Question, text: str, weight_of: Mapping[str, float]) -> float:
    """Share of the question's weight that the text holds; related words count less."""
    stems = set(content_stems(text))
    total = sum(weight_of.values()) or 1.0
    return (
        sum(
            weight_of[one] * (1.0 if one in stems else RELATED_WEIGHT)
            for one in question.stems
            if one in stems or related(one) & stems
        )
        / total
    )


def _named(question: Question, text: str) -> float:
    """Share of the question's names that the text holds; 1 where it has none."""
    present = {word.lower() for word in words(text)}
    return len(question.names & present) / len(question.names) if question.names else 1.0


def _runs(ranked: Sequence[Scored]) -> list[Evidence]:
    """The best sentences, each widened to a run; a sentence stands in one run only."""
    runs: list[Evidence] = []
    taken: set[tuple[str, int]] = set()
    for scored in ranked:
        article = scored.sentence.article
        if (article.article_id, scored.sentence.place) in taken:
            continue
        first, last = _widened(scored.sentence)
        while (article.article_id, first) in taken:
            first += 1
        taken.update((article.article_id, place) for place in range(first, last + 1))
        spans = _sentences(article.text)
        start, end = spans[first][0], spans[last][1]
        relevance = round(math.exp(scored.score - ranked[0].score), 4)
        runs.append(Evidence(article, start, end, article.text[start:end], relevance))
        if len(runs) == RUNS:
            break
    return runs


def _widened(sentence: Sentence) -> tuple[int, int]:
    """First and last sentence of the run: back over links to what they point to."""
    text = sentence.article.text
    spans = _sentences(text)
    first = last = sentence.place
    while first > 0 and last - first + 1 < RUN_SENTENCES and _points_back(text, spans, first):
        first -= 1
    return first, last


def _points_back(text: str, spans: Sequence[tuple[int, int]], place: int) -> bool:
    """Whether the sentence needs the one before it: it opens with "This", "It" and the
    like, or goes on with a quotation that began earlier."""
    before = text[slice(*spans[place - 1])]
    inside = before.count("“") > before.count("”")
    return inside or _LINK.match(text[slice(*spans[place])]) is not None


def _linear(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    return sum(weight * features.get(name, 1.0) for name, weight in weights.items())


def _states_something(sentence: str) -> bool:
    """Not a question, and not a heading: those point to an answer and hold none."""
    bare = sentence.rstrip("\"'”’»)] ")
    if bare.endswith("?"):
        return False
    return bare.endswith((".", "!", "…", ":", ";", "。", "！")) or len(words(bare)) >= HEADING_WORDS


@lru_cache(maxsize=512)
def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(sentences(text))
