"""Lines that an outlet repeats leave its articles, whatever the order in which files came."""

import json
import random
from pathlib import Path

import pytest

import cli
from core.records import Article, Reading, Removed, SourceFile
from core.settings import Settings
from index import build, embed, write
from index.store import open_library
from ingest.articles import article_id
from ingest.clean import keep
from tests.ingest.test_round_trip import broken

PITCH = "Write to our harbour desk about anything that happens on the quays"
CLOSING = "The tide tables are printed on the last page of the morning paper."
WORDS = [f"word{number}" for number in range(3000)]


def body(seed, paragraphs=3):
    chooser = random.Random(seed)
    return [" ".join(chooser.choices(WORDS, k=25)).capitalize() + "." for _ in range(paragraphs)]


def reading(name, paragraphs, outlet="The Velm Post"):
    path = f"/articles/{name}.txt"
    source = "\n".join(paragraphs)
    ranges = []
    position = 0
    for paragraph in paragraphs:
        ranges.append((position, position + len(paragraph)))
        position += len(paragraph) + 1
    text, runs = keep(source, ranges)
    made = Article(
        article_id(path, 0), path, 0, name, outlet, None, None, None, "en", text, runs
    )  # fmt: skip
    file = SourceFile(path, len(source), 1, name, "utf-8", "text", "indexed")
    return Reading(file, source, (made,), ())


def put(library, encoder, *readings):
    """One run; gives how many passages were embedded."""
    embedded = sum(embed.index_reading(library, one, "/articles", encoder) for one in readings)
    return embedded + embed.finish(library, encoder)


def drop(library, encoder, *names):
    with library.transaction():
        for name in names:
            write.delete_file(library, f"/articles/{name}.txt")
    return embed.finish(library, encoder)


def state(library):
    """All that a search can see, without ids."""
    rows = library.connection.execute(
        "SELECT path, title, articles.text, spans, passages.text, start, end, embedded_sha256,"
        " passages.row_sha256, articles.row_sha256, story_id"
        " FROM articles JOIN passages USING (article_id) ORDER BY path, start"
    ).fetchall()
    removed = library.connection.execute("SELECT path, removed FROM files ORDER BY path").fetchall()
    lines = library.connection.execute("SELECT * FROM outlet_lines ORDER BY 1, 2, 3").fetchall()
    return rows, removed, lines


def texts(library):
    rows = library.connection.execute("SELECT path, text FROM articles ORDER BY path")
    return {Path(path).stem: text for path, text in rows}


@pytest.fixture
def library(settings):
    with open_library(settings) as opened:
        yield opened


def several(count, line=PITCH, **facts):
    return [reading(f"{n:02}", [*body(n), line], **facts) for n in range(count)]


def test_a_line_of_three_stories_leaves_all_three(library, fake_source):
    put(library, fake_source, *several(2))
    assert all(PITCH in text for text in texts(library).values())
    put(library, fake_source, several(3)[2])
    assert texts(library) == {f"{n:02}": "\n\n".join(body(n)) for n in range(3)}
    for one in several(3):
        (removed,) = library.removed(one.file.path)
        assert removed.reason == "repeated by The Velm Post"
        assert one.source_text[removed.start : removed.end] == PITCH
        found = Reading(one.file, one.source_text, tuple(library.articles(one.file.path)), ())
        assert list(broken(found)) == []
    rows = library.connection.execute("SELECT text FROM passages").fetchall()
    assert not any(PITCH in text for (text,) in rows)
    hits = "SELECT count(*) FROM passages_fts WHERE passages_fts MATCH 'harbour'"
    assert library.connection.execute(hits).fetchone() == (0,)
    assert put(library, fake_source) == 0


def test_it_comes_back_when_there_are_fewer(library, fake_source, settings, tmp_path):
    put(library, fake_source, *several(2))
    before = state(library)
    put(library, fake_source, several(3)[2])
    drop(library, fake_source, "02")
    assert state(library) == before
    assert library.removed("/articles/00.txt") == []
    assert library.connection.execute("SELECT count(*) FROM uncut").fetchone() == (0,)


def test_reprints_and_other_outlets_don_t_count(library, fake_source):
    copies = [reading(f"copy{n}", [*body(1), PITCH]) for n in range(5)]
    elsewhere = [
        reading(f"other{n}", [*body(n + 50), PITCH], outlet=f"Paper {n}") for n in range(4)
    ]
    nowhere = [reading(f"none{n}", [*body(n + 70), PITCH], outlet=None) for n in range(4)]
    put(library, fake_source, *copies, *elsewhere, *nowhere)
    assert all(PITCH in text for text in texts(library).values())


def test_a_sentence_of_few_stories_or_with_a_figure_stays(library, fake_source):
    statement = "The bridge over the river has been closed to lorries since the flood."
    fact = "The flood took 41 boats and a part of the northern mole."
    readings = [reading(f"{n:02}", [*body(n), CLOSING, fact]) for n in range(10)]
    for n in range(4):
        readings[n] = reading(f"{n:02}", [*body(n), CLOSING, fact, statement])
    put(library, fake_source, *readings)
    for name, text in texts(library).items():
        assert CLOSING not in text  # in all of them
        assert fact in text
        assert (statement in text) == (int(name) < 4)


def test_a_removed_range_that_ingest_found_stays_noted(library, fake_source):
    readings = several(4)
    menu = Removed(0, 3, "menu")
    readings[0] = Reading(readings[0].file, readings[0].source_text, readings[0].articles, (menu,))
    put(library, fake_source, *readings)
    reasons = [item.reason for item in library.removed(readings[0].file.path)]
    assert reasons == ["menu", "repeated by The Velm Post"]


