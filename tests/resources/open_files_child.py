"""Commands with fewer and fewer open files to be had: `python -m … ARTICLES`.

Prints, for each number of files that could still be opened, [exit code, stderr] of each command;
and what the library held before and after, and what a last run did without a limit.
"""

import json
import os
import resource
import sys
from pathlib import Path

from tests.resources.commands import run

LIMIT = 128  # of this process; all but a few of them are taken
COMMANDS = {
    "search": ["search", "cracked pin"],
    "ask": ["ask", "Who closed the northern lock?", "--model", "none"],
    "status": ["status"],
}


def main(articles):
    resource.setrlimit(resource.RLIMIT_NOFILE, (LIMIT, LIMIT))
    run("add", str(Path(articles) / "0.txt"))
    for command in COMMANDS.values():  # imports are done, as in an app that runs
        run(*command)
    told = {"before": counts(), "short": {}}
    for left in range(15):
        taken = take_all_but(left)
        short = {label: run(*command) for label, command in COMMANDS.items()}
        if left < 12:
            short["add"] = run("add", articles)
        give_back(taken)
        told["short"][left] = {label: [code, error] for label, (code, _, error) in short.items()}
    told["after"] = counts()
    told["last"] = json.loads(run("add", articles, "--json")[1])["files"]
    sys.stdout.write("\n" + json.dumps(told) + "\n")


def take_all_but(left):
    taken = []
    try:
        while True:
            taken.append(os.open(os.devnull, os.O_RDONLY))
    except OSError:
        for _ in range(left):
            os.close(taken.pop())
    return taken


def give_back(taken):
    for one in taken:
        os.close(one)


def counts():
    return json.loads(run("status", "--json")[1])["files"]


if __name__ == "__main__":
    main(sys.argv[1])
