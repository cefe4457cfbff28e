"""Names of a text and whether a claim's stand in the words it rests on. Pure.

Names compare without case, marks on letters, possessives and full stops. "U.S." is the
United States, "French" is of France, "WHO" the World Health Organization where the other
text writes it out. A first word is a name unless it is an everyday one
(`everyday_words.txt`).
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from answer.words import stem, word_places, words
from index.finding.keyword import STOP_WORDS

EVERYDAY = Path(__file__).with_name("everyday_words.txt")
# Each line one country, its people and its adjectives.
PEOPLES = Path(__file__).with_name("peoples.txt")
_HONORIFICS = frozenset("mr mrs ms miss dr prof sir dame lady lord rev st".split())
_CALENDAR = frozenset(
    "january february march april may june july august september october november december jan feb"
    " mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday"
    " sunday i".split()
)
_NUMBERS = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
    " hundred thousand million billion dozen half".split()
)
# Letters with marks that are no combining ones.
_LETTERS = str.maketrans("øłđ", "old")
_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*\.?")


@dataclass(frozen=True, slots=True)
class Name:
    """A run of capitalised words."""

    words: tuple[str, ...]
    starts_text: bool


def missing(claim: str, cited: Sequence[str]) -> str:
    """The first of the claim's names that the cited sentences don't have, or ""."""
    return next(_missing(claim, cited), "")


def count_missing(claim: str, cited: Sequence[str]) -> int:
    return sum(1 for _ in _missing(claim, cited))


def _missing(claim: str, cited: Sequence[str]) -> Iterator[str]:
    present = _present(tuple(cited))
    for name in names(claim):
        if _initials(name.words) & present.short:
            continue
        for place, word in enumerate(name.words):
            if not _is_skipped(word, name.starts_text and place == 0) and not present.has(
                word, name.words
            ):
                yield word
        for one, other in itertools.pairwise(name.words):
            both = present.has(one, ()) and present.has(other, ())
            if both and not present.has_together(one, other):
                yield f"{one} {other}"


@lru_cache(maxsize=4096)
def marked_words(text: str) -> tuple[tuple[tuple[int, int], bool], ...]:
    """(start and end, whether it is a name) of each word; the first word counts as one
    unless it is an everyday word."""
    found = []
    for place, (start, end) in enumerate(word_places(text)):
        word = text[start:end]
        is_name = word[0].isupper() and len(word) > 1 and not _is_skipped(word, place == 0)
        found.append(((start, end), is_name))
    return tuple(found)


@lru_cache(maxsize=4096)
def hard_words(text: str) -> frozenset[str]:
    """The words of a text's names, folded."""
    return frozenset(
        fold(word)
        for name in names(text)
        for place, word in enumerate(name.words)
        if not _is_skipped(word, name.starts_text and place == 0)
    )


