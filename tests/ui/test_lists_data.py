from __future__ import annotations

from pathlib import Path

import pytest

from core.records import SourceFile
from core.settings import Settings
from index.views.file_list import FilePage, FileQuery
from index.views.storage import Storage
from index.views.story_list import Copy, Story, StoryPage
from tests.ui import fakes
from ui import advice, lists_data

SETTINGS = Settings(home=Path("/home/reader/library"))


def test_files_can_be_filtered_by_status_and_keep_their_reason() -> None:
    page = fakes.file_page(query=FileQuery(status="failed"))
    data = lists_data.files_data(page, SETTINGS, {"status": "failed"})
    assert [row["name"] for row in data["rows"]] == ["locked.txt"]
    assert data["rows"][0]["reason"] == "permission denied"
    assert "Allow your user" in data["rows"][0]["advice"]
    labels = [item["label"] for item in data["filters"]]
    assert labels == ["All 5", "read 2", "no text 1", "skipped 1", "failed 1"]


def test_dropped_files_and_others_are_removed_with_another_consequence() -> None:
    files = (
        SourceFile(f"{SETTINGS.uploads_path}/a.txt", 1, 0, "", "", "", "indexed"),
        SourceFile("/elsewhere/b.txt", 1, 0, "", "", "", "indexed"),
        SourceFile("/elsewhere/c.zip!/d.txt", 1, 0, "", "", "", "indexed"),
    )
    page = FilePage(files, 1, 1, {"indexed": 3})
    rows = lists_data.files_data(page, SETTINGS, {})["rows"]
    assert "copy in the app is deleted" in rows[0]["consequence"]
    assert "stays where it is" in rows[1]["consequence"]
    assert [row["removable"] for row in rows] == [True, True, False]


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        ({"words": "<b>x"}, "No file has “<b>x”"),
        ({"status": "failed"}, "No file has this status"),
        ({}, "No files yet"),
    ],
)
def test_an_empty_list_says_why(shown: dict[str, str], words: str) -> None:
    page = FilePage((), 1, 1, {})
    assert words in lists_data.files_data(page, SETTINGS, shown)["nothing"]


@pytest.mark.parametrize(
    "reason",
    ["permission denied", "encrypted, a password is needed", "damaged PDF (cut off)", "no text",
     "no text layer", "took longer than 60 s to read", "too large (70 MB)", "something new", ""],
)  # fmt: skip
def test_every_reason_has_advice(reason: str) -> None:
    for status in ("failed", "skipped", "empty"):
        file = SourceFile("/a", 1, 0, "", "", "", status, reason)  # type: ignore[arg-type]
        assert advice.advice(file).endswith(".")


def test_a_file_with_an_impossible_time_is_listed() -> None:
    file = SourceFile("/a.txt", 1, 10**30, "", "", "", "indexed")
    page = FilePage((file,), 1, 1, {"indexed": 1})
    assert lists_data.files_data(page, SETTINGS, {})["rows"][0]["changed"] == ""


def test_stories_carry_their_copies() -> None:
    copies = (
        Copy("/a.txt", 0, "North quay closed", "Harbour Gazette", "2025-03-09"),
        Copy("/b.txt", 1, "Quay closed", None, None),
    )
    data = lists_data.stories_data(StoryPage((Story("s", copies),), 1, 1, 1))
    (story,) = data["stories"]
    assert (story["title"], story["count"], data["total"]) == (
        "North quay closed",
        "2 articles",
        "1 story",
    )
    assert story["copies"][0]["source"] == "Harbour Gazette · 9 Mar 2025"
    assert story["copies"][1]["index"] == 1


def test_storage_tells_what_takes_the_room() -> None:
    data = lists_data.storage_data(Storage(4_000_000, 1_000_000, 0, 0, 0, 0, 7_000_000), SETTINGS)
    assert [row["label"] for row in data["storage"]] == ["Articles and search", "Fast search"]
    assert [row["share"] for row in data["storage"]] == [1.0, 0.25]
    assert "all libraries share them" in data["models"]


def test_an_unknown_tab_is_that_of_files() -> None:
    assert lists_data.tab_of({"tab": "../x"}) == "files"
