"""The reader over a real library: a file that changes after the answer marks no other words."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import streamlit as st

from answer.ask import Finished, ask
from answer.looking import Tools, load_models
from answer.session import Sessions, SessionView, saved_view
from core.settings import Settings
from index import build
from index.store import open_library
from tests.ui.test_reader_data import marked
from ui import answer_data, reader, reader_data
from ui.reader_data import Place

FIRST = "The ferry Selma sank off Holm because water had entered the engine room."
SECOND = "Captain Ida Moss ordered the crew of the ferry Selma into the boats."
TEXT = f"The ferry Selma\n\n{FIRST}\n\n{SECOND}\n"


class Desk:
    """A library of one file, and what the reader shows of it."""

    def __init__(self, settings: Settings, path: Path) -> None:
        self.settings, self.path, self.opened = settings, path, 0

    def write(self, text: str) -> None:
        self.path.write_text(text, "utf-8")
        with open_library(self.settings) as library:
            build.add(library, [str(self.path)], None)

    def ask(self, question: str) -> SessionView:
        with open_library(self.settings) as library:
            *_, last = ask(Tools(library, load_models(self.settings)), question)
        assert isinstance(last, Finished)
        return saved_view(last.answer)

    def open(self, view: SessionView, kind: str, index: int) -> dict[str, Any]:
        self.opened += 1
        place = answer_data.place(view, kind, index)
        assert place is not None
        return reader.data(self.settings, f"k{self.opened}", place, answer_data.citations(view))


@pytest.fixture
def desk(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(st, "session_state", {})
    folder = tmp_path / "articles"
    folder.mkdir()
    made = Desk(settings, folder / "ferry.txt")
    made.write(TEXT)
    return made


def words_of(data: dict[str, Any], kind: str = "main") -> set[str]:
    """The marked words in both views of the text; paragraphs are drawn without what parts them."""
    return {bare(marked(data[mode]["lines"], kind)) for mode in ("clean", "original")}


def bare(words: str) -> str:
    return "".join(words.split())


def the_nearest(desk: Desk) -> SessionView:
    view = desk.ask("What is the capital of Mongolia?")
    if not view.nearest:
        view = desk.ask("Who painted the ferry Selma green?")
    assert view.nearest
    return view


@pytest.mark.parametrize("kind", ["citation", "nearest"])
def test_words_are_followed_to_where_they_stand_and_told_where_they_are_gone(
    desk: Desk, kind: str
) -> None:
    view = desk.ask("Why did the ferry Selma sink?") if kind == "citation" else the_nearest(desk)
    index = 1 if kind == "citation" else 0
    words = view.citations[0].quote if kind == "citation" else view.nearest[0].text
    data = desk.open(view, kind, index)
    assert (words_of(data), data["note"], data["stored"]) == ({bare(words)}, "", "")

    desk.write("A correction stands above the article of today, in a line of its own.\n\n" + TEXT)
    data = desk.open(view, kind, index)
    assert words_of(data) == {bare(words)}
    assert data["note"].startswith("The file has changed; these words now")
    assert data["note"].endswith(f"{data['place']}.")

    for text in (TEXT.replace("engine room", "cabins").replace("boats", "sea"), "It is short.\n"):
        desk.write(text)
        data = desk.open(view, kind, index)
        assert words_of(data) == {""}
        assert (data["note"], data["stored"]) == (reader_data.LOST, words)

    desk.path.unlink()
    with open_library(desk.settings) as library:
        build.add(library, [str(desk.path.parent)], None)
    data = desk.open(view, kind, index)
    assert "not in the library" in data["note"]
    assert data["stored"] == words


def test_other_citations_of_a_changed_file_are_marked_where_they_stand(desk: Desk) -> None:
    view = desk.ask("Why did the ferry Selma sink?")
    numbers = {one.number: one.quote for one in view.citations}
    assert len(numbers) >= 2, numbers
    desk.write("New.\n\n" + TEXT)
    data = desk.open(view, "citation", 1)
    others = "".join(quote for number, quote in numbers.items() if number != 1)
    assert words_of(data, "other") == {bare(others)}


def test_an_answer_of_this_visit_is_followed_too(desk: Desk) -> None:
    """A question that was just asked, in a file that is read again while its answer is open."""
    sessions = Sessions(desk.settings)
    session_id = sessions.start("Why did the ferry Selma sink?", model="none")
    end = time.monotonic() + 60
    while (view := sessions.view(session_id)) is None or view.state not in ("done", "failed"):
        assert time.monotonic() < end
        time.sleep(0.02)
    sessions.close()
    assert view.evidence
    desk.write("New.\n\n" + TEXT)
    for kind, index in (("citation", 1), ("evidence", 0)):
        data = desk.open(view, kind, index)
        assert len(words_of(data)) == 1
        assert "now stand in line" in data["note"]
        (words,) = words_of(data)
        assert words
        assert words in bare(TEXT)


class Parameters(dict[str, str]):
    """As `st.query_params`, of one value each."""

    def get_all(self, name: str) -> list[str]:
        return [self[name]] if name in self else []

    def from_dict(self, values: dict[str, list[str]]) -> None:
        self.clear()
        self.update({name: one[0] for name, one in values.items()})


def follow(desk: Desk, link: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a visitor sees who comes by the link and knows of no answer."""
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(st, "query_params", Parameters(parse_qsl(urlsplit(link).query)))
    found = reader.shown()
    assert found is not None
    return reader.data(desk.settings, *found)


