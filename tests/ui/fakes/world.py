"""One file, what is said in it, and an answer from it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from answer.ask import Following
from core import spans
from core.records import (
    Answer,
    Article,
    Citation,
    Claim,
    Evidence,
    Filters,
    NearHit,
    Removed,
    SpanRun,
    Timings,
)
from index.finding.locate import SourceView
from ui.reader_data import Opened, Place

PATH = "/articles/harbour.txt"
# The second paragraph holds a character outside the 16-bit plane, and markup as text.
PARAGRAPHS = (
    "The harbour board closed the north quay on Monday.",
    "A crack 🌊 had opened under the crane, the engineer said. “It moved,” she added.",
    '<script>alert("x")</script> ![pixel](http://evil.example/p.png) [a link](http://evil.example)',
    "The quay will open again in March, once the piles have been replaced.",
)
SOURCE = "HOME | NEWS | LOG IN\n" + "\n\n".join(PARAGRAPHS) + "\n"
TEXT = "\n\n".join(PARAGRAPHS)
OFFSET = SOURCE.index(TEXT)


@dataclass(frozen=True)
class SessionView:
    """As answer.session.SessionView."""

    session_id: str = "s1"
    question: str = "why did the quay close?"
    state: str = "done"
    evidence: tuple[Evidence, ...] = ()
    nearest: tuple[NearHit, ...] = ()
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    answer: Answer | None = None
    error: str = ""
    seconds: float = 0.4
    following: Following | None = None
    model: str | None = "small-model"
    filters: Filters = Filters()
    saved: bool = False


ARTICLE = Article(
    article_id="a1",
    path=PATH,
    ordinal=0,
    title="North quay closed",
    outlet="Harbour Gazette",
    author=None,
    published="2025-03-09",
    url=None,
    language="en",
    text=TEXT,
    spans=(SpanRun(0, len(TEXT), OFFSET, OFFSET + len(TEXT)),),
)


def citation(number: int, words: str) -> Citation:
    start = SOURCE.index(words)
    return Citation(
        number=number,
        path=PATH,
        page=None,
        line=spans.line_of(spans.line_starts(SOURCE), start),
        start=start,
        end=start + len(words),
        source_quote=words,
        quote=words,
        title=ARTICLE.title,
        outlet=ARTICLE.outlet,
        published=ARTICLE.published,
        source_sha256=hashlib.sha256(SOURCE.encode()).hexdigest(),
    )


CITATIONS = (
    citation(1, "A crack 🌊 had opened under the crane, the engineer said."),
    citation(2, "The quay will open again in March"),
)
CLAIMS = (
    Claim("The quay closed because a crack had opened under the crane.", 0.93, "supported", (1,)),
    Claim("It opens again in March.", 0.9, "supported", (1, 2)),
    Claim("The repair costs two million.", 0.1, "unsupported", (), "the sources don't say “two”"),
)
EVIDENCE = (
    Evidence(ARTICLE, TEXT.index("A crack"), TEXT.index(" “It moved"), CITATIONS[0].quote, 0.9),
)
NEAREST = (
    NearHit(PATH, ARTICLE.title, None, None, 8, CITATIONS[1].start, CITATIONS[1].end,
            CITATIONS[1].quote, 0.4, ("/articles/copy.txt",)),
)  # fmt: skip
ANSWER = Answer(
    answer_id="x1",
    created="2025-03-10T10:00:00+00:00",
    question="why did the quay close?",
    resolved_question="why did the quay close?",
    filters=Filters(),
    status="answered",
    claims=CLAIMS,
    citations=CITATIONS,
    nearest=NEAREST,
    model="small-model",
    timings=Timings(0.1, 0.3, 0.42),
)
DONE = SessionView(evidence=EVIDENCE, citations=CITATIONS, claims=CLAIMS, answer=ANSWER)
NOT_FOUND = replace(
    DONE, evidence=(), claims=(), citations=(),
    answer=replace(ANSWER, status="not_found", claims=(), citations=(), model=None),
)  # fmt: skip


def view(path: str = PATH, start: int = 0, end: int = 1) -> SourceView:
    line = spans.line_of(spans.line_starts(SOURCE), start)
    title, outlet, published = ARTICLE.title, ARTICLE.outlet, ARTICLE.published
    removed = (Removed(0, 20, "menu"),)
    place = (SOURCE, start, end, line)
    return SourceView(path, title, outlet, published, *place, (ARTICLE,), removed)


def opened(place: Place) -> Opened:
    """The place in a file that has not changed."""
    source = view(place.path, place.start, place.end)
    return Opened(source, None, ((place.start, place.end),))
