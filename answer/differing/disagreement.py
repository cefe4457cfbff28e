"""Sources that answer one question differently → one quotation for each answer, by date.

Takes the question, the evidence and the hits it came from. A sentence of another article
counts only where it speaks of the same thing in the question's words and gives another
value of the same kind (`values.py`). Copies of a story count once; a later version of it
with another value counts. Blends and decides nothing: the reader sees who says what, when.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from answer import machine_talk
from answer import question as questions
from answer.differing import topic as topics
from answer.differing import values
from answer.differing.topic import Topic
from answer.differing.values import Value
from answer.question import Question
from answer.sources import source_words
from core.records import Article, Evidence, Hit
from ingest.passages import sentences

ANCHORS = 3  # the value that others may differ from stands in one of the first runs
PASSAGES = 20  # best passages whose sentences are looked at
SHOWN = 4  # answers shown; more are a list, no disagreement
AROUND_CHARS = 600  # before a run: where the names stand that it speaks of
# Two figures further apart than this count different things: 118 leaves, three leaves.
FACTOR = 5.0

_NOW = re.compile(
    r"\b(?:now|nowadays|today|current(?:ly)?|at present|present-day|so far|still"
    r"|latest|newest|most recent(?:ly)?|up to date)\b",
    re.I,
)
# A sentence that opens so is not understood without the one before it.
_POINTS_BACK = re.compile(r"^[\"“'‘(]*(?:this|that|these|those|it|its|he|she|they|his|her)\b", re.I)
_KINDS = {"figure": "figure", "date": "date", "name": "name", "place": "place"}


@dataclass(frozen=True, slots=True)
class Version:
    """One of the answers that the sources give, with the words it stands in."""

    value: Value
    evidence: Evidence
    earlier: bool = False  # another one is dated later
    # (article id, start) of all words found that give this value
    told_at: frozenset[tuple[str, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence that gives a value."""

    value: Value
    text: str  # of the sentence
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class _Asked:
    question: Question
    topic: Topic


def differing(
    question_text: str, runs: Sequence[Evidence], hits: Sequence[Hit]
) -> tuple[Version, ...]:
    """The answers that the sources give, oldest first, undated last; the newest first where
    the question asks for what holds now. Empty where they don't differ."""
    question = questions.read(question_text)
    asked = _Asked(question, topics.read(question))
    anchor = next((told for run in runs[:ANCHORS] if (told := _told_in_run(asked, run))), None)
    if anchor is None:
        return ()
    groups = [[anchor]]
    for told in _others(asked, anchor, runs, hits):
        group = next((one for one in groups if values.agree(one[0].value, told.value)), None)
        if group is not None:
            group.append(told)
        elif not any(values.also_says(one[0].value, told.text) for one in groups):
            groups.append([told])
    if not 1 < len(groups) <= SHOWN:
        return ()
    return _in_order(groups, bool(_NOW.search(question_text)))


def told(versions: Sequence[Version]) -> str:
    """What differs, in words: "118 leaves (The Pear, 6 February 2025); 121 leaves (…)."."""
    kind = _KINDS[versions[0].value.kind]
    dates = [one.evidence.article.published or "" for one in versions]
    dates = [date for date in dates if date]
    order = "Oldest first" if dates == sorted(dates) else "Newest first"
    if len(set(dates)) < 2:
        order = "They say"
    listed = []
    for place, version in enumerate(versions):
        article = version.evidence.article
        source = source_words(article.outlet, article.published, article.path)
        again = any(_story(one.evidence.article) == _story(article) for one in versions[:place])
        listed.append(f"{version.value.shown} ({source}{', the same story' if again else ''})")
    return f"Your articles give more than one {kind}. {order}: {'; '.join(listed)}."


def _in_order(groups: Sequence[Sequence[_Told]], newest_first: bool) -> tuple[Version, ...]:
    """One version per group, which gives one value."""
    found = [_first_told(group) for group in groups]
    last = max(told.evidence.article.published or "" for told in found)
    versions = []
    for told, group in zip(found, groups, strict=True):
        date = told.evidence.article.published
        places = {(one.evidence.article.article_id, one.evidence.start) for one in group}
        versions.append(
            Version(told.value, told.evidence, bool(date and date < last), frozenset(places))
        )
    dated = [one for one in versions if one.evidence.article.published]
    undated = [one for one in versions if not one.evidence.article.published]
    dated.sort(key=lambda one: one.evidence.article.published or "", reverse=newest_first)
    return (*dated, *undated)


def _first_told(group: Sequence[_Told]) -> _Told:
    """The oldest dated witness of a value; of equals the one that was found best."""
    return min(group, key=lambda told: told.evidence.article.published or "9")


def _others(
    asked: _Asked, anchor: _Told, runs: Sequence[Evidence], hits: Sequence[Hit]
) -> list[_Told]:
    """Sentences of other articles that speak of the same thing and give a value: those of
    the evidence, then those of the best passages."""
    own = anchor.evidence.article.article_id
    found: dict[tuple[str, int], _Told] = {}
    for run in runs:
        told = _told_in_run(asked, run)
        if told is not None:
            found[run.article.article_id, run.start] = told
    for hit in hits[:PASSAGES]:
        if hit.article.article_id != own:
            for told in _told_in_passage(asked, hit):
                found.setdefault((hit.article.article_id, told.evidence.start), told)
    return [
        told
        for (article_id, _), told in found.items()
        if article_id != own and _comparable(anchor, told)
    ]


def _told_in_run(asked: _Asked, run: Evidence) -> _Told | None:
    around = run.article.text[max(0, run.start - AROUND_CHARS) : run.end]
    before = 0
    for start, end in sentences(run.text):
        text = run.text[start:end]
        first = before if _POINTS_BACK.match(text) else start
        value = values.given(asked.question, text)
        if value is not None and asked.topic.is_in(run.text[first:end], around, run.article, True):
            return _Told(value, text, run)
        before = start
    return None


def _told_in_passage(asked: _Asked, hit: Hit) -> Iterator[_Told]:
    passage = hit.passage.text
    before = 0
    for start, end in sentences(passage):
        text = passage[start:end]
        first = before if _POINTS_BACK.match(text) else start
        value = values.given(asked.question, text)
        if value is not None and asked.topic.is_in(passage[first:end], passage, hit.article, False):
            told = _evidence(hit, first, end)
            if not machine_talk.overlaps(told.article.text, told.start, told.end):
                yield _Told(value, text, told)
        before = start


def _comparable(anchor: _Told, told: _Told) -> bool:
    """Whether the value may be another answer, or is the anchor's."""
    if values.agree(anchor.value, told.value):
        return True
    mine, theirs = anchor.value.figure, told.value.figure
    if mine and theirs:
        low, high = sorted((mine.high or 1.0, theirs.high or 1.0))
        if mine.unit != theirs.unit or high > FACTOR * low:
            return False
    place = told.value.kind == "place"  # who names both knows that one lies in the other
    there = told.evidence.article.text if place else told.text
    here = anchor.evidence.article.text if place else anchor.text
    return not (values.also_says(anchor.value, there) or values.also_says(told.value, here))


def _evidence(hit: Hit, start: int, end: int) -> Evidence:
    first, last = hit.passage.start + start, hit.passage.start + end
    return Evidence(hit.article, first, last, hit.article.text[first:last], 0.0)


def _story(article: Article) -> str:
    return article.story_id or article.article_id
