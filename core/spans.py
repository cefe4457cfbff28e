"""Clean text ↔ source text offsets.

Takes the runs of an article (`SpanRun`, see `core.records`) and gives source
ranges for clean ranges and back. Pure; knows nothing about how text is cleaned.

A range that crosses a removed source range comes back as several pieces, so a
citation never claims words that were not next to each other in the file.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.records import SpanRun

_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Piece:
    """One unbroken stretch, in both texts."""

    clean_start: int
    clean_end: int
    source_start: int
    source_end: int


def merge_runs(runs: Iterable[SpanRun]) -> tuple[SpanRun, ...]:
    """Join neighbouring character-for-character runs; drop empty ones.

    A run of unequal lengths stays alone: it maps as a whole.
    """
    merged: list[SpanRun] = []
    first = last = None  # the ends of a row of runs that become one
    for run in runs:
        if run.clean_start == run.clean_end:
            continue
        if last is None or not _continues(last, run):
            if first is not None and last is not None:
                merged.append(_joined(first, last))
            first = run
        last = run
    if first is not None and last is not None:
        merged.append(_joined(first, last))
    return tuple(merged)


def _continues(last: SpanRun, run: SpanRun) -> bool:
    return (
        last.clean_end == run.clean_start
        and last.source_end == run.source_start
        and _verbatim(last)
        and _verbatim(run)
    )


def _joined(first: SpanRun, last: SpanRun) -> SpanRun:
    if first is last:
        return first
    return SpanRun(first.clean_start, last.clean_end, first.source_start, last.source_end)


def to_source(runs: Sequence[SpanRun], start: int, end: int) -> list[Piece]:
    """The source ranges of clean[start:end], one Piece per unbroken stretch.

    A range that begins or ends inside a repaired run is widened to hold the
    whole run. Raises ValueError for a range outside the clean text.
    """
    if not runs or start < runs[0].clean_start or end > runs[-1].clean_end or start >= end:
        raise ValueError(f"no such clean range: {start}:{end}")
    first = bisect_right(runs, start, key=lambda run: run.clean_start) - 1
    last = bisect_left(runs, end, key=lambda run: run.clean_start)
    pieces: list[Piece] = []
    for run in runs[first:last]:
        piece = _cut(run, start, end)
        previous = pieces[-1] if pieces else None
        if previous is not None and previous.source_end == piece.source_start:
            pieces[-1] = Piece(
                previous.clean_start, piece.clean_end, previous.source_start, piece.source_end
            )
        else:
            pieces.append(piece)
    return pieces


def to_clean(runs: Sequence[SpanRun], start: int, end: int) -> tuple[int, int] | None:
    """The clean range that source[start:end] falls on, or None if it was removed."""
    clean_start: int | None = None
    clean_end = 0
    for run in runs:
        if run.source_end <= start or run.source_start >= end:
            continue
        low, high = run.clean_start, run.clean_end
        if _verbatim(run):
            low += max(0, start - run.source_start)
            high -= max(0, run.source_end - end)
        if clean_start is None:
            clean_start = low
        clean_end = high
    return None if clean_start is None else (clean_start, clean_end)


def line_starts(text: str) -> list[int]:
    """Offset of the first character of each line, for `line_of`.

    A line ends with \\n, \\r\\n or a lone \\r, as editors count them.
    """
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def line_of(starts: Sequence[int], offset: int) -> int:
    """The line (from 1) that holds `offset`, given `line_starts` of the text."""
    return bisect_right(starts, offset)


def _verbatim(run: SpanRun) -> bool:
    return run.clean_end - run.clean_start == run.source_end - run.source_start


def _cut(run: SpanRun, start: int, end: int) -> Piece:
    if not _verbatim(run):
        return Piece(run.clean_start, run.clean_end, run.source_start, run.source_end)
    low = max(run.clean_start, start)
    high = min(run.clean_end, end)
    shift = run.source_start - run.clean_start
    return Piece(low, high, low + shift, high + shift)
