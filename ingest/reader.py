"""Reads files in a process of their own (`ingest/worker.py`), with a time limit.

Takes a path, gives its readings: the file itself and, for a container, its
members. A parser that hangs, crashes or runs out of memory costs one file, which
is then `failed` with that reason; the next file gets a new process. Raises MachineError where
no process can be started: that is no file's fault.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from core.children import Child, ChildEnded
from core.errors import MachineError
from core.records import Reading, SourceFile
from ingest import wire

SECONDS_PER_READING = 120.0
# A large file has longer: by a quarter of the speed at which text must be read on one core.
SLOWEST_BYTES_PER_SECOND = 250_000
START_SECONDS = 120.0  # for a new process to be ready
# Ends that say nothing about the file: a system that is short of memory kills, and the process's
# own alarm rings first only where this one was asleep. The file is then read once more.
_NOT_ITS_FAULT = tuple(
    -getattr(signal, name) for name in ("SIGKILL", "SIGALRM") if hasattr(signal, name)
)


NOT_STARTED = (
    "The process that reads files can't be started ({}): memory or open files are short, or the "
    "installation is damaged. Close other programs, then try again; what was indexed stays."
)


class Reader:
    """One reading process, started with the first file."""

    def __init__(
        self,
        max_text_bytes: int,
        seconds_per_reading: float = SECONDS_PER_READING,
        module: str = "ingest.worker",
    ) -> None:
        self._module = module
        self._max_text_bytes = max_text_bytes
        self._seconds = seconds_per_reading
        self._child: Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def process_id(self) -> int | None:
        """Of the reading process; None before the first file and after one that ended it."""
        return None if self._child is None else self._child.process_id

    def read(self, path: str, ocr: bool = False, folder: str = "") -> Iterator[Reading]:
        """The readings of the files inside, if any, then its own. Never raises for a bad file.
        `ocr`: read the pictures of pages without text; each page has the time of a reading.
        `folder`: no link is followed out of it; "" for a file that the user named."""
        asked: dict[str, object] = {"path": path, "ocr": ocr, "folder": folder}
        seconds = self._seconds + _size_and_time(path)[0] / SLOWEST_BYTES_PER_SECOND
        given = 0
        for is_last in (False, True):
            try:
                for reading in self._readings(asked, seconds, given):
                    given += 1
                    yield reading
            except GeneratorExit:  # left half-way: what is to come must not be the next file's
                self._end()
                raise
            except TimeoutError:
                yield self._failed(path, given > 0, f"took longer than {seconds:.0f} s to read")
            except ChildEnded as ended:
                if ended.code in _NOT_ITS_FAULT and not is_last:
                    self._end()
                    continue
                how = f"signal {-ended.code}" if ended.code < 0 else f"exit code {ended.code}"
                why = f"its parser crashed or ran out of memory ({how})"
                yield self._failed(path, given > 0, why)
            return

    def _readings(self, asked: dict[str, object], seconds: float, given: int) -> Iterator[Reading]:
        """The readings of one file, without the first `given`. Raises TimeoutError, ChildEnded."""
        child = self._ready()
        child.send({**asked, "seconds": seconds})
        while "end" not in (message := child.receive(seconds)):
            if "reading" in message:
                given -= 1
                if given < 0:
                    yield wire.from_value(message["reading"])

    def _ready(self) -> Child:
        """The process, started where there is none. One that doesn't get as far as to say that
        it is ready has seen no file."""
        for is_last in (False, True):
            if self._child is not None:
                break
            self._child = Child(self._module, str(self._max_text_bytes))
            try:
                self._child.receive(START_SECONDS)
            except (TimeoutError, ChildEnded) as error:
                self._end()
                if is_last:
                    raise MachineError(NOT_STARTED.format(error)) from error
        assert self._child is not None
        return self._child

    def close(self) -> None:
        if self._child is not None:
            self._child.close()
            self._child = None

    def _end(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None

    def _failed(self, path: str, given: bool, reason: str) -> Reading:
        """The reading of a file that ended its process. `given`: some of its members came
        through, so another one is to blame and the file is only partly read."""
        self._end()
        if given:
            reason = f"only partly read: a member {reason}"
        file = SourceFile(path, *_size_and_time(path), "", "", "", "failed", reason)
        return Reading(file, "", (), ())


def _size_and_time(path: str) -> tuple[int, int]:
    """In bytes and nanoseconds; zeros where there is no such file."""
    try:
        found = Path(path).stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns
