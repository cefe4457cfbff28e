"""The models page's data, by tables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from answer.writing.listed import Listed
from answer.writing.model_tasks import Task
from answer.writing.models import Model, Overview
from answer.writing.speeds import Measured, Rate
from core.settings import Settings
from core.transfer import Progress
from core.verify import Check
from ui import models_data

SETTINGS = Settings(home=Path("/home/me/library"))
MODEL = Model(
    name="small", kind="writer", file="small.gguf", path=None, bytes=491_400_032,
    memory_bytes=940_000_000, memory_estimated=True, fits="yes", usual_seconds=11.5,
    seconds_estimated=True, recommended=True, licence="MIT", sha256="a" * 64,
    repository="someone/small", begun_bytes=0, has_room=True, is_own=False, problem="",
    measured=None,
)  # fmt: skip
HERE = replace(MODEL, path="/home/me/library/models/small.gguf", recommended=False)
ENCODER = replace(HERE, name="finder", kind="encoder", usual_seconds=None)
FOUND = Overview(16_300_000_000, 9_200_000_000, 120_000_000_000, (MODEL, ENCODER), ())


def data(found: Overview = FOUND, message: str = "", **tasks: Task) -> dict[str, Any]:
    return models_data.models_data(found, tasks, SETTINGS, message)


def row(model: Model = MODEL, task: Task | None = None) -> dict[str, Any]:
    found = replace(FOUND, models=(model,))
    written: dict[str, Any] = data(found, **({model.name: task} if task else {}))["writers"][0]
    return written


def download(state: Any, progress: Progress | None = None, error: str = "") -> Task:
    ended = None if state in ("running", "stopping") else 1.0
    return Task("small", "download", state, progress, error=error, started=0.0, ended=ended)


def test_the_machine_and_where_downloads_go() -> None:
    drawn = data()
    assert drawn["machine"] == "16.3 GB of memory, 9.2 GB of it free · 120.0 GB free on the disk"
    assert "huggingface.co" in drawn["network"]
    unknown = replace(FOUND, memory_bytes=None, free_memory_bytes=None)
    assert data(unknown)["machine"] == "120.0 GB free on the disk"


def test_a_model_that_can_be_downloaded() -> None:
    drawn = row()
    assert drawn["facts"] == [
        "491 MB", "about 940 MB of memory", "a usual answer about 12 s", "MIT",
    ]  # fmt: skip
    assert (drawn["fitsWords"], drawn["suggested"], drawn["state"]) == ("fits", True, "")
    assert drawn["download"] == "Download 491 MB"
    assert not drawn["measure"]
    assert not drawn["discard"]


def test_a_begun_download_goes_on_or_is_deleted() -> None:
    drawn = row(replace(MODEL, begun_bytes=300_000_000))
    assert drawn["download"] == "Go on (191 MB left)"
    assert drawn["discard"]
    assert drawn["state"] == "begun"


def test_an_installed_one_can_be_measured_and_shows_what_was_measured() -> None:
    measured = Measured((Rate(1, 139.4, 84.2), Rate(2, 48.0, 4.0), Rate(4, 0.0, 0.0)), 1, 2.3, 5)
    drawn = row(replace(HERE, measured=measured, usual_seconds=2.3, seconds_estimated=False))
    assert drawn["measure"]
    assert drawn["download"] == ""
    assert "a usual answer 2.3 s" in drawn["facts"]
    assert [speed["threads"] for speed in drawn["speeds"]] == ["1 thread", "2 threads"]
    assert [speed["best"] for speed in drawn["speeds"]] == [True, False]


@pytest.mark.parametrize(
    ("fits", "words"),
    [("tight", "fits with other programs closed"), ("no", "too big for this machine"), (None, "")],
)
def test_what_does_not_fit_is_said(fits: Any, words: str) -> None:
    assert row(replace(MODEL, fits=fits))["fitsWords"] == words


def test_too_small_a_disk_takes_the_button_away() -> None:
    drawn = row(replace(MODEL, has_room=False))
    assert drawn["download"] == ""
    assert "too little room" in drawn["problem"]


def test_a_package_s_model_is_not_downloaded() -> None:
    assert row(replace(MODEL, repository="", has_room=False))["download"] == ""
    assert row(replace(MODEL, repository="", has_room=False))["problem"] == ""


@pytest.mark.parametrize(
    ("progress", "title", "detail"),
    [
        (Progress("downloading", 120_000_000, 480_000_000, 3_000_000.0), "Downloading",
         "120 MB of 480 MB · 3.0 MB a second · about 2 min left"),
        (Progress("downloading", 0, 480_000_000), "Downloading", "0 bytes of 480 MB"),
        (Progress("checking", 120_000_000, 480_000_000), "Checking what is here already",
         "120 MB of 480 MB"),
        (Progress("waiting", 120_000_000, 480_000_000, message="hub does not answer"),
         "Waiting to try again", "120 MB of 480 MB · hub does not answer"),
    ],
)  # fmt: skip
def test_a_running_download(progress: Progress, title: str, detail: str) -> None:
    drawn = row(MODEL, download("running", progress))
    assert (drawn["task"]["title"], drawn["task"]["detail"]) == (title, detail)
    assert drawn["task"]["share"] == progress.bytes_done / progress.bytes_total
    assert drawn["task"]["running"]
    assert drawn["stop"]
    assert drawn["download"] == ""


def test_how_a_download_ended() -> None:
    assert row(MODEL, download("stopped"))["task"]["title"] == "Stopped; what has come is kept"
    failed = row(MODEL, download("failed", error="The disk is full"))["task"]
    assert (failed["title"], failed["detail"], failed["trouble"]) == (
        "It did not work", "The disk is full", True,
    )  # fmt: skip
    assert "SHA-256" in row(HERE, download("done"))["task"]["title"]
    assert row(MODEL, download("done"))["task"] is None  # deleted since


def test_a_measurement_that_tells_nothing_says_so() -> None:
    task = Task("small", "measure", "done", started=0.0, ended=1.0)
    assert "Too slow to tell" in row(HERE, task)["task"]["title"]
    task.measured = Measured((Rate(1, 9.0, 4.0),), 1, 30.0, None)
    assert row(HERE, task)["task"]["title"] == "Measured"
    running = row(HERE, Task("small", "measure"))
    assert running["task"]["share"] is None
    assert not running["measure"]


def test_ones_own_file_can_be_forgotten() -> None:
    own = replace(HERE, is_own=True, repository="", licence="", sha256="")
    assert row(own)["forget"]
    assert row(own)["state"] == "your own file"
    gone = row(replace(own, path=None, bytes=0, problem="is not there"))
    assert (gone["state"], gone["problem"], gone["facts"]) == (
        "not there", "is not there", ["licence unknown"],
    )  # fmt: skip
    assert not gone["measure"]


def test_no_writer_is_said_and_encoders_stand_apart() -> None:
    assert "quotations" in data()["none"]
    assert data(replace(FOUND, models=(HERE,)))["none"] == ""
    assert [one["name"] for one in data()["encoders"]] == ["finder"]
    assert data()["encoders"][0]["fitsWords"] == ""


def test_the_check_counts_and_names_what_is_wrong() -> None:
    good, bad = Check("a", "/m/a", True, "1" * 64, ""), Check("b", "/m/b", False, "2" * 64, "why")
    task = Task("", "verify", checks=[good])
    assert data(**{"": task})["check"]["title"] == "Checking: 1 file so far"
    task.checks.append(bad)
    task.state, task.ended = "done", 1.0
    drawn = data(**{"": task})["check"]
    assert drawn["title"] == "2 files checked: 1 is not as it should be"
    assert [(file["ok"], file["reason"]) for file in drawn["files"]] == [(True, ""), (False, "why")]
    task.checks.pop()
    assert data(**{"": task})["check"]["title"] == "1 file checked: all as they should be"
    assert data()["check"] == {"running": False, "title": "", "files": []}


def test_what_runs() -> None:
    tasks = {"a": Task("a", "measure"), "b": download("done"), "c": download("stopping")}
    assert models_data.running(tasks) == ("a", "c")


def test_the_server_and_ones_own_file() -> None:
    settings = replace(SETTINGS, server="http://127.0.0.1:11434")
    more = models_data.more_data(settings, Listed(("server:llama3",)), "mine", "")
    assert more["server"] == "http://127.0.0.1:11434"
    assert (more["serverModels"], more["serverWaiting"]) == (["llama3"], "")
    asked = models_data.more_data(settings, Listed(is_known=False), "", "")
    assert (asked["serverModels"], bool(asked["serverWaiting"])) == ([], True)
    assert more["added"] == "mine"
    assert models_data.more_data(SETTINGS, Listed(), "", "no")["server"] == ""
