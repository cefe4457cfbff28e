"""What it, they, she, there and then can stand for: found in a conversation's earlier turns.

Takes the conversation's earlier questions and what was answered to them, gives noun phrases,
persons, places and times as words. Pure rules over `frames.py`; "" where nothing fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from answer.following import frames, pronouns
from answer.following.frames import PREPOSITIONS, TIME, Phrase
from answer.grammar import is_plural

_PERSON_NOUNS = frozenset(
    "head minister president mayor director chief leader engineer captain king queen chancellor"
    " secretary general governor judge doctor porter author writer man woman driver keeper owner"
    " founder chairman chairwoman chairperson boss spokesman spokeswoman spokesperson professor"
    " teacher officer prince princess pope bishop lawyer suspect victim witness winner candidate"
    " senator premier manager editor player coach singer actor actress artist scientist"
    " treasurer commander admiral ambassador student nurse pilot farmer baker conservator".split()
)
_GROUPS = frozenset(
    "council government parliament committee court company police union board team army navy"
    " ministry senate congress crew family party band group club commission administration"
    " authority agency jury staff public audience crowd".split()
)
# Last words of names that are no person's.
_NOT_PERSONS = frozenset(
    "bridge tower road street river institute university library council court museum company"
    " shipping ferries times post gazette herald party union bank house city county state states"
    " island islands lake sea park school college hospital church airport station ministry"
    " department agency commission committee war act treaty club group herbal systems system"
    " accounts prize award cup league festival mountain valley square palace castle fund".split()
)
_TITLE = r"(?:(?:Mr|Mrs|Ms|Dr|Sir|Lady|King|Queen|President|Chancellor|Senator|Professor)\.? )"
_SPOKE = r"(?:said|says|told|added|announced|ordered|wrote|asked|argued|claimed|explained|warned)"
_NAME = r"[A-Z][\w'’-]*[a-z]"
_PERSON = re.compile(
    rf"(?<!\bthe )(?<!\bin )(?<!\bat )({_TITLE}?{_NAME}(?: (?:[A-Z]\. )?{_NAME})+)"
    rf"|{_TITLE}({_NAME})|({_NAME})(?= {_SPOKE}\b)"
)
_WOMAN = re.compile(r"\b(Mrs|Ms|Lady|Queen|Princess|woman|actress|spokeswoman|she|her)\b")
_MAN = re.compile(r"\b(Mr|Sir|King|Prince|Pope|man|spokesman|he|his|him)\b")
_PLACE_WORDS = ("in", "at", "near", "on", "to", "from")
_DAY_TIME = re.compile(r"\d{1,2} [A-Z]|[A-Z]\w+ \d{1,2}(?!\d)|\w+day$|\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation, whole, and the words that were answered."""

    question: str
    said: tuple[str, ...] = ()


def stand_in(lower: Sequence[str], place: int, earlier: Sequence[Turn]) -> str:
    """What stands for the pronoun at `place`; "" where nothing does."""
    word = lower[place]
    possessive = pronouns.is_possessive(lower, place)
    if word in pronouns.HE:
        found = person(earlier, word)
    elif word in pronouns.THEY:
        found = several(earlier, pronouns.is_object(lower, place))
        found = found or answered_name(earlier[-1])
    elif word == "there":
        return where(earlier)
    elif word == "then":
        return when(earlier)
    elif word in ("this", "that") and lower[place - 1] in ("before", "after", "since", "by"):
        return re.sub(r"^(?:on|in) ", "", when(earlier))
    else:
        found = thing(earlier)
    if not (found and possessive):
        return found
    return f"{found}'" if found.endswith("s") else f"{found}'s"


def question_phrases(question: str) -> list[Phrase]:
    """The noun phrases of a question, its subject first."""
    frame = frames.read(question)
    if frame is None:
        return frames.phrases(frames.words_of(question)[1:], "object")
    found = []
    if frame.subject:
        core = " ".join(frame.subject[: _first_preposition(frame.subject)])
        found.append(Phrase(" ".join(frame.subject), core, "subject"))
        found += [p for p in frames.phrases(frame.subject, "subject") if p.role == "inner"]
    predicate = frame.predicate
    if predicate and predicate[0].lower() not in PREPOSITIONS:
        predicate = predicate[1:]
    return found + frames.phrases(predicate, "object")


def said_phrases(sentence: str) -> list[Phrase]:
    """The noun phrases of an answer's sentence."""
    return frames.phrases(frames.words_of(sentence), "object")


def thing(turns: Sequence[Turn]) -> str:
    """What "it" points to: the object of the question before, else its subject; a name that
    may be a person's only where nothing else is there."""
    unsure = ""
    for turn in reversed(turns):
        frame = frames.read(turn.question)
        found = [p for p in question_phrases(turn.question) if not p.plural and not _is_human(p)]
        active = frame is not None and (not frame.auxiliary or frame.auxiliary.lower() in _ACTIVE)
        roles = ("object", "inner", "subject") if active else ("subject", "object", "inner")
        ordered = sorted(found, key=lambda p: (_is_within(p, found), roles.index(p.role)))
        sure = [p.text for p in ordered if not _may_be_person(p)]
        if frame is not None and frame.kind == "which":
            sure.append(answered_name(turn))
        if any(sure):
            return next(filter(None, sure))
        unsure = unsure or (ordered[0].text if ordered else "")
    return unsure


