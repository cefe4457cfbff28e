"""What the search page asks of the library: results, their marks, and true counts.

Opens a library for each question of the page. Formats nothing, remembers nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from core import spans
from core.errors import AppError
from core.records import Hit
from core.settings import Settings
from ui.reader_data import Place
from ui.search_data import BEST_LIMIT, Found, Result, Search

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder
    from index.finding.facets import Facets
    from index.finding.when import Reading
    from index.search import SearchResult
    from index.store import Library

Ranges = list[tuple[int, int]]


def state(settings: Settings) -> str:
    """Another one as soon as an article comes, goes or changes; "" where there is no library."""
    from index.store import open_library
    from index.views import map as library_map

    if not settings.library_path.exists():
        return ""
    with open_library(settings) as library:
        return library_map.state(library)


def find(settings: Settings, search: Search, counted: Facets | None = None) -> Found:
    """Results and counts, all of one state of the library. While the words are typed, only
    words count: the encoder takes longer than a key. `counted`: the counts of all articles
    under these filters, where they are known."""
    from index.finding.facets import facets
    from index.store import open_library

    encoder = _encoder(settings, search)
    with open_library(settings) as library, library.snapshot():
        everything = counted or facets(library, "", search.filters)
        if not search.words.strip():
            return _listed(library, search, everything)
        for reading in _readings(library, search):
            read = replace(search, words=reading.question, filters=reading.filters)
            found = _searched(library, encoder, read)
            if found.hits:
                break
        mentions = facets(library, read.words, read.filters)
        limit = mentions.total if search.everything else BEST_LIMIT
        return Found(
            results=_results(read.words, found.hits[: search.shown]),
            has_more=len(found.hits) > search.shown and search.shown < limit,
            mentions=mentions,
            library=everything,
            undated_left_out=found.undated_left_out,
            by_words=encoder is None,
            taken=reading.words,
            words=read.words,
            filters=read.filters,
        )


def _listed(library: Library, search: Search, everything: Facets) -> Found:
    """Without words: the articles under the filters by date; nothing where none is set."""
    from index.search import list_articles

    if not search.filters.active():
        return Found((), False, everything, everything)
    found = list_articles(library, search.shown + 1, search.filters, search.sort)
    return Found(
        results=_results("", found.hits[: search.shown]),
        has_more=len(found.hits) > search.shown,
        mentions=everything,
        library=everything,
        undated_left_out=found.undated_left_out,
        filters=search.filters,
    )


def example_words(settings: Settings) -> list[str]:
    """Names that the library's own articles repeat."""
    from answer import examples
    from index.store import open_library

    with open_library(settings) as library:
        return examples.frequent_names(library)


def _readings(library: Library, search: Search) -> Iterator[Reading]:
    """The ways to take the words, the better one first. A time among them ("articles from
    March") is a limit once they are complete, and until the visitor takes it back."""
    from index.finding import when

    if search.is_typing or search.literal:
        yield when.Reading(search.words, search.filters, "")
    else:
        yield from when.readings(library, search.words, search.filters)


def _encoder(settings: Settings, search: Search) -> Encoder | None:
    from index.encoding.encoder import load_encoder

    if search.is_typing or search.everything or not search.words.strip():
        return None
    try:
        return load_encoder(settings)
    except AppError:  # the Ask page tells of a damaged encoder; words find what they find
        return None


def _searched(library: Library, encoder: Encoder | None, search: Search) -> SearchResult:
    """One hit more than is shown, so that it is known whether there are more."""
    from index import search as searching

    words, filters, count = search.words, search.filters, search.shown + 1
    if search.everything:
        return searching.search_all(library, words, count, filters, search.sort)
    found = searching.search(library, encoder, words, count, filters)
    best, rest = found.hits[: search.shown], found.hits[search.shown :]
    return replace(found, hits=(*searching.in_order(best, search.sort), *rest))


def _results(words: str, hits: tuple[Hit, ...]) -> tuple[Result, ...]:
    from index.finding.marked import marked

    titles = marked(words, [hit.article.title for hit in hits])
    passages = marked(words, [hit.passage.text for hit in hits])
    return tuple(
        _result(words, hit, title_marks, text_marks)
        for hit, title_marks, text_marks in zip(hits, titles, passages, strict=True)
    )


def _result(words: str, hit: Hit, title_marks: Ranges, text_marks: Ranges) -> Result:
    from index.finding.marked import densest, marked
    from ingest.passages import sentences

    text, start = hit.passage.text, hit.passage.start
    # Without words an article stands there by its beginning.
    sentence = densest(text, text_marks) if words else sentences(text)[0]
    if title_marks and hit.dense_rank is None:
        # Found by its title's words too: more of them may stand elsewhere in the article.
        (everywhere,) = marked(words, [hit.article.text])
        best = densest(hit.article.text, everywhere)
        most = _different(hit.article.text, everywhere, best)
        if most > _different(text, text_marks, sentence):
            text, start, text_marks, sentence = hit.article.text, 0, everywhere, best
    return Result(
        title=hit.article.title,
        text=text,
        outlet=hit.article.outlet,
        published=hit.article.published,
        title_marks=tuple(title_marks),
        text_marks=tuple(text_marks),
        sentence=sentence,
        place=_place(hit, start + sentence[0], start + sentence[1]),
        copies=len(hit.also_in),
    )


def _different(text: str, marks: Ranges, sentence: tuple[int, int]) -> int:
    """How many different marked words a sentence has."""
    inside = [text[low:high] for low, high in marks if sentence[0] <= low < sentence[1]]
    return len({word.casefold() for word in inside})


def _place(hit: Hit, start: int, end: int) -> Place:
    """A range of the article's clean text, in its file."""
    pieces = spans.to_source(hit.article.spans, start, end)
    words = hit.article.text[start:end]
    return Place(hit.article.path, pieces[0].source_start, pieces[-1].source_end, words=words)
