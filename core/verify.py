"""Model files against the catalogue: each is hashed anew, whatever was remembered.

Takes Settings and perhaps a name, gives one Check per file. Changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core import modelfiles, ownmodels
from core.catalogue import catalogue
from core.errors import ModelError
from core.gguf import read_header
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class Check:
    """One file against what it must be."""

    name: str
    path: str
    ok: bool
    sha256: str  # as found; "" where the file can't be read
    reason: str  # why it is not ok, or that nobody knows its hash; ""


def verify(settings: Settings, name: str | None = None) -> Iterator[Check]:
    """The files of the model called `name` (as for `find_gguf`), or of every model here.

    Raises ModelError where a named model is not on this machine.
    """
    found = 0
    for model_name, path, sha256 in _files(settings):
        if name is None or name in (model_name, path.name, path.stem):
            found += 1
            yield _check(model_name, path, sha256, settings)
    if name is not None and not found:
        path = Path(name).expanduser()
        if not path.is_file():
            modelfiles.find_gguf(settings, name)  # says what is missing and how to get it
        yield _check(path.stem, path.absolute(), "", settings)


def _files(settings: Settings) -> Iterator[tuple[str, Path, str]]:
    """Name, path and expected hash ("" where nobody knows it) of every installed file."""
    known = catalogue(settings)
    for model in known:
        path = modelfiles.locate(model, settings)
        if path is not None:
            yield model.name, path, model.sha256
            for beside, sha256 in model.beside.items():
                yield model.name, path.parent / beside, sha256
    names = {model.name for model in known}
    own = [model for model in modelfiles.writers(settings) if model.name not in names]
    for writer in own:
        yield writer.name, writer.path, ""
    shown = {writer.path for writer in own}
    for path in ownmodels.own_paths(settings):
        if path not in shown:
            yield path.stem, path, ""
    if settings.encoder is not None:
        for path in sorted(settings.encoder.rglob("*.safetensors")):
            yield settings.encoder.name, path, ""


def _check(name: str, path: Path, expected: str, settings: Settings) -> Check:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        modelfiles.keep_hash(path, found, settings)
        if not expected and path.suffix.lower() == ".gguf":
            read_header(path)
    except OSError as error:
        return Check(name, str(path), False, "", f"it can't be read ({error.strerror or error})")
    except ModelError as error:
        return Check(name, str(path), False, found, str(error))
    if not expected:
        return Check(name, str(path), True, found, "no catalogue knows this file")
    if found != expected:
        reason = f"expected {expected}; delete the file and fetch it again"
        return Check(name, str(path), False, found, reason)
    return Check(name, str(path), True, found, "")
