"""The beginning of an answer, made from an English question by rules. Pure.

"Which country wants to buy missiles?" → "The country that wants to buy missiles is".
A small model that continues such a beginning stays on the question far better
than one that starts by itself. Where no rule is sure of the grammar, the
beginning is "" and the model starts by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

Words = Sequence[str]

BE = {"is", "are", "was", "were"}
HAVE = {"has", "have", "had"}
MODALS = {"can", "could", "will", "would", "should", "must", "may", "might"}
DO = {"do", "does", "did"}
PRONOUNS = {"he", "she", "it", "they", "we", "you", "i", "there", "this", "that"}
DETERMINERS = {
    *("the", "a", "an", "this", "that", "these", "those", "its", "their", "his", "her"),
    *("our", "some", "any", "all", "both", "many", "most", "several"),
}
PREPOSITIONS = {
    *("about", "after", "against", "at", "before", "between", "by", "during", "for", "from"),
    *("in", "into", "of", "on", "over", "since", "through", "to", "under", "until", "with"),
    *("without", "within", "across", "around", "near", "toward", "towards", "than", "as"),
}
# base → (past, participle), for the verbs that news questions use.
IRREGULAR = {
    "be": ("was", "been"), "become": ("became", "become"), "begin": ("began", "begun"),
    "break": ("broke", "broken"), "bring": ("brought", "brought"), "build": ("built", "built"),
    "buy": ("bought", "bought"), "choose": ("chose", "chosen"), "come": ("came", "come"),
    "cost": ("cost", "cost"), "cut": ("cut", "cut"), "deal": ("dealt", "dealt"),
    "do": ("did", "done"), "draw": ("drew", "drawn"), "fall": ("fell", "fallen"),
    "fight": ("fought", "fought"), "find": ("found", "found"), "fly": ("flew", "flown"),
    "get": ("got", "got"), "give": ("gave", "given"), "go": ("went", "gone"),
    "have": ("had", "had"), "hear": ("heard", "heard"), "hit": ("hit", "hit"),
    "hold": ("held", "held"), "keep": ("kept", "kept"), "know": ("knew", "known"),
    "lead": ("led", "led"), "leave": ("left", "left"), "lose": ("lost", "lost"),
    "make": ("made", "made"), "mean": ("meant", "meant"), "meet": ("met", "met"),
    "pay": ("paid", "paid"), "put": ("put", "put"), "rise": ("rose", "risen"),
    "run": ("ran", "run"), "say": ("said", "said"), "see": ("saw", "seen"),
    "sell": ("sold", "sold"), "send": ("sent", "sent"), "set": ("set", "set"),
    "shoot": ("shot", "shot"), "speak": ("spoke", "spoken"), "spend": ("spent", "spent"),
    "stand": ("stood", "stood"), "steal": ("stole", "stolen"), "strike": ("struck", "struck"),
    "take": ("took", "taken"), "tell": ("told", "told"), "think": ("thought", "thought"),
    "win": ("won", "won"), "withdraw": ("withdrew", "withdrawn"), "write": ("wrote", "written"),
}  # fmt: skip
_REGULAR_WORDS = (
    "accept accuse add agree aim allow announce appear approve ask attack back ban block call "
    "cancel carry cause change claim close condemn continue create criticize cross decide declare "
    "decline defend delay deliver demand deny deploy describe destroy die discuss donate drop earn "
    "end expect explain export face fail fire follow halt happen help hope impose include increase "
    "intend invade join jump kill land last launch lift like limit live look love mention move "
    "need occur offer open oppose order pass pause plan play pledge praise prefer present prevent "
    "produce promise propose protect provide publish raise reach receive recommend reduce refuse "
    "reject release remain remove replace report request require resign respond resume return "
    "reveal reverse sign start state stay stop suggest support suspend talk test threaten try "
    "turn urge use visit vote wait walk want warn work worry"
)
REGULAR = set(_REGULAR_WORDS.split())
PARTICIPLES = {forms[1] for forms in IRREGULAR.values()} | {"born", "shut", "hurt", "frozen"}
PASTS = {forms[0] for forms in IRREGULAR.values()} - BE - HAVE - DO
DOUBLING = {"stop", "drop", "ban", "plan", "prefer"}


def opening_for(question: str) -> str:
    """The beginning of an answer to `question`, without a space at its end, or ""."""
    folded = " ".join(question.split()).rstrip("?!. ")
    if not re.fullmatch(r"[\w$€£%'’\-–.,& ]+", folded) or folded.count(",") > 1:
        return ""
    words = folded.split(" ")
    if not 3 <= len(words) <= 25:
        return ""
    opening = _by_question_word(words)
    return opening[:1].upper() + opening[1:]


def _by_question_word(words: Words) -> str:
    first = words[0].lower()
    second = words[1].lower()
    if first == "how" and second in ("many", "much"):
        return _how_many(words)
    if first == "how" and second in ("far", "long", "high", "fast", "often", "big", "old"):
        return _object_clause(words[2:]) or _where(words[1:])
    if first in ("which", "what") and second not in BE | HAVE | MODALS | DO:
        return _which(words)
    rules: dict[str, Callable[[Words], str]] = {
        "why": _why,
        "who": _who,
        "what": _what,
        "when": _where,
        "where": _where,
    }
    return rules[first](words) if first in rules else ""


def _why(words: Words) -> str:
    clause = _clause(words[1:])
    return f"{clause} because" if clause else ""


def _where(words: Words) -> str:
    """Where, when and how far: the clause, or what a thing is said to be."""
    if words[1].lower() in BE and _is_noun_phrase(words[2:]):
        return " ".join([*words[2:], words[1].lower()])
    return _clause(words[1:])


def _who(words: Words) -> str:
    verb = words[1].lower()
    rest = words[2:]
    if verb in BE:
        return _identity(verb, rest)
    if verb.endswith("ed") and rest[0].lower() in DETERMINERS - {"this", "that"}:
        return f"{' '.join(rest)} {_was(rest)} {verb} by"
    if verb in PASTS or verb.endswith("ed") or verb in HAVE | MODALS:
        return f"the person who {' '.join(words[1:])} is"
    return ""


def _what(words: Words) -> str:
    verb = words[1].lower()
    if verb in BE:
        return _identity(verb, words[2:])
    return _object_clause(words[1:])


def _which(words: Words) -> str:
    """A question whose noun phrase is the subject: "Which two countries signed …"."""
    for place in range(2, min(len(words), 6)):
        word, before = words[place].lower(), words[place - 1].lower()
        plural = is_plural(before)
        if word in DO or (
            word in BE | HAVE | MODALS
            and place + 1 < len(words)
            and _starts_subject(words[place + 1])
        ):
            return _object_clause(words[place:])  # "Which missiles did they buy"
        finite = word in BE | HAVE | MODALS or word in PASTS or word.endswith("ed")
        if not (finite or _third_person(word, plural)):
            continue
        if place + 1 == len(words) and word in BE:
            return ""
        noun = " ".join(words[1:place])
        return f"the {noun} that {' '.join(words[place:])} {'are' if plural else 'is'}"
    return ""


def _how_many(words: Words) -> str:
    """Of things counted as subject ("were killed"), or the clause of an object."""
    for place in range(2, min(len(words), 7)):
        word = words[place].lower()
        if word in DO | MODALS or (
            word in BE | HAVE and place + 1 < len(words) and _starts_subject(words[place + 1])
        ):
            return _object_clause(words[place:])
        finite = word in BE | HAVE or word in PASTS or word.endswith("ed")
        if finite and place > 2 and words[1].lower() == "many":
            if word in ("is", "are") and place + 1 == len(words):
                return ""
            return f"the number of {' '.join(words[2:place])} that {' '.join(words[place:])} is"
    return ""


def _clause(words: Words) -> str:
    """Auxiliary, subject and the rest turned into a statement, or "" if unsure.

    "was the arms pause reversed" → "the arms pause was reversed".
    """
    if len(words) < 2:
        return ""
    auxiliary = words[0].lower()
    if auxiliary in DO or auxiliary in MODALS:
        split = subject_and_verb(words[1:])
        if split is None:
            return ""
        subject, verb, rest = split
        finite = inflect(verb, auxiliary) if auxiliary in DO else f"{auxiliary} {verb}"
        return " ".join([*subject, finite, *rest])
    place = participle_place(words[1:]) if auxiliary in BE | HAVE else None
    if place is None:
        return ""
    return " ".join([*words[1 : place + 1], auxiliary, *words[place + 1 :]])


def _object_clause(words: Words) -> str:
    """The same up to where the object asked for belongs.

    "did Russia launch at the city" → "Russia launched".
    """
    auxiliary = words[0].lower()
    if auxiliary in HAVE:
        place = participle_place(words[1:])
        if place is None:
            return ""
        start, rest = [*words[1 : place + 1], auxiliary, words[place + 1]], words[place + 2 :]
    else:
        split = subject_and_verb(words[1:]) if auxiliary in DO | MODALS else None
        if split is None:
            return ""
        subject, verb, rest = split
        finite = inflect(verb, auxiliary) if auxiliary in DO else f"{auxiliary} {verb}"
        start = [*subject, finite]
    dangling = len(rest) == 1  # "What does the name stand for"
    if rest and (dangling or rest[0].lower() not in PREPOSITIONS):
        start += rest
    return " ".join(start)


def _identity(verb: str, rest: Words) -> str:
    """ "Who is Ada Byron", "What was the price of gas" → the noun phrase and the verb."""
    return f"{' '.join(rest)} {verb}" if _is_noun_phrase(rest) else ""


def subject_and_verb(words: Words) -> tuple[Words, str, Words] | None:
    """Split "Germany want to buy missiles" at its verb, in the base form; None if unsure."""
    for place in range(1, min(len(words), 8)):
        word = words[place].lower()
        before = words[place - 1].lower()
        if word in PREPOSITIONS and word != "of":
            return None
        if before in DETERMINERS or words[place][0].isupper():
            continue
        if word in IRREGULAR or word in REGULAR:
            following = words[place + 1].lower() if place + 1 < len(words) else ""
            if following in REGULAR or following in IRREGULAR:
                continue  # "the arms pause end": two that can be verbs, the later one is
            return words[:place], word, words[place + 1 :]
    return None


def participle_place(words: Words) -> int | None:
    """Where the predicate begins: the first participle after a whole noun phrase."""
    for place in range(1, len(words)):
        word, before = words[place].lower(), words[place - 1].lower()
        if word in ("that", "which", "who", "and"):
            return None
        if word in ("being", "been"):
            return place
        if before in DETERMINERS or before in PREPOSITIONS or before.endswith("ly"):
            continue
        is_participle = word in PARTICIPLES or (word.endswith(("ed", "ing")) and len(word) > 4)
        if is_participle and not words[place][0].isupper():
            later = words[place + 1].lower() if place + 1 < len(words) else ""
            if later.endswith("ed") or later in PARTICIPLES:
                continue
            return place
    return None


def _is_noun_phrase(words: Words) -> bool:
    """Surely nothing but a noun phrase: no participle, no verb, no dangling preposition."""
    if not words or words[-1].lower() in PREPOSITIONS or words[0].lower() in PRONOUNS:
        return False
    known = BE | HAVE | MODALS | DO | PRONOUNS - {"this", "that"}
    sure = _starts_subject(words[0]) and participle_place(words) is None
    return sure and not any(word.lower() in known for word in words[1:])


def _starts_subject(word: str) -> bool:
    return word.lower() in DETERMINERS | PRONOUNS or word[0].isupper()


def _third_person(word: str, plural: bool) -> bool:
    """Does "wants" stand as a verb after a singular noun?"""
    if plural or not word.endswith("s"):
        return False
    bases = {word[:-1], word[:-2], word[:-3] + "y"}
    return bool(bases & (REGULAR | IRREGULAR.keys()))


def inflect(verb: str, auxiliary: str) -> str:
    """The verb in the tense and person of do, does or did."""
    if auxiliary == "do":
        return verb
    if auxiliary == "does":
        if verb == "have":
            return "has"
        if verb[-1] == "y" and verb[-2] not in "aeiou":
            return verb[:-1] + "ies"
        return verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "o")) else "s")
    if verb in IRREGULAR:
        return IRREGULAR[verb][0]
    if verb[-1] == "y" and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    if verb in DOUBLING:
        return verb + verb[-1] + "ed"
    return verb + ("d" if verb.endswith("e") else "ed")


def _was(words: Words) -> str:
    """was or were, by the last word before the first preposition."""
    places = [place for place, word in enumerate(words) if word.lower() in PREPOSITIONS]
    return "were" if is_plural(words[min(places, default=len(words)) - 1]) else "was"


def is_plural(noun: str) -> bool:
    return noun.endswith("s") and not noun.endswith(("ss", "us", "is"))
