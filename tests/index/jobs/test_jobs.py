"""A job can be paused, resumed and cancelled; what waits comes after it."""

import time

import pytest

from core.errors import InputError
from index import build
from index.encoding.encoder import EncoderSource
from index.jobs import job_children, job_rows, job_work, jobs
from index.store import open_library
from tests.fakes import FakeEncoder

FILES = 6


@pytest.fixture
def encoder(monkeypatch):
    made = FakeEncoder()
    source = EncoderSource(made.key, lambda: made)
    monkeypatch.setattr(job_work, "prepare_encoder", lambda _: source)
    monkeypatch.setattr(job_work, "encoder_source", lambda _: source)
    monkeypatch.setattr(job_work, "UPDATE_SECONDS", 0)
    return made


def asking(settings, word, after):
    """Asks `word` (pause or cancel) when that many files are done."""

    def watch(progress):
        if progress.files_done == after:
            getattr(jobs, word)(settings)
        return True

    return watch


def test_a_paused_job_goes_on_where_it_stopped(settings, folder, encoder):
    first = jobs.run(settings, "add", [str(folder)], asking(settings, "pause", 2))
    assert (first.stopped, first.files["indexed"]) == (True, 2)
    paused = jobs.latest(settings)
    assert (paused.state, paused.files_done, paused.files_total) == ("paused", 2, FILES)
    assert not jobs.is_running(settings)  # the lock is free: it is only a row
    assert len(encoder.encoded) == first.embedded
    rest = jobs.resume(settings)
    assert (rest.files["unchanged"], rest.files["indexed"]) == (2, FILES - 2)
    done = jobs.latest(settings)
    assert (done.job_id, done.state) == (paused.job_id, "done")
    assert len(encoder.encoded) == len(set(encoder.encoded)) == done.passages_done
    with open_library(settings) as library:
        assert library.counts()["indexed"] == FILES


def test_the_time_of_a_pause_is_no_time_at_work(settings, folder, encoder):
    jobs.run(settings, "add", [str(folder)], asking(settings, "pause", 2))
    with open_library(settings) as library:
        library.connection.execute("UPDATE jobs SET started = 1000, updated = 1005")
        begun = job_rows.begin_again(library)
        assert begun.request.paths == (str(folder),)
    job = jobs.latest(settings)  # nobody holds the lock
    assert job.state == "interrupted"
    assert abs(time.time() - 5 - job.started) < 2


def test_a_cancelled_job_keeps_what_was_read_and_nothing_goes_on_by_itself(
    settings, folder, encoder
):
    jobs.run(settings, "add", [str(folder)], asking(settings, "cancel", 3))
    assert jobs.latest(settings).state == "cancelled"
    assert job_rows.is_held(settings)
    with pytest.raises(InputError, match="paused"):
        jobs.resume(settings)
    assert jobs.run(settings, "sync", []).files["indexed"] == FILES - 3
    assert not job_rows.is_held(settings)


def test_a_paused_job_can_be_cancelled(settings, folder, encoder):
    jobs.run(settings, "add", [str(folder)], asking(settings, "pause", 1))
    jobs.cancel(settings)
    assert jobs.latest(settings).state == "cancelled"


def test_a_whole_look_at_the_folders_finishes_what_was_paused(settings, folder, encoder):
    jobs.run(settings, "add", [str(folder)], asking(settings, "pause", 1))
    jobs.run(settings, "sync", [])
    assert jobs.latest(settings).state == "done"
    with pytest.raises(InputError):
        jobs.resume(settings)


