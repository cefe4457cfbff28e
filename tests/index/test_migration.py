"""A library of an older format is brought up, after a backup; older readings are made anew."""

import sqlite3

import pytest

from index import build, opening, schema
from index.jobs import job_rows
from index.keeping import doctor
from index.row_hashes import row_sha256
from index.store import open_library

STORY = (
    "The ferry to the outer island will run twice a day from the first of May. "
    "The harbour office said that the morning boat carries the post as well. "
    "Tickets can be bought on board, and children travel for half the price. "
)
# The tables that have changed, as format 1 had them.
OLD_TABLES = """
CREATE TABLE excluded (path TEXT PRIMARY KEY);
CREATE TABLE roots (path TEXT PRIMARY KEY, is_folder INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'watched');
CREATE TABLE files (
    path TEXT PRIMARY KEY, root TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL, encoding TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL,
    reason TEXT NOT NULL, source_sha256 TEXT, removed TEXT NOT NULL DEFAULT '[]',
    page_starts TEXT NOT NULL DEFAULT '[]');
CREATE TABLE articles (
    article_id TEXT PRIMARY KEY, path TEXT NOT NULL REFERENCES files(path) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, title TEXT NOT NULL, outlet TEXT, author TEXT, published TEXT,
    url TEXT, language TEXT, text TEXT NOT NULL, spans TEXT NOT NULL, signature BLOB NOT NULL,
    story_id TEXT, row_sha256 TEXT NOT NULL);
CREATE INDEX articles_by_path ON articles(path, ordinal);
CREATE INDEX articles_by_story ON articles(story_id) WHERE story_id IS NOT NULL;
INSERT INTO roots (path, is_folder) VALUES ('/somewhere', 1);
INSERT INTO files (path, root, size, mtime_ns, sha256, encoding, kind, status, reason)
    VALUES ('/somewhere/a.txt', '/somewhere', 1, 1, '', 'utf-8', 'text', 'indexed', '');
INSERT INTO articles VALUES
    ('a', '/somewhere/a.txt', 0, 'T', NULL, NULL, NULL, NULL, NULL, 'Text.', '[]', x'0102', NULL,
     '');
CREATE TABLE jobs (
    job_id INTEGER PRIMARY KEY AUTOINCREMENT, action TEXT NOT NULL, state TEXT NOT NULL,
    files_done INTEGER NOT NULL DEFAULT 0, files_total INTEGER NOT NULL DEFAULT 0,
    passages_done INTEGER NOT NULL DEFAULT 0, passages_total INTEGER NOT NULL DEFAULT 0,
    started REAL NOT NULL, updated REAL NOT NULL, cancel INTEGER NOT NULL DEFAULT 0,
    message TEXT NOT NULL DEFAULT '');
INSERT INTO jobs (action, state, started, updated, message)
    VALUES ('add', 'done', 1, 2, '1 indexed');
PRAGMA user_version = 1;
"""
# What the row's hash covered then.
OLD_ARTICLE = ("a", "/somewhere/a.txt", "T", None, None, None, None, "Text.", "[]")
NEW_TABLES = ("queue", "signatures", "ungrouped", "outlet_lines", "uncut", "touched_outlets")


def _older(settings):
    """The path of a library of format 1."""
    settings.home.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(settings.library_path)
    connection.executescript(schema.TABLES)
    for table in ("roots", "excluded", "files", "articles", "jobs", *NEW_TABLES):
        connection.execute(f"DROP TABLE {table}")
    connection.executescript(OLD_TABLES)
    connection.execute("UPDATE articles SET row_sha256 = ?", (row_sha256(*OLD_ARTICLE),))
    connection.commit()
    connection.close()
    return settings.library_path


@pytest.fixture
def brought_up(settings):
    """A library of format 1, opened."""
    _older(settings)
    with open_library(settings) as library:
        yield library


def test_a_library_of_format_1_is_brought_up_after_a_backup(brought_up, settings):
    assert [folder.path for folder in brought_up.folders()] == ["/somewhere"]
    assert [article.text for article in brought_up.articles("/somewhere/a.txt")] == ["Text."]
    assert brought_up.signatures(["a"]) == {"a": b"\x01\x02"}
    found = brought_up.connection.execute("PRAGMA user_version").fetchone()
    assert found == (schema.FORMAT,)
    backup = sqlite3.connect(settings.home / "library-format-1.db")
    assert backup.execute("PRAGMA user_version").fetchone() == (1,)
    assert backup.execute("SELECT path FROM roots").fetchall() == [("/somewhere",)]
    backup.close()


def test_both_ways_to_a_format_give_the_same_tables(brought_up, tmp_path):
    """A migrated library differs from a new one in nothing that a statement can see."""
    fresh = sqlite3.connect(tmp_path / "fresh.db")
    fresh.executescript(schema.TABLES)
    names = "SELECT type, name FROM sqlite_master ORDER BY type, name"
    found = fresh.execute(names).fetchall()
    assert brought_up.connection.execute(names).fetchall() == found
    for kind, name in found:
        if kind == "table":
            assert _columns(brought_up.connection, name) == _columns(fresh, name)
    fresh.close()


def test_the_jobs_of_an_older_format_are_kept(brought_up):
    job = job_rows.newest(brought_up)
    assert job is not None
    assert (job.action, job.state, job.message) == ("add", "done", "1 indexed")
    assert job_rows.waiting(brought_up) == []


def test_what_older_rules_read_is_read_anew_and_not_embedded_again(settings, tmp_path, fake_source):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "ferry.txt").write_text("Ferry to the island\n\n" + STORY)
    with open_library(settings) as library:
        assert build.add(library, [str(folder)], fake_source).embedded == 1
        library.connection.execute("UPDATE files SET rules = rules - 1")
        again = build.sync(library, fake_source)
        assert (again.files["indexed"], again.embedded) == (1, 0)
        assert build.sync(library, fake_source).files["unchanged"] == 1


def test_a_damaged_row_stays_damaged_when_it_is_brought_up(settings):
    connection = sqlite3.connect(_older(settings))
    connection.execute("UPDATE articles SET title = CAST(x'ff' AS TEXT)")
    connection.commit()
    connection.close()
    with open_library(settings) as library:
        assert library.articles("/somewhere/a.txt") == []
        found = [one.what for one in doctor.examine(library, None).problems]
        assert "an article is damaged" in found


def _columns(connection, table):
    return {row[1]: row[2:] for row in connection.execute(f"PRAGMA table_info({table})")}


def test_a_new_library_has_nothing_to_back_up(settings):
    with open_library(settings):
        names = {path.name for path in settings.home.iterdir()}
    assert not any(name.startswith("library-format") for name in names)


def test_a_late_second_process_keeps_the_first_ones_copy(settings):
    library = open_library(settings)
    copy = settings.home / "library-format-1.db"
    copy.write_bytes(b"what the first one kept")
    # By now the library has the format of today.
    opening.back_up(library.connection, settings.library_path, 1)
    library.close()
    assert copy.read_bytes() == b"what the first one kept"
    assert not list(settings.home.glob("*.tmp"))
