"""Which sentences tell a claim, and how much of it. Pure.

Takes a claim and evidence sentences, with the likeness of their words where an encoder
gives it. A claim, or each part of it that could stand alone, must be told by one *view*:
a sentence, or one that points back ("she", "this") with the sentence before it. A small
model likes to weld halves of two sentences into something that neither says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from answer.proof import days, naming, quantities
from answer.proof.likeness import Likeness
from answer.words import NUMBER_WORDS, base, stem, word_places, words
from index.finding.keyword import STOP_WORDS

TOLD_BY_ONE = 0.6  # share of a claim's words that one view must tell
LEAST_LIKE = 0.35  # a word that is less like the nearest one is not told at all
LEAST_FOUND = 0.3  # a word that is less like any other is another word
ALIKE = 0.55  # words that may stand for one another
CLOSES = 0.08  # share of a claim that a further sentence must add to be cited as well

_POINTS_BACK = re.compile(
    r"\b(?:he|she|it|they|him|them|his|her|hers|its|their|theirs|this|these|that|there)\b", re.I
)
_PART_EDGE = re.compile(
    r"(?:;|,? (?:while|whereas)|, (?:and|but)|\band\b)\s+"
    r"(?=(?:the|a|an|its|his|her|their|it|he|she|they|both|no|nobody|none|neither|\d+"
    r"|[A-Z]\w+)\b)"
)
_TOO_COMMON = STOP_WORDS | frozenset(
    "according said says told also took take taken takes got get gets gave give given made make"
    " received receive held hold put called call turned step down despite just".split()
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a sentence gives to prove with."""

    text: str
    bases: tuple[str, ...]  # per word; "" for everyday ones
    quantities: tuple[quantities.Quantity, ...]
    dates: tuple[days.Date, ...]
    weekdays: frozenset[str]


@lru_cache(maxsize=4096)  # evidence is compared with every draft
def read(text: str) -> Sentence:
    found = days.dates(text)
    return Sentence(
        text,
        tuple(_base(word) for word in words(text)),
        tuple(quantities.quantities(days.blanked(text, found))),
        tuple(found),
        frozenset(days.weekdays(text)),
    )


@dataclass(frozen=True, slots=True)
class Matter:
    """A claim beside its evidence."""

    claim: Sentence
    evidence: tuple[Sentence, ...]
    likeness: Likeness | None
    told: tuple[tuple[float, ...], ...]  # by evidence sentence and word of the claim, 0..1

    def pairs(self, chosen: Sequence[int], least: float = ALIKE) -> set[tuple[str, str]]:
        """(stem of the claim, stem of a chosen sentence) at least so like one another."""
        found: set[tuple[str, str]] = set()
        if self.likeness is None:
            return found
        for one in chosen:
            near, nearest = self.likeness.nearness[one], self.likeness.nearest[one]
            mine, theirs = words(self.claim.text), words(self.evidence[one].text)
            for word, nearness, place in zip(mine, near, nearest, strict=True):
                if place >= 0 and nearness >= least:
                    found.add((base(word), base(theirs[place])))
                    found.add((stem(word), stem(theirs[place])))
        return found


def matter(claim: str, evidence: Sequence[str], likeness: Likeness | None) -> Matter:
    mine, theirs = read(claim), tuple(read(text) for text in evidence)
    told = []
    for place, sentence in enumerate(theirs):
        known = set(sentence.bases)
        near = likeness.nearness[place] if likeness else (0.0,) * len(mine.bases)
        told.append(
            tuple(
                0.0 if not stem else 1.0 if stem in known else _credit(nearness)
                for stem, nearness in zip(mine.bases, near, strict=True)
            )
        )
    return Matter(mine, theirs, likeness, tuple(told))


def rests_on(case: Matter) -> tuple[int, ...]:
    """The sentences to cite: the best view of the whole claim, or of each of its parts;
    and one more where it closes a gap. () where nothing is like it."""
    whole = range(len(case.claim.bases))
    if not any(case.claim.bases):
        return ()
    best = _best_view(case, list(whole))
    if not best:
        return ()
    if not tells(case, list(whole), best):
        parts = independent_parts(case.claim.text)
        views = [_best_view(case, part) for part in parts]
        if len(parts) > 1 and all(
            tells(case, part, view) for part, view in zip(parts, views, strict=True)
        ):
            return tuple(sorted({place for view in views for place in view}))
    return tuple(sorted({*best, *_closing(case, best)}))


def tells(
    case: Matter, part: Sequence[int], view: Sequence[int], least: float = TOLD_BY_ONE
) -> bool:
    return bool(view) and _share(case, part, view) >= least and _hard(case, part, view) == 0


