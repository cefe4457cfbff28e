"""The index follows the folder."""

import os
import sqlite3
import time
from pathlib import Path

import pytest

from core.errors import InputError, LibraryError
from core.records import Filters
from core.settings import Settings
from index import build, embed
from index.encoding.encoder import EncoderSource
from index.jobs import job_children, jobs
from index.search import search
from index.store import open_library
from index.vectors import dense

BODY = (
    "The council of {place} met on Monday to talk about the bridge across the river. "
    "Its chair said that the {thing} had been counted twice and that nothing was missing. "
    "A second meeting will be held in the town hall before the end of the month. "
    "Nobody in the audience asked for the floor, and the session closed after an hour. "
)
OTHER_BODY = (
    "Divers went down to the old cellar of {place} at dawn and came back with {thing}. "
    "Most of what they saw was silt, said the harbour master, and three broken anchors. "
    "He wants to show the finds in autumn, when the museum has its new roof. "
    "Until then everything is kept in fresh water so that the wood does not split. "
)


def write(folder, name, **values):
    path = folder / name
    body = BODY if values["place"] == "Ashford" else OTHER_BODY
    path.write_text(f"News from {values['place']}\n\n" + body.format(**values))
    return path


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "articles"
    made.mkdir()
    write(made, "a.txt", place="Ashford", thing="lanterns")
    write(made, "b.txt", place="Borley", thing="barrels")
    return made


@pytest.fixture
def library(settings):
    with open_library(settings) as opened:
        yield opened


def found(library, encoder, query):
    return {Path(hit.article.path).name for hit in search(library, encoder, query).hits}


def test_a_second_run_embeds_nothing(library, folder, fake_source, fake_encoder):
    first = build.add(library, [str(folder)], fake_source)
    assert first.files["indexed"] == 2
    assert first.embedded == first.passages == 2
    fake_encoder.encoded.clear()
    second = build.add(library, [str(folder)], fake_source)
    assert second.files["unchanged"] == 2
    assert second.embedded == 0
    assert fake_encoder.encoded == []


def test_a_changed_file_embeds_only_its_changed_passages(library, folder, fake_source):
    long = "".join(f"Sentence {n} of the long report speaks about item {n}. " for n in range(80))
    (folder / "long.txt").write_text("A long report\n\n" + long)
    before = build.add(library, [str(folder)], fake_source)
    (folder / "long.txt").write_text("A long report\n\n" + long.replace("item 79", "item none"))
    after = build.sync(library, fake_source)
    assert after.files["indexed"] == 1
    assert before.embedded > 4
    assert after.embedded == 1
    assert after.passages == before.passages


def test_a_deleted_file_disappears(library, folder, fake_source, fake_encoder):
    build.add(library, [str(folder)], fake_source)
    assert found(library, fake_encoder, "barrels") >= {"b.txt"}
    (folder / "b.txt").unlink()
    report = build.sync(library, fake_source)
    assert report.files["removed"] == 1
    assert found(library, fake_encoder, "barrels") == {"a.txt"}
    (vectors,) = library.connection.execute("SELECT count(*) FROM vectors").fetchone()
    assert vectors == report.passages == 1


def test_a_renamed_file_is_not_embedded_again(library, folder, fake_source, fake_encoder):
    build.add(library, [str(folder)], fake_source)
    (folder / "b.txt").rename(folder / "c.txt")
    report = build.sync(library, fake_source)
    assert (report.files["removed"], report.files["indexed"], report.embedded) == (1, 1, 0)
    assert found(library, fake_encoder, "barrels") >= {"c.txt"}


def test_equal_texts_share_a_vector_and_keep_their_identity(library, folder, fake_source):
    (folder / "copy.txt").write_text((folder / "a.txt").read_text())
    report = build.add(library, [str(folder)], fake_source)
    assert report.passages == 3
    assert report.embedded == 2
    assert {file.path for file in library.files()} >= {str(folder / "copy.txt")}


def test_a_folder_that_is_gone_keeps_its_files(library, folder, fake_source, fake_encoder):
    build.add(library, [str(folder)], fake_source)
    folder.rename(folder.with_name("elsewhere"))
    report = build.sync(library, fake_source)
    assert report.files["removed"] == 0
    assert library.folders()[0].state == "unavailable"
    assert "b.txt" in found(library, fake_encoder, "barrels")
    folder.with_name("elsewhere").rename(folder)
    build.sync(library, fake_source)
    assert library.folders()[0].state == "watched"


