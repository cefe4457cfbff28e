"""Fuzzing, forty minutes in all: what takes bytes from outside is given any.

Pure code runs under atheris, which looks for inputs that reach new code, one child for each slice
of time. Openers of native libraries (FAISS, llama.cpp) get real files with some bytes changed, in
a child for each: what ends there must not end its parent. Every input that breaks a law is kept
in the work folder and named in its line.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from evaluate.torture import world
from evaluate.torture.fuzz_targets import TARGETS
from evaluate.torture.rounds import Line

OPENERS = ("faiss", "gguf")
KINDS = (*TARGETS, *OPENERS)
SECONDS = 56  # of each slice
ROUNDS = 4 * len(KINDS)
EXAMPLES = world.PROJECT / "examples"


def one(folder: Path, number: int, seconds: int = SECONDS) -> Line:
    """One slice of one kind; the corpus of the slices before it is used again."""
    name = KINDS[number % len(KINDS)]
    place = folder / name.replace(" ", "-")
    if name in OPENERS:
        return _opened(name, place, number, seconds)
    _fill(place / "corpus", name)
    child = [sys.executable, "-m", "evaluate.torture.fuzz_child", name, str(seconds), str(place)]
    done = subprocess.run(
        child, cwd=world.PROJECT, capture_output=True, text=True, errors="replace"
    )
    runs = re.findall(r"^#(\d+)", done.stderr, re.MULTILINE)
    kept = [path.name for path in sorted(place.glob("*-*")) if path.is_file()]
    broken = []
    if done.returncode:
        said = re.findall(r"^\s*(\w*(?:Error|Exception)\b.*)$", done.stderr, re.MULTILINE)
        broken = [f"{name}: {(said or done.stderr.splitlines() or [''])[-1][:300]} {kept[-1:]}"]
    return {"kind": name, "inputs": int(runs[-1]) if runs else 0, "broken": broken}


def sums(lines: Sequence[Line]) -> Line:
    """Inputs tried, by kind, and children that an opener ended."""
    inputs = dict.fromkeys(KINDS, 0)
    for line in lines:
        inputs[line["kind"]] += line["inputs"]
    return {
        "seconds": SECONDS * len(lines),
        "inputs": inputs,
        "children_ended": sum(line.get("children_ended", 0) for line in lines),
    }


def _fill(corpus: Path, name: str) -> None:
    """The demo's texts and questions, so that fuzzing begins with what people have."""
    if corpus.exists():
        return
    corpus.mkdir(parents=True)
    for number, path in enumerate(sorted((EXAMPLES / "articles").rglob("*"))):
        if path.is_file():
            (corpus / f"article-{number}").write_bytes(path.read_bytes()[:4096])
    questions = (EXAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    for number, row in enumerate(questions):
        (corpus / f"question-{number}").write_bytes(row.encode())


def _opened(name: str, place: Path, number: int, seconds: int) -> Line:
    """A file with changed bytes opened again and again, each time in a child of this process."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    child = [sys.executable, "-m", "evaluate.torture.fuzz_openers", name, str(place)]
    done = subprocess.run(
        [*child, str(number), str(seconds)], cwd=world.PROJECT, capture_output=True, text=True
    )
    line = {"kind": name, "inputs": 0, "children_ended": 0, "broken": []}
    if done.returncode:
        line["broken"] = [f"{name}: the parent ended: {done.stderr.strip()[-300:]}"]
        return line
    inputs, ended, *broken = done.stdout.strip().splitlines()
    return {**line, "inputs": int(inputs), "children_ended": int(ended), "broken": broken}


def changed(data: bytearray, chosen: random.Random, within: int) -> None:
    """Change one to sixteen places among the first `within` bytes: a bit, a byte, or a number of
    eight bytes that is very large."""
    for _ in range(chosen.randint(1, 16)):
        at = chosen.randrange(min(within, len(data) - 8))
        kind = chosen.randrange(3)
        if kind == 0:
            data[at] ^= 1 << chosen.randrange(8)
        elif kind == 1:
            data[at] = chosen.randrange(256)
        else:
            data[at : at + 8] = (2 ** chosen.randrange(64)).to_bytes(8, "little")
