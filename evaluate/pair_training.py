"""Trains adapters for index/encoding/pair_graph.py: the encoder, made to read two texts together.

The encoder's own weights stay; trained are low-rank changes of its linear layers (LoRA, Hu
et al. 2021), its normalisations, and two heads: two figures for each token and one for the
pair. Takes examples and what a batch's outputs cost; gives the weights under the names that
the graph knows. Knows nothing about what the figures mean.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from answer import pair_reader

RANK = 16
WARM_UP = 0.1  # share of the steps
LEAST_RATE = 0.02  # of the learning rate, at the end
WEIGHT_DECAY = 0.01
SEED = 0
MASKED = -1e4


class Example(Protocol):
    @property
    def tokens(self) -> list[int]: ...
    @property
    def second(self) -> int: ...  # where the second text's tokens begin


@dataclass(frozen=True, slots=True)
class Plan:
    epochs: int
    batch: int
    learning_rate: float
    cycles: int = 1  # each begins at the full rate again


@dataclass(frozen=True, slots=True)
class Outputs:
    """Of a batch, as torch tensors."""

    begins: Any  # shape (batch, length): the first figure of each token of the second text
    ends: Any  # likewise the second
    wholes: Any  # shape (batch,): of each pair


Loss = Callable[[Outputs, Sequence[Any]], Any]
Report = Callable[[int, dict[str, Any]], None]  # epoch, weights so far


def train(
    model: Any, found: Sequence[Example], plan: Plan, loss_of: Loss, report: Report
) -> dict[str, Any]:
    """The trained weights; `report` gets those of each epoch."""
    import torch
    from torch import nn

    chance = random.Random(SEED)
    trained = [one for one in model.parameters() if one.requires_grad]
    steps = plan.epochs * math.ceil(len(found) / plan.batch)
    for epoch in range(plan.cycles * plan.epochs):
        if epoch % plan.epochs == 0:  # as far as it has come, and at the full rate again
            optimiser = torch.optim.AdamW(trained, lr=plan.learning_rate, weight_decay=WEIGHT_DECAY)
            step = 0
        model.train()
        for batch in _batches(found, plan.batch, chance):
            share = min(1.0, step / (WARM_UP * steps)) * max(LEAST_RATE, 1 - step / steps)
            for group in optimiser.param_groups:
                group["lr"] = plan.learning_rate * share
            loss = loss_of(Outputs(*model(*_tensors(batch))), batch)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            step += 1
        weights = _named(model)
        report(epoch, weights)
    return weights


def network(folder: Path, start: Mapping[str, Any] | None = None) -> Any:
    """The encoder with what is trained, as a torch module: (tokens, types, mask) → the three
    of Outputs. `start`: the weights of an adapter to go on from."""
    import torch
    from safetensors.torch import load_file
    from torch import nn
    from torch.nn import functional
    from transformers import BertConfig, BertModel

    torch.manual_seed(SEED)

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

    made = Network()
    if start is not None:
        with torch.no_grad():
            for name, value in _trained(made):
                value.copy_(torch.from_numpy(start[name].astype("float32")))
    return made


def reader(folder: Path, weights: Mapping[str, Any]) -> pair_reader.PairReader:
    """As the app runs them."""
    return pair_reader.PairReader(folder, pair_reader.graph_of(folder, weights))


def _batches(found: Sequence[Any], size: int, chance: random.Random) -> Iterator[list[Any]]:
    """All examples once, those of like length together."""
    order = list(found)
    chance.shuffle(order)
    made = []
    for start in range(0, len(order), 16 * size):
        part = sorted(order[start : start + 16 * size], key=lambda one: len(one.tokens))
        made += [part[at : at + size] for at in range(0, len(part), size)]
    chance.shuffle(made)
    yield from made


def _tensors(batch: Sequence[Example]) -> tuple[Any, Any, Any]:
    import torch

    length = max(len(one.tokens) for one in batch)
    tokens, types, mask = (torch.zeros(len(batch), length, dtype=torch.long) for _ in range(3))
    for row, one in enumerate(batch):
        count = len(one.tokens)
        tokens[row, :count] = torch.tensor(one.tokens)
        types[row, one.second : count] = 1
        mask[row, :count] = 1
    return tokens, types, mask


def _named(model: Any) -> dict[str, Any]:
    """What was trained, as float16 arrays."""
    import numpy as np

    return {name: value.detach().numpy().astype(np.float16) for name, value in _trained(model)}


def _trained(model: Any) -> Iterator[tuple[str, Any]]:
    """Each trained parameter under its name in index/encoding/pair_graph.py."""
    for name, value in model.named_parameters():
        if value.requires_grad:
            plain = name.removeprefix("bert.")
            for part in (".down", ".up"):
                plain = plain.replace(part, f".weight{part}")
            yield plain, value
