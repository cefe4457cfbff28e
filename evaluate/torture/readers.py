"""Reads while others write: half a minute a round, ten minutes in all.

Three threads search a library without pause, each with a connection that it keeps, while children
index a folder that changes all the time; some of the children are killed. Counts reads that
failed or gave words that do not stand in their article, writers that did not step aside within
two seconds where another had the lock, and locks that outlived a killed writer.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.records import Hit
from evaluate.torture import world
from evaluate.torture.rounds import Line
from evaluate.torture.world import World

ROUNDS = 20
SECONDS = 30.0  # of reading, in each round
READERS = 3
KILLS = 5  # in each round: a hundred in all
ARTICLES = 200
REFUSED_WITHIN_SECONDS = 2.0
QUERIES = ("cracked pin", "who closed the northern lock?", "forty crates before the storm", "mayor")


@dataclass(slots=True)
class Reading:
    """What the threads saw. Each adds to lists and counts of its own kind under the lock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    reads: int = 0
    failed: list[str] = field(default_factory=list)


def one(folder: Path, number: int) -> Line:
    """One round on the library that the rounds before it left."""
    here = _world(folder)
    chosen = random.Random(number)
    reading, stop = Reading(), threading.Event()
    threads = [
        threading.Thread(target=_read, args=(here, reading, stop, number * READERS + at))
        for at in range(READERS)
    ]
    for thread in threads:
        thread.start()
    try:
        writing = _write(here, chosen, time.monotonic() + SECONDS)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    refused_seconds = _refused(here)
    broken = [*reading.failed, *writing.pop("broken")]
    if refused_seconds is None or refused_seconds > REFUSED_WITHIN_SECONDS:
        broken.append(f"a second writer was not refused in time: {refused_seconds} s")
    return {"reads": reading.reads, "refused_s": refused_seconds, **writing, "broken": broken}


def sums(lines: Sequence[Line]) -> Line:
    """The figures of all rounds."""
    refusals = [line["refused_s"] for line in lines if line["refused_s"] is not None]
    return {
        "seconds_of_reading": SECONDS * len(lines),
        "reads": sum(line["reads"] for line in lines),
        "generations_published": sum(line["published"] for line in lines),
        "writers": sum(line["writers"] for line in lines),
        "writers_killed": sum(line["killed"] for line in lines),
        "locks_free_after_kill": sum(line["free"] for line in lines),
        "second_writer_refused_s": max(refusals, default=None),
    }


def _world(folder: Path) -> World:
    place = folder / "world"
    if place.exists():
        return world.reopened(place)
    here = world.make(place)
    world.write(here, 0, ARTICLES)
    code, _, error = world.run(here, "add", str(here.folder))
    if code:
        raise RuntimeError(error)
    return here


def _read(here: World, reading: Reading, stop: threading.Event, seed: int) -> None:
    """Search until told to stop. An error ends one connection, not the reading."""
    from index.encoding.encoder import load_encoder
    from index.search import search
    from index.store import open_library

    chosen = random.Random(seed)
    settings = here.settings
    encoder = load_encoder(settings)
    while not stop.is_set():
        try:
            with open_library(settings) as library:
                for _ in range(50):
                    hits = search(library, encoder, chosen.choice(QUERIES), 5).hits
                    _note(reading, [] if hits else ["a search found nothing"], hits)
                    if stop.is_set():
                        return
        except Exception as error:  # noqa: BLE001 - every kind of failure is counted
            _note(reading, [f"a read failed: {type(error).__name__}: {error}"], ())


def _note(reading: Reading, failed: list[str], hits: Sequence[Hit]) -> None:
    false = [
        f"words that do not stand in {hit.article.path}"
        for hit in hits
        if hit.article.text[hit.passage.start : hit.passage.end] != hit.passage.text
    ]
    with reading.lock:
        reading.reads += 1
        reading.failed += failed + false


def _write(here: World, chosen: random.Random, end: float) -> Line:
    """Change and index until `end`; a share of the children is killed while it works."""
    before, broken = _published(here), []
    writers = killed = free = 0
    while time.monotonic() < end or killed < KILLS:
        if chosen.random() < 0.3:  # all is new, so a new vector file is published
            world.write(here, chosen.getrandbits(32), ARTICLES)
        for _ in range(chosen.randint(1, 8)):
            world.change(here, chosen)
        child = world.start(here, "rebuild" if chosen.random() < 0.2 else "sync")
        writers += 1
        if killed < KILLS and world.wait_for_lock(here, child):
            time.sleep(chosen.random() * 0.2)
            child.kill()
            child.communicate()
            killed += 1
            free += world.lock_is_free(here)
            continue
        _, error = child.communicate()
        if child.returncode:
            broken.append(f"a writer failed: {error.decode(errors='replace').strip()[-300:]}")
    if free < killed:
        broken.append(f"{killed - free} locks outlived a killed writer")
    published = _published(here) - before
    return {
        "writers": writers, "killed": killed, "free": free, "published": published,
        "broken": broken,
    }  # fmt: skip


def _refused(here: World) -> float | None:
    """Seconds from the start of a second writer to its refusal; None where it was let in."""
    from filelock import FileLock

    with FileLock(here.settings.home / "library.lock"):
        started = time.monotonic()
        code, _, error = world.run(here, "sync")
        seconds = time.monotonic() - started
    return round(seconds, 2) if code and "Another indexing job" in error else None


def _published(here: World) -> int:
    """The number of the newest generation of vectors."""
    from index.store import open_library

    with open_library(here.settings) as library:
        rows = library.connection.execute("SELECT max(generation) FROM generations")
        return int(rows.fetchone()[0] or 0)
