"""Once per model and processor: the encoder's fastest graph that keeps its quality.

Takes a SentenceTransformer folder, gives a Choice: which kind of graph (see bert_graph.py)
is used, or that none is and why. Each kind is measured against sentence-transformers on
fixed sentences (probe_texts.py) by cosine and by how questions rank them, and by
speed. Graph and Choice lie in the user's cache; what is missing or damaged there is made
again. Runs in the indexing job; a page or a query only reads the Choice.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import ModelError
from core.settings import Settings
from index.encoding import bert_graph, fast_encoder, probe_texts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

log = logging.getLogger(__name__)

EXPORTER_VERSION = 2  # raised when the choice would be made otherwise, or the graph is another
ORIGINAL = "sentence-transformers"  # the kind of no graph
# MiniLM's int8 graph has 0.983 and 0.987 here, and loses 0.6 % of SciFact's dense nDCG@10;
# with 4-bit weights the cosine is 0.92.
LEAST_COSINE = 0.97
LEAST_RANK_AGREEMENT = 0.97
LEAST_COSINE_EXACT = 0.9999  # below it a 32-bit graph is built wrong, not rounded
WORTH_ROUNDING = 1.15  # how much faster than 32 bits a rounded graph must be
TIMED_PASSAGES = 4
TIMED_ROUNDS = 5
# What decides which integer products a processor has.
CPU_FLAGS = ("avx2", "avx_vnni", "avx512f", "avx512_vnni", "amx_int8", "asimddp", "i8mm")


@dataclass(frozen=True, slots=True)
class Choice:
    """What was decided, with the measurements behind it."""

    kind: str  # one of bert_graph.KINDS, or ORIGINAL
    file: str = ""  # the graph, beside the choice; "" for ORIGINAL
    sha256: str = ""
    max_tokens: int = 0
    note: str = ""  # why the original is used; "" where nothing is wrong
    # By kind: least cosine to the original, mean rank agreement, passages a second.
    measured: dict[str, dict[str, float]] = field(default_factory=dict)


# Gives the original's vectors for texts; loading it is dear, so only where needed.
Original = Callable[[Sequence[str]], "Vectors"]


def chosen(settings: Settings, key: str) -> Choice | None:
    """The choice for the model `key` (core/modelfiles.py) on this processor, if made."""
    try:
        value = json.loads(_choice_path(settings, key).read_text(encoding="utf-8"))
        choice = Choice(**value)
    except (OSError, ValueError, TypeError):
        return None
    return choice if choice.kind in (ORIGINAL, *bert_graph.KINDS) else None


def stand_in(folder: Path, kind: str, max_tokens: int) -> tuple[bytes, int]:
    """A graph of a kind that nobody measured here, and its limit of tokens.

    For a library whose vectors another machine made so.
    """
    model = bert_graph.read_model(folder)
    return bert_graph.build(model, kind), min(max_tokens, model.most_tokens)


def graph(settings: Settings, folder: Path, choice: Choice) -> bytes:
    """The chosen graph, its hash checked; built again where it is missing or damaged.

    Raises ModelError where the folder's weights no longer give the graph that was measured.
    """
    path = settings.encoder_cache_path / choice.file
    try:
        found = path.read_bytes()
        if hashlib.sha256(found).hexdigest() == choice.sha256:
            return found
        log.warning("%s is damaged; it is made again", path)
    except OSError:
        log.warning("%s is missing; it is made again", path)
    made = bert_graph.build(bert_graph.read_model(folder), choice.kind)
    if hashlib.sha256(made).hexdigest() != choice.sha256:
        raise ModelError(
            f"{path} is damaged, and {folder} gives another graph than was measured. "
            f"Delete {path.parent} and rescan."
        )
    try:
        _write(path, made)
    except OSError as error:
        log.warning("%s can't be written: %s", path, error)
    return made


def choose(
    settings: Settings, key: str, folder: Path, max_tokens: int, original: Original
) -> Choice:
    """Make the choice, unless it is there, and keep it. Takes some seconds.

    `original` encodes with sentence-transformers. What can't be exported or written gives
    a Choice of ORIGINAL with a note, never an error.
    """
    from filelock import FileLock

    try:
        settings.encoder_cache_path.mkdir(parents=True, exist_ok=True)
        with FileLock(settings.encoder_cache_path / f"{_name(key)}.lock"):
            known = chosen(settings, key)
            if known is not None:
                return known
            try:
                choice = _measured_choice(settings, key, folder, max_tokens, original)
            except ImportError as error:  # not kept: installing the package mends it
                return Choice(ORIGINAL, note=f"No fast graph: {error}")
            _write(_choice_path(settings, key), json.dumps(asdict(choice), indent=1).encode())
            return choice
    except OSError as error:
        log.warning("%s can't be written: %s", settings.encoder_cache_path, error)
        return Choice(ORIGINAL, note=f"{settings.encoder_cache_path} can't be written: {error}")


def keep_original(settings: Settings, key: str, note: str = "") -> Choice:
    """Decide without measuring, where a graph would not be faster."""
    choice = Choice(ORIGINAL, note=note)
    try:
        settings.encoder_cache_path.mkdir(parents=True, exist_ok=True)
        _write(_choice_path(settings, key), json.dumps(asdict(choice), indent=1).encode())
    except OSError as error:  # decided anew by the next job
        log.warning("%s can't be written: %s", settings.encoder_cache_path, error)
    return choice


def agreement(original: Vectors, other: Vectors, questions: int) -> float:
    """Mean Spearman correlation of two encoders' rankings; 1.0 where they rank alike.

    The first `questions` rows rank all the others by cosine.
    """
    import numpy as np

    def ranks(vectors: Vectors) -> NDArray[np.intp]:
        similarities = vectors[:questions] @ vectors[questions:].T
        return similarities.argsort(axis=1).argsort(axis=1)

    pairs = zip(ranks(original), ranks(other), strict=True)
    return float(np.mean([np.corrcoef(a, b)[0, 1] for a, b in pairs]))


def _measured_choice(
    settings: Settings, key: str, folder: Path, max_tokens: int, original: Original
) -> Choice:
    """Builds the kinds, measures them and stores the graph of the best."""
    try:
        if not (folder / "tokenizer.json").is_file():
            raise bert_graph.UnknownModelError("the folder has no tokenizer.json")
        model = bert_graph.read_model(folder)
        most = min(max_tokens, model.most_tokens)
        graphs = {kind: bert_graph.build(model, kind) for kind in bert_graph.KINDS}
        encoders = {
            kind: fast_encoder.FastEncoder(key, folder, graph, most)
            for kind, graph in graphs.items()
        }
        measured = _measure(encoders, original)
    except (ModelError, KeyError, ValueError, IndexError) as error:
        # KeyError: a weight of another name; ModelError: onnxruntime refuses the graph.
        log.warning("The encoder in %s runs without a fast graph: %s", folder, error)
        return Choice(ORIGINAL, note=f"No fast graph could be made of {folder}: {error}")
    kind = best_kind(measured)
    if kind == ORIGINAL:
        note = "No fast graph kept the encoder's quality; sentence-transformers is used."
        return Choice(ORIGINAL, note=note, measured=measured)
    digest = hashlib.sha256(graphs[kind]).hexdigest()
    choice = Choice(kind, f"{_name(key)}-{kind}-{digest[:16]}.onnx", digest, most, "", measured)
    _write(settings.encoder_cache_path / choice.file, graphs[kind])
    return choice


def best_kind(measured: dict[str, dict[str, float]]) -> str:
    """The fastest kind that keeps quality; rounded ones only where they are clearly faster."""
    exact = measured["fp32"]
    if exact["cosine"] < LEAST_COSINE_EXACT:
        return ORIGINAL
    good = [
        kind
        for kind, figures in measured.items()
        if figures["cosine"] >= LEAST_COSINE
        and figures["rank_agreement"] >= LEAST_RANK_AGREEMENT
        and figures["passages_per_second"] > WORTH_ROUNDING * exact["passages_per_second"]
    ]
    return good[0] if good else "fp32"  # of the rounded ones the finest, in the order of KINDS


def _measure(
    encoders: dict[str, fast_encoder.FastEncoder], original: Original
) -> dict[str, dict[str, float]]:
    passages = probe_texts.passages()
    texts = [*probe_texts.QUESTIONS, *probe_texts.SENTENCES, *passages]
    expected = original(texts)
    seconds: dict[str, list[float]] = {kind: [] for kind in encoders}
    for _ in range(TIMED_ROUNDS):  # in turns: a busy moment hits all alike
        for kind, encoder in encoders.items():
            started = time.perf_counter()
            for passage in passages[:TIMED_PASSAGES]:
                encoder.encode([passage])
            seconds[kind].append(time.perf_counter() - started)
    figures = {}
    for kind, encoder in encoders.items():
        vectors = encoder.encode(texts)
        figures[kind] = {
            "cosine": round(float((vectors * expected).sum(axis=1).min()), 6),
            "rank_agreement": round(agreement(expected, vectors, len(probe_texts.QUESTIONS)), 6),
            "passages_per_second": round(TIMED_PASSAGES / statistics.median(seconds[kind]), 1),
        }
    return figures


def _choice_path(settings: Settings, key: str) -> Path:
    return settings.encoder_cache_path / f"{_name(key)}.json"


def _name(key: str) -> str:
    versions = f"{bert_graph.VERSION}.{EXPORTER_VERSION}"
    safe = "".join(c if c.isalnum() or c in "-._" else "_" for c in key)
    return f"{safe}-{versions}-{_processor()}"


def _processor() -> str:
    """Eight characters that differ where another kind may be best."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
        words = set(next(x for x in text.splitlines() if x[:5] in ("flags", "Featu")).split())
        features = " ".join(flag for flag in CPU_FLAGS if flag in words)
    except (OSError, StopIteration):  # not Linux: the processor's name
        features = platform.processor()
    return hashlib.sha256(f"{platform.machine()} {features}".encode()).hexdigest()[:8]


def _write(path: Path, data: bytes) -> None:
    """All or nothing, also where the machine stops half-way."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
