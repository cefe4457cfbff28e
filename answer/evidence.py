"""Hits → ranked evidence: runs of neighbouring sentences that answer the question.

Scores every sentence of the best passages (`features.py`), decides whether the library
answers at all (`answerable.py`), and widens the best sentences to runs (`runs.py`). Knows
nothing about models that write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from answer import answerable, features, machine_talk, shares
from answer import question as questions
from answer.answerable import Judgement
from answer.entailment import Entailment
from answer.extractive import ExtractiveReader, Found
from answer.features import SENTENCE_WEIGHTS, Scored, Sentence
from answer.question import Question
from answer.runs import runs_of, sentence_spans
from answer.words import words
from core.records import Evidence, Hit
from index.encoding.encoder import Encoder, is_bundled
from index.finding import keyword
from index.store import Library

PASSAGES = 10  # best passages whose sentences are looked at
EMBEDDED_SENTENCES = 24  # of these, the lexically best are also encoded
READ_PASSAGES = 5  # passages that the extractive reader reads, about 25 ms each
HEADING_WORDS = 8  # fewer words without a full stop are taken for a heading

NOTHING = Judgement(0.0, 0.0, is_answerable=False, is_doubtful=False)


@dataclass(frozen=True, slots=True)
class Models:
    """What evidence is found and drafts are checked with. Each may be missing."""

    encoder: Encoder | None
    extractive: ExtractiveReader | None = None
    entailment: Entailment | None = None
    lack: str = ""  # why there is no encoder, where more than "not installed" is known


@dataclass(frozen=True, slots=True)
class Selection:
    runs: tuple[Evidence, ...]  # best first; they don't overlap
    judgement: Judgement  # whether the library seems to hold an answer at all


def select(library: Library, models: Models, question_text: str, hits: Sequence[Hit]) -> Selection:
    """The runs of sentences that answer the question, and whether any does."""
    question = questions.read(question_text)
    weight_of = library_weights(library, question)
    ranked = rank(question, hits, weight_of, models.encoder)
    if not ranked:
        return Selection((), NOTHING)
    read = read_passages(models.extractive, question_text, ranked)
    values = answerable.figures(question, ranked, weight_of, read)
    way = ("read" if read else "encoded") if is_bundled(models.encoder) else "words"
    runs = runs_of(
        question,
        shares.spread(question, ranked, lambda one: one.sentence.text, shares.SENTENCES_OF_ONE),
    )
    judged = answerable.judge(values, way)
    if not _gives_a_count(question, runs):
        judged = replace(judged, is_answerable=False, is_doubtful=False)
    return Selection(runs, judged)


def _gives_a_count(question: Question, runs: Sequence[Evidence]) -> bool:
    """Whether a question for a number has one in the best runs; others always do. On SQuAD
    2.0's training titles 2 of 71 questions that are answered are refused by it, and 3 of 75
    that aren't."""
    if question.kind != "how_many":
        return True
    return any(questions.fits(question, run.text) > 0 for run in runs[: answerable.QUOTED])


def read_passages(
    extractive: ExtractiveReader | None, question: str, ranked: Sequence[Scored]
) -> dict[str, Found]:
    """What the extractive reader finds in the best passages, by their text."""
    if extractive is None:
        return {}
    scores = {one.sentence.passage: one.sentence.passage_score for one in ranked}
    best = sorted(scores, key=lambda text: -scores[text])[:READ_PASSAGES]
    return dict(zip(best, extractive.read(question, best), strict=True))


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
    spans = sentence_spans(text)
    return [
        Sentence(
            article=hit.article,
            place=number,
            start=start,
            end=end,
            text=text[start:end],
            before=text[slice(*spans[number - 1])] if number else "",
            passage=hit.passage.text,
            passage_start=hit.passage.start,
            passage_score=passage_score,
        )
        for number, (start, end) in enumerate(spans)
        if start >= hit.passage.start
        and end <= hit.passage.end
        and _states_something(text[start:end], hit.article.title)
        and not machine_talk.overlaps(text, start, end)
    ]


def rank(
    question: Question,
    hits: Sequence[Hit],
    weight_of: Mapping[str, float],
    encoder: Encoder | None,
) -> list[Scored]:
    """All sentences of the hits scored, best first. `weight_of`: see `library_weights`."""
    found = candidates(hits)
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


def _states_something(sentence: str, title: str) -> bool:
    """Not a question, and not a heading: those point to an answer and hold none."""
    bare = sentence.rstrip("\"'”’»)] ")
    if bare.endswith("?") or words(sentence) == words(title):
        return False
    return bare.endswith((".", "!", "…", ":", ";", "。", "！")) or len(words(bare)) >= HEADING_WORDS
