"""Kills the process that indexes, at any moment: three hundred times, then lets it end.

A round indexes a folder into a new home in a child that is killed with SIGKILL at a random moment
while it reads, embeds, groups or publishes; in every third round what goes on is killed again.
Then the work is done to its end. Counts libraries that could not be read after a kill, files that
a reader had seen and that were gone, vectors that were told and had to be made again, batches
that were embedded twice (one for each kill is what it may cost), and files whose passages are not
those of an undisturbed run. Every hundredth round has the real encoder.
"""

from __future__ import annotations

import json
import random
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evaluate.torture import world
from evaluate.torture.rounds import Line
from evaluate.torture.world import World

ROUNDS = 300
ARTICLES = 90  # more than 256 passages, so that a second vector file is published as well
REAL_EVERY, REAL_ARTICLES = 100, 12
TWICE_EVERY = 3


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a library holds that has been committed."""

    files: frozenset[str]
    vectors: int
    told: int  # passages that its newest job says it has embedded


def one(folder: Path, number: int) -> Line:
    """One round, in a new home beside the library of the undisturbed run."""
    is_real = number % REAL_EVERY == REAL_EVERY - 1
    undisturbed = _undisturbed(folder, is_real)
    wanted = world.passages(undisturbed.settings)
    home = folder / "killed"
    shutil.rmtree(home, ignore_errors=True)
    here = replace(undisturbed, settings=replace(undisturbed.settings, home=home))
    chosen = random.Random(number)
    seconds = float((undisturbed.folder.parent / "seconds").read_text(encoding="utf-8"))
    broken: list[str] = []
    kills = 2 if number % TWICE_EVERY == 0 else 1
    runs = [folder / f"embedded-{run}" for run in range(kills + 1)]
    for file in runs:
        file.write_text("", encoding="utf-8")
    killed = sum(_kill(here, chosen, seconds, file, broken) for file in runs[:-1])
    lacking = _kept(undisturbed).vectors - _kept(here).vectors
    code, out, error = world.run(here, "add", str(here.folder), "--json", embedded=runs[-1])
    if code:
        broken.append(f"the work did not go on: {error.strip()[-300:]}")
        return {"killed": killed, "again": 0, "twice": 0, "broken": broken}
    again = json.loads(out)["embedded"] - lacking
    if again > 0:
        broken.append(f"{again} vectors were made again")
    batches = [_batches(file) for file in runs]
    twice = sum(map(sum, batches)) - sum(_batches(undisturbed.folder.parent / "embedded"))
    if twice > sum(each[-1] for each in batches[:-1] if each):
        broken.append(f"{twice} passages were embedded twice, more than a batch for each kill")
    broken += [f"other passages than undisturbed: {name}"
               for name in world.differing(wanted, world.passages(here.settings))]  # fmt: skip
    broken += _examined(here)
    return {"killed": killed, "again": max(0, again), "twice": twice, "broken": broken}


def sums(lines: Sequence[Line]) -> Line:
    """The figures of all rounds."""
    return {
        "kills_while_at_work": sum(line["killed"] for line in lines),
        "vectors_made_again": sum(line["again"] for line in lines),
        "rounds_with_a_batch_embedded_twice": sum(line["twice"] > 0 for line in lines),
        "more_than_a_batch_embedded_twice": _count(lines, "more than a batch"),
        "unreadable_libraries": _count(lines, "can't be read"),
        "files_lost": _count(lines, "was lost"),
        "files_other_than_undisturbed": _count(lines, "other passages"),
    }


def _count(lines: Sequence[Line], words: str) -> int:
    return sum(words in what for line in lines for what in line["broken"])


def _undisturbed(folder: Path, is_real: bool) -> World:
    """A folder of articles with the library of a run that nothing cut short, and its seconds."""
    place = folder / ("real" if is_real else "tiny")
    done = place / "seconds"
    if done.exists():
        here = world.reopened(place)
        return world.with_real_encoder(here) if is_real else here
    shutil.rmtree(place, ignore_errors=True)
    here = world.make(place)
    world.write(here, 0, REAL_ARTICLES if is_real else ARTICLES)
    here = world.with_real_encoder(here) if is_real else here
    for _ in range(2):  # the first one may make the encoder's fast form
        shutil.rmtree(here.settings.home, ignore_errors=True)
        (place / "embedded").write_text("", encoding="utf-8")
        child = world.start(here, "add", str(here.folder), embedded=place / "embedded")
        world.wait_for_lock(here, child)
        started = time.monotonic()
        _, error = child.communicate()
        if child.returncode:
            raise RuntimeError(error.decode(errors="replace"))
    done.write_text(str(time.monotonic() - started), encoding="utf-8")
    return here


def _batches(embedded: Path) -> list[int]:
    """Passages of each batch that a run began to embed. A line that a kill cut off is no batch."""
    whole = embedded.read_text(encoding="utf-8").rpartition("\n")[0]
    return [int(line) for line in whole.splitlines()]


def _kill(
    here: World, chosen: random.Random, seconds: float, embedded: Path, broken: list[str]
) -> bool:
    """Index until a random moment of the work; whether it was still at work then. What a reader
    sees just before must be there after it."""
    child = world.start(here, "add", str(here.folder), embedded=embedded)
    at_work = world.wait_for_lock(here, child)
    time.sleep(chosen.random() * seconds)
    seen = _kept(here)
    at_work = at_work and child.poll() is None
    child.kill()
    child.communicate()
    try:
        left = _kept(here)
    except Exception as error:  # noqa: BLE001 - every kind of failure is counted
        broken.append(f"the library can't be read: {type(error).__name__}: {error}")
        return at_work
    broken += [f"{Path(path).name} was lost" for path in seen.files - left.files]
    if left.vectors < max(seen.vectors, seen.told):
        broken.append(f"vectors were lost: {left.vectors} of {max(seen.vectors, seen.told)}")
    if not world.lock_is_free(here):
        broken.append("the lock outlived the process")
    return at_work


def _kept(here: World) -> _Kept:
    from index.store import open_library

    with open_library(here.settings) as library, library.snapshot():
        execute = library.connection.execute
        files = execute("SELECT path FROM files WHERE status = 'indexed'").fetchall()
        (vectors,) = execute("SELECT count(*) FROM vectors").fetchone()
        told = execute("SELECT passages_done FROM jobs ORDER BY job_id DESC LIMIT 1").fetchone()
        first = execute("SELECT count(*) FROM jobs").fetchone() == (1,)
    # A later job counts from zero again, on top of what stood there.
    return _Kept(frozenset(path for (path,) in files), vectors, told[0] if told and first else 0)


def _examined(here: World) -> list[str]:
    from index.keeping import doctor
    from index.store import open_library

    with open_library(here.settings) as library:
        problems = doctor.examine(library, None).problems
    left = [path.name for path in here.settings.home.glob("*.tmp")]
    return [f"doctor: {one.what} {one.path}".strip() for one in problems] + [
        f"left over: {name}" for name in left
    ]
