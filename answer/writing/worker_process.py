"""The parent's side of answer/worker.py: one child process, commands out, events in.

Every command has an id and its events carry it, so the events of a command that
nobody waits for any more are passed over.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from core import machine
from core.children import Child, ChildEnded
from core.errors import MachineError, MemoryShortError, ModelError
from core.fitting import MEGABYTE
from core.gguf import read_header
from core.patience import Patience

CONTEXT_TOKENS = 2048  # evidence is a few sentences; 45 MB of memory with SmolLM2-135M
SILENCE_SECONDS = 300.0  # a worker that lives but gives nothing for so long is taken for hung
PULSE_SECONDS = 6.0  # without its sign of life, which comes every second while it is at work
START_SECONDS = 30.0  # the same while it starts and loads
POLL_SECONDS = 0.05  # how soon a stop is noticed

MEMORY_SHORT = "MemoryShort"  # the code of an error event
NO_MEMORY = (
    "There is not enough memory for the model {} now. Close other programs, choose a smaller "
    "model, or have answers made of quotations."
)
# llama.cpp ends its process where it doesn't look whether it was given memory.
DIED = (
    "The model {} can't be loaded. {} Mostly there is not enough memory: close other programs, "
    "choose a smaller model, or have answers made of quotations. If it happens with memory free, "
    "the file is damaged: `models verify` tells."
)

Event = dict[str, Any]


class Stopped(Exception):
    """The stop flag was set while an event was awaited."""


def check_memory(model_path: Path) -> None:
    """Raise ModelError where the weights and the context alone exceed the free memory.

    A model that needs more than that besides is tried: the estimate of the models page
    is careful, and a load that fails is named too. Raises ModelError for a file whose
    header can't be read.
    """
    header = read_header(model_path)
    needed = model_path.stat().st_size + header.context_bytes_per_token * CONTEXT_TOKENS
    free = machine.memory().free_bytes
    if free is not None and needed > free:
        raise ModelError(
            f"{model_path.name} needs {needed // MEGABYTE:,} MB of memory at least, and "
            f"{free // MEGABYTE:,} MB are free. Close other programs or choose a smaller model."
        )


class WorkerProcess:
    """A child that loads `model_path` at once. `event` may be called from one thread only."""

    def __init__(self, model_path: Path) -> None:
        """Raises ModelError where the file or this machine's memory rules the model out."""
        check_memory(model_path)
        self.model_path = model_path
        self.loaded: Event = {}  # architecture, marks, seconds; empty until loaded
        self._counting = threading.Lock()
        self._sent = 0
        try:
            self._child = Child("answer.worker")
        except MachineError as error:
            raise ModelError(str(error)) from error
        self._load_id = self.send(
            do="load", path=str(model_path), threads=1, context_tokens=CONTEXT_TOKENS
        )

    @property
    def process_id(self) -> int:
        return self._child.process_id

    def alive(self) -> bool:
        return self._child.alive()

    def send(self, **command: Any) -> int:
        """Give a command; returns its id. A dead worker is noticed by `event`, not here."""
        with self._counting:
            self._sent += 1
            self._child.send({**command, "id": self._sent})
            return self._sent

    def event(self, command_id: int, stopped: threading.Event) -> Event:
        """The next event of a command.

        Raises MemoryShortError where memory is short, ModelError for another error event, a
        dead or a silent worker, and Stopped at most 0.05 s after `stopped` is set.
        """
        patience, pulse = Patience(SILENCE_SECONDS), self._pulse()
        while True:
            if stopped.is_set():
                raise Stopped
            try:
                event = self._child.receive(POLL_SECONDS)
                pulse = self._pulse()
            except TimeoutError:
                if not (pulse.is_over() or patience.is_over()):
                    continue
                self.close()
                raise ModelError(
                    f"The process that runs {self.model_path.name} hung and was ended. Ask "
                    "again: a new one is started. If it hangs again, choose a smaller model."
                ) from None
            except ChildEnded as ended:
                kind = MemoryShortError if ended.code == -9 else ModelError
                raise kind(self._why_dead(ended.code)) from None
            if event.get("id") == command_id:
                if event["event"] == "error" and event["code"] == MEMORY_SHORT:
                    raise MemoryShortError(NO_MEMORY.format(self.model_path.name))
                if event["event"] == "error":
                    raise ModelError(f"{self.model_path.name}: {event['message']}")
                return event

    def _pulse(self) -> Patience:
        """How long a worker may give no sign of life. Its start and its load can hold it up."""
        return Patience(PULSE_SECONDS if self.loaded else START_SECONDS)

    def wait_until_loaded(self, stopped: threading.Event) -> None:
        """Raises MemoryShortError where memory is too short for the model, ModelError where
        llama.cpp refuses the file, Stopped when told so."""
        if self.loaded:
            return
        try:
            self.loaded = self.event(self._load_id, stopped)
        except MemoryShortError:
            self.close()
            raise MemoryShortError(NO_MEMORY.format(self.model_path.name)) from None
        except ModelError as error:
            died = not self.alive()
            self.close()
            if died:
                raise ModelError(DIED.format(self.model_path.name, error)) from error
            raise ModelError(
                f"{self.model_path} cannot be loaded: it is damaged, of a kind that llama.cpp "
                "does not know, or too big for this machine's memory. Delete it or choose "
                f"another model. ({error})"
            ) from error

    def close(self) -> None:
        self._child.close()

    def _why_dead(self, code: int) -> str:
        how = f"was killed (signal {-code})" if code < 0 else f"ended (exit code {code})"
        short = "Memory may be short: close other programs or choose a smaller model. "
        return (
            f"The process that runs {self.model_path.name} {how} before it had finished. "
            f"{short if code == -9 else ''}Ask again: a new one is started."
        )
