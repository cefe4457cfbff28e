"""Changes in a followed folder start one job, when it has been quiet."""

import ctypes
import errno
import logging
import threading
import time

import pytest

from core import shortage
from core.errors import LibraryError
from core.settings import Settings
from index import build
from index.jobs import job_rows, job_work, jobs, watch
from index.scan import Options
from index.store import open_library
from tests.index.test_build import write


class Recorder:
    """In the place of `jobs.start`: when a job was started, and what it is told to say."""

    def __init__(self):
        self.times = []
        self.running = False
        self.error = None

    def start(self, settings, action, paths):
        assert (action, tuple(paths)) == ("sync", ())
        assert not self.running, "two jobs at once"
        self.times.append(time.monotonic())
        if self.error:
            raise self.error

    @property
    def count(self):
        return len(self.times)


@pytest.fixture
def recorder(monkeypatch):
    made = Recorder()
    monkeypatch.setattr(jobs, "start", made.start)
    monkeypatch.setattr(jobs, "is_running", lambda _: made.running)
    monkeypatch.setattr(watch, "QUIET_SECONDS", 0.4)
    monkeypatch.setattr(watch, "RETRY_SECONDS", 0.2)
    monkeypatch.setattr(watch, "ROOTS_SECONDS", 0.2)
    return made


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "articles"
    (made / "inner").mkdir(parents=True)
    write(made, "a.txt", place="Ashford", thing="lanterns")
    return made


def follow(settings, *paths):
    with open_library(settings) as library:
        build.add(library, [str(path) for path in paths], None)


@pytest.fixture
def watcher(settings, folder, recorder):
    """A watcher of `folder` that has had its first look."""
    follow(settings, folder)
    with_threads = set(threading.enumerate())
    made = watch.Watcher(settings)
    made.start()
    until(lambda: recorder.count == 1)
    yield made
    made.close()
    assert set(threading.enumerate()) <= with_threads


def until(condition, seconds=20.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def stays(count, recorder, seconds=1.2):
    time.sleep(seconds)
    assert recorder.count == count


def test_many_changes_at_once_are_one_job(watcher, folder, recorder):
    for number in range(20):
        (folder / f"n{number}.txt").write_text("words")
    until(lambda: recorder.count == 2)
    stays(2, recorder)


def test_a_file_being_written_is_waited_for(watcher, folder, recorder):
    with (folder / "slow.txt").open("w") as file:
        for _ in range(10):
            file.write("a few more words\n")
            file.flush()
            written = time.monotonic()
            time.sleep(0.1)
            assert recorder.count == 1
    until(lambda: recorder.count == 2)
    assert recorder.times[1] - written >= 0.4


def test_a_file_that_never_rests_does_not_hold_back_the_others(
    watcher, folder, recorder, monkeypatch
):
    monkeypatch.setattr(watch, "LONGEST_WAIT_SECONDS", 0.8)
    deadline = time.monotonic() + 20
    with (folder / "log.txt").open("w") as file:
        while recorder.count == 1 and time.monotonic() < deadline:
            file.write("line\n")
            file.flush()
            time.sleep(0.05)
    assert recorder.count == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "a.txt").unlink(),
        lambda folder: (folder / "a.txt").rename(folder / "inner" / "b.txt"),
        lambda folder: (folder / "a.txt").rename(folder.parent / "away.txt"),
        lambda folder: (folder / "a.txt").write_text("other words"),
        lambda folder: (folder / "inner" / "new.txt").write_text("words"),
        lambda folder: (folder / "a.txt").chmod(0o600),
        lambda folder: (folder / "inner").rmdir(),
    ],
    ids=["deleted", "renamed", "moved away", "changed", "deep", "permissions", "folder gone"],
)
def test_every_kind_of_change_is_seen(watcher, folder, recorder, change):
    change(folder)
    until(lambda: recorder.count == 2)


def test_a_new_folder_is_watched_too(watcher, folder, recorder):
    (folder / "later").mkdir()
    until(lambda: recorder.count == 2)
    (folder / "later" / "x.txt").write_text("words")
    until(lambda: recorder.count == 3)


def test_what_is_not_read_is_not_heard(watcher, folder, recorder):
    (folder / "a.txt").read_text()
    (folder / ".hidden.txt").write_text("words")
    (folder / "film.txt.part").write_text("words")
    (folder / "~$letter.docx").write_text("words")
    stays(1, recorder)
    (folder / "film.txt.part").rename(folder / "film.txt")
    until(lambda: recorder.count == 2)


def test_what_a_glob_leaves_out_is_not_heard_and_what_was_named_is(settings, folder, recorder):
    (folder / ".kept").mkdir()
    (folder / "film.txt.part").write_text("words")
    with open_library(settings) as library:
        build.add(library, [str(folder)], None, options=Options(("*.log", "inner")))
    follow(settings, folder / ".kept", folder / "film.txt.part")
    made = watch.Watcher(settings)
    made.start()
    try:
        until(lambda: recorder.count == 1)
        (folder / "noise.log").write_text("words")
        (folder / "inner" / "x.txt").write_text("words")
        (folder / "other.part").write_text("words")
        stays(1, recorder)
        (folder / ".kept" / "x.txt").write_text("words")
        until(lambda: recorder.count == 2)
        (folder / "film.txt.part").write_text("more words")
        until(lambda: recorder.count == 3)
        stays(3, recorder)
    finally:
        made.close()


