"""Runs an adapted encoder that reads two texts together.

Takes the bundled encoder's weights and an adapter's file (`extractive.safetensors`,
`entailment.safetensors`; see index/encoding/pair_graph.py for what such a file holds); gives what
the graph says of the second text's tokens and of the pair. Each graph is built once and
kept in the user's cache. What the figures mean is for extractive.py and entailment.py.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import modelfiles
from core.settings import Settings
from index import durable
from index.encoding import bert_graph, pair_graph
from index.encoding.graph_session import open_session

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

MAX_TOKENS = 256  # of both texts together, as in training
MAX_FIRST_TOKENS = 80
MARKS = 3  # before both texts, and after each
DIGEST_CHARS = 64  # before the graph in its file: the SHA-256 of what follows

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, read together."""

    places: tuple[tuple[int, int], ...]  # start and end of each token of the second text
    figures: Floats  # shape (len(places), 2): of these tokens
    mark: Floats  # shape (2,): of the mark before both texts
    whole: float  # of the pair
    is_complete: bool  # neither text was too long


class PairReader:
    """One per process and adapter; safe for use from several threads."""

    def __init__(self, folder: Path, graph: bytes) -> None:
        """`folder` holds the encoder's tokenizer.json."""
        self._tokenizer = tokenizer_of(folder)
        self._session = open_session(graph)
        self._marks = marks(self._tokenizer)

    def read(self, first: str, second: str) -> Pair:
        """What is too long is read to its limit."""
        import numpy as np

        asked, told = (
            self._tokenizer.encode(text, add_special_tokens=False) for text in (first, second)
        )
        ids, base = joined(asked.ids, told.ids, self._marks)
        tokens = np.array([ids], dtype=np.int64)
        types = np.zeros_like(tokens)
        types[0, base:] = 1
        inputs = {pair_graph.TOKENS: tokens, pair_graph.TYPES: types}
        outputs = self._session.run([pair_graph.FIGURES, pair_graph.WHOLE], inputs)
        figures = outputs[0][0]
        inside = figures[base:-1]
        return Pair(
            places=tuple(told.offsets[: len(inside)]),
            figures=inside,
            mark=figures[0],
            whole=float(outputs[1][0, 0]),
            is_complete=len(ids) == len(asked.ids) + len(told.ids) + MARKS,
        )


def tokenizer_of(folder: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def marks(tokenizer: Any) -> tuple[int, int]:
    """The tokens before both texts, and after each of them."""
    return int(tokenizer.token_to_id("[CLS]")), int(tokenizer.token_to_id("[SEP]"))


def joined(first: list[int], second: list[int], marks: tuple[int, int]) -> tuple[list[int], int]:
    """The tokens of both texts with their marks, and where the second one's begin."""
    before, after = marks
    kept = first[:MAX_FIRST_TOKENS]
    base = len(kept) + 2
    return [before, *kept, after, *second[: MAX_TOKENS - base - 1], after], base


_loaded: dict[tuple[Path, Path], PairReader] = {}
_loading = threading.Lock()


def load(settings: Settings, weights: Path) -> PairReader | None:
    """The reader of this process with the adapter of the file `weights`; None, and a line in
    the log, where something that it needs is missing or damaged."""
    try:
        folder = modelfiles.find_bundled_encoder(settings)
        if folder is None or not weights.is_file():
            return None
        with _loading:
            key = (folder, weights)
            if key not in _loaded:
                _loaded[key] = PairReader(folder, _graph(settings, folder, weights))
            return _loaded[key]
    except Exception as error:  # noqa: BLE001  safetensors and onnxruntime raise bare ones
        log.warning("Answers are made without %s: %s", weights.name, error)
        return None


def graph_of(folder: Path, adapter: Mapping[str, Floats]) -> bytes:
    """The graph of the encoder in `folder`, adapted (see index/encoding/pair_graph.py)."""
    exact = {name: value.astype("float32") for name, value in adapter.items()}
    return pair_graph.build(bert_graph.read_model(folder), exact)


def _graph(settings: Settings, folder: Path, weights: Path) -> bytes:
    versions = f"{bert_graph.VERSION}.{pair_graph.VERSION}"
    key = hashlib.sha256(weights.read_bytes()).hexdigest()[:16]
    path = settings.encoder_cache_path / f"{weights.stem}-{versions}-{key}.onnx"

    def make() -> bytes:
        from safetensors.numpy import load_file

        return graph_of(folder, load_file(weights))

    return _kept(path, make)


def _kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """The file's content if it is whole; else it is made, and kept where that is possible."""
    try:
        with path.open("rb") as file:
            digest, content = file.read(DIGEST_CHARS), file.read()
        if digest.decode("ascii", "replace") == hashlib.sha256(content).hexdigest():
            return content
        log.warning("%s is damaged; it is made again", path)
    except OSError:
        pass  # not made yet
    content = make()
    digest = hashlib.sha256(content).hexdigest().encode("ascii")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary, _ = durable.write(
            path.parent, f"{path.name}.{os.getpid()}.tmp", lambda put: (put(digest), put(content))
        )
        durable.put_in_place(temporary, path.name)
        for older in set(path.parent.glob(f"{path.name.partition('-')[0]}-*.onnx")) - {path}:
            older.unlink(missing_ok=True)  # of earlier weights
    except OSError as error:
        log.warning("%s can't be written: %s", path, error)
    return content
