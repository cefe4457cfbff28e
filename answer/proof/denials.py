"""What a text denies, and whether a claim denies the same. Pure.

A negation denies the next content words of its clause ("did not sign", "no cameras",
"refused to resign"). A claim breaks with the cited words where it tells as true what they
deny, or denies what they tell. The other way of saying it counts as the same: "did not
accept" for "rejected", "nobody was hurt" for "no one was injured".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from answer.words import NUMBER_WORDS, base, stem
from index.keyword import STOP_WORDS

# Word → how many content words after it are denied.
_CUES = dict.fromkeys(
    "not never cannot no neither nor without nobody nothing none hardly".split(), 1
)
# Verbs that deny the verb after their "to", or the "-ing" after "from" and "without".
_DENYING = frozenset(
    stem(word) for word in "refuse refusal decline fail failure unable forbid".split()
)
_LIGHT = frozenset(
    "be been being have had has do did does any ever yet even more longer only so able get got been"
    " made make take took give gave given allow allowed much very all every still again just"
    " agree agreed manage managed want wanted".split()
)
_AUXILIARIES = frozenset("was were is are has have had will would did does can could".split())
_APPOSED = 9  # words before "was": a name and what explains it
_PREPOSITIONS = frozenset("of in at on among under from with under over".split())
_REJECTING = frozenset(
    stem(word) for word in "reject refuse deny decline dismiss veto ban forbid block bar".split()
)
# Light verbs that a refusal denies together with the verb after them.
_YIELDING = frozenset("agree agreed manage managed allow allowed want wanted".split())
_EDGE = re.compile(
    r"[,;:()–—]|\b(?:but|while|whereas|although|though|because|which|who|that|and|or|when|after"
    r"|before|until|unless|if)\b", re.I
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*|[,;:()–—]")
_NOT_ONLY = re.compile(
    r"\bnot (?:only|just|least|surprisingly)\b|\bno (?:doubt|fewer|less|later|more than|sooner"
    r"|matter)\b|\bnothing but\b|\bnot until\b",
    re.I,
)
_CONTRACTED = re.compile(r"\b(can|wo|do|does|did|is|are|was|were|has|have|had|would|could|should"
                         r"|must|need)n['’]t\b", re.I)  # fmt: skip
_OF_WHICH = re.compile(r"\bof (?:which|whom)\b", re.I)
_NOT_UNTIL = re.compile(r"\b(?:not|n['’]t)\b(?=[^,;.]*\buntil\b)", re.I)
_NO_LONGER = re.compile(r"\bno longer\b|\bnot any ?more\b", re.I)


SAME_CONTEXT = 0.7  # share of a denial's other words that a claim repeats
_NEGATIVE = ("un", "dis", "non")
Alike = Callable[[str, str], bool]
Opposites = Callable[[str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Clause:
    stems: frozenset[str]  # content words, denied ones included
    denied: frozenset[str]  # the words a negation stands before
    negations: int

    @property
    def is_denied(self) -> bool:
        return self.negations % 2 == 1


Sides = tuple[Sequence[Clause], Sequence[Clause]]  # those that deny, those that tell


@lru_cache(maxsize=4096)
def clauses(text: str) -> tuple[Clause, ...]:
    """The text cut at commas and conjunctions, each with what it denies."""
    plain = _CONTRACTED.sub(lambda m: ("ca" if m[1].lower() == "can" else m[1]) + " not", text)
    plain = plain.replace("ca not", "can not").replace("wo not", "will not")
    plain = _OF_WHICH.sub("of them", _NO_LONGER.sub("not", _NOT_ONLY.sub("", plain)))
    whole = _parts(plain)
    found: list[Clause] = []
    for part in whole:
        clause = _clause(part)
        if clause.negations and found and not _verbs(part):
            # "but not by Ostria", "Ostria did not": the rest is in the clause before.
            rest = found[-1].stems - {base(word) for word in _names_of(whole)}
            clause = replace(clause, stems=clause.stems | rest)
        if clause.stems or clause.negations:
            found.append(clause)
    return tuple(found)


def _parts(text: str) -> list[list[str]]:
    """The words of each clause; what only explains a name stays with it."""
    whole: list[list[str]] = []
    part: list[str] = []
    edge, floor = "", 0
    for token in [*_WORD.findall(text), ","]:
        if not _EDGE.fullmatch(token):
            part.append(token)
            continue
        if part and _is_name(part) and whole:
            whole[-1] += part  # "its chairman, Otto Lund"
        elif part and whole and edge == "," and part[0].lower() in _AUXILIARIES:
            joined = [word for one in whole[floor:] for word in one]  # "Lund, the judge, was"
            is_short = len(joined) <= _APPOSED
            whole[floor:] = [[*joined, *part]] if is_short else [*whole[floor:], part]
        elif part and (edge not in ("that", "which", "who") or any(map(_tells, part))):
            whole.append(part)  # but for "those that were not"
        part, edge = [], token.lower()
        floor = floor if token == "," else len(whole)
    return whole


def _heads(after: Sequence[str]) -> set[str]:
    """The first content word after a negation, with a light verb before it; names only
    where nothing else stands there."""
    heads: set[str] = set()
    for word in after:
        if word.lower() in _YIELDING:
            heads.add(base(word))
        if _tells(word) and not word[0].isupper():
            return heads | {base(word)}
    return heads | {base(word) for word in after if _tells(word)}


def _verbs(part: Sequence[str]) -> list[str]:
    return [word for word in part if _tells(word) and not word[0].isupper()]


def _names_of(parts: Sequence[Sequence[str]]) -> list[str]:
    return [word for part in parts for word in part if word[0].isupper()]


def _is_name(part: Sequence[str]) -> bool:
    known = all(word[0].isupper() or word.lower() in STOP_WORDS for word in part)
    return known and any(word[0].isupper() for word in part)


def _clause(tokens: Sequence[str]) -> Clause:
    denied: set[str] = set()
    negations = 0
    for place, token in enumerate(tokens):
        lower = token.lower()
        is_denying = stem(lower) in _DENYING
        if lower not in _CUES and not is_denying:
            continue
        if lower == "nor" and negations:  # "neither … nor": one negation of two
            negations -= 1
        after = tokens[place + 1 :]
        if is_denying and (lower[:6] != "forbid" and after[:1] != ["to"]):
            continue  # "declined from 22 to 9 percent"
        negations += 1
        is_person = lower == "nobody" or (lower == "no" and after[:1] == ["one"])
        told_of = after[1:] if lower == "no" and is_person else after
        if told_of[:1] == ["of"] or (is_person and told_of and told_of[0] in _PREPOSITIONS):
            continue  # "none of them", "nobody in the village": no verb comes next
        denied.update(_heads(after))
    stems = frozenset(base(word) for word in tokens if _tells(word))
    return Clause(stems, frozenset(denied), negations)


def _tells(word: str) -> bool:
    lower = word.lower()
    return (
        word[0].isalpha()
        and lower not in NUMBER_WORDS
        and lower not in STOP_WORDS
        and lower not in _LIGHT
        and lower not in _CUES
        and stem(lower) not in _DENYING
    )


def broken(claim: str, sentences: Sequence[str], alike: Alike, opposite: Opposites) -> bool:
    """Whether the claim denies what the cited sentences tell, or the reverse.

    `alike`: whether two stems may stand for one another; `opposite`: the stems that say
    the reverse of one.
    """
    if not re.search(r"\buntil\b", claim, re.I):  # "not until noon": at noon
        sentences = [_NOT_UNTIL.sub("", sentence) for sentence in sentences]
    mine = clauses(claim)
    theirs = [clause for sentence in sentences for clause in clauses(sentence)]
    if not any(clause.negations for clause in (*mine, *theirs)):
        return False
    denying = [clause for clause in theirs if clause.is_denied]
    telling = [clause for clause in theirs if not clause.is_denied]
    for clause in mine:
        if clause.is_denied and _wrongly_denied(clause, (denying, telling), alike, opposite):
            return True
        if not clause.is_denied and _wrongly_told(clause, (denying, telling), alike, opposite):
            return True
    return False


def _wrongly_denied(clause: Clause, theirs: Sides, alike: Alike, opposite: Opposites) -> bool:
    denying, telling = theirs
    # "rejected the extradition" denies all but that it was rejected.
    rejecting = [other for other in telling if other.stems & _REJECTING]
    told = {
        stem
        for other in telling
        for stem in (other.stems & _REJECTING if other in rejecting else other.stems)
    }
    rejecting = [*denying, *rejecting]
    denied = {stem for other in rejecting for stem in other.stems - _REJECTING}
    # What stands there as told and nowhere denied.
    if any(stem in told and stem not in denied for stem in clause.denied):
        return True
    if any(_has(frozenset(told & _REJECTING), stem, alike) for stem in clause.denied):
        return True  # "not fired" of who was dismissed
    if any(
        opposite(stem) & {s for other in denying for s in other.denied} for stem in clause.denied
    ):
        return True  # "not banned" of what was "not allowed"
    if any(_has(frozenset(told), stem, alike) for stem in clause.denied) and not denied:
        return True
    if any(opposite(stem) & told for stem in clause.denied):
        return False
    in_denying = max((_shared(clause, other, alike) for other in rejecting), default=0)
    in_telling = max((_shared(clause, other, alike) for other in telling), default=0)
    if not clause.denied and denying:
        return False  # "none of the planets that": what they don't do stands further on
    if not in_denying:
        return bool(in_telling) or not denying
    return in_telling > in_denying and not any(
        _has(other.stems, stem, alike) for stem in clause.denied for other in denying
    )


def _wrongly_told(clause: Clause, theirs: Sides, alike: Alike, opposite: Opposites) -> bool:
    denying, telling = theirs
    for other in denying:
        shared = _shared(clause, other, alike)  # of all that the clause says
        if any(opposite(stem) & clause.stems for stem in other.denied):
            continue
        if not other.denied and shared * 2 >= max(1, len(other.stems)) and shared:
            return True  # "the old one had none"
        if any(_has(clause.stems, stem, alike) for stem in other.denied):
            tells_too = any(
                _has(one.stems, stem, alike) and _shared(clause, one, alike) > shared
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
    context = len(other.stems - other.denied)
    if shared < 3 or shared < SAME_CONTEXT * context:
        return False
    if any(stem.startswith(_NEGATIVE) for stem in clause.stems - other.stems):
        return False  # "unbeaten" for "not lost"
    return all(_shared(clause, one, alike) < shared for one in telling)


def _shared(clause: Clause, other: Clause, alike: Alike) -> int:
    return sum(_has(other.stems, stem, alike) for stem in clause.stems)


def _has(stems: frozenset[str], stem: str, alike: Alike) -> bool:
    return stem in stems or any(alike(stem, other) for other in stems)
