"""Every model that can be used here: installed or not, its size, whether it fits, how fast it is.

Takes Settings, gives Model records for the command line and the models page.
Downloads nothing and chooses nothing: the suggestion is a word beside a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from answer.writing.speeds import Measured, measurement
from core import fitting, machine, modelfiles, ownmodels
from core.catalogue import CatalogueModel, catalogue, catalogue_problems
from core.download import MARGIN_BYTES, begun_bytes
from core.errors import ModelError
from core.fitting import Candidate, Fits
from core.gguf import read_header
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class Model:
    """One model as the list shows it."""

    name: str
    kind: str  # "writer" or "encoder"
    file: str
    path: str | None  # where it lies; None where it is not on this machine
    bytes: int
    memory_bytes: int  # of its process at its peak
    memory_estimated: bool
    fits: Fits | None  # None where the machine does not tell its memory
    usual_seconds: float | None  # of a usual answer; None for an encoder
    seconds_estimated: bool
    recommended: bool
    licence: str
    sha256: str  # what it must be; "" for a file the catalogue does not know
    repository: str  # where it can be downloaded; "" where a package brings it
    begun_bytes: int  # of a download that did not end
    has_room: bool  # on the disk, for what is missing
    is_own: bool  # a path that the user named: can be forgotten
    problem: str  # what is wrong with it, and what to do; ""
    measured: Measured | None

    @property
    def installed(self) -> bool:
        return self.path is not None


@dataclass(frozen=True, slots=True)
class Overview:
    memory_bytes: int | None
    free_memory_bytes: int | None
    free_disk_bytes: int
    models: tuple[Model, ...]  # the catalogue's order, then the user's own
    problems: tuple[str, ...]  # entries of the user's catalogue that are left out


def overview(settings: Settings) -> Overview:
    """The models and this machine, looked at now. Raises LibraryError for a broken desk.db."""
    memory = machine.memory()
    free_disk = machine.free_disk_bytes(settings.models_path)
    models = [*_known_models(settings, free_disk), *_own_models(settings)]
    measured = _measurements(settings, models)
    known = [(m.bytes, found.usual_seconds) for m, found in measured if found.usual_seconds]
    by_name = {model.name: found for model, found in measured}
    judged = [_judged(model, by_name.get(model.name), memory, known) for model in models]
    best = fitting.suggested(
        Candidate(m.name, m.bytes, m.fits, m.usual_seconds or 0, bool(m.path) or m.has_room)
        for m in judged
        if m.kind == "writer" and m.sha256  # nobody knows what a file of one's own is good for
    )
    return Overview(
        memory.total_bytes,
        memory.free_bytes,
        free_disk,
        tuple(replace(model, recommended=model.name == best) for model in judged),
        catalogue_problems(settings),
    )


def known_model(settings: Settings, name: str) -> CatalogueModel:
    """An entry of the catalogue by name or file. Raises ModelError, naming those there are."""
    for known in catalogue(settings):
        if name in (known.name, known.file):
            return known
    there = ", ".join(known.name for known in catalogue(settings) if known.kind == "writer")
    raise ModelError(f"The catalogue has no model called {name}. It has: {there}.")


def _known_models(settings: Settings, free_disk: int) -> Iterator[Model]:
    for known in catalogue(settings):
        if known.kind == "encoder" and settings.encoder is not None:
            yield _own_encoder(settings, settings.encoder)
            continue
        path = modelfiles.locate(known, settings)
        begun = 0 if path else begun_bytes(settings, known)
        memory = known.memory_mb * fitting.MEGABYTE
        yield Model(
            name=known.name,
            kind=known.kind,
            file=known.file,
            path=str(path) if path else None,
            bytes=known.bytes,
            memory_bytes=memory or fitting.estimated_memory_bytes(known.bytes),
            memory_estimated=known.memory_estimated or not memory,
            fits=None,
            usual_seconds=None,
            seconds_estimated=True,
            recommended=False,
            licence=known.licence,
            sha256=known.sha256,
            repository=known.repository,
            begun_bytes=begun,
            has_room=bool(known.repository) and free_disk >= known.bytes - begun + MARGIN_BYTES,
            is_own=False,
            problem="",
            measured=None,
        )


def _own_models(settings: Settings) -> Iterator[Model]:
    """Files that no catalogue knows: in the models folders, and paths that were named."""
    named = ownmodels.own_paths(settings)
    known = {model.name for model in catalogue(settings)}
    writers = [model for model in modelfiles.writers(settings) if model.name not in known]
    for writer in writers:
        try:
            read_header(writer.path)
            problem = ""
        except ModelError as error:
            problem = str(error)
        yield replace(_of_file(writer.path, problem), is_own=writer.path in named)
    shown = {writer.path for writer in writers}
    for path in named:
        if path not in shown:
            problem = (
                f"{path} is not there, or another file of this name comes first. "
                "Put it back under a name of its own, or forget it."
            )
            yield replace(_of_file(path, problem), path=None, is_own=True)


def _of_file(path: Path, problem: str) -> Model:
    size, per_token = _shape(path)
    return Model(
        name=path.stem,
        kind="writer",
        file=path.name,
        path=str(path),
        bytes=size,
        memory_bytes=fitting.estimated_memory_bytes(size, per_token),
        memory_estimated=True,
        fits=None,
        usual_seconds=None,
        seconds_estimated=True,
        recommended=False,
        licence="",
        sha256="",
        repository="",
        begun_bytes=0,
        has_room=True,
        is_own=False,
        problem=problem,
        measured=None,
    )


def _own_encoder(settings: Settings, folder: Path) -> Model:
    """The SentenceTransformer folder that the settings name."""
    try:
        modelfiles.find_encoder(settings)
        weights, problem = sorted(folder.rglob("*.safetensors")), ""
    except ModelError as error:
        weights, problem = [], str(error)
    size = sum(path.stat().st_size for path in weights)
    found = _of_file(folder, problem)
    path = str(weights[0]) if weights else None
    memory = size + fitting.PROCESS_BYTES
    return replace(found, kind="encoder", path=path, bytes=size, memory_bytes=memory)


def _shape(path: Path) -> tuple[int, int]:
    """Bytes of the file, and of its context per token; zeros where it can't be read."""
    try:
        status = path.stat()
        return status.st_size, _context_bytes(path, status.st_size, status.st_mtime_ns)
    except (OSError, ModelError):
        return 0, 0


@lru_cache(maxsize=64)
def _context_bytes(path: Path, _size: int, _mtime_ns: int) -> int:
    return read_header(path).context_bytes_per_token


def _measurements(settings: Settings, models: Sequence[Model]) -> list[tuple[Model, Measured]]:
    writers = [model for model in models if model.kind == "writer" and model.path]
    found = [(model, measurement(settings, Path(model.path or ""))) for model in writers]
    return [(model, measured) for model, measured in found if measured is not None]


def _judged(
    model: Model,
    measured: Measured | None,
    memory: machine.Memory,
    known: Sequence[tuple[int, float]],
) -> Model:
    """With what was measured, and whether it fits."""
    if measured and measured.memory_bytes:
        model = replace(model, memory_bytes=measured.memory_bytes, memory_estimated=False)
    seconds: float | None = None
    if model.kind == "writer":
        seconds = measured.usual_seconds if measured else None
        model = replace(model, seconds_estimated=seconds is None)
        seconds = seconds or round(fitting.expected_seconds(model.bytes, known), 1)
    fits = fitting.fits(model.memory_bytes, memory)
    return replace(model, measured=measured, usual_seconds=seconds, fits=fits)
