"""How search and indexing grow with the library: `python -m evaluate.scale [--sizes N …]`.

Builds libraries of several sizes in a temporary folder, each in a process of its own, and
measures building, files, memory, searches and how much an index misses against comparing
every vector. Real texts from BEIR folders in ../shared/data where they are, else the demo's;
repeated with noise beyond that, vectors synthetic. Writes evaluate/results/scale.json and
prints a table. Times are processor time (an idle core's) with wall time beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.records import Filters
from core.settings import Settings
from evaluate import scale_library
from evaluate.metrics import percentile
from index import embed
from index.encoding.encoder import Encoder, EncoderSource, prepare_encoder
from index.finding import keyword
from index.search import search
from index.store import Library, open_library
from index.vectors import dense, faiss_index, vector_files
from index.vectors import stored_vectors as vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

PROJECT = Path(__file__).resolve().parent.parent
CORPORA = PROJECT.parent / "shared" / "data"
RESULTS = PROJECT / "evaluate" / "results" / "scale.json"
SIZES = (10_000, 100_000, 1_000_000)
KEY = "k"  # of the synthetic vectors
BASE_TEXTS = 1000  # embedded for real; all other vectors are mixtures around these
BASE_CHARS = 500
QUERIES = 40
RUNS = 5
BYTES_PER_PASSAGE = 10_000  # of disk while a library is built
FILTERS = {
    "a day": Filters(after="2021-02-03", before="2021-02-03"),
    "a year": Filters(after="2021", before="2021"),
    "an outlet": Filters(outlet="outlet 0"),
    "half": Filters(after="2021"),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m evaluate.scale")
    parser.add_argument("--sizes", nargs="+", type=int, default=list(SIZES))
    parser.add_argument("--folder", help="where to build; the system's temporary folder else")
    parser.add_argument("--keep", help="a folder in which libraries stay, and are used again")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(Path(options.folder), options.one)))
        return 0
    with tempfile.TemporaryDirectory(dir=options.folder) as temporary:
        folder = options.keep or temporary
        _prepare(Path(folder))
        rows = []
        for size in options.sizes:
            if (row := _in_child(folder, size)) is not None:
                rows.append(row)
            if not options.keep:
                shutil.rmtree(Path(folder) / f"library-{size}", ignore_errors=True)
    RESULTS.write_text(json.dumps({"cores": os.cpu_count(), "sizes": rows}, indent=1) + "\n")
    print(table(rows))
    return 0


def measure(folder: Path, passages: int) -> dict[str, Any]:
    """Build a library of this size below `folder`, unless it is there, and measure it."""
    import numpy as np

    texts, questions = scale_library.texts_and_questions(CORPORA, PROJECT / "examples", QUERIES)
    base = np.load(folder / "base.npy")
    settings = Settings(home=folder / f"library-{passages}")
    source = prepare_encoder(settings)
    encoder = _Keyed(source.load()) if source else None
    figures: dict[str, Any] = {"passages": passages, "build_seconds": None}
    written = settings.library_path.exists()
    with open_library(settings) as library:
        if not written:
            started = time.perf_counter()
            scale_library.fill(library, KEY, passages, texts, base)
            figures["build_seconds"] = round(time.perf_counter() - started, 1)
        library.connection.execute("DELETE FROM generations")
        figures["publish"] = _timed_once(lambda: dense.publish(library, KEY))
        # The encoder, the texts and the base vectors are in it too.
        figures["build_peak_mb"] = _memory("VmHWM")
        figures["library_mb"] = settings.library_path.stat().st_size // 10**6
        figures["index_mb"] = round(_index_file(library).stat().st_size / 10**6, 1)
        figures |= _dense(library, np.load(folder / "queries.npy"))
        figures |= _whole(library, encoder, questions)
        figures["memory_mb"] = _memory("VmRSS")
        figures["reindex"] = _reindexed(library, base)
        return figures


def table(rows: Sequence[dict[str, Any]]) -> str:
    """The README's table."""
    lines = [
        "| passages | written, s | index built, s | library, MB | index, MB | memory, MB"
        " | all vectors p50/p99, ms | index p50/p99, ms | recall@10 | keyword p50/p99, ms"
        " | whole query p50/p99, ms | 10 files changed, s |",
        "|" + "---|" * 12,
    ]
    for row in rows:
        pairs = ("dense_every", "dense", "keyword", "whole")
        every, chosen, words, whole = (f"{row[n]['p50']}/{row[n]['p99']}" for n in pairs)
        lines.append(
            f"| {row['passages']:,} | {row['build_seconds']} | {row['publish']['cpu_seconds']}"
            f" | {row['library_mb']:,} | {row['index_mb']} | {row['memory_mb']} | {every}"
            f" | {chosen} | {row['recall_at_10']} | {words} | {whole}"
            f" | {row['reindex']['cpu_seconds']} |"
        )
    return "\n".join(lines)


class _Keyed:
    """The real encoder under the key of the synthetic vectors."""

    def __init__(self, encoder: Encoder) -> None:
        self.key, self.dimensions = KEY, encoder.dimensions
        self._encoder = encoder

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode(texts)


class _Instant:
    """Gives prepared vectors, so that only what is beside embedding is measured."""

    key = KEY

    def __init__(self, base: Vectors) -> None:
        self.dimensions = base.shape[1]
        self._base = base

    def encode(self, texts: Sequence[str]) -> Vectors:
        return scale_library.mixture(self._base, len(texts), seed=len(texts))


