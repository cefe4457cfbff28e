"""The models the app knows: models/catalogue.toml, then the user's own entries.

A user may add entries in the `catalogue.toml` of the library's models folder; they
name a file of a repository that `models get` can then fetch. Takes the two files,
gives CatalogueModel records. Does not look which model is on this machine.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.settings import Settings

MODELS_PATH = Path(__file__).resolve().parent.parent / "models"
CATALOGUE_PATH = MODELS_PATH / "catalogue.toml"

# What an entry of the user's own may say, and what each value must look like.
_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"
_OWN_TEXTS = {
    "name": _NAME,
    "file": _NAME + r"\.gguf",  # a plain name: it becomes a file in the models folder
    "sha256": r"[0-9a-f]{64}",
    "repository": rf"{_NAME}/{_NAME}",
    "revision": _NAME,
    "licence": r"[^\x00-\x1f\x7f]{0,80}",
}
_OPTIONAL = {"licence": "", "memory_mb": 0}


@dataclass(frozen=True, slots=True)
class CatalogueModel:
    """One entry of a catalogue."""

    name: str
    kind: str  # "writer" or "encoder"
    file: str
    bytes: int
    sha256: str
    licence: str
    memory_mb: int  # at most, of the process that holds it; 0 where nobody knows
    memory_estimated: bool = False  # computed from its size and shape, not measured
    template: str = ""  # a name of answer/prompt.py; "" where the vocabulary is to tell
    package: str = ""  # the carrier's import name; "" where no wheel carries it
    path: str = ""  # inside the carrier
    repository: str = ""
    revision: str = ""
    beside: Mapping[str, str] = field(default_factory=dict)  # file name → SHA-256


def catalogue(settings: Settings | None = None) -> tuple[CatalogueModel, ...]:
    """Every model the app knows; with settings, the user's usable entries follow."""
    known = _read_catalogue(CATALOGUE_PATH)
    return known if settings is None else known + _own_entries(settings)[0]


def catalogue_problems(settings: Settings) -> tuple[str, ...]:
    """What is wrong with the user's entries that `catalogue` leaves out."""
    return _own_entries(settings)[1]


def own_catalogue_path(settings: Settings) -> Path:
    return settings.models_path / "catalogue.toml"


def _own_entries(settings: Settings) -> tuple[tuple[CatalogueModel, ...], tuple[str, ...]]:
    path = own_catalogue_path(settings)
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("model", [])
    except FileNotFoundError:
        return (), ()
    except (OSError, ValueError) as error:  # a TOMLDecodeError is a ValueError
        return (), (f"{path} can't be read ({error}). Correct it; until then it is left out.",)
    if not isinstance(rows, list):
        return (), (f"{path}: each entry begins with a line [[model]].",)
    taken = {value for known in _read_catalogue(CATALOGUE_PATH) for value in _names(known)}
    entries: list[CatalogueModel] = []
    problems: list[str] = []
    for number, row in enumerate(rows, start=1):
        if reason := _why_unusable(row, taken):
            problems.append(f"{path}, entry {number}, is left out: {reason}.")
            continue
        entries.append(CatalogueModel(**{**_OPTIONAL, **row}, kind="writer"))
        taken |= _names(entries[-1])
    return tuple(entries), tuple(problems)


def _why_unusable(row: Any, taken: set[str]) -> str:
    """Why a user's entry can't be used, or ""."""
    if not isinstance(row, dict):
        return "it is not a table"
    for key in (*_OWN_TEXTS, "bytes"):
        if key not in row and key not in _OPTIONAL:
            return f"it has no line “{key} = …”"
    for key, value in row.items():
        if key in _OWN_TEXTS:
            good = isinstance(value, str) and re.fullmatch(_OWN_TEXTS[key], value) is not None
        elif key in ("bytes", "memory_mb"):
            good = type(value) is int and value >= (key == "bytes")
        else:
            return f"{key} is no key of an own entry"
        if not good or (isinstance(value, str) and ".." in value):
            return f"{key} can't be {value!r}"
    if clash := taken & {row["name"].casefold(), row["file"].casefold()}:
        return f"{min(clash)} stands in another entry"
    return ""


def _names(model: CatalogueModel) -> set[str]:
    return {model.name.casefold(), model.file.casefold()}


@lru_cache(maxsize=4)
def _read_catalogue(path: Path) -> tuple[CatalogueModel, ...]:
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["model"]
    return tuple(CatalogueModel(**entry) for entry in entries)
