"""A job's process may be killed: its work goes on by itself, and nothing of it is left behind."""

import os
import re
import signal
import subprocess
import sys
import threading
import time

import pytest

from core.errors import LibraryError
from index.jobs import job_children, job_rows, job_work, jobs
from index.store import open_library

FILES = 40
WAIT_SECONDS = 120


@pytest.fixture
def ended(monkeypatch):
    monkeypatch.setattr(jobs, "GO_ON_SECONDS", 0.05)
    yield
    jobs.end_children()
    jobs._deaths.clear()


def wait_until(true):
    deadline = time.monotonic() + WAIT_SECONDS
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def process(settings):
    return job_children._children[settings.home].process


def kill(settings):
    """Kill the job's process while it is at work; gives its id."""
    wait_until(lambda: jobs.is_running(settings))
    killed = process(settings)
    killed.kill()
    killed.wait()
    return killed.pid


@pytest.mark.usefixtures("real_source", "ended")
def test_a_job_whose_process_is_killed_goes_on_and_does_nothing_twice(settings, folder):
    jobs.start(settings, "add", [str(folder)])
    begun = jobs.latest(settings)
    wait_until(lambda: jobs.latest(settings).files_done >= 2)
    with open_library(settings) as library:
        before = {one.path for one in library.files() if one.status == "indexed"}
    killed = kill(settings)
    wait_until(lambda: jobs.latest(settings).state == "done")
    job = jobs.latest(settings)
    assert job.job_id == begun.job_id
    assert "and another went on where it stopped" in job.message
    unchanged = re.search(r"(\d+) unchanged", job.message)  # it may have read one more since
    assert before == set() or int(unchanged[1]) >= len(before)
    assert process(settings).pid != killed
    with open_library(settings) as library:
        assert library.counts()["indexed"] == FILES


@pytest.mark.usefixtures("ended")
def test_a_job_that_dies_again_and_again_at_one_place_is_left_to_the_user(settings, monkeypatch):
    started = []
    monkeypatch.setattr(jobs, "start_again", started.append)
    with open_library(settings) as library:
        job_rows.begin(library, job_rows.Request("sync"))
    for _ in range(5):
        jobs._died(settings)
    assert len(started) == jobs.TRIES - 1
    assert jobs.latest(settings).message == job_rows.GIVEN_UP
    with open_library(settings) as library:
        job_rows.note_progress(library, jobs.latest(settings).job_id, (1, 9), 5)
    jobs._died(settings)  # it came further
    assert len(started) == jobs.TRIES


@pytest.mark.usefixtures("ended")
def test_a_job_that_dies_at_one_place_and_counts_its_files_anew_is_given_up(settings, monkeypatch):
    started = []
    monkeypatch.setattr(jobs, "start_again", started.append)
    with open_library(settings) as library:
        begun = job_rows.begin(library, job_rows.Request("sync"))
        for files in (7, 3, 5, 7, 3):
            library.connection.execute("UPDATE jobs SET state = 'running'")
            job_rows.note_progress(library, begun.job_id, (files, 9), 0)
            jobs._died(settings)
    assert len(started) == jobs.TRIES - 1


@pytest.mark.parametrize("action", ["add", "remove"])
def test_an_interrupted_job_goes_on_though_a_look_at_all_folders_came_first(
    settings, folder, monkeypatch, action
):
    started = []
    monkeypatch.setattr(jobs, "_start", lambda _, arguments: started.append(arguments))
    monkeypatch.setattr(job_work, "prepare_encoder", lambda _: None)
    with open_library(settings) as library:
        begun = job_rows.begin(library, job_rows.request_of(action, (str(folder),)))
    jobs.run(settings, "sync", [])
    assert (jobs.latest(settings).job_id, jobs.latest(settings).state) == (
        begun.job_id,
        "interrupted",
    )
    assert jobs.go_on(settings) is True
    assert started == [["resume"]]
    jobs.run(settings, "add", [str(folder)])  # the user's last word on it
    assert (jobs.latest(settings).action, jobs.latest(settings).state) == ("add", "done")


def test_a_job_that_has_just_gone_on_is_not_called_interrupted(settings, monkeypatch):
    """Its process takes the lock after a page has read the row, and before it looks."""
    from filelock import FileLock

    with open_library(settings) as library:
        job_rows.begin(library, job_rows.Request("sync"))
    lock = FileLock(settings.home / "library.lock")
    real = job_rows.newest

    def newest(library):
        job = real(library)
        monkeypatch.setattr(job_rows, "newest", real)
        lock.acquire()
        job_rows.begin_again(library)
        return job

    monkeypatch.setattr(job_rows, "newest", newest)
    try:
        assert jobs.latest(settings).state == "running"
    finally:
        lock.release()


