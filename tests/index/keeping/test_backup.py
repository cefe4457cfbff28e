"""A backup is whole or not there, while files are added, after a kill and on a full disk."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from core.errors import InputError, LibraryError
from core.settings import Settings
from index import build, durable
from index.jobs import job_rows
from index.keeping import backup, backup_files, doctor
from index.keeping.backup import back_up
from index.store import open_library
from index.vectors import vector_files
from tests.conftest import PROJECT

DESK_FORMAT = 2


def write_article(folder, number):
    folder.mkdir(exist_ok=True)
    words = f"The {number}th ferry left the harbour at noon with {number} barrels aboard. "
    path = folder / f"{number}.txt"
    path.write_text(f"Ferry {number}\n\n" + words * 8)
    return str(path)


@pytest.fixture
def filled(settings, tmp_path, fake_source):
    """A library with articles, a vector file, a dropped file and a secret."""
    paths = [write_article(tmp_path / "articles", number) for number in range(6)]
    with open_library(settings) as library:
        build.add(library, paths, fake_source)
    settings.uploads_path.mkdir()
    (settings.uploads_path / "note-12345678.txt").write_text("dropped")
    (settings.home / "secret").write_text("never copied")
    return settings


def names(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_backup_holds_what_belongs_to_the_library_and_nothing_else(filled, tmp_path):
    made = back_up(filled, tmp_path / "kept", DESK_FORMAT)
    (vectors,) = filled.home.glob("vectors-*.faiss")
    expected = {"library.db", vectors.name, "uploads/note-12345678.txt"}
    assert {file.name for file in made.contents.files} == expected
    assert names(tmp_path / "kept") == expected | {"backup.json"}
    assert made.notes == ()
    assert backup_files.verify(tmp_path / "kept", DESK_FORMAT) == made.contents
    assert not list(tmp_path.glob(".*unfinished*"))


def test_while_files_are_added_it_is_of_one_moment(filled, tmp_path, fake_source):
    stop, added = threading.Event(), []

    def add():
        while not stop.is_set():
            path = write_article(tmp_path / "more", 100 + len(added))
            with open_library(filled) as library:
                build.add(library, [path], fake_source)
            added.append(path)

    writer = threading.Thread(target=add)
    writer.start()
    try:
        kept = [tmp_path / f"kept-{number}" for number in range(3)]
        for folder in kept:
            back_up(filled, folder, DESK_FORMAT)
    finally:
        stop.set()
        writer.join()
    with open_library(filled) as library:
        assert library.counts()["indexed"] == 6 + len(added) > 6  # no addition failed
    for folder in kept:
        with open_library(Settings(home=folder)) as library:
            assert doctor.examine(library, fake_source.key).problems == ()
            assert library.counts()["indexed"] >= 6


def test_a_vector_file_that_goes_meanwhile_is_looked_for_again(filled, tmp_path, monkeypatch):
    real, calls = durable.copy, []

    def gone_once(source, folder, name):
        if name.startswith("vectors-") and not calls:
            calls.append(name)
            raise FileNotFoundError(name)
        return real(source, folder, name)

    monkeypatch.setattr(backup.durable, "copy", gone_once)
    made = back_up(filled, tmp_path / "kept", DESK_FORMAT)
    assert calls
    assert calls[0] in {file.name for file in made.contents.files}


def test_only_the_newest_vector_file_is_copied_and_named(filled, tmp_path, fake_source):
    with open_library(filled) as library:
        build.add(library, [write_article(tmp_path / "more", 50)], fake_source)
        vector_files.publish(library, fake_source.key)
        newest = vector_files.current(library, fake_source.key).file_name
    assert len(list(filled.home.glob("vectors-*.faiss"))) == 2
    assert back_up(filled, tmp_path / "kept", DESK_FORMAT).notes == ()
    assert {name for name in names(tmp_path / "kept") if "vectors" in name} == {newest}
    with open_library(Settings(home=tmp_path / "kept")) as library:
        rows = library.connection.execute("SELECT file_name FROM generations").fetchall()
    assert rows == [(newest,)]


def test_what_a_server_has_and_what_waits_stay_with_the_library(filled, tmp_path, fake_source):
    with open_library(filled) as library:
        library.connection.execute(
            "INSERT INTO generations (encoder_key, file_name, file_sha256, covered_id, passages)"
            " VALUES (?, 'milvus:0123456789abcdef:sourcebook_1', '', 6, 6)",
            (fake_source.key,),
        )
        job_rows.enqueue(library, job_rows.Request("sync"))
    kept = back_up(filled, tmp_path / "kept", DESK_FORMAT).folder
    with open_library(Settings(home=kept)) as library:
        (name,) = library.connection.execute("SELECT file_name FROM generations").fetchone()
        assert (kept / name).exists()
        assert job_rows.waiting(library) == []
        assert doctor.examine(library, fake_source.key).problems == ()
    with open_library(filled) as library:
        assert len(job_rows.waiting(library)) == 1
        (count,) = library.connection.execute("SELECT count(*) FROM generations").fetchone()
        assert count == 2


def test_a_damaged_vector_file_is_left_out_and_said(filled, tmp_path):
    (vectors,) = filled.home.glob("vectors-*.faiss")
    vectors.write_bytes(vectors.read_bytes()[:-1] + b"?")
    made = back_up(filled, tmp_path / "kept", DESK_FORMAT)
    assert vectors.name not in names(tmp_path / "kept")
    assert any(vectors.name in note for note in made.notes)


def test_damaged_rows_are_said(filled, tmp_path):
    with open_library(filled) as library:
        library.connection.execute("UPDATE articles SET text = replace(text, 'noon', 'dawn')")
    notes = back_up(filled, tmp_path / "kept", DESK_FORMAT).notes
    assert any("article is damaged" in note for note in notes)


def test_a_full_disk_leaves_nothing(filled, tmp_path, monkeypatch):
    def full(source, folder, name):
        (folder / name).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup.durable, "copy", full)
    with pytest.raises(LibraryError, match="No space left"):
        back_up(filled, tmp_path / "kept", DESK_FORMAT)
    assert not (tmp_path / "kept").exists()
    assert not list(tmp_path.glob(".*unfinished*"))
    monkeypatch.undo()
    back_up(filled, tmp_path / "kept", DESK_FORMAT)


STUCK = """
import sys, time
from pathlib import Path
from core.settings import Settings
from index.keeping import backup
def wait(*_):
    Path(sys.argv[3]).write_text("here")
    time.sleep(60)
