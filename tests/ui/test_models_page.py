"""The models page in Streamlit's own test harness, with fakes behind it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from answer.writing.listed import Listed
from answer.writing.model_tasks import Task
from answer.writing.models import Overview
from core.errors import ModelError
from tests.ui.test_models_data import HERE, MODEL
from ui import models_backend

MAIN = Path(__file__).parents[2] / "ui" / "main.py"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the page asked for; an overview of two models, nothing running, no server."""
    made: list[tuple[str, str]] = []

    def note(kind: str) -> Any:
        return lambda settings, name="": made.append((kind, name))

    found = Overview(16 * 10**9, 9 * 10**9, 99 * 10**9, (HERE, MODEL), ("entry 1 is left out",))
    fakes = {kind: note(kind) for kind in ("download", "measure", "verify", "stop", "discard")}
    fakes |= {"overview": lambda _: found, "tasks": lambda _: {}, "downloading": lambda _: False}
    fakes |= {"forget_file": note("forget")}
    fakes |= {"use_file": lambda _, path: Path(path).stem}
    for name, fake in fakes.items():
        monkeypatch.setattr(models_backend, name, fake)
    return made


def start() -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=30).run()
    app.switch_page("models.py").run()
    assert not app.exception
    return app


def drawn(app: AppTest, view: str) -> dict[str, Any]:
    found = [json.loads(element.proto.json) for element in app.get("bidi_component")]
    (data,) = [data for data in found if data["view"] == view]
    written: dict[str, Any] = data
    return written


def test_the_list_and_what_stands_below_it(calls: list[tuple[str, str]]) -> None:
    app = start()
    data = drawn(app, "models")
    assert [model["name"] for model in data["writers"]] == ["small", "small"]
    assert data["problems"] == ["entry 1 is left out"]
    assert drawn(app, "moremodels")["server"] == ""
    assert calls == []


def test_the_sidebar_says_when_something_is_downloaded(
    calls: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "downloading a model from huggingface.co"
    assert words not in "".join(element.proto.body for element in start().get("html"))
    monkeypatch.setattr(models_backend, "downloading", lambda _: True)
    assert words in "".join(element.proto.body for element in start().get("html"))


def test_a_running_download_is_drawn(
    calls: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models_backend, "tasks", lambda _: {"small": Task("small", "download")})
    data = drawn(start(), "models")
    assert data["writers"][1]["task"]["title"] == "Downloading"
    assert data["writers"][1]["stop"]


def test_a_desk_that_can_t_be_read_is_named(
    calls: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Any) -> Any:
        raise ModelError("desk.db <b> is damaged")

    monkeypatch.setattr(models_backend, "overview", broken)
    app = start()
    body = "".join(element.proto.body for element in app.get("html"))
    assert "desk.db &lt;b&gt; is damaged" in body


def test_a_server_that_does_not_answer_leaves_the_page_whole(
    calls: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        models_backend, "server_ways", lambda _: Listed(problem="Nothing <b> answers")
    )
    assert drawn(start(), "moremodels")["serverProblem"] == "Nothing <b> answers"


def test_a_file_whose_name_is_taken_is_refused(tmp_path: Path) -> None:
    from core.settings import Settings
    from tests.core.gguf_bytes import gguf_bytes

    settings = Settings(home=tmp_path / "home")
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mine.gguf").write_bytes(gguf_bytes())
    path = str(tmp_path / "a" / "mine.gguf")
    assert models_backend.use_file(settings, f" {path} ") == "mine"
    assert models_backend.use_file(settings, path) == "mine"
    with pytest.raises(ModelError, match="the same name"):
        models_backend.use_file(settings, str(tmp_path / "b" / "mine.gguf"))
    models_backend.forget_file(settings, path)
    assert models_backend.use_file(settings, str(tmp_path / "b" / "mine.gguf")) == "mine"
