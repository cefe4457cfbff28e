"""Damages files of a library: a thousand flipped bits, cuts, zeroed pages and exchanged files.

A round damages copies of one library ten times, each time once: library.db, the vector file, or
a GGUF. After each damage the library is searched, examined and repaired in this process. Counts
words on a page that stand in no file, changes of stored values or of hits that `doctor` did not
find, errors without a name, and libraries that the repair did not bring back; damage of bytes
that nothing uses is counted apart.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import AppError, ModelError
from core.settings import Settings
from evaluate.torture import world
from evaluate.torture.rounds import Line
from evaluate.torture.world import World

if TYPE_CHECKING:
    from index.encoding.encoder import EncoderSource

ROUNDS = 100
AT_ONCE = 10
ARTICLES = 30
PAGE_BYTES = 4096
GGUF_SHARE = 0.05
LIBRARY_SHARE = 0.8  # of the rest; the others hit the vector file
QUERIES = ("cracked pin", "who closed the northern lock?", "forty crates before the storm", "mayor")
INNER = ("passages_fts", "sqlite_")  # tables that are looked at through others

Shown = list[tuple[Any, ...]]


def one(folder: Path, number: int) -> Line:
    """One round on copies of the library that the first one made."""
    here = _pristine(folder)
    chosen = random.Random(number)
    lines = []
    for at in range(AT_ONCE):
        if chosen.random() < GGUF_SHARE:
            lines.append(_model(here, chosen, folder / "model"))
        else:
            lines.append(_library(here, chosen, folder / f"home-{number}-{at}"))
    names = ("models", "models_skipped", "unused", "found", "repaired", "lost")
    counts = {name: sum(line.get(name, 0) for line in lines) for name in names}
    return {**counts, "broken": [what for line in lines for what in line["broken"]]}


def sums(lines: Sequence[Line]) -> Line:
    """The figures of all rounds."""
    names = ("found", "repaired", "lost", "unused", "models", "models_skipped")
    return {
        "mutations": AT_ONCE * len(lines),
        **{name: sum(line[name] for line in lines) for name in names},
        "wrong_words_on_a_page": _count(lines, "wrong words"),
        "not_found": _count(lines, "did not find"),
        "not_repaired": _count(lines, "repair"),
        "errors_without_a_name": _count(lines, "no name"),
    }


def damage(path: Path, chosen: random.Random, other: bytes) -> str:
    """Change the file in one way; says which. `other`: what it may be exchanged for, which
    leaves nothing of it."""
    data = bytearray(path.read_bytes())
    kind = chosen.choices(("bit", "cut", "page", "exchange"), (0.7, 0.1, 0.17, 0.03))[0]
    place = chosen.randrange(len(data))
    if kind == "bit":
        data[place] ^= 1 << chosen.randrange(8)
    elif kind == "cut":
        del data[place:]
    elif kind == "page":
        start = place // PAGE_BYTES * PAGE_BYTES
        data[start : start + PAGE_BYTES] = bytes(len(data[start : start + PAGE_BYTES]))
    else:
        path.write_bytes(other)
        return f"exchange of {path.suffix}"
    path.write_bytes(data)
    return f"{kind} at {place} of {path.suffix}"


def _count(lines: Sequence[Line], words: str) -> int:
    return sum(words in what for line in lines for what in line["broken"])


def _pristine(folder: Path) -> World:
    place = folder / "world"
    done = place / "done"
    if done.exists():
        return world.reopened(place)
    shutil.rmtree(place, ignore_errors=True)
    here = world.make(place)
    world.write(here, 0, ARTICLES)
    code, _, error = world.run(here, "add", str(here.folder))
    if code:
        raise RuntimeError(error)
    done.touch()
    return here


def _library(here: World, chosen: random.Random, home: Path) -> Line:
    """Damage a copy of the library once, then use, examine and repair it."""
    from index.encoding.encoder import encoder_source

    # A home of its own each time: what is remembered of one must not cover for another.
    shutil.rmtree(home, ignore_errors=True)  # of a run that was cut short
    shutil.copytree(here.settings.home, home)
    there = replace(here.settings, home=home)
    source = encoder_source(there)
    (vectors,) = home.glob("vectors-*.faiss")
    files = [there.library_path, vectors]
    if chosen.random() > LIBRARY_SHARE:
        files.reverse()
    what = damage(files[0], chosen, files[1].read_bytes())
    line: Line = {"broken": []}
    hits = _named(line, what, lambda: _shown(there, source))
    true = _shown(here.settings, source)
    listed = _named(line, what, lambda: _listed(there))
    is_true = hits is None or _is_true(hits, here.settings)
    if not is_true or not (listed or set()) <= _listed(here.settings):
        line["broken"].append(f"{what}: wrong words on a page")
    is_found = _named(line, what, lambda: _is_found(there))
    changed = hits != true or _dump(there) != _dump(here.settings)
    if is_found is False:
        line["unused"] = int(not changed)
        if changed:
            line["broken"].append(f"{what}: doctor did not find it")
    else:
        line["found"] = 1
        _repair(line, what, here.settings, there, source)
    shutil.rmtree(home, ignore_errors=True)
    return line


def _repair(
    line: Line, what: str, pristine: Settings, there: Settings, source: EncoderSource | None
) -> None:
    """The truth has survived: the articles' files are all there."""
    from index.keeping import repair

    try:
        repair.repair(there, source)
        whole = world.passages(there) == world.passages(pristine) and not _is_found(there)
    except (AppError, sqlite3.Error) as error:
        if what == f"exchange of {there.library_path.suffix}":
            line["lost"] = 1  # another file stands there: nothing has survived, and it says so
        else:
            line["broken"].append(f"{what}: no repair: {error}")
        return
    except Exception as error:  # noqa: BLE001 - just this is counted
        line["broken"].append(f"{what}: a repair with no name: {type(error).__name__}: {error}")
        return
    line["repaired"] = int(whole)
    if not whole:
        line["broken"].append(f"{what}: the repair left it damaged")


