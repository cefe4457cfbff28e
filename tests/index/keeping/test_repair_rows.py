"""A change of any stored value is found and mended, also where SQLite keeps the row's hash."""

import pytest

from core.records import Filters
from index import build, row_hashes
from index.finding import keyword
from index.keeping import doctor, repair
from index.store import open_library

STORY = (
    "The {name} council met on day {day} and spoke of {name} matter {day}, which the office of "
    "the {name} had put off since spring because money was short. "
)
PITCH = "Harbour walks leave from the lighthouse, and our desk takes the names."


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "articles"
    made.mkdir()
    for name in ("ferry", "harbour", "school"):
        parts = [*(STORY.format(name=name, day=day) for day in range(1, 6)), PITCH]
        paragraphs = "".join(f"<p>{part}</p>" for part in parts)
        (made / f"{name}.html").write_text(
            f"<html><head><title>{name} news</title>"
            '<meta property="og:site_name" content="The Velm Post"></head>'
            f"<body><article><h1>{name} news</h1>{paragraphs}</article></body></html>"
        )
    return made


@pytest.fixture
def library(settings, folder, fake_source):
    with open_library(settings) as opened:
        build.add(opened, [str(folder)], fake_source)
        build.remove(opened, str(folder / "school.html"), fake_source)
        opened.connection.execute(
            "INSERT INTO jobs (action, state, started, updated) VALUES ('add', 'done', 1, 2)"
        )
        opened.connection.execute("INSERT INTO queue (request) VALUES ('{}')")
        yield opened


def harm(library, statement):
    """As a flipped bit would: no trigger makes the hash anew."""
    execute = library.connection.execute
    execute("PRAGMA foreign_keys = OFF")
    for table in row_hashes.KEPT:
        execute(f"DROP TRIGGER {table}_update")
    execute(statement)
    for part in row_hashes.triggers().split("; END;\n"):
        if "_update" in part:
            execute(part + "; END;")
    execute("PRAGMA foreign_keys = ON")


def found(library, source):
    return doctor.examine(library, source.key).problems


def shown(library):
    """What a search shows, without the ids."""
    hits = keyword.search(library.connection, "ferry matter", 5, Filters())
    passages = library.passages([one for one, _ in hits]).values()
    articles = [library.article(one.article_id) for one in passages]
    return sorted(
        (article.path, article.language, article.story_id, passage.start, passage.text)
        for article, passage in zip(articles, passages, strict=True)
    )


FERRY = "path LIKE '%ferry%'"
MENDABLE = [
    f"UPDATE files SET reason = 'odd' WHERE {FERRY}",
    f"UPDATE files SET page_starts = '[3]' WHERE {FERRY}",
    f"UPDATE files SET removed = '[' WHERE {FERRY}",
    f"UPDATE files SET path = replace(path, 'ferry', 'fairy') WHERE {FERRY}",
    f"UPDATE files SET source_sha256 = 'none' WHERE {FERRY}",
    f"UPDATE files SET kind = CAST(x'ff' AS TEXT) WHERE {FERRY}",
    f"UPDATE articles SET language = 'de' WHERE {FERRY}",
    f"UPDATE articles SET ordinal = 4 WHERE {FERRY}",
    f"UPDATE articles SET path = replace(path, 'ferry', 'fairy') WHERE {FERRY}",
    f"UPDATE articles SET story_id = 'another' WHERE {FERRY}",
    "UPDATE signatures SET signature = zeroblob(512)",
    "UPDATE roots SET ocr = 1",
    "UPDATE roots SET path = path || 'x'",
    "UPDATE generations SET covered_id = 1000",
    "UPDATE generations SET scale = scale * 2",
    f"UPDATE files SET path = CAST(x'ff41' AS TEXT) WHERE {FERRY}",
    f"UPDATE articles SET path = CAST(x'ff41' AS TEXT) WHERE {FERRY}",
    f"UPDATE articles SET article_id = 'another' WHERE {FERRY}",
    f"UPDATE articles SET article_id = CAST(x'61b8' AS TEXT) WHERE {FERRY}",
    "UPDATE signatures SET article_id = CAST(x'61b8' AS TEXT)"
    " WHERE article_id = (SELECT min(article_id) FROM signatures)",
    "UPDATE passages SET article_id = CAST(x'61b8' AS TEXT) WHERE passage_id = 1",
    "UPDATE vectors SET embedded_sha256 = CAST(x'61b8' AS TEXT) WHERE rowid = 1",
    "UPDATE outlet_lines SET article_id = CAST(x'61b8' AS TEXT)"
    " WHERE article_id = (SELECT min(article_id) FROM outlet_lines)",
    "UPDATE roots SET path = CAST(x'61b8' AS TEXT)",
    "UPDATE generations SET file_name = CAST(x'61b8' AS TEXT)",
    "UPDATE jobs SET message = 'all was lost'",
    "UPDATE outlet_lines SET repeated = 1 WHERE line != ''",
    "UPDATE outlet_lines SET line = 'another' WHERE line != ''",
    "DELETE FROM outlet_lines WHERE line = ''",
    "INSERT INTO ungrouped VALUES ('nobody')",
    "UPDATE sqlite_sequence SET seq = 0 WHERE name = 'passages'",
]