@lru_cache(maxsize=4096)
def names(text: str) -> tuple[Name, ...]:
    found: list[Name] = []
    run: list[str] = []
    run_end, starts = -1, False
    for match in _WORD.finditer(text):
        word = match.group().rstrip(".") if not _is_dotted(match.group()) else match.group()
        if not word[0].isupper():
            continue
        gap = text[run_end : match.start()]
        if not (run and gap.strip(".") == " "):
            if run:
                found.append(Name(tuple(run), starts))
            run, starts = [], not re.search(r"\w", text[: match.start()])
        run.append(word)
        run_end = match.end()
        if re.search(r"['’]s?$", word):
            found.append(Name(tuple(run), starts))
            run = []
    return (*found, Name(tuple(run), starts)) if run else tuple(found)


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """ "Orbán's" as "orban"."""
    plain = unicodedata.normalize("NFKD", word.lower().replace("’", "'"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = plain.translate(_LETTERS)
    return plain.removesuffix("'s").removesuffix("'").replace(".", "")


@lru_cache(maxsize=65536)
def is_everyday(word: str) -> bool:
    plain = fold(word)
    return plain in STOP_WORDS or not {plain, stem(plain)}.isdisjoint(_everyday())


def is_of_a_people(word: str) -> bool:
    """Whether it is a country, its people or its adjective."""
    return fold(word) in _peoples()


def whole(name: str) -> str:
    """The same for a country and its people; other names as they are."""
    return f"people {_peoples()[name]}" if name in _peoples() else name


@lru_cache(maxsize=1)
def _everyday() -> frozenset[str]:
    return frozenset(EVERYDAY.read_text(encoding="utf-8").split())


@lru_cache(maxsize=1)
def _peoples() -> dict[str, int]:
    lines = PEOPLES.read_text(encoding="utf-8").splitlines()
    return {form: number for number, line in enumerate(lines) for form in line.split()}


@dataclass(frozen=True, slots=True)
class _Present:
    """What the cited sentences have to match names with."""

    forms: frozenset[str]
    groups: frozenset[int]
    short: frozenset[str]  # acronyms, "who"
    acronyms: frozenset[str]  # those, and the initials of names that are written out
    initials: frozenset[str]  # first letters of capitalised words
    small: frozenset[str]  # words in lower case
    runs: tuple[frozenset[str], ...]  # per run of capitalised words its forms

    @classmethod
    def of(cls, cited: Sequence[str]) -> _Present:
        tokens = [word for text in cited for word in words(text)]
        forms = {form for word in tokens for form in _forms(word)}
        runs = [name.words for text in cited for name in names(text)]
        acronyms = {fold(w) for w in tokens if w.isupper() and len(fold(w)) > 1}
        pairs = (f"{a}-{b}" for text in cited for a, b in _pairs(text))
        groups = {_peoples()[form] for form in (*forms, *pairs) if form in _peoples()}
        written = set().union(*map(_initials, runs), *(_long_initials(text) for text in cited))
        first = {word[0].lower() for word in tokens if word[0].isupper()}
        together = tuple(frozenset(f for word in run for f in _forms(word)) for run in runs)
        return cls(
            frozenset(forms), frozenset(groups), frozenset(acronyms), frozenset(acronyms | written),
            frozenset(first), frozenset(fold(w) for w in tokens if w.islower()), together,
        )  # fmt: skip

    def has(self, word: str, run: Sequence[str]) -> bool:
        plain = fold(word)
        if self.forms & _forms(word):
            return True
        if plain in _peoples() and _peoples()[plain] in self.groups:
            return True
        if any(_peoples().get(f"{fold(a)}-{fold(b)}") in self.groups and word in (a, b)
               for a, b in itertools.pairwise(run)):  # fmt: skip
            return True
        if word.isupper() and 1 < len(plain) <= 6 and plain in self.acronyms:
            return True
        if _is_dotted(word) or len(plain) == 1:  # "J. R."
            return set(plain) <= self.initials
        parts = [part for part in re.split(r"[-–]", word) if part]
        return len(parts) > 1 and all(self.has(part, ()) for part in parts)

    def has_together(self, one: str, other: str) -> bool:
        """Whether two words of a name stand in one name somewhere: "Anna Berg" and
        "Tom Hale" don't make an Anna Hale."""
        if any(
            is_everyday(w) or fold(w) in _peoples() or fold(w) in (_HONORIFICS | _CALENDAR)
            or _is_dotted(w) or len(fold(w)) == 1 or w.isupper() or fold(w) in self.small
            for w in (one, other)
        ):  # fmt: skip
            return True
        first, second = _forms(one), _forms(other)
        return any(run & first and run & second for run in self.runs)


@lru_cache(maxsize=4096)
def _present(cited: tuple[str, ...]) -> _Present:
    return _Present.of(cited)


@lru_cache(maxsize=65536)
def _is_skipped(word: str, is_first: bool) -> bool:
    plain = fold(word)
    if all(part in _NUMBERS for part in plain.split("-")):
        return True  # "Forty-one"
    if plain in _HONORIFICS | _CALENDAR or plain in STOP_WORDS:
        return not (word.isupper() and len(plain) > 1 and not is_first)
    return is_first and is_everyday(word)


@lru_cache(maxsize=65536)
def _forms(word: str) -> frozenset[str]:
    plain = fold(word)
    whole = {plain, stem(plain)}
    parts = [part for part in re.split(r"[-–]", plain) if len(part) > 1]
    return frozenset(
        whole | ({form for p in parts for form in (p, stem(p))} if parts[1:] else set())
    )


def _initials(run: Sequence[str]) -> set[str]:
    made = "".join(fold(word)[0] for word in run if fold(word))
    return {made[begin:] for begin in range(len(made) - 1)}


def _long_initials(text: str) -> set[str]:
    """Of names with small words within: "Bank of England" as "boe" and "be"."""
    found = set()
    for match in re.finditer(
        r"[A-Z][\w’'-]+(?:\s(?:(?:of|for|and|the|on|in)\s){0,2}[A-Z][\w’'-]+){1,6}", text
    ):
        parts = match.group().split()
        for begin in range(len(parts) - 1):
            found.add("".join(part[0].lower() for part in parts[begin:]))
            found.add("".join(part[0].lower() for part in parts[begin:] if part[0].isupper()))
    return found


def _pairs(text: str) -> list[tuple[str, str]]:
    tokens = [fold(word) for word in words(text)]
    return list(itertools.pairwise(tokens))


def _is_dotted(word: str) -> bool:
    return bool(re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]?\.?", word))
