"""Processes of a test, known by a mark in their environment, which children inherit."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

MARK = "SOURCEBOOK_TEST_PROCESSES"


def marked(mark: str) -> dict[int, str]:
    """Process ids with this mark and their command lines; zombies are not among them."""
    wanted, found = f"{MARK}={mark}".encode(), {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                if wanted in (folder / "environ").read_bytes().split(b"\0"):
                    command = (folder / "cmdline").read_bytes()
                    found[int(folder.name)] = command.replace(b"\0", b" ").decode()
            except OSError:  # gone meanwhile, or another user's
                continue
    return found


def left_after(mark: str, seconds: float = 5) -> dict[int, str]:
    """Those that are still there after so many seconds; waits no longer than it must."""
    deadline = time.monotonic() + seconds
    while (left := marked(mark)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def end(mark: str) -> None:
    """Kill all that are left of a test."""
    for left in marked(mark):
        try:
            os.kill(left, signal.SIGKILL)
        except ProcessLookupError:
            continue
