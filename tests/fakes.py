"""Small deterministic stand-ins for the two models: no files, no processes, no network."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt


class FakeEncoder:
    """A hashed bag of words projected to 64 dimensions; texts that share words are close."""

    key = "fake-64"
    dimensions = 64

    def __init__(self) -> None:
        self.encoded: list[str] = []  # every text, in order: tests count what is embedded

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """float32, shape (n, 64), rows of unit length."""
        self.encoded.extend(texts)
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.casefold()) or ["(empty)"]:
                row += _direction(word)
            row /= np.linalg.norm(row) or 1.0
        return rows


class FakeGenerator:
    """Gives one prepared reply per question, word by word, as the real one's stream does.

    `calls` keeps (question, notes). With a `gate`, it waits for it before each
    word after the first, so that a test can stop it half-way.
    """

    name = "fake"
    dropped_notes = 0

    def __init__(self, replies: Sequence[str], gate: threading.Event | None = None) -> None:
        self.calls: list[tuple[str, tuple[str, ...]]] = []
        self.closed = False
        self._replies = list(replies)
        self._gate = gate
        self._stopped = threading.Event()

    def stream(self, question: str, notes: Sequence[str]) -> Iterator[str]:
        self.calls.append((question, tuple(notes)))
        self._stopped.clear()
        reply = self._replies[(len(self.calls) - 1) % len(self._replies)]
        for position, word in enumerate(re.findall(r"\s*\S+\s*$|\s*\S+", reply)):
            while position and self._gate is not None and not self._gate.wait(0.01):
                if self._stopped.is_set():
                    return
            if self._stopped.is_set():
                return
            yield word

    def stop(self) -> None:
        self._stopped.set()

    def close(self) -> None:
        self._stopped.set()
        self.closed = True


def _direction(word: str) -> npt.NDArray[np.float32]:
    """A fixed random direction for a word."""
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).standard_normal(64).astype(np.float32)
