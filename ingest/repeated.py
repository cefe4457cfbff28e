"""Lines that an outlet prints in one article after the other. Pure.

Takes articles as they were read; gives the short paragraphs that may be such lines, says
how many stories make one, and cuts them out. Which articles there are is the caller's
knowledge. What a single page's own words give away is `ingest.phrases`' work.

An agency's background sentence stands in many of its stories too, and is no boilerplate:
a paragraph that ends like a sentence and doesn't speak of its site or to its reader must
stand in most of the outlet's stories, and one with a figure in it is never taken.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import pairwise
from math import ceil
from urllib.parse import urlsplit

from core.records import Article, Removed, SpanRun
from core.spans import merge_runs, to_source
from ingest.lines import count_words, fold

MOST_WORDS = 60  # of a paragraph that may be taken
EDGE_PARAGRAPHS = 30  # looked at from each end of an article: keeps a book's rows few
FEWEST_STORIES = 3
ENOUGH_STORIES = 8  # of any outlet, whatever their share
SHARE = 0.3
STATEMENT_SHARE = 0.6
FEWEST_WORDS_LEFT = 20  # an article that would keep less stays as it was read
REASON = "repeated by "

# What speaks to the reader or of the site; quoted words speak of something else.
_ADDRESS = re.compile(
    r"©|@|https?://|www\.|\b(?:[Yy]ours?|[Yy]ou|[Oo]urs?|[Ww]e|us|(?i:subscri\w+|newsletters?|"
    r"sign(?:ing)? up|click|follow|advertis\w+|copyright|cookies?|e-?mail|reporting by|editing by|"
    r"additional reporting|read more|all rights reserved|this (?:article|story|report) (?:was|is)"
    r"))\b"
)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|„[^“”]*[“”]|«[^»]*»")
_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।][\"'”’»)\]]*$")
_PARAGRAPH = re.compile(r"[^\n]+")
# The first letter of a line's key: what it looks like decides how often it must be met.
_NOTE, _STATEMENT = "n", "s"


@dataclass(frozen=True, slots=True)
class Cut:
    """An article as it was read, and as it is without the lines that its outlet repeats."""

    as_read: Article
    lines: frozenset[str]  # keys of the lines to be cut out
    article: Article
    removed: tuple[Removed, ...] = ()


def outlet_key(article: Article) -> str:
    """What makes articles those of one outlet; "" where nothing tells."""
    name = " ".join((article.outlet or "").split()).casefold()
    return name or _host(article).casefold()


def line_keys(article: Article) -> list[str]:
    """A key for each paragraph that may be a repeated line; equal after folding, equal keys."""
    paragraphs = [article.text[start:end] for start, end in _paragraphs(article.text)]
    if len(paragraphs) > 2 * EDGE_PARAGRAPHS:
        paragraphs = paragraphs[:EDGE_PARAGRAPHS] + paragraphs[-EDGE_PARAGRAPHS:]
    return sorted({key for text in paragraphs if (key := _key(text, article))})


def least_stories(key: str, outlet_stories: int) -> int:
    """In how many different stories of an outlet that has so many a line is a repeated one."""
    if key.startswith(_STATEMENT):
        return max(FEWEST_STORIES, ceil(STATEMENT_SHARE * outlet_stories))
    return max(FEWEST_STORIES, min(ENOUGH_STORIES, ceil(SHARE * outlet_stories)))


def without(article: Article, lines: Collection[str] = ()) -> Cut:
    """The article without these lines; unchanged where too little would be left."""
    keys = frozenset(lines)
    paragraphs = _paragraphs(article.text)
    taken = [
        (start, end) for start, end in paragraphs if _key(article.text[start:end], article) in keys
    ]
    gone = set(taken)
    kept = [span for span in paragraphs if span not in gone]
    left = sum(count_words(article.text[start:end]) for start, end in kept)
    if not taken or left < FEWEST_WORDS_LEFT or not _whole_runs(article, paragraphs):
        return Cut(article, keys, article)
    text, runs = _joined(article, paragraphs, kept)
    reason = REASON + (article.outlet or _host(article))
    removed = tuple(
        Removed(piece.source_start, piece.source_end, reason)
        for start, end in taken
        for piece in to_source(article.spans, start, end)
    )
    return Cut(article, keys, replace(article, text=text, spans=runs), removed)


def _key(text: str, article: Article) -> str:
    """ "" for what is no candidate."""
    folded = fold(text)
    if not folded or count_words(text) > MOST_WORDS:
        return ""
    kind = _NOTE
    if _SENTENCE_END.search(text) and not _speaks_of_site(text, folded, article):
        if any(character.isdigit() for character in text):
            return ""
        kind = _STATEMENT
    return kind + blake2b(folded.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _speaks_of_site(text: str, folded: str, article: Article) -> bool:
    if _ADDRESS.search(_QUOTED.sub("", text)):
        return True
    names = (fold(article.outlet or ""), fold(_host(article).split(".")[0]))
    return any(f" {name} " in f" {folded} " for name in names if name)


def _host(article: Article) -> str:
    try:
        return (urlsplit(article.url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _paragraphs(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _PARAGRAPH.finditer(text)]


def _whole_runs(article: Article, paragraphs: Sequence[tuple[int, int]]) -> bool:
    """Whether no run that maps as a whole stands across a paragraph's edge."""
    edges = {edge for span in paragraphs for edge in span}
    return not any(
        run.clean_end - run.clean_start != run.source_end - run.source_start
        and edges.intersection(range(run.clean_start + 1, run.clean_end))
        for run in article.spans
    )


def _joined(
    article: Article, paragraphs: Sequence[tuple[int, int]], kept: Sequence[tuple[int, int]]
) -> tuple[str, tuple[SpanRun, ...]]:
    """The kept paragraphs' text and runs. Where one was taken, the blank line between its
    neighbours stands for nothing, as for any removed range (`clean.keep`)."""
    after = {end: start for (_, end), (start, _) in pairwise(paragraphs)}
    texts: list[str] = []
    runs: list[SpanRun] = []
    length = 0
    previous = -1
    for start, end in kept:
        if after.get(previous) == start:
            start = previous  # the white space between them stays theirs
        elif runs:
            place = runs[-1].source_end
            runs.append(SpanRun(length, length + 2, place, place))
            texts.append("\n\n")
            length += 2
        runs.extend(_moved(article.spans, start, end, length - start))
        texts.append(article.text[start:end])
        length += end - start
        previous = end
    return "".join(texts), merge_runs(runs)


def _moved(runs: Sequence[SpanRun], start: int, end: int, by: int) -> list[SpanRun]:
    """The runs of clean[start:end], moved in the clean text."""
    moved = []
    for run in runs:
        low, high = max(run.clean_start, start), min(run.clean_end, end)
        if low >= high:
            continue
        source = run.source_start, run.source_end
        if run.clean_end - run.clean_start == run.source_end - run.source_start:
            shift = run.source_start - run.clean_start
            source = low + shift, high + shift
        moved.append(SpanRun(low + by, high + by, *source))
    return moved
