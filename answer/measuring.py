"""How fast a writing model runs on this machine, measured for about ten seconds and kept.

Takes a GGUF, runs it in its worker (answer/generator.py) with 1, 2, 4 and 8 threads,
gives tokens per second and the seconds of a usual answer; kept in desk.db, where the
generator finds its thread count and the list its figures.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from answer.desk import open_desk
from core.errors import ModelError
from core.modelfiles import find_gguf
from core.settings import Settings

if TYPE_CHECKING:
    from answer.generator import LlamaGenerator, Speed


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


class Measurement:
    """One measurement in the making: `run` it in any thread, `stop` it from another."""

    def __init__(self, settings: Settings, name: str | None) -> None:
        """`name` as for `find_gguf`; None for the first model on this machine.

        Raises ModelError where there is none, or its hash is wrong.
        """
        from answer.generator import LlamaGenerator, why_no_generator

        found = None if _no_llama() else find_gguf(settings, name)
        if found is None:
            raise ModelError(why_no_generator(settings))
        self.settings = settings
        self.model = found
        self._generator: LlamaGenerator = LlamaGenerator(found, settings)

    def run(self) -> Measured:
        """About ten seconds and the time to load. Raises ModelError, worker_process.Stopped."""
        try:
            speeds = self._generator.measure()
            memory = peak_memory_bytes(self._generator.process_id)
        finally:
            self._generator.close()
        measured = summary(speeds, memory)
        if measured.usual_seconds is not None:  # else an earlier one is worth more
            keep(self.settings, self.model.path, measured)
        return measured

    def stop(self) -> None:
        self._generator.stop()


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
    from answer.generator import threads_key

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


def _no_llama() -> bool:
    import importlib.util

    return importlib.util.find_spec("llama_cpp") is None


def _key(path: Path) -> str:
    """Names a file and the cores it ran on. Raises OSError."""
    return f"measured:{path.name}:{path.stat().st_size}:{os.cpu_count()}"
