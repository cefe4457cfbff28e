"""Shows a file's folder in the desktop's file manager.

Runs one fixed program of the platform with the path as its single argument: no shell, no choice
of program, nothing of the file is opened. The caller makes sure that the path is one of the
library. Raises InputError where there is no file any more, or no desktop to show it on.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from core import members
from core.errors import InputError

NO_DESKTOP = (
    "There is no desktop here to show a folder on (the app runs without a screen). The file is {}."
)
GONE = "{} is not there any more. Look for it where it was moved to, then rescan the library."
FAILED = "The file manager did not start ({}). The file is {}."


def reveal(path: str) -> None:
    """Opens the folder of a file; of something in a container, that of the container."""
    file = Path(members.split(path)[0]).absolute()
    if not file.exists():
        raise InputError(GONE.format(file))
    command = command_for(file, sys.platform, os.environ)
    if command is None:
        raise InputError(NO_DESKTOP.format(file))
    try:
        # Its own session: the window outlives the app, and no signal of ours reaches it.
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise InputError(FAILED.format(error, file)) from error


def command_for(file: Path, platform: str, environment: Mapping[str, str]) -> Sequence[str] | None:
    """The program with its arguments; None where there is no desktop. `file` is absolute, so it
    can't be taken for an option."""
    if platform == "darwin":
        return ["/usr/bin/open", "-R", str(file)]
    if platform == "win32":
        return [str(Path(environment.get("SYSTEMROOT", r"C:\Windows")) / "explorer.exe"),
                f"/select,{file}"]  # fmt: skip
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        return None
    opener = shutil.which("xdg-open", path="/usr/local/bin:/usr/bin:/bin")
    return [opener, str(file.parent)] if opener else None
