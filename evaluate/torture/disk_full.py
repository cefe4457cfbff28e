"""One round on a full disk: `python -m evaluate.torture.disk_full PLACE FREE EXPECTED`.

To be run in a mount namespace of its own: it mounts a tmpfs on the home. Its last line is the
round's line as JSON. EXPECTED names the passages of an undisturbed run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from evaluate.torture import world
from evaluate.torture.disk import FIRST, REST, fill
from evaluate.torture.rounds import Line
from evaluate.torture.world import World

SIZE_MB = 96
NAMED = ("disk is full", "No space left")
FILLER = "filler"
QUESTION = "Who closed the northern lock?"


def main(place: Path, free: int, expected: Path) -> int:
    """Fill the disk, index, look, make room, index again."""
    here = world.reopened(place)
    home = here.settings.home
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "none", str(home)]
    subprocess.run(mount, check=True)
    fill(here, FIRST)
    known = set(world.passages(here.settings))
    world.write(here, 7, FIRST + REST)
    _leave(home, free)
    line = _while_full(here, known)
    (home / FILLER).unlink()
    code, _, error = world.run(here, "sync")
    line["broken"] += [f"it did not go on: {error[-300:]}"] if code else []
    whole = json.loads(expected.read_text(encoding="utf-8"))
    wanted = {str(here.folder / name): rows for name, rows in whole.items()}
    other = world.differing(world.passages(here.settings), wanted)
    line["broken"] += [f"other passages than in an undisturbed run: {name}" for name in other]
    code, out, _ = world.run(here, "doctor")
    line["broken"] += [f"doctor: {out[-300:]}"] if code else []
    line["resumed"] = not other
    sys.stdout.write("\n" + json.dumps(line) + "\n")
    return 0


def _while_full(here: World, known: set[str]) -> Line:
    """Index with too little room. The failure is named; what was there is there and is found."""
    code, _, error = world.run(here, "sync")
    broken = []
    if code and not any(words in error for words in NAMED):
        broken.append(f"the failure is not named: {error.strip()[-300:]}")
    code_of_search, out, error_of_search = world.run(here, "search", "cracked pin", "--json")
    if code_of_search or not json.loads(out)["hits"]:
        broken.append(f"nothing is found on a full disk: {error_of_search.strip()[-300:]}")
    code_of_ask, out, error_of_ask = world.run(here, "ask", QUESTION, "--model", "none", "--json")
    if code_of_ask or not json.loads(out)["citations"]:
        broken.append(f"nothing is answered on a full disk: {error_of_ask.strip()[-300:]}")
    lost = known - set(world.passages(here.settings))
    broken += [f"lost: {path}" for path in sorted(lost)]
    return {"full": bool(code), "lost": len(lost), "broken": broken}


def _leave(home: Path, free: int) -> None:
    """Take all room of the disk but `free` bytes."""
    disk = os.statvfs(home)
    taken = disk.f_bavail * disk.f_frsize - free
    with (home / FILLER).open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, taken))


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
