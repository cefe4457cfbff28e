"""The tables of library.db. What each one holds is said beside it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import lru_cache

from index import row_hashes

FORMAT = 4  # PRAGMA user_version; raised with every change that an older app can't read

TABLES = """
-- row_sha256: of all else in the row (row_hashes.py)
-- folders (and single files) that the user added; the index follows them.
-- exclude: globs of what is left out in it; ocr: whether pictures of pages are read
CREATE TABLE roots (
    path TEXT PRIMARY KEY, is_folder INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'watched', exclude TEXT NOT NULL DEFAULT '[]',
    ocr INTEGER NOT NULL DEFAULT 0, row_sha256 TEXT NOT NULL DEFAULT '');

-- what the user removed inside a folder that is followed: a rescan leaves it out
CREATE TABLE excluded (path TEXT PRIMARY KEY, row_sha256 TEXT NOT NULL DEFAULT '');

-- every file the last scan saw, with its status and reason. unfit: [kind, count] of characters
-- that were left out; rules: the version of ingest's rules that read it, 0 where none did;
-- ctime_ns: when the file system last noted a change of it; device: of the folder it is in
CREATE TABLE files (
    path TEXT PRIMARY KEY, root TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL, encoding TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL,
    reason TEXT NOT NULL, source_sha256 TEXT, removed TEXT NOT NULL DEFAULT '[]',
    page_starts TEXT NOT NULL DEFAULT '[]', unfit TEXT NOT NULL DEFAULT '[]',
    rules INTEGER NOT NULL DEFAULT 0, ctime_ns INTEGER, device INTEGER,
    row_sha256 TEXT NOT NULL DEFAULT '');
CREATE INDEX files_by_status ON files(status, path);

-- source texts, zlib; one that a file no longer has stays, so old citations can be checked
CREATE TABLE sources (source_sha256 TEXT PRIMARY KEY, text BLOB NOT NULL) WITHOUT ROWID;

-- story_sha256: of the article_id and the story_id
CREATE TABLE articles (
    article_id TEXT PRIMARY KEY, path TEXT NOT NULL REFERENCES files(path) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, title TEXT NOT NULL, outlet TEXT, author TEXT, published TEXT,
    url TEXT, language TEXT, text TEXT NOT NULL, spans TEXT NOT NULL,
    story_id TEXT, row_sha256 TEXT NOT NULL, story_sha256 TEXT NOT NULL DEFAULT '');
-- these four hold all that a filter asks of an article, so that its text is not read past
CREATE INDEX articles_by_path ON articles(path, ordinal, article_id, outlet, published);
CREATE INDEX articles_by_date ON articles(published, outlet, path, article_id);
CREATE INDEX articles_by_outlet ON articles(outlet, published, path, article_id);
CREATE INDEX articles_by_language ON articles(language, published, outlet, path, article_id);
CREATE INDEX articles_by_title ON articles(lower(title));
CREATE INDEX articles_by_story ON articles(story_id) WHERE story_id IS NOT NULL;
-- so that an article's story is found without reading past its text
CREATE INDEX story_of_article ON articles(article_id, story_id);

