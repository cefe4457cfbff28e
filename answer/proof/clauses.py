"""The clauses of a text and what each of them denies. Pure.

A negation denies the next content words of its clause ("did not sign", "no cameras",
"refused to resign"). Reads no grammar: a text is cut at commas and conjunctions. Compares
nothing: that is for `denials.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from answer.proof.reversing import reversing, undone
from answer.words import NUMBER_WORDS, base, numbers, stem
from index.finding.keyword import STOP_WORDS

# Word → how many content words after it are denied.
_CUES = dict.fromkeys(
    "not never cannot no neither nor without nobody nothing none hardly barely scarcely"
    " seldom rarely".split(),
    1,
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
_NO_LONGER = re.compile(r"\bno longer\b|\bnot any ?more\b|\byet to(?= [a-z])", re.I)
_WITH_NO = re.compile(r"\bwith no\b", re.I)
_THAT_OF = re.compile(r"\b(not|is|are|was|were) (?:that|those) of\b", re.I)
_BOTH = re.compile(r"\b(both (?:[\w-]+ ){1,4})and\b", re.I)


@dataclass(frozen=True, slots=True)
class Clause:
    stems: frozenset[str]  # content words, denied ones included
    denied: frozenset[str]  # the words a negation stands before
    negations: int
    figures: frozenset[str] = frozenset()
    undone: frozenset[str] = frozenset()  # the words right after those of `reversing`
    reversing: frozenset[str] = frozenset()  # "stopped", "ruled out": see reversing.py

    @property
    def is_denied(self) -> bool:
        return self.negations % 2 == 1


@lru_cache(maxsize=4096)
def clauses(text: str) -> tuple[Clause, ...]:
    """The text cut at commas and conjunctions, each with what it denies."""
    plain = _CONTRACTED.sub(lambda m: ("ca" if m[1].lower() == "can" else m[1]) + " not", text)
    plain = plain.replace("ca not", "can not").replace("wo not", "will not")
    plain = _BOTH.sub(r"\1", _THAT_OF.sub(r"\1 of", _WITH_NO.sub("without", plain)))
    plain = _OF_WHICH.sub("of them", _NO_LONGER.sub("not", _NOT_ONLY.sub("", plain)))
    whole = _parts(plain)
    found: list[Clause] = []
    for part in whole:
        clause = _clause(part)
        if clause.negations and found and not _verbs(part):
            # "but not by Ostria", "Ostria did not": the rest is in the clause before.
            rest = found[-1].stems - {base(word) for word in _names_of(whole)}
            clause = replace(clause, stems=clause.stems | rest)
        text_of_part = " ".join(part)
        clause = replace(
            clause,
            figures=frozenset(numbers(text_of_part)),
            reversing=reversing(text_of_part),
            undone=undone(text_of_part),
        )
        if clause.stems or clause.negations:
            found.append(clause)
    return tuple(found)


def _parts(text: str) -> list[list[str]]:
    """The words of each clause; what only explains a name stays with it."""
    whole: list[list[str]] = []
    part: list[str] = []
    edge, floor = "", 0
    for token in [*_WORD.findall(text), ","]:
        is_without = token.lower() == "without" and any(map(_tells, part))
        if not _EDGE.fullmatch(token) and not is_without:
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
        part, edge = ([token] if is_without else []), token.lower()
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
        is_amount = bool(after[1:]) and (after[1][0].isdigit() or after[1].lower() in NUMBER_WORDS)
        if is_denying and (lower[:6] != "forbid" and (after[:1] != ["to"] or is_amount)):
            continue  # "declined from 22 to 9 percent", "declined to 9 percent"
        negations += 1
        is_person = lower == "nobody" or (lower == "no" and after[:1] == ["one"])
        told_of = after[1:] if lower == "no" and is_person else after
        if told_of[:1] == ["of"] or (is_person and told_of and told_of[0] in _PREPOSITIONS):
            continue  # "none of them", "nobody in the village": no verb comes next
        if after[:3] == ["to", "do", "so"]:
            continue  # "failed to do so": what, stands elsewhere
        denied.update(_heads(after))
        if lower == "neither":  # "neither she nor the coach would comment"
            second = after[after.index("nor") :] if "nor" in after else after
            denied.update(base(word) for word in _verbs(second)[:3])
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
