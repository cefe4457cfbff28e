"""Every view of the app, with what is done to see it: for the checks and for the screenshots."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.e2e import browser

NARROW = {"width": 390, "height": 844}
WIDE = {"width": 1440, "height": 900}
QUESTION = "why was the arms pause reversed?"
UNANSWERED = "Who won the chess championship of Antarctica in 1834?"


# The id in the address, once it is none of the known ones.
NEW_ANSWER = """known => {
    const id = new URLSearchParams(location.search).get("answer");
    return id && !known.includes(id) && id;
}"""


def open_reader(page: Any) -> None:
    page.locator(".claim .mark").first.click()
    page.locator("mark.main").first.wait_for()


def search(page: Any) -> None:
    field = page.get_by_role("searchbox").first
    field.fill("bridge")
    field.press("Enter")
    page.locator("mark.hit").first.wait_for()


def quote(page: Any) -> None:
    field = page.get_by_role("textbox", name="The quotation")
    field.fill("The cracks were found in the welds of the bridge on Monday.")
    field.press("Enter")
    page.locator(".desk.quotation .count-line:not(:empty)").wait_for()


def as_table(page: Any) -> None:
    page.locator(".maphead .swap").click()
    page.locator(".maptable tbody tr").first.wait_for()


# Name: the page's path, what is waited for, what is done then. "{answer}" stands for an id.
VIEWS: dict[str, tuple[str, str, Callable[[Any], None] | None]] = {
    "welcome": ("/", "button:has-text('Try the demo')", None),
    "ask": ("/?library=demo", ".st-key-examples button", None),
    "answer": ("/?library=demo&answer={answer}", ".claim .mark", None),
    "reader": ("/?library=demo&answer={answer}", ".claim .mark", open_reader),
    "not-found": ("/?library=demo&answer={unanswered}", ".card", None),
    "search": ("/search?library=demo", "input[type=search]", search),
    "quotation": ("/quotation?library=demo", "textarea[aria-label='The quotation']", quote),
    "answers": ("/answers?library=demo", ".rows .open", None),
    "library": ("/library?library=demo", "tbody tr", None),
    "libraries": ("/libraries", ".desk.libraries", None),
    "map": ("/map?library=demo", ".labels span", None),
    "map-table": ("/map?library=demo", ".labels span", as_table),
    "models": ("/models", "li[data-name]", None),
    "settings": ("/settings", ".kept tr", None),
}


def ask_all(page: Any, address: str) -> dict[str, str]:
    """Asks the demo what the views show; gives the answers' ids by the names in VIEWS."""
    page.goto(f"{address}/?library=demo")
    page.locator(".st-key-question textarea").wait_for(timeout=120_000)
    ids: dict[str, str] = {}
    for name, question in (("answer", QUESTION), ("unanswered", UNANSWERED)):
        browser.ask(page, question)
        new = page.wait_for_function(NEW_ANSWER, arg=list(ids.values()))
        ids[name] = str(new.json_value())
        page.locator(f".{'claim' if name == 'answer' else 'card'}").first.wait_for()
    return ids


def open_view(page: Any, address: str, name: str, asked: dict[str, str]) -> None:
    path, ready, act = VIEWS[name]
    page.goto(address + path.format(**asked))
    page.locator(ready).first.wait_for(timeout=60_000)
    if act is not None:
        act(page)
    page.wait_for_timeout(400)  # what fades in has no contrast yet