_ACTIVE = {"do", "does", "did", "will", "would", "can", "could", "should", "must", "has", "have"}


def several(turns: Sequence[Turn], is_object: bool) -> str:
    """What "they" or "them" points to: something plural, else a group of people."""
    roles = ("object", "inner", "subject") if is_object else ("subject", "object", "inner")
    for turn in reversed(turns):
        found = sorted(question_phrases(turn.question), key=lambda p: roles.index(p.role))
        frame = frames.read(turn.question)
        asks_who = frame is not None and frame.kind == "who"
        said = [p for words in turn.said for p in said_phrases(words) if p.plural]
        many = [p for p in found if p.plural]
        many = said + many if asks_who and not is_object else many + said * is_object
        many += [p for p in found if p.head.lower() in _GROUPS]
        whole = [p for p in many if not _is_within(p, many)]
        if whole:
            return whole[0].text
        if frame is not None and is_plural(frame.asked):
            return f"the {frame.asked}"
    return ""


def person(turns: Sequence[Turn], pronoun: str) -> str:
    """Who "he" or "she" is: who answered a question for a person, a person of the question,
    or one whom the answer names."""
    is_woman = pronoun in ("she", "her", "hers")
    for turn in reversed(turns):
        frame = frames.read(turn.question)
        asked = [p.text for p in question_phrases(turn.question) if is_person(p)]
        named = list(persons_in(" ".join(turn.said)))
        found = named + asked if frame and frame.kind == "who" else asked + named
        wrong = _MAN if is_woman else _WOMAN
        for name in found:
            if not wrong.search(name):
                return name
    return ""


def persons_in(text: str) -> Iterator[str]:
    for match in _PERSON.finditer(text):
        name = next(group for group in match.groups() if group)
        words = name.lower().split()
        first_is_common = words[0] in ("the", "a", "an", "on", "in", "at", "but", "and", "for")
        if words[-1] not in _NOT_PERSONS and not first_is_common and not TIME.search(name):
            yield name


def where(turns: Sequence[Turn]) -> str:
    """Where "there" is, with its preposition; where the question asked for it, the answer's."""
    for turn in reversed(turns):
        frame = frames.read(turn.question)
        asked = question_phrases(turn.question)
        said = [p for words in turn.said for p in said_phrases(words)]
        both = [said, asked] if frame and frame.kind == "where" else [asked, said]
        for found in both:
            places = [p for p in found if p.governor in _PLACE_WORDS]
            places.sort(key=lambda p: _PLACE_WORDS.index(p.governor))
            if places:
                governor = "in" if places[0].governor in ("to", "from") else places[0].governor
                return f"{governor} {places[0].text}"
    found_thing = thing(turns)
    return f"at {found_thing}" if found_thing else ""


def when(turns: Sequence[Turn]) -> str:
    """When "then" is, with its preposition."""
    for turn in reversed(turns):
        for words in (turn.question, *turn.said):
            if match := TIME.search(words):
                return f"{'on' if _DAY_TIME.match(match[2]) else 'in'} {match[2]}"
    return ""


def answered_name(turn: Turn) -> str:
    """The name that answers a question for a country, a company, a person: the first name of
    the answer that the question does not have; "" where there is none."""
    asked = turn.question.lower()
    for words in turn.said:
        for phrase in said_phrases(words):
            core = phrase.core.removeprefix("The ").removeprefix("the ")
            if core[:1].isupper() and core.lower() not in asked and not TIME.search(core):
                return phrase.core
    return ""


def _is_within(phrase: Phrase, others: Sequence[Phrase]) -> bool:
    return any(phrase.text in other.text for other in others if other.text != phrase.text)


def _is_human(phrase: Phrase) -> bool:
    return phrase.head.lower() in _PERSON_NOUNS


def _may_be_person(phrase: Phrase) -> bool:
    """A name of several words that says nothing else, without "the"."""
    words = phrase.core.split()
    return phrase.is_name and len(words) > 1 and words[0][0].isupper() and is_person(phrase)


def is_person(phrase: Phrase) -> bool:
    if _is_human(phrase):
        return True
    is_name = phrase.is_name and phrase.core[0].isupper() and not phrase.core.startswith("The ")
    in_place = phrase.governor in ("in", "at", "near", "on")
    return is_name and not in_place and phrase.head.lower() not in _NOT_PERSONS


def _first_preposition(words: Sequence[str]) -> int:
    return next((i for i, word in enumerate(words) if word.lower() in PREPOSITIONS), len(words))
