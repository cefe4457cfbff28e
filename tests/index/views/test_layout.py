"""Places of vectors: what is alike lies together, always in the same place, however few."""

import numpy as np
import pytest

from index.views import layout


def bundles(count, size, dimensions=48, seed=3):
    """Unit vectors around `count` directions, and which one each is of."""
    random = np.random.default_rng(seed)
    middles = random.standard_normal((count, dimensions))
    labels = np.repeat(np.arange(count), size)
    rows = middles[labels] + 0.6 * random.standard_normal((len(labels), dimensions))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float32), labels


def squares(places):
    found = ((places[:, None] - places[None]) ** 2).sum(axis=2)
    np.fill_diagonal(found, np.inf)
    return found


def test_what_is_alike_lies_together():
    vectors, labels = bundles(20, 15)
    places = layout.lay_out(vectors)
    assert (labels[squares(places).argmin(axis=1)] == labels).mean() > 0.98
    # Two components alone cannot do that with twenty directions.
    flat = layout._principal(vectors)[:, :2]
    assert (labels[squares(flat).argmin(axis=1)] == labels).mean() < 0.9


def test_groups_are_the_patches_of_the_picture():
    vectors, labels = bundles(6, 12)
    groups = layout.group(layout.lay_out(vectors))
    assert len(set(groups.tolist())) == 6
    for label in range(6):
        assert len(set(groups[labels == label].tolist())) == 1


def test_groups_are_numbered_from_the_largest():
    spots = np.repeat(np.array([[0.1, 0.1], [0.9, 0.9]], np.float32), [5, 9], axis=0)
    assert layout.group(spots).tolist() == [1] * 5 + [0] * 9 or set(
        layout.group(spots).tolist()
    ) == {0, 1, 2}


def test_the_same_vectors_give_the_same_map():
    vectors, _ = bundles(4, 20)
    assert np.array_equal(layout.lay_out(vectors), layout.lay_out(vectors.copy()))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 7])
def test_few_articles_have_places_too(count):
    vectors, _ = bundles(1, 7)
    places = layout.lay_out(vectors[:count])
    assert places.shape == (count, 2)
    assert np.isfinite(places).all()
    assert ((places >= -1e-6) & (places <= 1 + 1e-6)).all()
    assert len({tuple(place) for place in places.tolist()}) == count
    assert len(layout.group(places)) == count


def test_equal_articles_lie_apart_and_break_nothing():
    one, _ = bundles(1, 1)
    places = layout.lay_out(np.repeat(one, 40, axis=0))
    assert np.isfinite(places).all()
    assert len(np.unique(places, axis=0)) == 40


def test_more_dimensions_than_articles_and_fewer():
    for dimensions in (2, 5, 200):
        vectors, _ = bundles(2, 10, dimensions)
        assert np.isfinite(layout.lay_out(vectors)).all()