@pytest.mark.parametrize("statement", MENDABLE)
def test_any_changed_value_is_found_and_mended_in_one_run(library, fake_source, statement):
    assert found(library, fake_source) == ()
    before = shown(library)
    assert len(before) > 1
    harm(library, statement)
    assert found(library, fake_source)
    encoder = fake_source.load()
    encoder.encoded.clear()
    said = repair.repair(library.settings, fake_source)
    assert said
    assert all(one.repaired for one in said), said
    assert all(one.path.encode() is not None for one in said)  # it can be printed
    assert encoder.encoded == [] or "vectors" in statement
    assert found(library, fake_source) == ()
    assert shown(library) == before
    assert library.counts()["indexed"] == 2


@pytest.mark.parametrize(
    "statement",
    ["UPDATE excluded SET path = path || 'x'", "UPDATE queue SET request = '{\"a\": 1}'"],
)
def test_what_only_the_user_knows_is_said(library, fake_source, statement):
    harm(library, statement)
    (said,) = repair.repair(library.settings, fake_source)
    assert not said.repaired
    assert found(library, fake_source) == ()


def test_a_damaged_row_stays_damaged_when_another_value_is_written(library, fake_source):
    harm(library, f"UPDATE files SET reason = 'odd' WHERE {FERRY}")
    library.connection.execute("UPDATE files SET mtime_ns = 0")
    (problem,) = found(library, fake_source)
    assert problem.path.endswith("ferry.html")


def test_no_damaged_word_reaches_a_page(library, folder):
    path = str(folder / "ferry.html")
    (article,) = library.articles(path)
    harm(library, f"UPDATE articles SET text = replace(text, 'money', 'honey') WHERE {FERRY}")
    harm(library, "UPDATE passages SET text = replace(text, 'money', 'honey')")
    harm(library, "UPDATE sources SET text = x'00'")
    assert library.article(article.article_id) is None
    assert library.articles(path) == []
    assert library.passages(range(100)) == {}
    assert library.source_text(path) is None


def test_a_damaged_story_is_no_story(library, folder):
    harm(library, f"UPDATE articles SET story_id = 'another' WHERE {FERRY}")
    (article,) = library.articles(str(folder / "ferry.html"))
    assert article.story_id is None


def test_what_is_hidden_behind_other_damage_is_mended_in_the_same_run(library, folder, fake_source):
    harm(library, f"UPDATE files SET path = replace(path, 'ferry', 'fairy') WHERE {FERRY}")
    harm(library, f"UPDATE articles SET text = 'x', title = 'y' WHERE {FERRY}")
    harm(library, "UPDATE passages SET text = 'x' WHERE passage_id < 3")
    harm(library, "DELETE FROM passages_fts_docsize")
    said = repair.repair(library.settings, fake_source)
    assert said
    assert found(library, fake_source) == ()
    build.sync(library, fake_source)
    assert len(library.articles(str(folder / "ferry.html"))) == 1
    assert found(library, fake_source) == ()
