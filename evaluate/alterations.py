"""True sentences made false: a number, date, name, unit or negation of each is changed.

Takes a sentence and the sentences that prove it, gives one altered sentence per kind
where that kind stands in it. The new value never stands in the proof. Deterministic and
without a model, so the same file always makes the same test; `altered.jsonl` holds the
sentences, `evaluate/altered.py` measures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from random import Random

KINDS = ("number", "date", "name", "unit", "negation", "swapped", "moved")
MONTHS = (
    "January February March April May June July August September October November December".split()
)
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
WORDS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fifteen eighteen twenty"
    " thirty forty".split()
)
NAMES = (
    "Keller Novak Amari Dunmore Sorel Tindall Veltran Kessia Harlan Okafor Pellegrin Stroud Baker"
    " Lisbon Hill Madrid Rostova Ibsen".split()
)
PEOPLES = "French German Italian British Dutch Swedish Japanese Polish Brazilian".split()
UNITS = (
    ("million", "billion"), ("billion", "million"), ("percent", "million"), ("%", " million"),
    ("euros", "dollars"), ("dollars", "euros"), ("$", "€"), ("€", "£"), ("£", "$"),
    ("days", "weeks"), ("hours", "days"), ("hour", "day"), ("months", "weeks"),
    ("years", "months"), ("metres", "feet"), ("kilograms", "tons"), ("minutes", "hours"),
    ("hectares", "square miles"), ("seconds", "minutes"), ("kilometres", "metres"),
)  # fmt: skip
# What is capitalised and no name, or no name that a change would make false.
_NOT_A_NAME = frozenset(
    "I The A An In On At By After Before From With For Since When While Under Between Until About"
    " Not No Nobody It Its He She They There Despite Although Because According Within Both Neither"
    " None Two Three Twelve Half Nearly Mr Mrs Ms Dr Prime Minister President Chancellor Governor"
    " Senator General Captain Judge Bishop Director Foreign Defence Mayor Coach Driver Bay Lake"
    " Mount Valley Street Port Court Bank Supreme High Line".split()
)
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,:]\d+)*(?:st|nd|rd|th)?(?![\w])")
_YEAR = re.compile(r"(?<![\w.,$€£])(1[4-9]\d\d|20\d\d)(?![\w,.]*\d)(?!\s+(?:hectares|people))")
_MONTH = "|".join(MONTHS)
_NAME = re.compile(r"\b[A-ZÀ-Ý][\w’'-]*[a-zà-ÿ](?=[\s,.;:]|$|['’]s)")
_NEGATIONS = (
    (r"\bdid not\b", "did"), (r"\bdidn't\b", "did"), (r"\bhas not\b", "has"),
    (r"\bhave not\b", "have"), (r"\bhad not\b", "had"), (r"\bwas not\b", "was"),
    (r"\bwere not\b", "were"), (r"\bis not\b", "is"), (r"\bare not\b", "are"),
    (r"\bwill not\b", "will"), (r"\bwon't\b", "will"), (r"\bdoes not\b", "does"),
    (r"\bwould not\b", "would"), (r"\bhasn't\b", "has"), (r"\bno longer\b", "still"),
    (r"\bnever\b", "often"), (r"\b(?:[Nn]o one|[Nn]obody)\b", "Everyone"), (r"\bno\b", "some"),
    (r"\b[Nn]one\b", "all"), (r"\bNeither (\w+) nor\b", r"Both \1 and"), (r"\bwithout\b", "with"),
    (r"\brefused to\b", "agreed to"), (r"\bfailed to\b", "managed to"),
)  # fmt: skip
_AUXILIARY = re.compile(r"\b(?:was|were|is|are|has|have|had|will|would|can|may)\b(?! (?:not|no)\b)")
_VERB = re.compile(
    r"\b(?!(?:\w+(?:hundred|need|speed|bred|united))\b)(?:[a-z]{3,}ed|won|beat|lost|met|fell|rose"
    r"|gave|got|took|found|built|bought|sold|sent|paid|cut|made|put|hit|led|struck|shot|saw|broke"
    r"|said|told|wrote|sued|knew|shrank|dropped|pulled|left|came|cost)\b"
)


def altered(sentence: str, proof: Sequence[str], seed: int = 0) -> Iterator[tuple[str, str]]:
    """(kind, altered sentence), for each of the first five kinds that can be made."""
    known = " ".join(proof)
    ways: dict[str, Callable[[str, str, Random], str]] = {
        "number": _number, "date": _date, "name": _name, "unit": _unit, "negation": _negation,
    }  # fmt: skip
    for kind, change in ways.items():
        made = change(sentence, known, Random(f"{seed} {kind} {sentence}"))
        if made and made != sentence:
            yield kind, made


def exchanged(sentence: str, one: str, other: str) -> str:
    """The sentence with two names in each other's places; "" where one is missing."""
    pattern = re.compile(rf"\b(?:{re.escape(one)}|{re.escape(other)})\b")
    if {match.group() for match in pattern.finditer(sentence)} != {one, other}:
        return ""
    return pattern.sub(lambda match: other if match.group() == one else one, sentence)


