"""What every test in a browser uses: the browser, pages that notice foreign requests, the demo."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import cli
from tests.e2e import browser

WIDE = {"width": 1440, "height": 900}


@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    """One browser for all of these tests, and not for those after them: Playwright's event loop
    runs in this thread. Where there is none, its tests are skipped, but not in CI."""
    if browser.find_chromium() is None:
        reason = "no Chromium on this machine"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with browser.chromium() as opened:
        yield opened


@pytest.fixture
def visitor(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Opens visitors' windows, with Playwright's options (viewport, color_scheme, …): a context
    that can open several pages. A request of any of them outside the apps that `browser.serve`
    has started, and an error of a script, fail the test when it ends."""
    foreign: list[str] = []
    errors: list[str] = []
    contexts = []

    def note(url: str) -> None:
        if urlsplit(url.removeprefix("blob:")).netloc not in browser.SERVED:
            foreign.append(url)

    def watch(page: Any) -> None:
        page.set_default_timeout(30_000)
        page.on("request", lambda request: note(request.url))
        page.on("websocket", lambda stream: note(stream.url))
        page.on("pageerror", lambda error: errors.append(f"{error.message}\n{error.stack}"))

    def opened(**options: Any) -> Any:
        context = chromium.new_context(
            **{
                "viewport": WIDE,
                "accept_downloads": True,
                "permissions": ["clipboard-read", "clipboard-write"],
            }
            | options
        )
        context.on("page", watch)
        contexts.append(context)
        return browser.let_in(context)

    yield opened
    for context in contexts:
        context.close()
    assert foreign == []
    assert errors == []


@pytest.fixture
def page(visitor: Callable[..., Any]) -> Any:
    """One page of 1440×900, light."""
    return visitor().new_page()


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with no articles of its own, whose demo is already read by the real encoder."""
    home = tmp_path_factory.mktemp("with-demo") / "home"
    articles = str(browser.PROJECT / "examples" / "articles")
    assert cli.main(["--home", str(home.parent / "demo"), "add", articles]) == 0
    return home


@pytest.fixture(scope="session")
def demo_address(demo_home: Path) -> Iterator[str]:
    """One app for all modules; its demo is at `/?library=demo`."""
    with browser.serve(demo_home) as running:
        yield running


@pytest.fixture
def demo(page: Any, demo_address: str) -> Any:
    """A page at the demo's question field."""
    return browser.opened_demo(page, demo_address)
