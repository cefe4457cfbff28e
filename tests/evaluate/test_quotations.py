"""Sentences are copied badly in known ways, and a limit is judged by what it keeps."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from evaluate import quotations
from evaluate.quotations import ABSENT, LookedUp
from ui.quotation_data import ALIKE

SENTENCE = (
    "The harbour master of Skerrow, who had ignored 12 warnings, said in March 2024 that the"
    " northern crane was sold."
)


def test_every_way_of_careless_copying_changes_the_sentence() -> None:
    made = dict(quotations.careless(SENTENCE, Random(1)))
    assert set(made) >= {"words dropped", "words exchanged", "clauses in another order"}
    assert {"number changed", "date changed", "negation changed"} <= set(made)
    assert SENTENCE not in made.values()
    half = made["a half, a word dropped"].split()
    assert len(half) == len(SENTENCE.split()) // 2 - 1
    assert made == dict(quotations.careless(SENTENCE, Random(1)))


def test_a_limit_is_judged_by_true_places_and_by_others() -> None:
    found = [
        LookedUp("dropped", 0.9, 0.0),
        LookedUp("dropped", 0.7, 0.72),
        LookedUp(ABSENT, 0, 0.5),
    ]
    assert quotations.balanced_accuracy(found, 0.5) == 0.5 * (1 + 1 / 3)
    assert quotations.balanced_accuracy(found, 0.8) == 0.5 * (0.5 + 1)
    figures = quotations.figures(found, 0.8)
    assert figures["true place kept"] == 0.5
    assert figures["a place kept for one of these"] == 0.0


def test_a_folder_of_texts_is_looked_up(tmp_path: Path) -> None:
    rows = [
        {
            "_id": str(n),
            "title": "",
            "text": SENTENCE.replace("Skerrow", f"Port {n}") + f" {n} left.",
        }
        for n in range(4)
    ]
    (tmp_path / "corpus.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    found = quotations.measured(tmp_path)
    altered = [one for one in found if one.kind != ABSENT]
    assert altered
    assert all(one.true >= 0.5 for one in altered)
    assert [one.true for one in found if one.kind == ABSENT] == [0.0, 0.0]
    assert max(one.other for one in found if one.kind == ABSENT) > 0.8  # only the name differs


def test_the_page_has_the_limit_that_was_chosen() -> None:
    assert json.loads(quotations.RESULTS.read_text("utf-8"))["limit"] == ALIKE
