"""Which words of a question point outside it: open pronouns, and their places.

"Why did the mayor say he would leave?" has its mayor with it; "who ordered it?" has nothing
that "it" could be. Pure rules for English. Finds the words; what they stand for is
`answer/following/referents.py`'s work.
"""

from __future__ import annotations

from collections.abc import Sequence

from answer.grammar import BE, DETERMINERS, DO, HAVE, IRREGULAR, MODALS, PREPOSITIONS, REGULAR

Words = Sequence[str]

HE = {"he", "him", "his", "she", "her", "hers"}
IT = {"it", "its"}
THEY = {"they", "them", "their", "theirs"}
POSSESSIVES = {"his", "its", "their", "her"}
OBJECTS = {"him", "them", "it", "her"}
DEMONSTRATIVES = {"this", "that", "these", "those"}

_AUXILIARIES = BE | HAVE | MODALS | DO
_BOUNDARIES = {
    *("that", "when", "after", "before", "because", "if", "while", "as", "since", "until"),
    *("where", "which", "who", "and", "but", "or", "to", "than", "what", "how", "why", "so"),
    *("for", "by", "without", "in", "with", "from", "although", "though", "once", "whose"),
}
_CLAUSES = _BOUNDARIES - {"for", "by", "without", "in", "with", "from", "to"}
_NO_NOUNS = _AUXILIARIES | PREPOSITIONS | _BOUNDARIES | HE | IT | THEY | {"there", "not", "then"}
_COUNTING = {"which", "what", "many", "whose", "much"}
_PEOPLE = {"who", "whom", "whose", "someone", "anyone", "everyone", "nobody", "one", "person"}
_MAKING = {"make", "makes", "made", "making", "find", "finds", "found", "consider"}
_EMPTY_IT = {"said", "possible", "like", "likely", "called", "known", "thought", "easy"}


def open_places(words: Words) -> list[int]:
    """Places of the pronouns that nothing in the question itself can be meant by."""
    lower = [word.lower().strip(',;:“”"') for word in words]
    found = []
    for place, word in enumerate(lower):
        if word in HE | IT | THEY:
            is_open = not _is_empty(lower, place) and not _is_bound(words, lower, place)
        else:
            is_open = _points_out(lower, place)
        if is_open:
            found.append(place)
    return found


def is_possessive(lower: Words, place: int) -> bool:
    word = lower[place]
    if word != "her":
        return word in POSSESSIVES
    following = lower[place + 1] if place + 1 < len(lower) else ""
    return bool(following) and following not in _NO_NOUNS | {"again", "now", "today"}


def is_object(lower: Words, place: int) -> bool:
    """Stands after its verb or a preposition, not before a verb."""
    before = lower[place - 1] if place else ""
    return lower[place] in OBJECTS and place > 0 and before not in _AUXILIARIES | _CLAUSES


def _is_empty(lower: Words, place: int) -> bool:
    """ "How long does it take to …", "what is it called when …": it means nothing."""
    if lower[place] != "it":
        return False
    before = lower[place - 1] if place else ""
    following = lower[place + 1] if place + 1 < len(lower) else ""
    later = lower[place + 2 :]
    takes = following.startswith(("take", "took")) and "to" in later
    clause = any(word in ("to", "that", "when", "if", "for", "whether") for word in later)
    made = before in _MAKING and "to" in later
    weather = following.startswith(("rain", "snow"))
    around = {before, following} & (BE | {"mean"})
    return takes or made or weather or (bool(around) and (clause or following in _EMPTY_IT))


def _points_out(lower: Words, place: int) -> bool:
    """there, then, this and that, where they are no mere function words."""
    word = lower[place]
    before = lower[place - 1] if place else ""
    is_last = place == len(lower) - 1
    if word == "there":
        existential = before in BE | MODALS | {"been", "be"} and (not is_last or "many" in lower)
        ends = is_last or lower[place + 1] in PREPOSITIONS | {"now", "today", "and", "when"}
        return ends and place > 0 and not existential and not _names_place(lower[:place])
    if word == "then":
        return is_last and place > 0
    if word not in DEMONSTRATIVES or place == 0:
        return False
    if is_last:
        return before not in DETERMINERS and (place > 1 or before in BE)
    return before in _AUXILIARIES and place <= 3 and _is_predicate(lower[place + 1 :], before)


def _is_predicate(rest: Words, before: str) -> bool:
    """Does a verb follow, and no noun? "does that apply to", but not "does that law apply"."""
    if rest[0] in REGULAR or rest[0] in IRREGULAR or rest[0] in PREPOSITIONS:
        return True
    if before in DO | MODALS:
        return len(rest) == 1 or rest[1] in PREPOSITIONS
    return rest[0].endswith("ed") or rest[0] in ("true", "right", "possible", "legal", "still")


def _names_place(lower: Words) -> bool:
    """Is a place given before, as in "who went to Rome and lived there"?"""
    return any(word in ("in", "at", "to", "from", "near") for word in lower)


def _is_bound(words: Words, lower: Words, place: int) -> bool:
    """Can something in the question be meant? For an object, only in an earlier clause."""
    nouns = [at for at in range(place) if _is_noun(words, lower, at)]
    if lower[place] in HE:
        nouns = sorted({*nouns, *(at for at in range(place) if lower[at] in _PEOPLE)})
    if place and lower[place - 1] in _AUXILIARIES and lower[0] in ("how", "what", "which", "who"):
        # "How much water does it hold": what is asked for can't be its own subject
        first = next(at for at in range(place) if lower[at] in _AUXILIARIES)
        nouns = nouns if first < place - 1 else []
    if lower[place] in IT | THEY and any(lower[at] in IT | THEY for at in range(place)):
        same = IT if lower[place] in IT else THEY
        if any(lower[at] in same for at in range(place)):
            return True
    if not nouns:
        return _named_later(words, lower, place)
    if is_possessive(lower, place) or not is_object(lower, place):
        return True
    return any(lower[at] in _BOUNDARIES for at in range(nouns[0] + 1, place - 1))


def _named_later(words: Words, lower: Words, place: int) -> bool:
    """ "Before he died, what did Tesla build": the name follows its pronoun's clause."""
    comma = next((at for at in range(place, len(words)) if words[at].endswith(",")), None)
    if comma is None:
        return False
    return any(_is_noun(words, lower, at) for at in range(comma + 1, len(words)))


def _is_noun(words: Words, lower: Words, at: int) -> bool:
    """A name, a word after a determiner or after which, what and how many; roughly."""
    word = lower[at]
    if not word or word in _NO_NOUNS | DETERMINERS or word in ("i", "else"):
        return False
    before = lower[at - 1] if at else ""
    if words[at][:1].isupper() and at > 0:
        return True
    if before in DETERMINERS or before in _COUNTING:
        return True
    following = lower[at + 1] if at + 1 < len(lower) else ""
    plural = word.endswith("s") and not word.endswith("ss")
    if before in DO or (plural and following in BE | HAVE | MODALS):
        return True  # "did oil return", "steam engines were"
    # a plain noun between an auxiliary or preposition and more: "do whales feed their young"
    return plural and before in _AUXILIARIES | PREPOSITIONS
