"""Trains `answer/support_model.json`: `python -m evaluate.train_support FOLDER`.

FOLDER holds WiCE's `oracle_chunks_claim_dev.jsonl.gz` (Kamoi et al. 2023). First the
five-fold cross-validation over source articles is shown, repeated with other folds, then
the model of all rows is written. `--check` only shows.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from answer import support
from answer.proof import likeness, telling
from core.settings import load as load_settings
from evaluate.metrics import (
    auroc,
    balanced_accuracy,
    calibration,
    expected_calibration_error,
)
from evaluate.support import load
from index.encoding.encoder import load_encoder
from index.encoding.token_states import TokenStates

FILE = "oracle_chunks_claim_dev.jsonl.gz"
FOLDS = 5
ROUNDS = 4
SHRINKAGE = 0.003
WAYS = ("with likeness", "words alone")
Row = tuple[str, bool, tuple[float, ...], tuple[float, ...]]  # article, label, features by way


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Train the support model.")
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--home", type=Path, default=None, help="a library's folder, for its encoder"
    )
    parser.add_argument("--check", action="store_true", help="only cross-validate")
    options = parser.parse_args(arguments)
    rows = read(options.folder / FILE, load_encoder(load_settings(options.home)))
    made: dict[str, Any] = {}
    for way in WAYS:
        shown = cross_validate(rows, way)
        sys.stdout.write(json.dumps({way: shown}, indent=1) + "\n")
        bias, weights = fit([_values(row, way) for row in rows], [row[1] for row in rows])
        made[way] = {
            "bias": round(bias, 4),
            "weights": {
                name: round(weight, 4)
                for name, weight in zip(support.FEATURES, weights, strict=True)
            },
        }
    if not options.check:
        text = json.dumps({"features": support.FEATURES, "ways": made}, indent=1)
        support.MODEL.write_text(text + "\n", encoding="utf-8")
    return 0


def read(path: Path, encoder: object | None) -> list[Row]:
    """Each row's features with and without the likeness of words."""
    known: dict[str, TokenStates] = {}
    rows: list[Row] = []
    for row in load(path):
        claim, evidence = row["claim"], row["evidence"]
        new = [text for text in dict.fromkeys([claim, *evidence]) if text not in known]
        states = likeness.read(encoder, new)
        if states is None:
            raise SystemExit("no encoder that gives token states")
        known.update(zip(new, states, strict=True))
        compared = likeness.compare(claim, known[claim], evidence, [known[t] for t in evidence])
        with_likeness, alone = (
            support.features(telling.matter(claim, evidence, one)) for one in (compared, None)
        )
        rows.append((row["meta"]["claim_title"], row["label"], with_likeness, alone))
    return rows


def cross_validate(rows: Sequence[Row], way: str) -> dict[str, Any]:
    """Measures over ROUNDS ways of cutting the articles into FOLDS; no article's rows are
    scored by a model that saw another row of it."""
    articles = sorted({article for article, *_ in rows})
    labels = [label for _, label, *_ in rows]
    areas, errors, accuracies, scores = [], [], [], [0.0] * len(rows)
    for turn in range(ROUNDS):
        shuffled = Random(turn).sample(articles, len(articles))
        fold_of = {article: place % FOLDS for place, article in enumerate(shuffled)}
        for fold in range(FOLDS):
            seen = [row for row in rows if fold_of[row[0]] != fold]
            bias, weights = fit([_values(row, way) for row in seen], [row[1] for row in seen])
            for place, row in enumerate(rows):
                if fold_of[row[0]] == fold:
                    scores[place] = support.logistic(bias, weights, _values(row, way))
        areas.append(auroc(labels, scores))
        errors.append(expected_calibration_error(labels, scores))
        accuracies.append(balanced_accuracy(labels, [score >= 0.35 for score in scores]))
    return {
        "auroc": round(statistics.mean(areas), 4),
        "auroc_by_round": areas,
        "balanced_accuracy_at_0.35": round(statistics.mean(accuracies), 4),
        "expected_calibration_error": round(statistics.mean(errors), 4),
        "calibration": [
            {"from": low, "rows": count, "mean_score": round(mean, 3), "supported": round(share, 3)}
            for low, count, mean, share in calibration(labels, scores)
        ],
    }


def fit(
    features: Sequence[Sequence[float]], labels: Sequence[bool]
) -> tuple[float, tuple[float, ...]]:
    """Bias and weights of a logistic regression with a little shrinkage, by Newton's method."""
    import numpy as np

    table = np.array(features, dtype=float)
    mean, spread = table.mean(0), np.maximum(table.std(0), 1e-9)
    rows = np.hstack([np.ones((len(table), 1)), (table - mean) / spread])
    wanted = np.array(labels, dtype=float)
    shrinkage = SHRINKAGE * len(table) * np.diag([0.0, *np.ones(table.shape[1])])
    weights = np.zeros(rows.shape[1])
    for _ in range(30):
        shares = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (wanted - shares) - shrinkage @ weights
        curve = (rows * (shares * (1 - shares))[:, None]).T @ rows + shrinkage
        weights += np.linalg.solve(curve, slope)
    plain = weights[1:] / spread
    return float(weights[0] - plain @ mean), tuple(float(weight) for weight in plain)


def _values(row: Row, way: str) -> tuple[float, ...]:
    return row[2] if way == "with likeness" else row[3]


if __name__ == "__main__":
    raise SystemExit(main())
