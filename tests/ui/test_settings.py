"""The settings: kept in desk.db, shown as they are kept, and safe where they can't be."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from answer.desk import open_desk
from core.settings import Settings
from tests.ui import fakes
from ui import settings_backend, settings_data
from ui.settings_backend import Place

MAIN = Path(__file__).parents[2] / "ui" / "main.py"


@pytest.fixture
def settings(home: Path) -> Settings:
    return Settings(home=home)


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    fakes.install(monkeypatch, fakes.FakeSessions())
    return AppTest.from_file(str(MAIN), default_timeout=30).run().switch_page("settings.py").run()


def kept(settings: Settings, key: str) -> str | None:
    with open_desk(settings) as desk:
        return desk.setting(key)


def test_defaults_without_a_desk_and_nothing_is_created(settings: Settings) -> None:
    assert settings_backend.theme(settings) == "follow"
    assert settings_backend.way(settings) == "none"
    assert not settings.desk_path.exists()


@pytest.mark.parametrize(
    ("value", "theme"), [("dark", "dark"), ("light", "light"), ("pink", "follow"), ("", "follow")]
)
def test_an_unknown_look_is_the_system_s(settings: Settings, value: str, theme: str) -> None:
    with open_desk(settings) as desk:
        desk.set_setting("theme", value)
    assert settings_backend.theme(settings) == theme


@pytest.mark.parametrize(
    ("value", "way"),
    [("small-model", "small-model"), ("server:x", "server:x"), ("gone", "none"), ("none", "none")],
)
def test_a_model_that_is_gone_is_no_way_to_begin_with(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, value: str, way: str
) -> None:
    fakes.install(monkeypatch, fakes.FakeSessions())
    settings_backend.set_way(settings, value)
    assert settings_backend.way(settings) == way


def test_a_damaged_desk_changes_no_look(settings: Settings) -> None:
    settings.home.mkdir()
    settings.desk_path.write_bytes(b"not a database" * 400)
    assert settings_backend.theme(settings) == "follow"
    assert settings_backend.way(settings) == "none"


def test_choices_are_kept_at_once(app: AppTest, settings: Settings) -> None:
    assert not app.exception
    app.selectbox(key="setting_way").set_value("small-model").run()
    app.radio(key="setting_left_out").set_value(True).run()
    app.radio(key="setting_theme").set_value("dark").run()
    app.toggle(key="setting_follow").set_value(False).run()
    assert not app.exception
    assert [kept(settings, key) for key in ("way", "left_out", "theme", "watch")] == [
        "small-model",
        "shown",
        "dark",
        "off",
    ]
    assert app.radio(key="setting_theme").value == "dark"
    assert app.session_state["theme"] == "dark"


def test_the_way_of_the_settings_is_the_ask_page_s(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    fakes.install(monkeypatch, fakes.FakeSessions())
    settings_backend.set_way(settings, "small-model")
    app = AppTest.from_file(str(MAIN), default_timeout=30).run()
    assert app.session_state["way"] == "small-model"


def test_places_have_names_paths_and_sizes(settings: Settings) -> None:
    settings.home.mkdir()
    settings.desk_path.write_bytes(b"x" * 2000)
    places = settings_backend.places(settings)
    assert {place.path for place in places} >= {
        str(settings.library_path),
        str(settings.desk_path),
        str(settings.uploads_path),
    }
    assert {place.name: place.bytes for place in places}["Your work"] == 2000
    data = settings_data.places_data(
        [Place("Library", "/a/library.db", 3_200_000, "texts")], settings
    )
    assert data["places"][0]["size"] == "3.2 MB"
