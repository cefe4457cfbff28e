"""A library's map: its articles as points, its groups with names, made anew when it changes."""

import pytest

from index import build
from index.store import open_library
from index.views import map as library_map

FERRY = "The ferry Selma left the harbour of Holm, and the ferry's captain counted the passengers."
ORCHARD = "The orchard at Weir bore apples late, and the pickers stored the apples in the barn."


def put(folder, name, title, text):
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.txt").write_text(f"{title}\n\n{text} This is report number {name}.")


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "articles"
    for number in range(8):
        put(made, f"a{number}", f"Harbour log {number}", FERRY)
        put(made, f"b{number}", f"Orchard book {number}", ORCHARD)
    return made


@pytest.fixture
def library(settings, folder, fake_source):
    with open_library(settings) as opened:
        build.add(opened, [str(folder)], fake_source)
        yield opened


def test_every_article_is_a_point_and_groups_are_called_by_their_words(library, folder):
    found = library_map.made(library)
    assert found.articles == len(found.points) == 16
    assert {point.path for point in found.points} == {str(path) for path in folder.iterdir()}
    sides = {}
    for point in found.points:
        assert 0 <= point.x <= 1
        assert 0 <= point.y <= 1
        sides.setdefault(point.group, set()).add(point.title.split()[0])
    assert all(len(titles) == 1 for titles in sides.values())
    told = {next(iter(titles)): found.names[group] for group, titles in sides.items()}
    assert {"Harbour", "ferry", "Selma", "Holm", "captain"} & set(told["Harbour"])
    assert {"Orchard", "apples", "Weir", "pickers", "barn"} & set(told["Orchard"])


def test_the_map_stays_until_the_library_changes(library, folder, fake_source):
    before = library_map.state(library)
    assert library_map.made(library) == library_map.made(library)
    build.sync(library, fake_source)
    assert library_map.state(library) == before
    put(folder, "a1", "Harbour log 1", ORCHARD)
    build.sync(library, fake_source)
    changed = library_map.state(library)
    assert changed != before
    (folder / "a2.txt").unlink()
    build.sync(library, fake_source)
    assert library_map.state(library) != changed


def test_a_library_without_vectors_has_no_places(settings, folder):
    with open_library(settings) as library:
        build.add(library, [str(folder)], None)
        assert library_map.made(library) == library_map.Map((), (), 16)


def test_an_empty_library(settings):
    with open_library(settings) as library:
        assert library_map.made(library) == library_map.Map((), (), 0)


def test_articles_without_vectors_are_left_out_and_counted(library):
    (digest,) = library.connection.execute(
        "SELECT embedded_sha256 FROM passages LIMIT 1"
    ).fetchone()
    library.connection.execute("DELETE FROM vectors WHERE embedded_sha256 = ?", (digest,))
    found = library_map.made(library)
    assert found.articles == 16
    assert len(found.points) == 15


def test_a_large_library_is_drawn_in_part(library, monkeypatch):
    monkeypatch.setattr(library_map, "MOST_ARTICLES", 6)
    found = library_map.made(library)
    assert found.articles == 16
    assert 4 <= len(found.points) <= 6


def test_a_damaged_row_is_no_point(library):
    with library.connection:
        library.connection.execute(
            "UPDATE articles SET title = 'Harbor' || substr(title, 8) WHERE title = 'Harbour log 3'"
        )
    found = library_map.made(library)
    assert (found.articles, len(found.points)) == (16, 15)
    assert not any(point.title.startswith("Harbor ") for point in found.points)
