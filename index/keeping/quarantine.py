"""Keeps damaged rows and files aside, in the library's `quarantine` folder, before they are mended.

Takes a row or a file with what is known of it; gives where it lies. Nothing reads from
there by itself, and nothing is deleted there but the rows of what the user removes.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from core.settings import Settings
from index import durable

FOLDER = "quarantine"
ROWS = "rows.jsonl"


def keep_row(settings: Settings, table: str, path: str, values: dict[str, object]) -> Path:
    """Add a line of JSON: when, table, the file it concerns, its values (bytes as base64).
    On disk for good when this returns. Raises OSError."""
    folder = _folder(settings)
    line = {
        "kept": datetime.now(UTC).isoformat(timespec="seconds"),
        "table": table,
        "path": path,
        "values": {name: _plain(value) for name, value in values.items()},
    }
    target = folder / ROWS
    with target.open("ab") as file:
        # Escaped to ASCII: damaged text may hold what UTF-8 has no form for.
        file.write(json.dumps(line).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    target.chmod(0o600)
    return target


def keep_file(settings: Settings, path: Path) -> Path:
    """Move a file of the library aside; one of that name that lies there already stays.
    Raises OSError."""
    folder = _folder(settings)
    number = 1
    while (target := folder / f"{path.name}.{number}").exists():
        number += 1
    return path.replace(target)


def has_rows(settings: Settings) -> bool:
    return (settings.home / FOLDER / ROWS).exists()


def forget(settings: Settings, is_gone: Callable[[dict[str, object]], bool]) -> None:
    """Drop the rows that `is_gone` says of; for what the user has removed. Raises OSError."""
    path = settings.home / FOLDER / ROWS
    if not path.exists():
        return
    kept = []
    for line in path.read_bytes().splitlines(keepends=True):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):  # cut short by a kill
            row = {}
        if not (isinstance(row, dict) and is_gone(row)):
            kept.append(line)
    temporary, _ = durable.write(path.parent, f"{ROWS}.tmp", lambda put: put(b"".join(kept)))
    temporary.chmod(0o600)
    durable.put_in_place(temporary, ROWS)


def copy_file(settings: Settings, path: Path) -> Path:
    """Copy a database aside, with what SQLite keeps beside it. On disk for good when this
    returns. Raises OSError."""
    folder = _folder(settings)
    number = 1
    while (target := folder / f"{path.name}.{number}").exists():
        number += 1
    for beside in ("-wal", ""):
        source = path.with_name(path.name + beside)
        if source.exists():
            durable.copy(source, folder, target.name + beside)
            (folder / (target.name + beside)).chmod(0o600)
    durable.flush_folder(folder)
    return target


def _folder(settings: Settings) -> Path:
    folder = settings.home / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    return value
