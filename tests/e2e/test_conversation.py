"""Conversations and saved answers in a real browser: follow-ups, restarts, changed sources."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import cli
from answer.desk import open_desk
from answer.export import answer_of_json
from core.records import Claim
from core.settings import Settings
from tests.e2e import browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ARTICLE = """The ferry Selma

The ferry Selma sank off Holm because water had entered the engine room. Captain Ida Moss \
ordered the crew of the ferry Selma into the boats.

The harbour office raised the ferry Selma on 3 May 2024.
"""
QUESTION = "Why did the ferry Selma sink?"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("articles") / "ferry.txt"
    path.write_text(ARTICLE, "utf-8")
    return path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, source: Path, chromium: Any) -> Path:
    folder = tmp_path_factory.mktemp("conversation") / "home"
    assert cli.main(["--home", str(folder), "add", str(source.parent)]) == 0
    return folder


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with browser.serve(home) as running:
        yield running


def asked(page: Any, address: str) -> str:
    """Asks QUESTION and gives the answer's id."""
    page.goto(address)
    page.locator(".st-key-question textarea").wait_for(timeout=60_000)
    browser.ask(page, QUESTION)
    return id_in(page)


def id_in(page: Any) -> str:
    return str(page.url.partition("answer=")[2].partition("&")[0])


def submit(page: Any, field: Any, text: str) -> None:
    """Fills the field and waits for the answer of the question that it starts."""
    field.fill(text)
    field.press("Enter")
    page.locator(".asked h2", has_text=text).wait_for()
    page.locator(".status p").wait_for(timeout=60_000)
    page.locator(".follow input").wait_for()


def test_a_follow_up_shows_what_it_was_asked_as_and_can_be_edited(page: Any, address: str) -> None:
    asked(page, address)
    submit(page, page.locator(".follow input"), "and who ordered the crew off it?")
    assert page.locator(".asked h2").inner_text() == "and who ordered the crew off it?"
    assert page.locator(".asked .whole").inner_text() == "Who ordered the crew off the ferry Selma?"
    assert "Ida Moss" in page.locator(".claims").inner_text()
    earlier = page.locator(".earlier details")
    assert earlier.count() == 1
    assert earlier.locator("summary").inner_text() == QUESTION

    page.get_by_role("button", name="Edit").click()
    field = page.get_by_label("The whole question")
    assert field.input_value() == "Who ordered the crew off the ferry Selma?"
    submit(page, field, "Who raised the ferry Selma?")
    assert page.locator(".asked h2").inner_text() == "Who raised the ferry Selma?"
    assert page.locator(".asked .whole").count() == 0
    assert "harbour office" in page.locator(".claims").inner_text()
    assert page.locator(".earlier summary").inner_text() == QUESTION  # in the other's place

    page.locator(".earlier summary").click()
    page.get_by_role("button", name="Open with its sources").click()
    page.locator(".asked h2").wait_for(state="detached")
    assert page.locator(".st-key-question textarea").input_value() == QUESTION
    assert "engine room" in page.locator(".claims").inner_text()


def test_a_question_of_its_own_begins_a_new_conversation(page: Any, address: str) -> None:
    asked(page, address)
    submit(page, page.locator(".follow input"), "when was it raised?")
    browser.ask(page, "Who is the captain of the ferry Selma?")
    page.locator(".earlier details").wait_for(state="detached")
    assert page.locator(".asked h2").count() == 0


def test_packs_are_downloaded_and_the_answer_is_copied(page: Any, address: str) -> None:
    answer_id = asked(page, address)
    packs = {}
    for label in ("Markdown", "HTML", "JSON"):
        with page.expect_download() as download:
            page.get_by_role("button", name=label, exact=True).click()
        assert download.value.suggested_filename.startswith("why-did-the-ferry-selma-sink-")
        packs[label] = Path(download.value.path()).read_text("utf-8")
    assert answer_of_json(packs["JSON"]).answer_id == answer_id
    assert json.loads(packs["JSON"])["sources"][0]["state"] == "unchanged"
    assert "water had entered the engine room" in packs["Markdown"]
    assert "water had entered the engine room" in packs["HTML"]
    page.get_by_role("button", name="Copy with citations").click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(QUESTION)
    assert "[1] “" in copied
    assert "ferry.txt, line 3" in copied