def test_the_library_s_own_home_is_not_heard(tmp_path, folder, recorder):
    settings = Settings(home=folder / "home")
    follow(settings, folder)
    made = watch.Watcher(settings)
    made.start()
    try:
        until(lambda: recorder.count == 1)
        (settings.home / "noise.txt").write_text("words")
        stays(1, recorder)
        (folder / "home.txt").write_text("words")  # only looks like it
        until(lambda: recorder.count == 2)
    finally:
        made.close()


def test_one_job_at_a_time(watcher, folder, recorder):
    recorder.running = True
    (folder / "b.txt").write_text("words")
    stays(1, recorder)
    recorder.running = False
    until(lambda: recorder.count == 2)
    stays(2, recorder)


def test_a_job_that_was_quicker_is_waited_for(watcher, folder, recorder, monkeypatch):
    monkeypatch.setattr(watch, "RESCAN_SECONDS", 0.3)
    recorder.error = LibraryError("An indexing job is running.")
    (folder / "b.txt").write_text("words")
    until(lambda: recorder.count == 3)
    recorder.error = None
    until(lambda: recorder.count >= 4)
    stays(recorder.count, recorder)


def test_an_added_folder_is_followed_after_refresh(
    watcher, settings, tmp_path, recorder, monkeypatch
):
    monkeypatch.setattr(watch, "ROOTS_SECONDS", 60.0)
    time.sleep(0.3)  # the shorter pause that is under way ends
    other = tmp_path / "other"
    other.mkdir()
    follow(settings, other)
    stays(1, recorder, 0.8)
    watcher.refresh()
    until(lambda: recorder.count == 2)
    (other / "x.txt").write_text("words")
    until(lambda: recorder.count == 3)


def test_a_folder_that_goes_and_comes_back_is_followed_again(watcher, folder, recorder):
    away = folder.with_name("away")
    folder.rename(away)
    until(lambda: recorder.count == 2)
    away.rename(folder)
    until(lambda: recorder.count == 3)
    (folder / "x.txt").write_text("words")
    until(lambda: recorder.count == 4)


def test_a_file_added_on_its_own_is_followed_when_it_is_replaced(tmp_path, settings, recorder):
    alone = write(tmp_path, "alone.txt", place="Borley", thing="barrels")
    follow(settings, alone)
    made = watch.Watcher(settings)
    made.start()
    try:
        until(lambda: recorder.count == 1)
        (tmp_path / "neighbour.txt").write_text("words")
        stays(1, recorder)
        (tmp_path / "neighbour.txt").replace(alone)
        until(lambda: recorder.count == 2)
    finally:
        made.close()


def test_a_link_to_a_folder_is_followed(tmp_path, settings, folder, recorder):
    link = tmp_path / "link"
    link.symlink_to(folder)
    follow(settings, link)
    made = watch.Watcher(settings)
    made.start()
    try:
        until(lambda: recorder.count == 1)
        (folder / "x.txt").write_text("words")
        until(lambda: recorder.count == 2)
    finally:
        made.close()


@pytest.mark.parametrize("refused", ["articles", "inner"], ids=["the folder", "a sub-folder"])
def test_without_watches_left_it_looks_now_and_then(
    settings, folder, recorder, monkeypatch, caplog, refused
):
    inotify = pytest.importorskip("watchdog.observers.inotify_c")
    real = inotify.inotify_add_watch

    def none_left(descriptor, path, mask):
        if path.endswith(refused.encode()):
            ctypes.set_errno(errno.ENOSPC)
            return -1
        return real(descriptor, path, mask)

    monkeypatch.setattr(inotify, "inotify_add_watch", none_left)
    monkeypatch.setattr(watch, "RESCAN_SECONDS", 0.5)
    follow(settings, folder)
    made = watch.Watcher(settings)
    with caplog.at_level(logging.WARNING):
        made.start()
        until(lambda: recorder.count == 4)
        made.close()
    told = [record for record in caplog.records if "can be watched" in record.message]
    assert len(told) == 1
    assert "watch limit" in told[0].message


def test_an_absent_library_is_not_created(settings, recorder):
    made = watch.Watcher(settings)
    made.start()
    stays(0, recorder, 0.5)
    made.close()
    assert not settings.home.exists()
    assert watch.last_looked(settings) is None


def test_close_before_start_and_twice(settings, recorder):
    made = watch.Watcher(settings)
    made.close()
    made.close()
    made.start()
    assert not [thread for thread in threading.enumerate() if thread.name == "watcher"]


