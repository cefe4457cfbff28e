"""How fast text is read, and in how much memory: `python -m evaluate.reading`.

Texts of 1 to 50 MB are made of the demo's articles and read in a process of their own,
once step by step and once through the reader that an indexing run uses; then 10,000 tiny
files, which must not make anything grow. Writes evaluate/results/reading.json and prints
a table. Speeds are per second of one core's time, so that they hold on a busy machine
too; compare ratios. The encoder takes no part.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

from core.settings import Settings
from ingest import articles, boilerplate, clean, formats, heads, line_model, metadata, passages
from ingest.read import read_file
from ingest.reader import Reader
from ingest.readers import text

PROJECT = Path(__file__).resolve().parent.parent
EXAMPLES = PROJECT / "examples" / "articles"
RESULTS = PROJECT / "evaluate" / "results" / "reading.json"
SIZES = (1, 5, 20, 50)  # MB of 1,000,000 bytes
LARGEST_BYTES = 64 * 2**20
TINY_FILES, FIRST_TINY_FILES = 10_000, 1_000
MENU = (
    "Home|News|World|Politics|Business|Weather|Sport|Culture|Small ads|Share on Facebook"
    "|Share by mail|Print|Read more|Advertisement|Sign up for our newsletter|Most popular"
    "|Related Articles|Leave a comment|Privacy policy"
).split("|")
SYLLABLES = "bar dem fol gra hin jor kel lam mor nus per rin sal tov ver wick".split()
NAMES_CHANGED, MENU_AFTER = 0.5, 0.15  # shares of the names, and of the paragraphs
_NAME = re.compile(r"\b[A-Z][a-z]{3,}\b")
_DIGIT = re.compile(r"\d")
STEPS: tuple[tuple[str, ModuleType, str], ...] = (
    ("decode", formats, "decode"),
    ("repair, clean, split into lines", text, "split_lines"),
    ("find heads of stories", heads, "find"),
    ("title, outlet, date", metadata, "read"),
    ("line rules", boilerplate, "label"),
    ("line model", line_model, "probabilities"),
    ("clean text and its runs", clean, "keep"),
    ("removed ranges", articles, "_removed"),
    ("sentences and passages", passages, "split"),
)


def main(arguments: list[str]) -> int:
    if arguments:
        print(json.dumps(read_in_steps(Path(arguments[0]))))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        sizes = {f"{size} MB": _measured(Path(folder), size) for size in SIZES}
        figures: dict[str, Any] = {
            "by size": sizes,
            "seconds per MB, 50 MB against 1 MB": round(
                sizes["1 MB"]["MB per second"] / sizes["50 MB"]["MB per second"], 2
            ),
            "tiny files": tiny_files(Path(folder) / "tiny"),
        }
    RESULTS.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    _show(figures)
    return 0


def realistic_text(least_bytes: int, seed: int = 1) -> str:
    """At least so many bytes of the demo's articles, again and again, each time with
    other numbers and names, and with menu lines between: hardly two paragraphs are equal."""
    random = Random(seed)
    stories = [
        (article.title, article.text.split("\n\n"))
        for path in sorted(EXAMPLES.iterdir())
        for article in read_file(str(path), LARGEST_BYTES).articles
    ]
    parts: list[str] = []
    size = 0
    while size < least_bytes:
        for line in _retold(random, *random.choice(stories)):
            parts.append(line)
            size += len(line.encode()) + 2
    return "\n\n".join(parts)


def _retold(random: Random, title: str, paragraphs: list[str]) -> Iterator[str]:
    yield from random.sample(MENU, 3)
    for paragraph in (title, *paragraphs):
        numbered = _DIGIT.sub(lambda _: random.choice("123456789"), paragraph)
        yield _NAME.sub(
            lambda name: _name(random) if random.random() < NAMES_CHANGED else name[0], numbered
        )
        if random.random() < MENU_AFTER:
            yield random.choice(MENU)


def _name(random: Random) -> str:
    return "".join(random.choices(SYLLABLES, k=random.randint(2, 3))).capitalize()


def _measured(folder: Path, megabytes: int) -> dict[str, Any]:
    """One size, read step by step and through the reader, each in a fresh process."""
    path = folder / f"{megabytes}.txt"
    path.write_text(realistic_text(megabytes * 10**6), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "evaluate.reading", str(path)],
        cwd=PROJECT,
        check=True,
        capture_output=True,
    )
    figures: dict[str, Any] = json.loads(done.stdout)
    started = time.perf_counter()
    with Reader(LARGEST_BYTES) as reader:
        (reading,) = reader.read(str(path))
        figures["through the reader, s"] = round(time.perf_counter() - started, 1)
        figures["the reader's process, peak MB"] = megabytes_of(reader.process_id, "VmHWM")
    figures["status"] = reading.file.status
    path.unlink()
    return figures


def read_in_steps(path: Path) -> dict[str, Any]:
    """Speed, share of each step and peak memory of reading `path` in this process."""
    seconds: dict[str, float] = {}
    inner = [0.0]  # of the steps that run inside another one, which has its own time only
    for name, module, function in STEPS:
        setattr(module, function, _timed(getattr(module, function), name, seconds, inner))
    read_file(str(next(EXAMPLES.glob("*.txt"))), LARGEST_BYTES)  # imports, weights
    seconds.clear()
    started = time.process_time()
    reading = read_file(str(path), LARGEST_BYTES)
    assert reading.file.status == "indexed", reading.file.reason
    count = sum(len(passages.split(article)) for article in reading.articles)
    total = time.process_time() - started
    shares = {name: round(value / total, 3) for name, value in seconds.items()}
    return {
        "MB per second": round(path.stat().st_size / 10**6 / total, 2),
        "passages": count,
        "peak MB": megabytes_of(os.getpid(), "VmHWM"),
        "shares": {**shares, "all else": round(1 - sum(shares.values()), 3)},
    }


def _timed(
    function: Callable[..., Any], name: str, seconds: dict[str, float], inner: list[float]
) -> Callable[..., Any]:
    @wraps(function)
    def timed(*arguments: Any, **named: Any) -> Any:
        started = time.process_time()
        inner.append(0.0)
        try:
            return function(*arguments, **named)
        finally:
            taken = time.process_time() - started
            seconds[name] = seconds.get(name, 0.0) + taken - inner.pop()
            inner[-1] += taken

    return timed


def tiny_files(folder: Path, count: int = TINY_FILES, first: int = FIRST_TINY_FILES) -> Any:
    """Memory in MB after the `first` files and after all `count` of them: of the process
    that reads them, and of one that builds a whole index of them, without an encoder."""
    from index import build
    from index.store import open_library

    folder.mkdir()
    words = realistic_text(count * 20).split()
    for number in range(count):
        told = " ".join(words[number * 3 : number * 3 + 40])
        (folder / f"{number}.txt").write_text(f"File {number}\n\n{told}.\n", encoding="utf-8")
    figures: dict[str, int | None] = {}
    with Reader(LARGEST_BYTES) as reader:
        for number, path in enumerate(sorted(folder.iterdir()), 1):
            (reading,) = reader.read(str(path))
            assert reading.file.status == "indexed"
            if number in (first, count):
                memory = megabytes_of(reader.process_id, "VmRSS")
                figures[f"the reader's process after {number}"] = memory

    def note(progress: build.Progress) -> bool:
        if progress.files_done in (first, count):
            memory = megabytes_of(os.getpid(), "VmRSS")
            figures[f"index build after {progress.files_done}"] = memory
        return True

    with tempfile.TemporaryDirectory() as home, open_library(Settings(home=Path(home))) as library:
        build.add(library, [str(folder)], None, note)
    return figures


def megabytes_of(process_id: int | None, field: str) -> int | None:
    """A process's resident size, now ("VmRSS") or at its peak ("VmHWM"); None where the
    platform doesn't tell."""
    try:
        status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    except OSError:
        return None
    return next((int(row.split()[1]) // 1024 for row in status.splitlines() if field in row), None)


def _show(figures: dict[str, Any]) -> None:
    for size, row in figures["by size"].items():
        print(f"| {size} |", " | ".join(f"{k}: {v}" for k, v in row.items() if k != "shares"))
    for name in figures["by size"]["50 MB"]["shares"]:
        shares = (row["shares"].get(name, 0.0) for row in figures["by size"].values())
        print(f"| {name} |", " | ".join(f"{share:.1%}" for share in shares))
    print("| seconds per MB, 50 MB against 1 MB |", figures["seconds per MB, 50 MB against 1 MB"])
    for name, memory in figures["tiny files"].items():
        print(f"| {name} | {memory} MB |")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