def _number(sentence: str, known: str, random: Random) -> str:
    dates = [match.span() for match in _dates(sentence)]
    spans: list[tuple[int, int, str]] = []
    for match in _NUMBER.finditer(sentence):
        if not any(low <= match.start() < high for low, high in dates):
            spans.append((*match.span(), _other_figure(match.group(), known, random)))
    for match in re.finditer(rf"\b(?:{'|'.join(WORDS)})\b", sentence, re.I):
        choices = [word for word in WORDS if not re.search(rf"\b{word}\b", known, re.I)]
        figures = {str(WORDS.index(word)): word for word in choices}
        word = random.choice(sorted(figures.values()))
        spans.append((*match.span(), word.title() if match.group()[0].isupper() else word))
    return _with(sentence, random.choice(spans)) if spans else ""


def _other_figure(figure: str, known: str, random: Random) -> str:
    """One or two digits changed; the form, "1,200" or "4.2", is kept."""
    digits = [place for place, character in enumerate(figure) if character.isdigit()]
    while True:
        place = random.choice(digits)
        low = 1 if place == digits[0] else 0
        made = figure[:place] + str(random.randint(low, 9)) + figure[place + 1 :]
        plain = made.replace(",", "")
        if made != figure and plain not in re.findall(r"\d+(?:\.\d+)?", known.replace(",", "")):
            return made


def _dates(sentence: str) -> list[re.Match[str]]:
    days = rf"\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTH})\b|\b(?:{_MONTH}) \d{{1,2}}(?:th|st)?\b"
    ranges = rf"\d{{1,2}} to (?=\d{{1,2}} (?:{_MONTH}))"
    return [
        *re.finditer(rf"\b(?:{ranges}|{days})(?!\d)", sentence),
        *_YEAR.finditer(sentence),
    ]


def _date(sentence: str, known: str, random: Random) -> str:
    spans: list[tuple[int, int, str]] = []
    for names in (MONTHS, DAYS):
        for match in re.finditer(rf"\b(?:{'|'.join(names)})\b", sentence):
            others = [name for name in names if name not in known and name not in sentence]
            spans.append((*match.span(), random.choice(others)))
    for match in _YEAR.finditer(sentence):
        year = int(match.group())
        others = [str(year + step) for step in (-10, -2, -1, 1, 3) if str(year + step) not in known]
        spans.append((*match.span(), random.choice(others)))
    for match in _dates(sentence):
        for day in re.finditer(r"(?<!\d)\d{1,2}(?!\d)", match.group()):
            others = [str(n) for n in range(1, 29) if not re.search(rf"\b{n}(?:\b|th)", known)]
            start = match.start() + day.start()
            spans.append((start, start + len(day.group()), random.choice(others)))
    return _with(sentence, random.choice(spans)) if spans else ""


def _name(sentence: str, known: str, random: Random) -> str:
    spans: list[tuple[int, int, str]] = []
    for match in _NAME.finditer(sentence):
        word = re.sub(r"['’]s$", "", match.group())
        is_first_word = match.start() == 0 and not re.match(r"\s[A-Z]", sentence[match.end() :])
        is_known_name = re.search(rf"(?<=[a-z,;] ){re.escape(word)}\b", f"{known} {sentence}")
        if word in (*_NOT_A_NAME, *MONTHS, *DAYS) or (is_first_word and not is_known_name):
            continue
        others = PEOPLES if word in PEOPLES else NAMES
        choice = random.choice([other for other in others if other[:4] not in known])
        spans.append((match.start(), match.start() + len(word), choice))
    return _with(sentence, random.choice(spans)) if spans else ""


def _unit(sentence: str, known: str, random: Random) -> str:
    spans: list[tuple[int, int, str]] = []
    for unit, other in UNITS:
        edge = r"\b" if unit[0].isalpha() else ""
        for match in re.finditer(rf"{edge}{re.escape(unit)}{edge}", sentence):
            if re.search(r"\d|[a-z]", sentence) and other.strip() not in known:
                spans.append((*match.span(), other))
    return _with(sentence, random.choice(spans)) if spans else ""


def _negation(sentence: str, known: str, random: Random) -> str:
    for pattern, other in _NEGATIONS:
        made = re.sub(pattern, other, sentence, count=1)
        if made != sentence:
            return made
    auxiliary = _AUXILIARY.search(sentence)
    if auxiliary:
        return f"{sentence[: auxiliary.end()]} not{sentence[auxiliary.end() :]}"
    verb = _VERB.search(sentence)
    return f"{sentence[: verb.start()]}never {sentence[verb.start() :]}" if verb else ""


def _with(sentence: str, span: tuple[int, int, str]) -> str:
    start, end, other = span
    return sentence[:start] + other + sentence[end:]
