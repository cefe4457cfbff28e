"""Who did what to whom: names and numbers that have changed places. Pure.

Every name stands in slots: before a verb, after it, after "by", after a preposition of a
noun. Where a claim has another name in a slot than the source has, and the source has that
name elsewhere, the two have changed places. A passive turns the slots of its verb. Reads
no grammar: only words that stand close together are compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from answer.proof import naming
from answer.words import NUMBER_WORDS, base, word_places
from index.finding.keyword import STOP_WORDS

_BE = frozenset("was were is are been being be".split())
_BETWEEN = frozenset(  # what may stand between a name and its verb
    "will would can could may might has have had did does do not never also then only just be been"
    " was were is are being won't didn't".split()
)
_DETERMINERS = frozenset("the a an its his her their".split())
_SLOTS = frozenset("in from to of by with for on against".split())
_CALENDAR = frozenset(
    "january february march april may june july august september october november december monday"
    " tuesday wednesday thursday friday saturday sunday".split()
)
# "lost to", "beat": like one another, and the other way round.
_TURNS = frozenset(
    frozenset(pair.split())
    for pair in ("lose win", "lose beat", "lose defeat", "buy sell", "follow lead", "give get")
)
_PARTICIPLES = frozenset(
    "shut cut put hit set hurt shot sold told built sent made paid found held kept left led lost"
    " won met bought brought caught taught fought struck sunk sung read".split()
)
_ELLIPSES = ("to", "in", "every", "another", "and", "further")
_CONVERSE = frozenset("buy sell purchas acquir lend borrow win lose beat defeat".split())
_MOST_BETWEEN = 3
_PAUSE = re.compile(r"[,;:()–—]")

Alike = Callable[[str, str], bool]
Slots = dict[tuple[str, str], set[str]]  # (stem, slot) → words of the names there


@dataclass(frozen=True, slots=True)
class _Word:
    lower: str
    base: str
    name: str  # folded, "" for no name
    follows: bool  # nothing but white space stands before it


def swapped(claim: str, sentences: Sequence[str], alike: Alike) -> str:
    """Why the claim has names or numbers in each other's places, or ""."""
    mine = _slots(claim)
    for sentence in sentences:
        theirs = _slots(sentence)
        # What the claim says in the same words is not what it says in others.
        agreed = {key for key in mine.keys() & theirs.keys() if mine[key] & theirs[key]}
        everyone = {naming.whole(name) for name in naming.hard_words(sentence)}
        for (stem, slot), names in mine.items():
            known = set().union(
                *(
                    others
                    for (other, other_slot), others in theirs.items()
                    if other_slot == slot
                    and (other == stem or (alike(stem, other) and (other, slot) not in agreed))
                    and frozenset((stem, other)) not in _TURNS
                )
            )
            if known and not names & known and names & everyone:
                return f"the sources say this of {min(known)}, not of {min(names)}"
        number = _moved_number(claim, sentence)
        if number:
            return f"the sources give the number {number} for something else"
    return ""


def is_other_side(claim: str, sentences: Sequence[str]) -> bool:
    """Whether claim and sources tell of a sale or a match from its two sides: "Orla bought it
    from Berg" of "Berg sold it to Orla"."""
    mine = _traders(claim)
    theirs = set[str]().union(*map(_traders, sentences))
    return bool(mine and theirs) and not mine & theirs


def _traders(text: str) -> set[str]:
    found = (names for (stem, slot), names in _slots(text).items()
             if slot == "doer" and stem in _CONVERSE)  # fmt: skip
    return set[str]().union(*found)


def _slots(text: str) -> Slots:
    found: Slots = {}
    tokens = _words(text)
    place = 0
    while place < len(tokens):
        if not tokens[place].name:
            place += 1
            continue
        end = place + 1
        while end < len(tokens) and (
            (tokens[end].name and tokens[end].follows)
            or (
                tokens[end].lower in ("and", "&")
                and end + 1 < len(tokens)
                and tokens[end + 1].name
                and tokens[end].follows
            )
        ):
            end += 1
        names = {token.name for token in tokens[place:end] if token.name}
        for key in _keys(tokens, place, end):
            found.setdefault(key, set()).update(names)
        place = end
    return found


