"""What the torture breaks: a folder of made-up articles, and a library of it in a home.

Gives folders that follow from a number alone, changes to them, the commands that index them in a
child process, and what a library holds in a form that can be compared. Breaks nothing itself.
"""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from core import settings as core_settings
from core.settings import Settings
from evaluate.torture import tiny_encoder
from index.store import open_library

PROJECT = Path(__file__).resolve().parents[2]
_WHO = "the harbour master|a ferry captain|the bridge inspector|the mayor|a fisherman".split("|")
_DID = "closed|measured|repaired|sold|photographed|counted|described|reopened".split("|")
_WHAT = "the old pier|a cracked pin|the northern lock|forty crates|the signal lamp".split("|")
_WHEN = "on Monday|before the storm|in March 2024|at high water|without a permit".split("|")


@dataclass(frozen=True, slots=True)
class World:
    """A folder of articles and the home of their library, with the encoder that children use."""

    folder: Path
    settings: Settings


def make(place: Path) -> World:
    """An empty folder and an unused home below `place`, with a tiny encoder beside them."""
    here = reopened(place)
    here.folder.mkdir(parents=True)
    tiny_encoder.make(place / "tiny", positions=512)
    return here


def reopened(place: Path) -> World:
    """The world that `make` made there."""
    cache = place / "cache" / core_settings.APP_NAME
    return World(place / "articles", Settings(place / "home", encoder=place / "tiny", cache=cache))


def article(chosen: random.Random) -> str:
    """A headline, a date and some paragraphs, of our own words."""
    paragraphs = [
        " ".join(_sentence(chosen) for _ in range(5)) for _ in range(chosen.randint(1, 9))
    ]
    return "\n\n".join([_sentence(chosen).rstrip("."), "Published 2024-03-05", *paragraphs]) + "\n"


def with_real_encoder(world: World, fresh: bool = False) -> World:
    """The same world, for children and questions that use the app's own encoder; `fresh`: its
    fast form is made anew, as on the first start on a machine."""
    cache = world.settings.cache if fresh else None
    return replace(world, settings=replace(world.settings, encoder=None, cache=cache))


def question(chosen: random.Random) -> str:
    """A question that some of the articles may answer."""
    words = chosen.choice(_DID), chosen.choice(_WHAT), chosen.choice(_WHEN)
    return f"Who {' '.join(words)}?"


def write(world: World, seed: int, count: int) -> None:
    """`count` articles, named by their number, in folders of ten."""
    chosen = random.Random(seed)
    for number in range(count):
        path = world.folder / f"{number // 10:02}" / f"article-{number}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(article(chosen), encoding="utf-8")


def change(world: World, chosen: random.Random) -> str:
    """Add, edit, rename or delete one file of the folder; says which."""
    paths = sorted(path for path in world.folder.rglob("*") if path.is_file())
    done = chosen.choice(("add", "edit", "rename", "delete")) if len(paths) > 3 else "add"
    name = world.folder / f"{chosen.randint(0, 9):02}" / f"new-{chosen.getrandbits(40):x}.txt"
    if done in ("add", "rename"):
        name.parent.mkdir(exist_ok=True)
    if done == "add":
        name.write_text(article(chosen), encoding="utf-8")
        return done
    path = chosen.choice(paths)
    if done == "edit":
        path.write_text(article(chosen), encoding="utf-8")
    elif done == "rename":
        path.rename(name)
    else:
        path.unlink()
    return done


def start(world: World, *arguments: str, embedded: Path | None = None) -> subprocess.Popen[bytes]:
    """`cli.py ARGUMENTS` on the world's home, in a child with both outputs in pipes; `embedded`:
    a file that gets a line with the number of passages of each batch that is embedded."""
    counted = ("-m", "evaluate.torture.counted", str(embedded)) if embedded else ("cli.py",)
    return subprocess.Popen(
        [sys.executable, *counted, *arguments],
        cwd=PROJECT,
        env=environment(world),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def run(world: World, *arguments: str, embedded: Path | None = None) -> tuple[int, str, str]:
    """(exit code, stdout, stderr) of `cli.py ARGUMENTS`, run to its end."""
    child = start(world, *arguments, embedded=embedded)
    out, err = child.communicate()
    return child.returncode, out.decode(errors="replace"), err.decode(errors="replace")


def environment(world: World) -> dict[str, str]:
    """The environment of a child that works on this world."""
    values = {**os.environ, "SOURCEBOOK_HOME": str(world.settings.home)}
    values.pop("SOURCEBOOK_ENCODER", None)
    if world.settings.encoder is not None:
        values["SOURCEBOOK_ENCODER"] = str(world.settings.encoder)
    if world.settings.cache is not None:
        values["XDG_CACHE_HOME"] = str(world.settings.cache.parent)
    return values


def lock_is_free(world: World) -> bool:
    """Whether a writer could begin now."""
    from index.jobs import jobs

    return not jobs.is_running(world.settings)


def wait_for_lock(world: World, child: subprocess.Popen[bytes]) -> bool:
    """Whether the child came to hold the library's lock before it ended."""
    while child.poll() is None:
        if not lock_is_free(world):
            return True
        time.sleep(0.005)
    return False


def passages(settings: Settings) -> dict[str, list[str]]:
    """Hashes of each file's passages, in order: what two equal libraries have alike."""
    held: dict[str, list[str]] = {}
    with open_library(settings) as library:
        rows = library.connection.execute(
            "SELECT a.path, a.ordinal, p.start, p.end, p.text, p.embedded_sha256 FROM passages p"
            " JOIN articles a ON a.article_id = p.article_id ORDER BY a.path, a.ordinal, p.start"
        )
        for path, *values in rows:
            row = "\x00".join(map(str, values))
            held.setdefault(path, []).append(hashlib.sha256(row.encode()).hexdigest())
    return held


def differing(held: dict[str, list[str]], other: dict[str, list[str]]) -> list[str]:
    """Names of the files whose passages are not the same in both."""
    paths = {path for path in held.keys() | other.keys() if held.get(path) != other.get(path)}
    return sorted(Path(path).name for path in paths)


def _sentence(chosen: random.Random) -> str:
    words = (chosen.choice(_WHO), chosen.choice(_DID), chosen.choice(_WHAT), chosen.choice(_WHEN))
    text = f"{' '.join(words)} and wrote down the number {chosen.randint(2, 99999)}."
    return text[0].upper() + text[1:]