-- of the text as it was read; beside the articles, so that all can be read at once
CREATE TABLE signatures (
    article_id TEXT PRIMARY KEY REFERENCES articles(article_id) ON DELETE CASCADE,
    signature BLOB NOT NULL, row_sha256 TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
-- articles that are new or whose story has lost one, since stories were last grouped
CREATE TABLE ungrouped (article_id TEXT PRIMARY KEY) WITHOUT ROWID;

-- lines that their outlet may repeat, by a key of the folded text; a row with the line ''
-- stands for the article itself. repeated: whether the line is left out of the outlet's articles
CREATE TABLE outlet_lines (
    outlet TEXT NOT NULL, line TEXT NOT NULL,
    article_id TEXT NOT NULL REFERENCES articles(article_id) ON DELETE CASCADE,
    repeated INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (outlet, line, article_id)) WITHOUT ROWID;
CREATE INDEX outlet_lines_by_article ON outlet_lines(article_id);
CREATE INDEX repeated_lines ON outlet_lines(outlet, line) WHERE repeated;
-- articles as they were read, where a repeated line has been cut out of them
CREATE TABLE uncut (
    article_id TEXT PRIMARY KEY REFERENCES articles(article_id) ON DELETE CASCADE,
    text TEXT NOT NULL, spans TEXT NOT NULL, row_sha256 TEXT NOT NULL);
-- outlets whose articles or stories have changed since repeated lines were last looked for
CREATE TABLE touched_outlets (outlet TEXT PRIMARY KEY) WITHOUT ROWID;

-- AUTOINCREMENT: an id is never given twice, so no FAISS file names a new passage by an old id
CREATE TABLE passages (
    passage_id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id TEXT NOT NULL REFERENCES articles(article_id) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL,
    embedded_sha256 TEXT NOT NULL, row_sha256 TEXT NOT NULL);
CREATE INDEX passages_by_article ON passages(article_id, start);
CREATE INDEX passages_by_text ON passages(embedded_sha256);

-- one vector per encoder and embedded text; equal texts share it. With rowids: without them
-- a vector spills onto a page of its own (2.2 times the space, 3 times the time to read it)
CREATE TABLE vectors (
    encoder_key TEXT NOT NULL, embedded_sha256 TEXT NOT NULL, vector BLOB NOT NULL,
    row_sha256 TEXT NOT NULL, PRIMARY KEY (encoder_key, embedded_sha256));

-- rowid = passage_id
CREATE VIRTUAL TABLE passages_fts USING fts5(
    title, text, tokenize = 'porter unicode61 remove_diacritics 2');

-- published FAISS files; the newest row names the current one. scale: of its int8 codes;
-- file_state: size, times and inode when its hash was last checked, at `verified` (Unix time)
CREATE TABLE generations (
    generation INTEGER PRIMARY KEY AUTOINCREMENT, encoder_key TEXT NOT NULL,
    file_name TEXT NOT NULL, file_sha256 TEXT NOT NULL, covered_id INTEGER NOT NULL,
    passages INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0,
    scale REAL NOT NULL DEFAULT 1, file_state TEXT NOT NULL DEFAULT '',
    verified REAL NOT NULL DEFAULT 0, row_sha256 TEXT NOT NULL DEFAULT '');

-- indexing jobs. request: what is to be done, as JSON; asked: 'pause' or 'cancel', which a
-- running job looks for
CREATE TABLE jobs (
    job_id INTEGER PRIMARY KEY AUTOINCREMENT, action TEXT NOT NULL, state TEXT NOT NULL,
    files_done INTEGER NOT NULL DEFAULT 0, files_total INTEGER NOT NULL DEFAULT 0,
    passages_done INTEGER NOT NULL DEFAULT 0, passages_total INTEGER NOT NULL DEFAULT 0,
    started REAL NOT NULL, updated REAL NOT NULL, message TEXT NOT NULL DEFAULT '',
    request TEXT NOT NULL DEFAULT '', asked TEXT NOT NULL DEFAULT '',
    row_sha256 TEXT NOT NULL DEFAULT '');
-- requests that wait until no job runs or is paused; the lowest place comes first
CREATE TABLE queue (
    place INTEGER PRIMARY KEY AUTOINCREMENT, request TEXT NOT NULL,
    row_sha256 TEXT NOT NULL DEFAULT '');
""" + row_hashes.triggers()

# What makes a library of the older format one of the next.
MIGRATIONS = {
    1: """
ALTER TABLE roots ADD COLUMN exclude TEXT NOT NULL DEFAULT '[]';
ALTER TABLE roots ADD COLUMN ocr INTEGER NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN unfit TEXT NOT NULL DEFAULT '[]';
ALTER TABLE files ADD COLUMN rules INTEGER NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN ctime_ns INTEGER;
ALTER TABLE files ADD COLUMN device INTEGER;
CREATE INDEX story_of_article ON articles(article_id, story_id);
CREATE TABLE signatures (
    article_id TEXT PRIMARY KEY REFERENCES articles(article_id) ON DELETE CASCADE,
    signature BLOB NOT NULL) WITHOUT ROWID;
INSERT INTO signatures SELECT article_id, signature FROM articles;
ALTER TABLE articles DROP COLUMN signature;
CREATE TABLE ungrouped (article_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE outlet_lines (
    outlet TEXT NOT NULL, line TEXT NOT NULL,
    article_id TEXT NOT NULL REFERENCES articles(article_id) ON DELETE CASCADE,
    repeated INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (outlet, line, article_id)) WITHOUT ROWID;
CREATE INDEX outlet_lines_by_article ON outlet_lines(article_id);
CREATE INDEX repeated_lines ON outlet_lines(outlet, line) WHERE repeated;
CREATE TABLE uncut (
    article_id TEXT PRIMARY KEY REFERENCES articles(article_id) ON DELETE CASCADE,
    text TEXT NOT NULL, spans TEXT NOT NULL, row_sha256 TEXT NOT NULL);
CREATE TABLE touched_outlets (outlet TEXT PRIMARY KEY) WITHOUT ROWID;
DROP INDEX articles_by_path;
CREATE INDEX articles_by_path ON articles(path, ordinal, article_id, outlet, published);
CREATE INDEX articles_by_date ON articles(published, outlet, path, article_id);
CREATE INDEX articles_by_outlet ON articles(outlet, published, path, article_id);
CREATE INDEX articles_by_title ON articles(lower(title));
ALTER TABLE vectors RENAME TO older_vectors;
CREATE TABLE vectors (
    encoder_key TEXT NOT NULL, embedded_sha256 TEXT NOT NULL, vector BLOB NOT NULL,
    row_sha256 TEXT NOT NULL, PRIMARY KEY (encoder_key, embedded_sha256));
INSERT INTO vectors SELECT * FROM older_vectors;
DROP TABLE older_vectors;
DROP TABLE generations;
CREATE TABLE generations (
    generation INTEGER PRIMARY KEY AUTOINCREMENT, encoder_key TEXT NOT NULL,
    file_name TEXT NOT NULL, file_sha256 TEXT NOT NULL, covered_id INTEGER NOT NULL,
    passages INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0,
    scale REAL NOT NULL DEFAULT 1, file_state TEXT NOT NULL DEFAULT '',
    verified REAL NOT NULL DEFAULT 0);
""",
    2: """
CREATE INDEX articles_by_language ON articles(language, published, outlet, path, article_id);
CREATE INDEX files_by_status ON files(status, path);
ALTER TABLE jobs ADD COLUMN request TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN asked TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs DROP COLUMN cancel;
CREATE TABLE queue (place INTEGER PRIMARY KEY AUTOINCREMENT, request TEXT NOT NULL);
""",
    3: "".join(
        f"ALTER TABLE {name} ADD COLUMN row_sha256 TEXT NOT NULL DEFAULT '';\n"
        for name in row_hashes.KEPT
    )
    + row_hashes.fill()
    + row_hashes.triggers()
    + row_hashes.rehash("articles", row_hashes.ARTICLE_BEFORE, row_hashes.ARTICLE)
    + row_hashes.rehash("passages", row_hashes.PASSAGE_BEFORE, row_hashes.PASSAGE)
    + "ALTER TABLE articles ADD COLUMN story_sha256 TEXT NOT NULL DEFAULT '';\n"
    + f"UPDATE articles SET story_sha256 = {row_hashes.expression(row_hashes.STORY)};\n",
}

# (name, column) of every table but the full-text index, which is made again where it is not
# whole; (name, "") of every index and trigger.
DEFINITIONS = """
SELECT found.name, ifnull(part.name, '') FROM sqlite_schema AS found
    LEFT JOIN pragma_table_info(found.name) AS part ON found.type = 'table'
    WHERE found.name NOT GLOB 'passages_fts*' AND found.name NOT GLOB 'sqlite_*'"""


@lru_cache(maxsize=1)
def definitions() -> frozenset[tuple[str, str]]:
    """What a library of today's format has."""
    with closing(sqlite3.connect(":memory:")) as empty:
        empty.executescript(TABLES)
        return frozenset(empty.execute(DEFINITIONS).fetchall())
