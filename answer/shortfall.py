"""Why the nearest passages are no answer, in words computed from what is known.

Takes the question, the passages and how often each word stands in the library. Gives one
sentence for the whole and one for each passage, which name what is missing: words, names,
numbers, a time, or the kind of thing that is asked for. Judges no meaning; `explain` is
pure, `told` asks the library.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from answer import question as questions
from answer.question import Question
from answer.sources import listed, source_words
from answer.words import content_stems, numbers, related, stem
from core.records import Filters, NearHit
from index.finding import keyword
from index.store import Library
from ingest.passages import sentences

SHOWN = 3  # terms that a sentence lists; the rarest say most

_TOKEN = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")  # as answer/words.py splits
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_POSSESSIVE = re.compile(r"['’]s$")
_AUXILIARY = (
    "is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|shall|may|might|must"
)
_COUNTED = re.compile(rf"\bhow many (?:((?:\S+ ){{1,3}}?)(?:{_AUXILIARY})\b|(\w+))", re.I)
_MEASURED = {
    "far": "distance", "long": "length or time", "often": "frequency", "old": "age",
    "big": "size", "large": "size", "tall": "height", "high": "height", "deep": "depth",
    "fast": "speed", "wide": "width", "heavy": "weight", "much": "amount",
}  # fmt: skip
_HOW = re.compile(rf"\bhow ({'|'.join(_MEASURED)})\b", re.I)
_LACKS = {
    "when": "give no date",
    "where": "name no place",
    "who": "name nobody else",
    "why": "give no reason",
}


@dataclass(frozen=True, slots=True)
class Shortfall:
    whole: str = ""
    of_each: tuple[str, ...] = ()  # one per passage, in their order


NO_SHORTFALL = Shortfall()


@dataclass(frozen=True, slots=True)
class _Term:
    """A word of the question, or a name or date of several."""

    words: tuple[str, ...]
    is_name: bool  # or a number
    frequency: int  # passages of the library that have its rarest word, in any form
    is_unknown: bool  # it stands nowhere in the library

    def shown(self) -> str:
        return f"“{' '.join(self.words)}”"


def told(
    library: Library, question_text: str, nearest: Sequence[NearHit], filters: Filters = Filters()
) -> Shortfall:
    """What the nearest passages that this library has lack. Words are counted in all of it,
    whatever the filters."""
    if library.counts()["passages"] == 0:
        return Shortfall("The library has no articles yet.", ())
    found = explain(question_text, nearest, lambda word: _frequency(library, word))
    if not nearest and filters.active():
        found = replace(found, whole="No article that the filters let in comes near.")
    return found


def _frequency(library: Library, word: str) -> int:
    """In how many passages of the library a word of the question stands, in any form."""
    parts = keyword.terms(word) or [word]
    return min(keyword.document_frequency(library.connection, part) for part in parts)


def explain(
    question_text: str, nearest: Sequence[NearHit], frequency: Callable[[str], int]
) -> Shortfall:
    """What the passages lack. `frequency`: in how many passages of the library a word stands."""
    question = questions.read(question_text)
    terms = _terms(question, frequency)
    if not terms:
        return Shortfall("The question has no word to look for.", tuple("" for _ in nearest))
    missing = [[term for term in terms if not _stands_in(term, hit)] for hit in nearest]
    lacks = [_lack(question, hit) for hit in nearest]
    each = (
        _of_one(hit, terms, absent, lack)
        for hit, absent, lack in zip(nearest, missing, lacks, strict=True)
    )
    return Shortfall(_whole(nearest, terms, missing, lacks), tuple(each))


def _whole(
    nearest: Sequence[NearHit],
    terms: Sequence[_Term],
    missing: Sequence[Sequence[_Term]],
    lacks: Sequence[str],
) -> str:
    nowhere = [term for term in terms if all(term in absent for absent in missing)]
    unknown = [term for term in nowhere if term.is_unknown]
    if unknown:
        return f"Your articles never mention {_list(unknown, 'or')}."
    if not nearest:
        return ""
    if nowhere:
        elsewhere = "; other passages do" if all(term.frequency for term in nowhere) else ""
        return f"None of the nearest passages mentions {_list(nowhere, 'or')}{elsewhere}."
    best = min(range(len(nearest)), key=lambda place: len(missing[place]))
    if all(lacks) and not any(term.is_name for term in missing[best]):
        spoken = _list(_present(nearest[best], terms))
        return f"The nearest passages speak of {spoken}, but {lacks[best]}."
    if missing[best]:
        return _scattered(nearest, terms, missing, best)
    return "The nearest passages have the question’s words, but no sentence that answers it."


def _scattered(
    nearest: Sequence[NearHit],
    terms: Sequence[_Term],
    missing: Sequence[Sequence[_Term]],
    best: int,
) -> str:
    """No passage has all of it: what stands in the best one, and where the rest does."""
    absent = missing[best][0]
    other = next(place for place, lacking in enumerate(missing) if absent not in lacking)
    present = [term for term in terms if term not in missing[best]]
    apart = [term for term in present if term in missing[other]] or present
    return (
        f"None of the nearest passages has all of it: {_list(apart[:1])} stands in "
        f"{_named(nearest[best])}, {absent.shown()} in {_named(nearest[other])}."
    )


def _of_one(hit: NearHit, terms: Sequence[_Term], absent: Sequence[_Term], lack: str) -> str:
    present = _present(hit, terms)
    if not present:
        return "Has none of the question’s words."
    lack = re.sub(r"^(\w+)", r"\1s", lack)
    if not absent:
        return f"Mentions {_list(present)}, but {lack or 'has no sentence that answers it'}."
    years = sorted(set(_YEAR.findall(hit.text)))
    if len(absent) == 1 and years and _YEAR.fullmatch(absent[0].words[-1]):
        return f"Tells of {listed(years[:SHOWN])}, not {' '.join(absent[0].words)}."
    also = f"; {lack}" if lack else ""
    return f"Mentions {_list(present)}, but not {_list(absent, 'or')}{also}."


def _present(hit: NearHit, terms: Sequence[_Term]) -> list[_Term]:
    """The terms that stand in the passage themselves, not only a related word."""
    return [term for term in terms if _stands_in(term, hit, related_too=False)]


def _list(terms: Sequence[_Term], last: str = "and") -> str:
    return listed([term.shown() for term in terms[:SHOWN]], last)


def _named(hit: NearHit) -> str:
    return source_words(hit.outlet, hit.published, hit.path)


def _lack(question: Question, hit: NearHit) -> str:
    """That no sentence has the kind of thing that is asked for, or ""."""
    if question.kind == "other":
        return ""
    spans = sentences(hit.text)
    if any(questions.fits(question, hit.text[start:end]) >= 1 for start, end in spans):
        return ""
    if question.kind != "how_many":
        return _LACKS.get(question.kind, "")
    counted = _COUNTED.search(question.text)
    how = _HOW.search(question.text)
    if counted:
        return f"give no number of {(counted.group(1) or counted.group(2)).strip()}"
    return f"give no {_MEASURED[how.group(1).lower()] if how else 'number'}"


def _terms(question: Question, frequency: Callable[[str], int]) -> list[_Term]:
    """What the question is about: names and numbers first, then words, the rarer first."""
    tokens = list(_TOKEN.finditer(question.text))
    groups: list[list[re.Match[str]]] = []
    for place, token in enumerate(tokens):
        if not _counts(question, token.group()):
            continue
        before = groups[-1][-1] if groups else None
        if before is not None and before is tokens[place - 1] and _goes_on(question, before, token):
            groups[-1].append(token)
        else:
            groups.append([token])
    terms = [_term(question, [token.group() for token in group], frequency) for group in groups]
    distinct = {" ".join(term.words).lower(): term for term in terms}
    return sorted(distinct.values(), key=lambda term: (not term.is_name, term.frequency))


def _term(question: Question, group: Sequence[str], frequency: Callable[[str], int]) -> _Term:
    """Of a name whose last word is nowhere, only the unknown words: the rest is another's."""
    words = [_POSSESSIVE.sub("", word) for word in group]
    known = [frequency(word) for word in words]
    is_unknown = known[-1] == 0 or (0 in known and any(numbers(word) for word in words))
    if is_unknown:
        words = [word for word, count in zip(words, known, strict=True) if not count]
    return _Term(tuple(words), _is_name(question, group[0]), min(known), is_unknown)


