"""Follow-ups that leave out their verb: "why?", "and in Q2?", "what about Germany?", "how many?"

Takes the words that were typed and the turns before, gives the question that is meant: the one
before with its question word or one of its parts replaced. "" where what was typed leaves
nothing out. Pure rules for English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from answer.following import frames, pronouns, referents
from answer.following.frames import PREPOSITIONS, TIME, Frame, Phrase
from answer.following.referents import Turn
from answer.grammar import (
    BE,
    DO,
    HAVE,
    IRREGULAR,
    MODALS,
    PARTICIPLES,
    PASTS,
    REGULAR,
    inflect,
    is_plural,
)

FRAGMENT_WORDS = 7  # a longer text without a verb is a query, not a piece of a question
_BARE = re.compile(
    r"(why|when|where|how|since when|until when|for how long|how long|how often|how come|by whom"
    r"|by how much|according to whom|for whom|with whom|to whom|in (?:what|which) year|at what time"
    r"|why not|why there|why then|why so (?:much|many|long|late|few))(?: exactly)?"
    r"( (?:is|was|were|are) (?:that|this)| (?:did|does) (?:that|this|it) (?:happen|occur))?",
    re.I,
)
_ABOUT = re.compile(r"(?:what|how) about (.+)", re.I)
_OWNER = re.compile(r"(?:\b(?:the|a|an) )?(?:[A-Z][\w-]* )*[\w-]+['’]s\b")
_QUESTION_WORDS = {"who", "whom", "whose", "what", "which", "when", "where", "why", "how"}
_ASKED = {"what", "which", "who", "whom"}
_PARTICIPLE_OF = dict(IRREGULAR.values())
_DESCRIBING = frozenset(
    "new old first second third next last big small large other former current red white".split()
)


def complete(words: Sequence[str], earlier: Sequence[Turn], led: bool) -> str:
    """The whole question without its mark, or "". `led`: it began with "and" or the like."""
    text = " ".join(words)
    turn = earlier[-1]
    frame = frames.read(turn.question)
    if match := _BARE.fullmatch(text):
        if match[2] and match[1].lower() in ("how long", "how often"):
            return ""
        return _bare(match[1], turn, earlier) or _regarding(text, turn)
    if words[0].lower() == "how" and len(words) > 1:
        return _how(words, frame, turn)
    if match := re.fullmatch(r"(who|what|where) else", text, re.I):
        same = frame is not None and frame.wh.lower() == match[1].lower()
        return f"{text} {_after_wh(frame)}" if same and frame else _regarding(text, turn)
    if re.fullmatch(r"which (?:ones?|of them)", text, re.I):
        return _which(frame) or _regarding(text, turn)
    about = _ABOUT.fullmatch(text)
    if about or (_is_fragment(words) and (led or words[0].lower() in PREPOSITIONS)):
        return _with_other(about[1].split() if about else list(words), turn)
    return ""


def statement(frame: Frame) -> str:
    """ "Why was the arms pause reversed" → "the arms pause was reversed"."""
    subject = " ".join(frame.subject)
    auxiliary = frame.auxiliary.lower()
    verb, rest = frame.predicate[:1], " ".join(frame.predicate[1:])
    if auxiliary in DO and verb:
        return " ".join(part for part in (subject, inflect(verb[0], auxiliary), rest) if part)
    return " ".join([subject, auxiliary, *frame.predicate])


def _regarding(text: str, turn: Turn) -> str:
    """Where no grammar is sure: what was typed, with the question it belongs to, named."""
    return f"{text}, regarding “{turn.question.rstrip('?!. ')}”"


def _after_wh(frame: Frame) -> str:
    return " ".join(part for part in (frame.auxiliary, *frame.subject, *frame.predicate) if part)


def _bare(asked: str, turn: Turn, earlier: Sequence[Turn]) -> str:
    """ "Why?" asked of what the question before states."""
    frame = frames.read(turn.question)
    if frame is None:
        return ""
    wh, *extra = asked.split()
    if extra and extra[0].lower() in ("not", "so", "there", "then"):
        extra_words = " ".join(extra)
    else:
        wh, extra_words = asked, ""
    if not frame.auxiliary:
        return _bare_of_subject(wh, frame, turn)
    subject, predicate = list(frame.subject), list(frame.predicate)
    if extra_words == "not":
        predicate = ["not", *predicate]
    elif extra_words in ("there", "then"):
        named = referents.where(earlier) if extra_words == "there" else referents.when(earlier)
        predicate = [*predicate, named]
    elif frame.kind in _ASKED or frame.asked:
        predicate = _with_object(frame, extra_words)
    elif frame.kind == "how" and frame.wh.lower() != "how":
        adjective = frame.wh.partition(" ")[2]
        predicate = ["so", adjective, *predicate] if frame.auxiliary.lower() in BE else predicate
    return " ".join([wh, frame.auxiliary.lower(), *subject, *predicate]) if predicate else ""


def _with_object(frame: Frame, extra: str) -> list[str]:
    """The predicate with something in the place of what was asked for."""
    if frame.auxiliary.lower() in BE or not frame.predicate:
        return []
    asked = extra or ("" if frame.asked in ("much", "many") else frame.asked) or "that"
    verb, *rest = frame.predicate
    particle = rest[:1] if rest and rest[0].lower() in ("back", "up", "down", "off", "out") else []
    return [verb, *particle, asked, *rest[len(particle) :]]


def _bare_of_subject(wh: str, frame: Frame, turn: Turn) -> str:
    """The question before asked who or what did it: "Who found the cracks" → "When were the
    cracks found"; with a known answer, "Why does Germany want …"."""
    verb, *rest = frame.predicate
    lower = verb.lower()
    if lower in BE | HAVE | MODALS:
        if not (frame.asked and rest):
            return ""
        named = referents.answered_name(turn) if frame.kind == "which" else ""
        return " ".join([wh, lower, named or frame.asked, *rest])
    base = _base_of_present(lower)
    if base:
        named = referents.answered_name(turn)
        return " ".join([wh, "does", named, base, *rest]) if named else ""
    objects = [p for p in frames.phrases(rest, "object") if p.role == "object"]
    if not objects or not " ".join(rest).startswith(objects[0].text):
        return ""
    one = objects[0]
    after = " ".join(rest)[len(one.text) :].strip()
    was = "were" if one.plural else "was"
    named = referents.answered_name(turn) if frame.kind == "which" else ""
    by = f"by {named}" if named else ""
    parts = (wh, was, one.text, _PARTICIPLE_OF.get(lower, lower), by, after)
    return " ".join(part for part in parts if part)


