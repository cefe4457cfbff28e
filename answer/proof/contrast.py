"""What a sentence turns round: words, units, hedges and roles that the cited words
have the other way. Pure; the hard rules of `support.py` that need word lists.

Each rule gives the reason why the claim is not supported, or "". They fire only
where the cited sentence says the other thing and nowhere the claim's own word, so
an honest paraphrase passes.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence

from answer.proof import denials, roles
from answer.words import NUMBER_WORDS, content_stems, numbers, related, stem, words

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
spring | summer | autumn | winter
praise | criticise criticize condemn
yesterday | today | tomorrow
buy bought purchase acquire | sell sold
import | export
borrow | lend lent
win won victory | lose lost defeat loss
profit | loss
open reopen run operate | close shut
begin began begun start launch resume | end stop finish halt suspend pause cancel
sign grant | veto reject
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
# What one side does and the other side does the reverse of.
_CONVERSE = tuple(
    axis
    for axis in _AXES
    if any({stem("buy"), stem("borrow"), stem("win")} & part for part in axis)
)
_NUMBER_STEMS = frozenset(stem(word) for word in NUMBER_WORDS)
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
# Words that turn the verb before them round, and what they turn: vote against and vote for.
_TURNING = {
    "against": {"for"}, "off": {"for", "on"}, "down": {"up"}, "out": {"in"}, "without": {"with"},
}  # fmt: skip
# Verbs that say little: "made a profit" for "reported a profit".
_LIGHT = frozenset(
    stem(word)
    for word in "make made have get got give gave take took do tell told say said call".split()
)
_MUST = re.compile(r"\b(?:ha[sd]|have|needs?|yet) to\b")
_NO_ONE = re.compile(
    r"\b(?:nobody|no one|none|no \w+) (?:\w+ ){0,4}(?:may|might|can|could)\b", re.I
)
_WITH_NO = re.compile(r"\bwith no\b", re.I)
_YET_TO = re.compile(r"\byet to(?= [a-z])", re.I)
_BELOW_ZERO = re.compile(r"(?<![\w.)])[-−](\d[\d.,]*)")
_HALF_DAY = re.compile(r"\d\s?([ap])\.?\s?m\b\.?", re.I)


def rule(
    claim: str,
    sentences: Sequence[str],
    alike: Callable[[str, str], bool] = lambda one, other: False,
    found: Callable[[str], bool] = lambda one: False,
) -> str:
    """The reason why the cited sentences do not say this, or "".

    `alike`: whether a stem of the claim may stand for one of the sentences; `found`:
    whether something like it stands there at all.
    """
    texts = (_WITH_NO.sub("without", text) for text in (claim, *sentences))
    claim, *sentences = (_YET_TO.sub("not", text) for text in texts)
    cited = " ".join(sentences)
    return (
        _opposite(claim, sentences)
        or _negative_form(claim, cited)
        or _sign(claim, cited)
        or _turned(claim, cited)
        or _hedged(claim, sentences)
        or _replaced(claim, sentences, found)
        or roles.swapped(claim, sentences, alike)
    )


def opposites(stemmed: str) -> frozenset[str]:
    """The stems that exclude this one."""
    return frozenset(
        other
        for axis in _AXES
        for part in axis
        if stemmed in part
        for others in axis
        if others is not part
        for other in others
    )


def _opposite(claim: str, sentences: Sequence[str]) -> str:
    # "not accepted" is no opposite of "rejected": what is denied is for `denials.py`.
    denied = _denied(claim, sentences)
    said = _stems(claim) - denied
    known = frozenset().union(*(_stems(sentence) for sentence in sentences)) - denied
    for axis in _AXES:
        if axis in _CONVERSE and roles.is_other_side(claim, sentences):
            continue
        mine = [part for part in axis if part & said]
        theirs = [part for part in axis if part & known]
        if mine and theirs and not any(part in theirs for part in mine):
            return f"the sources say {min(theirs[0] & known)}, not {min(mine[0] & said)}"
    return ""


def _denied(claim: str, sentences: Sequence[str]) -> set[str]:
    return {
        stem for text in (claim, *sentences) for one in denials.clauses(text) for stem in one.denied
    }


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
        for turning in known[verb] & _TURNING.keys():
            if said[verb] & _TURNING[turning] and not said[verb] & known[verb]:
                return f"the sources have {verb} with {turning}"
        for turning in said[verb] & _TURNING.keys():
            if known[verb] & _TURNING[turning] and not said[verb] & known[verb]:
                return f"the sources have {verb} with {min(known[verb])}"
    return ""


def _followers(text: str) -> dict[str, set[str]]:
    """For each content word the words right after it."""
    found: dict[str, set[str]] = {}
    for word, following in itertools.pairwise([*words(text), ""]):
        if content_stems(word):
            found.setdefault(stem(word), set()).add(following.lower())
    return found


def _replaced(claim: str, sentences: Sequence[str], found: Callable[[str], bool]) -> str:
    """One word put in the place of another: the same neighbours on both sides."""
    mine = content_stems(claim)
    denied = _denied(claim, sentences)
    for sentence in sentences:
        theirs = content_stems(sentence)
        known = set(theirs)
        places = dict(zip(_around(theirs), theirs, strict=True))
        for around, word in zip(_around(mine), mine, strict=True):
            other = places.get(around)
            if other is None or other == word or word in known or other in mine:
                continue
            if {word, other} & denied:
                continue
            if "." in word + other:  # U.S. for US
                continue
            if found(word) and other not in opposites(word):
                continue
            if {word, other} & _NUMBER_STEMS:
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
        if {stem(word) for word in said} & {stem(word) for word in kind}:
            continue
        if kind is _DENIALS and any(one.negations for one in denials.clauses(claim)):
            continue  # "did not agree" for "refused"
        told = set(content_stems(claim)) | numbers(claim)
        for sentence in sentences:
            tokens = words(_MUST.sub("must", sentence))
            for place, token in enumerate(tokens):
                near = {stem(word) for word in tokens[place + 1 : place + 4]}
                about = "".join(tokens[place + 1 : place + 2])
                before = {word.lower() for word in tokens[max(0, place - 9) : place]}
                if about.lower() == "not" or (
                    token in ("would", "could") and before & {"neither", "nor", "nobody", "none"}
                ):
                    continue  # "could not open": that is certain
                if token in kind and near & told and not numbers(about):  # "nearly 300"
                    if kind is _HEDGES and _NO_ONE.search(sentence):
                        continue  # "nobody may": a ban, for `denials.py`
                    return reason
    return ""


def _lower(text: str) -> set[str]:
    return {word.lower().replace("’", "'") for word in words(text)}


def _stems(text: str) -> set[str]:
    """Stems of all words, also of the everyday ones, and the names of signs."""
    found = {stem(word) for word in words(text)}
    return found | {name for sign, name in _SIGNS.items() if sign in text}
