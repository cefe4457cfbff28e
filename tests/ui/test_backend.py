from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import InputError
from core.records import Filters
from core.settings import Settings
from index import build
from index.store import open_library
from index.views.file_list import FileQuery
from ui import backend, libraries_backend, library_backend


@pytest.mark.parametrize(
    "name",
    [
        "../../evil.txt",
        "/etc/passwd",
        "a\x00b.txt",
        "..",
        "con:aux.txt",
        "x" * 400 + ".html",
        ".md",
    ],
)
def test_a_dropped_name_never_becomes_a_path(tmp_path: Path, name: str) -> None:
    settings = Settings(home=tmp_path / "home")
    kept = backend.keep_upload(settings, name, b"words")
    assert kept.parent == settings.uploads_path
    assert kept.read_bytes() == b"words"
    assert [item.name for item in tmp_path.iterdir()] == ["home"]


def test_equal_names_do_not_replace_each_other(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    first = backend.keep_upload(settings, "note.txt", b"one")
    second = backend.keep_upload(settings, "note.txt", b"two")
    again = backend.keep_upload(settings, "note.txt", b"one")
    assert first != second
    assert again == first
    assert first.suffix == ".txt"


def test_only_copies_in_uploads_are_deleted(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    outside = tmp_path / "mine.txt"
    outside.write_text("keep me")
    kept = backend.keep_upload(settings, "note.txt", b"one")
    assert not backend.drop_upload(settings, str(outside))
    assert not backend.drop_upload(settings, str(settings.uploads_path / ".." / ".." / "mine.txt"))
    assert backend.drop_upload(settings, str(kept))
    assert outside.exists()
    assert not kept.exists()


def test_demo_is_beside_the_library(tmp_path: Path) -> None:
    mine = Settings(home=tmp_path / "library")
    assert backend.demo_settings(mine).home == tmp_path / "demo"
    assert backend.demo_settings(mine).models_path == mine.models_path
    clash = Settings(home=tmp_path / "demo")
    assert backend.demo_settings(clash).home != clash.home


def test_looking_at_an_absent_library_creates_nothing(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    assert backend.counts(settings)["articles"] == 0
    assert library_backend.files(settings, FileQuery()).files == ()
    assert library_backend.stories(settings, 1).total == 0
    assert library_backend.left_out(settings) == []
    assert library_backend.waiting(settings) == []
    library_backend.take_next(settings)
    assert backend.folders(settings) == []
    assert backend.job(settings) is None
    assert not settings.home.exists()


def test_sub_folders_are_sorted_and_hidden_ones_left_out(tmp_path: Path) -> None:
    for name in ("beta", "Alpha", ".hidden"):
        (tmp_path / name).mkdir()
    (tmp_path / "file.txt").write_text("x")
    assert [item.name for item in backend.sub_folders(tmp_path)] == ["Alpha", "beta"]


def test_a_date_that_is_none_is_refused() -> None:
    assert backend.checked_filters(Filters(after="2025-07")) == Filters(after="2025-07")
    with pytest.raises(InputError):
        backend.checked_filters(Filters(before="July"))


@pytest.fixture
def ended() -> Iterator[None]:
    yield
    backend.close_sessions()
    assert watchers() == 0


def watchers() -> int:
    return sum(thread.name == "watcher" for thread in threading.enumerate())


def test_changes_are_followed_until_it_is_switched_off(tmp_path: Path, ended: None) -> None:
    settings = Settings(home=tmp_path / "home")
    assert backend.follows(settings)
    assert not settings.home.exists()
    for _ in range(2):  # one for the whole app
        backend.follow(settings)
        assert watchers() == 1
    backend.set_follows(settings, False)
    assert watchers() == 0
    assert not backend.follows(settings)
    backend.follow(settings)  # as the next start of the app does
    assert watchers() == 0
    backend.set_follows(settings, True)
    assert watchers() == 1


def test_one_library_can_stop_being_followed(tmp_path: Path, ended: None) -> None:
    one, other = Settings(home=tmp_path / "one"), Settings(home=tmp_path / "other")
    backend.follow(one)
    backend.follow(other)
    backend.set_follows(one, False)
    assert watchers() == 1
    backend.set_follows(other, False)
    assert watchers() == 0


def test_libraries_share_the_model_that_writes(tmp_path: Path, ended: None) -> None:
    homes = [Settings(home=tmp_path / name) for name in ("one", "other")]
    one, other = (backend.sessions(settings) for settings in homes)
    assert one is not other
    assert one._generators is other._generators
    assert one._turn is other._turn


def test_every_library_is_followed_and_a_broken_one_stops_none(
    home: Path, ended: None, caplog: pytest.LogCaptureFixture
) -> None:
    key = libraries_backend.create("Broken")
    libraries_backend.create("Whole")
    backend._watcher.clear()
    broken = libraries_backend.find(key)
    assert broken is not None
    broken.desk_path.write_bytes(b"not a database" * 100)
    libraries_backend.follow_all()
    assert watchers() == 2  # the user's own, and the whole one
    assert "Folders are not followed" in caplog.text


def test_questions_are_suggested_once_for_each_state_of_a_library(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from answer import examples

    made: list[object] = []
    monkeypatch.setattr(examples, "questions", lambda _: made.append(1) or ["Who?"])
    mine = backend.my_settings()
    for _ in range(3):
        assert libraries_backend.suggested_questions(mine) == ["Who?"]
    assert len(made) == 1
    # An article that no job of this app has brought: the command line, another app.
    article = mine.home.parent / "new.txt"
    article.write_text("The mayor of Borley\n\nThe mayor opened the quay of Borley on Monday.")
    with open_library(mine) as library:
        build.add(library, [str(article)], None)
    for _ in range(2):
        libraries_backend.suggested_questions(mine)
    assert len(made) == 2


def test_a_started_job_lets_the_watcher_look_at_the_folders(
    home: Path, ended: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index.jobs import jobs, watch

    refreshed: list[object] = []
    monkeypatch.setattr(jobs, "start", lambda *_: None)  # what is asked for would wait
    monkeypatch.setattr(watch.Watcher, "refresh", lambda self: refreshed.append(self))
    mine = backend.my_settings()
    backend.start_job(backend.demo_settings(mine), "add", ["/articles"])
    assert (refreshed, watchers()) == ([], 0)  # the demo is not followed
    backend.start_job(mine, "add", ["/articles"])
    assert (len(refreshed), watchers()) == (1, 1)
    backend.set_follows(mine, False)
    backend.start_job(mine, "add", ["/articles"])
    assert (len(refreshed), watchers()) == (1, 0)


def test_the_server_follows_and_a_broken_desk_does_not_stop_it(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    import app

    app.find_door.cache_clear()  # that of another home

    async def serve() -> int:
        async with app.lifespan(None):
            return watchers()

    assert asyncio.run(serve()) == 1
    assert watchers() == 0
    (home / "desk.db").write_bytes(b"not a database" * 100)
    assert asyncio.run(serve()) == 0
    assert "Folders are not followed" in caplog.text


def test_a_file_opens_at_its_article_and_only_if_the_library_knows_it(
    tmp_path: Path, settings: Settings
) -> None:
    from index import build
    from index.store import open_library

    story = "MENU\nHOME\n\n" + "The ferry runs twice a day, the harbour office said on May 2. " * 4
    (tmp_path / "ferry.txt").write_text(story)
    with open_library(settings) as library:
        build.add(library, [str(tmp_path / "ferry.txt")], None)
    place = backend.place(settings, str(tmp_path / "ferry.txt"), 9)
    assert place is not None
    assert story[place.start :].startswith("The ferry runs")
    assert backend.place(settings, "/etc/passwd", 0) is None
