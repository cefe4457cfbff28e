"""The parent's side of answer/worker.py: one child process, commands out, events in.

Every command has an id and its events carry it, so the events of a command that
nobody waits for any more are passed over.
"""

from __future__ import annotations

import json
import logging
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from core.errors import ModelError

logger = logging.getLogger(__name__)

PROJECT_PATH = Path(__file__).resolve().parent.parent
CONTEXT_TOKENS = 2048  # evidence is a few sentences; 45 MB of memory with SmolLM2-135M
SILENCE_SECONDS = 300.0  # a worker that gives nothing for so long is taken for hung

Event = dict[str, Any]


class Stopped(Exception):
    """The stop flag was set while an event was awaited."""


class WorkerProcess:
    """A child that loads `model_path` at once. `event` may be called from one thread only."""

    def __init__(self, model_path: Path) -> None:
        self.model_path = model_path
        self.loaded: Event = {}  # architecture, marks, seconds; empty until loaded
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._sending = threading.Lock()
        self._sent = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "answer.worker"],
            cwd=PROJECT_PATH,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        threading.Thread(target=self._read_events, daemon=True).start()
        self._load_id = self.send(
            do="load", path=str(model_path), threads=1, context_tokens=CONTEXT_TOKENS
        )

    @property
    def process_id(self) -> int:
        return self._process.pid

    def alive(self) -> bool:
        return self._process.poll() is None

    def send(self, **command: Any) -> int:
        """Give a command; returns its id. A dead worker is noticed by `event`, not here."""
        assert self._process.stdin is not None
        with self._sending:
            self._sent += 1
            command_id = self._sent
            line = json.dumps({**command, "id": command_id}).encode() + b"\n"
            try:
                self._process.stdin.write(line)
                self._process.stdin.flush()
            except (OSError, ValueError):  # ValueError: closed on our side
                logger.debug("the worker has gone")
        return command_id

    def event(self, command_id: int, stopped: threading.Event) -> Event:
        """The next event of a command.

        Raises ModelError for an error event, a dead or a silent worker, and Stopped
        at most 0.05 s after `stopped` is set.
        """
        silent_since = time.monotonic()
        while True:
            if stopped.is_set():
                raise Stopped
            try:
                event = self._events.get(timeout=0.05)
            except queue.Empty:
                if time.monotonic() - silent_since < SILENCE_SECONDS:
                    continue
                self.close()
                raise ModelError(
                    f"The process that runs {self.model_path.name} gave nothing for "
                    f"{SILENCE_SECONDS:.0f} seconds and was ended. Ask again, or choose a "
                    "smaller model."
                ) from None
            if event is None:
                self._events.put(None)  # for whoever asks next
                raise ModelError(self._why_dead())
            if event.get("id") == command_id:
                if event["event"] == "error":
                    raise ModelError(f"{self.model_path.name}: {event['message']}")
                return event

    def wait_until_loaded(self, stopped: threading.Event) -> None:
        """Raises ModelError where llama.cpp refuses the file, Stopped when told so."""
        if self.loaded:
            return
        try:
            self.loaded = self.event(self._load_id, stopped)
        except ModelError as error:
            self.close()
            raise ModelError(
                f"{self.model_path} cannot be loaded: it is damaged, of a kind that llama.cpp "
                "does not know, or too big for this machine's memory. Delete it or choose "
                f"another model. ({error})"
            ) from error

    def close(self) -> None:
        """End the child: it goes by itself when its stdin closes, else it is killed."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()
        except OSError:
            logger.debug("the worker has gone")
        try:
            self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _read_events(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._events.put(json.loads(line))
        self._events.put(None)

    def _why_dead(self) -> str:
        code = self._process.wait()
        how = f"was killed (signal {-code})" if code < 0 else f"ended (exit code {code})"
        short = "Memory may be short: close other programs or choose a smaller model. "
        return (
            f"The process that runs {self.model_path.name} {how} before it had finished. "
            f"{short if code == -9 else ''}Ask again: a new one is started."
        )
