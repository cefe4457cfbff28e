"""A quotation is pasted; its places, and what is different there."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.e2e.test_desk import IN_VIEW

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# The demo's words, and the same with three words of another's.
SAID = "the only road to the ferry pier on Brenna Holm was shut"
MISQUOTED = (
    "“Forty minutes later the barriers came down at each end of the Gannet Bridge, and "
    "the only road to the ferry pier on Brenna Holm was closed.”"
)


@pytest.fixture
def quotation(page: Any, demo_address: str) -> Any:
    page.goto(f"{demo_address}/quotation?library=demo")
    page.locator(".searchform textarea").wait_for()
    return page


def find(page: Any, words: str) -> None:
    page.locator(".searchform textarea").fill(words)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("words") == [words])


def test_an_exact_place_opens_at_the_words(quotation: Any) -> None:
    find(quotation, f"“{SAID.upper()}…”")
    quotation.get_by_text("Stands word for word in 2 places").wait_for()
    card = quotation.locator(".card.hit").first
    assert "Hallowmouth Gazette · 13 Mar 2025" in card.inner_text()
    assert card.locator("del, ins").count() == 0
    card.click()
    quotation.locator("mark.main").first.wait_for()
    shown = "".join(quotation.locator("mark.main").all_text_contents())
    assert " ".join(shown.split()) == SAID
    assert quotation.locator("mark.main").first.evaluate(IN_VIEW)

    quotation.reload()
    quotation.locator("mark.main").first.wait_for()
    quotation.get_by_text("Stands word for word in 2 places").wait_for()
    assert "".join(quotation.locator("mark.main").all_text_contents()).split() == SAID.split()


def test_differences_are_marked_word_by_word(quotation: Any) -> None:
    find(quotation, MISQUOTED)
    quotation.get_by_text("Nowhere word for word. The nearest places:").wait_for()
    card = quotation.locator(".card.hit").first
    assert card.locator("del").all_inner_texts() == ["each end", "closed"]
    assert card.locator("ins").all_inner_texts() == ["both ends", "shut"]
    assert "2 differences · line" in card.inner_text()
    assert quotation.locator(".card.hit").count() == 2  # the two copies; nothing unlike it


def test_what_stands_nowhere_is_told_kindly(quotation: Any) -> None:
    find(quotation, "Purple elephants juggle spreadsheets at midnight in Lisbon")
    quotation.get_by_role("status").get_by_text("Not in your articles").wait_for()
    assert quotation.get_by_text("A shorter part of the sentence may be found").is_visible()
    find(quotation, "?!")
    quotation.get_by_text("The quotation has no words").wait_for()


def test_markup_in_a_quotation_stays_text(quotation: Any) -> None:
    find(quotation, f"<img src=http://evil.example/x onerror=window.hacked=1> {SAID}")
    card = quotation.locator(".card.hit").first
    card.wait_for()
    assert "<img src=http://evil.example/x" in card.inner_text()
    assert quotation.evaluate("window.hacked") is None


def test_pasting_is_enough(quotation: Any) -> None:
    quotation.evaluate("words => navigator.clipboard.writeText(words)", SAID)
    quotation.locator(".searchform textarea").focus()
    quotation.keyboard.press("Control+v")
    quotation.get_by_text("Stands word for word in 2 places").wait_for()
