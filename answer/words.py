"""What a sentence is made of, lexically: stems, numbers, names, negations.

Pure; no model. Shared by evidence selection, the support check and not-found.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.finding.keyword import STOP_WORDS

_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
_NUMBER = re.compile(r"(?<![\w.])[$€£]?\d+(?:[.,:]\d+)*")
NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
        " fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "hundred": "100"}
_QUESTION_WORDS = frozenset(
    "what when where which who whom whose why how many much long far often is are was were do does"
    " did has have had can could would should will".split()
)
NEGATIONS = frozenset(
    "not no never none nobody nothing neither nor without cannot n't refused denied failed"
    " rejected unable".split()
)

# Words that news uses for one another where events change course. A question asks
# "why was the halt reversed" of a text that says "deliveries have resumed": no stemmer
# and no small encoder ties these reliably. Only for finding, never for support.
_RELATED_GROUPS = (
    "reverse reversed reversal undo undone overturn resume resumption restart restore reinstate"
    " lift revive rescind withdraw backtrack contrast turnaround u-turn change shift end again",
    "pause halt suspend suspension stop freeze hold block interrupt delay stall",
    "arms weapons weapon weaponry armaments munitions ammunition",
    "ship shipment delivery deliver supply send",
    "raise rise increase grow climb surge jump higher up",
    "cut fall decrease drop decline lower reduce shrink down",
    "approve agree accept back endorse support pass",
    "reject refuse deny oppose veto decline turn",
    "attack assault strike raid bombardment offensive",
    "talk call conversation discussion negotiation meeting speak",
    "cost price amount worth estimate fee",
    "begin start open launch commence",
    "end finish close conclude cease over",
    "kill die death dead casualty victim",
    "build construct erect building construction",
    "buy purchase acquire procure",
    "find discover detect uncover identify notice",
    "say state tell announce declare report",
    "win victory beat defeat",
    "lose loss lost missing vanish disappear",
    "job work position role post",
    "doctor physician medic",
    "car vehicle automobile",
    "law bill legislation act",
    "fire blaze burn",
    "country nation state",
    "company firm business corporation",
    "leave resign quit depart step",
    "born birth birthplace",
    "author write written writer",
    "make create produce manufacture",
)


# Infinitives with their irregular forms; "left", "lay" and "saw" are taken for verbs.
_IRREGULAR = (
    "beat beaten", "become became", "begin began begun", "bend bent", "bind bound",
    "bite bit bitten", "bleed bled", "blow blew blown", "break broke broken", "breed bred",
    "bring brought", "build built", "burn burnt", "buy bought", "catch caught",
    "choose chose chosen", "come came", "creep crept", "deal dealt", "dig dug",
    "draw drew drawn", "dream dreamt", "drink drank drunk", "drive drove driven",
    "eat ate eaten", "fall fell fallen", "feed fed", "feel felt", "fight fought", "find found",
    "flee fled", "fly flew flown", "forbid forbade forbidden", "forget forgot forgotten",
    "freeze froze frozen", "get got gotten", "give gave given", "go went gone",
    "grow grew grown", "hang hung", "hear heard", "hide hid hidden", "hold held",
    "keep kept", "kneel knelt", "know knew known", "lead led", "learn learnt", "leave left",
    "lend lent", "lie lay lain", "light lit", "lose lost loss", "make made", "mean meant",
    "meet met", "pay paid", "ride rode ridden", "ring rang rung", "rise rose risen",
    "run ran", "say said", "see saw seen", "seek sought", "sell sold sale", "send sent",
    "shake shook shaken", "shine shone", "shoot shot", "show shown", "shrink shrank shrunk",
    "sing sang sung", "sink sank sunk", "sit sat", "sleep slept", "slide slid",
    "speak spoke spoken", "spend spent", "spin spun", "stand stood", "steal stole stolen",
    "stick stuck", "strike struck stricken", "swear swore sworn", "sweep swept",
    "swim swam swum", "swing swung", "take took taken", "teach taught", "tear tore torn",
    "tell told", "think thought", "throw threw thrown", "understand understood",
    "wake woke woken", "wear wore worn", "win won", "withdraw withdrew withdrawn",
    "write wrote written", "man men", "woman women",
    "child children", "person people persons", "foot feet", "die died death dead dying",
)  # fmt: skip


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The Porter2 stem, in lower case (Snowball's English stemmer)."""
    return str(_stemmer().stemWord(word.lower().replace("’", "'")))


@lru_cache(maxsize=65536)
def base(word: str) -> str:
    """The stem, of irregular verbs that of the infinitive: "found" as "find"."""
    plain = word.lower().replace("’", "'").removesuffix("'s")
    return stem(_infinitives().get(plain, plain))


def words(text: str) -> list[str]:
    return _WORD.findall(text)


def word_places(text: str) -> list[tuple[int, int]]:
    """Start and end of each of `words`."""
    return [match.span() for match in _WORD.finditer(text)]


def content_stems(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order, repeats kept."""
    return [stem(word) for word in words(text) if word.lower() not in STOP_WORDS]


@lru_cache(maxsize=4096)
def related(stemmed: str) -> frozenset[str]:
    """Stems that may stand for this one in a text; without itself."""
    return frozenset(
        other for group in _groups() if stemmed in group for other in group if other != stemmed
    )


def numbers(text: str) -> set[str]:
    """Numbers as they compare: no thousands separators, number words as digits."""
    found = {_plain_number(match) for match in _NUMBER.findall(text)}
    found.update(NUMBER_WORDS[word.lower()] for word in words(text) if word.lower() in NUMBER_WORDS)
    return found


def names(text: str) -> set[str]:
    """Capitalised words that are names, in lower case.

    The first word of the text counts only if it is no common opener; a
    question's own words (Which, Did) never do.
    """
    found = set()
    for place, word in enumerate(words(text)):
        lower = word.lower()
        if not word[0].isupper() or lower in STOP_WORDS or lower in _QUESTION_WORDS:
            continue
        if place == 0 and len(word) > 1 and not word.isupper():
            continue
        found.add(lower.removesuffix("'s").removesuffix("’s"))
    return found


@lru_cache(maxsize=1)
def _infinitives() -> dict[str, str]:
    return {form: line.split()[0] for line in _IRREGULAR for form in line.split()[1:]}


@lru_cache(maxsize=1)
def _stemmer():  # type: ignore[no-untyped-def]
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=1)
def _groups() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(stem(word) for word in group.split()) for group in _RELATED_GROUPS)


def _plain_number(text: str) -> str:
    digits = text.lstrip("$€£")
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits):
        digits = digits.replace(",", "")
    return digits
