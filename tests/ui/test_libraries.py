"""Several libraries: switching forgets what was shown, an address can't open anything else."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import LibraryError
from core.settings import Settings
from tests.ui import fakes
from tests.ui.test_pages import MAIN, ask, drawn, html, start
from ui import backend, libraries_backend, shell


@pytest.fixture
def sessions(monkeypatch: pytest.MonkeyPatch) -> fakes.FakeSessions:
    made = fakes.FakeSessions()
    fakes.install(monkeypatch, made)
    return made


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    """A new library is followed; no test leaves a watcher behind."""
    yield
    backend.close_sessions()


def choice(app: AppTest) -> list[str]:
    return list(app.selectbox(key="library_choice").options)


def rows(app: AppTest) -> list[dict[str, object]]:
    (data,) = [one for one in drawn(app) if one["view"] == "libraries"]
    found: list[dict[str, object]] = data["rows"]
    return found


def test_libraries_stand_in_the_choice_and_on_their_page(
    sessions: fakes.FakeSessions, home: Path
) -> None:
    libraries_backend.create("Harbour inquiry")
    app = start()
    assert choice(app) == ["My articles", "Harbour inquiry", "Demo"]
    app.switch_page("libraries.py").run()
    assert [row["name"] for row in rows(app)] == ["My articles", "Harbour inquiry", "Demo"]
    assert [row["open"] for row in rows(app)] == [True, False, False]
    assert [row["named"] for row in rows(app)] == [True, True, False]


def test_switching_forgets_the_answer_and_its_words(
    sessions: fakes.FakeSessions, home: Path
) -> None:
    key = libraries_backend.create("Harbour inquiry")
    app = ask(start(), "why did the quay close?")
    assert app.query_params["answer"] == "s1"
    app.selectbox(key="library_choice").set_value(key)
    app.run()
    assert "answer" not in app.query_params
    assert app.query_params["library"] == key
    assert "session" not in app.session_state
    assert not any(one.value for one in [*app.text_area, *app.text_input])


def test_an_address_opens_its_library(sessions: fakes.FakeSessions, home: Path) -> None:
    key = libraries_backend.create("Harbour inquiry")
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.query_params["library"] = key
    app.run()
    assert app.selectbox(key="library_choice").value == key


def test_back_and_forward_lead_over_a_switch(sessions: fakes.FakeSessions, home: Path) -> None:
    key = libraries_backend.create("Harbour inquiry")
    app = ask(start(), "why did the quay close?")
    app.selectbox(key="library_choice").set_value(key)
    app.run()
    app.query_params.clear()  # what Back does
    app.query_params["answer"] = "s1"
    app.run()
    assert app.selectbox(key="library_choice").value == ""
    assert app.session_state["session"] == "s1"
    app.query_params.clear()
    app.query_params["library"] = key
    app.run()
    assert app.selectbox(key="library_choice").value == key
    assert "session" not in app.session_state


@pytest.mark.parametrize("key", ["../library", "gone", "/etc", "library-others"])
def test_an_address_of_no_library_is_told(
    sessions: fakes.FakeSessions, home: Path, key: str
) -> None:
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.query_params["library"] = key
    app.run()
    assert "not on this computer" in html(app)
    assert app.selectbox(key="library_choice").value == ""
    assert "library" not in app.query_params


def test_an_unknown_page_is_told_once(sessions: fakes.FakeSessions, home: Path) -> None:
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.query_params["no_page"] = "1"
    app.run()
    assert "no page at that address" in html(app)
    app.run()
    assert "no page at that address" not in html(app)


def test_a_library_without_questions_begins_with_its_own_names(
    sessions: fakes.FakeSessions, home: Path
) -> None:
    app = start()
    (button,) = [one for one in app.button if one.label in fakes.SUGGESTED]
    button.click().run()
    assert sessions.asked[-1][0] == fakes.SUGGESTED[0]


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (LibraryError("library.db is damaged."), "library.db is damaged."),
        (sqlite3.OperationalError("database is locked"), "database is locked"),
        (PermissionError(13, "Permission denied"), "Permission denied"),
    ],
)
def test_a_library_that_cannot_be_read_is_told_in_its_own_row(
    sessions: fakes.FakeSessions,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: Exception,
    told: str,
) -> None:
    key = libraries_backend.create("Harbour inquiry")
    whole = backend.counts

    def counts(settings: Settings) -> dict[str, int]:
        if settings.home.name == key:
            raise failure
        return whole(settings)

    monkeypatch.setattr(backend, "counts", counts)
    app = start()
    app.switch_page("libraries.py").run()
    assert not app.exception
    mine, broken, demo = rows(app)
    assert told in str(broken["state"])
    assert broken["trouble"]
    assert (mine["state"], mine["trouble"]) == ("1 article", False)
    assert demo["name"] == "Demo"


def test_an_open_library_that_cannot_be_read_leaves_the_choice_of_another(
    sessions: fakes.FakeSessions, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    libraries_backend.create("Harbour inquiry")

    def locked(settings: Settings) -> dict[str, int]:
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(backend, "counts", locked)
    app = start()
    assert choice(app) == ["My articles", "Harbour inquiry", "Demo"]
    assert "can’t be opened" in html(app)  # in the sidebar
    assert "The library&#x27;s disk did not answer: database is locked" in html(app)
    assert "You can open another library" in html(app)  # below it
    assert "Try again" in [button.label for button in app.button]
    app.switch_page("settings.py").run()
    assert not app.exception


def test_a_failing_sidebar_takes_no_page_away(
    sessions: fakes.FakeSessions, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(pages: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(shell, "sidebar", gone)
    app = start()
    assert "the disk is gone" in html(app)
    assert app.text_area[0] is not None


def test_a_library_of_files_that_gave_no_article_says_so_everywhere(
    sessions: fakes.FakeSessions, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = {"indexed": 0, "empty": 0, "skipped": 0, "failed": 1, "articles": 0, "passages": 0}
    monkeypatch.setattr(backend, "counts", lambda _: counts)
    app = start()
    assert "1 file was looked at, and no article found" in html(app)
    assert [button.label for button in app.button] == ["See why", "Try the demo"]
    for page in ("search.py", "quotation.py", "map.py"):
        app.switch_page(page).run()
        assert "1 file was looked at, and no article found" in html(app)
        assert not app.exception
    counts["failed"] = 0
    app.switch_page("ask.py").run()
    assert "looked at" not in html(app)
    assert [button.label for button in app.button] == ["Add a folder", "Try the demo"]
