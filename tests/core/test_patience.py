"""Time that a machine sleeps through is nobody's waiting."""

import pytest

from core import patience
from core.patience import Patience


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1000.0

    monkeypatch.setattr(patience.time, "monotonic", lambda: Clock.now)
    return Clock


def test_it_is_over_after_its_seconds(clock):
    waiting = Patience(3)
    for _ in range(2):
        clock.now += 1
        assert not waiting.is_over()
    clock.now += 1
    assert waiting.is_over()
    assert waiting.step_seconds() == 0


def test_a_leap_counts_as_one_late_step(clock):
    waiting = Patience(60)
    clock.now += 8 * 60 * 60
    assert not waiting.is_over()
    assert waiting.left_seconds == 60 - patience.MOST_SECONDS


def test_a_clock_that_goes_back_takes_nothing(clock):
    waiting = Patience(60)
    clock.now -= 500
    assert not waiting.is_over()
    assert waiting.left_seconds == 60


def test_a_step_is_never_longer_than_what_is_left():
    assert Patience(0.25).step_seconds() == pytest.approx(0.25)
    assert Patience(90).step_seconds() == patience.STEP_SECONDS
