"""int8 codes in inverted lists: near enough to the exact cosines, the same each time."""

import hashlib

import numpy as np
import pytest

from index.vectors import faiss_index

PASSAGES, DIMENSIONS = 3000, 48


@pytest.fixture(scope="module")
def matrix():
    rows = np.random.default_rng(5).standard_normal((PASSAGES, DIMENSIONS)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def built(matrix, lists):
    index = faiss_index.trained(matrix, lists, faiss_index.scale_for(float(np.abs(matrix).max())))
    faiss_index.add(index, [(np.arange(100, 100 + len(matrix)), matrix)])
    return index


def written(index):
    data = bytearray()
    faiss_index.write(index, data.extend)
    return bytes(data)


@pytest.mark.parametrize("lists", [1, 16])
def test_no_cosine_is_off_by_more_than_the_margin(matrix, lists):
    index = built(matrix, lists)
    for query in matrix[:50] + 0.01:
        query = query / np.linalg.norm(query)
        exact = matrix @ query
        found = faiss_index.search(index, query, PASSAGES, every_list=True)
        assert len(found) == PASSAGES
        worst = max(abs(exact[i - 100] - cosine) for i, cosine in found)
        assert 0 < worst < faiss_index.margin(index, query) < 0.05


@pytest.mark.parametrize("lists", [1, 16])
def test_only_the_named_ids_and_all_of_them(matrix, lists):
    only = np.arange(100, 100 + PASSAGES, 7)
    found = faiss_index.search(built(matrix, lists), matrix[3], 1000, True, only)
    assert {i for i, _ in found} == set(only.tolist())
    nothing = np.zeros(0, dtype=np.int64)
    assert faiss_index.search(built(matrix, lists), matrix[3], 5, True, nothing) == []


def test_the_same_vectors_give_the_same_bytes(matrix):
    hashes = {hashlib.sha256(written(built(matrix, 16))).hexdigest() for _ in range(2)}
    assert len(hashes) == 1


@pytest.mark.parametrize("mapped", [False, True])
def test_what_is_written_is_read(matrix, tmp_path, mapped):
    index = built(matrix, 16)
    path = tmp_path / "index ü.faiss"
    path.write_bytes(written(index))
    again = faiss_index.read(path, index.scale, mapped)
    query = matrix[9]
    assert faiss_index.search(again, query, 20, False) == faiss_index.search(
        index, query, 20, False
    )


def test_the_dead_are_removed(matrix):
    index = built(matrix, 16)
    alive = np.arange(100, 100 + PASSAGES, 3)
    faiss_index.remove(index, alive)
    assert index.passages == len(alive)
    found = faiss_index.search(index, matrix[0], PASSAGES, every_list=True)
    assert {i for i, _ in found} == set(alive.tolist())


def test_a_larger_component_than_the_scale_holds_is_an_error_not_a_wrong_cosine(matrix):
    index = built(matrix, 1)
    spike = np.zeros((1, DIMENSIONS), dtype=np.float32)
    spike[0, 0] = 1.0
    with pytest.raises(faiss_index.OutOfScale) as caught:
        faiss_index.add(index, [(np.array([1]), spike)])
    assert caught.value.largest == pytest.approx(1.0, rel=0.01)


@pytest.mark.parametrize(
    ("passages", "lists"),
    [(0, 1), (199_999, 1), (200_000, 256), (1_000_000, 1024), (5_000_000, 4096)],
)
def test_lists_grow_with_the_library(passages, lists):
    assert faiss_index.lists_for(passages) == lists
