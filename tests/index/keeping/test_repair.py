"""A damaged library is mended: what is derived is made again, nothing is lost in silence."""

import json
import shutil

import pytest
from filelock import FileLock

from core.errors import LibraryError
from core.records import Filters
from index import build
from index.finding import keyword
from index.keeping import doctor, mend_vectors, repair, repair_text
from index.store import open_library
from index.vectors import dense, vector_files

NAMES = ("ferry", "harbour", "school", "bridge", "orchard")


def story(name):
    return f"{name.title()} news\n\n" + " ".join(
        f"The {name} council met on day {number} and spoke of {name} matter {number * 7}, "
        f"which the office of the {name} had put off since spring because money was short."
        for number in range(1, 12)
    )


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "articles"
    made.mkdir()
    for name in NAMES:
        (made / f"{name}.txt").write_text(story(name))
    return made


@pytest.fixture
def library(settings, folder, fake_source):
    with open_library(settings) as opened:
        build.add(opened, [str(folder)], fake_source)
        yield opened


def found_by(library, source, words):
    """What a search gives, by words and by meaning, without the ids."""
    (query,) = source.load().encode([words])
    none = Filters()
    with library.snapshot():
        near = dense.search(library, source.key, query, 20, none)
        word = keyword.search(library.connection, words, 20, none)
        passages = library.passages([one for one, _ in [*near, *word]])
    return [
        sorted((round(score, 4), passages[one].article_id, passages[one].start, passages[one].text)
               for one, score in pairs)
        for pairs in (near, word)
    ]  # fmt: skip


def all_found(library, source):
    return [found_by(library, source, f"{name} matter 21 money") for name in NAMES]


def mend(library, source):
    return repair.repair(library.settings, source)


def assert_sound(library, source):
    assert doctor.examine(library, source.key).problems == ()


ONE = "(SELECT min(passage_id) + 3 FROM passages)"
MENDABLE = [
    "UPDATE articles SET text = replace(text, 'day', 'way') WHERE path LIKE '%ferry%'",
    "UPDATE articles SET text = CAST(x'ff41' AS TEXT) WHERE path LIKE '%ferry%'",
    "UPDATE articles SET spans = '[' WHERE path LIKE '%ferry%'",
    "DELETE FROM articles WHERE path LIKE '%ferry%'",
    f"UPDATE passages SET text = replace(text, 'day', 'way') WHERE passage_id = {ONE}",
    f"UPDATE passages SET text = CAST(x'ff41' AS TEXT) WHERE passage_id = {ONE}",
    f"UPDATE passages SET start = start + 1 WHERE passage_id = {ONE}",
    f"UPDATE passages SET embedded_sha256 = 'none' WHERE passage_id = {ONE}",
    f"DELETE FROM passages WHERE passage_id = {ONE}",
    "UPDATE sources SET text = x'00'",
    "DELETE FROM sources",
    "UPDATE vectors SET vector = zeroblob(length(vector)) WHERE rowid = 2",
    "UPDATE vectors SET embedded_sha256 = 'other' WHERE rowid = 2",
    "DELETE FROM vectors WHERE rowid IN (2, 3)",
    "DELETE FROM passages_fts_docsize",
    "UPDATE passages_fts_data SET block = zeroblob(length(block)) WHERE id > 10",
    f"DELETE FROM passages_fts WHERE rowid = {ONE}",
    "UPDATE passages_fts_content SET c1 = 'other' WHERE id = 1",
]


@pytest.mark.parametrize("statement", MENDABLE)
def test_damage_is_mended_from_what_is_true(library, fake_source, statement):
    before = all_found(library, fake_source)
    library.connection.execute("PRAGMA foreign_keys = OFF")
    library.connection.execute(statement)
    assert doctor.examine(library, fake_source.key).problems
    said = mend(library, fake_source)
    assert said
    assert all(one.repaired for one in said), said
    assert_sound(library, fake_source)
    assert all_found(library, fake_source) == before


@pytest.mark.parametrize("statement", [*MENDABLE[4:6], MENDABLE[14]])
def test_what_is_derived_is_not_embedded_again(library, fake_source, statement):
    library.connection.execute(statement)
    encoder = fake_source.load()
    encoder.encoded.clear()
    assert mend(library, fake_source)
    assert encoder.encoded == []


def test_a_full_text_index_that_cannot_be_opened_is_built_anew(library, settings, fake_source):
    before = all_found(library, fake_source)
    library.connection.execute("DROP TABLE passages_fts_config")
    library.connection.execute("DROP TABLE passages_fts_idx")
    library.close()
    with open_library(settings) as opened:
        assert doctor.examine(opened, fake_source.key).problems
        assert all(one.repaired for one in mend(opened, fake_source))
        assert_sound(opened, fake_source)
        assert all_found(opened, fake_source) == before


def spoil(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)


def cut_short(path):
    path.write_bytes(path.read_bytes()[:50])


@pytest.mark.parametrize("harm", [spoil, cut_short, lambda path: path.unlink()])
def test_a_vector_file_is_published_anew(library, settings, fake_source, harm):
    before = all_found(library, fake_source)
    (path,) = settings.home.glob("vectors-*.faiss")
    harm(path)
    encoder = fake_source.load()
    encoder.encoded.clear()
    was = vector_files.current(library, fake_source.key).generation
    (said,) = mend(library, fake_source)
    assert said.repaired
    assert encoder.encoded == []
    assert vector_files.current(library, fake_source.key).generation > was
    assert vector_files.opened(library, fake_source.key) is not None
    assert_sound(library, fake_source)
    assert all_found(library, fake_source) == before
    kept = list((settings.home / "quarantine").glob("vectors-*"))
    assert len(kept) == (0 if "missing" in said.what else 1)


