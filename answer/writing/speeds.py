"""What was measured of a writing model on this machine, kept in desk.db.

The values, what a usual answer takes with them, and where they are kept; `measuring.py`
measures. The generator finds its thread count here, the list of models its figures.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from answer.desk import open_desk
from core.settings import Settings

# A usual question, to weigh reading against writing when thread counts are compared.
USUAL_PROMPT_TOKENS, USUAL_WRITTEN_TOKENS = 250, 40


@dataclass(frozen=True, slots=True)
class Speed:
    """Tokens per second with a number of threads; 0 where too slow to measure."""

    threads: int
    prompt_rate: float
    write_rate: float

    def usual_seconds(self) -> float:
        if not self.prompt_rate or not self.write_rate:
            return float("inf")
        return USUAL_PROMPT_TOKENS / self.prompt_rate + USUAL_WRITTEN_TOKENS / self.write_rate


@dataclass(frozen=True, slots=True)
class Rate:
    """Tokens per second with a number of threads; 0 where too slow to measure."""

    threads: int
    prompt_tokens_per_second: float
    written_tokens_per_second: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What a measurement on this machine has found."""

    speeds: tuple[Rate, ...]
    threads: int  # the best count
    usual_seconds: float | None  # of a usual answer with it; None where too slow to tell
    memory_bytes: int | None  # of the model's process at its peak; None where nobody tells


def summary(speeds: list[Speed], memory_bytes: int | None) -> Measured:
    """The best of several thread counts, by the seconds of a usual answer."""
    best = min(speeds, key=lambda speed: speed.usual_seconds())
    seconds = best.usual_seconds()
    rates = (
        Rate(speed.threads, round(speed.prompt_rate, 1), round(speed.write_rate, 1))
        for speed in speeds
    )
    usual = None if seconds == float("inf") else round(seconds, 1)
    return Measured(tuple(rates), best.threads, usual, memory_bytes)


def measurement(settings: Settings, path: Path) -> Measured | None:
    """What was measured of this file on this machine; None before that."""
    if not settings.desk_path.exists():
        return None
    with open_desk(settings) as desk:
        kept = desk.setting(_key(path))
    try:
        row = json.loads(kept or "")
        speeds = tuple(Rate(**speed) for speed in row.pop("speeds"))
        return Measured(speeds=speeds, **row)
    except (ValueError, TypeError, KeyError, AttributeError):  # none, or another version's
        return None


def keep(settings: Settings, path: Path, measured: Measured) -> None:
    """For the list, and the thread count for the generator."""
    with open_desk(settings) as desk:
        desk.set_setting(_key(path), json.dumps(asdict(measured)))
        desk.set_setting(threads_key(path), str(measured.threads))


def peak_memory_bytes(process_id: int | None) -> int | None:
    """Of a running process; None where the system does not tell."""
    try:
        status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    except OSError:
        return None
    rows = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return int(rows["VmHWM"].split()[0]) * 1024 if "VmHWM" in rows else None


def threads_key(path: Path) -> str:
    """Names the setting in desk.db that holds the best thread count of a file here."""
    return f"threads:{path.name}:{path.stat().st_size}:{_cores()}"


def thread_counts() -> list[int]:
    """The counts worth trying on this machine."""
    return [count for count in (1, 2, 4, 8) if count <= _cores()]


def _cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _key(path: Path) -> str:
    """Names a file and the cores it ran on. Raises OSError."""
    return f"measured:{path.name}:{path.stat().st_size}:{os.cpu_count()}"
