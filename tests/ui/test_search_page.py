"""The pages for searching and for quotations in Streamlit's test harness, on a small library
without a model."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import settings as core_settings
from core.records import Article, Reading, SourceFile, SpanRun
from index import embed
from index.store import open_library
from tests.ui import fakes

MAIN = Path(__file__).parents[2] / "ui" / "main.py"
TEXTS = {
    "/news/quay.txt": ("Gazette", "2025-03-09", "The quay closed. A <b>crack</b> had opened."),
    "/news/later.txt": ("Courier", "2025-04-01", "The quay opened again."),
    "/news/ferry.txt": ("Courier", None, "The ferry sails."),
}


@pytest.fixture(autouse=True)
def world(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ui import search_backend

    fakes.install(monkeypatch, fakes.FakeSessions())
    monkeypatch.setattr(search_backend, "example_words", lambda _: ["North Quay"])
    monkeypatch.setattr("index.encoding.encoder.load_encoder", lambda _: None)
    with open_library(core_settings.load()) as library:
        for path, (outlet, day, text) in TEXTS.items():
            spans = (SpanRun(0, len(text), 0, len(text)),)
            article = Article(path, path, 0, path, outlet, None, day, None, "en", text, spans)
            file = SourceFile(path, 1, 1, "x", "utf-8", "text", "indexed")
            embed.index_reading(library, Reading(file, text, (article,), ()), path, None)


def start(page: str, **parameters: str) -> tuple[AppTest, dict[str, Any]]:
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    for name, value in parameters.items():
        app.query_params[name] = value
    app.switch_page(page).run()
    assert not app.exception
    return app, json.loads(app.get("bidi_component")[-1].proto.json)


def test_an_empty_search_shows_the_library() -> None:
    _, data = start("search.py")
    assert data["view"] == "search"
    assert data["results"] == []
    assert data["library"]["bars"] == [["2025-03", "Mar 2025", 1], ["2025-04", "Apr 2025", 1]]
    assert data["examples"] == ["North Quay"]
    assert data["timeline"] is None


def test_the_address_brings_a_search_back() -> None:
    app, data = start("search.py", words="quay", after="2025-04", sort="date", all="1")
    assert [result["source"] for result in data["results"]] == ["Courier · 1 Apr 2025"]
    assert (data["words"], data["sort"], data["everything"]) == ("quay", "date", True)
    assert data["mentions"] == 1
    assert app.query_params["after"] == "2025-04"


def test_without_a_model_words_find() -> None:
    _, data = start("search.py", words="quay")
    assert len(data["results"]) == 2
    assert data["note"] == "by words alone, as no encoder is installed"


def test_nonsense_in_the_address_is_told_and_left() -> None:
    _, data = start("search.py", words="quay", after="x", sort="y", file="/news", from_char="-1")
    assert "“x” is not a date" in data["message"]
    assert len(data["results"]) == 2
    assert data["reader"] is None


def test_a_place_in_the_address_opens_the_reader() -> None:
    place = {"file": fakes.PATH, "from_char": str(fakes.OFFSET), "to_char": str(fakes.OFFSET + 20)}
    for page in ("search.py", "quotation.py"):
        _, data = start(page, words="quay", **place)
        assert data["reader"]["path"] == fakes.PATH


def test_each_page_and_library_has_openings_of_its_own() -> None:
    place = {"file": fakes.PATH, "from_char": str(fakes.OFFSET), "to_char": str(fakes.OFFSET + 20)}
    keys = {start(page, words="quay", **place)[1]["reader"]["key"]
            for page in ("search.py", "quotation.py")}  # fmt: skip
    home = core_settings.load().home
    assert keys == {f"search-address {home}", f"quotation-address {home}"}


def test_limits_without_a_list_are_chips() -> None:
    _, data = start("search.py", words="quay", path="/news/later*", article="gone")
    labels = ["files /news/later*", "only “an article that is gone”"]
    assert [chip["label"] for chip in data["limits"]] == labels


def test_a_failure_of_the_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from ui import quotation_data, search_backend

    def fails(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(search_backend, "find", fails)
    monkeypatch.setattr(quotation_data, "quotation_data", fails)
    for page in ("search.py", "quotation.py"):
        app = AppTest.from_file(str(MAIN), default_timeout=30).switch_page(page).run()
        assert not app.exception
        told = "\n".join(element.proto.body for element in app.get("html"))
        assert "disk did not answer: disk I/O error" in told


def test_a_thousand_words_in_the_address_find_nothing_and_break_nothing() -> None:
    _, data = start("search.py", words="quay " + " ".join(chr(0x4E00 + n) for n in range(900)))
    assert data["mentions"] == 0


def test_a_quotation_is_looked_up_from_the_address() -> None:
    _, data = start("quotation.py", words="“the quay CLOSED.”")
    assert data["asked"]
    assert [place["source"] for place in data["exact"]] == ["Gazette · 9 Mar 2025"]
    assert data["exact"][0]["parts"] == [["The quay closed.", ""]]


def test_a_quotation_without_words_is_told() -> None:
    _, data = start("quotation.py", words="?!")
    assert "no words" in data["message"]


def test_an_empty_library_is_told_kindly(monkeypatch: pytest.MonkeyPatch) -> None:
    fakes.install(monkeypatch, fakes.FakeSessions(), articles=0)
    for page, words in (("search.py", "nothing to search"), ("quotation.py", "no articles")):
        app = AppTest.from_file(str(MAIN), default_timeout=30).switch_page(page).run()
        assert not app.exception
        assert words in "\n".join(element.proto.body for element in app.get("html"))