def mixed():
    """Thirty articles: lines of all, of some, and at the edge of the threshold; reprints."""
    chooser = random.Random(5)
    found = []
    for n in range(30):
        paragraphs = body(n % 26, 4)
        if n % 3 == 0:
            paragraphs.insert(0, "By our harbour staff")
        if n < 9:
            paragraphs.insert(2, "More about the ferries on our page")
        if n % 5:
            paragraphs.append(CLOSING)
        if n in (4, 8, 15, 16):
            paragraphs.append("Letters to the desk")
        if chooser.random() < 0.3:
            paragraphs.append(PITCH)
        found.append(reading(f"{n:02}", paragraphs, outlet=("The Velm Post", "Tide")[n > 22]))
    return found


@pytest.mark.parametrize("seed", range(2))
def test_the_order_and_the_number_of_runs_change_nothing(tmp_path, fake_source, seed):
    chooser = random.Random(seed)
    with open_library(Settings(home=tmp_path / "once")) as library:
        put(library, fake_source, *mixed())
        once = state(library)
        uncut = library.connection.execute("SELECT count(*) FROM uncut").fetchone()[0]
        assert uncut > 15
    order = mixed()
    chooser.shuffle(order)
    extra = [reading(f"x{n}", [*body(300 + n), PITCH, "Letters to the desk"]) for n in range(6)]
    with open_library(Settings(home=tmp_path / "piecemeal")) as library:
        while order:
            part = [order.pop() for _ in range(min(len(order), chooser.randrange(1, 6)))]
            put(library, fake_source, *part, *chooser.sample(extra, 2))
            drop(library, fake_source, *[f"x{n}" for n in range(6)])
            put(library, fake_source, part[0])  # read once more
        assert state(library) == once


def test_a_run_that_ends_half_way_is_made_good(tmp_path, library, fake_source, monkeypatch):
    monkeypatch.setattr("index.repeats.BATCH_ARTICLES", 1)
    with open_library(Settings(home=tmp_path / "whole")) as whole:
        put(whole, fake_source, *mixed())
        expected = state(whole)
    settled = []
    real = embed.repeats.settle

    def full(opened, cuts):
        if len(settled) == 3:
            raise OSError("disk full")
        settled.append(cuts)
        real(opened, cuts)

    monkeypatch.setattr("index.repeats.settle", full)
    with pytest.raises(OSError, match="full"):
        put(library, fake_source, *mixed())
    assert state(library) != expected
    monkeypatch.setattr("index.repeats.settle", real)
    embed.finish(library, fake_source)
    assert state(library) == expected


def test_a_renamed_file_is_not_embedded_again(library, fake_source, fake_encoder):
    put(library, fake_source, *several(6))
    fake_encoder.encoded.clear()
    renamed = several(6)[2]
    moved = reading("moved", [*body(2), PITCH])
    moved = Reading(
        moved.file, moved.source_text,
        (Article(moved.articles[0].article_id, *_rest(renamed.articles[0], moved.file.path)),), (),
    )  # fmt: skip
    with library.transaction():
        write.delete_file(library, renamed.file.path)
    put(library, fake_source, moved)
    assert fake_encoder.encoded == []
    assert PITCH not in texts(library)["moved"]


def test_vectors_belong_to_the_texts_that_are_there(library, fake_source):
    put(library, fake_source, *several(5))
    rows = library.connection.execute(
        "SELECT count(DISTINCT embedded_sha256), count(DISTINCT vectors.embedded_sha256)"
        " FROM passages LEFT JOIN vectors USING (embedded_sha256)"
    ).fetchone()
    assert rows == (5, 5)
    assert library.connection.execute("SELECT count(*) FROM vectors").fetchone() == (5,)
    stored = library.connection.execute("SELECT removed FROM files").fetchall()
    assert all(json.loads(removed) for (removed,) in stored)


def _rest(article, path):
    return (
        path, 0, article.title, article.outlet, None, None, None, "en", article.text, article.spans,
    )  # fmt: skip


@pytest.mark.parametrize("line", [PITCH, CLOSING])
def test_a_first_run_doesn_t_embed_everything_twice(library, fake_source, line):
    assert put(library, fake_source, *several(20, line)) <= 20 + 8
    assert not any(line in text for text in texts(library).values())


def test_saved_pages_of_one_site_from_the_folder_to_the_command(settings, tmp_path, capsys):
    """Through ingest, the index and `text`: what was taken out can be seen."""
    folder = tmp_path / "pages"
    folder.mkdir()
    pitch = "Harbour walks leave from the lighthouse, and our desk takes the names."
    for n in range(4):
        paragraphs = "".join(f"<p>{part}</p>" for part in [*body(n, 5), pitch])
        (folder / f"{n}.html").write_text(
            f"<html><head><title>Report {n}</title>"
            '<meta property="og:site_name" content="The Velm Post"></head>'
            f"<body><article><h1>Report {n}</h1>{paragraphs}</article></body></html>"
        )
    arguments = ["--home", str(settings.home), "--json"]
    assert cli.main([*arguments, "text", str(folder / "0.html")]) == 0
    assert pitch in json.loads(capsys.readouterr().out)["articles"][0]["text"]
    with open_library(settings) as library:
        build.add(library, [str(folder)], None)
    assert cli.main([*arguments, "text", str(folder / "0.html")]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert pitch not in shown["articles"][0]["text"]
    assert "repeated by The Velm Post" in [item["reason"] for item in shown["removed"]]
    assert shown["unfit"] == {}
    assert cli.main([*arguments, "search", "lighthouse walks"]) == 0
    assert json.loads(capsys.readouterr().out)["hits"] == []
