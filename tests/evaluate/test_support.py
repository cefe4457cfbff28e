"""Measures by hand, and the altered sentences against the real encoder."""

import gzip
import json

import pytest

from core.errors import InputError
from evaluate import altered, metrics, support
from evaluate.alterations import altered as alterations
from evaluate.alterations import exchanged


def test_auroc_counts_pairs():
    assert metrics.auroc([True, False], [0.9, 0.1]) == 1
    assert metrics.auroc([True, False, False], [0.5, 0.5, 0.1]) == 0.75
    assert metrics.auroc([True, True], [0.5, 0.1]) == 0.5


def test_balanced_accuracy_and_calibration():
    assert metrics.balanced_accuracy([True, True, False], [True, False, False]) == 0.75
    assert metrics.expected_calibration_error([True, False], [1.0, 0.0]) == 0
    assert metrics.expected_calibration_error([True, False] * 5, [0.9] * 10) == pytest.approx(0.4)


def test_rows_are_read_packed_or_plain_and_refused_by_line(tmp_path):
    row = {"claim": "A.", "evidence": ["B."], "label": "supported"}
    packed = tmp_path / "rows.jsonl.gz"
    packed.write_bytes(gzip.compress(json.dumps(row).encode()))
    assert [one["label"] for one in support.load(packed)] == [True]
    plain = tmp_path / "rows.jsonl"
    plain.write_text(json.dumps({**row, "label": False}) + "\n{}\n")
    with pytest.raises(InputError, match="line 2"):
        list(support.load(plain))
    with pytest.raises(InputError, match="none"):
        list(support.load(tmp_path / "none.jsonl"))


def test_evaluate_gives_the_measures_and_each_row(tmp_path, demo):
    rows = [
        {"claim": "The dam was built in 1990.", "evidence": ["Berg built the dam in 1990."]},
        {"claim": "The dam was built in 1991.", "evidence": ["Berg built the dam in 1990."]},
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(json.dumps({**r, "label": n == 0}) for n, r in enumerate(rows)))
    value = support.evaluate(demo, path)
    assert (value["auroc"], value["balanced_accuracy"]) == (1, 1)
    assert [row["holds"] for row in value["rows"]] == [True, False]


def test_altered_sentences_are_caught_and_true_ones_are_not(real_models):
    first = ("tuned", "second", "third")
    rows = [row for row in altered.load() if altered.part_of(row) in first][::6]
    shares = altered.shares(list(altered.judge(rows, real_models)))
    assert shares["untouched_rejected"]["share"] <= 0.06, shares
    for kind in ("number", "date", "name", "unit"):
        assert shares[f"{kind}_caught"]["share"] == 1, shares
    assert shares["negation_caught"]["share"] >= 0.9, shares


def test_on_rows_that_nobody_has_tuned_on(real_models):
    """Floors of what was measured on all of the part; see evaluate/altered.py."""
    rows = [row for row in altered.load() if altered.part_of(row) == "sixth"][::5]
    shares = altered.shares(list(altered.judge(rows, real_models)))
    for kind in ("number", "date", "name", "unit"):
        assert shares[f"{kind}_caught"]["share"] == 1, shares
    assert shares["negation_caught"]["share"] >= 0.9, shares
    assert shares["negated_caught"]["share"] >= 0.85, shares
    assert shares["swapped_caught"]["share"] >= 0.6, shares
    assert shares["moved_caught"]["share"] >= 0.6, shares
    assert shares["untouched_rejected"]["share"] <= 0.33, shares


def test_alterations_are_deterministic_and_not_in_the_proof():
    proof = ["Berg built the dam in Oslo on 4 May 1990 for 12 million euros."]
    made = dict(alterations(proof[0], proof))
    assert made == dict(alterations(proof[0], proof))
    assert set(made) == {"number", "date", "name", "unit", "negation"}
    assert all(claim != proof[0] for claim in made.values())
    assert exchanged("Lund beat Berg.", "Lund", "Berg") == "Berg beat Lund."
    assert exchanged("Lund won.", "Lund", "Berg") == ""
