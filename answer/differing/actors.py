"""Who did it and where: a name right at the verb or the role that a question asks for.

Pure rules for English, which would rather see nothing than a wrong name. Only verbs of
what one person does once, or what happens in one place, are read: "who found", not "who
visited", since two names are then two answers.
"""

from __future__ import annotations

import re
from functools import lru_cache

from answer.grammar import IRREGULAR
from answer.question import Question
from answer.words import related, stem, words
from index.finding.keyword import STOP_WORDS

REACH_WORDS = 4  # between a verb and its place
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_NAME = (
    r"[A-ZÀ-Þ][\w’'-]*[\wà-ÿ](?:\s(?:(?:van|von|de|der|den|bin|al|da|di|la|le)\s)?"
    r"[A-ZÀ-Þ](?:\.|[\w’'-]*[\wà-ÿ])){0,3}"
)
_AUXILIARIES = r"(?:(?:had|has|have|first|also|later|then|once|finally|was the one who)\s)*"
_WHO_IS = re.compile(
    r"^who(?:['’]s| is| was)? (?:now |currently |still )?(?:the |a )(?:current |new |present )?"
    r"([a-z][a-z -]*)",
    re.I,
)
_WHO = re.compile(r"\bwho (?:first |has |had |have |actually )*([a-z]+)\b", re.I)
_ASKS_WHERE = re.compile(
    r"\W*(?:(?:in|at|near|from) )?(?:where|(?:what|which) (?:city|town|country|place|state))\b",
    re.I,
)
_FORMER = r"(?:former|ex|late|deputy|vice|acting|outgoing|previous|assistant|then)[- ]"
# Verbs of what one person does once, and one place sees: two names are then two answers.
_SINGULAR_VERBS = frozenset(
    "find discover win found lead head write design invent direct order command kill shoot open"
    " succeed replace elect own paint compose create build start launch bear die bury hold crash"
    " arrest locate happen beat".split()
)
_BASE_FORM = {form: base for base, forms in IRREGULAR.items() for form in forms} | {
    "born": "bear", "held": "hold", "founded": "found", "found": "find", "shot": "shoot",
}  # fmt: skip
_NO_NAMES = frozenset(
    _MONTHS
    + "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Christmas Easter Mr Mrs Ms Dr"
    " Yesterday Today".split()
)


def person(question: Question, sentence: str) -> str | None:
    """Who did, or is, what the question asks; None where no rule is sure."""
    role = _WHO_IS.search(question.text)
    if role is not None:
        # "the council leader of Brack" → "council leader"
        noun = re.split(r" (?:of|in|at|for|on|to|who|that|from|with)\b", role.group(1))[0].strip()
        return _named(question, _role_patterns(re.escape(noun)), sentence)
    verb = _WHO.search(question.text)
    if verb is None or base_form(verb.group(1)) not in _SINGULAR_VERBS:
        return None
    forms = _forms(sentence, base_form(verb.group(1)))
    return _named(question, _verb_patterns(forms), sentence) if forms else None


def _role_patterns(noun: str) -> tuple[str, ...]:
    return (
        r"(?<!-)\b(?<![Ff]ormer )(?<![Dd]eputy )(?<![Aa]cting )(?<![Vv]ice )"
        rf"(?i:{noun}),? (?P<name>{_NAME})",
        rf"(?P<name>{_NAME}), (?:the |a |an )?(?!{_FORMER})(?:[a-z]+[ -]){{0,3}}?(?i:{noun})\b",
        rf"(?P<name>{_NAME}) (?:is|was|became) (?:the |a |an )?(?!{_FORMER})"
        rf"(?:[a-z]+[ -]){{0,3}}?(?i:{noun})\b",
    )


def _verb_patterns(forms: str) -> tuple[str, ...]:
    return (
        rf"\b(?:{forms}) (?:\w+ )?by (?:the )?(?:[a-z]+ ){{0,4}}(?P<name>{_NAME})",
        rf"(?P<name>{_NAME})(?:,? who|, [^,.]{{1,60}},)? {_AUXILIARIES}(?:{forms})\b(?! by\b)",
    )


def place(question: Question, sentence: str) -> str | None:
    """The place right behind the verb that the question ends with: "born in Brack"."""
    if not _ASKS_WHERE.match(question.text):
        return None
    forms = "|".join(
        re.escape(word)
        for word in words(sentence)
        if base_form(word) in _SINGULAR_VERBS
        and base_form(word) in {base_form(one) for one in words(question.text)}
    )
    if not forms:
        return None
    pattern = (
        rf"\b(?:{forms})\b(?: [a-z]+){{0,{REACH_WORDS}}}? (?:in|at|near|outside) (?:the )?"
        rf"(?P<name>{_NAME})"
    )
    return _named(question, (pattern,), sentence)


def _forms(sentence: str, base: str) -> str:
    """The words of the sentence that are the verb or say the same, as a pattern."""
    same = {stem(base), *related(stem(base))}
    found = {word for word in words(sentence) if stem(base_form(word)) in same}
    return "|".join(re.escape(word) for word in sorted(found))


def base_form(word: str) -> str:
    """ "found" → "find", "discovered" → "discover"; what isn't known stays."""
    lower = word.lower()
    if lower in _BASE_FORM:
        return _BASE_FORM[lower]
    return next((one for one in _SINGULAR_VERBS if stem(one) == stem(lower)), lower)


def _named(question: Question, patterns: tuple[str, ...], sentence: str) -> str | None:
    for pattern in patterns:
        for match in _compiled(pattern).finditer(sentence):
            name = _without_opener(match["name"])
            if name and question.names.isdisjoint(word.lower() for word in words(name)):
                return name
    return None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _without_opener(name: str) -> str:
    """ "The Ines Kallweit" → "Ines Kallweit"; "" where no name is left."""
    kept = re.sub(r"['’]s$", "", name).split()
    while kept and (kept[0].lower() in STOP_WORDS or kept[0].rstrip(".") in _NO_NAMES):
        kept.pop(0)
    return "" if any(word in _NO_NAMES for word in kept) else " ".join(kept)