def test_left_out_sentences_can_be_shown_struck_through(
    page: Any, address: str, home: Path
) -> None:
    answer_id = asked(page, address)
    with open_desk(Settings(home=home)) as desk:
        answer = desk.answer(answer_id)
        assert answer is not None
        bold = Claim("It <b>flew</b> to Mars.", 0.0, "unsupported", (), "“Mars” stands nowhere")
        made = replace(answer, answer_id="bold", model="writer", claims=(*answer.claims, bold))
        desk.save_answer(made)
    page.goto(f"{address}/?answer=bold")
    page.get_by_text("1 sentence left out").click()
    assert page.locator(".leftOut s").inner_text() == bold.text
    assert "Mars" not in page.locator(".claims").inner_text()
    page.get_by_role("button", name="Show struck through").click()
    struck = page.locator(".claims .left")
    struck.wait_for()
    assert struck.locator("s").inner_text() == bold.text
    assert "not in your articles: “Mars” stands nowhere" in struck.inner_text()
    page.reload()
    struck.wait_for()  # a setting of the desk: it stays
    page.get_by_role("button", name="Fold away").click()
    struck.wait_for(state="detached")


def test_saved_answers_are_found_deleted_and_brought_back(page: Any, address: str) -> None:
    asked(page, address)
    page.get_by_role("link", name="Answers").click()
    row = page.locator(".rows li", has_text=QUESTION).first
    row.wait_for()
    before = page.locator(".rows li").count()
    row.get_by_role("button", name="Delete").click()
    page.locator(".undo p").wait_for()
    assert page.locator(".rows li").count() == before - 1
    page.get_by_role("link", name="Ask", exact=True).click()
    page.get_by_text("Ask in your own words.").wait_for()  # it was the one shown here
    page.get_by_role("link", name="Answers").click()
    page.get_by_role("button", name="Undo").click()
    page.locator(".undo p").wait_for(state="detached")
    assert page.locator(".rows li").count() == before

    field = page.get_by_role("textbox", name="Find an answer")
    field.fill("zebra")
    field.press("Enter")
    page.get_by_text("No saved answer has these words.").wait_for()
    field.fill("ENGINE room")
    field.press("Enter")
    page.locator(".rows .open", has_text=QUESTION).first.click()
    page.locator(".claims .mark").first.wait_for()
    assert page.locator(".st-key-question textarea").input_value() == QUESTION


def test_an_answer_outlives_a_restart_and_a_change_of_its_source(
    page: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    path = folder / "ferry.txt"
    path.write_text(ARTICLE, "utf-8")
    home = tmp_path / "home"
    assert cli.main(["--home", str(home), "add", str(folder)]) == 0
    with browser.serve(home) as address:
        answer_id = asked(page, address)
        words = page.locator(".claims").inner_text()
    path.write_text("One line more.\n\n" + ARTICLE.replace("3 May", "4 May"), "utf-8")
    assert cli.main(["--home", str(home), "sync"]) == 0
    with browser.serve(home) as address:
        page.goto(f"{address}/?answer={answer_id}")
        page.locator(".warnings p").first.wait_for(timeout=60_000)
        warnings = page.locator(".warnings").inner_text()
        assert "has changed since this answer was made" in warnings
        assert "line 5" in warnings or "gone from it" in warnings
        assert page.locator(".claims").inner_text() == words  # the stored words
        engine = page.locator("blockquote", has_text="engine room")
        engine.locator(".mark").first.click()
        page.locator("mark.main").first.wait_for()
        # At the place of now, not at the old offsets
        marked = " ".join("".join(page.locator("mark.main").all_text_contents()).split())
        assert marked.startswith("The ferry Selma sank")
        assert page.locator(".st-key-question textarea").input_value() == QUESTION
