"""`eval retrieval`: a BEIR data set through the app's own index and search.

Each row of the corpus is one article, uncleaned; a document scores as its best
passage. Beside the search itself its two halves are scored: keywords alone (BM25) and
vectors alone. Works in a temporary home; the user's library is not touched.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from core.records import Article, Filters, Reading, SourceFile, SpanRun
from core.settings import Settings
from evaluate.datasets import Beir, load_beir
from evaluate.metrics import hit, ndcg, percentile, recall
from index import embed
from index.encoding.encoder import Encoder, EncoderSource, prepare_encoder
from index.finding import keyword
from index.search import CANDIDATES, rank
from index.store import Library, open_library
from index.vectors import dense

ROWS_A_BATCH = 200  # rows stored in one transaction
DEPTH = 100
BETWEEN = "\n\n"  # two rows of one file


def evaluate(folder: str, split: str = "test") -> dict[str, Any]:
    """Quality and speed on one data set. Raises InputError where files are missing."""
    data = load_beir(Path(folder), split)
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home))
        source = prepare_encoder(settings)
        encoder = source.load() if source else None
        with open_library(settings) as library:
            started = time.perf_counter()
            index_documents(library, data.documents, source)
            seconds = time.perf_counter() - started
            passages = library.counts()["passages"]
            return {
                **_score(library, encoder, data),
                "passages_per_second": round(passages / seconds, 1),
                "passages": passages,
                "documents": len(data.documents),
            }


def index_documents(
    library: Library, documents: Mapping[str, tuple[str, str]], source: EncoderSource | None
) -> None:
    """Store, embed and publish them: id → (title, text), each one article."""
    rows = list(documents.items())
    for start in range(0, len(rows), ROWS_A_BATCH):
        batch = rows[start : start + ROWS_A_BATCH]
        path = f"/corpus/{start}"
        texts = [text for _, (_, text) in batch]
        starts = accumulate((len(text) + len(BETWEEN) for text in texts), initial=0)
        articles = tuple(
            _article(path, place, start, row)
            for place, (row, start) in enumerate(zip(batch, starts, strict=False))
        )
        file = SourceFile(path, 0, 0, path, "utf-8", "text", "indexed")
        reading = Reading(file, BETWEEN.join(texts), articles, ())
        embed.index_reading(library, reading, path, source)
    embed.finish(library, source)


def ranked_documents(library: Library, encoder: Encoder | None, query: str) -> list[str]:
    """Ids of the documents found, best first; a document stands where its best passage does."""
    hits = rank(library, encoder, query, Filters())
    return list(dict.fromkeys(found.article.article_id for found in hits))


def _article(path: str, place: int, start: int, row: tuple[str, tuple[str, str]]) -> Article:
    """A row of the corpus, (id, (title, text)), whose text begins at `start` of its file."""
    identity, (title, text) = row
    return Article(
        article_id=identity,
        path=path,
        ordinal=place,
        title=title,
        outlet=None,
        author=None,
        published=None,
        url=None,
        language=None,
        text=text,
        spans=(SpanRun(0, len(text), start, start + len(text)),),
    )


def _score(library: Library, encoder: Encoder | None, data: Beir) -> dict[str, Any]:
    rankings: dict[str, dict[str, list[str]]] = {"hybrid": {}, "keyword": {}, "dense": {}}
    milliseconds = []
    for query_id in data.qrels:
        query = data.queries[query_id]
        started = time.perf_counter()
        rankings["hybrid"][query_id] = ranked_documents(library, encoder, query)[:DEPTH]
        milliseconds.append(1000 * (time.perf_counter() - started))
        found = keyword.search(library.connection, query, CANDIDATES, Filters())
        rankings["keyword"][query_id] = _documents(library, found)
        if encoder is not None:
            vector = encoder.encode([query])[0]
            found = dense.search(library, encoder.key, vector, CANDIDATES, Filters())
            rankings["dense"][query_id] = _documents(library, found)
    means = {half: _means(found, data.qrels) for half, found in rankings.items() if found}
    return {
        **means.pop("hybrid", {}),
        "query_ms_p50": round(percentile(milliseconds, 0.5), 1),
        "query_ms_p99": round(percentile(milliseconds, 0.99), 1),
        **means,
    }


def _means(
    rankings: Mapping[str, Sequence[str]], qrels: Mapping[str, Mapping[str, int]]
) -> dict[str, float]:
    figures: dict[str, list[float]] = {}
    for query_id, ranking in rankings.items():
        relevant = qrels[query_id]
        for name, value in (
            ("ndcg_at_10", ndcg(ranking, relevant, 10)),
            ("recall_at_5", recall(ranking, relevant, 5)),
            ("recall_at_10", recall(ranking, relevant, 10)),
            ("recall_at_100", recall(ranking, relevant, 100)),
            ("hit_at_1", hit(ranking, relevant, 1)),
            ("hit_at_4", hit(ranking, relevant, 4)),
        ):
            figures.setdefault(name, []).append(value)
    return {name: round(sum(values) / len(values), 4) for name, values in figures.items()}


def _documents(library: Library, found: Sequence[tuple[int, float]]) -> list[str]:
    """Documents in the order of their best passage; as deep as the app's halves look."""
    ids = [passage_id for passage_id, _ in found]
    passages = library.passages(ids)
    return list(dict.fromkeys(passages[one].article_id for one in ids if one in passages))
