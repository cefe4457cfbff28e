"""A disk that is full to the last byte or can't be written: what was indexed is still read."""

import os
import sqlite3

import pytest

from answer import desk
from core.errors import LibraryError
from core.records import Filters
from index import build, durable
from index.search import search
from index.store import open_library
from tests.answer.test_desk import an_answer


class Unwritable(sqlite3.Connection):
    """Fails as SQLite does where it can't make the file by which processes agree."""

    def execute(self, statement, *values):
        if statement.startswith(("PRAGMA user_version", "PRAGMA journal_mode", "BEGIN")):
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
            raise error
        return super().execute(statement, *values)


@pytest.fixture
def full(settings, tmp_path, monkeypatch):
    """A library with one article, and a saved answer's desk, on a disk that is then full."""
    (tmp_path / "a.txt").write_text("The ferry sails at noon.\n\nThe pier is closed.")
    with open_library(settings) as library:
        build.add(library, [str(tmp_path / "a.txt")], None)
    with desk.open_desk(settings) as opened:
        opened.set_setting("way", "none")
    usual = sqlite3.connect

    def connect(path, *arguments, **named):
        kind = {} if "immutable" in str(path) else {"factory": Unwritable}
        return usual(path, *arguments, **named, **kind)

    monkeypatch.setattr(sqlite3, "connect", connect)
    return settings


def test_a_library_is_read_and_a_write_is_refused_in_words(full):
    with open_library(full) as library:
        assert search(library, None, "ferry", 3, Filters()).hits
        with pytest.raises(LibraryError, match="disk is full"), library.transaction():
            pass


def test_a_desk_is_read_and_an_answer_that_is_not_saved_says_so(full):
    with desk.open_desk(full) as opened:
        assert opened.setting("way") == "none"
    kept = desk.saved(full, an_answer())
    assert kept.claims == an_answer().claims
    assert "not saved" in kept.notes[-1]
    assert "disk is full" in kept.notes[-1]


def test_what_stands_in_the_log_alone_is_not_passed_over(full):
    full.library_path.with_name("library.db-wal").write_bytes(b"x" * 32)
    with pytest.raises(LibraryError, match="can't be opened"):
        open_library(full)


@pytest.mark.parametrize("code", [sqlite3.SQLITE_BUSY, sqlite3.SQLITE_ERROR])
def test_a_busy_database_is_not_taken_for_a_full_disk(full, code):
    error = sqlite3.OperationalError("busy")
    error.sqlite_errorcode = code
    with pytest.raises(sqlite3.OperationalError):
        durable.read_instead(full.library_path, error)


def test_a_folder_that_may_not_be_written_is_read(settings, tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    (tmp_path / "a.txt").write_text("The ferry sails at noon.")
    with open_library(settings) as library:
        build.add(library, [str(tmp_path / "a.txt")], None)
    settings.home.chmod(0o500)
    try:
        with open_library(settings) as library:
            assert search(library, None, "ferry", 3, Filters()).hits
    finally:
        settings.home.chmod(0o700)