def _keys(tokens: Sequence[_Word], start: int, end: int) -> list[tuple[str, str]]:
    """The slots of the names in tokens[start:end]."""
    keys: list[tuple[str, str]] = []
    is_first = (
        start == 0
        or not tokens[start].follows
        or tokens[start - 1].lower in ("and", "but", "while")
    )
    lead = start - 1
    while lead > 0 and tokens[lead].lower in _DETERMINERS:
        lead -= 1
    if is_first or tokens[lead].lower not in _SLOTS:
        between = []
        for token in tokens[end : end + _MOST_BETWEEN + 1]:
            if not token.follows or token.name:
                break
            if token.lower in _BETWEEN:
                between.append(token.lower)
                continue
            if token.base and token.lower not in _SLOTS:
                is_passive = bool(_BE & set(between)) and _is_participle(token.lower)
                keys.append((token.base, "done to" if is_passive else "doer"))
            break
    before = start - 1
    if not tokens[start].follows or before < 0:
        return keys
    if tokens[end - 1].lower.endswith(("'s", "’s")):
        return keys  # "around Mercury's neighbour": it is the neighbour that stands there
    while before >= 0 and tokens[before].lower in _DETERMINERS:
        before -= 1
    if before < 0:
        return keys
    slot = tokens[before].lower
    if slot not in _SLOTS:
        if tokens[before].base and not tokens[before].name:
            keys.append((tokens[before].base, "done to"))
    elif before and tokens[before].follows and _is_head(tokens[before - 1]):
        keys.append((tokens[before - 1].base, "doer" if slot == "by" else slot))
    return keys


def _is_participle(word: str) -> bool:
    return word.endswith(("ed", "en", "wn")) or word in _PARTICIPLES


def _is_head(token: _Word) -> bool:
    return bool(token.base) and not token.name


def _words(text: str) -> list[_Word]:
    found: list[_Word] = []
    last = 0
    for (start, end), is_name in naming.marked_words(text):
        word = text[start:end]
        plain = naming.fold(word)
        is_name = is_name and plain not in _CALENDAR and not plain[0].isdigit()
        is_plain = plain not in STOP_WORDS and plain not in NUMBER_WORDS and plain[0].isalpha()
        found.append(
            _Word(
                word.lower(),
                base(plain) if is_plain else "",
                plain if is_name else "",
                not _PAUSE.search(text[last:start]),
            )
        )
        last = end
    # "the Swedish group Nordal": Swedish is no name there.
    return [
        replace(
            word,
            name=""
            if naming.is_of_a_people(word.lower) and not _names(found, place)
            else naming.whole(word.name),
        )
        for place, word in enumerate(found)
    ]


def _names(tokens: Sequence[_Word], place: int) -> bool:
    """Whether the word before a noun is a name in its own right, as in "in France"."""
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    return following is None or not following.follows or not following.base


def _moved_number(claim: str, sentence: str) -> str:
    """A counted noun has another number, which counts something else in the sentence."""
    mine, theirs = _counted(claim), _counted(sentence)
    for noun in mine.keys() & theirs.keys() - {""}:
        others = set().union(*(values for other, values in theirs.items() if other != noun))
        wrong = (mine[noun] - theirs[noun]) & others
        if wrong and not mine[noun] & theirs[noun]:
            return min(wrong)
    return ""


def _counted(text: str) -> dict[str, set[str]]:
    """Noun → the numbers right before it, of "6 of 48 people" both; "" where none follows."""
    found: dict[str, set[str]] = {}
    last = ""
    places = word_places(text)
    tokens = [text[start:end] for start, end in places]
    for place, token in enumerate(tokens):
        value = NUMBER_WORDS.get(token.lower()) or (token if token[0].isdigit() else "")
        if not value:
            continue
        noun = ""
        rest = []
        for number in range(place + 1, min(place + 6, len(tokens))):
            if _PAUSE.search(text[places[number - 1][1] : places[number][0]]):
                break
            rest.append(tokens[number])
        if rest[:1] == ["of"]:  # "three of the previous 24 hours"
            more = [n for n, word in enumerate(rest) if word[0].isdigit() or word in NUMBER_WORDS]
            rest = rest[more[0] + 1 :] if more else []
            if not rest:
                continue  # "90 of the shops": others may be counted too
        for other in rest:
            lower = other.lower()
            if lower in NUMBER_WORDS or other[0].isdigit() or lower in ("of", "the", "its"):
                continue
            noun = "" if lower in STOP_WORDS else base(lower)
            if lower.endswith("ed"):
                noun = "ed"  # "eight voted": nobody knows eight what
            break
        before = tokens[place - 1].lower() if place else ""
        if not noun and before in _ELLIPSES and last and len(value) < 4:
            noun = last  # "from nine years to six", "and another 85"
        last = noun if noun != "ed" else last
        if noun != "ed":
            found.setdefault(noun, set()).add(value)
    return found
