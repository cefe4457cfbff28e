"""The one way through: a question in, events out, an Answer at the end.

What the library holds (`looking.py`) is quoted, or a generator drafts from it where there
is one, and only what the evidence supports is shown. Where none of its sentences hold, the
evidence itself is the answer, word for word.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from answer import claims
from answer.citations import Citations
from answer.claims import Checker, EvidenceSentence
from answer.differing import disagreement
from answer.generator import Generator, load_generator
from answer.looking import EvidenceFound, Tools, look_in_time
from core.errors import InputError, ModelError
from core.records import Answer, Citation, Claim, Evidence, Filters, Timings
from core.settings import Settings
from index.finding import ranking
from ingest.passages import sentences

# The way that scores better on the demo's questions; see the README's table.
DEFAULT_WAY = "none"
NO_ENCODER = (
    "The encoder is not installed, so the search ran by keywords. "
    "Get it with: pip install -r requirements.txt"
)
FOREIGN = (
    "Some of these articles are not in English, the one language the encoder knows: they were "
    "found mostly by their words."
)
DOUBTFUL = (
    "These passages come near, and may not answer just this: read them before you rely on it."
)
DIFFERING = "The sources differ, so they are quoted one by one instead of a written answer."
NOT_USED = "Made of quotations; the model {} could not be used: {}"
BROKE_OFF = "The model {} broke off before its answer was whole: {}"
NONE_HELD = "No sentence drafted by {} held against the sources; these are quotations."
STOPPED = "Stopped; these are quotations."
NOTES = 3  # runs of evidence a generator is given; more confuse a small one
DRAFTED_SENTENCES = 4  # a small model repeats itself after that
# Runs that are less relevant than this beside the best one are not quoted. On SQuAD
# train questions 2.3 runs are quoted on average instead of 3, for 0.864 of the answers
# among them instead of 0.872.
QUOTED_RELEVANCE = 0.05


@dataclass(frozen=True, slots=True)
class ClaimChecked:
    claim: Claim
    citations: tuple[Citation, ...]  # all of the answer so far


@dataclass(frozen=True, slots=True)
class Finished:
    answer: Answer


Event = EvidenceFound | ClaimChecked | Finished


@dataclass(slots=True)
class _Course:
    """One answer in the making."""

    citations: Citations
    claims: list[Claim] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)
    retrieval_seconds: float = 0.0
    first_sentence_seconds: float | None = None
    written_by: str | None = None  # the generator whose sentences held

    def seconds(self) -> float:
        return round(time.monotonic() - self.started, 3)

    def take(self, claim: Claim) -> ClaimChecked:
        self.claims.append(claim)
        if claim.verdict == "supported" and self.first_sentence_seconds is None:
            self.first_sentence_seconds = self.seconds()
        return ClaimChecked(claim, self.citations.all())


def ask_way(settings: Settings, model: str | None) -> Generator | None:
    """The generator for a way of answering, or None for quotations.

    `model`: "none", a GGUF's name, or None for the default way. Raises ModelError
    where a named model is missing.
    """
    return load_generator(settings, model or DEFAULT_WAY)


@dataclass(frozen=True, slots=True)
class Following:
    """A question asked after another: which one, and what it was resolved to."""

    answer_id: str
    whole: str


def ask(
    tools: Tools,
    question: str,
    filters: Filters = Filters(),
    following: Following | None = None,
) -> Iterator[Event]:
    """Yield events, the last one `Finished`. Raises InputError for an empty question.

    Everything is found and checked for the whole question where it follows another.
    """
    asked = following.whole if following else question
    text = " ".join(asked.replace("\x00", " ").split())
    if not text:
        raise InputError("The question is empty. Type what you want to know.")
    course = _Course(Citations(tools.library))
    looked, filters, note = look_in_time(tools, text, filters)
    if note:
        course.notes.append(note)
    course.retrieval_seconds = course.seconds()
    encoder = tools.models.encoder
    if encoder is None:
        course.notes.append(tools.models.lack or NO_ENCODER)
    elif ranking.knows_english_alone(encoder) and _is_foreign(looked.evidence):
        course.notes.append(FOREIGN)
    yield looked
    if looked.is_doubtful:
        course.notes.append(DOUBTFUL)
    if looked.evidence:
        yield from _answer(tools, text, looked, course)
    answered = any(claim.verdict == "supported" for claim in course.claims)
    answer = _finished(course, (question, text, filters), answered, looked)
    yield Finished(
        replace(
            answer,
            encoder=encoder.key if encoder else None,
            follows=following.answer_id if following else None,
            asked_model=tools.generator.name if tools.generator else None,
        )
    )


def _is_foreign(runs: Sequence[Evidence]) -> bool:
    return any(run.article.language not in (None, "en") for run in runs)


def _answer(tools: Tools, question: str, looked: EvidenceFound, course: _Course) -> Iterator[Event]:
    if tools.generator is not None and looked.versions:
        # A draft would pick one of the answers, or blend them, and still seem supported.
        course.notes.append(DIFFERING)
    elif tools.generator is not None:
        failure = ""
        try:
            yield from _drafted(tools, tools.generator, (question, looked.evidence), course)
        except ModelError as error:
            failure = str(error)
        name = tools.generator.name
        if any(claim.verdict == "supported" for claim in course.claims):
            course.written_by = name
            if failure:
                course.notes.append(BROKE_OFF.format(name, failure))
            return
        if failure:
            course.notes.append(NOT_USED.format(name, failure))
        else:
            course.notes.append(STOPPED if tools.stopped() else NONE_HELD.format(name))
    for run, value, earlier in _quoted(looked):
        numbers = course.citations.cite(run.article, run.start, run.end)
        if numbers:
            quote = " ".join(run.text.split())
            claim = Claim(quote, 1.0, "supported", numbers, value=value, earlier=earlier)
            yield course.take(claim)


def _quoted(looked: EvidenceFound) -> list[tuple[Evidence, str, bool]]:
    """The runs that are quoted, with the value that each gives where the sources differ:
    then one for each value, in their order, and the best run where it gives none."""
    relevant = [run for run in looked.evidence if run.relevance >= QUOTED_RELEVANCE]
    if not looked.versions:
        return [(run, "", False) for run in relevant[: looked.quoted]]
    told = {place for one in looked.versions for place in one.told_at}
    best = [run for run in relevant[:1] if (run.article.article_id, run.start) not in told]
    versions = [(one.evidence, one.value.shown, one.earlier) for one in looked.versions]
    return versions + [(run, "", False) for run in best]


def _drafted(
    tools: Tools,
    generator: Generator,
    asked: tuple[str, Sequence[Evidence]],
    course: _Course,
) -> Iterator[Event]:
    """Drafted sentences, each one checked before it is shown."""
    question, found = asked
    if tools.stopped():  # before there was anything to stop
        return
    # What would not be quoted is no note either: a small model copies it for an answer. Of 60
    # drafts by SmolLM2-135M on SQuAD train questions 17 held and 10 of these were right; 12 and
    # 7 with every run. A higher bar (0.2: 22 and 12) was no better on the demo, 1 of 16 for 3.
    runs = [run for run in found if run.relevance >= QUOTED_RELEVANCE]
    notes = [" ".join(run.text.split()) for run in runs[:NOTES]]
    stream = generator.stream(question, notes)
    checker = Checker(question, _sentences_of(runs), tools.models, course.citations)
    seen: set[str] = set()
    for draft in claims.drafted_sentences(stream):
        if tools.stopped():
            break
        if draft.lower() in seen:
            continue
        seen.add(draft.lower())
        yield course.take(claims.check(draft, checker))
        if len(seen) == DRAFTED_SENTENCES:
            generator.stop()
            break
    if generator.dropped_notes:
        course.notes.append(
            f"{generator.dropped_notes} of the {len(notes)} passages did not fit the model's "
            "context and were left out."
        )


def _sentences_of(runs: Sequence[Evidence]) -> list[EvidenceSentence]:
    return [
        EvidenceSentence(run.article, run.start + start, run.start + end, run.text[start:end])
        for run in runs
        for start, end in sentences(run.text)
    ]


def _finished(
    course: _Course,
    asked: tuple[str, str, Filters],
    answered: bool,
    looked: EvidenceFound,
) -> Answer:
    question, resolved, filters = asked
    return Answer(
        answer_id=uuid.uuid4().hex[:12],
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        question=question,
        resolved_question=resolved,
        filters=filters,
        status="answered" if answered else "not_found",
        claims=tuple(sorted(course.claims, key=lambda claim: claim.verdict)),
        citations=course.citations.all(),
        nearest=looked.nearest,
        model=course.written_by,
        timings=Timings(course.retrieval_seconds, course.first_sentence_seconds, course.seconds()),
        notes=tuple(course.notes),
        shortfall=looked.shortfall.whole,
        shortfalls=looked.shortfall.of_each,
        differs=disagreement.told(looked.versions) if looked.versions else "",
        confidence=looked.confidence,
    )
