"""What a sentence turns round: words, units, hedges and roles that the cited words
have the other way. Pure; the hard rules of `support.py` that need word lists.

Each rule gives the reason why the claim is not supported, or "". They fire only
where the cited sentence says the other thing and nowhere the claim's own word, so
an honest paraphrase passes.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from answer.words import content_stems, numbers, related, stem, words

# Each line names things that exclude one another; `|` parts them, words of one part
# mean the same. A claim with one of them must not rest on words with only another.
_LINES = """
rise rose risen increase grow grew grown climb surge jump gain higher raise | fall fell fallen \
decrease drop decline shrink shrank lower reduce cut plunge
more | less fewer
most many | few
all every each everyone everybody | some
everybody everyone somebody someone | nobody
least | most
best | worst
before | after
buy bought purchase acquire | sell sold
import | export
borrow | lend lent
win won victory | lose lost defeat loss
profit | loss
open reopen | close shut
begin began begun start launch resume | end stop finish halt suspend pause cancel
approve accept agree back endorse support | reject refuse oppose decline veto deny
allow permit | ban forbid prohibit block
guilty convict | innocent acquit
attack | defend
accuse | defend
double triple | halve
build built | demolish destroy
hire | fire dismiss
arrive | leave left depart
enter join | leave left quit
raise lift | lower
first | second | third | fourth | fifth | last
north northern | south southern | east eastern | west western
man male husband | woman female wife
mother | father | sister | brother | daughter | son | aunt | uncle
alive survive spare save | die dead kill destroy
success succeed | fail failure
strengthen | weaken
hot | cold
safe | dangerous
true | false
present | absent
thousand | million | billion | trillion
dollar | euro | pound | yen | rouble ruble | yuan | franc | krona krone
percent cent | million | billion | trillion | thousand
second | minute | hour | day | week | month | year | decade | century
metre meter | kilometre kilometer km | mile | foot feet ft | inch | yard | centimetre centimeter
gram | kilogram kg kilo | pound lb | ton tonne
morning | afternoon | evening | night
"""
_AXES = tuple(
    tuple(frozenset(stem(word) for word in part.split()) for part in line.split("|"))
    for line in _LINES.strip().splitlines()
)
_SIGNS = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "%": "percent"}
_NEGATIVE = ("un", "in", "im", "il", "ir", "dis", "non", "mis")
_HEDGES = frozenset(
    "may might could would perhaps possibly probably likely maybe if unless whether alleged"
    " allegedly reportedly purportedly supposedly rumoured rumored suspected accused claim"
    " claims claimed alleges should must narrowly nearly almost".split()
)
_DENIALS = frozenset(
    "false untrue wrong myth hoax denies deny denied denying refutes refuted rejects refuses"
    " refuse refused declined declines fails failed disputes disputed".split()
)
# Words that turn the verb before them round: vote against, call off, rule out.
_TURNING = frozenset("against off out down without from".split())
# Verbs that say little: "made a profit" for "reported a profit".
_LIGHT = frozenset(stem(word) for word in "make made have get got give gave take took do".split())
_MUST = re.compile(r"\b(?:ha[sd]|have|needs?|yet) to\b")
_BELOW_ZERO = re.compile(r"(?<![\w.)])[-−](\d[\d.,]*)")
_HALF_DAY = re.compile(r"\d\s?([ap])\.?\s?m\b\.?", re.I)


def rule(claim: str, sentences: Sequence[str]) -> str:
    """The reason why the cited sentences do not say this, or ""."""
    cited = " ".join(sentences)
    return (
        _opposite(claim, cited)
        or _negative_form(claim, cited)
        or _sign(claim, cited)
        or _turned(claim, cited)
        or _hedged(claim, sentences)
        or _replaced(claim, sentences)
        or _swapped(claim, sentences)
    )


def _opposite(claim: str, cited: str) -> str:
    said, known = _stems(claim), _stems(cited)
    for axis in _AXES:
        mine = [part for part in axis if part & said]
        theirs = [part for part in axis if part & known]
        if mine and theirs and not any(part in theirs for part in mine):
            return f"the sources say {min(theirs[0] & known)}, not {min(mine[0] & said)}"
    return ""


def _negative_form(claim: str, cited: str) -> str:
    """ "effective" for "ineffective", or the reverse."""
    said, known = _lower(claim), _lower(cited)
    for word in said - known:
        forms = {prefix + word for prefix in _NEGATIVE}
        forms |= {word.removeprefix(p) for p in _NEGATIVE if word.startswith(p)} - {word}
        found = {form for form in forms & known if len(form) > 3}
        if found:
            return f"the sources say {min(found)}, not {word}"
    return ""


def _sign(claim: str, cited: str) -> str:
    """A number below zero, or the other half of the day."""
    below = [
        {n for one in _BELOW_ZERO.findall(text) for n in numbers(one)} for text in (claim, cited)
    ]
    if numbers(claim) & (below[0] ^ below[1]):
        return "the sources give the number with another sign"
    halves = {half.lower() for half in _HALF_DAY.findall(claim)}
    if halves - {half.lower() for half in _HALF_DAY.findall(cited)}:
        return "the sources give another time of day"
    return ""


def _turned(claim: str, cited: str) -> str:
    """ "voted for" where the sources say "voted against"."""
    said, known = _followers(claim), _followers(cited)
    for verb in said.keys() & known.keys():
        if not said[verb] & known[verb]:
            return f"the sources have {verb} with {min((said[verb] | known[verb]) - {''})}"
    return ""


def _followers(text: str) -> dict[str, set[str]]:
    """For each content word the turning words right after it; "" for any other."""
    found: dict[str, set[str]] = {}
    for word, following in itertools.pairwise([*words(text), ""]):
        if content_stems(word):
            lower = following.lower()
            found.setdefault(stem(word), set()).add(lower if lower in _TURNING else "")
    return found


def _replaced(claim: str, sentences: Sequence[str]) -> str:
    """One word put in the place of another: the same neighbours on both sides."""
    mine = content_stems(claim)
    for sentence in sentences:
        theirs = content_stems(sentence)
        known = set(theirs)
        places = dict(zip(_around(theirs), theirs, strict=True))
        for around, word in zip(_around(mine), mine, strict=True):
            other = places.get(around)
            if other is None or other == word or word in known or other in mine:
                continue
            if "." in word + other:  # U.S. for US
                continue
            if not ({word, other} & _LIGHT or other in related(word) or _same(word, other)):
                return f"the sources say {other}, not {word}"
    return ""


def _around(stems: Sequence[str]) -> list[tuple[str, str]]:
    padded = ["", *stems, ""]
    return list(zip(padded[:-2], padded[2:], strict=True))


def _same(word: str, other: str) -> bool:
    return bool(numbers(word)) or any({word, other} <= part for axis in _AXES for part in axis)


def _hedged(claim: str, sentences: Sequence[str]) -> str:
    """What may be, is said to be or is denied, told as a fact."""
    # In lower case only: "May" is a month.
    said = {word for word in words(_MUST.sub("must", claim)) if word.islower()}
    for kind, reason in (
        (_DENIALS, "the sources say the opposite, or deny it"),
        (_HEDGES, "the sources say this is only possible, or only claimed"),
    ):
        if said & kind:
            continue
        told = set(content_stems(claim)) | numbers(claim)
        for sentence in sentences:
            tokens = words(_MUST.sub("must", sentence))
            for place, token in enumerate(tokens):
                near = {stem(word) for word in tokens[place + 1 : place + 4]}
                about = "".join(tokens[place + 1 : place + 2])
                if token in kind and near & told and not numbers(about):  # "nearly 300"
                    return reason
    return ""


def _swapped(claim: str, sentences: Sequence[str]) -> str:
    """Two names, or two numbers, that have changed places.

    Where the claim has x beside a word, the sentence has y beside it, and x
    elsewhere; the claim has y elsewhere. A passive turns roles round rightly.
    """
    mine = _entities(claim)
    for sentence in sentences:
        if _passive(claim) != _passive(sentence):
            continue
        theirs = _entities(sentence)
        shared = {x for x, _, _ in mine} & {x for x, _, _ in theirs}
        for (x, before, after), (y, before_y, after_y) in itertools.product(mine, theirs):
            if x == y or x not in shared or x[0].isdigit() != y[0].isdigit():
                continue
            if y not in shared and not x[0].isdigit():
                continue
            own = [slots for slots in theirs if slots[0] == x]
            befores, afters = ({slots[side] for slots in own} for side in (1, 2))
            if (before and before == before_y and not befores & {before, None}) or (
                after and after == after_y and not afters & {after, None}
            ):
                return f"the sources say this of {y}, not of {x}"
    return ""


def _entities(text: str) -> list[tuple[str, str | None, str | None]]:
    """(name or number, content word before it, content word after it); "" at an end
    of the text, None where the neighbour is itself a name or number."""
    found: list[tuple[str, bool]] = []
    for place, token in enumerate(words(text)):
        plain = token.lower().replace("’", "'").removesuffix("'s")
        figures = numbers(token)
        if figures:
            found.append((min(figures), True))
        elif token[0].isupper() and (place or token[1:].islower()) and content_stems(plain):
            found.append((plain, True))
        elif content_stems(plain):
            found.append((stem(plain), False))
    around = [("", False), *found, ("", False)]
    entities = []
    for place, (word, is_entity) in enumerate(around):
        if is_entity:
            before, after = around[place - 1], around[place + 1]
            entities.append(
                (word, None if before[1] else before[0], None if after[1] else after[0])
            )
    return entities


def _passive(text: str) -> bool:
    return "by" in _lower(text)


def _lower(text: str) -> set[str]:
    return {word.lower().replace("’", "'") for word in words(text)}


def _stems(text: str) -> set[str]:
    """Stems of all words, also of the everyday ones, and the names of signs."""
    found = {stem(word) for word in words(text)}
    return found | {name for sign, name in _SIGNS.items() if sign in text}
