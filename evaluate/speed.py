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

from answer.ask import ClaimChecked, Finished, ask, ask_way
from answer.generator import LlamaGenerator
from answer.looking import EvidenceFound, Tools, load_models
from core.settings import Settings
from evaluate.datasets import load_questions
from index import build
from index.encoding.encoder import prepare_encoder
from index.store import open_library

PROJECT = Path(__file__).resolve().parent.parent
QUESTIONS = PROJECT / "examples" / "questions.jsonl"
RESULTS = PROJECT / "evaluate" / "results" / "speed.json"
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
    """Medians over the demo's answerable questions."""
    questions = [row["question"] for row in load_questions(QUESTIONS) if row["answerable"]]
    generator = ask_way(settings, model)
    memory: int | None = None
    try:
        with open_library(settings) as library:
            tools = Tools(library, load_models(settings), generator)
            list(ask(tools, questions[0]))  # loads the model, measures its threads once
            rows = [_timed(tools, question) for question in questions]
            if isinstance(generator, LlamaGenerator) and generator.process_id:
                memory = peak_megabytes(generator.process_id)
    finally:
        if generator is not None:
            generator.close()
    medians = {
        name: round(statistics.median(row[name] for row in rows if name in row), 2)
        for name in ("first evidence, s", "first drafted sentence, s", "whole answer, s")
        if any(name in row for row in rows)
    }
    if generator is not None:
        medians["answers with a drafted sentence that held"] = sum(row["held"] for row in rows)
        medians["of questions"] = len(rows)
    return {**({"peak memory of its process, MB": memory} if memory else {}), **medians}


def _timed(tools: Tools, question: str) -> dict[str, float]:
    """Seconds from the question to each stage; no drafted sentence where none was written."""
    started = time.perf_counter()
    row: dict[str, float] = {}
    for event in ask(tools, question):
        seconds = time.perf_counter() - started
        if isinstance(event, EvidenceFound):
            row["first evidence, s"] = seconds
        elif isinstance(event, ClaimChecked):
            row.setdefault("first drafted sentence, s", seconds)
        elif isinstance(event, Finished):
            row["whole answer, s"] = seconds
            row["held"] = event.answer.model is not None
            drafted = any(claim.verdict == "unsupported" for claim in event.answer.claims)
            if not drafted and event.answer.model is None:  # quotations alone
                row.pop("first drafted sentence, s", None)
    return row


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
