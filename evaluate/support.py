"""`eval support`: how well the support check tells what evidence supports from the rest.

A row: claim, evidence (a list of sentences), label (true where the evidence supports the
whole claim). Gives measures over all rows and each row's score and verdict.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from answer import support
from answer.evidence import Models
from answer.looking import load_models
from answer.proof import likeness
from core.errors import InputError
from core.settings import Settings
from evaluate.metrics import auroc, balanced_accuracy, expected_calibration_error


def evaluate(settings: Settings, path: Path) -> dict[str, Any]:
    """Raises InputError where the file is missing or a row is none."""
    models = load_models(settings)
    rows = []
    for number, row in enumerate(load(path), start=1):
        found = checked(models, row["claim"], row["evidence"])
        rows.append(
            {
                "row": number,
                "label": row["label"],
                "score": found.score,
                "holds": found.holds,
                "reason": found.reason,
            }
        )
    labels, scores = [row["label"] for row in rows], [row["score"] for row in rows]
    return {
        "rows_scored": len(rows),
        "auroc": auroc(labels, scores),
        "balanced_accuracy": balanced_accuracy(labels, [row["holds"] for row in rows]),
        "expected_calibration_error": expected_calibration_error(labels, scores),
        "rows": rows,
    }


def checked(models: Models, claim: str, evidence: Sequence[str]) -> support.Support:
    """The check as answers use it: with token states where the encoder gives them."""
    states = likeness.read(models.encoder, [claim, *evidence])
    compared = likeness.compare(claim, states[0], evidence, states[1:]) if states else None
    return support.check(claim, evidence, compared, models.entailment)


def load(path: Path) -> Iterator[dict[str, Any]]:
    """Rows of a file, possibly .gz. Raises InputError where there are none to read."""
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    except (OSError, EOFError, ValueError) as error:
        raise InputError(f"{path} can't be read ({error}). Name a file of rows.") from error
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield _row(path, number, line)


def _row(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row: Mapping[str, Any] = json.loads(line)
        label, evidence = row["label"], [str(text) for text in row["evidence"]]
        if isinstance(label, str):  # WiCE's own words
            label = label == "supported"
        return {**row, "claim": str(row["claim"]), "evidence": evidence, "label": bool(label)}
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(
            f"{path}, line {number}, is no row: claim, evidence (a list) and label are needed."
        ) from error
