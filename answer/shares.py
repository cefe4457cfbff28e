"""No article takes more than its share of what is looked at, quoted or given to a model. Pure.

One article may be long, chatty or written to be found, and it may come in fifty variants that
differ by a few words: what other sources say should be seen beside it. Several texts count as one
source where they are of one story, or say much the same in answer to the question. Nothing is
dropped: what is beyond a source's share comes after what others have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from answer.question import Question
from answer.words import content_stems, names, numbers, stem
from core.records import Evidence, Hit
from ingest.passages import sentences

Item = TypeVar("Item")

OF_ONE_STORY = 2  # runs of one source among those shown
# A run of another source takes the place of a third one if it is at least so relevant beside
# it. On 150 questions of SQuAD's train titles 13 are changed by it and none loses the answer
# among its first three runs (0.92 hold it); with 0.25, 18 are and two lose it.
WITHIN_REASON = 0.5
# These three are first guesses, checked for loss alone: of 285 questions of SQuAD's train titles,
# one article a title, as many hold the answer in the first run (0.807) and the first three (0.884).
PASSAGES_OF_ONE = 3  # passages that say the same and stand before others; likewise sentences
SENTENCES_OF_ONE = 2
# Share of the words of two answers, the question's own left aside, from which they say the same.
ALIKE = 0.3


@dataclass(frozen=True, slots=True)
class _Said:
    """What a text says in answer to a question, without the question's own words."""

    stems: frozenset[str]
    facts: frozenset[str]  # names and numbers

    def like(self, other: _Said) -> bool:
        """Near-copies that name somebody else, or another number, say different things."""
        if self.facts and other.facts and _shared(self.facts, other.facts) < ALIKE:
            return False
        return _shared(self.stems, other.stems) >= ALIKE


def spread_passages(question: Question, hits: Sequence[Hit]) -> list[Hit]:
    """All hits; those beyond the first few that say the same come after all others."""
    return spread(question, hits, lambda hit: hit.passage.text, PASSAGES_OF_ONE)


def spread(
    question: Question, items: Sequence[Item], text_of: Callable[[Item], str], most: int
) -> list[Item]:
    """All items; those beyond `most` that say the same come after all others."""
    leaders: list[_Said] = []
    count: Counter[int] = Counter()
    first: list[Item] = []
    rest: list[Item] = []
    for item in items:
        said = _said(question, text_of(item))
        place = next((at for at, one in enumerate(leaders) if one.like(said)), len(leaders))
        if place == len(leaders):
            leaders.append(said)
        count[place] += 1
        (first if count[place] <= most else rest).append(item)
    return first + rest


def capped(question: Question, runs: Sequence[Evidence], shown: int) -> list[Evidence]:
    """All runs; the first `shown` hold no more than two of one source where another one has
    a run within reason. The order stays otherwise, but that what the first `shown` lack, where
    they are all of one source, comes right after them."""
    source = _sources(question, runs)
    first, rest = list(range(min(shown, len(runs)))), list(range(shown, len(runs)))
    for place in range(len(first) - 1, -1, -1):
        taken = Counter(source[one] for one in first)
        if taken[source[first[place]]] <= OF_ONE_STORY:
            continue
        least = WITHIN_REASON * runs[first[place]].relevance
        for one in rest:
            if taken[source[one]] < OF_ONE_STORY and runs[one].relevance >= least:
                rest[rest.index(one)], first[place] = first[place], one
                break
    only = {source[one] for one in first}
    if len(only) == 1:
        rest.sort(key=lambda one: source[one] in only)  # stable
    first.sort(key=lambda one: -runs[one].relevance)
    return [runs[one] for one in first + rest]


def places(question: Question, runs: Sequence[Evidence], shown: int) -> int:
    """How many of the first runs are shown: one more where the first are all of one source and
    the next is of another. It adds and displaces nothing, however much better the first are."""
    source = _sources(question, runs[: shown + 1])
    return shown + (len(set(source[:shown])) == 1 and len(set(source)) == 2)


def _sources(question: Question, runs: Sequence[Evidence]) -> list[int]:
    """A number for the source of each run: that of the first one that it shares it with."""
    said = [_said(question, run.text) for run in runs]
    found: list[int] = []
    for at, run in enumerate(runs):
        same = (
            found[one]
            for one in range(at)
            if _story(runs[one]) == _story(run) or said[one].like(said[at])
        )
        found.append(next(same, at))
    return found


def _said(question: Question, text: str) -> _Said:
    """Of the sentence that has most of the question's words: what is written around it, to
    make variants differ, does not count."""
    asked = set(question.stems)
    parts = [text[start:end] for start, end in sentences(text)] or [text]
    # Stems are looked for as letters: all words of a hundred passages take long to be stemmed.
    best = max(parts, key=lambda part: sum(one in part.lower() for one in asked))
    facts = {one for one in names(best) | numbers(best) if stem(one) not in asked}
    return _Said(frozenset(content_stems(best)) - asked, frozenset(facts))


def _shared(first: frozenset[str], second: frozenset[str]) -> float:
    """Jaccard's index; of two empty sets 1."""
    return len(first & second) / len(first | second) if first or second else 1.0


def _story(run: Evidence) -> str:
    return run.article.story_id or run.article.article_id
