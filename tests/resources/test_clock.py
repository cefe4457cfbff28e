"""A clock that goes back by a year: jobs, looks at folders, links and what is left over."""

import os
import time

import pytest

from answer import desk
from core import door
from index.jobs import job_rows, jobs, watch
from index.keeping import left_over
from index.store import open_library
from tests.answer.test_desk import an_answer

YEAR = 365 * 24 * 60 * 60


@pytest.fixture
def back(monkeypatch):
    """From then on it is a year earlier."""
    usual = time.time
    return lambda: monkeypatch.setattr(time, "time", lambda: usual() - YEAR)


def test_jobs_go_on_and_the_last_look_is_the_last_one(settings, articles, back, monkeypatch):
    monkeypatch.setattr(jobs.job_work, "prepare_encoder", lambda settings: None)
    jobs.run(settings, "add", [str(articles)])
    jobs.run(settings, "sync", [])
    before = watch.last_looked(settings)
    back()
    with open_library(settings) as library:
        marked = job_rows.mark(library)
        begun = job_rows.begin(library, job_rows.request_of("sync", ()))
        assert job_rows.mark(library) != marked
        job_rows.end(library, begun.job_id, "paused", job_rows.PAUSED)
        marked = job_rows.mark(library)
        assert job_rows.begin_again(library).job_id == begun.job_id
        assert job_rows.mark(library) != marked  # whoever started it sees that it goes on
        job_rows.end(library, begun.job_id, "done", "")
        assert job_rows.newest(library).job_id == begun.job_id
    assert watch.last_looked(settings) < before - YEAR / 2


def test_a_job_that_goes_on_is_seen_at_once_though_a_later_one_stands_there(settings, back):
    """All earlier jobs ended in what is now the future."""
    with open_library(settings) as library:
        first = job_rows.begin(library, job_rows.request_of("sync", ()))
        job_rows.end(library, first.job_id, "done", "")
        back()
        second = job_rows.begin(library, job_rows.request_of("sync", ()))
        marked = job_rows.mark(library)
        job_rows.end(library, second.job_id, "paused", job_rows.PAUSED)
        assert job_rows.mark(library) != marked


def test_a_file_is_read_again_whichever_way_its_time_went(settings, articles, monkeypatch):
    monkeypatch.setattr(jobs.job_work, "prepare_encoder", lambda settings: None)
    jobs.run(settings, "add", [str(articles)])
    path = articles / "0.txt"
    text = path.read_text()
    path.write_text(text.replace("Monday", "Friday"))
    os.utime(path, (time.time() - YEAR, time.time() - YEAR))
    assert jobs.run(settings, "sync", []).files["indexed"] == 1
    os.utime(path, (time.time() + YEAR, time.time() + YEAR))
    assert jobs.run(settings, "sync", []).files["unchanged"] == 6


def test_links_open_the_app_and_only_for_a_minute(settings, back):
    opened, _ = door.opened(settings.home, time.time())
    old = opened.link(8501, time.time()).rpartition("/")[2]
    back()
    assert not opened.admits(old, 8501, time.time(), None)  # made in what is now the future
    new = opened.link(8501, time.time()).rpartition("/")[2]
    assert opened.admits(new, 8501, time.time(), None)
    assert not opened.admits(new, 8501, time.time(), None)
    slept = opened.link(8501, time.time()).rpartition("/")[2]
    assert not opened.admits(slept, 8501, time.time() + door.LINK_SECONDS + 1, None)


def test_what_a_killed_run_has_left_is_cleared_though_it_is_of_the_future(settings, back):
    settings.home.mkdir()
    left = settings.home / "library-format-3.db.77.tmp"
    left.write_bytes(b"half")
    left_over.clear(settings)
    assert left.exists()  # another app may be at it
    back()
    left_over.clear(settings)
    assert not left.exists()


def test_answers_are_listed_by_the_time_they_show(settings):
    with desk.open_desk(settings) as opened:
        for number, created in enumerate(
            ("2026-05-01T10:00:00+00:00", "2025-05-01T10:00:00+00:00")
        ):
            opened.save_answer(an_answer(answer_id=str(number), created=created))
        assert [one.answer_id for one in opened.answers()] == ["0", "1"]
