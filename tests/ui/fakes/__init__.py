"""A small world for the pages: one file, one answer, no library, no models.

`install` puts it in the place of `ui.backend`'s functions.
"""

from __future__ import annotations

from typing import Any

from answer.writing.listed import Listed
from index.store import Folder
from tests.ui.fakes.library import SUGGESTED, file_page, files, job, waiting
from tests.ui.fakes.sessions import FakeSessions
from tests.ui.fakes.world import (
    ANSWER,
    ARTICLE,
    CITATIONS,
    CLAIMS,
    DONE,
    EVIDENCE,
    NEAREST,
    NOT_FOUND,
    OFFSET,
    PARAGRAPHS,
    PATH,
    SOURCE,
    TEXT,
    SessionView,
    citation,
    opened,
    view,
)

__all__ = [
    "ANSWER",
    "ARTICLE",
    "CITATIONS",
    "CLAIMS",
    "DONE",
    "EVIDENCE",
    "NEAREST",
    "NOT_FOUND",
    "OFFSET",
    "PARAGRAPHS",
    "PATH",
    "SOURCE",
    "SUGGESTED",
    "TEXT",
    "FakeSessions",
    "SessionView",
    "citation",
    "file_page",
    "files",
    "install",
    "job",
    "opened",
    "view",
    "waiting",
]


def install(monkeypatch: Any, sessions: FakeSessions, articles: int = 1) -> None:
    """Puts the fakes in place; `articles` 0 is an empty library."""
    from ui import backend, libraries_backend, library_backend, models_backend

    monkeypatch.setattr(models_backend, "server_ways", lambda _: Listed())
    counts = {"indexed": 2, "empty": 1, "skipped": 1, "failed": 1, "passages": 4}
    if not articles:
        counts = dict.fromkeys(counts, 0)
    fakes = {
        "counts": lambda _: counts | {"articles": articles},
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
    lists = {"files": file_page, "waiting": lambda _: [], "take_next": lambda _: None}
    for name, fake in lists.items():
        monkeypatch.setattr(library_backend, name, fake)
    monkeypatch.setattr(libraries_backend, "suggested_questions", lambda _: list(SUGGESTED))
