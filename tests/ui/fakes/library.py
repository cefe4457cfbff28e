"""Files, a job and what waits behind it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from core.records import SourceFile
from index.jobs.job_rows import Request, Waiting
from index.views.file_list import FilePage, FileQuery

EVERYTHING = FileQuery()
SUGGESTED = ("What is known about the Harbour Board?",)


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


def file_page(settings: object = None, query: FileQuery = EVERYTHING) -> FilePage:
    """As index.views.file_list gives it, of the files above."""
    found = [file for file in files() if query.words in file.path]
    counts = {one: sum(file.status == one for file in found) for one in {f.status for f in found}}
    shown = [file for file in found if query.status in ("", file.status)]
    return FilePage(tuple(shown), 1, 1, counts)


def waiting() -> list[Waiting]:
    return [Waiting(7, Request("add", ("/articles/next",)))]


def job(**changes: Any) -> Any:
    values = {
        "job_id": 1, "action": "add", "state": "running", "files_done": 30, "files_total": 120,
        "passages_done": 200, "passages_total": 0, "started": 1000.0, "updated": 1010.0,
        "message": "", "asked": "",
    }  # fmt: skip
    return SimpleNamespace(**(values | changes))