def _model(here: World, chosen: random.Random, place: Path) -> Line:
    """Damage a copy of the writing model: it must not be opened."""
    from core import modelfiles

    model = modelfiles.find_gguf(here.settings)
    if model is None:
        return {"models_skipped": 1, "broken": []}
    place.mkdir(exist_ok=True)
    copy = place / model.path.name
    shutil.copyfile(model.path, copy)
    with copy.open("r+b") as file:
        at = chosen.randrange(copy.stat().st_size)
        file.seek(at)
        byte = file.read(1)
        file.seek(at)
        file.write(bytes([byte[0] ^ 1 << chosen.randrange(8)]))
    try:
        modelfiles.check_hash(copy, modelfiles.sha256_of(model.path), here.settings)
    except ModelError:
        return {"models": 1, "broken": []}
    finally:
        copy.unlink()
    return {"models": 1, "broken": [f"doctor did not find a flip at {at} of {copy.name}"]}


def _named(line: Line, what: str, work: Callable[[], Any]) -> Any:
    """What the work gives; None where it failed by name."""
    try:
        return work()
    except (AppError, sqlite3.Error):  # both are told on a page
        return None
    except Exception as error:  # noqa: BLE001 - just this is counted
        line["broken"].append(f"{what}: an error with no name: {type(error).__name__}: {error}")
        return None


def _shown(settings: Settings, source: EncoderSource | None) -> Shown:
    """What the queries bring to a page."""
    from index.search import search
    from index.store import open_library

    encoder = source.load() if source else None
    with open_library(settings) as library:
        return [
            (query, hit.article.path, hit.passage.start, hit.passage.text, hit.article.spans)
            for query in QUERIES
            for hit in search(library, encoder, query, 5).hits
        ]


def _listed(settings: Settings) -> set[tuple[object, ...]]:
    """What lists of files and stories, and the map, bring to a page."""
    from index.store import open_library
    from index.views import map as library_map
    from index.views.file_list import FileQuery, file_page
    from index.views.story_list import story_page

    with open_library(settings) as library:
        files = file_page(library, FileQuery()).files
        copies = [copy for story in story_page(library).stories for copy in story.copies]
        points = library_map.made(library).points
    shown: set[tuple[object, ...]] = {(file.path, file.status, file.reason) for file in files}
    shown |= {(copy.path, copy.title, copy.published) for copy in copies}
    shown |= {(point.path, point.title, point.published) for point in points}
    return shown


def _is_true(shown: Shown, pristine: Settings) -> bool:
    """Whether all that is shown stands so in the articles, whose offsets are the right ones."""
    from index.store import open_library

    with open_library(pristine) as library:
        true = {path: library.articles(path) for _, path, *_ in shown}
    return all(
        any(
            text == article.text[start : start + len(text)] and spans == article.spans
            for article in true[path]
        )
        for _, path, start, text, spans in shown
    )


def _is_found(settings: Settings) -> bool:
    from index.keeping import doctor
    from index.store import open_library

    with open_library(settings) as library:
        return bool(doctor.examine(library, None).problems)


def _dump(settings: Settings) -> dict[str, list[str]] | str:
    """Every stored value; a library that can't be read is like no other."""
    from index.keeping.doctor import any_text
    from index.store import open_library

    try:
        with open_library(settings) as library, any_text(library):
            names = library.connection.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
            ).fetchall()
            return {
                name: sorted(
                    map(repr, library.connection.execute(f"SELECT * FROM {name}").fetchall())
                )
                for (name,) in names
                if not name.startswith(INNER)
            }
    except (AppError, sqlite3.Error) as error:
        return repr(error)