def _prepare(folder: Path) -> None:
    """Real vectors of some passages and of the questions, once for all sizes."""
    import numpy as np

    texts, questions = scale_library.texts_and_questions(CORPORA, PROJECT / "examples", QUERIES)
    source = prepare_encoder(Settings(home=folder))
    if source is None:
        raise SystemExit("the encoder is not installed: pip install -r requirements.txt")
    encoder = source.load()
    step = max(1, len(texts) // BASE_TEXTS)
    np.save(folder / "base.npy", encoder.encode([text[:BASE_CHARS] for text in texts[::step]]))
    np.save(folder / "queries.npy", encoder.encode(questions))


def _in_child(folder: str, passages: int) -> dict[str, Any] | None:
    """One size in its own process, so that its memory is its own; None without room."""
    if shutil.disk_usage(folder).free < passages * BYTES_PER_PASSAGE * 2:
        print(f"{passages:,} passages: not enough room in {folder}", file=sys.stderr)
        return None
    command = [sys.executable, "-m", "evaluate.scale", "--one", str(passages), "--folder", folder]
    done = subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE)
    row: dict[str, Any] = json.loads(done.stdout)
    print(json.dumps(row), file=sys.stderr)
    return row


def _dense(library: Library, queries: Vectors) -> dict[str, Any]:
    index = vector_files.opened(library, KEY)
    if index is None:
        raise RuntimeError("the vector file that was just published can't be opened")
    found: list[set[int]] = []

    def chosen(query: Vectors) -> None:
        with library.snapshot():
            pairs = dense.search(library, KEY, query, 100, Filters())
        found.append({passage_id for passage_id, _ in pairs[:10]})

    figures: dict[str, Any] = {
        "lists": index.index.lists,
        "dense_every": _timed(
            lambda query: faiss_index.search(index.index, query, 200, every_list=True), queries
        ),
        "dense": _timed(chosen, queries),
        "dense_filtered": {
            name: _timed(lambda query: _filtered(library, query, filters), queries)  # noqa: B023
            for name, filters in FILTERS.items()
        },
    }
    truth = _truth(library, queries)
    last = found[-len(queries) :]
    same = [len(truth[n] & last[n]) / 10 for n in range(len(queries))]
    return figures | {"recall_at_10": round(statistics.mean(same), 4)}


def _filtered(library: Library, query: Vectors, filters: Filters) -> None:
    with library.snapshot():
        dense.search(library, KEY, query, 100, filters)


def _truth(library: Library, queries: Vectors) -> list[set[int]]:
    """The ten nearest of each query among all stored vectors."""
    import numpy as np

    best_ids = np.zeros((len(queries), 0), dtype=np.int64)
    best = np.zeros((len(queries), 0), dtype=np.float32)
    for ids, matrix in vectors.stream(library, KEY, 0):
        best = np.concatenate([best, queries @ matrix.T], axis=1)
        best_ids = np.concatenate([best_ids, np.tile(ids, (len(queries), 1))], axis=1)
        order = np.argsort(-best, axis=1, kind="stable")[:, :10]
        best = np.take_along_axis(best, order, axis=1)
        best_ids = np.take_along_axis(best_ids, order, axis=1)
    return [set(row) for row in best_ids.tolist()]


def _whole(library: Library, encoder: Encoder | None, questions: Sequence[str]) -> dict[str, Any]:
    return {
        "keyword": _timed(
            lambda text: keyword.search(library.connection, text, 100, Filters()), questions
        ),
        "whole": _timed(lambda text: search(library, encoder, text), questions),
        "whole_filtered": _timed(
            lambda text: search(library, encoder, text, filters=FILTERS["half"]), questions
        ),
    }


def _reindexed(library: Library, base: Vectors) -> dict[str, float]:
    """Ten files read anew: everything but reading and embedding them."""
    instant = EncoderSource(KEY, lambda: _Instant(base))
    readings = scale_library.changed_readings(library, 10)

    def run() -> None:
        for reading in readings:
            embed.index_reading(library, reading, "/scale", instant)
        embed.finish(library, instant)

    return _timed_once(run)


def _timed_once(work: Callable[[], object]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {
        "cpu_seconds": round(time.process_time() - cpu, 2),
        "wall_seconds": round(time.perf_counter() - wall, 2),
    }


def _timed(work: Callable[[Any], object], items: Sequence[Any] | Vectors) -> dict[str, float]:
    """Medians over the runs of each run's p50 and p99, in milliseconds."""
    runs: dict[str, list[float]] = {name: [] for name in ("p50", "p99", "wall_p50", "wall_p99")}
    for item in items[:3]:
        work(item)  # the first ones open files and fill caches
    for _ in range(RUNS):
        wall, cpu = [], []
        for item in items:
            started, cpu_started = time.perf_counter(), time.process_time()
            work(item)
            cpu.append(1000 * (time.process_time() - cpu_started))
            wall.append(1000 * (time.perf_counter() - started))
        for name, values in (("", cpu), ("wall_", wall)):
            runs[f"{name}p50"].append(percentile(values, 0.5))
            runs[f"{name}p99"].append(percentile(values, 0.99))
    return {name: round(statistics.median(values), 1) for name, values in runs.items()}


def _index_file(library: Library) -> Path:
    generation = vector_files.current(library, KEY)
    if generation is None:
        raise RuntimeError("nothing was published")
    return library.settings.home / generation.file_name


def _memory(field: str) -> int | None:
    """MB of this process (VmRSS now, VmHWM at most); None where the platform doesn't tell."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return None
    return next((int(row.split()[1]) // 1000 for row in status.splitlines() if field in row), None)


if __name__ == "__main__":
    sys.exit(main())