@pytest.mark.parametrize("kind", ["citation", "nearest"])
def test_a_copied_link_leads_to_its_words_wherever_they_stand_now(
    desk: Desk, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = desk.ask("Why did the ferry Selma sink?") if kind == "citation" else the_nearest(desk)
    index = 1 if kind == "citation" else 0
    words = view.citations[0].quote if kind == "citation" else view.nearest[0].text
    link = desk.open(view, kind, index)["link"]
    data = follow(desk, link, monkeypatch)
    assert (words_of(data), data["note"]) == ({bare(words)}, "")

    desk.write("A correction stands above the article of today, in a line of its own.\n\n" + TEXT)
    data = follow(desk, link, monkeypatch)
    assert words_of(data) == {bare(words)}
    assert data["note"] == reader_data.MOVED.format(data["place"].removeprefix("line "))
    # What is copied there is a link to the place of now; a reload keeps the words.
    again = follow(desk, data["link"], monkeypatch)
    assert (words_of(again), again["note"]) == ({bare(words)}, "")
    assert st.query_params["said"] == words
    reader.close()
    assert dict(st.query_params) == {}

    for text in (TEXT.replace("engine room", "cabins").replace("boats", "sea"), "It is short.\n"):
        desk.write(text)
        data = follow(desk, link, monkeypatch)
        assert words_of(data) == {""}
        assert (data["note"], data["stored"]) == (reader_data.LOST, words)


def test_a_link_of_an_older_version_has_no_words_and_opens_its_place(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = TEXT.index(FIRST)
    link = f"article?file={desk.path}&from_char={start}&to_char={start + len(FIRST)}"
    data = follow(desk, link, monkeypatch)
    assert (words_of(data), data["note"]) == ({bare(FIRST)}, "")
    # From here on it has them.
    desk.write("New.\n\n" + TEXT)
    assert words_of(follow(desk, data["link"], monkeypatch)) == {bare(FIRST)}
    desk.write("It is short.\n")
    data = follow(desk, link, monkeypatch)
    assert (words_of(data), data["note"]) == ({""}, reader_data.LOST)


def test_what_is_drawn_of_a_file_is_made_once_for_each_opening_and_width(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    draw = reader_data.reader_data

    def counted(*known: Any) -> Any:
        made.append(known[-1])
        return draw(*known)

    monkeypatch.setattr(reader_data, "reader_data", counted)
    place = Place(str(desk.path), TEXT.index(FIRST), TEXT.index(SECOND))
    for _ in range(3):
        data = reader.data(desk.settings, "r1", place)
    assert made == [(1, 1)]
    assert data["clean"]
    reader.act(desk.settings, {"type": "more", "side": "before"})
    reader.data(desk.settings, "r1", place)
    reader.act(desk.settings, {"type": "more", "side": "after"})
    reader.data(desk.settings, "r1", place)
    reader.data(desk.settings, "r2", place)
    assert made == [(1, 1), (reader.WIDER, 1), (reader.WIDER, reader.WIDER), (1, 1)]