def test_a_missing_path_is_named_and_the_rest_is_indexed(library, folder, fake_source):
    report = build.add(library, [str(folder / "no.txt"), str(folder)], fake_source)
    assert report.missing == (str(folder / "no.txt"),)
    assert report.files["indexed"] == 2


def test_one_bad_file_never_stops_a_run(library, folder, fake_source):
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    report = build.add(library, [str(folder)], fake_source)
    problems = {Path(one.path).name: (one.status, bool(one.reason)) for one in report.problems}
    assert problems == {"empty.txt": ("empty", True), "binary.txt": ("skipped", True)}
    assert report.files["indexed"] == 2


def test_remove_forgets_texts_and_vectors(library, folder, fake_source):
    build.add(library, [str(folder)], fake_source)
    report = build.remove(library, str(folder))
    assert report.files["removed"] == 2
    for table in ("files", "articles", "passages", "passages_fts", "vectors", "sources", "roots"):
        assert library.connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    with pytest.raises(InputError, match="not in the library"):
        build.remove(library, str(folder))


def test_what_was_removed_in_a_followed_folder_stays_removed(library, folder, fake_source):
    (folder / "deep").mkdir()
    write(folder / "deep", "c.txt", place="Corby", thing="candles")
    build.add(library, [str(folder)], fake_source)
    build.remove(library, str(folder / "a.txt"))
    build.remove(library, str(folder / "deep"))
    report = build.sync(library, fake_source)
    assert (report.files["indexed"], report.files["unchanged"]) == (0, 1)
    assert build.add(library, [str(folder / "a.txt")], fake_source).files["indexed"] == 1
    assert build.sync(library, fake_source).files["unchanged"] == 2
    assert build.add(library, [str(folder)], fake_source).files["indexed"] == 1


def test_a_changed_file_keeps_its_old_source_text(library, folder, fake_source):
    build.add(library, [str(folder)], fake_source)
    write(folder, "a.txt", place="Ashford", thing="ladders")
    build.sync(library, fake_source)
    (sources,) = library.connection.execute("SELECT count(*) FROM sources").fetchone()
    assert sources == 3


def test_without_an_encoder_keywords_work_and_vectors_come_later(
    library, folder, fake_source, fake_encoder
):
    report = build.add(library, [str(folder)], None)
    assert report.embedded == 0
    assert "b.txt" in found(library, None, "barrels")
    later = build.sync(library, fake_source)
    assert later.embedded == 2
    assert search(library, fake_encoder, "barrels").hits[0].dense_rank is not None


def test_a_run_can_be_stopped_and_goes_on_where_it_stopped(library, folder, fake_source):
    stopped = build.add(library, [str(folder)], fake_source, lambda progress: False)
    assert stopped.stopped
    assert stopped.articles == 1
    report = build.sync(library, fake_source)
    assert (report.files["unchanged"], report.files["indexed"]) == (1, 1)


def test_a_wider_folder_takes_a_narrower_one_over(library, folder, fake_source):
    build.add(library, [str(folder)], fake_source)
    report = build.add(library, [str(folder.parent)], fake_source)
    assert report.files["unchanged"] == 2
    assert [one.path for one in library.folders()] == [str(folder.parent)]
    assert build.sync(library, fake_source).files["removed"] == 0


def test_near_copies_share_a_story(library, folder, fake_source, fake_encoder):
    text = (folder / "a.txt").read_text()
    (folder / "reprint.txt").write_text(text + "\nThe paper printed this report in full.\n")
    build.add(library, [str(folder)], fake_source)
    hits = search(library, fake_encoder, "lanterns counted twice Ashford").hits
    names = [Path(hit.article.path).name for hit in hits]
    assert len([name for name in names if name in ("a.txt", "reprint.txt")]) == 1
    first = next(hit for hit in hits if hit.also_in)
    assert len(first.also_in) == 1


def test_two_jobs_never_run_at_once(settings, folder):
    from filelock import FileLock

    settings.home.mkdir(parents=True)
    with FileLock(settings.home / "library.lock").acquire():
        with pytest.raises(LibraryError, match="Another indexing job"):
            jobs.run(settings, "sync", [])
        assert jobs.is_running(settings)
    assert not jobs.is_running(settings)


