"""Several libraries, kept apart: their names, and where each one lives.

Beside the user's own library (`…/library`) stands a folder of others (`…/library-others`), one
folder each, with articles, answers, jobs and uploads of its own; models are shared. A name is
only ever a label, kept in the library's own folder (`library.json`): renaming moves nothing,
so a library in use can be renamed, and a folder that is copied in brings its name along.
Opens no library; knows nothing of the demo but that its name is taken.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from core.errors import InputError, LibraryError
from core.settings import Settings

NAME_FILE = "library.json"
SUFFIX = "-others"
OWN = ""  # the key of the user's own library
OWN_NAME = "My articles"
DEMO, DEMO_NAME = "demo", "Demo"  # the demo's key, which no library has
NAME_CHARS = 60
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")  # what a folder may be called: never a path
_MOST_BYTES = 4096  # of a name file


@dataclass(frozen=True, slots=True)
class Entry:
    """A library of the list. `key` names it in addresses and is its folder's name."""

    key: str
    name: str
    settings: Settings


def listed(mine: Settings) -> list[Entry]:
    """The user's own library first, then the others by name. `mine`: settings of the own one."""
    own = Entry(OWN, _name_in(mine.home) or OWN_NAME, mine)
    others = [
        Entry(folder.name, _name_in(folder) or folder.name, _other(mine, folder))
        for folder in _folders(mine)
    ]
    return [own, *sorted(others, key=lambda entry: (entry.name.casefold(), entry.key))]


def find(mine: Settings, key: str) -> Entry | None:
    """The library with this key, which may be anyone's text; None where there is none."""
    return next((entry for entry in listed(mine) if entry.key == key), None)


def create(mine: Settings, name: str) -> Entry:
    """An empty library. Raises InputError for a name that can't be one or is taken."""
    label = _free_name(mine, name, OWN, is_new=True)
    key = _free_key(mine, label)
    folder = _root(mine) / key
    try:
        folder.mkdir(mode=0o700, parents=True)
        _write_name(folder, label)
    except OSError as error:
        raise _not_written(folder, error) from error
    return Entry(key, label, _other(mine, folder))


def rename(mine: Settings, key: str, name: str) -> Entry:
    """Gives a library another name; its folder stays where it is."""
    entry = find(mine, key)
    if entry is None:
        raise InputError("That library is not there any more. Reload the page.")
    label = _free_name(mine, name, key)
    try:
        entry.settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_name(entry.settings.home, label)
    except OSError as error:
        raise _not_written(entry.settings.home, error) from error
    return replace(entry, name=label)


def joined(settings: Settings) -> Settings:
    """Settings whose home was named by its folder: one of the others uses the models of the
    library that it stands beside."""
    mine = own(settings)
    return settings if mine is settings else replace(settings, models_folder=mine.models_path)


def own(settings: Settings) -> Settings:
    """The user's own library, beside which this one stands, or which it is."""
    root = settings.home.parent
    if not root.name.endswith(SUFFIX) or not (settings.home / NAME_FILE).is_file():
        return settings
    return replace(settings, home=root.with_name(root.name.removesuffix(SUFFIX)))


def checked_name(name: str) -> str:
    """The name as it is kept. Raises InputError where it can't be one."""
    label = " ".join(unicodedata.normalize("NFC", name).split())
    if not label:
        raise InputError("The library needs a name. Type one, like “Harbour inquiry”.")
    if len(label) > NAME_CHARS:
        raise InputError(f"The name is longer than {NAME_CHARS} characters. Give a shorter one.")
    if any(unicodedata.category(one)[0] == "C" for one in label):
        raise InputError("The name holds characters that can't be seen. Type it again.")
    if any(one in label for one in '/\\<>:"|?*') or label.startswith("."):
        raise InputError(
            "A name can't hold / \\ < > : \" | ? * or begin with a full stop. Give another one."
        )
    return label


def _root(mine: Settings) -> Path:
    return mine.home.with_name(mine.home.name + SUFFIX)


def _other(mine: Settings, folder: Path) -> Settings:
    return replace(mine, home=folder, models_folder=mine.models_path)


def _folders(mine: Settings) -> Iterator[Path]:
    """Folders that hold a library, or are to hold one; a link is none."""
    try:
        with os.scandir(_root(mine)) as found:
            entries = list(found)
    except OSError:
        return
    for entry in entries:
        folder = Path(entry.path)
        is_named = _KEY.fullmatch(entry.name) and entry.name != DEMO
        if is_named and entry.is_dir(follow_symlinks=False) and _holds_one(folder):
            yield folder


def _holds_one(folder: Path) -> bool:
    try:
        return (folder / NAME_FILE).exists() or (folder / "library.db").exists()
    except OSError:  # a folder that may not be read hides no other library
        return False


def _free_name(mine: Settings, name: str, key: str, is_new: bool = False) -> str:
    label = checked_name(name)
    taken = {entry.name.casefold() for entry in listed(mine) if is_new or entry.key != key}
    if label.casefold() in taken | {DEMO_NAME.casefold()}:
        raise InputError(f"There is already a library called “{label}”. Give another name.")
    return label


def _free_key(mine: Settings, label: str) -> str:
    """A folder's name that no library has had: its letters where they are plain, and a mark,
    so that no name is one that a system keeps for itself (con, nul)."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "library"
    mark = hashlib.sha256(label.encode()).hexdigest()[:6]
    key, count = f"{words}-{mark}", 1
    while (_root(mine) / key).exists():
        count += 1
        key = f"{words}-{mark}-{count}"
    return key


def _name_in(folder: Path) -> str:
    """The name that stands in the folder; "" where none does or it can't be one."""
    try:
        with (folder / NAME_FILE).open("rb") as file:
            value = json.loads(file.read(_MOST_BYTES))
        return checked_name(value["name"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError, InputError):
        return ""


def _write_name(folder: Path, label: str) -> None:
    """All or nothing: a new file takes the old one's place."""
    new = folder / f".{NAME_FILE}.new"
    with new.open("w", encoding="utf-8") as file:
        json.dump({"name": label}, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    new.replace(folder / NAME_FILE)


def _not_written(folder: Path, error: OSError) -> LibraryError:
    return LibraryError(
        f"{folder} can't be written: {error.strerror or error}. Free space there, or allow the app "
        "to write, and try again."
    )
