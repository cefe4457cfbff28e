from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from core.settings import Settings
from index.store import Folder
from tests.ui import fakes
from ui import library_data

SETTINGS = Settings(home=Path("/home/reader/library"))
COUNTS = {"articles": 1, "passages": 2, "indexed": 3}


def test_running_job_shows_rate_and_share() -> None:
    job = fakes.job(passages_total=800)
    data = library_data.job_data(job, COUNTS)["job"]
    assert data["share"] == 0.25
    assert data["detail"] == (
        "30 of 120 files · 200 of 800 passages · 20 a second · about 30 s left"
    )


def test_job_without_a_passage_total_tells_by_files() -> None:
    data = library_data.job_data(fakes.job(), COUNTS)["job"]
    assert data["share"] == 0.25
    assert data["detail"] == "30 of 120 files · 20 passages a second · about 30 s left"


def test_failed_job_is_trouble_and_says_why() -> None:
    job = fakes.job(state="failed", message="The disk is full.")
    data = library_data.job_data(job, COUNTS)["job"]
    assert data["trouble"]
    assert data["detail"] == "The disk is full."


def test_folders_their_state_and_options() -> None:
    folders = [
        Folder(str(SETTINGS.uploads_path), "watched"),
        Folder("/gone", "unavailable", True, ("drafts/**", "*.tmp"), True),
        Folder("/a/note.txt", "watched", False),
    ]
    shown = library_data.folders_data(folders, SETTINGS, {"follows": True})["folders"]
    assert shown[0]["label"] == "Files you dropped here"
    assert [item["trouble"] for item in shown] == [False, True, False]
    assert [item["state"] for item in shown][::2] == ["followed", "followed"]
    assert shown[1]["options"] == "without drafts/**, *.tmp · pictures of pages are read"
    assert shown[1]["exclude"] == "drafts/**\n*.tmp"
    assert [item["isFolder"] for item in shown] == [False, True, False]


def test_a_folder_is_not_called_followed_while_following_is_off() -> None:
    data = library_data.folders_data([Folder("/a", "watched")], SETTINGS, {"follows": False})
    assert data["folders"][0]["state"] == ""


def test_when_it_last_looked_is_said_with_the_day_unless_it_was_today() -> None:
    now = datetime(2025, 7, 12, 18, 30).timestamp()
    at = datetime(2025, 7, 12, 9, 5).timestamp()
    watching = library_data.watching_data(True, at, now)
    assert watching == {"follows": True, "looked": "last looked for changes: 09:05"}
    earlier = library_data.watching_data(False, datetime(2025, 7, 3, 23, 59).timestamp(), now)
    assert earlier["looked"] == "last looked for changes: 3 Jul 2025, 23:59"
    assert library_data.watching_data(True, None, now)["looked"] == "not looked for changes yet"
    data = library_data.folders_data([], SETTINGS, {"message": "x"} | watching)
    assert (data["follows"], data["looked"]) == (True, "last looked for changes: 09:05")


def test_a_paused_job_keeps_its_bar_and_can_go_on() -> None:
    data = library_data.job_data(fakes.job(state="paused", message="Paused."), COUNTS)["job"]
    assert data["title"] == "Paused"
    assert data["detail"].startswith("30 of 120 files")
    assert (data["bar"], data["can"]) == (True, {"pause": False, "resume": True, "cancel": True})


def test_what_was_asked_of_a_job_is_told_until_it_has_heard_of_it() -> None:
    running = library_data.job_data(fakes.job(), COUNTS)["job"]
    assert running["can"] == {"pause": True, "resume": False, "cancel": True}
    pausing = library_data.job_data(fakes.job(asked="pause"), COUNTS)["job"]
    assert pausing["title"] == "Pausing after this file"
    assert pausing["can"] == {"pause": False, "resume": False, "cancel": True}
    ending = library_data.job_data(fakes.job(asked="cancel"), COUNTS)["job"]
    assert not any(ending["can"].values())


def test_every_state_of_a_job_has_words() -> None:
    for state in ("running", "paused", "interrupted", "done", "failed", "cancelled"):
        for action in ("add", "sync", "remove", "rebuild"):
            data = library_data.job_data(fakes.job(state=state, action=action), COUNTS)["job"]
            assert data["title"][0].isupper()


def test_what_waits_is_listed() -> None:
    data = library_data.job_data(fakes.job(), COUNTS, fakes.waiting())
    assert data["waiting"] == [[7, "Reading files: /articles/next"]]


def test_a_large_file_stands_in_the_progress_line() -> None:
    job = fakes.job(state="running", message="annual.pdf (40.2 MB)")
    detail = library_data.job_data(job, COUNTS)["job"]["detail"]
    assert re.search(r"reading annual\.pdf \(40\.2 MB\) since \d\d:\d\d:\d\d$", detail)
