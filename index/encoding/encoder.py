"""Texts → unit vectors.

The Encoder protocol, its sentence-transformers adapter (all-MiniLM-L6-v2 by default, or a
SentenceTransformer folder that the settings name) and the choice of which encoder makes
new vectors and which one reads a library's. The fast form of an encoder is in
index/encoding/fast_encoder.py. Loads only safetensors from a local folder, never from a network
and never remote code. Knows nothing about passages.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from core import modelfiles, shortage
from core.catalogue import catalogue
from core.errors import MemoryShortError, ModelError
from core.settings import Settings
from index.encoding import bert_graph, export, switch, token_states
from index.encoding.token_states import TokenStates

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

# The model's own limit; its tokenizer file says 128 and would cut passages short.
MAX_TOKENS = 256
BATCH_SIZE = 16


class Encoder(Protocol):
    """`key` names the vectors by content: those of different keys never meet."""

    @property
    def key(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """float32 array of shape (len(texts), dimensions), rows of unit length."""
        ...


class SentenceTransformerEncoder:
    """A SentenceTransformer folder on disk, on the best device that torch finds."""

    def __init__(self, folder: Path, key: str, device: str | None = None) -> None:
        # Imported here: torch and transformers take seconds to import.
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()
        self.key = key
        self._model = SentenceTransformer(
            str(folder),
            device=device,
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
        self._model.max_seq_length = MAX_TOKENS
        self.dimensions = int(self._model.get_embedding_dimension() or 0)
        if self._model.device.type == "cpu":
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

    def token_states(self, texts: Sequence[str]) -> list[TokenStates] | None:
        tokenizer = self._model.tokenizer
        if not texts or not getattr(tokenizer, "is_fast", False):  # others know no places
            return None if texts else []
        places = tokenizer(
            list(texts), truncation=True, max_length=MAX_TOKENS, return_offsets_mapping=True
        )["offset_mapping"]
        rows = self._model.encode(
            list(texts), output_value="token_embeddings", show_progress_bar=False
        )
        return [
            token_states.from_rows(place, row.cpu().numpy())
            for place, row in zip(places, rows, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class EncoderSource:
    """An encoder that is known but not loaded: loading takes seconds, its key none."""

    key: str
    load: Callable[[], Encoder]


@dataclass(frozen=True)
class LazyEncoder:
    """An encoder that is loaded when the first text comes, if one ever does."""

    source: EncoderSource

    @property
    def key(self) -> str:
        return self.source.key

    @property
    def dimensions(self) -> int:
        return self._encoder.dimensions

    @cached_property
    def _encoder(self) -> Encoder:
        return self.source.load()

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode(texts)

    def token_states(self, texts: Sequence[str]) -> list[TokenStates] | None:
        return token_states.read(self._encoder, texts)


def prepare_encoder(settings: Settings) -> EncoderSource | None:
    """The encoder that makes new vectors, its fast form made first where there is none.

    For the indexing job: the first time takes some seconds and imports torch. None and
    errors as in `encoder_source`.
    """
    folder = modelfiles.find_encoder(settings)
    if folder is None:
        return None
    key = modelfiles.encoder_key(folder, settings)
    if export.chosen(settings, key) is None:
        if _has_accelerator():
            export.keep_original(settings, key)
        else:
            original = LazyEncoder(EncoderSource(key, lambda: _load_original(folder, key)))
            export.choose(settings, key, folder, MAX_TOKENS, original.encode)
    return encoder_source(settings)


def encoder_source(settings: Settings) -> EncoderSource | None:
    """The encoder that makes new vectors, or None where its package is missing.

    Raises ModelError where its files are damaged. `load` loads once per process.
    """
    folder = modelfiles.find_encoder(settings)
    return None if folder is None else next(_sources(settings, folder))


def load_encoder(settings: Settings) -> Encoder | None:
    """The encoder for questions to this library; None where its package is missing.

    It is the one that made the vectors in use: while another encoder's vectors are being
    made beside them, the old ones and their encoder serve. Raises ModelError where the
    files are damaged or can't be loaded.
    """
    source = encoder_source(settings)
    if source is None:
        return None
    served = switch.served_key(settings)
    if served is None:  # nothing is indexed yet, so there may be nothing to load it for
        return LazyEncoder(source)
    for folder in (modelfiles.find_encoder(settings), modelfiles.find_bundled_encoder(settings)):
        for known in _sources(settings, folder) if folder else ():
            if known.key == served:
                return known.load()
    return source.load()


def is_bundled(encoder: object | None) -> bool:
    """Whether it is the encoder that comes along, in any form: trained weights fit its
    vectors and no other's."""
    names = tuple(f"{known.name}-" for known in catalogue() if known.kind == "encoder")
    return str(getattr(encoder, "key", "")).startswith(names)


def why_slow(settings: Settings) -> str:
    """Why the encoder runs without its fast form; "" where it doesn't, or that is not known."""
    folder = modelfiles.find_encoder(settings)
    choice = export.chosen(settings, modelfiles.encoder_key(folder, settings)) if folder else None
    return choice.note if choice else ""


def _sources(settings: Settings, folder: Path) -> Iterator[EncoderSource]:
    """Every encoder that can be made of a folder; first the one for new vectors."""
    key = modelfiles.encoder_key(folder, settings)
    original = EncoderSource(key, lambda: _load_original(folder, key))
    choice = export.chosen(settings, key)
    if choice is None or choice.kind == export.ORIGINAL:
        yield original
    else:
        made = choice
        yield _fast_source(
            folder, key, made.kind, lambda: (export.graph(settings, folder, made), made.max_tokens)
        )
        if choice.kind != "fp32":
            yield original
    # A library from another machine may need a kind that was not chosen on this one.
    for kind in bert_graph.KINDS:
        if kind != "fp32" and (choice is None or choice.kind != kind):
            yield _fast_source(
                folder, key, kind, partial(export.stand_in, folder, kind, MAX_TOKENS)
            )


def _fast_source(
    folder: Path, key: str, kind: str, graph: Callable[[], tuple[bytes, int]]
) -> EncoderSource:
    """`graph` gives the graph of this kind and its limit of tokens."""
    # A 32-bit graph's vectors are the original's; those of a rounded one are their own.
    vector_key = key if kind == "fp32" else f"{key}-{kind}.{bert_graph.VERSION}"

    def load() -> Encoder:
        from index.encoding.fast_encoder import FastEncoder

        return FastEncoder(vector_key, folder, *graph())

    return EncoderSource(vector_key, lambda: _once(vector_key, folder, load))


_loaded: dict[tuple[str, Path], Encoder] = {}
_loading = threading.Lock()


def _load_original(folder: Path, key: str) -> Encoder:
    return _once(key, folder, lambda: SentenceTransformerEncoder(folder, key))


def _once(key: str, folder: Path, load: Callable[[], Encoder]) -> Encoder:
    """One copy of the model per process, also where two threads ask at once."""
    try:
        with _loading:
            if (key, folder) not in _loaded:
                _loaded[key, folder] = load()
            return _loaded[key, folder]
    except (ImportError, OSError, ValueError, RuntimeError, MemoryError) as error:
        if shortage.is_of_memory(error):
            raise MemoryShortError(shortage.ENCODER) from error
        raise ModelError(
            f"The encoder in {folder} can't be loaded: {error}. "
            "Run: pip install -r requirements.txt"
        ) from error


def _has_accelerator() -> bool:
    """Whether torch would use a graphics processor, where a CPU graph can't compete."""
    try:
        import torch
    except ImportError:
        return False
    return bool(torch.cuda.is_available() or torch.backends.mps.is_available())


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
