"""Trains `answer/answerable.json`: `python -m evaluate.train_answerable SQUAD_DIR OTHER_DIR`.

Questions of SQuAD 2.0's three held-out training titles (which the extractive reader has not
seen) and of another BEIR set, each asked of both libraries. Two logistic regressions for
each way of making the figures: own questions against foreign ones, and answerable ones
against SQuAD's adversarial ones. First shown is each one's AUROC with one title left out
in turn, and the expected calibration error; then what the limits let pass. `--check` only
shows.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from answer import answerable, evidence
from answer import question as questions
from answer.looking import Tools
from core.records import Filters
from evaluate.datasets import load_beir
from evaluate.metrics import auroc, expected_calibration_error
from evaluate.open_domain import library_of
from evaluate.squad import load_rows
from index import search

PENALTY = 1.0  # C of the logistic regression, over standardised figures
FOREIGN_QUESTIONS = 300
SEED = 0
# Shares of own questions of the held-out titles that a limit may refuse, or call doubtful.
REFUSED_AS_FOREIGN = 0.03
REFUSED_AS_NEAR_MISS = 0.015
DOUBTFUL = 0.06


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's figures, made in each way; `group`: its title, or its set."""

    figures: Mapping[str, Mapping[str, float]]
    group: str


def asked(tools: Tools, question: str, group: str) -> Asked | None:
    """None where nothing is found at all."""
    read = questions.read(question)
    library, models = tools.library, tools.models
    with library.snapshot():
        weight_of = evidence.library_weights(library, read)
        figures = {}
        for way in answerable.WAYS:
            encoder = None if way == "words" else models.encoder
            hits = search.rank(library, encoder, question, Filters())
            ranked = evidence.rank(read, hits, weight_of, encoder)
            if not ranked:
                return None
            extractive = models.extractive if way == "read" else None
            found = evidence.read_passages(extractive, question, ranked)
            figures[way] = answerable.figures(read, ranked, weight_of, found)
    return Asked(figures, group)


def collect(squad: Path, other: Path) -> dict[str, list[Asked]]:
    """own, near_miss and foreign questions."""
    rows = load_rows(squad, "held_out")
    others = list(load_beir(other, "test").queries.values())
    sample = random.Random(SEED).sample([row for row in rows if row.answers], FOREIGN_QUESTIONS)
    with library_of(load_beir(squad, "test").documents) as tools:
        answers = [(row, asked(tools, row.question, row.title)) for row in rows]
        foreign = [asked(tools, question, "other") for question in others]
    with library_of(load_beir(other, "test").documents) as tools:
        foreign += [asked(tools, row.question, row.title) for row in sample]
        own = [asked(tools, question, "other") for question in others]
    own += [found for row, found in answers if row.answers]
    near = [found for row, found in answers if not row.answers]
    return {
        name: [one for one in found if one is not None]
        for name, found in (("own", own), ("near_miss", near), ("foreign", foreign))
    }


def fit(
    positive: Sequence[Asked], negative: Sequence[Asked], names: Sequence[str], way: str
) -> dict[str, float]:
    """Weights of the figures themselves, with "bias"; both sides weigh alike."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    rows = np.array([[one.figures[way][name] for name in names] for one in (*positive, *negative)])
    labels = np.array([1] * len(positive) + [0] * len(negative))
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression(C=PENALTY, class_weight="balanced", max_iter=2000)
    model.fit(scaler.transform(rows), labels)
    spread = np.where(scaler.scale_ > 0, scaler.scale_, 1.0)
    weights = model.coef_[0] / spread
    bias = float(model.intercept_[0] - (weights * scaler.mean_).sum())
    return {"bias": round(bias, 3), **dict(zip(names, weights.round(3).tolist(), strict=True))}


def probabilities(weights: Mapping[str, float], found: Sequence[Asked], way: str) -> list[float]:
    return [answerable.probability(weights, one.figures[way]) for one in found]


def cross_validated(
    positive: Sequence[Asked], negative: Sequence[Asked], names: Sequence[str], way: str
) -> dict[str, float]:
    """AUROC and calibration with one group left out in turn."""
    scores: dict[bool, list[float]] = {True: [], False: []}
    for group in sorted({one.group for one in (*positive, *negative)}):
        sides = [[one for one in side if one.group != group] for side in (positive, negative)]
        weights = fit(sides[0], sides[1], names, way)
        for is_positive, side in ((True, positive), (False, negative)):
            left = [one for one in side if one.group == group]
            scores[is_positive] += probabilities(weights, left, way)
    labels = [True] * len(scores[True]) + [False] * len(scores[False])
    return {
        "auroc": auroc(labels, scores[True] + scores[False]),
        "expected_calibration_error": expected_calibration_error(
            labels, scores[True] + scores[False]
        ),
    }


def limits(weights: Mapping[str, Mapping[str, float]], own: Sequence[Asked], way: str) -> Any:
    """Below which probabilities a question is refused, or its answer called doubtful."""
    known = sorted(probabilities(weights["foreign"], own, way))
    answered = sorted(probabilities(weights["near_miss"], own, way))
    doubtful = DOUBTFUL + REFUSED_AS_NEAR_MISS
    return {
        "known": round(known[int(REFUSED_AS_FOREIGN * len(known))], 3),
        "answered": round(answered[int(REFUSED_AS_NEAR_MISS * len(answered))], 3),
        "doubtful": round(answered[int(doubtful * len(answered))], 3),
    }


def trained(found: Mapping[str, Sequence[Asked]]) -> dict[str, Any]:
    """The whole content of answerable.json."""
    made: dict[str, Any] = {"foreign": {}, "near_miss": {}, "limits": {}}
    for way in answerable.WAYS:
        for model in ("foreign", "near_miss"):
            names = answerable.FIGURES[model][way]
            _say({model: way, **cross_validated(found["own"], found[model], names, way)})
            made[model][way] = fit(found["own"], found[model], names, way)
        weights = {model: made[model][way] for model in ("foreign", "near_miss")}
        made["limits"][way] = limits(weights, found["own"], way)
        for name, side in found.items():
            judged = [answerable.judged(made, one.figures[way], way) for one in side]
            refused = sum(not one.is_answerable for one in judged) / len(judged)
            doubtful = sum(one.is_doubtful for one in judged) / len(judged)
            _say({"way": way, name: len(side), "refused": refused, "doubtful": doubtful})
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description="trains answer/answerable.json")
    parser.add_argument("squad", type=Path, help="SQuAD 2.0: BEIR layout and dev-v2.0.json.gz")
    parser.add_argument("other", type=Path, help="another set in BEIR layout")
    parser.add_argument("--check", action="store_true", help="only show")
    options = parser.parse_args()
    made = trained(collect(options.squad, options.other))
    if not options.check:
        answerable.WEIGHTS.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


def _say(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