def test_a_job_in_a_child_is_seen_and_ends(settings, folder, real_source):
    jobs.start(settings, "add", [str(folder)])
    child = job_children._children[settings.home].process
    deadline = time.monotonic() + 120
    while (job := jobs.latest(settings)) and job.state == "running":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert (job.state, job.files_done, job.files_total) == ("done", 2, 2)
    with open_library(settings) as library:
        assert library.counts()["articles"] == 2
        assert dense.current(library, real_source.key) is not None
    assert child.wait(timeout=30) == 0  # while its input is still open
    jobs.end_children()


def test_a_job_whose_process_died_is_interrupted_not_running(settings):
    with open_library(settings) as library, library.transaction():
        library.connection.execute(
            "INSERT INTO jobs (action, state, started, updated) VALUES ('add', 'running', 0, 0)"
        )
    job = jobs.latest(settings)
    assert job is not None
    assert (job.state, "interrupted" in job.message) == ("interrupted", True)


def test_a_newer_library_is_refused_by_name(settings):
    with open_library(settings) as library:
        library.connection.execute("PRAGMA user_version = 99")
    with pytest.raises(LibraryError, match="newer"):
        open_library(settings)


def test_a_file_that_is_no_library_is_refused_by_name(tmp_path):
    (tmp_path / "library.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(LibraryError, match=r"library\.db"):
        open_library(Settings(home=tmp_path))


def test_filters_keep_dates_outlets_and_paths(library, tmp_path, fake_source, fake_encoder):
    folder = tmp_path / "dated"
    folder.mkdir()
    for day, body in ((3, BODY), (9, OTHER_BODY)):
        (folder / f"{day}.md").write_text(
            f"# The ferry on day {day}\n\nLast updated: July {day}, 2025 8:00 am\n\n"
            + body.format(place="Hallow", thing=f"ferry tickets of day {day}")
        )
    (folder / "undated.txt").write_text(
        "Old ferry\n\nThe ferry is old. Its captain is older, and he said so to everyone on board."
    )
    build.add(library, [str(folder)], fake_source)

    def names(**filters):
        result = search(library, fake_encoder, "ferry", filters=Filters(**filters))
        return {Path(hit.article.path).name for hit in result.hits}, result.undated_left_out

    assert names(after="2025-07-05") == ({"9.md"}, 1)
    assert names(before="2025-07-03") == ({"3.md"}, 1)
    assert names(after="2025-07", before="2025-07") == ({"3.md", "9.md"}, 1)
    assert names(path="*/undated.txt") == ({"undated.txt"}, 0)
    assert names(outlet="nobody") == (set(), 0)


def test_a_file_may_stand_where_a_folder_stood_and_the_reverse(library, tmp_path, fake_source):
    place = tmp_path / "news"
    place.mkdir()
    write(place, "a.txt", place="Ashford", thing="lanterns")
    build.add(library, [str(place)], fake_source)
    (place / "a.txt").unlink()
    place.rmdir()
    write(tmp_path, "news", place="Borley", thing="barrels")
    report = build.sync(library, fake_source)
    assert (report.files["indexed"], report.files["removed"]) == (1, 1)
    place.unlink()
    place.mkdir()
    write(place, "b.txt", place="Borley", thing="barrels")
    build.sync(library, fake_source)
    assert [(root.path, root.is_folder) for root in library.folders()] == [(str(place), True)]
    assert [Path(file.path).name for file in library.files()] == ["b.txt"]


def test_a_stopped_run_after_a_rename_embeds_nothing_twice(
    library, folder, fake_source, fake_encoder
):
    build.add(library, [str(folder)], fake_source)
    for path in list(folder.iterdir()):
        path.rename(folder / f"new-{path.name}")
    fake_encoder.encoded.clear()
    build.sync(library, fake_source, lambda progress: False)
    assert build.sync(library, fake_source).embedded == 0
    assert fake_encoder.encoded == []


def test_no_path_is_not_the_current_folder(library, fake_source):
    report = build.add(library, [""], fake_source)
    assert report.missing
    assert not library.folders()


@pytest.mark.skipif(os.name == "nt", reason="Windows names are Unicode")
def test_a_name_that_is_not_unicode_is_named_and_the_rest_indexed(library, folder, fake_source):
    (folder / os.fsdecode(b"b\xff.txt")).write_text("News")
    report = build.add(library, [str(folder)], fake_source)
    assert report.files["indexed"] == 2
    (problem,) = report.problems
    assert problem.status == "skipped"
    assert problem.path.endswith("b\\xff.txt")
    assert "Unicode" in problem.reason


def test_a_full_disk_is_named_and_the_next_run_goes_on(library, folder, fake_source):
    lines = [f"The clerk of ward {i} counted {i * i} votes on that day." for i in range(800)]
    (folder / "long.txt").write_text("Votes\n\n" + "\n".join(lines))
    (pages,) = library.connection.execute("PRAGMA page_count").fetchone()
    library.connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        build.add(library, [str(folder)], fake_source)
    assert not library.connection.in_transaction
    library.connection.execute("PRAGMA max_page_count = 1000000")
    build.add(library, [str(folder)], fake_source)
    assert library.counts()["indexed"] == 3


def test_files_in_a_folder_that_can_not_be_read_stay(library, folder, fake_source, monkeypatch):
    inner = folder / "inner"
    inner.mkdir()
    write(inner, "c.txt", place="Ashford", thing="lamps")
    build.add(library, [str(folder)], fake_source)
    scandir = os.scandir

    def closed(path):
        if str(path) == str(inner):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    report = build.sync(library, fake_source)
    assert report.files["removed"] == 0
    assert [problem.path for problem in report.problems] == [str(inner)]
    assert library.source_text(str(inner / "c.txt"))
    monkeypatch.undo()
    assert build.sync(library, fake_source).problems == ()


def test_a_container_is_followed_with_what_is_in_it(library, folder, fake_source, fake_encoder):
    import zipfile

    def pack(**members):
        with zipfile.ZipFile(folder / "box.zip", "w") as archive:
            for name, text in members.items():
                archive.writestr(f"{name}.txt", text)

    ferry = "Ferries\n\n" + OTHER_BODY.format(place="Ferryhill", thing="saffron")
    chess = "Chess\n\n" + BODY.format(place="Chessington", thing="zucchini")
    pack(ferry=ferry, chess=chess)
    first = build.add(library, [str(folder)], fake_source)
    assert first.files["indexed"] == 5  # two files, the zip and its two members
    assert "ferry.txt" in found(library, fake_encoder, "saffron")
    again = build.sync(library, fake_source)
    assert (again.files["unchanged"], again.embedded) == (5, 0)
    pack(chess=chess)
    changed = build.sync(library, fake_source)
    assert (changed.files["removed"], changed.embedded) == (1, 0)
    assert "ferry.txt" not in found(library, fake_encoder, "saffron")
    (folder / "box.zip").unlink()
    gone = build.sync(library, fake_source)
    assert gone.files["removed"] == 2
    assert not [file.path for file in library.files() if "!/" in file.path]


def test_a_run_that_dies_within_a_large_file_embeds_no_passage_twice(
    library, folder, fake_source, fake_encoder, monkeypatch
):
    """The vectors are kept batch by batch; the file itself appears at once, when it is whole."""
    monkeypatch.setattr(embed, "KEPT_AT_ONCE", 4)
    lines = (f"Station {n} opened late. " + f"Its platform {n} is long. " * 40 for n in range(12))
    (folder / "book.txt").write_text("\n\n".join(lines))
    calls = 0

    class Dying(type(fake_encoder)):
        def encode(self, texts):
            nonlocal calls
            calls += 1
            if calls == 3:
                raise KeyboardInterrupt
            return fake_encoder.encode(texts)

    with pytest.raises(KeyboardInterrupt):
        build.add(library, [str(folder / "book.txt")], EncoderSource(fake_encoder.key, Dying))
    assert library.counts()["passages"] == 0
    assert len(fake_encoder.encoded) == 8
    report = build.add(library, [str(folder / "book.txt")], fake_source)
    assert report.embedded == report.passages - 8 > 0
    assert len(fake_encoder.encoded) == len(set(fake_encoder.encoded)) == report.passages


def test_what_was_too_large_is_read_once_the_limit_allows_it(tmp_path, fake_source):
    (tmp_path / "long.txt").write_text(
        "Long news\n\n" + BODY.format(place="Ashford", thing="x") * 9
    )
    small = Settings(home=tmp_path / "home", max_text_bytes=1000)
    with open_library(small) as library:
        report = build.add(library, [str(tmp_path / "long.txt")], fake_source)
        assert report.files["skipped"] == 1
        assert "too large" in report.problems[0].reason
        assert build.sync(library, fake_source).files["skipped"] == 1
    with open_library(Settings(home=tmp_path / "home")) as library:
        assert build.sync(library, fake_source).files["indexed"] == 1
