"""Files and a job."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from core.records import SourceFile


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
