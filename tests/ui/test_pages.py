"""The pages in Streamlit's own test harness, with fakes behind them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from answer.writing.listed import Listed
from core.errors import LibraryError
from core.records import Filters
from tests.ui import fakes
from ui.reader_data import Place

MAIN = Path(__file__).parents[2] / "ui" / "main.py"


def drawn(app: AppTest) -> list[dict[str, Any]]:
    """What the page handed to the component, in order."""
    return [json.loads(element.proto.json) for element in app.get("bidi_component")]


def desk(app: AppTest, view: str = "ask") -> dict[str, Any]:
    return next(data for data in drawn(app) if data["view"] == view)


def html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


@pytest.fixture
def sessions(monkeypatch: pytest.MonkeyPatch) -> fakes.FakeSessions:
    made = fakes.FakeSessions()
    fakes.install(monkeypatch, made)
    return made


def ways(app: AppTest) -> list[str]:
    return [label for _, label in desk(app, "choices")["ways"]]


def start() -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=30).run()
    assert not app.exception
    return app


def ask(app: AppTest, question: str) -> AppTest:
    app.text_area[0].set_value(question)
    app.button[0].click()
    return app.run()


def test_a_question_is_started_and_its_answer_drawn(sessions: fakes.FakeSessions) -> None:
    app = ask(start(), "why did the quay close?")
    assert sessions.asked == [("why did the quay close?", Filters(), "none")]
    data = desk(app)
    assert data["answer"]["claims"][0]["marks"] == [1]
    assert data["reader"] is None
    assert app.query_params["answer"] == "s1"


def test_way_and_limits_reach_the_question(sessions: fakes.FakeSessions) -> None:
    app = start()
    limits = Filters(after="2025-03", outlet="Harbour Gazette")
    app.session_state["filters"] = limits
    ask(app, "why?")
    assert sessions.asked == [("why?", limits, "none")]
    assert [chip["label"] for chip in desk(app, "choices")["chips"]] == [
        "from Mar 2025",
        "Harbour Gazette",
    ]
    app.session_state["way"] = "small-model"
    ask(app, "why then?")
    assert sessions.asked[1] == ("why then?", limits, "small-model")


def test_what_limits_a_question_is_read_once_while_it_runs(
    sessions: fakes.FakeSessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui import asking, scope_backend

    read: list[Filters] = []

    def scope_words(settings: Any, limits: Filters) -> str:
        read.append(limits)
        return "only “The crack”"

    monkeypatch.setattr(scope_backend, "titles", lambda _, ids: {})
    monkeypatch.setattr(asking, "scope_words", scope_words)
    sessions.result = replace(fakes.DONE, state="writing", answer=None, filters=Filters("2025"))
    app = ask(start(), "why did the quay close?")
    for _ in range(4):
        app.run()
    assert desk(app)["scope"] == "only “The crack”"
    assert read == [Filters("2025")]
    sessions.result = replace(sessions.result, filters=Filters("2024"), session_id="s2")
    ask(app, "and before?")
    assert read == [Filters("2025"), Filters("2024")]


def test_an_answer_that_is_opened_again_brings_what_it_was_limited_to(
    sessions: fakes.FakeSessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui import scope_backend

    monkeypatch.setattr(scope_backend, "titles", lambda _, ids: {"a1": "The crack"})
    limits = Filters(language="de", folders=("/news",), articles=("a1", "a2"))
    sessions.result = replace(fakes.DONE, filters=limits)
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.query_params["answer"] = "s1"
    app.run()
    labels = [chip["label"] for chip in desk(app, "choices")["chips"]]
    assert labels == [
        "in German", "in /news", "only “The crack”", "only “an article that is gone”",
    ]  # fmt: skip
    assert desk(app)["scope"] == " · ".join(labels)
    ask(app, "and then?")
    assert sessions.asked == [("and then?", limits, "none")]


def test_limits_in_the_address_are_those_of_the_first_question(
    sessions: fakes.FakeSessions,
) -> None:
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.query_params["folder"] = ["/news", "/old"]
    app.run()
    ask(app, "why?")
    assert sessions.asked == [("why?", Filters(folders=("/news", "/old")), "none")]


@pytest.mark.parametrize("after", ["2025-²", "2025-13", "nonsense"])
def test_a_date_in_the_address_that_is_none_is_told_and_dropped(
    sessions: fakes.FakeSessions, after: str
) -> None:
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.query_params["after"] = after
    app.query_params["outlet"] = "Gazette"
    app.run()
    assert not app.exception
    assert f"“{after}” is not a date" in desk(app, "choices")["trouble"]
    ask(app, "why?")
    assert sessions.asked == [("why?", Filters(outlet="Gazette"), "none")]


def test_the_models_of_ones_own_server_can_be_chosen_once_they_are_known(
    sessions: fakes.FakeSessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui import models_backend

    listed = [Listed(is_known=False)]
    monkeypatch.setattr(models_backend, "server_ways", lambda _: listed[0])
    app = start()  # does not wait
    assert ways(app) == ["Quotations", "Written by small-model"]
    listed[0] = Listed(("server:qwen3:4b",))
    app.run()
    assert ways(app)[2:] == ["Written by qwen3:4b on your server"]
    app.session_state["way"] = "server:qwen3:4b"
    ask(app, "why?")
    assert sessions.asked == [("why?", Filters(), "server:qwen3:4b")]
    listed[0] = Listed(problem="Nothing <b> answers there.")  # the choice is not taken away
    app.run()
    assert desk(app, "choices")["way"] == "server:qwen3:4b"
    assert "Written by qwen3:4b on your server" in ways(app)
    assert "Nothing &lt;b&gt; answers there." in html(start())


def test_a_time_of_reports_becomes_a_filter_that_the_next_question_does_not_keep(
    sessions: fakes.FakeSessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import date

    from index.finding import when
    from ui import backend

    monkeypatch.setattr(
        backend,
        "understood",
        lambda _, question: when.time_words(question, None, date(2025, 9, 1)),
    )
    app = ask(start(), "articles on the quay from March 2025")
    assert sessions.asked[-1][1] == Filters(after="2025-03", before="2025-03")
    assert [chip["label"] for chip in desk(app, "choices")["chips"]] == ["of Mar 2025"]
    ask(app, "who said so?")
    assert sessions.asked[-1][1] == Filters()
    ask(app, "what broke in March?")
    assert sessions.asked[-1][1] == Filters()
    assert desk(app, "choices")["offered"] == "Only articles of Mar 2025"


def test_a_wrong_date_is_named_and_nothing_is_asked(sessions: fakes.FakeSessions) -> None:
    app = start()
    app.session_state["filters"] = Filters(before="July <b>")
    ask(app, "why?")
    assert sessions.asked == []
    assert "is not a date" in html(app)
    assert "<b>" not in html(app)


def test_an_empty_question_starts_nothing(sessions: fakes.FakeSessions) -> None:
    ask(start(), "   ")
    assert sessions.asked == []


def test_a_reload_finds_the_question_again(sessions: fakes.FakeSessions) -> None:
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.query_params["answer"] = "s1"
    app.run()
    assert desk(app)["key"] == "s1"
    assert app.text_area[0].value == sessions.result.question


def test_an_unknown_question_in_the_address_is_forgotten(sessions: fakes.FakeSessions) -> None:
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.query_params["answer"] = "gone"
    app.run()
    assert not app.exception
    assert desk(app)["key"] == ""
    assert "answer" not in app.query_params
    assert "not among the saved ones" in html(app)


def test_a_running_question_is_looked_at_again(sessions: fakes.FakeSessions) -> None:
    sessions.result = replace(fakes.DONE, state="writing", answer=None, claims=())
    app = ask(start(), "why?")
    assert desk(app)["running"] is True
    assert desk(app)["cards"]["items"]


def test_an_empty_library_offers_a_folder_and_the_demo(
    sessions: fakes.FakeSessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    fakes.install(monkeypatch, sessions, articles=0)
    app = start()
    assert [button.label for button in app.button] == ["Add a folder", "Try the demo"]


def test_the_demo_is_read_by_a_job_into_its_own_home(
    sessions: fakes.FakeSessions, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    from ui import backend

    started: list[tuple[Path, str, list[str]]] = []
    fakes.install(monkeypatch, sessions, articles=0)
    monkeypatch.setattr(backend, "job", lambda _: fakes.job() if started else None)
    monkeypatch.setattr(
        backend,
        "start_job",
        lambda settings, action, paths: started.append((settings.home, action, paths)),
    )
    app = start()
    app.button[1].click().run()
    assert started == [(home.parent / "demo", "add", [str(backend.DEMO_ARTICLES)])]
    assert "Demo: written for this app" in html(app)
    assert desk(app, "job")


def test_models_and_names_are_shown_as_text(
    sessions: fakes.FakeSessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui import backend

    monkeypatch.setattr(backend, "missing_parts", lambda _: ["<img src=x> [a](http://evil)"])
    assert "&lt;img src=x&gt;" in html(start())


def test_the_library_page_lists_files_with_status_and_reason(
    sessions: fakes.FakeSessions,
) -> None:
    app = start().switch_page("library.py").run()
    views = {data["view"]: data for data in drawn(app)}
    assert {"job", "folders", "files"} <= set(views)
    assert views["files"]["rows"][3]["reason"] == "permission denied"
    assert views["folders"]["folders"][0]["path"] == "/articles"


def test_choices_outlive_a_look_at_the_library(sessions: fakes.FakeSessions) -> None:
    app = start()
    app.session_state["way"] = "small-model"
    ask(app, "why?")
    app.switch_page("library.py").run()
    app.switch_page("ask.py").run()
    assert desk(app, "choices")["way"] == "small-model"
    assert app.text_area[0].value == "why?"
    assert desk(app)["key"] == "s1"


def test_a_named_failure_is_shown_without_a_trace(
    sessions: fakes.FakeSessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui import backend

    def broken(_: object) -> dict[str, int]:
        raise LibraryError("library.db is <damaged>.")

    monkeypatch.setattr(backend, "counts", broken)
    app = start()
    assert "library.db is &lt;damaged&gt;." in html(app)


def test_the_library_page_follows_and_the_demo_does_not(
    sessions: fakes.FakeSessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui import backend

    monkeypatch.setattr(backend, "last_looked", lambda _: 0.0)
    app = start().switch_page("library.py").run()
    folders = next(data for data in drawn(app) if data["view"] == "folders")
    assert folders["follows"] is True
    assert "1970" in folders["looked"] or "1969" in folders["looked"]
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.query_params["library"] = "demo"
    app.run().switch_page("library.py").run()
    folders = next(data for data in drawn(app) if data["view"] == "folders")
    assert (folders["follows"], folders["editable"]) == (False, False)


def test_an_opened_source_is_read_once_however_often_the_page_is_drawn(
    sessions: fakes.FakeSessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui import backend

    read: list[str] = []

    def view(_: Any, place: Place, cited: object) -> Any:
        assert cited == fakes.CITATIONS[0]
        read.append(place.path)
        return fakes.opened(place)

    monkeypatch.setattr(backend, "view", view)
    app = ask(start(), "why did the quay close?")
    cited = fakes.CITATIONS[0]
    place = Place(fakes.PATH, cited.start, cited.end, 1)
    app.session_state["reader"] = ("s1-1", place)
    app.run()
    app.run()
    assert desk(app)["reader"]["number"] == 1
    assert read == [fakes.PATH]
    app.session_state["reader"] = ("s1-2", place)
    app.run()
    assert len(read) == 2


def test_a_text_is_sent_once_while_a_question_runs(
    sessions: fakes.FakeSessions, home: Path
) -> None:
    sessions.result = replace(fakes.DONE, state="writing", answer=None)
    app = ask(start(), "why did the quay close?")
    cited = fakes.CITATIONS[0]
    place = Place(fakes.PATH, cited.start, cited.end, 1, cited.quote)
    app.session_state["reader"] = ("r1", place)
    app.run()
    assert desk(app)["reader"]["clean"]
    app.run()
    assert desk(app)["reader"] == {"key": f"r1 {home}", "number": 1, "same": True}
    sessions.result = replace(sessions.result, citations=fakes.CITATIONS[:1])
    app.run()
    assert desk(app)["reader"]["pager"]["words"] == "1 of 1"  # something is new
    sessions.result = fakes.DONE
    app.run()
    assert desk(app)["reader"]["clean"]


def test_an_open_reader_stands_in_the_address_and_comes_back_by_it(
    sessions: fakes.FakeSessions,
) -> None:
    cited = fakes.CITATIONS[1]
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    named = {"file": fakes.PATH, "from_char": str(cited.start), "to_char": str(cited.end)}
    for name, value in ({"answer": "s1"} | named).items():
        app.query_params[name] = value
    app.run()
    shown = desk(app)["reader"]
    assert (shown["number"], shown["pager"]["words"]) == (2, "2 of 2")
    assert shown["link"].startswith("article?file=%2Farticles%2Fharbour.txt&from_char=")
    ask(app, "and then?")  # another question closes it
    assert desk(app)["reader"] is None
    assert "file" not in app.query_params


def test_an_article_of_the_map_can_be_asked_alone(sessions: fakes.FakeSessions) -> None:
    app = start().switch_page("map.py").run()
    app.session_state["to_ask"] = True
    app.session_state["filters"] = Filters(articles=("a1",))
    app.run()
    assert desk(app, "choices")["chips"][0]["field"] == "articles"


def test_a_switch_of_libraries_takes_no_question_along(sessions: fakes.FakeSessions) -> None:
    app = ask(start(), "why?")
    before = app.text_area[0].key
    app.sidebar.selectbox[0].set_value("demo").run()
    fields = app.session_state["question_fields"]
    assert f"question_{fields}" != before


def test_an_article_has_a_page_of_its_own(sessions: fakes.FakeSessions) -> None:
    app = start().switch_page("article.py").run()
    assert "Its address names none" in html(app)
    app.query_params["file"] = fakes.PATH
    app.run()
    assert desk(app, "article")["reader"]["path"] == fakes.PATH
    app.session_state["to_ask"] = True
    app.session_state["filters"] = Filters(articles=("a1",))
    app.run()
    assert desk(app, "choices")["chips"][0]["field"] == "articles"
