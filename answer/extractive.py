"""Where in a passage the answer to a question stands, and whether it stands there at all.

The encoder, adapted to read a question and a passage together (pair_reader.py), gives every
word two figures: how likely an answer begins there, and ends there (Devlin et al. 2019).
The adapter, `extractive.safetensors`, is made by `evaluate.train_extractive`. Gives scores,
never words: what is shown is cut from the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from answer import pair_reader
from answer.pair_reader import PairReader
from core.settings import Settings

if TYPE_CHECKING:
    from answer.pair_reader import Floats

WEIGHTS = Path(__file__).with_name("extractive.safetensors")
ANSWER_TOKENS = 20  # the longest answer that is looked for


@dataclass(frozen=True, slots=True)
class Found:
    """A passage, read for one question."""

    places: tuple[tuple[int, int], ...]  # each token's start and end in the passage
    begins: Floats  # shape (len(places),): that the answer begins at this token
    ends: Floats  # likewise, that it ends there
    nothing: float  # the score of "no answer here", on the same scale as a sum of both
    whole: float  # log odds that the passage answers the question

    def best(self, start: int, end: int) -> float:
        """How much the best answer within passage[start:end] outweighs "no answer here";
        minus infinity where no token was read there."""
        import numpy as np

        inside = [i for i, (a, b) in enumerate(self.places) if a >= start and b <= end]
        if not inside:
            return -float("inf")
        first, last = inside[0], inside[-1] + 1
        begins, ends = self.begins[first:last], self.ends[first:last]
        best = -float("inf")
        for length in range(min(ANSWER_TOKENS, last - first)):
            best = max(best, float(np.max(begins[: len(begins) - length] + ends[length:])))
        return best - self.nothing


class ExtractiveReader:
    def __init__(self, pairs: PairReader) -> None:
        self._pairs = pairs

    def read(self, question: str, passages: Sequence[str]) -> list[Found]:
        """What each passage holds for the question. What is too long is read to its limit."""
        return [self._found(question, passage) for passage in passages]

    def _found(self, question: str, passage: str) -> Found:
        pair = self._pairs.read(question, passage)
        begins, ends = pair.figures[:, 0], pair.figures[:, 1]
        return Found(pair.places, begins, ends, float(pair.mark.sum()), pair.whole)


def load(settings: Settings) -> ExtractiveReader | None:
    """None where the encoder or the adapter is missing: answers are then found without it."""
    pairs = pair_reader.load(settings, WEIGHTS)
    return ExtractiveReader(pairs) if pairs else None
