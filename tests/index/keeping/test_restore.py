"""A backup comes back whole, and what stood in the home is never lost."""

import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from answer.desk import FORMAT, Desk
from core.errors import InputError, LibraryError
from core.records import Answer, Citation, Claim, Filters, Timings
from core.settings import Settings
from index import build, search
from index.keeping import doctor, presence
from index.keeping import restore as restoring
from index.keeping.backup import back_up
from index.keeping.restore import restore
from index.store import open_library
from tests.conftest import PROJECT

QUERY = "ferry barrels harbour"


def fill(settings, folder, source, word):
    folder.mkdir()
    for number in range(6):
        words = f"The {number}th {word} left the harbour at noon with {number} barrels aboard. "
        (folder / f"{number}.txt").write_text(f"{word} {number}\n\n" + words * 8)
    with open_library(settings) as library:
        build.add(library, [str(folder)], source)
    with Desk(settings.desk_path) as desk:
        desk.set_setting("word", word)
    settings.uploads_path.mkdir()
    (settings.uploads_path / f"{word}-12345678.txt").write_text(word)


def found(settings, source):
    with open_library(settings) as library:
        hits = search.search(library, source.load(), QUERY, 10).hits
        return [(hit.article.path, hit.passage.start, hit.score) for hit in hits]


def word_of(settings):
    with Desk(settings.desk_path) as desk:
        return desk.setting("word")


@pytest.fixture
def kept(settings, tmp_path, fake_source):
    """The backup of a library about ferries."""
    fill(settings, tmp_path / "ferries", fake_source, "ferry")
    return back_up(settings, tmp_path / "kept", FORMAT).folder


@pytest.fixture
def used(tmp_path, fake_source):
    """Another library, about trams, with a model and a secret of its own."""
    settings = Settings(home=tmp_path / "used")
    fill(settings, tmp_path / "trams", fake_source, "tram")
    (settings.home / "models").mkdir()
    (settings.home / "models" / "own.gguf").write_text("weights")
    (settings.home / "secret").write_text("mine")
    return settings


def test_into_an_empty_home_all_is_as_it_was(settings, kept, tmp_path, fake_source):
    other = Settings(home=tmp_path / "other")
    done = restore(other, kept, FORMAT)
    assert done.set_aside is None
    assert found(other, fake_source) == found(settings, fake_source) != []
    assert word_of(other) == "ferry"
    assert (other.uploads_path / "ferry-12345678.txt").read_text() == "ferry"
    with open_library(other) as library:
        assert doctor.examine(library, fake_source.key).problems == ()
        assert library.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert not (other.home / restoring.STAGED).exists()


def test_into_a_used_home_what_stood_there_is_kept(settings, kept, used, fake_source):
    before = found(used, fake_source)
    done = restore(used, kept, FORMAT)
    assert found(used, fake_source) == found(settings, fake_source) != before
    assert word_of(used) == "ferry"
    assert [path.name for path in used.uploads_path.iterdir()] == ["ferry-12345678.txt"]
    assert (used.home / "models" / "own.gguf").read_text() == "weights"
    assert (used.home / "secret").read_text() == "mine"
    aside = Settings(home=done.set_aside)
    assert done.set_aside.parent == used.home
    assert (found(aside, fake_source), word_of(aside)) == (before, "tram")
    assert (aside.uploads_path / "tram-12345678.txt").read_text() == "tram"


def test_the_restored_library_goes_on(kept, used, fake_source, tmp_path):
    restore(used, kept, FORMAT)
    (tmp_path / "ferries" / "new.txt").write_text("A new ferry\n\n" + "It sails at dawn. " * 20)
    with open_library(used) as library:
        report = build.sync(library, fake_source)
        assert (report.files["indexed"], report.files["unchanged"]) == (1, 6)
        assert doctor.examine(library, fake_source.key).problems == ()


def test_a_damaged_library_is_replaced_and_kept(settings, kept, used, fake_source):
    used.library_path.write_bytes(b"no database" * 1000)
    Path(f"{used.library_path}-wal").write_bytes(b"old pages")
    done = restore(used, kept, FORMAT)
    assert found(used, fake_source) == found(settings, fake_source)
    assert (done.set_aside / "library.db").read_bytes().startswith(b"no database")
    assert (done.set_aside / "library.db-wal").read_bytes() == b"old pages"


