"""A library.db whose pages are damaged: what can be read is saved, what was lost is read again."""

import random
import sqlite3
from contextlib import closing, suppress

import pytest

from core.errors import LibraryError
from core.records import Filters
from index import build
from index.finding import keyword
from index.keeping import doctor, pages, repair, salvage
from index.opening import DamagedError
from index.store import open_library

PAGE = 4096
NAMES = ("ferry", "harbour", "school", "bridge", "orchard", "market")


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "articles"
    made.mkdir()
    for name in NAMES:
        (made / f"{name}.txt").write_text(
            f"{name.title()} news\n\n"
            + " ".join(
                f"The {name} council met on day {number} and spoke of {name} matter {number * 7}, "
                f"which the office of the {name} had put off since spring for want of money."
                for number in range(1, 40)
            )
        )
    return made


@pytest.fixture
def filled(settings, folder, fake_source):
    with open_library(settings) as library:
        build.add(library, [str(folder)], fake_source)
    assert not settings.library_path.with_name("library.db-wal").exists()
    return settings


def held(settings):
    with open_library(settings) as library:
        rows = library.connection.execute(
            "SELECT path, start, end, passages.text FROM passages JOIN articles USING (article_id)"
        )
        return sorted(rows.fetchall())


def change(settings, place, data):
    content = bytearray(settings.library_path.read_bytes())
    content[place : place + len(data)] = data
    settings.library_path.write_bytes(content)


def test_every_row_is_found_in_the_pages(filled):
    tables = ("roots", "files", "sources", "articles", "passages", "vectors", "signatures",
              "generations")  # fmt: skip
    found = [row for record in pages.records(filled.library_path) for row in salvage.sure(record)]
    with open_library(filled) as library:
        for table in tables:
            cursor = library.connection.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            stored = [dict(zip(names, row, strict=True)) for row in cursor]
            mine = [values for name, values in found if name == table]
            assert len(mine) == len(stored) > 0
            for values in mine:
                assert any(values.items() <= row.items() for row in stored)


def test_what_is_only_in_the_log_is_found_too(filled, folder, fake_source):
    with open_library(filled) as library:
        library.connection.execute("PRAGMA wal_autocheckpoint = 0")
        (folder / "late.txt").write_text("Late news\n\n" + "The late boat came at last. " * 20)
        build.sync(library, fake_source)
        assert filled.library_path.with_name("library.db-wal").stat().st_size > 0
        found = [row for one in pages.records(filled.library_path) for row in salvage.sure(one)]
    assert any(table == "files" and row["path"].endswith("late.txt") for table, row in found)


def test_what_was_removed_does_not_come_back(filled, folder, fake_source):
    with open_library(filled) as library:
        build.remove(library, str(folder / "ferry.txt"), fake_source)
    assert b"ferry matter" not in filled.library_path.read_bytes()
    found = [row for one in pages.records(filled.library_path) for row in salvage.sure(one)]
    assert not any("ferry" in str(row.get("path")) for _, row in found if _ == "articles")


HARMS = [
    (0, b"no database any more", "the first bytes"),
    (16, b"\x00\x00", "the size of a page"),
    (60, (2).to_bytes(4, "big"), "the format number"),
    (100, b"\x00" * (PAGE - 100), "the schema's first page"),
    (0, b"\x00" * PAGE, "all of the first page"),
]


@pytest.mark.parametrize(("place", "data", "what"), HARMS)
def test_a_library_that_cannot_be_opened_is_saved_whole(filled, fake_source, place, data, what):
    before = held(filled)
    change(filled, place, data)
    with pytest.raises(DamagedError, match="doctor --repair"), open_library(filled):
        pass
    encoder = fake_source.load()
    encoder.encoded.clear()
    said = repair.repair(filled, fake_source)
    assert all(one.repaired for one in said), said
    assert encoder.encoded == []
    assert held(filled) == before
    assert (filled.home / "quarantine" / "library.db.1").exists()
    with open_library(filled) as library:
        assert doctor.examine(library, fake_source.key).problems == ()
        assert keyword.search(library.connection, "ferry matter 21", 3, Filters())


@pytest.mark.parametrize("name", [b"CREATE TABLE articles", b"CREATE TABLE files", b"CREATE INDEX"])
@pytest.mark.parametrize("byte", [b"\xff", b"\x00", b"q"])
def test_a_flip_in_the_schema_is_named_and_mended(filled, fake_source, name, byte):
    before = held(filled)
    for offset in (0, 13, 24):
        place = filled.library_path.read_bytes().index(name) + offset
        change(filled, place, byte)
        with suppress(LibraryError), open_library(filled) as library:  # no other kind of error
            library.counts()
            doctor.examine(library, fake_source.key)
        repair.repair(filled, fake_source)
        with open_library(filled) as library:
            assert doctor.examine(library, fake_source.key).problems == ()
        assert held(filled) == before


@pytest.mark.parametrize("seed", range(6))
def test_zeroed_pages_cost_no_article_whose_file_is_there(filled, fake_source, seed):
    before = held(filled)
    chosen = random.Random(seed)
    last = filled.library_path.stat().st_size // PAGE
    for page in chosen.sample(range(1, last), 3):
        change(filled, page * PAGE, b"\x00" * PAGE)
    repair.repair(filled, fake_source)
    with open_library(filled) as library:
        assert doctor.examine(library, fake_source.key).problems == ()
    assert held(filled) == before


@pytest.mark.parametrize("share", [0.15, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
def test_a_file_that_was_cut_short_is_mended(filled, fake_source, share):
    before = held(filled)
    data = filled.library_path.read_bytes()
    filled.library_path.write_bytes(data[: int(len(data) * share)])
    repair.repair(filled, fake_source)
    with open_library(filled) as library:
        assert doctor.examine(library, fake_source.key).problems == ()
    assert held(filled) == before


def test_killed_before_the_new_file_takes_its_place_it_is_put_there_next(
    filled, fake_source, monkeypatch
):
    before = held(filled)
    change(filled, 0, b"no database any more")

    class Killed(BaseException):
        pass

    def killed(settings):
        raise Killed

    real = salvage.finish
    calls = iter((real, killed))
    monkeypatch.setattr(salvage, "finish", lambda settings: next(calls)(settings))
    with pytest.raises(Killed):
        repair.repair(filled, fake_source)
    monkeypatch.undo()
    assert (filled.home / salvage.READY).exists()
    repair.repair(filled, fake_source)
    assert held(filled) == before


def test_where_nothing_stands_any_more_nothing_is_changed(filled, fake_source):
    filled.library_path.write_bytes(b"\x01" * 50_000)
    with pytest.raises(LibraryError, match="Put back a backup"):
        repair.repair(filled, fake_source)
    assert filled.library_path.read_bytes() == b"\x01" * 50_000


def test_a_plain_database_of_another_program_is_refused(settings):
    settings.home.mkdir()
    with closing(sqlite3.connect(settings.library_path)) as other:
        other.execute("CREATE TABLE articles (name TEXT)")
        other.execute(f"PRAGMA user_version = {4}")
        other.commit()
    with pytest.raises(LibraryError, match="tables are not whole"), open_library(settings):
        pass
