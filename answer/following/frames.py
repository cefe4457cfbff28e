"""An English question, taken apart by its grammar: question word, auxiliary, subject, predicate.

"Why was the arms pause reversed?" → why · was · the arms pause · reversed. Pure rules; a
question that they can't read gives None. Resolving a follow-up builds new questions of the parts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from answer.grammar import (
    BE,
    DETERMINERS,
    DO,
    HAVE,
    IRREGULAR,
    MODALS,
    PASTS,
    REGULAR,
    is_plural,
    participle_place,
    subject_and_verb,
)
from answer.grammar import PREPOSITIONS as COMMON_PREPOSITIONS

Words = Sequence[str]

AUXILIARIES = BE | HAVE | MODALS | DO
PREPOSITIONS = COMMON_PREPOSITIONS | {
    *("along", "above", "below", "behind", "beside", "beyond", "inside", "outside", "off", "upon")
}
PLAIN = {"why", "when", "where", "how"}  # question words that ask for no part of the sentence
_NOUNS_END = AUXILIARIES | PREPOSITIONS | {
    *("and", "or", "but", "that", "which", "who", "whom", "when", "while", "because", "if"),
    *("now", "then", "there", "again", "still", "so", "not", "yet", "too", "instead"),
}  # fmt: skip
_VERBS = REGULAR | IRREGULAR.keys()
_ATTACHING = {"of", "in", "at", "on", "for", "from", "near", "with", "between", "to", "along"}
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_SPAN = r"(?:year|month|week|quarter|half|spring|summer|autumn|winter)"
_TIME = (
    rf"(?:\d{{1,2}} {_MONTH}(?: \d{{4}})?|{_MONTH}(?: \d{{1,2}}(?!\d))?(?:,? \d{{4}})?|{_DAY}"
    r"|[QH][1-4](?: \d{4})?|(?:1\d|20)\d\ds?|\d{4}-\d\d(?:-\d\d)?"
    rf"|(?:the )?(?:last|next|first|second|third|fourth) {_SPAN}|the {_SPAN} (?:before|after)"
    r"|(?:the )?\d\dth century)"
)
TIME = re.compile(rf"\b(?:(in|on|at|by|since|during|before|after|until) )?({_TIME})\b")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase of a question or an answer."""

    text: str  # "the cracks in the Gannet Bridge"
    core: str  # the same without what is attached to it: "the cracks"
    role: str  # "subject", "object", or "inner" where a preposition governs it
    governor: str = ""  # that preposition

    @property
    def head(self) -> str:
        return self.core.rpartition(" ")[2]

    @property
    def is_name(self) -> bool:
        return self.head[:1].isupper()

    @property
    def plural(self) -> bool:
        return self.head.lower() in _PLURALS or (is_plural(self.head) and not self.is_name)


_PLURALS = {"people", "police", "children", "women", "men", "crew"}


@dataclass(frozen=True, slots=True)
class Frame:
    """`asked` is the noun of "which weapons" or "how many ships", "" where there is none.

    Where the question asks for its subject ("who found …"), auxiliary and subject are empty
    and the predicate begins with the verb.
    """

    wh: str  # "why", "how tall", "which weapons"; "" for a question of yes or no
    asked: str
    auxiliary: str
    subject: tuple[str, ...]
    predicate: tuple[str, ...]

    @property
    def kind(self) -> str:
        return self.wh.partition(" ")[0].lower()


def words_of(question: str) -> list[str]:
    """The words without the marks at the end and around them."""
    return [word.strip(',;:“”"') for word in question.strip().rstrip("?!. ").split()]


def read(question: str) -> Frame | None:
    """The parts of a question; None where the rules can't tell them."""
    words = words_of(question)
    if len(words) < 2:
        return None
    first = words[0].lower()
    if first in AUXILIARIES:
        return _with_auxiliary("", "", words)
    if first in PLAIN and words[1].lower() in AUXILIARIES:
        return _with_auxiliary(words[0], "", words[1:])
    if first == "how" or first in ("which", "what", "who", "whom", "whose"):
        return _with_question_phrase(words)
    return None


def _with_question_phrase(words: Words) -> Frame | None:
    """ "How tall is …", "which weapons did …", "who found …": up to the first verb."""
    for place in range(1, min(len(words), 7)):
        word = words[place].lower()
        if not (word in AUXILIARIES or is_finite(word, words[place - 1])):
            continue
        wh = " ".join(words[:place])
        counted = words[0].lower() == "how" and place > 2
        asked = " ".join(words[2 if counted else 1 : place])
        if word in AUXILIARIES - BE or (word in BE and _starts_noun(words, place + 1)):
            framed = _with_auxiliary(wh, asked, words[place:])
            if framed is not None:
                return framed
        if word in BE | HAVE | MODALS and asked:
            return Frame(wh, asked, "", (), tuple(words[place:]))
        if word in DO:
            return None
        return Frame(wh, asked, "", (), tuple(words[place:]))
    return None