def state(home):
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


def test_a_damaged_backup_changes_nothing(kept, used):
    before = state(used.home)
    data = bytearray((kept / "library.db").read_bytes())
    data[5000] ^= 1
    (kept / "library.db").write_bytes(data)
    with pytest.raises(LibraryError, match=r"damaged: library\.db"):
        restore(used, kept, FORMAT)
    assert state(used.home) == before


def test_a_newer_desk_is_refused(kept, used):
    with pytest.raises(LibraryError, match="newer"):
        restore(used, kept, FORMAT - 1)


def test_a_home_in_use_is_refused_by_name(kept, used, fake_source):
    before = found(used, fake_source)
    with (
        FileLock(used.home / "library.lock"),
        pytest.raises(LibraryError, match=f"{used.home} is in use"),
    ):
        restore(used, kept, FORMAT)
    for path in (used.library_path, used.desk_path):
        with closing(sqlite3.connect(path)) as reader:
            reader.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            with pytest.raises(LibraryError, match=f"{used.home} is in use"):
                restore(used, kept, FORMAT)
    assert found(used, fake_source) == before
    restore(used, kept, FORMAT)


def test_a_home_that_an_idle_app_has_open_is_refused_until_it_dies(kept, used, fake_source):
    before = found(used, fake_source)
    script = (
        "import sys; from pathlib import Path; from core.settings import Settings;"
        "from index.keeping import presence; presence.announce(Settings(Path(sys.argv[1])));"
        "print('open', flush=True); sys.stdin.read()"
    )
    app = subprocess.Popen(
        [sys.executable, "-c", script, str(used.home)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert app.stdout.readline() == b"open\n"
    with pytest.raises(LibraryError, match=f"{used.home} is in use"):
        restore(used, kept, FORMAT)
    assert found(used, fake_source) == before  # who reads is never refused
    app.kill()
    app.communicate()
    restore(used, kept, FORMAT)
    assert not list(used.home.glob(presence.PATTERN))


def test_dropped_files_are_known_by_where_they_lie_now(settings, tmp_path, fake_source):
    settings.uploads_path.mkdir(parents=True)
    note = settings.uploads_path / "note-12345678.txt"
    note.write_text("A note\n\n" + "The ferry left with nine barrels for the harbour. " * 9)
    outside = tmp_path / "outside.txt"
    outside.write_text("Outside\n\n" + "The tram stopped at the harbour. " * 9)
    with open_library(settings) as library:
        build.add(library, [str(settings.uploads_path), str(outside)], fake_source)
        (article,) = library.articles(str(note))
    with Desk(settings.desk_path) as desk:
        desk.save_answer(answer_that_names(str(note), article.article_id))
    kept = back_up(settings, tmp_path / "kept", FORMAT).folder
    shutil.rmtree(settings.home)
    other = Settings(home=tmp_path / "other")
    restore(other, kept, FORMAT)
    moved_to = other.uploads_path / note.name
    fake_source.load().encoded.clear()
    with open_library(other) as library:
        assert {one.path for one in library.files()} == {str(moved_to), str(outside)}
        (moved,) = library.articles(str(moved_to))
        assert moved.text == article.text
        assert doctor.examine(library, fake_source.key).problems == ()
        report = build.sync(library, fake_source)
        assert (report.files["unchanged"], report.embedded) == (2, 0)
        assert doctor.examine(library, fake_source.key).problems == ()
    assert {path for path, _, _ in found(other, fake_source)} == {str(moved_to), str(outside)}
    with Desk(other.desk_path) as desk:
        (answer,) = [desk.answer(one.answer_id) for one in desk.answers()]
    assert [one.path for one in answer.citations] == [str(moved_to)]
    assert answer.filters.articles == (moved.article_id,)


def answer_that_names(path, article_id):
    citation = Citation(1, path, None, 1, 0, 4, "note", "note", "A note", None, None, "0" * 64)
    return Answer(
        "a1", "2026-01-01T00:00:00+00:00", "What?", "What?", Filters(articles=(article_id,)),
        "answered", (Claim("A note.", 1.0, "supported", (1,)),), (citation,), (), None,
        Timings(0.1, None, 0.1),
    )  # fmt: skip


def test_a_full_disk_loses_nothing(kept, used, fake_source, monkeypatch):
    before = state(used.home)

    def full(source, folder, name):
        (folder / name).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restoring.durable, "copy", full)
    with pytest.raises(LibraryError, match="No space left"):
        restore(used, kept, FORMAT)
    assert state(used.home) == before


class Killed(BaseException):
    pass


def test_cut_short_at_any_step_nothing_is_lost(kept, used, tmp_path, fake_source, monkeypatch):
    """Every rename and every removal is a moment at which the process may end."""
    before, ferry = found(used, fake_source), None
    shutil.copytree(used.home, tmp_path / "pristine")
    for step in range(1, 100):
        home = tmp_path / f"home-{step}"
        shutil.copytree(tmp_path / "pristine", home)
        now = Settings(home=home)
        if not _restore_until(step, now, kept, monkeypatch):
            break
        assert (home / "library.db").exists()
        asides = [path for path in home.glob("replaced-*") if "unfinished" not in path.name]
        whole = [Settings(home=path) for path in asides] or [now]
        for name in ("library.db", "desk.db"):  # what goes on here must not change it there
            assert not (asides and (home / name).samefile(asides[0] / name))
        assert (found(whole[0], fake_source), word_of(whole[0])) == (before, "tram")
        assert (whole[0].uploads_path / "tram-12345678.txt").exists()
        assert found(now, fake_source)  # one or the other, never neither
        restore(now, kept, FORMAT)  # and it is simply run again
        ferry = ferry or found(now, fake_source)
        assert (found(now, fake_source), word_of(now)) == (ferry, "ferry")
        assert not list(home.glob("*unfinished"))
    assert step > 8


def _restore_until(step, settings, kept, monkeypatch):
    """Whether the restore was cut short at its step-th change; no cleaning up is done then."""
    left, real_replace, real_unlink = [step], Path.replace, Path.unlink

    def counted(real):
        def change(path, *arguments, **named):
            left[0] -= 1
            if left[0] <= 0:
                raise Killed
            return real(path, *arguments, **named)

        return change

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", counted(real_replace))
        patch.setattr(Path, "unlink", counted(real_unlink))
        real_clear, calls = restoring._clear_unfinished, []
        patch.setattr(
            restoring,
            "_clear_unfinished",
            lambda home: calls.append(1) or (real_clear(home) if len(calls) == 1 else None),
        )
        try:
            restore(settings, kept, FORMAT)
        except Killed:
            return True
    return False


def test_a_plain_copy_works_as_a_home_and_is_refused_as_a_backup(
    settings, kept, used, tmp_path, fake_source
):
    plain = Settings(home=tmp_path / "plain")
    shutil.copytree(settings.home, plain.home)
    with pytest.raises(LibraryError, match=f"{plain.home} is no backup.*plain copy"):
        restore(used, plain.home, FORMAT)
    assert found(plain, fake_source) == found(settings, fake_source)
    again = back_up(plain, tmp_path / "again", FORMAT).folder
    restore(used, again, FORMAT)
    assert found(used, fake_source) == found(settings, fake_source)


def test_what_is_no_backup_is_refused_by_name(settings, kept, used, tmp_path):
    for folder in (tmp_path / "none", tmp_path / "trams"):
        with pytest.raises(LibraryError, match=str(folder)):
            restore(used, folder, FORMAT)
    with pytest.raises(InputError, match="own folder"):
        restore(used, used.home, FORMAT)


def test_a_backup_taken_while_files_are_added_comes_back(settings, kept, tmp_path, fake_source):
    stop = threading.Event()

    def add():
        number = 0
        while not stop.is_set():
            number += 1
            path = tmp_path / f"more-{number}.txt"
            path.write_text(f"Ferry {number}\n\n" + f"Ferry {number} sails at dawn. " * 20)
            with open_library(settings) as library:
                build.add(library, [str(path)], fake_source)

    writer = threading.Thread(target=add)
    writer.start()
    try:
        folder = back_up(settings, tmp_path / "busy", FORMAT).folder
    finally:
        stop.set()
        writer.join()
    other = Settings(home=tmp_path / "other")
    restore(other, folder, FORMAT)
    assert found(other, fake_source)
    with open_library(other) as library:
        assert doctor.examine(library, fake_source.key).problems == ()
