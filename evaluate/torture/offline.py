"""Everything with no network but loopback, and nothing else asked for where there is one.

Four rounds: the commands and the browser app, each in a network namespace of its own that has only
a loopback interface, and as they start by default. Each indexes, asks both ways, browses and
exports; the kernel's own list of calls (strace) tells every address that the app's processes
connected or sent to. The browser is not the app: its calls are not in the list.
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from core import lifeline
from evaluate.torture import world
from evaluate.torture.rounds import Line

ROUNDS = 4
ARTICLES = 12
WRITER = "smollm2-135m-instruct"  # the pinned wheel's
NAMESPACE = ("unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")
QUESTION = "Who closed the northern lock?"
# connect(3, {sa_family=AF_INET, … "93.184.216.34"…}, and AF_INET6's "::1"
_ADDRESS = re.compile(
    r'^.*?(?:connect|sendto|sendmsg|sendmmsg)\(.*?sa_family=AF_INET6?,.*?"([0-9a-fA-F:.]+)"'
)


def one(folder: Path, number: int, fresh: bool = True) -> Line:
    """Round 0 and 1: without a network; 2 and 3: with what the machine has. `fresh`: as on the
    first start on a machine."""
    without, in_browser = number < 2, bool(number % 2)
    missing = [name for name in _needed(without, in_browser) if not shutil.which(name)]
    if missing:
        return {"kind": "not run", "broken": [f"not installed: {', '.join(missing)}"]}
    place = folder / str(number)
    shutil.rmtree(place, ignore_errors=True)
    here = world.with_real_encoder(world.make(place), fresh)
    world.write(here, number, ARTICLES)
    trace = place / "calls"
    script = "evaluate.torture.offline_browse" if in_browser else "evaluate.torture.offline_ask"
    done = subprocess.run(
        [*(NAMESPACE if without else ()), sys.executable, "-m", script, str(place), str(trace)],
        cwd=world.PROJECT,
        capture_output=True,
        text=True,
        env=_as_users_have_it(world.environment(here)),
    )
    steps = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else []
    broken = [] if steps else [f"a step failed: {done.stderr.strip()[-500:]}"]
    outside = sorted(outside_loopback(trace.read_text(errors="replace"))) if steps else []
    broken += [f"the app called {address}" for address in outside]
    return {
        "kind": f"{'browser' if in_browser else 'commands'}, "
        f"{'only loopback' if without else 'default start'}",
        "steps": steps,
        "calls_outside_loopback": len(outside),
        "broken": broken,
    }


def sums(lines: Sequence[Line]) -> Line:
    """The kinds of rounds with their steps, and the calls outside loopback of all."""
    return {
        "steps": {line["kind"]: len(line.get("steps", ())) for line in lines},
        "calls_outside_loopback": sum(line.get("calls_outside_loopback", 0) for line in lines),
    }


def outside_loopback(trace: str) -> set[str]:
    """Addresses beyond this machine that stand in a list of calls as strace writes it."""
    found = (match[1] for line in trace.splitlines() if (match := _ADDRESS.match(line)))
    return {name for name in found if not _is_here(ipaddress.ip_address(name))}


def traced(trace: Path) -> tuple[str, ...]:
    """What to put before a command, so that its network calls stand in `trace`. The command keeps
    its process id (-D), so that it can be ended as usual."""
    calls = "trace=connect,sendto,sendmsg,sendmmsg"
    return ("strace", "-D", "-f", "-A", "-s", "64", "-e", calls, "-o", str(trace))


def end_with_the_part() -> None:
    """For a round's own process: where the part is killed, it must leave no traced app behind."""
    if (tie := lifeline.tied("SIGKILL", os.getppid())) is not None:
        tie()


def _as_users_have_it(environment: dict[str, str]) -> dict[str, str]:
    """Without what tells libraries that this is a test, or that there is no network."""
    quiet = ("CI", "GITHUB_ACTIONS", "TF_BUILD", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
    return {name: value for name, value in environment.items() if name not in quiet}


def _is_here(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_loopback)


def _needed(without: bool, in_browser: bool) -> list[str]:
    return [
        "strace",
        *(["unshare", "ip"] if without else []),
        *(["chromium"] if in_browser else []),
    ]
