"""The best sentences → runs of neighbouring sentences that can be read by themselves.

A sentence that opens with "This", "It" or "The move" is joined to what it points back to;
two of the best that stand side by side are one run. A sentence stands in one run only.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from answer import machine_talk
from answer import question as questions
from answer.features import SENTENCE_WEIGHTS, Scored, Sentence
from answer.question import Question
from answer.words import words
from core.records import Article, Evidence
from ingest.passages import sentences

RUNS = 5
OTHER_RUNS = 2  # beside them where all are of one story: `shares.capped` chooses among them
RUN_SENTENCES = 4  # the longest run
LINKED_WORDS = 5  # fewer words are a heading or a caption: nothing points back to it
# Among the best so many sentences, one that stands beside a run joins it, up to so many
# sentences and unless it is much less relevant than the best. On SQuAD 2.0's training
# titles the first run then holds the answer for 0.847 instead of 0.803 of 929 questions,
# one of the first three for 0.933 instead of 0.917, with 257 characters instead of 194.
JOINING_SENTENCES = 6
JOINED_SENTENCES = 3
JOINING_RELEVANCE = 0.08

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


@dataclass(slots=True)
class _Run:
    article: Article
    first: int  # places of sentences in the article
    last: int
    score: float
    fits: float

    def holds(self, place: int) -> bool:
        return self.first <= place <= self.last

    def touches(self, place: int) -> bool:
        return place in (self.first - 1, self.last + 1)

    def length(self) -> int:
        return self.last - self.first + 1


def runs_of(question: Question, ranked: Sequence[Scored]) -> tuple[Evidence, ...]:
    """The best runs, best first, with their relevance beside the best one's (1.0).

    A run counts for what it holds as a whole: the reason that a question asks for may
    stand in the sentence before the one that names the event.
    """
    found: list[_Run] = []
    for rank, scored in enumerate(ranked):
        place = scored.sentence.place
        own = [run for run in found if run.article.article_id == _article_id(scored)]
        if any(run.holds(place) for run in own):
            continue
        near = scored.score >= ranked[0].score + math.log(JOINING_RELEVANCE)
        beside = [run for run in own if run.touches(place) and run.length() < JOINED_SENTENCES]
        if beside and near and rank < JOINING_SENTENCES:
            beside[0].first = min(beside[0].first, place)
            beside[0].last = max(beside[0].last, place)
            continue
        first, last = widened(scored.sentence)
        while any(run.holds(first) for run in own):
            first += 1
        found.append(_run(scored, first, last))
        if len(found) == RUNS:
            return _weighed(question, found + _of_other_stories(ranked[rank:], found))
    return _weighed(question, found)


def _of_other_stories(ranked: Sequence[Scored], found: Sequence[_Run]) -> list[_Run]:
    """The best sentence of each other story, where one story has all the runs: an article may
    say a question's words again and again in order to be found."""
    taken = {_story(run.article) for run in found}
    others: list[_Run] = []
    for scored in ranked if len(taken) == 1 else ():
        article = scored.sentence.article
        if len(others) < OTHER_RUNS and _story(article) not in taken:
            taken.add(_story(article))
            others.append(_run(scored, *widened(scored.sentence)))
    return others


def _run(scored: Scored, first: int, last: int) -> _Run:
    return _Run(scored.sentence.article, first, last, scored.score, scored.features["fits"])


def _weighed(question: Question, found: Sequence[_Run]) -> tuple[Evidence, ...]:
    """The runs as evidence, best first."""
    scored = []
    for run in found:
        spans = sentence_spans(run.article.text)
        start, end = spans[run.first][0], spans[run.last][1]
        text = run.article.text[start:end]
        gain = max(0.0, questions.fits(question, text) - run.fits)
        scored.append((run.score + SENTENCE_WEIGHTS["fits"] * gain, run.article, start, end, text))
    scored.sort(key=lambda row: -row[0])
    return tuple(
        Evidence(article, start, end, text, round(math.exp(score - scored[0][0]), 4))
        for score, article, start, end, text in scored
    )


def widened(sentence: Sentence) -> tuple[int, int]:
    """First and last sentence of the run: back over links to what they point to."""
    text = sentence.article.text
    spans = sentence_spans(text)
    first = last = sentence.place
    while first > 0 and last - first + 1 < RUN_SENTENCES and _points_back(text, spans, first):
        first -= 1
    return first, last


@lru_cache(maxsize=512)
def sentence_spans(text: str) -> tuple[tuple[int, int], ...]:
    """As `ingest.passages.sentences`; one article is asked for many times."""
    return tuple(sentences(text))


def _points_back(text: str, spans: Sequence[tuple[int, int]], place: int) -> bool:
    """Whether the sentence needs the one before it: it opens with "This", "It" and the
    like, or goes on with a quotation that began earlier."""
    before = text[slice(*spans[place - 1])]
    if len(words(before)) < LINKED_WORDS or machine_talk.overlaps(text, *spans[place - 1]):
        return False
    inside = before.count("“") > before.count("”")
    return inside or points_back(text[slice(*spans[place])])


def points_back(sentence: str) -> bool:
    """Whether it opens with "This", "She", "The move" and the like."""
    return _LINK.match(sentence) is not None


def _story(article: Article) -> str:
    return article.story_id or article.article_id


def _article_id(scored: Scored) -> str:
    return scored.sentence.article.article_id
