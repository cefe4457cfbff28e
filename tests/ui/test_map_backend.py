"""Maps are made beside the page, once for each state of a library, and never by two at a time."""

import threading
import time

import pytest

from core.errors import LibraryError
from index import build
from index.store import open_library
from index.views import map as library_map
from ui.map_backend import TROUBLE, Look, Maps


@pytest.fixture
def filled(settings, tmp_path, fake_source):
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(7):
        (folder / f"{number}.txt").write_text(f"Title {number}\n\nThe ferry {number} left Holm.")
    with open_library(settings) as library:
        build.add(library, [str(folder)], fake_source)
    return settings


def until_made(maps, settings, state):
    for _ in range(200):
        look = maps.look(settings, state, False)
        if not look.is_making:
            return look
        time.sleep(0.05)
    raise AssertionError("the map was not made")


def test_a_map_is_made_once_for_each_state(filled, monkeypatch):
    made = []
    real = library_map.made
    monkeypatch.setattr(library_map, "made", lambda library: made.append(1) or real(library))
    maps = Maps()
    assert maps.look(filled, "one", False) == Look(is_making=True)
    look = until_made(maps, filled, "one")
    assert len(look.map.points) == 7
    assert until_made(maps, filled, "one") == look
    assert made == [1]
    # A new state: the old map stays in sight until the new one is there.
    assert maps.look(filled, "two", False) == Look("one", look.map, True)
    assert until_made(maps, filled, "two").state == "two"
    assert made == [1, 1]
    maps.close()


def test_a_library_that_is_being_filled_keeps_its_map(filled):
    maps = Maps()
    first = until_made(maps, filled, "one")
    assert maps.look(filled, "two", True) == first
    maps.close()


def test_no_two_maps_are_made_at_a_time(filled, monkeypatch):
    gate, running, most = threading.Event(), [], []

    def made(library):
        running.append(1)
        most.append(len(running))
        gate.wait(5)
        running.pop()
        return library_map.Map((), (), 0)

    monkeypatch.setattr(library_map, "made", made)
    maps = Maps()
    for state in ("one", "two", "two"):
        assert maps.look(filled, state, False).is_making
    gate.set()
    until_made(maps, filled, "two")
    assert max(most) == 1
    maps.close()


@pytest.mark.parametrize(
    ("error", "words"), [(LibraryError("It is full."), "It is full."), (ValueError("x"), TROUBLE)]
)
def test_trouble_is_told_and_not_tried_again_at_once(filled, monkeypatch, error, words):
    tries = []

    def broken(library):
        tries.append(1)
        raise error

    monkeypatch.setattr(library_map, "made", broken)
    maps = Maps()
    assert until_made(maps, filled, "one").trouble == words
    assert until_made(maps, filled, "one").trouble == words
    assert tries == [1]
    maps.close()