def is_told(case: Matter, chosen: Sequence[int]) -> bool:
    """Whether one view among the chosen sentences tells most of the claim, or of each part."""
    whole = list(range(len(case.claim.bases)))
    views = [(place,) for place in chosen] + [
        (place - 1, place)
        for place in chosen
        if place - 1 in chosen and _POINTS_BACK.search(case.evidence[place].text)
    ]
    if any(_share(case, whole, view) >= TOLD_BY_ONE for view in views):
        return True
    parts = independent_parts(case.claim.text)
    return len(parts) > 1 and all(any(tells(case, part, v) for v in views) for part in parts)


def content(text: str) -> set[str]:
    """The stems of the words that carry meaning."""
    return {stem for stem in (_base(word) for word in words(text)) if stem}


def independent_parts(text: str) -> list[list[int]]:
    """The numbers of the words of each part that could be a sentence of its own."""
    cuts = [match.end() for match in _PART_EDGE.finditer(text)]
    starts = [start for start, _ in word_places(text)]
    parts: list[list[int]] = [[] for _ in range(len(cuts) + 1)]
    for number, start in enumerate(starts):
        parts[sum(cut <= start for cut in cuts)].append(number)
    return [part for part in parts if part]


def _best_view(case: Matter, part: Sequence[int]) -> tuple[int, ...]:
    views: list[tuple[int, ...]] = [(place,) for place in range(len(case.evidence))]
    views += [
        (place - 1, place)
        for place in range(1, len(case.evidence))
        if _POINTS_BACK.search(case.evidence[place].text)
    ]
    if not views:
        return ()
    share = {view: _share(case, part, view) for view in views}
    best = max(
        views, key=lambda view: share[view] - 0.3 * _hard(case, part, view) - CLOSES * len(view)
    )
    return best if share[best] > 0 else ()


def _closing(case: Matter, best: Sequence[int]) -> tuple[int, ...]:
    """One more sentence where it tells names or words that the best ones don't."""
    part = range(len(case.claim.bases))
    if _share(case, part, best) < TOLD_BY_ONE:
        return ()
    sentences = [case.evidence[one] for one in best]
    if lacking_values(case.claim, sentences):
        return ()  # a number that stands only elsewhere stands there for something else
    lacking = _hard(case, part, best)
    here = _share(case, part, best)
    others = [place for place in range(len(case.evidence)) if place not in best]
    gains = {
        place: (lacking - _hard(case, part, (*best, place)), _share(case, part, (*best, place)))
        for place in others
    }
    if not gains:
        return ()
    place = max(others, key=lambda one: gains[one])
    fewer, share = gains[place]
    return (place,) if fewer > 0 or (share >= 0.99 and share - here >= CLOSES) else ()


def _share(case: Matter, part: Sequence[int], view: Sequence[int]) -> float:
    """Of the part's content words, as much as the view tells."""
    content = [word for word in part if case.claim.bases[word]]
    told = [max((case.told[place][word] for place in view), default=0.0) for word in content]
    return sum(told) / len(told) if told else 1.0


def _hard(case: Matter, part: Sequence[int], view: Sequence[int]) -> int:
    """How many names, numbers and dates of the part the view lacks."""
    spans = word_places(case.claim.text)
    low, high = spans[part[0]][0], spans[part[-1]][1]
    sentences = [case.evidence[place] for place in view]
    missing_values = lacking_values(case.claim, sentences, (low, high))
    missing = naming.missing(case.claim.text[low:high], [one.text for one in sentences])
    return len(missing_values) + bool(missing)


def lacking_values(
    claim: Sentence, sentences: Sequence[Sentence], within: tuple[int, int] | None = None
) -> list[str]:
    """The claim's numbers and dates that the sentences don't give, as they stand there.
    `within`: only those that begin there."""
    low, high = within or (0, len(claim.text))
    given = [one for sentence in sentences for one in sentence.quantities]
    known = [one for sentence in sentences for one in sentence.dates]
    dated = {one.start for one in claim.dates}
    counted = {one.start: one for one in claim.quantities}
    lacking = []
    for one in claim.dates:
        # A bare year may be meant as a number, there or here.
        other = counted.get(one.start)
        if days.missing([one], known) and not (other and not quantities.missing([other], given)):
            lacking.append((one.start, one.text))
    others = [one for start, one in counted.items() if start not in dated]
    missing = quantities.missing(others, given)
    lacking += [(one.start, one.text) for one in missing]
    return [text for start, text in sorted(lacking) if low <= start < high]


def _credit(nearness: float) -> float:
    """0 below LEAST_LIKE, 1 where the words may stand for one another."""
    return min(1.0, max(0.0, (nearness - LEAST_LIKE) / (ALIKE - LEAST_LIKE)))


def _base(word: str) -> str:
    lower = word.lower()
    if lower in _TOO_COMMON or word[0].isdigit() or lower in NUMBER_WORDS:
        return ""
    return base(naming.fold(word) or lower)
