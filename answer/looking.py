"""A question → what the library holds for it: evidence, or the nearest passages and what they lack.

Searches, picks evidence, decides whether the library answers at all, and sees where its
sources differ. Writes nothing; `ask.py` makes the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from answer import evidence, extractive, shares, shortfall
from answer import question as questions
from answer.citations import near_hits
from answer.differing import disagreement
from answer.differing.disagreement import Version
from answer.entailment import Entailment
from answer.evidence import Models
from answer.generator import Generator
from answer.shortfall import NO_SHORTFALL, Shortfall
from core import shortage
from core.errors import MemoryShortError
from core.records import Evidence, Filters, NearHit
from core.settings import Settings
from index import search
from index.encoding.encoder import is_bundled, load_encoder
from index.finding import when
from index.store import Library

NEAREST = 3  # passages shown beside an answer, or instead of one
QUOTED_RUNS = 3
NOT_IN_TIME = "“{}”: no article with a date in that time answers this; all dates were searched."


@dataclass(frozen=True, slots=True)
class Tools:
    """What an answer is made with. Any model may be missing."""

    library: Library
    models: Models
    generator: Generator | None = None
    stopped: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class EvidenceFound:
    evidence: tuple[Evidence, ...]
    nearest: tuple[NearHit, ...]
    shortfall: Shortfall = NO_SHORTFALL  # what these lack, where there is no evidence
    confidence: float = 0.0  # that the library answers, see answerable.Judgement
    versions: tuple[Version, ...] = ()  # the answers of sources that differ
    is_doubtful: bool = False  # there is evidence, and it may well miss what is asked
    quoted: int = QUOTED_RUNS  # so many of the first pieces of evidence are quoted


def load_models(settings: Settings) -> Models:
    """Those that are installed and that there is memory for. Raises ModelError where the
    encoder is damaged."""
    try:
        encoder = load_encoder(settings)
    except MemoryShortError as error:
        return Models(None, lack=f"{error} {shortage.BY_KEYWORDS}")
    if not is_bundled(encoder):
        return Models(encoder)
    return Models(encoder, extractive.load(settings), Entailment(settings))


def look(tools: Tools, question: str, filters: Filters) -> EvidenceFound:
    """Evidence (none where the library doesn't seem to answer) and the nearest passages."""
    library = tools.library
    with library.snapshot():
        read = questions.read(question)
        hits = search.rank(library, tools.models.encoder, question, filters)
        hits = shares.spread_passages(read, hits)
        found = evidence.select(library, tools.models, question, hits)
        judged = found.judgement
        best = search.one_per_story(library, hits, NEAREST)
        nearest = near_hits(library, tuple(best))
        if not judged.is_answerable:
            missing = shortfall.told(library, question, nearest, filters)
            return EvidenceFound((), nearest, missing, judged.confidence)
        versions = disagreement.differing(question, found.runs, hits)
        runs = tuple(shares.capped(read, found.runs, QUOTED_RUNS))
        return EvidenceFound(
            runs,
            nearest,
            confidence=judged.confidence,
            versions=versions,
            is_doubtful=judged.is_doubtful,
            quoted=shares.places(read, runs, QUOTED_RUNS),
        )


def look_in_time(
    tools: Tools, question: str, chosen: Filters
) -> tuple[EvidenceFound, Filters, str]:
    """What is found in the time that the question gives its reports ("articles from
    March"), that filter and a note that says so; where there is nothing, what is found
    without it, and a note that says that."""
    missed = ""
    for reading in when.readings(tools.library, question, chosen):
        looked = look(tools, reading.question, reading.filters)
        if looked.evidence:
            return looked, reading.filters, reading.note if reading.words else missed
        missed = NOT_IN_TIME.format(reading.words) if reading.words else missed
    return looked, reading.filters, missed
