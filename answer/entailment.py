"""Does this evidence say what this sentence says? A trained opinion beside the rules.

The encoder, adapted to read a sentence and its evidence together (pair_reader.py), gives
the probability that the evidence entails the sentence. It knows turned truths that no list
of words tells apart, "stayed away" for "did not come"; it can't be trusted with figures
and names, which support.py compares exactly. The adapter, `entailment.safetensors`, is made
by `evaluate.train_entailment`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from answer import pair_reader
from core.settings import Settings

WEIGHTS = Path(__file__).with_name("entailment.safetensors")


@dataclass(frozen=True, slots=True)
class Entailment:
    """Costs nothing before the first sentence is read."""

    settings: Settings

    def probability(self, claim: str, evidence: Sequence[str]) -> float | None:
        """0..1: that the evidence sentences, read as one text, entail all of the claim. None
        where the encoder or the adapter is missing, and where the texts are too long to be
        read whole."""
        pairs = pair_reader.load(self.settings, WEIGHTS)
        if pairs is None:
            return None
        pair = pairs.read(claim, " ".join(evidence))
        if not pair.is_complete:
            return None
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, pair.whole))))
