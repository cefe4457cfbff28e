"""The browser of one offline round: `python -m evaluate.torture.offline_browse PLACE TRACE`.

Drives the app as a reader would, in whichever network it is started in; the app's calls go into
TRACE, the browser's do not. The last line it writes names the steps it has done.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from evaluate.torture.offline import end_with_the_part, traced


def main(place: Path, trace: Path) -> int:
    """The demo: index, ask both ways, read, search, look at every page, export. Raises where a
    step fails."""
    # The browser tests know how to start the app and a browser.
    from tests.e2e import browser

    steps = ["index"]
    with browser.serve(place / "home", traced(trace)) as address, browser.chromium() as chromium:
        page = browser.let_in(chromium.new_context()).new_page()
        page.set_default_timeout(120_000)
        browser.open_demo(page, address)
        browser.ask(page, "Why was the arms pause reversed?")
        page.locator(".claim .mark").first.click()
        if not browser.marked(page):
            raise RuntimeError("the reader marks nothing")
        page.keyboard.press("Escape")
        steps += ["ask, quotations", "read"]
        browser.ask(page, "Who found the cracks in the Gannet Bridge?", _written(page))
        steps.append("ask, written")
        with page.expect_download() as downloaded:
            page.get_by_role("button", name="HTML", exact=True).click()
        if not downloaded.value.path().stat().st_size:
            raise RuntimeError("the export is empty")
        steps.append("export")
        for name, wanted in PAGES.items():
            page.get_by_role("link", name=name, exact=True).click()
            page.locator(wanted).first.wait_for()
            steps.append(name.lower())
    sys.stdout.write("\n" + json.dumps(steps) + "\n")
    return 0


def _written(page: Any) -> str:
    """The name under which the page offers the model that comes along."""
    names = page.get_by_label("Way of answering").locator("option").all_inner_texts()
    return str(next(name for name in names if "SmolLM2" in name))


# What stands on each page once it is there.
PAGES = {
    "Search": "input[type=search]",
    "Library": "td.name",
    "Map": ".plane canvas",
    "Models": "li[data-name]",
    "Settings": ".kept tr",
}


if __name__ == "__main__":
    end_with_the_part()
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2])))
