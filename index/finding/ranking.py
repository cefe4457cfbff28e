"""Candidates of a query → the order they are shown in.

Takes passages with their cosines and BM25 scores; fuses both, looks at words that stand
together, then takes the second hop. `fuse` is pure; the rest reads titles and passages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.records import Filters, Passage
from index.encoding.encoder import Encoder
from index.finding import phrases, second_hop
from index.store import Library
from index.vectors import dense
from ingest.language import language

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# BM25's share of the fused score; each list is scaled to its own top. nDCG@10 on the tuning
# sets (400 queries each of SciFact train and SQuAD 2.0's train titles, all of HotpotQA) with
# 0.45, 0.5 and 0.55: 0.738, 0.739, 0.740; 0.894, 0.896, 0.895; 0.850, 0.851, 0.847.
KEYWORD_SHARE = 0.5
# The same for a query in a language that the encoder was not trained on. Measured on the
# translated manual pages of Debian 12 in German, French, Spanish, Polish, Russian, Japanese
# and Chinese (1,796 pages): a page's one-line description finds its DESCRIPTION section. Mean
# nDCG@10 of the languages with 0.5, 0.65, 0.8, 0.9, 1.0: 0.705, 0.708, 0.701, 0.697, 0.690 on
# the half that chose, 0.717, 0.713, 0.707, 0.702, 0.696 on the other. Technical names, which
# the encoder knows in any language, may flatter vectors; so may it that Japanese and Chinese
# questions were then still searched as whole runs.
FOREIGN_KEYWORD_SHARE = 0.65
ENGLISH_ENCODERS = ("all-minilm-",)  # their keys begin so; others are taken as multilingual

# The best so many are looked at for pairs of neighbouring words of the query; what it adds
# to a fused score (0..1) that all stand in the passage or its title. With 0.2 instead of 0,
# HotpotQA's recall@5 rises from 0.815 to 0.845, hit@1 on SQuAD's train titles from 0.810 to
# 0.835; SciFact train stays (nDCG@10 0.739, 0.738). 0.3 scores like 0.2.
PAIRED = 40
PAIRS_TOGETHER = 0.2
# What it adds that the article's title stands in the query, or in one of the first hits:
# HotpotQA's recall@5 rises to 0.965; 0.4 to 0.7 score alike. SciFact and SQuAD don't move.
NAMED_IN_QUERY = 0.1
NAMED_IN_HIT = 0.5
VOTERS = 10  # keyword hits that tell the language of a short query
HOPS = 2  # for questions over three articles; HotpotQA's, over two, score alike with 1 and 2
FIRST_HITS = 5  # articles whose best passage is read for names
LEADS = 3  # passages of a named article that are looked at where none was a candidate

# Where the newest reports are asked for: scores (0..1 and bonuses) so near count as equal.
TIED = 0.15
PASSAGES_OF_ONE = 5  # passages of one article that stand before others; the rest follow


@dataclass(slots=True)
class Candidates:
    """What is known of a query's passages; grows by the passages that first hits name."""

    cosines: dict[int, float]
    bm25: dict[int, float]
    keyword_share: float
    vector: NDArray[np.float32] | None
    passages: dict[int, Passage]


def order(
    library: Library, encoder: Encoder | None, query: str, found: Candidates, filters: Filters
) -> list[tuple[int, float]]:
    """(passage_id, score), best first; `found` grows by passages that the first hits name."""
    scores = dict(fuse(found.cosines, found.bm25, found.keyword_share))
    _raise_pairs(library, scores, found, query)
    in_query = second_hop.titled(library.connection, second_hop.question_runs(query), filters)
    _raise(scores, found, {one: NAMED_IN_QUERY for ids in in_query.values() for one in ids})
    return _hop(library, encoder, scores, found, filters)


def newest_of_ties_first(
    library: Library, ordered: Sequence[tuple[int, float]], found: Candidates
) -> list[tuple[int, float]]:
    """Passages that score much alike, newest article first, undated ones last."""
    if not ordered:
        return []
    ids = sorted({found.passages[one].article_id for one, _ in ordered if one in found.passages})
    dates: dict[str, str] = {}
    for start in range(0, len(ids), 500):
        batch = ids[start : start + 500]
        dates.update(
            library.connection.execute(
                "SELECT article_id, coalesce(published, '') FROM articles"
                f" WHERE article_id IN ({','.join('?' * len(batch))})",
                batch,
            )
        )
    top = ordered[0][1]

    def date_of(pair: tuple[int, float]) -> str:
        passage = found.passages.get(pair[0])
        return dates.get(passage.article_id, "") if passage else ""

    by_date = sorted(ordered, key=date_of, reverse=True)  # stable: equal dates keep their order
    return sorted(by_date, key=lambda pair: int((top - pair[1]) / TIED))


