"""Texts → unit vectors.

The Encoder protocol and its sentence-transformers adapter (all-MiniLM-L6-v2 by
default). Loads only safetensors from a local folder, never from a network and
never remote code. Knows nothing about passages or where vectors are kept.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from core import modelfiles
from core.errors import ModelError
from core.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

# The model's own limit; its tokenizer file says 128 and would cut passages short.
MAX_TOKENS = 256
BATCH_SIZE = 16


class Encoder(Protocol):
    """`key` names the model by content: vectors of different keys never meet."""

    key: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """float32 array of shape (len(texts), dimensions), rows of unit length."""
        ...


class SentenceTransformerEncoder:
    """A SentenceTransformer folder on disk, on the CPU."""

    def __init__(self, folder: Path, key: str) -> None:
        # Imported here: torch and transformers take seconds to import.
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()
        self.key = key
        self._model = SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
        self._model.max_seq_length = MAX_TOKENS
        self.dimensions = int(self._model.get_embedding_dimension() or 0)
        _choose_threads(lambda: self.encode(["How fast is one short question encoded?"]))

    def encode(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        vectors = self._model.encode(
            list(texts),
            batch_size=BATCH_SIZE,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return cast("Vectors", np.ascontiguousarray(vectors, dtype=np.float32))


@dataclass(frozen=True, slots=True)
class EncoderSource:
    """An encoder that is known but not loaded: loading takes seconds, its key none."""

    key: str
    load: Callable[[], Encoder]


def encoder_source(settings: Settings) -> EncoderSource | None:
    """The installed encoder, or None where its package is missing.

    Raises ModelError where its files are damaged. `load` loads once per process.
    """
    folder = modelfiles.find_encoder(settings)
    if folder is None:
        return None
    known = next(model for model in modelfiles.catalogue() if model.kind == "encoder")
    key = f"{known.name}-{known.sha256[:16]}"
    return EncoderSource(key, lambda: _load(folder, key))


def load_encoder(settings: Settings) -> Encoder | None:
    """The installed encoder, loaded; None where its package is missing.

    Raises ModelError where the files are damaged or can't be loaded.
    """
    source = encoder_source(settings)
    return source.load() if source else None


_loaded: dict[str, Encoder] = {}
_loading = threading.Lock()


def _load(folder: Path, key: str) -> Encoder:
    """One copy of the model per process, also where two threads ask at once."""
    try:
        with _loading:
            if key not in _loaded:
                _loaded[key] = SentenceTransformerEncoder(folder, key)
            return _loaded[key]
    except ImportError as error:
        raise ModelError(
            f"The encoder in {folder} can't be loaded: {error}. "
            "Run: pip install -r requirements.txt"
        ) from error


def _choose_threads(work: Callable[[], object]) -> None:
    """Fewer threads are often faster: torch's barriers spin when a core is busy.

    Measured on a busy two-core machine: a question takes 12 ms with one thread,
    49 ms with two. So the count is measured at load, not read off the machine.
    """
    import torch

    best, best_seconds = 1, float("inf")
    for threads in dict.fromkeys((1, 2, max(1, torch.get_num_threads()))):
        torch.set_num_threads(threads)
        work()
        seconds = min(_seconds(work) for _ in range(3))
        if seconds < best_seconds * 0.9:
            best, best_seconds = threads, seconds
    torch.set_num_threads(best)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
