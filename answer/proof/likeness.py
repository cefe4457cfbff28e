"""How like each word of a claim is to the words of each evidence sentence.

Takes the token states of an encoder (index/encoding/token_states.py): a word's vector in its
sentence, so that "physician" finds "doctor" where both treat patients. Of each claim word
the nearest evidence word of each sentence is kept, and how near it is. Decides nothing.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from answer.words import word_places, words
from index.encoding import token_states
from index.encoding.encoder import is_bundled
from index.encoding.token_states import TokenStates
from index.finding.keyword import STOP_WORDS


@dataclass(frozen=True, slots=True)
class Likeness:
    """By evidence sentence and claim word, both in the order of the text."""

    nearness: tuple[tuple[float, ...], ...]  # cosine of the word to its nearest word there
    nearest: tuple[tuple[int, ...], ...]  # the number of that word in its sentence; -1: none
    mean: float  # of the claim's content tokens to their nearest in all of the evidence


def read(encoder: object | None, texts: Sequence[str]) -> list[TokenStates] | None:
    """The evidence as it is compared: read once per answer, used for each claim. None
    without the encoder that the check's weights were trained with."""
    return token_states.read(encoder, texts) if is_bundled(encoder) else None


def compare(
    claim: str, claim_states: TokenStates, texts: Sequence[str], states: Sequence[TokenStates]
) -> Likeness:
    """`texts`, `states`: the evidence sentences, in the same order."""
    import numpy as np

    owners = _owners(claim, claim_states)
    count = len(word_places(claim))
    nearness: list[tuple[float, ...]] = []
    nearest: list[tuple[int, ...]] = []
    tops = np.zeros(len(owners))
    for text, state in zip(texts, states, strict=True):
        their_owners = _owners(text, state)
        near, partners = [0.0] * count, [-1] * count
        if len(state.places) and len(claim_states.places):
            cosines = claim_states.vectors @ state.vectors.T
            best = cosines.argmax(axis=1)
            tops = np.maximum(tops, cosines.max(axis=1))
            for word in range(count):
                mine = [token for token, owner in enumerate(owners) if owner == word]
                if mine:
                    near[word] = float(np.mean(cosines[mine, best[mine]]))
                    partners[word] = their_owners[int(best[mine[0]])]
        nearness.append(tuple(near))
        nearest.append(tuple(partners))
    everyday = [word.lower() in STOP_WORDS for word in words(claim)]
    content = [token for token, owner in enumerate(owners) if owner >= 0 and not everyday[owner]]
    mean = float(np.mean(tops[content])) if content else 0.0
    return Likeness(tuple(nearness), tuple(nearest), mean)


def _owners(text: str, states: TokenStates) -> list[int]:
    """Per token the number of the word that it is a part of; -1 outside of words."""
    places = word_places(text)
    starts = [start for start, _ in places]
    owners = []
    for start, end in states.places:
        word = bisect.bisect_right(starts, start) - 1
        owners.append(word if word >= 0 and end <= places[word][1] else -1)
    return owners
