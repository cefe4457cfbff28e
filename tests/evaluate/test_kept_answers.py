"""What a reader said of a claim stays with that very claim, and with no other."""

import json
from copy import deepcopy

import pytest

from evaluate import kept_answers
from evaluate.kept_answers import record

READ = {"supported": True, "note": "says just that"}
PLACE = {"file": "a.txt", "line": 3, "start": 10, "end": 31, "source_sha256": "ab" * 32}
WORDS = "The ferry sank at dawn."


def a_run(claims=(WORDS,), cited=((PLACE,),), question="When did it sink?"):
    row = {
        "question": question, "answerable": True, "status": "answered", "correct": True,
        "cited_gold": True, "model": None, "left_out": 0, "files": ["a.txt"], "seconds": 0.2,
        "wrong_citations": 0, "differs": WORDS, "shortfall": WORDS, "claims": list(claims),
        "cited": [[dict(place) for place in places] for places in cited],
    }  # fmt: skip
    return {"correct": 1.0, "wrong_citation": 0, "seconds_p50": 0.2, "rows": [row]}


def read_by_hand(kept):
    kept = deepcopy(kept)
    kept["rows"][0]["shown"][0]["read"] = READ
    return kept


def test_nothing_is_read_before_somebody_has():
    kept = record(a_run(), {})
    assert kept["rows"][0]["shown"][0]["read"] is None
    assert kept["readings"] == {"shown": 1, "read": 0, "supported": 0}


def test_no_word_of_a_source_is_kept():
    assert "ferry" not in json.dumps(record(a_run(), {}))


def test_a_reading_survives_a_run_that_gives_the_same():
    kept = record(a_run(), read_by_hand(record(a_run(), {})))
    assert kept["rows"][0]["shown"][0]["read"] == READ
    assert kept["readings"] == {"shown": 1, "read": 1, "supported": 1}
    assert record(a_run(), kept) == kept


def test_a_reading_finds_its_claim_in_another_order_and_line():
    other = {**PLACE, "file": "b.txt"}
    before = read_by_hand(record(a_run(cited=[[PLACE, other]]), {}))
    moved = a_run(("New.", WORDS), [[PLACE], [other, {**PLACE, "line": 9}]])
    found = [one["read"] for one in record(moved, before)["rows"][0]["shown"]]
    assert found == [None, READ]


@pytest.mark.parametrize(
    "changed",
    [
        a_run(("The ferry sank at dusk.",)),
        a_run(cited=[[{**PLACE, "end": 32}]]),
        a_run(cited=[[{**PLACE, "source_sha256": "cd" * 32}]]),
        a_run(cited=[[{**PLACE, "file": "b.txt"}]]),
        a_run(cited=[[PLACE, {**PLACE, "start": 0, "end": 5}]]),
        a_run(question="Where did it sink?"),
    ],
)
def test_a_reading_is_dropped_with_whatever_it_was_about(changed):
    kept = record(changed, read_by_hand(record(a_run(), {})))
    assert kept["rows"][0]["shown"][0]["read"] is None
    assert kept["readings"]["read"] == 0


def test_results_from_before_there_were_readings_are_no_reading():
    old = record(a_run(), {})
    del old["rows"][0]["shown"]
    assert record(a_run(), old)["readings"]["read"] == 0


def test_the_command_keeps_other_runs_as_they_are(tmp_path, monkeypatch):
    run, kept = tmp_path / "run.json", tmp_path / "kept.json"
    run.write_text(json.dumps(a_run()))
    kept.write_text(json.dumps({"other": {"rows": []}, "mine": read_by_hand(record(a_run(), {}))}))
    monkeypatch.setattr("sys.argv", ["kept_answers", str(run), "mine", str(kept)])
    assert kept_answers.main() == 0
    written = json.loads(kept.read_text())
    assert written["other"] == {"rows": []}
    assert written["mine"]["rows"][0]["shown"][0]["read"] == READ
