"""A query → Hits: dense and keyword candidates in one order, one per story.

Works with keywords alone where there is no encoder. What the order is made of stands in
ranking.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from core import spans
from core.records import Article, Filters, Hit, Passage
from index.encoding.encoder import Encoder
from index.finding import filters as article_filters
from index.finding import keyword, mentions, ranking, when
from index.finding.mentions import Sort
from index.store import Library
from index.story import also_in
from index.vectors import dense

CANDIDATES = 100
JOINED_CHARS = 2000  # of neighbouring passages in one hit; more is no place any more
QUERY_CHARS_LIMIT = 2000  # a longer query is cut: the encoder reads about 1,100 of them


@dataclass(frozen=True, slots=True)
class SearchResult:
    hits: tuple[Hit, ...]
    total: int | None  # a true count only for an exhaustive search
    undated_left_out: int


def search(
    library: Library,
    encoder: Encoder | None,
    query: str,
    count: int = 10,
    filters: Filters = Filters(),
) -> SearchResult:
    """The best `count` hits, one per story, best first."""
    with library.snapshot():
        ranked = one_per_story(library, _ranked(library, encoder, query, filters), count)
        left_out = article_filters.undated_left_out(library.connection, filters)
        return SearchResult(tuple(ranked), None, left_out)


def search_all(
    library: Library, query: str, count: int, filters: Filters, sort: Sort = "date"
) -> SearchResult:
    """Every article that has all the words; `total` is their true number."""
    with library.snapshot():
        ids = mentions.mentions(library.connection, query, filters, sort)
        left_out = article_filters.undated_left_out(library.connection, filters)
        passages = library.passages(ids[:count])
        hits = _hits(library, [(passage_id, 1.0) for passage_id in ids[:count]], passages)
        return SearchResult(
            tuple(replace(hit, also_in=also_in(library, hit)) for hit in hits),
            len(ids),
            left_out,
        )


def list_articles(
    library: Library, count: int, filters: Filters, sort: Sort = "date"
) -> SearchResult:
    """The articles that the filters admit, by date, each as its first passage; `total` is their
    true number."""
    with library.snapshot():
        found, total = mentions.first_passages(library.connection, count, filters, sort)
        passages = library.passages(found)
        hits = _hits(library, [(passage_id, 0.0) for passage_id in found], passages)
        left_out = article_filters.undated_left_out(library.connection, filters)
        return SearchResult(tuple(hits), total, left_out)


def in_order(hits: Sequence[Hit], sort: Sort) -> list[Hit]:
    """Hits as they are, or by date: those of one day stay as they are, undated ones come last."""
    if sort == "relevance":
        return list(hits)
    dated = [hit for hit in hits if hit.article.published]
    dated.sort(key=lambda hit: hit.article.published or "", reverse=sort == "date")
    return dated + [hit for hit in hits if not hit.article.published]


def rank(
    library: Library,
    encoder: Encoder | None,
    query: str,
    filters: Filters,
    count: int | None = None,
) -> list[Hit]:
    """All candidate passages, or the first `count`; best first, several of one article may
    appear. An empty query, or one of nothing but marks, finds nothing.
    """
    return list(islice(_ranked(library, encoder, query, filters), count))


def _ranked(
    library: Library, encoder: Encoder | None, query: str, filters: Filters
) -> Iterator[Hit]:
    query = query[:QUERY_CHARS_LIMIT].replace("\x00", " ").strip()
    if not any(character.isalnum() for character in query):
        return iter(())
    by_keyword = keyword.search(library.connection, query, CANDIDATES, filters)
    by_vector: list[tuple[int, float]] = []
    found = ranking.Candidates({}, dict(by_keyword), 1.0, None, {})
    if encoder is not None:
        found.vector = encoder.encode([query])[0]
        by_vector = dense.search(library, encoder.key, found.vector, CANDIDATES, filters)
        missing = found.bm25.keys() - dict(by_vector).keys()
        extra = dense.scores(library, encoder.key, found.vector, sorted(missing))
        found.cosines = {**dict(by_vector), **extra}
        found.keyword_share = ranking.keyword_share(library, encoder, query, by_keyword)
    found.passages = library.passages(sorted(found.cosines.keys() | found.bm25.keys()))
    ordered = ranking.order(library, encoder, query, found, filters)
    if when.asks_for_the_latest(query):
        ordered = ranking.newest_of_ties_first(library, ordered, found)
    return _hits(library, ordered, found.passages, (_ranks(by_vector), _ranks(by_keyword)))


def one_per_story(library: Library, hits: Iterable[Hit], count: int | None = None) -> list[Hit]:
    """Only the best hit of each story (or lone article), with the other copies' paths; at
    most `count`. The passage after a hit that ranks before the last of them is joined to it:
    the two are one place."""
    kept: dict[str, Hit] = {}
    for hit in hits:
        story = hit.article.story_id or hit.article.article_id
        if story in kept:
            kept[story] = _joined(kept[story], hit)
        elif len(kept) == count:
            break
        else:
            kept[story] = hit
    return [replace(hit, also_in=also_in(library, hit)) for hit in kept.values()]


def _joined(kept: Hit, other: Hit) -> Hit:
    """`kept`, longer by the passage right after it, with nothing left out between. Not by
    the one before it: a hit begins with the words that were found best."""
    start, end = kept.passage.start, other.passage.end
    text = kept.article.text
    if (
        kept.passage.article_id != other.passage.article_id
        or other.passage.start < kept.passage.end
        or text[kept.passage.end : other.passage.start].strip()
        or end - start > JOINED_CHARS
        or len(spans.to_source(kept.article.spans, start, end)) > 1
    ):
        return kept
    return replace(kept, passage=replace(kept.passage, end=end, text=text[start:end]))


def _ranks(pairs: Sequence[tuple[int, float]]) -> dict[int, int]:
    return {passage_id: place for place, (passage_id, _) in enumerate(pairs, start=1)}


def _hits(
    library: Library,
    scored: Iterable[tuple[int, float]],
    passages: Mapping[int, Passage],
    ranks: tuple[Mapping[int, int], Mapping[int, int]] = ({}, {}),
) -> Iterator[Hit]:
    """One by one: an article is read only when its hit is asked for."""
    articles: dict[str, Article | None] = {}
    for passage_id, score in scored:
        passage = passages.get(passage_id)
        if passage is None:
            continue
        if passage.article_id not in articles:
            articles[passage.article_id] = library.article(passage.article_id)
        article = articles[passage.article_id]
        if article is not None:
            dense_rank, keyword_rank = (one.get(passage_id) for one in ranks)
            yield Hit(passage, article, score, dense_rank, keyword_rank)
