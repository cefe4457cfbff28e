"""Commands that make a backup of a library and put one back."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from commands.printing import Output, tell
from core.settings import Settings

Options = argparse.Namespace


def backup(settings: Settings, options: Options) -> Output:
    from answer.desk import FORMAT
    from index.keeping.backup import back_up

    made = back_up(settings, Path(os.path.abspath(options.folder)), FORMAT)
    for note in made.notes:
        tell(f"copied as it is in the library: {note}")
    files, size = len(made.contents.files), made.contents.size
    value = {
        "folder": str(made.folder),
        "created": made.contents.created,
        "files": files,
        "bytes": size,
        "notes": list(made.notes),
    }
    return value, f"{made.folder}: {files} files, {size} bytes, verified", 0


def restore(settings: Settings, options: Options) -> Output:
    from answer.desk import FORMAT
    from index.keeping.restore import restore as put_back

    done = put_back(settings, Path(os.path.abspath(options.folder)), FORMAT)
    value = {
        "home": str(settings.home),
        "created": done.contents.created,
        "files": len(done.contents.files),
        "bytes": done.contents.size,
        "set_aside": str(done.set_aside) if done.set_aside else None,
        "notes": [],
    }
    lines = [f"{settings.home} holds the backup of {done.contents.created}."]
    if done.set_aside:
        lines.append(f"What stood there is kept in {done.set_aside}.")
    return value, "\n".join(lines), 0
