"""How fast texts become vectors: `python -m evaluate.encoding [BEIR_FOLDER]`.

Encodes the same passages with `SentenceTransformer.encode` as it comes and with the fast
encoder, in turns in one process, and compares their vectors; opens both in new processes.
The passages are the demo's, or the first documents of a BEIR folder. Writes
evaluate/results/encoding.json and prints a table. Compare ratios: figures describe the
machine at that moment. Judges no search: that is evaluate/retrieval.py.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import modelfiles
from core.errors import ModelError
from core.settings import Settings
from evaluate.datasets import load_beir
from index.encoding import export, probe_texts
from index.encoding.encoder import Encoder, prepare_encoder
from ingest.passages import split
from ingest.read import read_file

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

PROJECT = Path(__file__).resolve().parent.parent
ARTICLES = PROJECT / "examples" / "articles"
RESULTS = PROJECT / "evaluate" / "results" / "encoding.json"
MOST_TEXTS = 96
ROUNDS = 5
COLD_RUNS = 3
QUESTION = "Who found the cracks in the bridge?"
# Run in a new process: from nothing to the vector of one question.
OPEN_ORIGINAL = """
from sentence_transformers import SentenceTransformer
SentenceTransformer({folder!r}, device="cpu", local_files_only=True).encode([{question!r}])
"""
OPEN_FAST = """
from pathlib import Path
from core.settings import Settings
from index.encoding.encoder import encoder_source
encoder_source(Settings(Path({home!r}))).load().encode([{question!r}])
"""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m evaluate.encoding")
    parser.add_argument("folder", nargs="?", metavar="BEIR_FOLDER")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as home:
        figures = measure(Settings(Path(home)), options.folder)
    RESULTS.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    for name, value in figures.items():
        print(f"| {name} | {value} |")
    return 0


def measure(settings: Settings, folder: str | None) -> dict[str, Any]:
    """Raises ModelError where no encoder is installed."""
    started = time.perf_counter()
    source = prepare_encoder(settings)
    prepared = time.perf_counter() - started
    model = modelfiles.find_encoder(settings)
    if source is None or model is None:
        raise ModelError("No encoder is installed. Run: pip install -r requirements.txt")
    texts = (documents(folder) if folder else demo_passages())[:MOST_TEXTS]
    fast = source.load()
    original = _defaults(model)
    return {
        "encoder": source.key,
        "cores": os.cpu_count(),
        "other load while measuring": round(os.getloadavg()[0], 1),
        "first preparation, s": round(prepared, 1),
        "texts": len(texts),
        "mean characters": round(statistics.mean(len(text) for text in texts)),
        **_speeds(fast, original, texts),
        **_agreement(fast, original, texts),
        **_cold(settings, model),
    }


def demo_passages() -> list[str]:
    """The demo's passages as the index encodes them: title, new line, text."""
    files = sorted(path for path in ARTICLES.rglob("*") if path.is_file())
    readings = [read_file(str(path), Settings(ARTICLES).max_text_bytes) for path in files]
    return [
        f"{article.title}\n{passage.text}"
        for reading in readings
        for article in reading.articles
        for passage in split(article)
    ]


def documents(folder: str) -> list[str]:
    """The first documents of a BEIR data set. Raises InputError where files are missing."""
    found = load_beir(Path(folder), "test").documents
    return ["\n".join(texts) for texts in list(found.values())[:MOST_TEXTS]]


def _defaults(folder: Path) -> Callable[[Sequence[str]], Vectors]:
    """`SentenceTransformer.encode` on the CPU with nothing set."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    return lambda texts: model.encode(list(texts), show_progress_bar=False)


def _speeds(
    fast: Encoder, original: Callable[[Sequence[str]], Vectors], texts: Sequence[str]
) -> dict[str, Any]:
    ways: dict[str, Callable[[Sequence[str]], Vectors]] = {
        "SentenceTransformer.encode": original,
        "fast": fast.encode,
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    processor: dict[str, list[float]] = {name: [] for name in ways}  # seconds of all threads
    for turn in range(ROUNDS + 1):
        for name, encode in ways.items():
            started, used = time.perf_counter(), time.process_time()
            encode(texts)
            processor[name].append(time.process_time() - used)
            if turn:  # the first turn warms up, and settles the thread counts
                rates[name].append(len(texts) / (time.perf_counter() - started))
    pairs = zip(rates["fast"], rates["SentenceTransformer.encode"], strict=True)
    ratios = [mine / theirs for mine, theirs in pairs]
    return {
        **{f"{name}, texts/s": round(statistics.median(r), 1) for name, r in rates.items()},
        "times as fast, median of the turns": round(statistics.median(ratios), 2),
        "times as fast, least and most": f"{min(ratios):.2f} to {max(ratios):.2f}",
        **{
            f"{name}, processor ms a text": round(1000 * statistics.median(used) / len(texts), 1)
            for name, used in processor.items()
        },
    }


def _agreement(
    fast: Encoder, original: Callable[[Sequence[str]], Vectors], texts: Sequence[str]
) -> dict[str, Any]:
    together = [*probe_texts.QUESTIONS, *texts]
    theirs, mine = original(together), fast.encode(together)
    cosines = (theirs * mine).sum(axis=1)
    alone = all(
        (fast.encode([text])[0] == row).all() for text, row in zip(together, mine, strict=True)
    )
    return {
        "cosine, least": round(float(cosines.min()), 4),
        "cosine, mean": round(float(cosines.mean()), 4),
        "rank agreement": round(export.agreement(theirs, mine, len(probe_texts.QUESTIONS)), 4),
        "alone and in a batch alike, bit for bit": bool(alone),
    }


def _cold(settings: Settings, folder: Path) -> dict[str, float]:
    values = {"home": str(settings.home), "folder": str(folder), "question": QUESTION}
    figures = {}
    for name, code in (("SentenceTransformer", OPEN_ORIGINAL), ("fast", OPEN_FAST)):
        seconds = []
        for _ in range(COLD_RUNS):
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", code.format(**values)], cwd=PROJECT, check=True,
                           capture_output=True)  # fmt: skip
            seconds.append(time.perf_counter() - started)
        figures[f"new process to first vector, {name}, s"] = round(statistics.median(seconds), 2)
    return figures


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
