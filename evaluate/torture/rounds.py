"""The rounds of a torture part: each run once, noted as it ends, summed up in one report.

A part is a module with `ROUNDS` (how many it is made of), `one(folder, number)` (breaks something
in `folder`, chosen by the number alone, and gives its line) and `sums(lines)` (its figures).
A line is a dict of plain values; its `broken` is a list of sentences, empty where every promise
held. A part whose rounds build on each other keeps its state in `folder`, as files.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Line = dict[str, Any]


def run(one: Callable[[Path, int], Line], folder: Path, wanted: int, seconds: float) -> list[Line]:
    """The lines of rounds 0 … `wanted` - 1, those done before included. Begins no round after
    `seconds`; the rounds after it are left to the next call."""
    folder.mkdir(parents=True, exist_ok=True)
    noted = folder.with_suffix(".jsonl")
    lines = done(folder)[:wanted]
    end = time.monotonic() + seconds
    with noted.open("a", encoding="utf-8") as file:
        while len(lines) < wanted and time.monotonic() < end:
            line = {"round": len(lines), **one(folder, len(lines))}
            lines.append(line)
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            file.flush()
    return lines


def done(folder: Path) -> list[Line]:
    """The lines noted so far. A last line cut off by a kill doesn't count: it is run again."""
    noted = folder.with_suffix(".jsonl")
    if not noted.exists():
        return []
    whole = noted.read_text(encoding="utf-8").rpartition("\n")[0]
    noted.write_text(whole + "\n" if whole else "", encoding="utf-8")
    return [json.loads(line) for line in whole.splitlines()]


def forget(folder: Path) -> None:
    """Delete a part's rounds and what they left."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.with_suffix(".jsonl").unlink(missing_ok=True)


def broken(lines: Sequence[Line]) -> list[str]:
    """Every promise that did not hold, with its round."""
    return [f"round {line['round']}: {what}" for line in lines for what in line.get("broken", ())]


def note(report: Path, part: str, sums: Line) -> None:
    """Write one part's figures into the report, beside those of the others."""
    figures = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    text = json.dumps({**figures, part: sums}, indent=1, ensure_ascii=False, sort_keys=True)
    temporary = report.with_suffix(".part")
    temporary.write_text(text + "\n", encoding="utf-8")
    temporary.replace(report)
