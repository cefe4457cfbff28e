"""Hits → ranked evidence: runs of neighbouring sentences that answer the question.

Scores every sentence of the best passages (`features.py`), decides whether the
library answers at all, and widens each chosen sentence to the run a reader needs:
a sentence that opens with "This", "It" or "The move" is joined to what it points
back to. Knows nothing about models that write.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from answer import features, machine_talk
from answer import question as questions
from answer.features import (
    ANSWERABLE,
    ANSWERABLE_BY_WORDS,
    ANSWERABLE_WEIGHTS,
    SENTENCE_WEIGHTS,
    Scored,
    Sentence,
)
from answer.question import Question
from answer.words import words
from core.records import Evidence, Hit
from index import keyword
from index.encoder import Encoder
from index.store import Library
from ingest.passages import sentences

PASSAGES = 10  # best passages whose sentences are looked at
EMBEDDED_SENTENCES = 24  # of these, the lexically best are also encoded
RUNS = 5
RUN_SENTENCES = 4  # the longest run
LINKED_WORDS = 5  # fewer words are a heading or a caption: nothing points back to it
HEADING_WORDS = 8  # fewer words without a full stop are taken for a heading

# A sentence that opens like this needs the one before it. "The move was …" points
# back; "The move to Paris …" says itself which move it means.
_LINK = re.compile(
    r"^[\"“'‘(]*(?:(?:this|that|these|those|it|its|it['’]s|he|she|they|his|her|their|such|here"
    r"|then|since then|as a result|in response|later|(?:an?|one|the next|two|three|some) (?:\w+ )?"
    r"(?:later|afterwards)|the next (?:day|morning|week|month|year))\b"
    r"|the (?:move|decision|change|shift|deal|agreement|plan|proposal|pause|halt"
    r"|suspension|statement|announcement|attack|call|report)\b"
    r"(?! (?:between|of|to|on|in|for|with|from|by|that|which|against|over)\b))",
    re.I,
)  # fmt: skip


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
    weight_of = library_weights(library, question)
    ranked = _ranked(question, candidates(hits), weight_of, encoder)
    if not ranked:
        return Selection((), False, 0.0)
    values = features.answerability_features(question, ranked, weight_of)
    weights = ANSWERABLE_WEIGHTS if encoder is not None else ANSWERABLE_BY_WORDS
    confidence = 1 / (1 + math.exp(-features.linear(weights, values)))
    runs = tuple(_runs(question, ranked))
    return Selection(runs, confidence >= ANSWERABLE, round(confidence, 4))


def library_weights(library: Library, question: Question) -> dict[str, float]:
    """Inverse document frequency of each stem over the library's passages."""
    total = library.counts()["passages"]
    return {
        one: features.idf(total, keyword.document_frequency(library.connection, one))
        for one in question.stems
    }


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
        and _states_something(text[start:end], hit.article.title)
        and not machine_talk.overlaps(text, start, end)
    ]


def _ranked(
    question: Question,
    found: Sequence[Sentence],
    weight_of: Mapping[str, float],
    encoder: Encoder | None,
) -> list[Scored]:
    """All sentences scored, best first."""
    local = features.local_weights(question, found)
    lexical = [features.lexical_features(question, one, weight_of, local) for one in found]
    cosines = _cosines(question, found, lexical, encoder)
    scored = []
    for one, values, cosine in zip(found, lexical, cosines, strict=True):
        full = {**values, "cosine": cosine}
        scored.append(Scored(one, full, features.linear(SENTENCE_WEIGHTS, full)))
    return sorted(scored, key=lambda one: -one.score)


def _cosines(
    question: Question,
    found: Sequence[Sentence],
    lexical: Sequence[Mapping[str, float]],
    encoder: Encoder | None,
) -> list[float]:
    """Cosine of the question to each sentence. Only the lexically best are encoded;
    the others get the lowest of these."""
    if encoder is None or not found:
        return [0.0] * len(found)
    scores = [features.linear(SENTENCE_WEIGHTS, {**one, "cosine": 0.0}) for one in lexical]
    order = sorted(range(len(found)), key=lambda i: -scores[i])[:EMBEDDED_SENTENCES]
    vectors = encoder.encode([question.text, *(found[i].text for i in order)])
    known = dict(zip(order, (vectors[1:] @ vectors[0]).tolist(), strict=True))
    lowest = min(known.values())
    return [known.get(i, lowest) for i in range(len(found))]


def _runs(question: Question, ranked: Sequence[Scored]) -> list[Evidence]:
    """The best sentences, each widened to a run; a sentence stands in one run only.

    A run counts for what it holds as a whole: the reason that a question asks for may
    stand in the sentence before the one that names the event.
    """
    found: list[tuple[float, Evidence]] = []
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
        text = article.text[start:end]
        gain = questions.fits(question, text) - scored.features["fits"]
        score = scored.score + SENTENCE_WEIGHTS["fits"] * max(0.0, gain)
        found.append((score, Evidence(article, start, end, text, 0.0)))
        if len(found) == RUNS:
            break
    found.sort(key=lambda item: -item[0])
    best = found[0][0]
    return [replace(run, relevance=round(math.exp(score - best), 4)) for score, run in found]


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
    if len(words(before)) < LINKED_WORDS or machine_talk.overlaps(text, *spans[place - 1]):
        return False
    inside = before.count("“") > before.count("”")
    return inside or _LINK.match(text[slice(*spans[place])]) is not None


def _states_something(sentence: str, title: str) -> bool:
    """Not a question, and not a heading: those point to an answer and hold none."""
    bare = sentence.rstrip("\"'”’»)] ")
    if bare.endswith("?") or words(sentence) == words(title):
        return False
    return bare.endswith((".", "!", "…", ":", ";", "。", "！")) or len(words(bare)) >= HEADING_WORDS


@lru_cache(maxsize=512)
def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(sentences(text))
