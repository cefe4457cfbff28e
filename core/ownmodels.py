"""GGUF files of the user's own that lie outside the models folders.

Remembers their paths in `own.json` of the library's models folder: the file is
neither moved nor copied nor linked, so it stays the user's. Takes and gives paths.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from core.errors import ModelError
from core.gguf import read_header
from core.settings import Settings


def own_paths(settings: Settings) -> list[Path]:
    """The remembered paths in the order they came; a missing or spoilt list is empty."""
    try:
        rows = json.loads(_list_path(settings).read_text(encoding="utf-8"))
        return [Path(row) for row in rows if isinstance(row, str)]
    except (OSError, ValueError, TypeError):
        return []


def remember(settings: Settings, path: Path) -> Path:
    """Keep the path of a GGUF file, made absolute. Raises ModelError where it is none."""
    path = Path(os.path.abspath(path.expanduser()))
    if not path.is_file():
        raise ModelError(f"{path} is not a file. Give the path of a GGUF file.")
    if path.suffix.lower() != ".gguf":
        raise ModelError(f"{path} is not a GGUF file: its name must end in .gguf.")
    read_header(path)
    kept = own_paths(settings)
    if path not in kept:
        _write(settings, [*kept, path])
    return path


def forget(settings: Settings, path: Path) -> None:
    """Drop a path; the file stays where it is."""
    _write(settings, [kept for kept in own_paths(settings) if kept != path])


def _list_path(settings: Settings) -> Path:
    return settings.models_path / "own.json"


def _write(settings: Settings, paths: list[Path]) -> None:
    folder = settings.models_path
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump([str(path) for path in paths], file, indent=0)
        Path(temporary).replace(_list_path(settings))
    except OSError as error:
        raise ModelError(
            f"{folder} can't be written to ({error.strerror or error}). Check the disk and the "
            "folder's permissions."
        ) from error
