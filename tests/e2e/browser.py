"""The real app in a process of its own, and a real Chromium in front of it."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from core import lifeline

PROJECT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# No sandbox: tests often run as root. The rest keeps the browser's own traffic down.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)
START_SECONDS = 60
# Hosts with ports of the apps started here, and "" for what has no host: data: and blob:.
SERVED = {""}
# Cookies that let browsers in to the apps started here, and the windows that have them.
COOKIES: list[dict[str, str]] = []
WINDOWS: list[Any] = []


def find_chromium() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def serve(home: Path, under: Sequence[str] = ()) -> Iterator[str]:
    """The app on a free port with its own home; gives its address. `under`: a command that runs
    the app's, and has the same process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log, unpickled = home.parent / "app.log", home.parent / "unpickled.txt"
    with log.open("wb") as output:
        app = subprocess.Popen(
            [
                *under,
                sys.executable,
                "-m",
                "streamlit",
                "run",
                "app.py",
                "--server.port",
                str(port),
            ],
            cwd=PROJECT,
            env=os.environ | {"SOURCEBOOK_HOME": str(home)} | tripwire(unpickled),
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=lifeline.tied("SIGTERM"),  # also where the tests are killed
        )
    address = f"http://127.0.0.1:{port}"
    SERVED.add(f"127.0.0.1:{port}")
    try:
        COOKIES.append(_let_in(port, _link(app, log)))
        for window in WINDOWS:
            window.add_cookies(COOKIES)
        yield address
    finally:
        app.terminate()
        try:
            app.wait(timeout=20)
        except subprocess.TimeoutExpired:
            app.kill()
    assert not unpickled.exists(), unpickled.read_text("utf-8")


def tripwire(log: Path) -> dict[str, str]:
    """The environment in which no Python unpickles: who tries is noted in this file."""
    return {"PYTHONPATH": str(PROJECT / "tests" / "e2e" / "tripwire"), "TRIPWIRE_LOG": str(log)}


def let_in(window: Any) -> Any:
    """The browser context, let in to every app that is started here, before and after."""
    if COOKIES:
        window.add_cookies(COOKIES)
    WINDOWS.append(window)
    window.on("close", lambda closed: WINDOWS.remove(closed))
    return window


@contextmanager
def chromium() -> Iterator[Any]:
    """A headless browser. Playwright is imported here: only these tests need it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


QUOTATIONS = "Quotations"


def ask(page: Any, question: str, way: str = QUOTATIONS, timeout_seconds: int = 120) -> None:
    """Types a question, presses Enter and waits until the answer is finished."""
    choose_way(page, way)
    field = page.locator(".st-key-question textarea")
    field.fill(question)
    finished(page, lambda: field.press("Enter"), timeout_seconds)


def finished(page: Any, act: Callable[[], None], timeout_seconds: int = 120) -> None:
    """Does what asks a question and waits until that question, not an earlier one, is answered."""
    before = _answer_id(page)
    act()
    page.wait_for_function(
        "before => (new URLSearchParams(location.search).get('answer') ?? '') !== before",
        arg=before,
        timeout=60_000,
    )
    asked = _answer_id(page)
    done = page.locator(f'.desk.ask[data-answer="{asked}"][data-state="done"] .status p')
    done.wait_for(timeout=1000 * timeout_seconds)


def _answer_id(page: Any) -> str:
    """Of the question that the address names; "" for none."""
    return str(parse_qs(urlsplit(page.url).query).get("answer", [""])[0])


def choose_way(page: Any, way: str) -> None:
    """Picks the way of answering."""
    chosen = page.get_by_label("Way of answering")
    chosen.wait_for()
    if chosen.evaluate("one => one.selectedOptions[0].label") != way:
        chosen.select_option(label=way)
        page.wait_for_timeout(500)


def open_demo(page: Any, address: str) -> None:
    """From the empty library to the demo's question field."""
    page.goto(address)
    page.get_by_role("button", name="Try the demo").click(timeout=60_000)
    page.locator(".st-key-question textarea").wait_for(timeout=240_000)


def opened_demo(page: Any, address: str) -> Any:
    """The page at the question field of a demo that is already read."""
    page.goto(f"{address}/?library=demo")
    page.locator(".st-key-question textarea").wait_for(timeout=60_000)
    return page


def marked(page: Any) -> str:
    """The words that the reader highlights."""
    page.locator("mark.main").first.wait_for()
    return " ".join("".join(page.locator("mark.main").all_text_contents()).split())


def _link(app: subprocess.Popen[bytes], log: Path) -> str:
    """The path of the one-time link, which every start of the app writes to the terminal."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and app.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:\d+(/open/\S+)\s", log.read_text(errors="replace"))
        if found:
            return found[1]
        time.sleep(0.1)
    raise RuntimeError(f"The app did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _let_in(port: int, link: str) -> dict[str, str]:
    """The cookie that the link gives, as Playwright wants it."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
    asked.request("GET", link)
    name, _, value = str(asked.getresponse().getheader("set-cookie")).split(";")[0].partition("=")
    asked.close()
    return {"name": name, "value": value, "domain": "127.0.0.1", "path": "/", "sameSite": "Strict"}
