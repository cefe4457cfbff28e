"""A disk that fills up while articles are indexed: twenty levels of free space, on a small tmpfs.

Each round indexes some articles, leaves the home a share of the room that the rest will need, and
indexes the rest. The failure must be named, what was indexed before must stand and be found while
the disk is full, and after room is made one `sync` must give what an undisturbed run gives.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from evaluate.torture import world
from evaluate.torture.rounds import Line
from evaluate.torture.world import World

ROUNDS = 20
FIRST, REST = 20, 150  # articles
NAMESPACE = ("unshare", "-rm")


def one(folder: Path, number: int) -> Line:
    """The home has room for `number` twentieths of what the rest of the articles adds to it."""
    if not shutil.which("unshare"):
        return {"broken": ["not installed: unshare"]}
    needed = _undisturbed(folder)
    place = folder / str(number)
    shutil.rmtree(place, ignore_errors=True)
    here = world.make(place)
    here.settings.home.mkdir()
    free = needed * number // ROUNDS
    child = [sys.executable, "-m", "evaluate.torture.disk_full", str(place), str(free)]
    done = subprocess.run(
        [*NAMESPACE, *child, str(folder / "passages.json")],
        cwd=world.PROJECT, capture_output=True, text=True,
    )  # fmt: skip
    shutil.rmtree(place, ignore_errors=True)
    if done.returncode:
        return {"free_kb": free // 1024, "broken": [f"the round failed: {done.stderr[-400:]}"]}
    line: Line = json.loads(done.stdout.splitlines()[-1])
    return {"free_kb": free // 1024, **line}


def sums(lines: Sequence[Line]) -> Line:
    """How many levels were too full, and whether all of them came through."""
    return {
        "runs_that_found_the_disk_full": sum(line.get("full", False) for line in lines),
        "files_lost": sum(line.get("lost", 0) for line in lines),
        "resumed": sum(line.get("resumed", False) for line in lines),
    }


@cache
def _undisturbed(folder: Path) -> int:
    """Bytes that the rest of the articles adds to a home with room enough; the passages of that
    run are written into the folder."""
    shutil.rmtree(folder / "whole", ignore_errors=True)
    here = world.make(folder / "whole")
    before = fill(here, FIRST)
    after = fill(here, FIRST + REST)
    held = {
        str(Path(path).relative_to(here.folder)): rows
        for path, rows in world.passages(here.settings).items()
    }
    (folder / "passages.json").write_text(json.dumps(held), encoding="utf-8")
    return after - before


def fill(here: World, count: int) -> int:
    """Index the first `count` articles of the round; gives the home's size in bytes."""
    world.write(here, 7, count)
    code, _, error = world.run(here, "add", str(here.folder))
    if code:
        raise RuntimeError(error)
    return sum(path.stat().st_size for path in here.settings.home.rglob("*") if path.is_file())
