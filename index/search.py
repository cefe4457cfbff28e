"""A query → Hits: dense and keyword candidates, fused, one per story.

Works with keywords alone where there is no encoder. The fusion is pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.records import Article, Filters, Hit
from index import dense, keyword
from index import filters as article_filters
from index.encoder import Encoder
from index.store import Library
from index.story import also_in

CANDIDATES = 100
# BM25's share of the fused score; each list is scaled to its own top. From a prototype
# on SciFact, where 0.6 to 0.7 scored alike (nDCG@10 0.736) and rank fusion 0.718.
KEYWORD_SHARE = 0.65
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
        ranked = one_per_story(library, rank(library, encoder, query, filters), count)
        left_out = article_filters.undated_left_out(library.connection, filters)
        return SearchResult(tuple(ranked), None, left_out)


def search_all(library: Library, query: str, count: int, filters: Filters) -> SearchResult:
    """Every article that has all the words, newest first; `total` is their true number."""
    with library.snapshot():
        ids = keyword.mentions(library.connection, query, filters)
        left_out = article_filters.undated_left_out(library.connection, filters)
        hits = _hits(library, [(passage_id, 1.0) for passage_id in ids[:count]], {}, {})
        return SearchResult(
            tuple(replace(hit, also_in=also_in(library, hit)) for hit in hits),
            len(ids),
            left_out,
        )


def rank(library: Library, encoder: Encoder | None, query: str, filters: Filters) -> list[Hit]:
    """All candidate passages, best first; several of one article may appear."""
    query = query[:QUERY_CHARS_LIMIT].replace("\x00", " ").strip()
    if not query:
        return []
    by_keyword = keyword.search(library.connection, query, CANDIDATES, filters)
    by_vector: list[tuple[int, float]] = []
    extra: dict[int, float] = {}
    if encoder is not None:
        vector = encoder.encode([query])[0]
        by_vector = dense.search(library, encoder.key, vector, CANDIDATES, filters)
        known = {passage_id for passage_id, _ in by_vector}
        missing = [passage_id for passage_id, _ in by_keyword if passage_id not in known]
        extra = dense.scores(library, encoder.key, vector, missing)
    fused = fuse({**dict(by_vector), **extra}, dict(by_keyword), KEYWORD_SHARE)
    return _hits(library, fused, _ranks(by_vector), _ranks(by_keyword))


def fuse(
    cosines: dict[int, float], bm25: dict[int, float], keyword_share: float
) -> list[tuple[int, float]]:
    """Weighted sum of both scores, each divided by its list's best; best first.

    Score fusion after Bruch, Gai & Ingber, "An Analysis of Fusion Functions for
    Hybrid Retrieval" (2023): with one weight it beats reciprocal ranks.
    """
    top_cosine = max(cosines.values(), default=0.0)
    top_bm25 = max(bm25.values(), default=0.0)
    if not cosines:
        keyword_share = 1.0
    scored = []
    for passage_id in cosines.keys() | bm25.keys():
        cosine = cosines.get(passage_id, 0.0) / top_cosine if top_cosine > 0 else 0.0
        weight = bm25.get(passage_id, 0.0) / top_bm25 if top_bm25 > 0 else 0.0
        scored.append((passage_id, keyword_share * weight + (1 - keyword_share) * cosine))
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))


def one_per_story(library: Library, hits: list[Hit], count: int | None = None) -> list[Hit]:
    """Only the best hit of each story (or lone article), with the other copies' paths;
    at most `count`."""
    seen: set[str] = set()
    kept: list[Hit] = []
    for hit in hits:
        if count is not None and len(kept) >= count:
            break
        story = hit.article.story_id or hit.article.article_id
        if story not in seen:
            seen.add(story)
            kept.append(replace(hit, also_in=also_in(library, hit)))
    return kept


def _ranks(pairs: list[tuple[int, float]]) -> dict[int, int]:
    return {passage_id: place for place, (passage_id, _) in enumerate(pairs, start=1)}


def _hits(
    library: Library,
    scored: list[tuple[int, float]],
    dense_ranks: dict[int, int],
    keyword_ranks: dict[int, int],
) -> list[Hit]:
    passages = library.passages([passage_id for passage_id, _ in scored])
    articles: dict[str, Article | None] = {}
    hits = []
    for passage_id, score in scored:
        passage = passages.get(passage_id)
        if passage is None:
            continue
        if passage.article_id not in articles:
            articles[passage.article_id] = library.article(passage.article_id)
        article = articles[passage.article_id]
        if article is not None:
            ranks = (dense_ranks.get(passage_id), keyword_ranks.get(passage_id))
            hits.append(Hit(passage, article, score, *ranks))
    return hits