def fuse(
    cosines: Mapping[int, float], bm25: Mapping[int, float], keyword_share: float
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
    return _sorted(scored)


def knows_english_alone(encoder: Encoder) -> bool:
    return encoder.key.startswith(ENGLISH_ENCODERS)


def keyword_share(
    library: Library, encoder: Encoder, query: str, by_keyword: Sequence[tuple[int, float]]
) -> float:
    """How much keywords count: more where the encoder does not know the language. A query
    too short to tell is taken for the language of most passages that its words find."""
    if not knows_english_alone(encoder):
        return KEYWORD_SHARE
    code = language(query)
    if code is None and by_keyword:
        best = [passage_id for passage_id, _ in by_keyword[:VOTERS]]
        (code,) = library.connection.execute(
            "SELECT language FROM passages JOIN articles USING (article_id)"
            f" WHERE passage_id IN ({','.join('?' * len(best))})"
            " GROUP BY language ORDER BY count(*) DESC, language IS NULL DESC LIMIT 1",
            best,
        ).fetchone()
    return KEYWORD_SHARE if code in (None, "en") else FOREIGN_KEYWORD_SHARE


def _raise_pairs(library: Library, scores: dict[int, float], found: Candidates, query: str) -> None:
    wanted = phrases.pairs(query)
    best = [one for one, _ in _sorted(scores.items())[:PAIRED] if one in found.passages]
    if not wanted.stems:
        return
    titles = _titles(library, {found.passages[one].article_id for one in best})
    for one in best:
        passage = found.passages[one]
        texts = (titles.get(passage.article_id, ""), passage.text)
        scores[one] += PAIRS_TOGETHER * phrases.share_of(wanted, texts)


def _hop(
    library: Library,
    encoder: Encoder | None,
    scores: dict[int, float],
    found: Candidates,
    filters: Filters,
) -> list[tuple[int, float]]:
    """Scores raised for articles that the best hits name, and for those that these name in
    turn; the first hit stays first."""
    best = _best_of_articles(scores, found)
    if not best:
        return []
    raised = scores
    for _ in range(HOPS):
        bonuses = _bonuses(library, raised, found, filters)
        _add_leads(library, encoder, scores, found, bonuses.keys())
        raised = dict(scores)
        _raise(raised, found, bonuses)
        raised[best[0]] = max(raised.values())
    ordered = sorted(raised.items(), key=lambda pair: (-pair[1], pair[0] != best[0], pair[0]))
    return _spread(ordered, found)


def _bonuses(
    library: Library, scores: Mapping[int, float], found: Candidates, filters: Filters
) -> dict[str, float]:
    """What each article gains that one of the best hits names, by article id."""
    first_hits = _best_of_articles(scores, found)[:FIRST_HITS]
    named = {one: second_hop.names(found.passages[one].text) for one in first_hits}
    titled = second_hop.titled(library.connection, set().union(*named.values()), filters)
    bonuses: dict[str, float] = {}
    top = max(scores[one] for one in first_hits)
    for one in first_hits:
        bonus = NAMED_IN_HIT * scores[one] / top if top > 0 else 0.0
        for title in titled.keys() & named[one]:
            for article_id in titled[title] - {found.passages[one].article_id}:
                bonuses[article_id] = max(bonuses.get(article_id, 0.0), bonus)
    return bonuses


def _titles(library: Library, article_ids: Iterable[str]) -> dict[str, str]:
    wanted = list(article_ids)
    marks = ",".join("?" * len(wanted))
    rows = library.connection.execute(
        f"SELECT article_id, title FROM articles WHERE article_id IN ({marks})", wanted
    )
    return dict(rows.fetchall())


def _best_of_articles(scores: Mapping[int, float], found: Candidates) -> list[int]:
    """The best passage of each article, best first."""
    best: dict[str, int] = {}
    for passage_id, _ in _sorted(scores.items()):
        passage = found.passages.get(passage_id)
        if passage is not None:
            best.setdefault(passage.article_id, passage_id)
    return list(best.values())


def _add_leads(
    library: Library,
    encoder: Encoder | None,
    scores: dict[int, float],
    found: Candidates,
    article_ids: Iterable[str],
) -> None:
    """The first passages of named articles that have no candidate yet."""
    known = {passage.article_id for passage in found.passages.values()}
    leads = [
        passage_id
        for article_id in sorted(set(article_ids) - known)
        for (passage_id,) in library.connection.execute(
            "SELECT passage_id FROM passages WHERE article_id = ? ORDER BY start LIMIT ?",
            (article_id, LEADS),
        )
    ]
    if not leads:
        return
    found.passages.update(library.passages(leads))
    cosines: dict[int, float] = {}
    if encoder is not None and found.vector is not None:
        cosines = dense.scores(library, encoder.key, found.vector, leads)
    top = max(found.cosines.values(), default=0.0)
    for one in leads:
        share = max(0.0, cosines.get(one, 0.0)) / top if top > 0 else 0.0
        scores[one] = (1 - found.keyword_share) * share


def _raise(scores: dict[int, float], found: Candidates, bonuses: Mapping[str, float]) -> None:
    """Adds each article's bonus to its best passage."""
    if not bonuses:
        return
    for passage_id in _best_of_articles(scores, found):
        scores[passage_id] += bonuses.get(found.passages[passage_id].article_id, 0.0)


def _spread(ordered: Sequence[tuple[int, float]], found: Candidates) -> list[tuple[int, float]]:
    """The same passages; those beyond an article's first few follow after all others."""
    count: Counter[str] = Counter()
    first: list[tuple[int, float]] = []
    rest: list[tuple[int, float]] = []
    for passage_id, score in ordered:
        passage = found.passages.get(passage_id)
        if passage is not None:
            count[passage.article_id] += 1
            few = count[passage.article_id] <= PASSAGES_OF_ONE
            (first if few else rest).append((passage_id, score))
    return first + rest


def _sorted(scores: Iterable[tuple[int, float]]) -> list[tuple[int, float]]:
    return sorted(scores, key=lambda pair: (-pair[1], pair[0]))