def test_two_looks_at_the_lock_are_no_job(settings):
    settings.home.mkdir(parents=True)
    ended = threading.Event()

    def look():
        while not ended.is_set():
            jobs.is_running(settings)

    others = [threading.Thread(target=look) for _ in range(2)]
    for other in others:
        other.start()
    false = [True for _ in range(200) if jobs.is_running(settings)]
    ended.set()
    for other in others:
        other.join()
    assert false == []


def test_without_a_thread_left_it_is_told_and_nothing_breaks(settings, monkeypatch):
    def none_left(*_, **__):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(job_children.lifeline, "start", none_left)
    with pytest.raises(LibraryError, match="can't start new thread"):
        job_children.begin(settings, ["sync"], lambda: None)
    assert jobs._tried(none_left) is False


@pytest.mark.parametrize("word", ["pause", "cancel"])
def test_what_the_user_has_held_does_not_go_on(settings, monkeypatch, word):
    started = []
    monkeypatch.setattr(jobs, "_start", lambda *given: started.append(given))
    with open_library(settings) as library:
        job_rows.begin(library, job_rows.Request("sync"))
        job_rows.ask(library, word)
    assert jobs.go_on(settings) is False
    assert started == []


def test_what_the_last_app_left_goes_on_one_library_after_the_other(
    settings, tmp_path, monkeypatch
):
    with open_library(settings) as library:
        job_rows.begin(library, job_rows.Request("remove", ("/a",)))
    other = job_rows_in(tmp_path / "other")
    done = []
    monkeypatch.setattr(jobs, "start_again", lambda one: done.append(one.home))
    jobs.go_on_with_all([settings, other, type(settings)(home=tmp_path / "none")])
    wait_until(lambda: len(done) == 2)
    assert done == [settings.home, other.home]
    assert not (tmp_path / "none").exists()


def job_rows_in(home):
    from core.settings import Settings

    settings = Settings(home=home)
    with open_library(settings) as library:
        job_rows.begin(library, job_rows.Request("sync"))
    return settings


@pytest.mark.usefixtures("ended")
def test_the_job_of_another_app_is_neither_taken_nor_ended(settings):
    """As with two apps on one library: the first one's job has the lock."""
    from filelock import FileLock

    with open_library(settings) as library:
        begun = job_rows.begin(library, job_rows.Request("sync"))
    with FileLock(settings.home / "library.lock"):
        assert jobs.go_on(settings) is False
        with pytest.raises(LibraryError, match="is running"):
            jobs.start_again(settings)
        jobs.end_children()
        assert (jobs.latest(settings).job_id, jobs.latest(settings).state) == (
            begun.job_id,
            "running",
        )


def test_ctrl_c_at_the_command_line_stops_a_job_until_it_is_run_again(
    settings, folder, monkeypatch
):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(job_work, "prepare_encoder", lambda _: None)
    with pytest.raises(KeyboardInterrupt):
        jobs.run(settings, "add", [str(folder)], interrupted)
    assert (jobs.latest(settings).state, jobs.latest(settings).message) == (
        "cancelled",
        job_rows.STOPPED,
    )
    assert jobs.go_on(settings) is False
    files = jobs.run(settings, "add", [str(folder)]).files
    assert files["indexed"] + files["unchanged"] == FILES


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's /proc")
@pytest.mark.usefixtures("ended")
def test_no_killed_child_stays_as_a_zombie(settings, monkeypatch):
    monkeypatch.setattr(jobs, "_died", lambda _: None)
    for _ in range(20):
        begun = job_children.begin(settings, ["sync"], lambda: None)
        begun.send_signal(signal.SIGKILL)
    wait_until(lambda: zombies() == [])


def zombies():
    """Ended children of this process that nobody has waited for."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,stat=", "--ppid", str(os.getpid())], capture_output=True, text=True
    )
    return [line for line in listed.stdout.splitlines() if line.split()[1].startswith("Z")]


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no stops here")
def test_a_job_that_hears_nothing_any_more_is_ended_too(settings, monkeypatch):
    monkeypatch.setattr(job_children, "END_SECONDS", 0.2)
    begun = job_children.begin(settings, ["sync"], lambda: None)
    begun.send_signal(signal.SIGSTOP)
    jobs.end_children()
    assert begun.poll() == -signal.SIGKILL