setattr(backup.backup_files if sys.argv[4] == "write_list" else backup, sys.argv[4], wait)
backup.back_up(Settings(home=Path(sys.argv[1])), Path(sys.argv[2]), 2)
"""


@pytest.mark.parametrize("where", ["_copy", "_copy_others", "write_list"])
def test_a_killed_backup_is_never_taken_for_one(filled, tmp_path, where):
    kept, mark = tmp_path / "kept", tmp_path / "mark"
    command = [sys.executable, "-c", STUCK, str(filled.home), str(kept), str(mark), where]
    child = subprocess.Popen(command, cwd=PROJECT)
    try:
        deadline = time.monotonic() + 30
        while not mark.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert mark.exists()
        with pytest.raises(LibraryError, match="Another backup"):
            back_up(filled, kept, DESK_FORMAT)
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    assert not kept.exists()
    (left,) = tmp_path.glob(".kept.unfinished-*")
    with pytest.raises(LibraryError, match="was not finished"):
        backup_files.verify(left, DESK_FORMAT)
    back_up(filled, kept, DESK_FORMAT)
    assert not left.exists()


def test_folders_that_cannot_be_used_are_refused_by_name(filled, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    for folder in (
        tmp_path / "full",
        filled.home,
        filled.home / "kept",
        tmp_path / "full/mine.txt",
    ):
        with pytest.raises(InputError, match=folder.name):
            back_up(filled, folder, DESK_FORMAT)
    assert names(tmp_path / "full") == {"mine.txt"}
    (tmp_path / "empty").mkdir()
    back_up(filled, tmp_path / "empty", DESK_FORMAT)
    with pytest.raises(LibraryError, match="no library"):
        back_up(Settings(home=tmp_path / "none"), tmp_path / "other", DESK_FORMAT)
    assert not (tmp_path / "none").exists()


def test_every_kind_of_damage_is_found(filled, tmp_path):
    kept = tmp_path / "kept"
    back_up(filled, kept, DESK_FORMAT)
    for name in names(kept):
        path = kept / name
        sound = path.read_bytes()
        flipped = bytearray(sound)
        flipped[len(sound) // 2] ^= 1
        for damaged in (bytes(flipped), sound[:-1], b""):
            path.write_bytes(damaged)
            with pytest.raises(LibraryError, match="damaged"):
                backup_files.verify(kept, DESK_FORMAT)
        path.unlink()
        with pytest.raises(LibraryError, match="backup"):
            backup_files.verify(kept, DESK_FORMAT)
        path.write_bytes(sound)
    backup_files.verify(kept, DESK_FORMAT)


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "uploads/../../evil", "secret", "a\\b"])
def test_a_list_that_names_other_files_is_refused(filled, tmp_path, name):
    kept = tmp_path / "kept"
    back_up(filled, kept, DESK_FORMAT)
    value = json.loads((kept / "backup.json").read_text())
    value["contents"]["files"].append({"name": name, "size": 0, "sha256": ""})
    value["sha256"] = backup_files._digest(value["contents"])
    (kept / "backup.json").write_text(json.dumps(value))
    with pytest.raises(LibraryError, match="names files"):
        backup_files.verify(kept, DESK_FORMAT)


def test_a_backup_of_a_newer_app_is_refused(filled, tmp_path):
    kept = tmp_path / "kept"
    back_up(filled, kept, DESK_FORMAT)
    value = json.loads((kept / "backup.json").read_text())
    value["contents"]["library_format"] = 99
    value["sha256"] = backup_files._digest(value["contents"])
    (kept / "backup.json").write_text(json.dumps(value))
    with pytest.raises(LibraryError, match="newer"):
        backup_files.verify(kept, DESK_FORMAT)
