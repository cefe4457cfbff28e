"""A drive that goes away while it is read: nothing of it is lost, and the work goes on later."""

import errno

import pytest

from index import build, unread
from index.store import open_library
from ingest import files
from tests.resources import drive_child


@pytest.fixture
def told(child, tmp_path):
    return child("drive_child", tmp_path, mounts=True)


def test_a_drive_that_goes_away_midway_takes_nothing_with_it(told):
    first, midway, away, back = (told[label] for label in ("first", "away midway", "away", "back"))
    assert (first["files"]["indexed"], first["told"]) == (drive_child.FIRST, drive_child.FIRST)
    assert midway["problems"] == [["drive", unread.WENT]]
    assert midway["folder"] == away["folder"] == "unavailable"
    assert (midway["files"]["indexed"], midway["files"]["removed"], midway["new"]) == (2, 0, 2)
    for one in (midway, away):
        assert one["known"] == first["known"]  # none gone, and none new that is half there
        assert one["statuses"] == ["indexed"]
        assert (one["told"], one["found"]) == (drive_child.FIRST, True)
    assert away["files"]["removed"] == 0
    assert back["folder"] == "watched"
    assert back["new"] == back["told"] == drive_child.FIRST + drive_child.MORE
    unreadable, readable = told["unreadable"], told["readable"]
    assert unreadable["problems"] == [["0.txt", "could not be read just now (Input/output error)"]]
    assert (unreadable["known"], unreadable["statuses"]) == (back["known"], ["indexed"])
    assert unreadable["told"] == readable["told"] == back["told"]
    assert readable["problems"] == []


def test_a_file_that_can_not_even_be_looked_at_keeps_its_articles(settings, articles, monkeypatch):
    """Every answer of the drive is an error, as after unplugging."""
    with open_library(settings) as library:
        build.add(library, [str(articles)], None)
        look = files._file

        def failing(entry, device):
            error = OSError(errno.EIO, "Input/output error")
            return files._unseen(entry.path, error, device)

        monkeypatch.setattr(files, "_file", failing)
        report = build.sync(library, None)
        assert report.files["removed"] == 0
        assert {one.reason for one in report.problems} == {
            "cannot be looked at (Input/output error)"
        }
        assert library.counts()["indexed"] == 6
        monkeypatch.setattr(files, "_file", look)
        assert build.sync(library, None).files["unchanged"] == 6
