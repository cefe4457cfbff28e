"""Which writing model suits this machine: memory, expected time, one suggestion.

Takes sizes and measurements, gives words and numbers. Pure. It judges what runs
well here, not which model writes better.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from core.machine import Memory

Fits = Literal["yes", "tight", "no"]

MEGABYTE = 1_000_000
CONTEXT_TOKENS = 2048  # of a writer's process, see answer/writing/worker_process.py

# What a writer's process takes at its peak with a full prompt. llama.cpp rewrites most
# weights of a 4-bit file for the processor and keeps them beside the mapped file:
# SmolLM2-135M as Q4_0 (92 MB) took 0.63 of its size more, 258 MB in all; the larger a
# model, the less of it is left as it is. The rest is Python and buffers: 65 MB there,
# more with the larger vocabularies of the others.
REWRITTEN_SHARE = 0.65
PROCESS_BYTES = 100 * MEGABYTE
# Of the file's size, where the shape is not known: the widest of the catalogue's models
# (qwen3-4b: 302 MB of 2,497).
CONTEXT_SHARE = 0.12

KEPT_FREE_BYTES = 500 * MEGABYTE  # for the app itself (peak 241 MB on the demo) and a browser tab
KEPT_IN_ALL_BYTES = 1000 * MEGABYTE  # an operating system with everything else closed

# Seconds of a usual answer (answer/generator.py) per byte of the model: SmolLM2-135M
# (98 MB) took 2.3 s with one thread. Used until something was measured on this machine.
REFERENCE_SECONDS_PER_BYTE = 2.3 / 98_362_432
USABLE_SECONDS = 12.0  # the longest usual answer that is still suggested


@dataclass(frozen=True, slots=True)
class Candidate:
    """A writer as the suggestion looks at it."""

    name: str
    bytes: int
    fits: Fits | None
    usual_seconds: float
    available: bool  # here, or can be fetched onto this disk


def estimated_memory_bytes(file_bytes: int, context_bytes_per_token: int = 0) -> int:
    """What the process is likely to take at its peak; 0 per token where that is not known."""
    context = context_bytes_per_token * CONTEXT_TOKENS or int(file_bytes * CONTEXT_SHARE)
    return int(file_bytes * (1 + REWRITTEN_SHARE)) + context + PROCESS_BYTES


def fits(memory_bytes: int, machine: Memory) -> Fits | None:
    """Beside what runs now ("yes"), with other programs closed ("tight"), or not at all.

    None where the machine does not tell its memory.
    """
    if machine.total_bytes is None:
        return None
    if machine.free_bytes is not None and memory_bytes <= machine.free_bytes - KEPT_FREE_BYTES:
        return "yes"
    return "tight" if memory_bytes <= machine.total_bytes - KEPT_IN_ALL_BYTES else "no"


def expected_seconds(file_bytes: int, measured: Iterable[tuple[int, float]]) -> float:
    """Seconds of a usual answer, in proportion to the file's size.

    `measured`: (bytes, seconds of a usual answer) of models on this machine; the one
    nearest in size counts.
    """
    known = [row for row in measured if row[0] > 0]
    if not known:
        return file_bytes * REFERENCE_SECONDS_PER_BYTE
    size, seconds = min(known, key=lambda row: abs(row[0] - file_bytes))
    return seconds * file_bytes / size


def suggested(candidates: Iterable[Candidate]) -> str | None:
    """The name of the largest that fits beside what runs now and answers in usable time."""
    usable = [
        one
        for one in candidates
        if one.available and one.fits == "yes" and one.usual_seconds <= USABLE_SECONDS
    ]
    return max(usable, key=lambda one: one.bytes).name if usable else None
