"""How long to wait for something, counted while this process runs and the machine is awake.

Takes seconds; says when they are over. A laptop that was closed for an hour, or a process that
was stopped, has not waited an hour: work that stood still as well must not be given up then.
Whoever asks has to ask often, every STEP_SECONDS at least.
"""

from __future__ import annotations

import time

STEP_SECONDS = 1.0  # between two questions
MOST_SECONDS = 2.0  # that one step counts for: a busy machine may be late, but not by minutes


class Patience:
    """Not to be shared between threads."""

    def __init__(self, seconds: float) -> None:
        self.left_seconds = seconds
        self._asked = time.monotonic()

    def is_over(self) -> bool:
        """Whether the time is up; a leap since the last question counts as one late step."""
        now = time.monotonic()
        self.left_seconds -= min(max(0.0, now - self._asked), MOST_SECONDS)
        self._asked = now
        return self.left_seconds <= 0

    def step_seconds(self) -> float:
        """How long to wait before the next question."""
        return max(0.0, min(STEP_SECONDS, self.left_seconds))
