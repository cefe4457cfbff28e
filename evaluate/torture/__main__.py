"""Breaks things on purpose and counts what is lost: `make torture PART=kill|disk|rot|…`.

`python -m evaluate.torture PART [--rounds N] [--minutes N] [--work DIR]` runs the rounds of one
part that are not done yet, notes each in DIR/PART.jsonl as it ends, and writes the part's sums to
evaluate/results/torture.json. Stopped at any time, it goes on where it was. Exit code 1: a promise
was broken; the lines of the rounds say which. `--again` forgets earlier rounds.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import tempfile
from pathlib import Path

from evaluate.torture import rounds

PARTS = ("kill", "disk", "rot", "readers", "offline", "fuzz", "edge", "endurance")
RESULTS = Path(__file__).resolve().parents[1] / "results" / "torture.json"
MINUTES = 38.0  # a part stays under forty, the last round included


def main(arguments: list[str] | None = None) -> int:
    """Run one part. Gives 0, or 1 when a round broke a promise."""
    asked = _parser().parse_args(arguments)
    part = importlib.import_module(f"evaluate.torture.{asked.part}")
    folder = asked.work / asked.part
    if asked.again:
        rounds.forget(folder)
    wanted = asked.rounds or part.ROUNDS
    lines = rounds.run(part.one, folder, wanted, asked.minutes * 60)
    sums = {"rounds": len(lines), "of": wanted, "broken": rounds.broken(lines), **part.sums(lines)}
    rounds.note(RESULTS, asked.part, sums)
    sys.stdout.write(json.dumps({asked.part: sums}, indent=1) + "\n")
    if len(lines) < wanted:
        left = wanted - len(lines)
        sys.stderr.write(f"{left} rounds are left: run this again to go on\n")
    return 1 if sums["broken"] else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluate.torture", description=__doc__)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--rounds", type=int, help="how many; else as many as the part is made of")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="begin no round after these")
    parser.add_argument("--again", action="store_true", help="forget the rounds already done")
    parser.add_argument(
        "--work",
        type=Path,
        default=Path(tempfile.gettempdir()) / "sourcebook-torture",
        help="where libraries are broken, and where rounds are noted",
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
