"""A drive that goes away while its articles are read: `python -m … PLACE`.

Prints what each run did, what the library then held, and the state of the folder.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from core.records import Filters
from core.settings import Settings
from index import build
from index.search import search
from index.store import open_library
from tests.resources.conftest import TEXT

FIRST, MORE = 6, 6


def main(place):
    place = Path(place)
    real, drive = place / "real", place / "drive"
    for folder in (real, drive):
        folder.mkdir()
    mount("-t", "tmpfs", "none", real)
    mount("--bind", real, drive)
    told = {}
    with open_library(Settings(home=place / "home")) as library:
        write(real, FIRST, "")
        told["first"] = stands(library, build.add(library, [str(drive)], None))
        write(real, FIRST + MORE, " The smith of Corby forged it.")
        told["away midway"] = stands(library, build.sync(library, None, unplug_after(drive, 2)))
        told["away"] = stands(library, build.sync(library, None))
        mount("--bind", real, drive)
        told["back"] = stands(library, build.sync(library, None))
        # A failing sector: reading this file of the kernel's gives a real EIO.
        mount("--bind", f"/proc/{os.getpid()}/mem", drive / "0.txt")
        told["unreadable"] = stands(library, build.sync(library, None))
        subprocess.run(["umount", drive / "0.txt"], check=True)
        told["readable"] = stands(library, build.sync(library, None))
    sys.stdout.write("\n" + json.dumps(told) + "\n")


def mount(*arguments):
    subprocess.run(["mount", *map(str, arguments)], check=True)


def write(folder, count, end):
    for number in range(count):
        (folder / f"{number}.txt").write_text(TEXT.format(number) + end)


def unplug_after(drive, files_done):
    """Takes the drive away once so many files are done."""

    def watch(progress):
        if progress.files_done == files_done:
            subprocess.run(["umount", "-l", drive], check=True)
        return True

    return watch


def stands(library, report):
    return {
        "files": report.files,
        "problems": [[Path(one.path).name, one.reason] for one in report.problems],
        "known": sorted(Path(file.path).name for file in library.files()),
        "statuses": sorted({file.status for file in library.files()}),
        "told": sum(bool(library.articles(file.path)) for file in library.files()),
        "found": len(search(library, None, "northern lock", 50, Filters()).hits) > 0,
        "new": sum("Corby" in (library.source_text(one.path) or "") for one in library.files()),
        "folder": library.folders()[0].state,
    }


if __name__ == "__main__":
    main(sys.argv[1])
