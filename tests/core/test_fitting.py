"""What fits a machine, and which one is suggested."""

import pytest

from answer.writing.worker_process import CONTEXT_TOKENS
from core import fitting
from core.fitting import Candidate, estimated_memory_bytes, expected_seconds, fits, suggested
from core.machine import Memory

GIGABYTE = 10**9


def test_the_context_is_the_one_that_the_worker_opens():
    assert fitting.CONTEXT_TOKENS == CONTEXT_TOKENS


def test_an_estimate_is_not_below_what_was_measured():
    # SmolLM2-135M as Q4_0 and Q4_K_M took 258 and 222 MB with a full prompt
    assert 258e6 <= estimated_memory_bytes(91_726_912, 23_040) <= 1.3 * 258e6
    assert 222e6 <= estimated_memory_bytes(105_454_144, 23_040) <= 1.5 * 222e6
    assert estimated_memory_bytes(2 * GIGABYTE) > 1.65 * 2 * GIGABYTE


@pytest.mark.parametrize(
    ("needed", "machine", "expected"),
    [
        (1.0, Memory(8 * GIGABYTE, 4 * GIGABYTE), "yes"),
        (3.5, Memory(8 * GIGABYTE, 4 * GIGABYTE), "yes"),
        (3.6, Memory(8 * GIGABYTE, 4 * GIGABYTE), "tight"),
        (7.0, Memory(8 * GIGABYTE, 4 * GIGABYTE), "tight"),
        (7.1, Memory(8 * GIGABYTE, 4 * GIGABYTE), "no"),
        (1.0, Memory(8 * GIGABYTE, None), "tight"),
        (1.0, Memory(None, None), None),
    ],
)
def test_fits(needed, machine, expected):
    assert fits(int(needed * GIGABYTE), machine) == expected


def test_expected_seconds_follow_the_measurement_nearest_in_size():
    assert expected_seconds(98_362_432, []) == pytest.approx(2.3)
    measured = [(100, 2.0), (1000, 15.0)]
    assert expected_seconds(200, measured) == pytest.approx(4.0)
    assert expected_seconds(2000, measured) == pytest.approx(30.0)
    assert expected_seconds(100, measured) == 2.0


def candidate(name, size, fit="yes", seconds=3.0, available=True):
    return Candidate(name, size, fit, seconds, available)


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        ([], None),
        ([candidate("small", 1), candidate("large", 9)], "large"),
        ([candidate("small", 1), candidate("tight", 9, fit="tight")], "small"),
        ([candidate("small", 1), candidate("slow", 9, seconds=12.1)], "small"),
        ([candidate("small", 1), candidate("no disk", 9, available=False)], "small"),
        ([candidate("unknown", 1, fit=None)], None),
    ],
)
def test_the_largest_that_runs_well_is_suggested(candidates, expected):
    assert suggested(candidates) == expected
