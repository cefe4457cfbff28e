"""A library of an older format is brought up, after a backup; older readings are made anew."""

import sqlite3

from index import build, schema
from index.store import open_library

STORY = (
    "The ferry to the outer island will run twice a day from the first of May. "
    "The harbour office said that the morning boat carries the post as well. "
    "Tickets can be bought on board, and children travel for half the price. "
)
# The two tables as format 1 had them; the others have not changed since.
OLD_ROOTS = (
    "CREATE TABLE roots (path TEXT PRIMARY KEY, is_folder INTEGER NOT NULL,"
    " state TEXT NOT NULL DEFAULT 'watched')"
)
OLD_FILES = (
    "CREATE TABLE files (path TEXT PRIMARY KEY, root TEXT NOT NULL, size INTEGER NOT NULL,"
    " mtime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL, encoding TEXT NOT NULL,"
    " kind TEXT NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL, source_sha256 TEXT,"
    " removed TEXT NOT NULL DEFAULT '[]', page_starts TEXT NOT NULL DEFAULT '[]')"
)


def test_a_library_of_format_1_is_brought_up_after_a_backup(settings):
    settings.home.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(settings.library_path)
    connection.executescript(schema.TABLES)
    connection.executescript(f"DROP TABLE roots; DROP TABLE files; {OLD_ROOTS}; {OLD_FILES};")
    connection.execute("INSERT INTO roots (path, is_folder) VALUES ('/somewhere', 1)")
    connection.execute("PRAGMA user_version = 1")
    connection.commit()
    connection.close()
    with open_library(settings) as library:
        assert [folder.path for folder in library.folders()] == ["/somewhere"]
        found = library.connection.execute("PRAGMA user_version").fetchone()
        columns = {row[1] for row in library.connection.execute("PRAGMA table_info(files)")}
    assert found == (schema.FORMAT,)
    assert {"unfit", "rules"} <= columns
    backup = sqlite3.connect(settings.home / "library-format-1.db")
    assert backup.execute("PRAGMA user_version").fetchone() == (1,)
    assert backup.execute("SELECT path FROM roots").fetchall() == [("/somewhere",)]
    backup.close()


def test_both_ways_to_a_format_give_the_same_tables(settings, tmp_path):
    """A migrated library differs from a new one in nothing that a statement can see."""
    test_a_library_of_format_1_is_brought_up_after_a_backup(settings)
    with open_library(settings) as library:
        for table in ("roots", "files"):
            brought_up = _columns(library.connection, table)
            fresh = sqlite3.connect(tmp_path / "fresh.db")
            fresh.executescript(schema.TABLES)
            assert brought_up == _columns(fresh, table)
            fresh.close()
            (tmp_path / "fresh.db").unlink()


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


def _columns(connection, table):
    return {row[1]: row[2:] for row in connection.execute(f"PRAGMA table_info({table})")}