def _counts(question: Question, word: str) -> bool:
    return bool(numbers(word)) or stem(word) in question.stems or _is_name(question, word)


def _is_name(question: Question, word: str) -> bool:
    return _POSSESSIVE.sub("", word.lower()) in question.names or bool(numbers(word))


def _goes_on(question: Question, before: re.Match[str], token: re.Match[str]) -> bool:
    """Whether a name or a date goes on: "Gannet Bridge", "July 4, 2025"."""
    between = question.text[before.end() : token.start()]
    if not (_is_name(question, before.group()) and _is_name(question, token.group())):
        return False
    return between == " " or (between == ", " and token.group().isdigit())


def _stands_in(term: _Term, hit: NearHit, related_too: bool = True) -> bool:
    """Whether the passage or its title has the term, or a word that news uses for it.

    Of a person's name the last word is enough; of a date, all of it, though the year may
    be the article's own.
    """
    text = f"{hit.title}\n{hit.text}"
    stems = set(content_stems(text))
    own = numbers(text) | {(hit.published or "")[:4]}
    if related_too:
        stems |= {other for one in stems for other in related(one)}
    present = [_word_stands_in(word, text, stems, own) for word in term.words]
    if any(numbers(word) for word in term.words) or not term.is_name:
        return all(present)
    return all(present) or (present[-1] and term.words[-1] in text)


def _word_stands_in(word: str, text: str, stems: set[str], own_numbers: set[str]) -> bool:
    figures = numbers(word)
    if figures:
        return figures <= own_numbers
    if stem(word) in stems:
        return True
    return not word.isascii() and word.lower() in text.lower()  # scripts without spaces
