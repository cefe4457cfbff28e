"""Whether a claim denies what the cited words tell, or tells what they deny. Pure.

Compares clause by clause (`clauses.py`). The other way of saying it counts as the same:
"did not accept" for "rejected", "nobody was hurt" for "no one was injured", "has stopped
selling" for "no longer sells" (`reversing.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from answer.proof.clauses import Clause, clauses
from answer.words import stem

__all__ = ["Clause", "broken", "clauses"]

_REJECTING = frozenset(
    stem(word) for word in "reject refuse deny decline dismiss veto ban forbid block bar".split()
)
_NOT_UNTIL = re.compile(r"\b(?:not|n['’]t)\b(?=[^,;.]*\buntil\b)", re.I)
SAME_CONTEXT = 0.7  # share of a denial's other words that a claim repeats
_NEGATIVE = ("un", "dis", "non")
Alike = Callable[[str, str], bool]
Opposites = Callable[[str], frozenset[str]]
Sides = tuple[Sequence[Clause], Sequence[Clause]]  # those that deny, those that tell


def broken(claim: str, sentences: Sequence[str], alike: Alike, opposite: Opposites) -> bool:
    """Whether the claim denies what the cited sentences tell, or the reverse.

    `alike`: whether two stems may stand for one another; `opposite`: the stems that say
    the reverse of one.
    """
    # "not until noon": at noon
    if not re.search(r"\buntil\b", re.sub(r"\bnot until\b", "", claim, flags=re.I), re.I):
        sentences = [_NOT_UNTIL.sub("", sentence) for sentence in sentences]
    mine = clauses(claim)
    theirs = [clause for sentence in sentences for clause in clauses(sentence)]
    if not any(clause.negations for clause in (*mine, *theirs)):
        return False
    denying = [clause for clause in theirs if clause.is_denied]
    telling = [clause for clause in theirs if not clause.is_denied]
    for clause in mine:
        nearest = _nearest(clause, theirs, alike)
        turned = clause.reversing.difference(*(one.reversing for one in theirs))
        back = nearest.reversing.difference(*(one.reversing for one in mine))
        # "stopped selling" for "no longer sells": one word denies for the negation.
        is_reversed = len(turned | back) % 2 == 1 and not (
            any(alike(stem, other) for stem in clause.denied for other in back)
            or any(alike(one, stem) for one in turned for stem in nearest.denied)
        )
        if clause.is_denied and turned & clause.denied and nearest.is_denied:
            return True  # "has not stopped" of what is no more
        wrongly_denied = clause.is_denied and _wrongly_denied(
            clause, (denying, telling), alike, opposite
        )
        if wrongly_denied:
            told = set[str]().union(*(one.stems - one.undone for one in telling))
            if nearest.is_denied or not is_reversed or clause.denied & told:
                return True
        wrongly_told = not clause.is_denied and _wrongly_told(
            clause, (denying, telling), alike, opposite
        )
        if wrongly_told and not is_reversed:
            return True
    return False


def _nearest(clause: Clause, theirs: Sequence[Clause], alike: Alike) -> Clause:
    """The cited clause that shares most with it; of two alike the shorter one."""
    return max(
        theirs,
        key=lambda other: (_shared(clause, other, alike), -len(other.stems)),
        default=Clause(frozenset(), frozenset(), 0),
    )


def _wrongly_denied(clause: Clause, theirs: Sides, alike: Alike, opposite: Opposites) -> bool:
    denying, telling = theirs
    # "rejected the extradition" denies all but that it was rejected.
    rejecting = [other for other in telling if other.stems & _REJECTING]
    told = {
        stem
        for other in telling
        for stem in (other.stems - other.undone if other in rejecting else other.stems)
    }
    rejecting = [*denying, *rejecting]
    denied = {stem for other in rejecting for stem in other.stems - _REJECTING}
    # What stands there as told and nowhere denied.
    if any(stem in told and stem not in denied for stem in clause.denied):
        return True
    if any(_has(frozenset(told & _REJECTING), stem, alike) for stem in clause.denied):
        return True  # "not fired" of who was dismissed
    if any(opposite(one) & opposite(s) for one in told & _REJECTING for s in clause.denied):
        return True
    if any(
        opposite(stem) & {s for other in denying for s in other.denied} for stem in clause.denied
    ):
        return True  # "not banned" of what was "not allowed"
    if any(_has(frozenset(told), stem, alike) for stem in clause.denied) and not denied:
        return True
    if any(opposite(stem) & told for stem in clause.denied):
        return False
    if clause.stems == clause.denied and not clause.figures:
        return False  # "without electricity": too little to compare
    in_denying = max((_shared(clause, other, alike) for other in rejecting), default=0)
    in_telling = max((_shared(clause, other, alike) for other in telling), default=0)
    if not clause.denied and denying:
        return False  # "none of the planets that": what they don't do stands further on
    if not in_denying:
        return bool(in_telling) or not denying
    if in_telling > in_denying + 1 and not any(clause.denied & other.denied for other in denying):
        return True
    return in_telling > in_denying and not any(
        _has(other.stems, stem, alike) for stem in clause.denied for other in denying
    )


def _wrongly_told(clause: Clause, theirs: Sides, alike: Alike, opposite: Opposites) -> bool:
    denying, telling = theirs
    for other in denying:
        shared = _shared(clause, other, alike)  # of all that the clause says
        if any(opposite(stem) & clause.stems for stem in other.denied):
            continue
        is_most = all(_shared(clause, one, alike) <= shared for one in telling)
        if not other.denied and is_most and shared * 2 >= max(1, len(other.stems)) and shared:
            return True  # "the old one had none"
        if any(_has(clause.stems, stem, alike) for stem in other.denied):
            # The word itself must be told there; one that is only like it need not.
            is_same = bool(other.denied & clause.stems)
            tells_too = any(
                (not is_same or _has(one.stems, stem, alike))
                and _shared(clause, one, alike) > shared
                for one in telling
                for stem in other.denied
            )
            if not tells_too:
                return True
        elif _says_it_otherwise(clause, other, shared, (telling, alike)):
            return True
    return False


def _says_it_otherwise(
    clause: Clause, other: Clause, shared: int, rest: tuple[Sequence[Clause], Alike]
) -> bool:
    """Whether the clause tells, in other words, what `other` denies: nearly all but the
    denied verb is the same, and no other clause is nearer."""
    telling, alike = rest
    shared -= len(clause.figures & other.figures)
    context = len(other.stems - other.denied)
    if shared < 3 or shared < SAME_CONTEXT * context:
        return False
    if any(stem.startswith(_NEGATIVE) for stem in clause.stems - other.stems):
        return False  # "unbeaten" for "not lost"
    shared += len(clause.figures & other.figures)
    return all(_shared(clause, one, alike) < shared for one in telling)


def _shared(clause: Clause, other: Clause, alike: Alike) -> int:
    """How many of its words and numbers stand there."""
    told = sum(_has(other.stems, stem, alike) for stem in clause.stems)
    return told + len(clause.figures & other.figures)


def _has(stems: frozenset[str], stem: str, alike: Alike) -> bool:
    return stem in stems or any(alike(stem, other) for other in stems)