def test_swapped_vector_files_are_both_replaced(library, settings, folder, fake_source):
    (folder / "later.txt").write_text(story("later"))
    build.sync(library, fake_source)
    vector_files.publish(library, fake_source.key)
    before = all_found(library, fake_source)
    first, second = sorted(settings.home.glob("vectors-*.faiss"))
    aside = settings.home / "aside"
    first.rename(aside)
    second.rename(first)
    aside.rename(second)
    said = mend(library, fake_source)
    assert [one.repaired for one in said] == [True, True]
    assert_sound(library, fake_source)
    assert all_found(library, fake_source) == before


def test_what_is_damaged_is_kept_aside(library, settings, fake_source):
    library.connection.execute("UPDATE passages SET text = 'spoiled words' WHERE passage_id = 2")
    mend(library, fake_source)
    lines = (settings.home / "quarantine" / "rows.jsonl").read_text().splitlines()
    (kept,) = [json.loads(line) for line in lines]
    assert (kept["table"], kept["values"]["text"]) == ("passages", "spoiled words")
    assert kept["path"].endswith(".txt")


@pytest.mark.parametrize("statement", [MENDABLE[0], "UPDATE sources SET text = x'00' WHERE"
    " source_sha256 IN (SELECT source_sha256 FROM files WHERE path LIKE '%ferry%')"])  # fmt: skip
def test_what_has_no_file_any_more_is_said_and_the_rest_answers(
    library, settings, folder, fake_source, statement
):
    rest = found_by(library, fake_source, "bridge matter 21")[1]
    library.connection.execute(statement)
    (folder / "ferry.txt").unlink()
    (said,) = mend(library, fake_source)
    assert (said.repaired, said.path) == (False, str(folder / "ferry.txt"))
    assert "quarantine" in said.what
    assert library.articles(said.path) == []
    assert library.file(said.path).status == "failed"
    assert "ferry" in (settings.home / "quarantine" / "rows.jsonl").read_text()
    assert_sound(library, fake_source)
    after = found_by(library, fake_source, "bridge matter 21")[1]
    assert {one[1:] for one in after} <= {one[1:] for one in rest}
    assert any("bridge" in one[3] for one in after)
    (folder / "ferry.txt").write_text(story("ferry"))
    build.sync(library, fake_source)
    assert library.file(said.path).status == "indexed"
    assert_sound(library, fake_source)


def test_a_vector_without_an_encoder_is_said(library, fake_source):
    library.connection.execute("UPDATE vectors SET vector = x'00' WHERE rowid = 2")
    said = repair.repair(library.settings, None)
    assert not any(one.repaired for one in said)
    assert keyword.search(library.connection, "ferry", 5, Filters())
    assert all(one.repaired for one in mend(library, fake_source))
    assert_sound(library, fake_source)


def test_it_is_refused_while_another_writes(library, settings, fake_source):
    with FileLock(settings.home / "library.lock"), pytest.raises(LibraryError, match="job is at"):
        mend(library, fake_source)


STOPS = [
    (repair_text, "mend"),
    (repair, "_passages"),
    (mend_vectors, "_take_out"),
    (mend_vectors, "publish_again"),
]


@pytest.mark.parametrize(("module", "name"), STOPS)
def test_it_can_be_stopped_and_run_again(library, settings, fake_source, monkeypatch, module, name):
    before = all_found(library, fake_source)
    library.connection.execute(MENDABLE[0])
    library.connection.execute(
        "UPDATE passages SET text = 'x' WHERE passage_id = (SELECT max(passage_id) FROM passages)"
    )
    library.connection.execute("UPDATE vectors SET vector = zeroblob(256) WHERE rowid IN (4, 5)")
    library.connection.execute("DELETE FROM passages_fts_docsize")
    (path,) = settings.home.glob("vectors-*.faiss")
    spoil(path)
    whole = getattr(module, name)

    def killed(*arguments):
        whole(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(module, name, killed)
    with pytest.raises(KeyboardInterrupt):
        mend(library, fake_source)
    monkeypatch.undo()
    assert all(one.repaired for one in mend(library, fake_source))
    assert_sound(library, fake_source)
    assert all_found(library, fake_source) == before


def test_a_reader_keeps_its_view_while_it_is_mended(library, settings, fake_source):
    library.connection.execute("DELETE FROM passages_fts_docsize")
    with open_library(settings) as reader, reader.snapshot():
        before = reader.counts()
        near = dense.search(reader, fake_source.key, fake_source.load().encode(["ferry"])[0], 5,
                            Filters())  # fmt: skip
        assert mend(library, fake_source)
        assert reader.counts() == before
        assert len(near) == 5
    assert_sound(library, fake_source)


def test_a_sound_library_is_left_alone(library, settings, fake_source):
    copy = shutil.copytree(settings.home, settings.home.parent / "copy")
    assert mend(library, fake_source) == ()
    assert sorted(one.name for one in settings.home.glob("vectors-*")) == sorted(
        one.name for one in copy.glob("vectors-*")
    )
    assert not (settings.home / "quarantine").exists()