@pytest.mark.slow
def test_a_real_job_indexes_embeds_once_and_forgets(settings, folder, real_source):
    follow(settings, folder)
    made = watch.Watcher(settings)
    made.start()
    try:
        until(lambda: indexed(settings) == {"a.txt"} and watch.last_looked(settings), 60)
        added = write(folder, "b.txt", place="Borley", thing="barrels")
        until(lambda: indexed(settings) == {"a.txt", "b.txt"}, 60)
        until(lambda: vectors(settings) == 2, 60)
        added.rename(folder / "inner" / "c.txt")
        until(lambda: indexed(settings) == {"a.txt", "c.txt"}, 60)
        (folder / "a.txt").unlink()
        until(lambda: indexed(settings) == {"c.txt"}, 60)
    finally:
        made.close()
        jobs.end_children()
    assert not jobs.is_running(settings)


def indexed(settings):
    with open_library(settings) as library:
        return {
            file.path.rpartition("/")[2] for file in library.files() if file.status == "indexed"
        }


def vectors(settings):
    with open_library(settings) as library:
        (count,) = library.connection.execute("SELECT count(*) FROM vectors").fetchone()
    return count


@pytest.mark.parametrize("state", ["paused", "cancelled"])
def test_nothing_starts_by_itself_after_the_user_has_stopped_a_job(
    settings, folder, recorder, state
):
    follow(settings, folder)
    with open_library(settings) as library:
        begun = job_rows.begin(library, job_rows.Request("add", (str(folder),)))
        job_rows.end(library, begun.job_id, state, "")
    watcher = watch.Watcher(settings)
    watcher.start()
    try:
        write(folder, "new.txt", place="Borley", thing="barrels")
        time.sleep(1.5)
        assert recorder.count == 0
        with open_library(settings) as library:
            job_rows.end(library, begun.job_id, "done", "")
        deadline = time.monotonic() + 10
        while not recorder.count and time.monotonic() < deadline:
            time.sleep(0.05)
        assert recorder.count == 1  # what has changed meanwhile was not forgotten
    finally:
        watcher.close()


def test_a_job_that_failed_is_tried_again_until_it_goes_well(
    watcher, settings, recorder, monkeypatch
):
    """As where memory or open files were short: nothing in the folder changes then."""
    monkeypatch.setattr(watch, "RESCAN_SECONDS", 0.5)
    with open_library(settings) as library:
        failed = job_rows.begin(library, job_rows.request_of("sync", ()))
        job_rows.end(library, failed.job_id, "failed", shortage.MEMORY)
    until(lambda: recorder.count == 3)
    with open_library(settings) as library:
        good = job_rows.begin(library, job_rows.request_of("sync", ()))
        job_rows.end(library, good.job_id, "done", "")
    time.sleep(1.0)  # one may have been due already
    stays(recorder.count, recorder)


def test_a_change_is_not_forgotten_where_no_process_can_be_started(
    watcher, folder, recorder, monkeypatch
):
    monkeypatch.setattr(watch, "RESCAN_SECONDS", 0.5)
    recorder.error = OSError(errno.EMFILE, "Too many open files")
    (folder / "new.txt").write_text("words")
    until(lambda: recorder.count == 2)
    recorder.error = None
    until(lambda: recorder.count == 3)
    stays(3, recorder)


@pytest.mark.parametrize("action", ["add", "remove"])
def test_what_else_failed_is_left_to_the_user_with_its_words(settings, folder, recorder, action):
    with open_library(settings) as library:
        failed = job_rows.begin(library, job_rows.request_of(action, (str(folder),)))
        job_rows.end(library, failed.job_id, "failed", shortage.ENCODER)
    made = watch.Watcher(settings)
    made.start()
    stays(0, recorder)
    made.close()
    assert jobs.latest(settings).message == shortage.ENCODER


def test_only_what_the_machine_lacked_is_tried_again_and_ever_more_seldom(settings):
    counted = []
    ends = [("failed", shortage.MEMORY), ("failed", shortage.DRIVE.format("EIO")), ("done", "")]
    for state, message in [*ends, ("failed", shortage.FULL), ("failed", "The encoder is damaged.")]:
        with open_library(settings) as library:
            begun = job_rows.begin(library, job_rows.Request("sync"))
            job_rows.end(library, begun.job_id, state, message)
        counted.append(job_work.failures(settings))
    assert counted == [1, 2, 0, 1, 0]


def test_pauses_between_tries_double(settings, folder, recorder, monkeypatch):
    monkeypatch.setattr(watch, "RESCAN_SECONDS", 60.0)
    monkeypatch.setattr(watch, "failures", lambda _: 3)
    made = watch.Watcher(settings)
    made._look_at_roots()
    assert 200 < made._next_rescan - time.monotonic() <= 240
    monkeypatch.setattr(watch, "failures", lambda _: 10)
    made._next_roots = made._next_rescan = 0.0
    made._look_at_roots()
    assert 3500 < made._next_rescan - time.monotonic() <= 3600


def test_the_watcher_outlives_that_no_thread_can_be_started(watcher, folder, recorder, monkeypatch):
    monkeypatch.setattr(watch, "RESCAN_SECONDS", 0.3)

    def none_left(*_):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as short:
        short.setattr(watch, "_roots", none_left)
        watcher.refresh()
        time.sleep(0.5)
    (folder / "new.txt").write_text("words")
    until(lambda: recorder.count == 2)
