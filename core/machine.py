"""How much memory and disk this machine has, in bytes.

Portable without a package of its own: /proc and control groups on Linux, sysconf and
`vm_stat` on macOS, kernel32 on Windows. None where the system does not tell.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CONTROL_GROUP = Path("/sys/fs/cgroup")  # of a container, or of a service with a limit


@dataclass(frozen=True, slots=True)
class Memory:
    total_bytes: int | None
    free_bytes: int | None  # what a new process can have without pushing others out


def memory() -> Memory:
    """This machine's memory now, or what this process may use of it where that is less."""
    if sys.platform == "win32":
        return _windows()
    if sys.platform == "darwin":
        return Memory(_sysconf_total(), _mac_free(_vm_stat()))
    try:
        found = _linux(Path("/proc/meminfo").read_text(encoding="ascii"))
    except OSError:  # another Unix
        return Memory(_sysconf_total(), None)
    return _within_limit(found, CONTROL_GROUP)


def free_disk_bytes(folder: Path) -> int:
    """Free bytes for this user where `folder` is, or will be. Raises OSError."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _linux(meminfo: str) -> Memory:
    """From the text of /proc/meminfo."""
    rows = {name: int(kb) * 1024 for name, kb in re.findall(r"^(\w+):\s+(\d+) kB", meminfo, re.M)}
    return Memory(rows.get("MemTotal"), rows.get("MemAvailable", rows.get("MemFree")))


def _within_limit(found: Memory, group: Path) -> Memory:
    """A container sees the whole machine's memory, yet is killed at its own limit."""
    try:
        limit = int((group / "memory.max").read_text(encoding="ascii"))
        used = int((group / "memory.current").read_text(encoding="ascii"))
        counts = (group / "memory.stat").read_text(encoding="ascii")
    except (OSError, ValueError):  # no such group, or "max": no limit
        return found
    cache = re.search(r"^inactive_file (\d+)$", counts, re.M)
    free = max(0, limit - used + (int(cache[1]) if cache else 0))
    return Memory(_least(found.total_bytes, limit), _least(found.free_bytes, free))


def _least(first: int | None, second: int) -> int:
    return second if first is None else min(first, second)


def _sysconf_total() -> int | None:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def _vm_stat() -> str:
    try:
        done = subprocess.run(
            ["/usr/bin/vm_stat"], capture_output=True, text=True, timeout=5, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout


def _mac_free(vm_stat: str) -> int | None:
    """Free, inactive and purgeable pages: what macOS gives away before it swaps."""
    page = re.search(r"page size of (\d+) bytes", vm_stat)
    kinds = r"^Pages (?:free|inactive|speculative|purgeable):\s+(\d+)\.$"
    counts = [int(count) for count in re.findall(kinds, vm_stat, re.M)]
    return int(page[1]) * sum(counts) if page and counts else None


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX of the Windows API."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("total", ctypes.c_uint64),
        ("free", ctypes.c_uint64),
        ("others", ctypes.c_uint64 * 5),
    )


def _windows() -> Memory:
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  mypy knows it on Windows only
    if not kernel.GlobalMemoryStatusEx(ctypes.byref(status)):
        return Memory(None, None)
    return Memory(status.total, status.free)