def _is_base(word: str) -> bool:
    return word in REGULAR or word in IRREGULAR


def _base_of_present(verb: str) -> str:
    if not verb.endswith("s"):
        return ""
    bases = (verb[:-1], verb[:-2], verb[:-3] + "y")
    return next((base for base in bases if _is_base(base)), "")


def _how(words: Sequence[str], frame: Frame | None, turn: Turn) -> str:
    """ "how many?", "how many were injured?", "how old?", "how many crew?"."""
    lower = [word.lower() for word in words]
    if len(words) == 2 and lower[1] in ("many", "much"):
        return _how_many(lower[1], frame, turn) or _regarding(" ".join(words), turn)
    if lower[1:] == ["many", "of", "them"]:
        return _how_many("many", frame, turn) or _regarding(" ".join(words), turn)
    if frame is None:
        return ""
    if lower[1] == "many" and _can_follow_count(lower[2]) and not set(lower[3:]) & (DO | MODALS):
        if frame.kind not in ("how", "which") or not frame.asked:
            return ""
        start = next((i for i, w in enumerate(frame.predicate) if w in PREPOSITIONS), None)
        tail = () if start is None or set(lower) & PREPOSITIONS else frame.predicate[start:]
        return " ".join([*words[:2], frame.asked, *words[2:], *tail])
    if len(words) <= 4 and frame.kind == "how" and not any(_is_verb(word) for word in lower[1:]):
        return f"{' '.join(words)} {_after_wh(frame)}"
    return ""


def _can_follow_count(word: str) -> bool:
    return word in BE | HAVE | MODALS or word in PASTS or (word.endswith("ed") and len(word) > 4)


def _how_many(many: str, frame: Frame | None, turn: Turn) -> str:
    """Of the things that the question before does something with."""
    if frame is None:
        return ""
    if not frame.auxiliary:
        objects = [p for p in frames.phrases(frame.predicate[1:], "object") if p.plural]
        verb = frame.predicate[0].lower()
        if not objects or verb in BE | HAVE | MODALS:
            return ""
        if verb in _PARTICIPLE_OF or verb.endswith("ed"):
            return f"how {many} of {objects[0].text} were {_PARTICIPLE_OF.get(verb, verb)}"
        return f"how {many} {objects[0].text} are there"
    if frame.auxiliary.lower() in BE and is_plural(frame.subject[-1]):
        return f"how {many} of {' '.join([*frame.subject, frame.auxiliary, *frame.predicate])}"
    objects = [p for p in frames.phrases(frame.predicate[1:], "object") if p.plural]
    if frame.kind in _ASKED:
        said = [p.head for words in turn.said for p in referents.said_phrases(words) if p.plural]
        noun = frame.asked if is_plural(frame.asked) else said[0] if said else ""
        return f"how {many} {noun} {_after_wh(frame)}" if noun else ""
    if not objects:
        return ""
    rest = " ".join(frame.predicate).replace(objects[0].core, "", 1).split()
    counted = re.sub(r"^(?:the|some|any|these|those|its|their) ", "", objects[0].core)
    return " ".join(["how", many, counted, frame.auxiliary.lower(), *frame.subject, *rest])


