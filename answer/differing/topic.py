"""Whether a sentence speaks of the very thing that a question asks for. Pure.

Strict on purpose: for telling that two sources differ, not for finding. The names of the
question stand in the sentence or around it, the days and numbers that it gives in the
sentence, and so do most of its other words: for counted things at least the deed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from answer.differing import actors, values
from answer.question import Question
from answer.words import content_stems, numbers, related, stem, words
from core.records import Article

# The share of the question's words that stand in the sentence itself, beside a figure (of
# counted things, around it too) and, in evidence, beside a date or place. Of 500
# questions of SQuAD's train titles, whose paragraphs hardly ever differ, one is told to have
# differing sources. With 0.5 for both, and names anywhere, 16 of 400 were, 13 of them asking
# for a date.
FIGURE = 0.66
OTHER_IN_EVIDENCE = 0.8

_MONTH_NAMES = (
    "january february march april may june july august september october november december"
).split()
_MONTHS = frozenset(_MONTH_NAMES)
# A figure of money says itself that something costs, a source's date that it was so then.
_NEED_NOT_STAND = frozenset(
    stem(word)
    for word in "cost price worth amount total overall sum now nowadays today current currently"
    " still latest newest recent far present".split()
)
# Beside those of answer/words.py: what news says of figures in other words.
_SAME = tuple(
    frozenset(stem(word) for word in group.split())
    for group in ("launch send sent fire shoot", "hurt injure wound", "hit strike")
)
_OWNED = re.compile(r"\b(?:have|has|had|are there|were there|is there)\W*$", re.I)
_TITLES = frozenset(
    "President Chancellor Minister Mayor Mr Mrs Ms Dr Sir Lord Lady General Senator Governor"
    " Judge Professor King Queen Pope Captain".split()
)


@dataclass(frozen=True, slots=True)
class Topic:
    """What a question is about."""

    kind: str
    names: tuple[tuple[str, ...], ...]  # each of one or several words, as written
    # Stems of the others, in order: what the counted things did or suffered comes first.
    words: tuple[str, ...]
    numbers: frozenset[str]
    months: frozenset[str]
    counted: bool  # a noun is counted, which `values` finds beside the figure; not in `words`
    owned: bool  # what something has is counted: no deed need stand beside it

    def is_in(self, sentence: str, around: str, article: Article, evidence: bool) -> bool:
        """`sentence`: with the one before it where it points back. `around`: the passage that
        it stands in. `evidence`: whether it was chosen as evidence for the question, rather
        than merely found beside it."""
        if not self._at_the_time(sentence, article):
            return False
        wide = f"{article.title}. {around}"
        names_here = [_has_name(sentence, name) for name in self.names]
        if not all(
            here or _has_name(wide, name) for here, name in zip(names_here, self.names, strict=True)
        ):
            return False
        own = _said(sentence)
        held = [word in own for word in self.words]
        if self.counted:
            around_too = own | _said(wide)
            all_held = [word in around_too for word in self.words]
            return (self.owned or all(held[:1])) and _share(all_held) >= FIGURE
        if self.kind == "how_many":
            return (evidence or all(names_here)) and _share(held) >= FIGURE
        if self.kind == "who":
            return all(held)
        return _share(held + names_here) >= (OTHER_IN_EVIDENCE if evidence else 1.0)

    def _at_the_time(self, sentence: str, article: Article) -> bool:
        """The question's months and numbers stand in the sentence; the year, or the month
        where the sentence names none, may be the article's own."""
        published = article.published or ""
        if not self.numbers <= numbers(sentence) | {published[:4]}:
            return False
        named = {word.lower() for word in words(sentence) if word.lower() in _MONTHS}
        month = published[5:7]
        own = {_MONTH_NAMES[int(month) - 1]} if month.isdigit() and not named else set()
        return self.months <= named | own


def read(question: Question) -> Topic:
    names = tuple(_names(question))
    counted = values.asked_of(question.text)
    inside = {stem(word) for name in names for word in name} | {stem(one) for one in _MONTHS}
    inside |= counted | _NEED_NOT_STAND
    rest = tuple(one for one in question.stems if one not in inside and not numbers(one))
    months = frozenset(word.lower() for word in words(question.text) if word.title() == word)
    return Topic(
        question.kind,
        names,
        rest,
        question.numbers,
        months & _MONTHS,
        bool(counted),
        _OWNED.search(question.text) is not None,
    )


def _names(question: Question) -> list[tuple[str, ...]]:
    """Names of the question, words that stand side by side as one; without months."""
    tokens = [*re.finditer(r"[^\W_]+(?:['’.&-][^\W_]+)*", question.text)]
    groups: list[list[str]] = []
    last_end = -2
    for token in tokens:
        plain = re.sub(r"['’]s$", "", token.group())
        if plain.lower() not in question.names or plain.lower() in _MONTHS:
            continue
        if token.start() == last_end + 1:
            groups[-1].append(plain)
        else:
            groups.append([plain])
        last_end = token.end()
    return [tuple(group) for group in groups]


def _has_name(text: str, name: tuple[str, ...]) -> bool:
    """The whole name, or its last word where no other name stands before it: "Trump" for
    "Donald Trump", but no "Ghetto Uprising" for "Warsaw Uprising"."""
    wanted = [stem(word) for word in name]
    tokens = [re.sub(r"['’]s$", "", word) for word in words(text)]
    stems = [stem(token) for token in tokens]
    for place, found in enumerate(stems):
        if found != wanted[-1]:
            continue
        start = place - len(wanted) + 1
        if stems[max(0, start) : place + 1] == wanted:
            return True
        before = tokens[place - 1] if place else ""
        if tokens[place][0].isupper() and (not before[:1].isupper() or before in _TITLES):
            return True
    return False


def _said(text: str) -> set[str]:
    """Stems of a text and of the words that news uses for them."""
    own = set(content_stems(text)) | {stem(actors.base_form(word)) for word in words(text)}
    return own | {other for one in own for other in (*related(one), *_also(one))}


def _also(stemmed: str) -> set[str]:
    return {other for group in _SAME if stemmed in group for other in group}


def _share(held: list[bool]) -> float:
    return sum(held) / len(held) if held else 1.0
