"""The pages for searching and for quotations in Streamlit's test harness, on a small library
without a model."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import settings as core_settings
from core.records import Article, Reading, SourceFile, SpanRun
from index import embed
from index.store import open_library
from tests.ui import fakes
from ui import address
from ui.search_data import Search

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


def test_filters_without_words_list_their_articles() -> None:
    _, data = start("search.py", outlet="courier")
    assert [one["source"] for one in data["results"]] == [
        "Courier · 1 Apr 2025",
        "Courier · no date",
    ]
    assert data["results"][0]["text"] == [["The quay opened again.", ""]]
    assert data["count"] == "2 articles, newest first"
    _, data = start("search.py", after="2025-04", sort="oldest")
    assert data["count"] == "1 article, oldest first"
    assert data["note"] == "1 article without a date left out"


def test_the_address_brings_a_search_back() -> None:
    app, data = start("search.py", words="quay", after="2025-04", sort="date", all="1")
    assert [result["source"] for result in data["results"]] == ["Courier · 1 Apr 2025"]
    assert (data["words"], data["sort"], data["everything"]) == ("quay", "date", True)
    assert data["mentions"] == 1
    assert app.query_params["after"] == "2025-04"


def pressed(
    monkeypatch: pytest.MonkeyPatch, page: str, words: str, *actions: dict[str, Any]
) -> dict[str, Any]:
    """What the page shows in the end, after presses that came while it was drawn."""
    drawn: list[dict[str, Any]] = []
    written: list[dict[str, list[str]]] = []  # what stands in the browser before the next run
    waiting = list(actions)

    def draw(data: dict[str, Any], key: str, on_action: Callable[[dict[str, Any]], None]) -> None:
        if key == "desk_theme":
            return
        drawn.append(data)
        if waiting:
            action = waiting.pop(0)
            on_action(action(data) if callable(action) else action)
        written.append(address.shown())

    monkeypatch.setattr("ui.desk.draw", draw)
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.query_params["words"] = words
    app.switch_page(page)
    for _ in range(len(actions) + 1):
        app.run()
        assert not app.exception
        app.query_params = dict(written[-1])
    return drawn[-1] | {"address": written[-1]}


def typed(words: str, serial: int) -> dict[str, Any]:
    return {"type": "words", "words": words, "typing": True, "serial": serial}


def test_a_press_opens_the_result_that_was_pressed(monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[str] = []

    def newer(data: dict[str, Any]) -> dict[str, Any]:
        keys.extend(result["key"] for result in data["results"])
        return typed("ferry", 1)

    def old(data: dict[str, Any]) -> dict[str, Any]:
        return {"type": "open", "kind": "hit", "key": keys[0], "index": 0}

    data = pressed(monkeypatch, "search.py", "quay", newer, old)
    assert data["words"] == "ferry"
    assert keys[0].endswith(data["reader"]["path"])
    assert data["address"]["said"] == ["The quay closed."]
    assert data["message"] == ""


def test_a_result_that_is_gone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    press = {"type": "open", "kind": "hit", "key": "0-9 /news/gone.txt"}
    data = pressed(monkeypatch, "search.py", "quay", press)
    assert data["reader"] is None
    assert "gone, since it was listed" in data["message"]
    press = {"type": "open", "kind": "place", "key": "0-9 /news/gone.txt"}
    data = pressed(monkeypatch, "quotation.py", "the quay closed", press)
    assert data["reader"] is None
    assert "gone, since it was listed" in data["message"]
    assert data["asked"]


def test_more_results_are_the_pages_not_the_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.search_data.Search", lambda **given: Search(**given, shown=1))
    monkeypatch.setattr("ui.search_data.PAGE_HITS", 1)
    assert len(pressed(monkeypatch, "search.py", "quay")["results"]) == 1
    data = pressed(monkeypatch, "search.py", "quay", {"type": "more_results"})
    assert len(data["results"]) == 2


def test_names_are_found_by_their_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    find = {"type": "find", "name": "outlets", "letters": "GAZ"}
    data = pressed(monkeypatch, "search.py", "quay", find)
    assert [outlet["value"] for outlet in data["outlets"]] == ["Gazette"]
    assert data["names"] == {"outlets": 2, "folders": 1}
    assert data["finding"] == {"outlets": "GAZ"}


def test_a_time_in_the_words_is_a_limit_until_it_is_taken_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = "quay in articles from April 2025"
    _, data = start("search.py", words=words)
    assert data["taken"] == "only articles of Apr 2025, for “from April 2025”"
    assert [result["source"] for result in data["results"]] == ["Courier · 1 Apr 2025"]
    assert data["count"] == "1 best passage · 1 article has this word"
    _, data = start("search.py", words=words, literal="1")
    assert (data["taken"], len(data["results"])) == ("", 2)
    data = pressed(monkeypatch, "search.py", words, {"type": "literal"})
    assert (data["taken"], len(data["results"])) == ("", 2)


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
    assert keys == {f"search-address {home}", f"quotation-1 {home}"}


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
