"""A home on a disk that is then mounted for reading alone: `python -m … PLACE ARTICLES`.

Prints {"label": [exit code, stdout, stderr]} of commands, and what the page's first script shows.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import PROJECT
from tests.resources.commands import run

QUESTION = "Who closed the northern lock?"


def main(place, articles):
    home = Path(place) / "home"
    os.environ["SOURCEBOOK_HOME"] = str(home)
    subprocess.run(["mount", "-t", "tmpfs", "none", place], check=True)
    told = {"filled": run("add", articles)}
    run("ask", QUESTION, "--model", "none")
    log = home / "library.db-wal"
    # As after a kill: the log still holds rows that the database itself has not got.
    _leave_rows_in_log(home)
    told["log bytes"] = log.stat().st_size
    log.with_name("library.db-shm").unlink(missing_ok=True)
    subprocess.run(["mount", "-o", "remount,ro", place], check=True)
    for label, command in {
        "search": ["search", "cracked pin", "--json"],
        "ask": ["ask", QUESTION, "--model", "none", "--json"],
        "locate": ["locate", "a pin had cracked", "--json"],
        "status": ["status", "--json"],
        "doctor": ["doctor", "--json"],
        "answers": ["answers", "--json"],
        "add": ["add", str(Path(articles).parent)],
        "sync": ["sync"],
        "remove": ["remove", articles],
        "repair": ["doctor", "--repair"],
        "library": ["libraries", "create", "another"],
        "backup": ["backup", str(Path(place) / "copy")],
    }.items():
        told[label] = run(*command)
    told["page"] = _page()
    told["door"] = _door(home)
    sys.stdout.write("\n" + json.dumps(told) + "\n")


def _leave_rows_in_log(home):
    code = (
        "import os, sys\nfrom core.settings import load\nfrom index.store import open_library\n"
        "library = open_library(load(sys.argv[1]))\n"
        "library.connection.execute('PRAGMA wal_autocheckpoint = 0')\n"
        "with library.transaction():\n"
        "    library.connection.execute(\"UPDATE roots SET state = 'unavailable'\")\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(home)], check=True)


def _page():
    """(faults, how many parts) of the first page, drawn once."""
    from streamlit.testing.v1 import AppTest

    drawn = AppTest.from_file(str(PROJECT / "ui" / "main.py"), default_timeout=60).run()
    return [error.value for error in drawn.exception], len(drawn.main.children)


def _door(home):
    from core import door

    opened, problem = door.opened(home, 1000.0)
    key = opened.link(8501, 1000.0).rpartition("/")[2]
    return opened.admits(key, 8501, 1001.0, None), problem


if __name__ == "__main__":
    main(*sys.argv[1:])
