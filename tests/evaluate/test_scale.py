"""Libraries to measure with are what they say, and what is measured of them is right."""

import numpy as np
import pytest

from core.records import Filters
from evaluate import scale, scale_library
from index.finding import keyword
from index.store import open_library
from index.vectors import dense
from tests.conftest import PROJECT

EXAMPLES = PROJECT / "examples" / "articles"


@pytest.fixture(scope="module")
def base():
    rows = np.random.default_rng(3).standard_normal((50, 64)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def library(settings, base):
    with open_library(settings) as opened:
        texts = scale_library.article_texts(EXAMPLES)
        scale_library.fill(opened, scale.KEY, 400, texts, base)
        yield opened


def test_vectors_are_unit_near_the_real_ones_and_the_same_each_time(base):
    rows = scale_library.mixture(base, 500, seed=1)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert np.array_equal(rows, scale_library.mixture(base, 500, seed=1))
    assert not np.array_equal(rows, scale_library.mixture(base, 500, seed=2))
    nearest = (rows @ base.T).max(axis=1)
    assert 0.6 < np.median(nearest) < 0.95


def test_a_library_has_its_passages_words_and_vectors(library):
    assert library.counts()["passages"] == 400
    assert library.counts()["articles"] == 80
    (vectors,) = library.connection.execute("SELECT count(*) FROM vectors").fetchone()
    assert vectors == 400
    first = library.passages([1])[1]
    words = " ".join(first.text.split()[:12])
    found = keyword.search(library.connection, words, 10, Filters())
    assert 1 in [passage_id for passage_id, _ in found]


def test_repeated_texts_are_not_equal(library):
    (texts,) = library.connection.execute("SELECT count(DISTINCT text) FROM passages").fetchone()
    assert texts > 390  # the articles themselves have an imprint or two in common


def test_nothing_is_missed_where_every_vector_is_read(library, base):
    dense.publish(library, scale.KEY)
    queries = scale_library.mixture(base, 5, seed=9)
    figures = scale._dense(library, queries)
    assert figures["recall_at_10"] == 1.0
    assert figures["lists"] == 1


def test_ten_files_are_read_anew(library, base):
    dense.publish(library, scale.KEY)
    before = {file.path: file.sha256 for file in library.files()}
    assert scale._reindexed(library, base)["wall_seconds"] > 0
    changed = [file for file in library.files() if before[file.path] != file.sha256]
    assert len(changed) == 10
    assert library.counts()["articles"] == 80


def test_the_table_has_a_row_for_each_size():
    times = {"p50": 1.0, "p99": 2.0}
    once = {"cpu_seconds": 1.5, "wall_seconds": 2.0}
    row = {
        "passages": 10_000,
        "build_seconds": 1.0,
        "publish": once,
        "library_mb": 5,
        "index_mb": 1.0,
        "memory_mb": 100,
        "dense_every": times,
        "dense": times,
        "recall_at_10": 0.99,
        "keyword": times,
        "whole": times,
        "reindex": once,
    }
    lines = scale.table([row, row]).splitlines()
    assert len(lines) == 4
    assert len({line.count("|") for line in lines}) == 1
    assert "1.0/2.0" in lines[2]
