"""Writes docs/screenshots/*.png from the demo: `python -m tests.e2e.screenshots`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.e2e import browser

FOLDER = browser.PROJECT / "docs" / "screenshots"
QUESTION = "why was the arms pause reversed?"
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}


def main() -> int:
    if browser.find_chromium() is None:
        print("no Chromium on this machine", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        browser.serve(Path(folder) / "home") as address,
        browser.chromium() as chromium,
    ):
        page = chromium.new_page(viewport=WIDE)
        browser.open_demo(page, address)
        browser.ask(page, QUESTION)
        question = page.url
        page.close()
        for name, viewport, scheme in (
            ("ask", WIDE, "light"),
            ("ask-dark", WIDE, "dark"),
            ("ask-390", NARROW, "light"),
        ):
            page = _open(chromium, question, viewport, scheme)
            _answer(page, name)
        page = _open(chromium, f"{address}/library?library=demo", WIDE, "light")
        page.locator("tbody tr").first.wait_for()
        _write(page, "library")
        page = _open(chromium, f"{address}/models", WIDE, "light")
        page.locator("li[data-name]").first.wait_for()
        _write(page, "models")
    return 0


def _answer(page: Any, name: str) -> None:
    """The answer alone at a narrow width, then the reader open at its first mark."""
    mark = page.locator(".claim .mark").first
    mark.wait_for()
    if name == "ask-390":
        _write(page, "answer-390")
    mark.click()
    page.locator("mark.main").first.wait_for()
    page.mouse.move(700, 880)
    _write(page, name)


def _open(chromium: Any, address: str, viewport: dict[str, int], scheme: str) -> Any:
    context = chromium.new_context(viewport=viewport, color_scheme=scheme)
    page = context.new_page()
    page.goto(address)
    return page


def _write(page: Any, name: str) -> None:
    page.wait_for_timeout(1000)  # transitions and fonts
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path)
    print(path.relative_to(browser.PROJECT))


if __name__ == "__main__":
    sys.exit(main())
