"""Questions to begin with, made of the names that a library's own articles repeat.

Takes a library, gives names and questions with them. Asks nothing and promises nothing: a
question here is a start, and its answer is found and checked like any other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from index.finding.keyword import STOP_WORDS
from index.store import Library

MOST_ARTICLES = 150  # the newest ones: enough to know what repeats, and 0.1 s on a slow core
HEAD_CHARS = 3000  # of each
FEWEST_ARTICLES = 2  # that tell of a name, each of another story
MOST_WORDS = 4  # of a name
QUESTIONS = 3
LONGEST_NAME_CHARS = 40

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_SPEAKS = re.compile(r"\s+(?:said|told|says|warned|added)\b")
_SPOKEN = re.compile(r"\b(?:said|says|warned|added)\s+$")  # “…,” said Anna Tamm
# Capitalised in English, and no names to ask about.
_NO_NAMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december mr mrs ms dr advertisement".split()
)


def frequent_names(library: Library, count: int = QUESTIONS) -> list[str]:
    """Names of two words and more that most stories of the library tell of, as written."""
    return [name for name, _ in _counted(library)[:count]]


def questions(library: Library) -> list[str]:
    """Up to three questions; none where no name repeats."""
    return [
        f"What did {name} say?" if speaks else f"What is known about {_with_article(name)}?"
        for name, speaks in _counted(library)[:QUESTIONS]
    ]


def _counted(library: Library) -> list[tuple[str, bool]]:
    """(name, whether it is said to have said something), the most told first."""
    stories: Counter[str] = Counter()
    speaking: Counter[str] = Counter()
    outlets = _outlets(library)
    for text in _texts(library):
        found = [one for one in _names(text) if one[0].casefold() not in outlets]
        stories.update({name for name, _, _ in found})
        speaking.update({name for name, start, end in found if _speaks(text, start, end)})
    repeated = [one for one, count in stories.items() if count >= FEWEST_ARTICLES]
    repeated.sort(key=lambda name: (-stories[name], name))
    kept: list[str] = []
    for name in repeated:  # “Anna Tamm” and “Curator Anna Tamm” are one to a reader
        if not any(_within(name, other) or _within(other, name) for other in kept):
            kept.append(name)
    return [(name, 2 * speaking[name] >= stories[name]) for name in kept]


def _texts(library: Library) -> Iterator[str]:
    """The beginnings of the newest articles, one of each story."""
    rows = library.connection.execute(
        "SELECT substr(text, 1, ?), coalesce(story_id, article_id) FROM articles"
        " WHERE language = 'en' OR language IS NULL ORDER BY published DESC LIMIT ?",
        (HEAD_CHARS, MOST_ARTICLES),
    )
    seen: set[str] = set()
    for text, story in rows:
        if story not in seen:
            seen.add(story)
            yield text


def _speaks(text: str, start: int, end: int) -> bool:
    said_before = _SPOKEN.search(text[max(0, start - 12) : start])
    return bool(said_before or _SPEAKS.match(text, end))


def _names(text: str) -> Iterator[tuple[str, int, int]]:
    """Runs of capitalised words inside a sentence, each with its start and end."""
    words = list(_WORD.finditer(text))
    place = 0
    while place < len(words):
        end = place
        while end < len(words) and _belongs(text, words, place, end):
            end += 1
        run = words[place:end]
        if 2 <= len(run) <= MOST_WORDS and not _opens_sentence(text, run[0].start()):
            name = text[run[0].start() : run[-1].end()]
            name = name.removesuffix("’s").removesuffix("'s")
            if len(name) <= LONGEST_NAME_CHARS:
                yield name, run[0].start(), run[-1].end()
        place = max(end, place + 1)


def _belongs(text: str, words: list[re.Match[str]], start: int, place: int) -> bool:
    """Whether the word at `place` goes on with the run that begins at `start`."""
    word = words[place].group()
    if not word[0].isupper() or word.isupper() or len(word) < 2:
        return False
    if word.casefold() in STOP_WORDS or word.casefold() in _NO_NAMES:
        return False
    return place == start or text[words[place - 1].end() : words[place].start()] == " "


def _opens_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" “\"'‘(")
    return not before or before[-1] in ".!?:\n”—–-"


def _within(name: str, other: str) -> bool:
    return f" {name} " in f" {other} "


def _with_article(name: str) -> str:
    """Names of things take “the”, as far as their last word tells."""
    things = ("Bridge", "Committee", "Council", "Department", "House", "Library", "Ministry")
    return f"the {name}" if name.endswith(things) else name


def _outlets(library: Library) -> set[str]:
    rows = library.connection.execute("SELECT DISTINCT outlet FROM articles WHERE outlet NOT NULL")
    return {outlet.casefold() for (outlet,) in rows}
