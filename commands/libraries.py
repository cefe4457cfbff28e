"""Commands for several libraries: which there are, a new one, another name.

A command works on one of them with `--home` and the folder that the list gives.
"""

from __future__ import annotations

import argparse

from commands.printing import Output
from core import libraries
from core.errors import InputError
from core.libraries import Entry
from core.settings import Settings

Options = argparse.Namespace


def libraries_list(settings: Settings, options: Options) -> Output:
    entries = libraries.listed(libraries.own(settings))
    lines = [f"{entry.name}: {entry.settings.home}" for entry in entries]
    return {"libraries": [_value(entry) for entry in entries]}, "\n".join(lines), 0


def libraries_create(settings: Settings, options: Options) -> Output:
    made = libraries.create(libraries.own(settings), options.name)
    return _value(made), f"{made.name}: use it with --home {made.settings.home}", 0


def libraries_rename(settings: Settings, options: Options) -> Output:
    mine = libraries.own(settings)
    wanted = options.name.casefold()
    found = [one for one in libraries.listed(mine) if one.name.casefold() == wanted]
    if not found:
        raise InputError(f"There is no library called “{options.name}”. `libraries list` has all.")
    renamed = libraries.rename(mine, found[0].key, options.new_name)
    return _value(renamed), f"{renamed.name}: {renamed.settings.home}", 0


def _value(entry: Entry) -> dict[str, str]:
    return {"name": entry.name, "home": str(entry.settings.home)}
