"""Does this evidence support this sentence? A score in 0..1, or the reason why not.

Hard rules first: numbers, names, quotations and negations of the sentence must
stand in the cited words, whatever the score says. Then a small logistic model
over how much of the sentence the evidence covers. Deterministic; asks no language
model. It can't see a swapped role ("A sued B" for "B sued A"): see the README.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from answer.words import NEGATIONS, content_stems, numbers, stem, words
from index.keyword import STOP_WORDS

THRESHOLD = 0.5
CITED_SENTENCES = 3  # one statement rarely rests on more
NEGATION_REACH = 4  # words after a negation that it is taken to deny

_QUOTATION = re.compile(r"[“\"]([^“”\"]{3,})[”\"]")
_CAUSE = re.compile(r"\b(?:because|due to|owing to|in order to|so that|as a result of)\b", re.I)


@dataclass(frozen=True, slots=True)
class Support:
    score: float  # 0..1
    reason: str  # why it is not supported; "" where it is
    sentences: tuple[int, ...]  # indices of the evidence sentences it rests on

    @property
    def holds(self) -> bool:
        return not self.reason


def check(claim: str, evidence: Sequence[str], similarities: Sequence[float]) -> Support:
    """`similarities`: cosine of the claim to each evidence sentence, same order."""
    chosen = _rests_on(claim, evidence, similarities)
    if not chosen:
        return Support(0.0, "the sources say nothing like it", ())
    cited = " ".join(evidence[i] for i in chosen)
    reason = _broken_rule(claim, cited)
    score = _score(claim, cited, max(similarities[i] for i in chosen))
    if reason:
        return Support(min(score, 0.2), reason, chosen)
    if score < THRESHOLD:
        return Support(score, "the sources don't say this", chosen)
    return Support(score, "", chosen)


def _rests_on(
    claim: str, evidence: Sequence[str], similarities: Sequence[float]
) -> tuple[int, ...]:
    """The few sentences that together cover most of the claim's words, greedily."""
    wanted = set(content_stems(claim)) | numbers(claim)
    chosen: list[int] = []
    while wanted and len(chosen) < CITED_SENTENCES:
        gains = [
            (len(wanted & (set(content_stems(text)) | numbers(text))), similarities[i], -i)
            for i, text in enumerate(evidence)
        ]
        gain, _, place = max(gains, default=(0, 0.0, 0))
        # A second sentence must bring more than one chance word.
        if gain == 0 or (chosen and gain < 2 and len(wanted) > 2):
            break
        chosen.append(-place)
        wanted -= set(content_stems(evidence[-place])) | numbers(evidence[-place])
    return tuple(sorted(chosen))


def _broken_rule(claim: str, cited: str) -> str:
    missing = sorted(numbers(claim) - numbers(cited))
    if missing:
        return f"the sources don't give the number {missing[0]}"
    present = {word for one in words(cited) for word in _forms(one)}
    for name in _claim_names(claim):
        if not present & set(_forms(name)):
            return f"the sources don't name {name}"
    number = _misplaced_number(claim, cited)
    if number:
        return f"the sources give the number {number} for something else"
    folded = _fold(cited)
    for quotation in _QUOTATION.findall(claim):
        if _fold(quotation).strip(" .,;:!?") not in folded:
            return "the quotation does not stand in the sources"
    if _denied(claim) != _denied(cited, set(content_stems(claim))):
        return "the sources say the opposite, or deny it"
    return _cause_rule(claim, cited)


def _misplaced_number(claim: str, cited: str) -> str:
    """A number of the claim that the sources give for another name: the name that
    stands closest before each of its places is not in the claim, though the claim
    names something that the sources name too."""
    said = {form for name in _claim_names(claim) for form in _forms(name)}
    tokens = words(cited)
    owners: dict[str, list[bool]] = {}
    owner = ""
    for place, token in enumerate(tokens):
        if token[0].isupper() and token.lower() not in STOP_WORDS and len(token) > 1:
            # The sentence's first word is a name only if the claim takes it for one.
            owner = token if place or said & set(_forms(token)) else owner
        for number in numbers(token):
            owners.setdefault(number, []).append(not owner or bool(said & set(_forms(owner))))
    if not any(said & set(_forms(token)) for token in tokens):
        return ""
    wrong = [number for number in numbers(claim) if not any(owners.get(number, [True]))]
    return min(wrong, default="")


def _cause_rule(claim: str, cited: str) -> str:
    """A stated cause needs its effect in the sources too: all of its words but one
    in ten, for a small model likes to hang a found reason on another event."""
    match = _CAUSE.search(claim)
    if match is None:
        return ""
    known = set(content_stems(cited))
    for part in (claim[: match.start()], claim[match.end() :]):
        stems = set(content_stems(part))
        if len(stems - known) > len(stems) / 10:
            return "the sources don't give this reason"
    return ""


def _score(claim: str, cited: str, similarity: float) -> float:
    stems = content_stems(claim)
    known = set(content_stems(cited))
    coverage = sum(one in known for one in stems) / max(1, len(stems))
    told = _pairs(cited)
    pairs = _pairs(claim)
    order = len(pairs & told) / max(1, len(pairs))
    bias, by_coverage, by_similarity, by_order = SUPPORT_WEIGHTS
    total = bias + by_coverage * coverage + by_similarity * similarity + by_order * order
    return round(1 / (1 + math.exp(-total)), 4)


# Logistic weights: bias, coverage, cosine, shared word pairs.
SUPPORT_WEIGHTS = (-7.0, 6.0, 3.0, 2.0)


def _pairs(text: str) -> set[tuple[str, str]]:
    stems = content_stems(text)
    return set(itertools.pairwise(stems))


def _claim_names(claim: str) -> list[str]:
    """Capitalised words, the opening one too unless it is an everyday word."""
    found = [word for word in words(claim) if word[0].isupper()]
    return [word for word in found if word.lower() not in STOP_WORDS and len(word) > 1]


def _forms(word: str) -> tuple[str, str, str]:
    plain = word.lower().replace("’", "'").removesuffix("'s")
    return plain, stem(plain), plain.replace(".", "")


def _denied(text: str, about: set[str] | None = None) -> bool:
    """Whether a negation stands close before a content word (one of `about`)."""
    tokens = words(text)
    for place, token in enumerate(tokens):
        lower = token.lower().replace("’", "'")
        if lower not in NEGATIONS and not lower.endswith("n't"):
            continue
        reach = [stem(word) for word in tokens[place + 1 : place + 1 + NEGATION_REACH]]
        if about is None or about & set(reach):
            return True
    return False


def _fold(text: str) -> str:
    plain = text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    return " ".join(plain.lower().split())
