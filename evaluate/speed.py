"""How fast and how large: `python -m evaluate.speed` (or `make bench`).

Indexes the demo into a temporary home, asks its questions both ways and starts the
command line cold. Writes evaluate/results/speed.json and prints a table. Figures are
medians; they describe the machine at that moment, so compare ratios.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from answer.ask import EvidenceFound, Finished, Tools, ask, ask_way
from answer.generator import LlamaGenerator
from core.settings import Settings
from evaluate.datasets import load_questions
from index import build
from index.encoder import prepare_encoder
from index.store import open_library

PROJECT = Path(__file__).resolve().parent.parent
QUESTIONS = PROJECT / "examples" / "questions.jsonl"
RESULTS = PROJECT / "evaluate" / "results" / "speed.json"
ASKED = 10  # answerable questions of the demo
COLD_RUNS = 3
WRITER = "smollm2-135m-instruct"


def main() -> int:
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home))
        figures: dict[str, Any] = {"cores": os.cpu_count(), **_indexing(settings)}
        for model in ("none", WRITER):
            figures.update({f"{model}: {name}": v for name, v in _asking(settings, model).items()})
        figures["peak memory of this process, MB"] = peak_megabytes(os.getpid())
        figures.update(_cold(settings))
    RESULTS.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    for name, value in figures.items():
        print(f"| {name} | {value} |")
    return 0


def _indexing(settings: Settings) -> dict[str, float]:
    started = time.perf_counter()
    source = prepare_encoder(settings)
    if source is not None:
        source.load()
    loaded = time.perf_counter()
    with open_library(settings) as library:
        report = build.add(library, [str(PROJECT / "examples" / "articles")], source)
        again = build.sync(library, source)
    return {
        "encoder loaded, s": round(loaded - started, 1),
        "demo indexed, passages": report.passages,
        "demo indexed, passages/s": round(report.passages / report.seconds, 1),
        "second run, s": again.seconds,
        "second run, passages embedded": again.embedded,
    }


def _asking(settings: Settings, model: str) -> dict[str, float]:
    questions = [row["question"] for row in load_questions(QUESTIONS) if row["answerable"]][:ASKED]
    source = prepare_encoder(settings)
    generator = ask_way(settings, model)
    evidence, first, total = [], [], []
    memory: int | None = None
    try:
        with open_library(settings) as library:
            tools = Tools(library, source.load() if source else None, generator)
            list(ask(tools, questions[0]))  # loads the model, measures its threads once
            for question in questions:
                started = time.perf_counter()
                for event in ask(tools, question):
                    if isinstance(event, EvidenceFound):
                        evidence.append(time.perf_counter() - started)
                    elif isinstance(event, Finished):
                        first.append(event.answer.timings.first_sentence_seconds or 0.0)
                        total.append(event.answer.timings.total_seconds)
            if isinstance(generator, LlamaGenerator) and generator.process_id:
                memory = peak_megabytes(generator.process_id)
    finally:
        if generator is not None:
            generator.close()
    return {
        **({"peak memory of its process, MB": memory} if memory else {}),
        "first evidence, s": round(statistics.median(evidence), 2),
        "first sentence, s": round(statistics.median(first), 2),
        "whole answer, s": round(statistics.median(total), 2),
    }


def _cold(settings: Settings) -> dict[str, float]:
    """A new process for each: what a user at the command line waits."""
    commands = {
        "cold cli.py --help, s": ["--help"],
        "cold cli.py search, s": ["search", "bridge cracks"],
        "cold cli.py ask, s": ["ask", "Who found the cracks in the Gannet Bridge?"],
    }
    figures = {}
    for name, command in commands.items():
        seconds = []
        for _ in range(COLD_RUNS):
            started = time.perf_counter()
            subprocess.run(
                [sys.executable, "cli.py", "--home", str(settings.home), *command],
                cwd=PROJECT,
                check=True,
                capture_output=True,
            )
            seconds.append(time.perf_counter() - started)
        figures[name] = round(statistics.median(seconds), 2)
    return figures


def peak_megabytes(process_id: int) -> int | None:
    """The process's largest resident size so far; None where the platform doesn't tell.

    From /proc, since getrusage counts a child's copy of its parent too.
    """
    try:
        status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    except OSError:
        return None
    return next(
        (int(line.split()[1]) // 1024 for line in status.splitlines() if "VmHWM" in line), None
    )


if __name__ == "__main__":
    sys.exit(main())
