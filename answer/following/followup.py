"""A follow-up → a whole question, by rules: "and who ordered it?" → "Who ordered the arms pause?"

Takes what was typed and the turns before it (questions and the words that answered them), gives
one question that can be asked by itself; a question that is already whole comes back as it is.
English only. Never adds passages, and uses no model: the small one rewrites whole questions too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from answer.following import ellipsis, frames, pronouns, referents
from answer.following.ellipsis import statement
from answer.following.referents import Turn
from answer.grammar import BE, DO, HAVE, MODALS

_LEAD = re.compile(r"^(?:(?:and|but|so|ok|okay|well|also|then)\b[, ]*)+", re.I)
_MARKS = ',;:“”"'  # around words; the question's own ending is off already
_STATING = BE | HAVE | MODALS | DO
_SAYING = {"say", "said", "says", "think", "claim", "announce", "announced", "know", "deny"}
CHARS_LIMIT = 400  # of a follow-up that is looked at; a longer text is a question of its own


def resolve(typed: str, earlier: Sequence[Turn]) -> str:
    """The whole question, or `typed` unchanged where it is whole, or can't be completed."""
    text = " ".join(typed.split())
    if not earlier or not text or len(text) > CHARS_LIMIT:
        return typed
    core = _LEAD.sub("", text).rstrip("?!. ")
    if not core:
        return typed
    found = ellipsis.complete(frames.words_of(core), earlier, led=_LEAD.match(text) is not None)
    found = found or _replaced(core.split(), earlier)
    if found == core:
        return typed
    return found[0].upper() + found[1:] + "?"


def _replaced(words: Sequence[str], earlier: Sequence[Turn]) -> str:
    """The question with its open pronouns replaced by what they stand for."""
    asked = _asked_again(words, earlier)
    if asked:
        return asked
    lower = [word.lower().strip(_MARKS) for word in words]
    made = list(words)
    for place in pronouns.open_places(words):
        if instead := referents.stand_in(lower, place, earlier):
            before, after = words[place].lower().split(lower[place], 1)
            made[place] = before + instead + after
    return _noun_again(" ".join(made), earlier)


def _asked_again(words: Sequence[str], earlier: Sequence[Turn]) -> str:
    """ "Who said that?", "was that legal?": that is what the question before states."""
    lower = [word.lower() for word in words]
    frame = frames.read(earlier[-1].question)
    if frame is None or len(words) < 2:
        return ""
    states = frame.kind in ("", *frames.PLAIN) and frame.auxiliary.lower() in _STATING
    if lower[0] in BE and lower[1] in ("that", "this") and 2 < len(words) <= 4:
        return f"{lower[0]} it {' '.join(words[2:])} that {statement(frame)}" if states else ""
    if lower[-1] != "that" or lower[-2] not in _SAYING:
        return ""
    start = _replaced(words[:-1], earlier)
    if frame.predicate and frame.predicate[0].lower() in _SAYING and len(frame.predicate) > 1:
        return f"{start} that {' '.join(frame.predicate[1:])}"
    return f"{start} that {statement(frame)}" if states else ""


def _noun_again(question: str, earlier: Sequence[Turn]) -> str:
    """ "that bridge" → "the Gannet Bridge", where an earlier question names one."""
    match = re.search(r"\b(?:this|that|these|those) (\w+)\b", question, re.I)
    if match is None:
        return question
    for turn in reversed(earlier):
        for phrase in referents.question_phrases(turn.question):
            if phrase.head.lower() == match[1].lower() and len(phrase.core.split()) > 1:
                return question[: match.start()] + phrase.core + question[match.end() :]
    return question
