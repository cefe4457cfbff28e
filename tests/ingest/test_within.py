"""No link is followed out of a folder, whatever is exchanged between the walk and the reading."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.settings import Settings
from index import build
from index.store import open_library
from ingest import read, within
from ingest.reader import Reader

SECRET = "The key of the strongroom hangs behind the third barrel in the cellar.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "note.txt").write_text(SECRET)
    top = tmp_path / "articles"
    (top / "deep").mkdir(parents=True)
    (top / "deep" / "note.txt").write_text("Ferries run again from Monday.\n")
    return top


def exchange_file(folder: Path) -> None:
    note = folder / "deep" / "note.txt"
    note.unlink()
    note.symlink_to(folder.parent / "outside" / "note.txt")


def exchange_folder(folder: Path) -> None:
    (folder / "deep").rename(folder.parent / "was")
    (folder / "deep").symlink_to(folder.parent / "outside")


@pytest.mark.parametrize("exchange", [exchange_file, exchange_folder])
def test_what_was_exchanged_for_a_link_out_is_not_read(folder: Path, exchange) -> None:
    note = str(folder / "deep" / "note.txt")
    before = read.digest(note, str(folder))
    exchange(folder)
    with Reader(10**6) as reader:
        (reading,) = reader.read(note, False, str(folder))
    assert (reading.file.status, reading.file.reason) == ("skipped", within.OUTSIDE)
    assert reading.source_text == ""
    assert before
    assert read.digest(note, str(folder)) == ""


@pytest.mark.parametrize("exchange", [exchange_file, exchange_folder])
def test_a_link_that_comes_after_the_path_was_resolved_is_not_followed(
    folder: Path, exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = str(folder / "deep" / "note.txt")
    resolved = os.path.realpath

    def exchanged(path: str) -> str:
        real = resolved(path)
        if path == note:
            exchange(folder)
        return real

    monkeypatch.setattr(os.path, "realpath", exchanged)
    with pytest.raises(OSError):
        within.opened(note, str(folder))


def test_an_indexing_run_reads_no_link_that_comes_after_its_walk(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Reader.read

    def late(self: Reader, path: str, *rest):
        exchange_file(folder)
        return plain(self, path, *rest)

    monkeypatch.setattr(Reader, "read", late)
    with open_library(Settings(home=tmp_path / "home")) as library:
        build.add(library, [str(folder)], None)
        assert library.source_text(str(folder / "deep" / "note.txt")) is None
        assert [one.reason for one in library.files()] == [within.OUTSIDE]
        assert library.counts()["articles"] == 0


def test_links_inside_the_folder_and_links_that_the_user_names_are_followed(folder: Path) -> None:
    note = folder / "deep" / "note.txt"
    (folder / "again.txt").symlink_to(note)
    (folder / "same").symlink_to(folder / "deep")
    (folder.parent / "articles-link").symlink_to(folder)
    for path in (folder / "again.txt", folder / "same" / "note.txt"):
        assert read.digest(str(path), str(folder)) == read.digest(str(note))
    linked = folder.parent / "articles-link"
    assert read.digest(str(linked / "deep" / "note.txt"), str(linked)) == read.digest(str(note))
    (named := folder.parent / "named.txt").symlink_to(folder.parent / "outside" / "note.txt")
    assert read.digest(str(named)) == read.digest(str(folder.parent / "outside" / "note.txt"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_in_a_file_s_place_is_no_file(folder: Path) -> None:
    note = folder / "deep" / "note.txt"
    note.unlink()
    os.mkfifo(note)
    assert read.digest(str(note), str(folder)) == ""
    with Reader(10**6) as reader:
        (reading,) = reader.read(str(note), False, str(folder))
    assert (reading.file.status, reading.file.reason) == ("skipped", "not a regular file")
