"""The commands of one offline round: `python -m evaluate.torture.offline_ask PLACE TRACE`.

Runs in whichever network it is started in, on the home that the environment names. The last line
it writes names the steps it has done.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from core import lifeline
from evaluate.torture import world
from evaluate.torture.offline import QUESTION, WRITER, end_with_the_part, traced


def main(place: Path, trace: Path) -> int:
    """Index, search, ask both ways, export and examine. Raises where a command fails."""

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [*traced(trace), sys.executable, "cli.py", *arguments],
            cwd=world.PROJECT,
            capture_output=True,
            text=True,
            preexec_fn=lifeline.tied("SIGKILL"),
        )
        if done.returncode:
            raise RuntimeError(f"{arguments}: {done.stderr.strip()[-400:]}")
        return done.stdout

    run("add", str(world.reopened(place).folder))
    if not json.loads(run("search", "northern lock", "--json"))["hits"]:
        raise RuntimeError("the search found nothing")
    answers = [
        json.loads(run("ask", QUESTION, "--model", model, "--json")) for model in ("none", WRITER)
    ]
    for answer in answers:
        if not answer["citations"]:
            raise RuntimeError("an answer without citations")
    if QUESTION not in run("export", answers[0]["answer_id"], "--format", "md"):
        raise RuntimeError("the export lacks its question")
    run("doctor")
    steps = ["index", "search", "ask, quotations", "ask, written", "export", "doctor"]
    sys.stdout.write("\n" + json.dumps(steps) + "\n")
    return 0


if __name__ == "__main__":
    end_with_the_part()
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2])))
