"""Writes docs/screenshots/*.png from the demo: `python -m tests.e2e.screenshots [--all FOLDER]`.

Without `--all` the few that the README shows; with it every view of the app into that folder,
at 1440 and 390 pixels, light and dark, to be looked at.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.e2e import browser, views

FOLDER = browser.PROJECT / "docs" / "screenshots"
# Name of the file: view, viewport, colours.
SHOWN = {
    "ask": ("reader", views.WIDE, "light"),
    "search": ("search", views.WIDE, "light"),
    "map": ("map", views.WIDE, "dark"),
    "answer-390": ("answer", views.NARROW, "light"),
}
Shot = tuple[str, dict[str, int], str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every view, into this folder")
    parser.add_argument("--only", metavar="VIEW", help="with --all: this view alone")
    chosen = parser.parse_args()
    if browser.find_chromium() is None:
        print("no Chromium on this machine", file=sys.stderr)
        return 1
    folder = chosen.all or FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        browser.serve(Path(home) / "home") as address,
        browser.chromium() as chromium,
    ):
        page = browser.let_in(chromium.new_context(viewport=views.WIDE)).new_page()
        browser.open_demo(page, address)
        asked = views.ask_all(page, address)
        page.close()
        for name, shot in _every(chosen.only) if chosen.all else SHOWN.items():
            _write(chromium, address, asked, shot, folder / f"{name}.png")
    return 0


def _every(only: str | None) -> Iterator[tuple[str, Shot]]:
    for view in views.VIEWS:
        if only in (None, view):
            for viewport in (views.WIDE, views.NARROW):
                for scheme in ("light", "dark"):
                    yield f"{view}-{viewport['width']}-{scheme}", (view, viewport, scheme)


def _write(chromium: Any, address: str, asked: dict[str, str], shot: Shot, path: Path) -> None:
    view, viewport, scheme = shot
    context = browser.let_in(chromium.new_context(viewport=viewport, color_scheme=scheme))
    page = context.new_page()
    page.set_default_timeout(60_000)
    views.open_view(page, address, view, asked)
    page.mouse.move(700, 880)
    page.wait_for_timeout(1000)  # transitions and fonts
    page.screenshot(path=path)
    print(path)
    context.close()


if __name__ == "__main__":
    sys.exit(main())
