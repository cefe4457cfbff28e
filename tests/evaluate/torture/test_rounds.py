"""The rounds of a torture part: none twice, none lost, every broken promise told."""

import json

import pytest

from evaluate.torture import rounds


class Part:
    """A part that notes which rounds were run and breaks its promise in the third."""

    def __init__(self):
        self.ran = []

    def one(self, folder, number):
        assert folder.is_dir()
        self.ran.append(number)
        return {"found": number * 2, "broken": ["a file was lost"] if number == 2 else []}


@pytest.fixture
def part():
    return Part()


def test_every_round_is_run_once_and_broken_promises_name_theirs(part, tmp_path):
    lines = rounds.run(part.one, tmp_path / "kill", 4, 60)
    assert part.ran == [0, 1, 2, 3]
    assert [line["found"] for line in lines] == [0, 2, 4, 6]
    assert rounds.broken(lines) == ["round 2: a file was lost"]


def test_a_second_call_goes_on_where_the_first_was_stopped(part, tmp_path):
    rounds.run(part.one, tmp_path / "kill", 2, 60)
    with (tmp_path / "kill.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"round": 2, "fou')  # killed while it wrote
    lines = rounds.run(part.one, tmp_path / "kill", 4, 60)
    assert part.ran == [0, 1, 2, 3]
    assert [line["round"] for line in lines] == [0, 1, 2, 3]
    assert rounds.done(tmp_path / "kill") == lines


def test_no_round_begins_after_the_time(part, tmp_path):
    assert rounds.run(part.one, tmp_path / "kill", 4, 0) == []
    assert part.ran == []


def test_forgotten_rounds_are_run_again(part, tmp_path):
    rounds.run(part.one, tmp_path / "kill", 1, 60)
    rounds.forget(tmp_path / "kill")
    rounds.run(part.one, tmp_path / "kill", 1, 60)
    assert part.ran == [0, 0]


def test_the_report_keeps_the_figures_of_other_parts(tmp_path):
    report = tmp_path / "torture.json"
    rounds.note(report, "rot", {"rounds": 1})
    rounds.note(report, "kill", {"rounds": 3, "broken": []})
    rounds.note(report, "kill", {"rounds": 4, "broken": []})
    assert json.loads(report.read_text()) == {
        "kill": {"rounds": 4, "broken": []},
        "rot": {"rounds": 1},
    }