def test_what_comes_while_a_job_is_paused_waits_in_the_library(settings, folder, encoder, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("A report on tides.\n\n" + "The tide rose by two metres on Friday. " * 8)
    jobs.run(settings, "add", [str(folder)], asking(settings, "pause", 1))
    assert jobs.request(settings, "add", [str(other)]) is False
    assert jobs.request(settings, "add", [str(other)]) is False  # not doubled
    (one,) = jobs.waiting(settings)
    assert one.request.paths == (str(other),)
    jobs.resume(settings)
    job_work.work(settings, job_rows.begin_next)
    assert jobs.waiting(settings) == []
    with open_library(settings) as library:
        assert library.counts()["indexed"] == FILES + 1


def test_removing_a_folder_ends_its_paused_job(settings, folder, encoder):
    jobs.run(settings, "add", [str(folder)], asking(settings, "pause", 1))
    jobs.run(settings, "remove", [str(folder)])
    with pytest.raises(InputError):
        jobs.resume(settings)
    with open_library(settings) as library:
        states = library.connection.execute("SELECT action, state FROM jobs ORDER BY job_id")
        assert states.fetchall() == [("add", "cancelled"), ("remove", "done")]
        assert library.folders() == []


def test_what_is_removed_does_not_wait_for_what_is_paused(settings, folder, encoder, monkeypatch):
    started = []
    monkeypatch.setattr(jobs, "start", lambda *given: started.append(given[1]))
    jobs.run(settings, "add", [str(folder)], asking(settings, "pause", 1))
    assert jobs.request(settings, "remove", [str(folder / "0.txt")]) is True
    assert started == ["remove"]


def test_what_waits_can_be_withdrawn(settings, folder, encoder):
    jobs.run(settings, "add", [str(folder)], asking(settings, "pause", 1))
    jobs.request(settings, "sync")
    jobs.withdraw(settings, jobs.waiting(settings)[0].place)
    assert jobs.waiting(settings) == []
    jobs.resume(settings)
    with pytest.raises(InputError, match="Nothing waits"):
        job_work.work(settings, job_rows.begin_next)


def test_a_job_whose_process_died_after_a_pause_was_asked_is_paused(settings):
    with open_library(settings) as library:
        job_rows.begin(library, job_rows.Request("sync"))
        job_rows.ask(library, "pause")
    assert jobs.latest(settings).state == "paused"


def test_what_was_asked_just_before_the_end_holds_before_anybody_looks(settings):
    """The app ended with the job before it heard; the next app's watcher asks this first."""
    for word in ("pause", "cancel"):
        with open_library(settings) as library:
            job_rows.begin(library, job_rows.Request("sync"))
            assert not job_rows.is_held(settings)
            job_rows.ask(library, word)
        assert job_rows.is_held(settings)


def test_a_pause_that_nobody_heard_outlives_the_next_job(settings, folder, encoder):
    with open_library(settings) as library:
        job_rows.begin(library, job_rows.request_of("add", (str(folder),)))
        job_rows.ask(library, "pause")
        job_rows.end(
            library, job_rows.begin(library, job_rows.Request("status")).job_id, "done", ""
        )
    assert jobs.latest(settings).state == "paused"
    assert jobs.resume(settings).files["indexed"] == FILES


def test_a_resumed_job_brings_nothing_back_that_was_removed(settings, folder, encoder):
    jobs.run(settings, "add", [str(folder)], asking(settings, "pause", 2))
    jobs.run(settings, "remove", [str(folder / "0.txt")])
    rest = jobs.resume(settings)
    assert (rest.files["unchanged"], rest.files["indexed"]) == (1, FILES - 2)
    with open_library(settings) as library:
        assert library.file(str(folder / "0.txt")) is None


def test_a_resumed_job_of_two_folders_brings_none_of_them_back(settings, folder, encoder, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "tide.txt").write_text("A report on tides.\n\n" + "The tide rose by two metres. " * 8)
    jobs.run(settings, "add", [str(other), str(folder)], asking(settings, "pause", 2))
    jobs.run(settings, "remove", [str(other)])
    jobs.resume(settings)
    with open_library(settings) as library:
        assert [one.path for one in library.folders()] == [str(folder)]
        assert library.counts()["indexed"] == FILES


def test_a_job_that_died_before_it_looked_begins_anew(settings, folder, encoder):
    with open_library(settings) as library:
        job_rows.begin(library, job_rows.request_of("add", (str(folder),)))
    assert jobs.latest(settings).state == "interrupted"
    assert jobs.resume(settings).files["indexed"] == FILES


def test_what_is_removed_is_not_added_by_what_waited(settings, folder, encoder):
    with open_library(settings) as library:
        job_rows.enqueue(library, job_rows.request_of("add", (str(folder),)))
        job_rows.enqueue(library, job_rows.Request("sync"))
        job_rows.begin(library, job_rows.request_of("remove", (str(folder),)))
    assert [one.request.action for one in jobs.waiting(settings)] == ["sync"]


def test_a_rebuild_reads_all_again_and_embeds_nothing_again(settings, folder, encoder):
    jobs.run(settings, "add", [str(folder)])
    encoder.encoded.clear()
    report = jobs.run(settings, "rebuild", [])
    assert (report.files["indexed"], report.embedded) == (FILES, 0)
    assert encoder.encoded == []


def test_a_paused_rebuild_reads_only_the_rest(settings, folder, encoder):
    jobs.run(settings, "add", [str(folder)])
    jobs.run(settings, "rebuild", [], asking(settings, "pause", 2))
    rest = jobs.resume(settings)
    assert (rest.files["unchanged"], rest.files["indexed"]) == (2, FILES - 2)


def test_old_rows_are_forgotten(settings, monkeypatch):
    monkeypatch.setattr(job_rows, "KEPT_ROWS", 3)
    with open_library(settings) as library:
        for _ in range(6):
            job_rows.end(
                library, job_rows.begin(library, job_rows.Request("sync")).job_id, "done", ""
            )
        (count,) = library.connection.execute("SELECT count(*) FROM jobs").fetchone()
    assert count == 3


@pytest.mark.usefixtures("real_source")
def test_a_child_does_what_waits_after_its_job(settings, folder, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("A report on tides.\n\n" + "The tide rose by two metres on Friday. " * 8)
    with open_library(settings) as library:
        job_rows.enqueue(library, job_rows.request_of("add", (str(other),)))
    assert jobs.request(settings, "add", [str(folder)]) is True
    child = job_children._children[settings.home].process
    assert child.wait(timeout=60) == 0
    jobs.end_children()
    assert jobs.waiting(settings) == []
    with open_library(settings) as library:
        assert library.counts()["indexed"] == FILES + 1
    assert isinstance(jobs.latest(settings), job_rows.Job)


def test_a_large_file_is_named_while_it_is_read(settings, tmp_path, encoder, monkeypatch):
    monkeypatch.setattr(job_work, "UPDATE_SECONDS", 60)  # it is told at once all the same
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in ("a.txt", "b.txt", "c.txt"):
        (folder / name).write_text(f"Ferry {name}\n\nThe ferry {name} left.")
    lines = "\n\n".join(f"The {one}th ferry left with barrels." for one in range(300))
    monkeypatch.setattr(build, "LARGE_BYTES", 10_000)
    (folder / "b.txt").write_text(lines)
    seen = []
    real = build.embed.index_reading

    def index_reading(library, reading, *rest):
        seen.append((reading.file.path[-5:], jobs.latest(settings).message))
        return real(library, reading, *rest)

    monkeypatch.setattr(build.embed, "index_reading", index_reading)
    jobs.run(settings, "add", [str(folder)])
    assert seen == [("a.txt", ""), ("b.txt", f"b.txt ({len(lines) / 1e6:.1f} MB)"), ("c.txt", "")]
    seen.clear()
    with open_library(settings) as library:
        told = []
        build.sync(library, None, lambda progress: told.append(progress.reading) or True)
    assert told == ["", "", ""]  # it is not read again, so it is not named
