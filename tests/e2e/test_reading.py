"""Reading in a real browser: links, citations, keys, marks, whole articles."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import cli
from tests.e2e import browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

QUESTION = "Why was the arms pause reversed?"
IN_VIEW = """mark => {
    const box = mark.getBoundingClientRect();
    const pane = mark.closest(".body").getBoundingClientRect();
    return box.height > 0 && box.top >= Math.max(0, pane.top) - 1
        && box.top < Math.min(innerHeight, pane.bottom);
}"""


def test_an_answer_with_the_reader_open_comes_back_by_its_address(
    demo: Any, visitor: Callable[..., Any]
) -> None:
    browser.ask(demo, QUESTION)
    demo.locator(".claim .mark").nth(1).click()
    words = browser.marked(demo)
    demo.wait_for_function("() => location.search.includes('from_char')")
    other = visitor().new_page()  # as after a restart: a visit that knows nothing of this one
    other.goto(demo.url)
    assert browser.marked(other) == words
    assert other.locator(".reader .pager").inner_text().split()[1:4] == ["2", "of", "2"]
    assert other.locator("mark.main").first.evaluate(IN_VIEW)
    other.keyboard.press("Escape")
    other.locator(".reader").wait_for(state="hidden")
    other.wait_for_function("() => !location.search.includes('from_char')")
    other.reload()
    other.locator(".claim").first.wait_for()
    assert other.locator(".reader:visible").count() == 0


def test_citations_are_copied_in_four_forms_and_as_a_link(
    demo: Any, visitor: Callable[..., Any]
) -> None:
    browser.ask(demo, QUESTION)
    demo.locator(".claim .mark").first.click()
    words = browser.marked(demo)
    copied = {}
    demo.locator(".reader summary", has_text="Cite").click()
    for name in ("Plain text", "Markdown footnote", "BibTeX", "CSL-JSON", "Link to this place"):
        demo.get_by_role("button", name=f"Copy: {name}").click()
        demo.locator(".menu button", has_text="Copied").wait_for()
        copied[name] = demo.evaluate("navigator.clipboard.readText()")
        demo.get_by_role("button", name=f"Copy: {name}").wait_for()
    demo.keyboard.press("Escape")  # folds the menu, and leaves the reader open
    demo.locator(".menu[open]").wait_for(state="detached")
    assert demo.locator(".reader h2").is_visible()
    assert copied["Plain text"].startswith("“Ukraine was being hit very hard")
    assert "9 July 2025" in copied["Plain text"]
    assert copied["Markdown footnote"].startswith("[^")
    assert "@article{tidewater2025" in copied["BibTeX"]
    (item,) = json.loads(copied["CSL-JSON"])
    assert item["container-title"] == "Tidewater Report"
    place = parse_qs(urlsplit(copied["Link to this place"]).query)
    assert place["file"][0].endswith(".txt")

    reader = visitor().new_page()
    reader.goto(copied["Link to this place"])
    assert browser.marked(reader) == words
    box = reader.locator("mark.main").first.bounding_box()
    assert 0 < box["y"] < 900  # scrolled to


def test_a_link_to_a_file_that_is_not_in_the_library_opens_nothing(
    page: Any, demo_address: str, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Not for this app", "utf-8")
    page.goto(f"{demo_address}/article?library=demo&file={secret}&from_char=0&to_char=5")
    page.locator(".reader .note").wait_for()
    assert "is not in the library" in page.locator(".reader .note").inner_text()
    assert "Not for this app" not in page.locator("body").inner_text()


def test_where_there_is_no_desktop_the_reader_says_where_the_file_is(demo: Any) -> None:
    browser.ask(demo, QUESTION)
    demo.locator(".claim .mark").first.click()
    demo.locator(".reader summary", has_text="More").click()
    demo.get_by_role("button", name="Show in its folder").click()
    told = demo.locator(".reader .note[role=status]")
    told.wait_for()
    assert "There is no desktop here" in told.inner_text()
    assert ".txt" in told.inner_text()


def test_keys_lead_from_mark_to_mark_and_back_to_the_question(demo: Any) -> None:
    browser.ask(demo, QUESTION)
    demo.evaluate("document.activeElement.blur()")
    demo.keyboard.press("ArrowRight")
    assert focused_mark(demo) == "1"
    assert demo.locator(".tip").is_visible()
    demo.keyboard.press("Enter")
    first = browser.marked(demo)
    demo.keyboard.press("ArrowRight")
    demo.locator(".reader .pager", has_text="2 of 2").wait_for()
    assert focused_mark(demo) == "2"
    assert browser.marked(demo) != first
    demo.keyboard.press("ArrowLeft")
    demo.locator(".reader .pager", has_text="1 of 2").wait_for()
    demo.locator(".reader .body").click()
    assert focused_mark(demo) != "1"
    demo.keyboard.press("Escape")
    demo.locator(".reader").wait_for(state="hidden")
    assert focused_mark(demo) == "1"  # where the reading was, and nothing is laid over it
    assert demo.locator(".tip").is_hidden()
    demo.keyboard.press("ArrowRight")
    assert focused_mark(demo) == "2"
    assert demo.locator(".tip .words").inner_text() != ""
    demo.keyboard.press("/")
    assert demo.evaluate("document.activeElement.tagName") == "TEXTAREA"
    demo.keyboard.type("/ and ")  # in the field it is a character
    assert "/ and " in demo.locator(".st-key-question textarea").input_value()

    for name in ("Library", "Answers"):
        demo.get_by_role("link", name=name, exact=True).click()
        demo.locator(".desk.saved, .desk.files, .rows").first.wait_for()
        demo.keyboard.press("/")
        demo.wait_for_function("() => document.activeElement?.placeholder === 'Ask your articles…'")


def focused_mark(page: Any) -> str:
    return str(
        page.locator(".claims").evaluate("one => one.getRootNode().activeElement?.dataset.number")
    )


def test_marks_are_large_enough_to_be_pressed(demo: Any) -> None:
    browser.ask(demo, QUESTION)
    for mark in demo.locator(".claim .mark").all():
        box = mark.bounding_box()
        assert box["width"] >= 24
        assert box["height"] >= 24


@pytest.mark.parametrize("width", [1024, 1440])
def test_the_reader_covers_no_mark_beside_it(
    visitor: Callable[..., Any], demo_address: str, width: int
) -> None:
    page = browser.opened_demo(
        visitor(viewport={"width": width, "height": 800}).new_page(), demo_address
    )
    browser.ask(page, QUESTION)
    page.locator(".claim .mark").first.click()
    page.locator("mark.main").first.wait_for()
    page.wait_for_timeout(400)  # the page makes room
    left = page.locator(".reader").bounding_box()["x"]
    for mark in page.locator(".claim .mark").all():
        box = mark.bounding_box()
        assert box["x"] + box["width"] <= left


@pytest.fixture(scope="module")
def long_address(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[str]:
    """A library with one article of 1,500 paragraphs; what is asked about stands in its middle."""
    folder = tmp_path_factory.mktemp("long")
    lines = [f"Paragraph {number} tells of the weather at sea." for number in range(1500)]
    lines[750] = "The beacon of Orra failed because a gull had broken its glass."
    (folder / "log.txt").write_text("The long log\n\n" + "\n\n".join(lines) + "\n", "utf-8")
    home = folder / "home"
    assert cli.main(["--home", str(home), "add", str(folder / "log.txt")]) == 0
    with browser.serve(home) as running:
        yield running


def test_the_whole_article_can_be_read_and_the_words_stay_in_view(
    page: Any, long_address: str
) -> None:
    page.goto(long_address)
    page.locator(".st-key-question textarea").wait_for(timeout=60_000)
    browser.ask(page, "Why did the beacon of Orra fail?")
    page.locator(".claim .mark").first.click()
    page.locator("mark.main").first.wait_for()
    lines = page.locator(".reader .textline")
    before = lines.count()
    assert before < 1000
    top = page.locator("mark.main").first.bounding_box()["y"]
    page.locator(".reader").get_by_role("button", name="Show earlier text").evaluate(
        "one => one.click()"
    )
    lines.nth(before).wait_for(state="attached")
    assert abs(page.locator("mark.main").first.bounding_box()["y"] - top) < 3
    page.locator(".reader").get_by_role("button", name="Show later text").evaluate(
        "one => one.click()"
    )
    page.locator(".reader .textline", has_text="Paragraph 1499").wait_for(state="attached")
    assert "Paragraph 1 tells" in page.locator(".reader .body").inner_text()
    assert abs(page.locator("mark.main").first.bounding_box()["y"] - top) < 3
