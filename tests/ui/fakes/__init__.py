"""A small world for the pages: one file, one answer, no library, no models.

`install` puts it in the place of `ui.backend`'s functions.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

from answer.ask import Following
from answer.writing.listed import Listed
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
    SourceFile,
    SpanRun,
    Timings,
)
from index.locate import SourceView
from index.store import Folder
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


@dataclass
class FakeSessions:
    """Gives `result` for every question."""

    result: SessionView = DONE
    asked: list[tuple[str, Filters, str | None]] = field(default_factory=list)
    followed: list[Following | None] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)

    def start(
        self, question: str, filters: Filters, model: str | None, following: Following | None
    ) -> str:
        self.asked.append((question, filters, model))
        self.followed.append(following)
        return self.result.session_id

    def view(self, session_id: str) -> SessionView | None:
        return self.result if session_id == self.result.session_id else None

    def stop(self, session_id: str) -> None:
        self.stopped.append(session_id)
        self.result = replace(self.result, state="stopped")


def files() -> list[SourceFile]:
    def file(name: str, status: Any, reason: str = "") -> SourceFile:
        return SourceFile(f"/articles/{name}", 2100, 0, "", "utf-8", "text", status, reason)

    return [
        file("harbour.txt", "indexed"),
        file("**bold** <b>x.txt", "indexed"),
        file("photo.txt", "skipped", "not text (binary content)"),
        file("locked.txt", "failed", "permission denied"),
        file("empty.txt", "empty", "no text"),
    ]


def job(**changes: Any) -> Any:
    values = {
        "job_id": 1, "action": "add", "state": "running", "files_done": 30, "files_total": 120,
        "passages_done": 200, "passages_total": 0, "started": 1000.0, "updated": 1010.0,
        "message": "",
    }  # fmt: skip
    return SimpleNamespace(**(values | changes))


def install(monkeypatch: Any, sessions: FakeSessions, articles: int = 1) -> None:
    """Puts the fakes in place; `articles` 0 is an empty library."""
    from ui import backend, models_backend

    monkeypatch.setattr(models_backend, "server_ways", lambda _: Listed())
    counts = {"indexed": 2, "empty": 1, "skipped": 1, "failed": 1, "passages": 4}
    fakes = {
        "counts": lambda _: counts | {"articles": articles},
        "files": lambda _: files(),
        "folders": lambda _: [Folder("/articles", "watched")],
        "job": lambda _: None,
        "sessions": lambda _: sessions,
        "models": lambda _: ["small-model"],
        "missing_parts": lambda _: [],
        "understood": lambda _, question: None,
        "view": lambda _, place, cited: opened(place),
    }
    for name, fake in fakes.items():
        monkeypatch.setattr(backend, name, fake)