def is_finite(word: str, before: str) -> bool:
    """Can it be the verb of a question that asks for its subject? "wants", "found"."""
    bases = {word[:-1], word[:-2], word[:-3] + "y"} if word.endswith("s") else {word}
    known = bool(bases & (REGULAR | IRREGULAR.keys())) and before.lower() not in ("how", "many")
    return word in PASTS or (word.endswith("ed") and len(word) > 4) or known


def _starts_noun(words: Words, place: int) -> bool:
    if place >= len(words):
        return False
    word = words[place]
    return word.lower() in DETERMINERS or word[0].isupper() or word[0].isdigit()


def _with_auxiliary(wh: str, asked: str, words: Words) -> Frame | None:
    auxiliary, rest = words[0], words[1:]
    if not rest:
        return None
    if auxiliary.lower() in BE | HAVE:
        place = participle_place(rest)
        place = _identity_end(rest, wh) if place is None else place
    else:
        split = subject_and_verb(rest)
        place = len(split[0]) if split else _before_verb(rest)
    if place == 0:
        return None
    return Frame(wh, asked, auxiliary, tuple(rest[:place]), tuple(rest[place:]))


def _identity_end(words: Words, wh: str) -> int:
    """ "the new rules for rentals" is all one thing; after why, and in a question of yes or no,
    something must be said of it: "the old dam | safe", "the workers | on strike"."""
    end = noun_end(words, 0)
    if wh.lower() not in ("", "why"):
        return _attached_end(words, end)
    while end < len(words) and words[end].lower() == "of":
        end = noun_end(words, end + 1)
    return end - 1 if end == len(words) and end > 1 else end


def _before_verb(words: Words) -> int:
    """After do, does and did a verb must come: where none is known, the word before what ends
    a noun phrase is one. "the court overturn the ban" → 2."""
    end = noun_end(words, 0)
    ends_phrase = end == len(words) or words[end].lower() in _NOUNS_END | DETERMINERS
    return end - 1 if ends_phrase and end > 1 else end


def noun_end(words: Words, start: int) -> int:
    """Where the noun phrase that begins at `start` ends, without what is attached to it."""
    for place in range(start, len(words)):
        word, before = words[place], words[place - 1] if place > start else ""
        lower = word.lower()
        if lower in _NOUNS_END and not (place == start and lower in DETERMINERS):
            return place
        if not before or word[0].isupper() or before.lower() in DETERMINERS:
            continue
        verb = lower in PASTS or lower in REGULAR or lower.endswith("ed")
        if verb or lower in DETERMINERS:
            return place
        # "the Moss Point reactor", "Patriot systems", but not "the ferry Selma late"
        names = [one[0].isupper() for one in words[start + 1 : place]]
        named = words[start].lower() in DETERMINERS and all(names)
        if before[0].isupper() and not (named or is_plural(lower)):
            return place
        if names and not before[0].isupper() and words[place - 2][0].isupper():
            return place  # one noun after a name: "the Orlo dam | safe"
    return len(words)


def phrases(words: Words, role: str) -> list[Phrase]:
    """Noun phrases from left to right; what follows a preposition is attached and `inner`."""
    found: list[Phrase] = []
    place, governor = 0, ""
    while place < len(words):
        lower = words[place].lower()
        if lower in PREPOSITIONS:
            # "to buy missiles" is no place
            infinitive = lower == "to" and " ".join(words[place + 1 : place + 2]) in _VERBS
            governor, place = ("", place + 2) if infinitive else (lower, place + 1)
            continue
        if lower in PASTS or (lower.endswith("ed") and words[place + 1 : place + 2]):
            governor, place = "", place + 1
            continue
        end = max(noun_end(words, place), place + 1)
        core = words[place:end]
        if _is_noun(core, governor) and not TIME.fullmatch(" ".join(core)):
            text = " ".join(words[place : _attached_end(words, end)])
            found.append(Phrase(text, " ".join(core), "inner" if governor else role, governor))
        governor, place = "", end
    return found


def _is_noun(words: Words, governor: str) -> bool:
    """A phrase with a determiner or a name, a plural, or any plain noun after a preposition."""
    first = words[0].lower()
    if first in _NOUNS_END - DETERMINERS or (len(words) == 1 and first in DETERMINERS):
        return False
    marked = first in DETERMINERS or any(word[0].isupper() for word in words)
    return marked or is_plural(words[-1]) or bool(governor)


def _attached_end(words: Words, end: int) -> int:
    """Past "in the Gannet Bridge", "of the Institute", but not past a time."""
    while end < len(words) and words[end].lower() in _ATTACHING:
        following = noun_end(words, end + 1)
        if words[end].lower() == "to" and words[end + 1 : end + 2] and words[end + 1] in _VERBS:
            break
        is_time = TIME.match(" ".join(words[end:])) is not None
        if following <= end + 1 or is_time:
            break
        end = following
    return end