def _which(frame: Frame | None) -> str:
    if frame is None or not frame.asked:
        return ""
    return f"which {frame.asked} {_after_wh(frame)}"


def _is_fragment(words: Sequence[str]) -> bool:
    """A few words that are no question: no question word, no verb."""
    lower = [word.lower() for word in words]
    asks = any(word in _QUESTION_WORDS | BE | HAVE | MODALS | DO for word in lower)
    return len(words) <= FRAGMENT_WORDS and not asks


def _is_verb(word: str) -> bool:
    known = word in BE | HAVE | MODALS | DO | PARTICIPLES | PASTS
    return known or _is_base(word) or word.endswith("ed")


def _with_other(fragment: list[str], turn: Turn) -> str:
    """The question before with one of its parts replaced by the fragment."""
    question = " ".join(frames.words_of(turn.question))
    lower = [word.lower() for word in fragment]
    for place in pronouns.open_places(fragment):
        fragment[place] = referents.stand_in(lower, place, [turn]) or fragment[place]
    text = " ".join(fragment)
    if text.endswith(("'s", "’s")) and (owner := _OWNER.search(question)):
        return question.replace(owner[0], text, 1)
    if match := TIME.fullmatch(text):
        return _with_time(question, text, match[1])
    if fragment[0].lower() in PREPOSITIONS:
        return _with_preposition(question, fragment, turn)
    frame = frames.read(turn.question)
    if frame and frame.auxiliary.lower() in DO and len(fragment) == 1 and _is_base(text):
        return question.replace(frame.predicate[0], text, 1)
    found = _counterpart(fragment, referents.question_phrases(turn.question))
    if found is None:
        return _regarding(text, turn)
    old = found.core
    if fragment[-1].lower() in ("one", "ones"):
        nouns = found.core.split()[1:]
        kept = nouns[1:] if len(nouns) > 1 and nouns[0].lower() in _DESCRIBING else nouns
        text = " ".join([*fragment[:-1], *kept])
    return question.replace(old, text, 1)


def _with_time(question: str, text: str, preposition: str | None) -> str:
    old = TIME.search(question)
    if old is None:
        return f"{question} {text if preposition else 'in ' + text}"
    new = text if preposition or not old[1] else f"{old[1]} {text}"
    return question[: old.start()] + new + question[old.end() :]


def _with_preposition(question: str, fragment: list[str], turn: Turn) -> str:
    """ "in Lissa" takes the place of "in Porto Verde", "about wages" that of "about the strike"."""
    governor = fragment[0].lower()
    for phrase in referents.question_phrases(turn.question):
        if phrase.governor == governor:
            return question.replace(f"{governor} {phrase.core}", " ".join(fragment), 1)
    return f"{question} {' '.join(fragment)}"


def _counterpart(fragment: Sequence[str], found: Sequence[Phrase]) -> Phrase | None:
    """The part of the question before that is of the fragment's kind."""
    new = frames.phrases(list(fragment), "object") or [
        Phrase(" ".join(fragment), " ".join(fragment), "object")
    ]
    one = new[0]

    is_person = referents.is_person(one)

    def likeness(phrase: Phrase) -> int:
        same_head = phrase.head.lower() == one.head.lower()
        same_person = referents.is_person(phrase) == is_person
        same_kind = phrase.is_name == one.is_name
        same_form = _has_determiner(phrase) == _has_determiner(one)
        # Of two things alike, a name replaces the subject, anything else the object.
        in_place = (phrase.role == "subject") == one.is_name
        likely = 8 * same_head + (8 if is_person else 4) * same_person + 4 * same_kind
        return likely + 2 * same_form + in_place

    ordered = sorted(found, key=likeness, reverse=True)
    return ordered[0] if ordered and likeness(ordered[0]) >= 4 else None


def _has_determiner(phrase: Phrase) -> bool:
    return phrase.core.partition(" ")[0].lower() in ("the", "a", "an")
