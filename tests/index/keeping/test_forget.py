"""What the user removes is gone, wherever the app has kept its words."""

import json
import shutil

import pytest

from index import build
from index.keeping import forget, quarantine, repair
from index.store import open_library


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "articles"
    made.mkdir()
    for name in ("zeppelin", "ferry"):
        (made / f"{name}.txt").write_text(
            f"{name.title()} news\n\n" + f"The {name} informant met us at the {name} dock. " * 20
        )
    return made


@pytest.fixture
def library(settings, folder, fake_source):
    with open_library(settings) as opened:
        build.add(opened, [str(folder)], fake_source)
        yield opened


def all_bytes(settings):
    return b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file())


def test_no_word_of_it_stays_in_the_home(library, settings, folder, fake_source):
    execute = library.connection.execute
    execute("UPDATE passages SET text = text || ' x' WHERE passage_id IN (1, 2, 3, 4)")
    execute("UPDATE sources SET text = x'00'")
    assert all(one.repaired for one in repair.repair(settings, fake_source))
    execute("PRAGMA foreign_keys = OFF")
    execute("UPDATE passages SET article_id = 'nobody' WHERE passage_id = 3")
    execute("PRAGMA foreign_keys = ON")
    repair.repair(settings, fake_source)  # this one is kept without a path
    assert b"zeppelin" in all_bytes(settings).lower()
    report = forget.remove(library, str(folder / "zeppelin.txt"), fake_source)
    assert report.problems == ()
    assert report.files["removed"] == 1
    library.close()
    assert b"informant met us at the zeppelin" not in all_bytes(settings)
    assert b"zeppelin dock" not in all_bytes(settings)
    kept = (settings.home / quarantine.FOLDER / quarantine.ROWS).read_text().splitlines()
    assert any("ferry" in json.loads(line)["path"] for line in kept)  # the others stay


def test_the_search_index_forgets_the_words_too(library, settings, folder, fake_source):
    forget.remove(library, str(folder / "zeppelin.txt"), fake_source)
    library.close()
    assert b"zeppelin" not in settings.library_path.read_bytes().replace(
        str(folder / "zeppelin.txt").encode(), b""
    )


def test_older_copies_are_named(library, settings, folder, fake_source):
    aside = settings.home / "replaced-20260101-000000-000000"
    aside.mkdir()
    for copy in (aside / "library.db", settings.home / "library-format-3.db"):
        shutil.copy(settings.library_path, copy)
    damaged = quarantine.copy_file(settings, settings.library_path)
    report = forget.remove(library, str(folder / "zeppelin.txt"), fake_source)
    named = {one.path for one in report.problems}
    older = settings.home / "library-format-3.db"
    assert named == {str(damaged), f"{damaged}-wal", str(aside / "library.db"), str(older)}
    assert all("delete it" in one.reason for one in report.problems)
