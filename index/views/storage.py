"""How much room a library takes on the disk, and what takes it.

Takes settings, gives bytes by kind. Only looks at sizes; opens no file. What lies in the
models' folder is counted apart, for libraries share it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.settings import Settings


@dataclass(frozen=True, slots=True)
class Storage:
    """Bytes. `other`: logs, locks and what the app doesn't know."""

    articles: int  # library.db: texts, full-text index, vectors
    vector_files: int  # can be made again from the former
    uploads: int  # copies of dropped files
    answers: int  # desk.db
    backups: int  # of a library before an update changed its format
    other: int
    models: int  # shared by all libraries

    @property
    def total(self) -> int:
        """Of this library alone."""
        return (
            self.articles
            + self.vector_files
            + self.uploads
            + self.answers
            + self.backups
            + self.other
        )


def used(settings: Settings) -> Storage:
    """Zeros where there is no library yet. Files that come and go meanwhile are passed over."""
    sums = dict.fromkeys(("articles", "vector_files", "uploads", "answers", "backups", "other"), 0)
    for path, size in _sizes(settings.home, settings.models_path):
        sums[_kind(settings, path)] += size
    return Storage(**sums, models=sum(size for _, size in _sizes(settings.models_path, None)))


def _kind(settings: Settings, path: Path) -> str:
    name = path.name
    if settings.uploads_path in path.parents:
        return "uploads"
    if path.parent != settings.home:
        return "other"
    if name.startswith(("library-format-", "desk-format-")):
        return "backups"
    if name.startswith("vectors-"):
        return "vector_files"
    for start, kind in (("library.db", "articles"), ("desk.db", "answers")):
        if name.startswith(start):  # with -wal and -shm
            return kind
    return "other"


def _sizes(folder: Path, without: Path | None) -> Iterator[tuple[Path, int]]:
    """Each file below the folder with its size in bytes; links are not followed."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        path = Path(entry.path)
        try:
            if entry.is_dir(follow_symlinks=False):
                if path != without:
                    yield from _sizes(path, without)
            elif entry.is_file(follow_symlinks=False):
                yield path, entry.stat(follow_symlinks=False).st_size
        except OSError:
            continue
