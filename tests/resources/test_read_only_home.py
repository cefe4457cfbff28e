"""A home on a disk that can only be read: everything is found, and a change is refused by name."""

import json

import pytest


@pytest.fixture
def told(child, articles, tmp_path):
    place = tmp_path / "disk"
    place.mkdir()
    return child("read_only_child", place, articles, mounts=True)


@pytest.mark.slow
def test_what_is_there_is_read_and_changes_are_refused_by_name(told):
    assert told["log bytes"] > 0  # rows that only the log beside the library holds
    for label in ("search", "ask", "locate", "status", "doctor", "answers"):
        code, out, error = told[label]
        assert (label, code) == (label, 0), error
        told[label] = json.loads(out)
    assert told["search"]["hits"]
    assert told["ask"]["citations"]
    assert "not saved" in told["ask"]["notes"][-1]
    assert told["locate"]["matches"]
    assert [one["state"] for one in told["status"]["folders"]] == ["unavailable"]
    assert told["doctor"]["ok"]
    assert len(told["answers"]["answers"]) == 1
    for label in ("add", "sync", "remove", "repair", "library", "backup"):
        code, _, error = told[label]
        assert code == 1
        assert "Read-only file system" in error
        assert "Traceback" not in error
    assert told["page"][0] == []
    assert told["page"][1] > 0
    lets_in, problem = told["door"]
    assert lets_in
    assert "Read-only file system" in problem
