"""The app's own work for hours, in short: rounds of changes, indexing and questions.

Each round adds, edits, renames or deletes some files, has a child bring the library in step,
compares the library with a plain model of the folder (which files, which bytes, which paragraphs),
and asks ten questions answered by quotations and in every second round one that the default
writing model answers, with every citation checked against the file. The memory of the process
that asks is noted after each round; its growth over the second half counts only within one process.
"""

from __future__ import annotations

import hashlib
import os
import random
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from answer.session import QUOTATIONS, Sessions, SessionView
from evaluate.reading import megabytes_of
from evaluate.torture import world
from evaluate.torture.rounds import Line
from evaluate.torture.world import World
from index.store import open_library

ROUNDS = 200
ARTICLES = 60
WRITER = "smollm2-135m-instruct"  # the pinned wheel's
QUESTIONS = 10  # answered by quotations, in each round: 2,000
DRAFTED_EVERY = 2  # rounds: 100 questions for the model
MOST_GROWTH = 0.05  # of the memory, over the second half
_sessions: dict[Path, Sessions] = {}  # of this process: questions share what an app keeps


def one(folder: Path, number: int) -> Line:
    """One round on the library that the rounds before it left."""
    chosen = random.Random(number)
    here = _world(folder)
    changes = [world.change(here, chosen) for _ in range(chosen.randint(1, 5))]
    code, _, error = world.run(here, "sync")
    broken = [f"sync failed: {error[-300:]}"] if code else differences(here)
    asked = [(world.question(chosen), QUOTATIONS) for _ in range(QUESTIONS)]
    if number % DRAFTED_EVERY == 0:
        asked.append((world.question(chosen), WRITER))
    views = [_asked(here, question, model) for question, model in asked]
    for view in views:
        broken += _false(view)
    return {
        "changes": changes,
        "answered": sum(bool(view.answer and view.answer.claims) for view in views),
        "asked": len(views),
        "process": os.getpid(),
        "memory_mb": megabytes_of(os.getpid(), "VmRSS"),
        "broken": broken,
    }


def sums(lines: Sequence[Line]) -> Line:
    """The figures of all rounds, with the growth within the process that ran the most of them."""
    by_process: dict[int, list[int]] = {}
    for line in lines:
        by_process.setdefault(line["process"], []).append(line["memory_mb"])
    memory = max(by_process.values(), key=len, default=[])
    grown = growth(memory)
    return {
        "questions": sum(line["asked"] for line in lines),
        "answered": sum(line["answered"] for line in lines),
        "changes": sum(len(line["changes"]) for line in lines),
        "rounds_in_one_process": len(memory),
        "memory_growth_over_second_half": grown,
        "memory_stays": None if grown is None else grown < MOST_GROWTH,
    }


def growth(memory: Sequence[int]) -> float | None:
    """Share by which the memory of the last tenth stands above that right after the first half;
    None for too few rounds."""
    tenth = len(memory) // 10
    if not tenth:
        return None
    half = len(memory) // 2
    before = statistics.median(memory[half : half + tenth])
    return round(statistics.median(memory[-tenth:]) / before - 1, 4)


def differences(here: World) -> list[str]:
    """What the library holds otherwise than the folder, by the bytes and paragraphs of files."""
    there = {str(path): path for path in here.folder.rglob("*") if path.is_file()}
    found = []
    with open_library(here.settings) as library:
        known = {file.path: file for file in library.files()}
        found += [f"not in the library: {name}" for name in there.keys() - known.keys()]
        found += [f"no longer in the folder: {name}" for name in known.keys() - there.keys()]
        for name in there.keys() & known.keys():
            data = there[name].read_bytes()
            if known[name].sha256 != hashlib.sha256(data).hexdigest():
                found.append(f"other bytes: {name}")
            texts = "\n\n".join(article.text for article in library.articles(name))
            paragraphs = data.decode().split("\n\n")[2:]  # after headline and date
            missing = sum(part.strip() not in texts for part in paragraphs)
            found += [f"{missing} paragraphs are missing: {name}"] if missing else []
    return found


def _world(folder: Path) -> World:
    place = folder / "world"
    if place.exists():
        return world.with_real_encoder(world.reopened(place))
    here = world.with_real_encoder(world.make(place))
    world.write(here, 0, ARTICLES)
    code, _, error = world.run(here, "add", str(here.folder))
    if code:
        raise RuntimeError(error)
    return here


def _asked(here: World, question: str, model: str) -> SessionView:
    """The question's last state, after two minutes at most."""
    sessions = _sessions.setdefault(here.folder, Sessions(here.settings))
    session_id = sessions.start(question, model=model)
    end = time.monotonic() + 120
    while time.monotonic() < end:
        view = sessions.view(session_id)
        if view is not None and view.state in ("done", "failed", "stopped"):
            return view
        time.sleep(0.02)
    raise RuntimeError(f"No answer after two minutes: {question}")


def _false(view: SessionView) -> list[str]:
    """A failed question, and citations whose words don't stand in their file."""
    if view.state != "done" or view.answer is None:
        return [f"“{view.question}” ended as {view.state}: {view.error}"]
    wrong = []
    for citation in view.answer.citations:
        text = Path(citation.path).read_text(encoding="utf-8")
        if text[citation.start : citation.end] != citation.source_quote:
            wrong.append(f"words that do not stand in {citation.path}")
    return wrong
