"""The app as a person meets it: demo, question, mark, source; and hostile text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HOSTILE = """Lighthouse \u202ekeeper's\u202c log

The lantern of Skerrow lighthouse failed because <script>window.hacked = 1</script> a moth nest \
![pixel](http://evil.example/pixel.png) had blocked the vent of the Skerrow lantern. The keeper \
told [the harbour](http://evil.example/link) about the Skerrow lantern \
<img src="http://evil.example/x.png" onerror="window.hacked = 2"> that \u202eit was\u202c \
ze\u200bro and called it \u05de\u05d2\u05d3\u05dc\u05d5\u05e8.

A new lantern came to Skerrow lighthouse in April, and the keeper cleaned the vent.
"""


# Texts that could turn the words around them: they have no direction of their own.
TURNING = """desk => [...desk.querySelectorAll("*")].filter((one) => {
    const turning = /[\\u0590-\\u08ff\\u202a-\\u202e\\u2066-\\u2069]/;
    const own = [...one.childNodes].filter((node) => node.nodeType === 3);
    const block = one.closest(".textline p") ?? one; // a line of the file, in parts
    const is_kept = ["plaintext", "isolate"].includes(getComputedStyle(block).unicodeBidi);
    return own.some((node) => turning.test(node.data)) && !is_kept;
}).map((one) => one.outerHTML)"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[str]:
    with browser.serve(tmp_path_factory.mktemp("desk") / "home") as running:
        yield running


def folded(text: str) -> str:
    return " ".join(text.split())


def highlighted(page: Any) -> str:
    return folded("".join(page.locator("mark.main").all_text_contents()))


def test_from_the_demo_to_the_words_in_the_source(page: Any, address: str) -> None:
    browser.open_demo(page, address)
    assert page.get_by_text("Demo: written for this app").is_visible()
    page.wait_for_function("() => document.activeElement?.placeholder === 'Ask your articles…'")

    browser.ask(page, "why was the arms pause reversed?")
    marks = page.locator(".claim .mark")
    assert marks.count() >= 1
    label = marks.first.get_attribute("aria-label")
    assert label.startswith("citation 1: ")
    assert ", line " in label

    marks.first.hover()
    quote = folded(page.locator(".tip .words").inner_text())
    marks.first.click()
    page.locator("mark.main").first.wait_for()
    assert highlighted(page).strip("“”") == quote.strip("“”")
    assert page.locator("mark.main").first.evaluate(IN_VIEW)

    page.get_by_role("button", name="Original").click()
    assert highlighted(page).strip("“”") == quote.strip("“”")
    assert page.locator("mark.main").first.evaluate(IN_VIEW)

    page.keyboard.press("Escape")
    page.locator(".reader").wait_for(state="hidden")


# Seen by the reader of the page: inside the window and inside the pane that scrolls.
IN_VIEW = """mark => {
    const box = mark.getBoundingClientRect();
    const pane = mark.closest(".body").getBoundingClientRect();
    return box.height > 0 && box.top >= Math.max(0, pane.top) - 1
        && box.bottom <= Math.min(innerHeight, pane.bottom) + 1
        && box.left >= 0 && box.right <= innerWidth;
}"""


def test_the_library_shows_what_was_left_out_of_a_file(page: Any, address: str) -> None:
    browser.open_demo(page, address)
    page.get_by_role("link", name="Library").click()
    page.get_by_role("button", name="dailyfeed").first.click()
    page.locator(".reader .beside summary").first.wait_for()
    page.locator(".reader summary", has_text="Left out of this page").click()
    first = page.locator(".reader .leftOut li").first
    words = folded(first.locator(".gone").inner_text())
    assert words
    page.get_by_role("button", name="Original").click()
    struck = folded(" ".join(page.locator(".lines .gone").all_text_contents()))
    assert words.removesuffix(" …") in struck
    page.keyboard.press("Escape")
    page.locator(".reader").wait_for(state="hidden")


def test_a_reload_keeps_the_answer(page: Any, address: str) -> None:
    page.goto(f"{address}/?library=demo")
    page.locator(".st-key-question textarea").wait_for(timeout=240_000)
    browser.ask(page, "Who found the cracks in the Gannet Bridge?")
    before = page.locator(".claims").inner_text()
    page.reload()
    page.locator(".claim").first.wait_for()
    assert page.locator(".claims").inner_text() == before
    field = page.locator(".st-key-question textarea")
    assert field.input_value() == "Who found the cracks in the Gannet Bridge?"


def test_hostile_text_stays_text(page: Any, address: str, tmp_path: Path) -> None:
    folder = tmp_path / "log <b>books"
    folder.mkdir()
    (folder / "keeper ![x](http:evil.example).txt").write_text(HOSTILE, "utf-8")
    page.goto(f"{address}/library")
    page.get_by_role("button", name="Add a folder").click()
    field = page.get_by_role("textbox", name="Folder")
    field.fill(str(folder))
    page.get_by_role("button", name="Add this folder").click()
    page.locator("td.status.indexed").wait_for(timeout=240_000)
    assert page.locator("td.name .open").inner_text() == "keeper ![x](http:evil.example).txt"
    assert page.locator(".folders .path").inner_text() == str(folder)

    page.get_by_role("link", name="Ask").click()
    page.locator(".st-key-question textarea").wait_for()
    browser.ask(page, "why did the lantern of Skerrow lighthouse fail?")
    shown = page.locator(".desk.ask").text_content()  # the passages may be folded
    assert "<script>window.hacked = 1</script>" in shown
    assert "zero and called it \u05de\u05d2\u05d3\u05dc\u05d5\u05e8" in shown
    turned = page.locator(".desk.ask").evaluate(TURNING)
    assert turned == []
    page.locator(".mark, .card").first.click()
    page.locator("mark.main").first.wait_for()
    for mode in ("Clean text", "Original"):
        page.get_by_role("button", name=mode).click()
        source = page.locator(".reader .body").inner_text()
        assert "![pixel](http://evil.example/pixel.png)" in source
        assert '<img src="http://evil.example/x.png"' in source
        assert page.locator(".desk.ask").evaluate(TURNING) == []
    assert page.evaluate("window.hacked === undefined")
    inside = page.locator(".desk.ask").evaluate(
        "desk => desk.querySelectorAll('script, img, a, iframe').length"
    )
    assert inside == 0


def test_a_dropped_file_is_kept_read_and_removed(page: Any, address: str, tmp_path: Path) -> None:
    dropped = tmp_path / "Lamp notes.txt"
    dropped.write_text(
        "Lamp notes\n\nThe brass lamp of Skerrow was polished by Ada Finch.\n", "utf-8"
    )
    page.goto(f"{address}/library")
    page.locator("input[type=file]").set_input_files(str(dropped))
    row = page.locator("tbody tr", has_text="Lamp-notes")
    row.locator("td.status.indexed").wait_for(timeout=120_000)
    dropped.unlink()

    page.get_by_role("link", name="Ask").click()
    page.locator(".st-key-question textarea").wait_for()
    browser.ask(page, "Who polished the brass lamp of Skerrow?")
    assert "polished by Ada Finch" in page.locator(".desk.ask").inner_text()

    page.get_by_role("link", name="Library", exact=True).click()
    row.locator("summary", has_text="details").click()
    row.get_by_role("button", name="Remove").click()
    row.get_by_role("button", name="Yes, remove").click()
    row.wait_for(state="detached", timeout=60_000)
