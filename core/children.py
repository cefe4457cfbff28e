"""A child process that speaks JSON lines over pipes (`python -m MODULE`).

For work that may hang, crash or eat memory: parsing files, running a model. The
child calls `lifeline.end_with_parent`, so it never outlives us, and ends by itself when
its standard input closes.
"""

from __future__ import annotations

import json
import logging
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from core import lifeline, shortage
from core.errors import MachineError
from core.patience import Patience

log = logging.getLogger(__name__)

PROJECT_PATH = Path(__file__).resolve().parent.parent
CLOSE_SECONDS = 1.0  # a child that has not ended by then is killed

Message = dict[str, Any]


class ChildEnded(Exception):
    """The child is gone. `code`: its exit code, negative for a signal."""

    def __init__(self, code: int) -> None:
        super().__init__(f"exit code {code}")
        self.code = code


class Child:
    """One running child. `receive` may be called from one thread only. Raises MachineError
    where it can't be started."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._messages: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._sending = threading.Lock()
        try:
            self._process = lifeline.start(
                [sys.executable, "-m", module, *arguments],
                cwd=PROJECT_PATH,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise MachineError(
                shortage.told(error) or f"A process of the app can't be started: {error}."
            ) from error
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def process_id(self) -> int:
        return self._process.pid

    def alive(self) -> bool:
        return self._process.poll() is None

    def send(self, message: Message) -> None:
        """A child that is gone is noticed by `receive`, not here."""
        assert self._process.stdin is not None
        line = json.dumps(message).encode() + b"\n"
        with self._sending:
            try:
                self._process.stdin.write(line)
                self._process.stdin.flush()
            except (OSError, ValueError):  # ValueError: closed on our side
                log.debug("the child has gone")

    def receive(self, timeout_seconds: float) -> Message:
        """The child's next message. Raises TimeoutError, or ChildEnded when it is gone. Time
        that the machine slept through is not counted: the child has slept as well."""
        patience = Patience(timeout_seconds)
        while True:
            try:
                message = self._messages.get(timeout=patience.step_seconds())
                break
            except queue.Empty:
                if patience.is_over():
                    raise TimeoutError from None
        if message is None:
            self._messages.put(None)  # for whoever asks next
            raise ChildEnded(self._process.wait())
        return message

    def close(self) -> None:
        """End the child: it goes by itself when its input closes, else it is killed."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()
        except OSError:
            log.debug("the child has gone")
        try:
            self._process.wait(timeout=CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                try:
                    self._messages.put(json.loads(line))
                except ValueError:  # cut off by its death, or not ours
                    break
        self._messages.put(None)
        self._process.wait()  # nobody may ask for it any more: no zombie stays
