"""The models page in a real browser: a download that is stopped, goes on and is used."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.core.gguf_bytes import gguf_bytes
from tests.core.model_server import Answer, Server, serving
from tests.e2e import browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DATA = gguf_bytes(size=20_000_000)
ENTRY = f"""
[[model]]
name = "tiny"
file = "tiny.gguf"
bytes = {len(DATA)}
sha256 = "{hashlib.sha256(DATA).hexdigest()}"
repository = "someone/tiny-GGUF"
revision = "main"
licence = "MIT"
"""


@pytest.fixture(scope="module")
def hub() -> Iterator[Server]:
    with serving(DATA) as running:
        yield running


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library whose own catalogue has one small model."""
    folder = tmp_path_factory.mktemp("models") / "home"
    (folder / "models").mkdir(parents=True)
    (folder / "models" / "catalogue.toml").write_text(ENTRY)
    return folder


@pytest.fixture(scope="module")
def address(home: Path, hub: Server, chromium: Any) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCEBOOK_MODELS_ENDPOINT", hub.url)
        with browser.serve(home) as running:
            yield running


@pytest.fixture
def opened(address: str, visitor: Callable[..., Any]) -> Callable[[], Any]:
    """Opens tabs of one visitor."""
    context = visitor(viewport={"width": 1440, "height": 1000})

    def tab() -> Any:
        page = context.new_page()
        page.goto(f"{address}/models")
        row(page, "tiny").wait_for()
        return page

    return tab


def row(page: Any, name: str) -> Any:
    return page.locator(f'li[data-name="{name}"]')


def test_a_download_is_seen_from_two_tabs_stopped_and_goes_on(
    opened: Any, hub: Server, home: Path, address: str
) -> None:
    first = opened()
    other = first.context.new_page()  # of another page, that nobody touches
    other.goto(f"{address}/settings")
    other.get_by_text("no network use").wait_for()
    assert urlsplit(hub.url).netloc in first.locator(".network").inner_text()
    assert hub.asked == []  # looking at the page asks for nothing

    hub.usual = Answer(bytes_per_second=1_000_000)
    row(first, "tiny").get_by_role("button", name="Download 20.0 MB").click()
    row(first, "tiny").get_by_text(" a second ").wait_for()
    assert row(first, "tiny").get_by_role("progressbar").is_visible()
    first.get_by_text("downloading a model from 127.0.0.1").wait_for()

    other.get_by_text("downloading a model from 127.0.0.1").wait_for(timeout=10_000)
    second = opened()  # sees it too, and outlives the tab that began it
    row(second, "tiny").get_by_text(" a second ").wait_for()
    first.close()
    row(second, "tiny").get_by_role("button", name="Stop").click()
    row(second, "tiny").get_by_text("Stopped; what has come is kept").wait_for()
    for page in (second, other):
        page.get_by_text("no network use").wait_for()
    (left,) = (home / "models").glob("tiny.gguf.*.part")
    kept = left.stat().st_size
    assert 0 < kept < len(DATA)

    hub.usual = Answer()
    row(second, "tiny").get_by_role("button", name="Go on").click()
    row(second, "tiny").get_by_text("Downloaded, SHA-256 as expected").wait_for()
    assert hub.asked[-1][1] == f"bytes={kept}-"
    assert row(second, "tiny").get_by_text("installed").is_visible()
    assert (home / "models" / "tiny.gguf").read_bytes() == DATA

    second.get_by_role("button", name="Check all files").click()
    second.get_by_text("all as they should be").wait_for()


def test_ones_own_file_is_used_measured_in_vain_and_forgotten(opened: Any, tmp_path: Path) -> None:
    page = opened()
    path = tmp_path / "my own <b>.gguf"
    field = page.get_by_label("Path of a GGUF file")
    field.fill(str(path))
    page.get_by_role("button", name="Use this file").click()
    page.get_by_text("is not a file").wait_for()

    path.write_bytes(gguf_bytes())  # a header and nothing behind it
    field.fill(str(path))
    page.get_by_role("button", name="Use this file").click()
    mine = row(page, "my own <b>")
    mine.get_by_text("your own file").wait_for()
    assert page.locator("li b").count() == 0
    mine.get_by_role("button", name="Measure").click()
    mine.get_by_text("It did not work").wait_for(timeout=60_000)
    assert "cannot be loaded" in mine.inner_text()
    mine.get_by_role("button", name="Forget").click()
    mine.wait_for(state="detached")
    assert path.exists()
