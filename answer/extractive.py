"""Where in a passage the answer to a question stands, and whether it stands there at all.

The encoder, adapted to read a question and a passage together, gives every word two
figures: how likely an answer begins there, and ends there (Devlin et al. 2019). Takes the
bundled encoder's weights and `extractive.safetensors`, which `evaluate.train_extractive`
makes; gives scores, never words: what is shown is cut from the file. Its graph is built
once and kept in the user's cache.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import modelfiles
from core.settings import Settings
from index import bert_graph, durable, pair_graph

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

WEIGHTS = Path(__file__).with_name("extractive.safetensors")
MAX_TOKENS = 256  # of question and passage together, as in training
MAX_QUESTION_TOKENS = 48
ANSWER_TOKENS = 20  # the longest answer that is looked for
DIGEST_CHARS = 64  # before the graph in its file: the SHA-256 of what follows

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """A passage, read for one question."""

    places: tuple[tuple[int, int], ...]  # each token's start and end in the passage
    begins: Floats  # shape (len(places),): that the answer begins at this token
    ends: Floats  # likewise, that it ends there
    nothing: float  # the score of "no answer here", on the same scale as a sum of both
    whole: float  # log odds that the passage answers the question

    def best(self, start: int, end: int) -> float:
        """How much the best answer within passage[start:end] outweighs "no answer here";
        minus infinity where no token was read there."""
        import numpy as np

        inside = [i for i, (a, b) in enumerate(self.places) if a >= start and b <= end]
        if not inside:
            return -float("inf")
        first, last = inside[0], inside[-1] + 1
        begins, ends = self.begins[first:last], self.ends[first:last]
        best = -float("inf")
        for length in range(min(ANSWER_TOKENS, last - first)):
            best = max(best, float(np.max(begins[: len(begins) - length] + ends[length:])))
        return best - self.nothing


class ExtractiveReader:
    """One per process; safe for use from several threads."""

    def __init__(self, folder: Path, graph: bytes) -> None:
        """`folder` holds the encoder's tokenizer.json."""
        import onnxruntime
        from tokenizers import Tokenizer

        from index.fast_encoder import session_options

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._session = onnxruntime.InferenceSession(
            graph, session_options(), providers=["CPUExecutionProvider"]
        )
        self._first, self._between = marks(self._tokenizer)

    def read(self, question: str, passages: Sequence[str]) -> list[Found]:
        """What each passage holds for the question. What is too long is read to its limit."""
        asked = self._tokenizer.encode(question, add_special_tokens=False).ids
        return [self._found(asked[:MAX_QUESTION_TOKENS], passage) for passage in passages]

    def _found(self, asked: Sequence[int], passage: str) -> Found:
        import numpy as np

        encoded = self._tokenizer.encode(passage, add_special_tokens=False)
        base = len(asked) + 2
        room = MAX_TOKENS - base - 1
        ids = [self._first, *asked, self._between, *encoded.ids[:room], self._between]
        tokens = np.array([ids], dtype=np.int64)
        types = np.zeros_like(tokens)
        types[0, base:] = 1
        inputs = {pair_graph.TOKENS: tokens, pair_graph.TYPES: types}
        outputs = self._session.run([pair_graph.FIGURES, pair_graph.WHOLE], inputs)
        figures, whole = outputs[0][0], float(outputs[1][0, 0])
        inside = figures[base:-1]
        places = tuple(encoded.offsets[:room])
        return Found(places, inside[:, 0], inside[:, 1], float(figures[0].sum()), whole)


def marks(tokenizer: Any) -> tuple[int, int]:
    """The tokens before the question, and after each of the two texts."""
    return int(tokenizer.token_to_id("[CLS]")), int(tokenizer.token_to_id("[SEP]"))


_loaded: dict[Path, ExtractiveReader] = {}
_loading = threading.Lock()


def load(settings: Settings) -> ExtractiveReader | None:
    """The reader of this process; None, and a line in the log, where something that it
    needs is missing or damaged: answers are then found without it."""
    try:
        folder = modelfiles.find_bundled_encoder(settings)
        if folder is None or not WEIGHTS.is_file():
            return None
        with _loading:
            if folder not in _loaded:
                _loaded[folder] = ExtractiveReader(folder, _graph(settings, folder))
            return _loaded[folder]
    except Exception as error:  # noqa: BLE001  safetensors and onnxruntime raise bare ones
        log.warning("Answers are found without the extractive reader: %s", error)
        return None


def _graph(settings: Settings, folder: Path) -> bytes:
    versions = f"{bert_graph.VERSION}.{pair_graph.VERSION}"
    key = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()[:16]
    path = settings.encoder_cache_path / f"extractive-{versions}-{key}.onnx"

    def make() -> bytes:
        from safetensors.numpy import load_file

        return graph_of(folder, load_file(WEIGHTS))

    return _kept(path, make)


def graph_of(folder: Path, weights: Mapping[str, Floats]) -> bytes:
    """The graph of the encoder in `folder`, adapted by `weights` (see index/pair_graph.py)."""
    exact = {name: value.astype("float32") for name, value in weights.items()}
    return pair_graph.build(bert_graph.read_model(folder), exact)


def _kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """The file's content if it is whole; else it is made, and kept where that is possible."""
    try:
        data = path.read_bytes()
        digest, content = data[:DIGEST_CHARS], data[DIGEST_CHARS:]
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
    except OSError as error:
        log.warning("%s can't be written: %s", path, error)
    return content
