"""The edge of the running app: who is let in, what is refused, what payloads reach."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from evaluate.torture import edge, knocks, payloads
from evaluate.torture.payloads import Sink
from tests.e2e import browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CLOSED = "This browser has not been let in"
HOSTILE_NAMES = (
    *("../../../escaped.txt", "..\\..\\escaped.txt", "/tmp/escaped-absolute.txt", ".hidden.txt"),
    *("a" * 300 + ".txt", "con.txt", "library.db.txt", "-rf.txt", "<img src=x>.txt", ".txt"),
    *("%2e%2e%2fescaped.txt", "x\u202etxt.exe.txt", "a;touch escaped.txt", "door.key.txt"),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("edge") / "home"


@pytest.fixture(scope="module")
def running(home: Path, chromium: Any) -> Iterator[tuple[str, Sink]]:
    """An app whose articles and whose model server are hostile, and what they call."""
    with payloads.running(home) as started:
        yield started


@pytest.fixture(scope="module")
def address(running: tuple[str, Sink]) -> str:
    return running[0]


@pytest.fixture(scope="module")
def port(address: str) -> int:
    return int(address.rpartition(":")[2])


@pytest.fixture(scope="module")
def cookie(address: str) -> str:
    kept = browser.COOKIES[-1]
    return f"{kept['name']}={kept['value']}"


@pytest.fixture
def stranger(chromium: Any) -> Iterator[Callable[[], Any]]:
    """Opens pages of browsers that nobody has let in."""
    contexts = []

    def page() -> Any:
        contexts.append(chromium.new_context())
        return contexts[-1].new_page()

    yield page
    for context in contexts:
        context.close()


def new_link(home: Path, port: int) -> str:
    command = [sys.executable, "cli.py", "--home", str(home), "link", "--port", str(port)]
    done = subprocess.run(command, cwd=browser.PROJECT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_foreign_hosts_and_origins_and_visitors_without_the_cookie_are_refused(
    port: int, cookie: str
) -> None:
    line = edge.tried(port, cookie)
    assert line["broken"] == []
    assert line["refused"] > 150


def test_every_answer_forbids_what_comes_from_elsewhere(port: int, cookie: str) -> None:
    own = f"127.0.0.1:{port}"
    for wanted, request in (
        (200, knocks.plain("/", own, f"Cookie: {cookie}")),
        (403, knocks.plain("/", own)),
        (403, knocks.plain("/open/none", own)),
    ):
        status, received = knocks.answer(port, request)
        head = received.partition(b"\r\n\r\n")[0].decode().lower()
        headers = dict(line.split(": ", 1) for line in head.splitlines()[1:])
        policy = headers["content-security-policy"]
        assert status == wanted
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads /proc")
def test_only_this_machine_is_listened_to(port: int) -> None:
    rows = [
        line.split()
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    ]
    listening = [row[1] for row in rows if row[3] == "0A" and row[1].endswith(f":{port:04X}")]
    assert listening == [f"0100007F:{port:04X}"]


def test_a_link_lets_one_browser_in_and_no_address_holds_it(
    stranger: Callable[[], Any], address: str, home: Path, port: int
) -> None:
    page = stranger()
    deep = f"{address}/search?words=Skerrow"
    assert page.goto(deep).status == 403
    assert page.get_by_role("heading").inner_text() == CLOSED
    assert f" cli.py link --port {port}" in page.inner_text("body")

    link = new_link(home, port)
    page.goto(link)
    page.locator(".st-key-question textarea").wait_for(timeout=60_000)
    assert page.url.partition("?")[0] == f"{address}/"
    assert link not in page.evaluate("history.state + document.referrer + location.href")
    (kept,) = [one for one in page.context.cookies() if one["name"].startswith("sourcebook-")]
    assert (kept["httpOnly"], kept["sameSite"], kept["path"]) == (True, "Strict", "/")
    assert kept["value"] not in page.evaluate("document.cookie")
    assert kept["value"] not in page.content()
    page.goto(deep)
    page.locator(".card.hit").first.wait_for()

    other = stranger()
    assert other.goto(link).status == 403
    assert "That link was used before" in other.inner_text("body")
    key = link.rpartition("/")[2]
    assert key not in (home.parent / "app.log").read_text()
    assert all(key.encode() not in path.read_bytes() for path in home.rglob("*.log"))


def test_a_link_in_another_page_needs_a_press_in_ours(page: Any, address: str) -> None:
    """SameSite=Strict: a foreign page's link comes without the cookie."""
    page.goto(f"data:text/html,<a href='{address}/search?words=Skerrow'>there</a>")
    page.get_by_role("link", name="there").click()
    page.get_by_role("heading", name=CLOSED).wait_for()
    page.get_by_role("link", name="Open this address again").click()
    page.locator(".card.hit").first.wait_for(timeout=60_000)
    assert page.url.startswith(f"{address}/search?words=Skerrow")


def test_payloads_in_articles_and_drafts_call_nobody(
    page: Any, running: tuple[str, Sink], home: Path, stranger: Callable[[], Any]
) -> None:
    address, sink = running
    line = payloads.shown(page, address, home, sink)
    assert line["broken"] == []
    assert (line["heard"], line["looks"]) == (0, 12)
    assert line["with_payloads"] >= 6

    rendered = stranger()  # where nothing guards, the same payloads do call
    pictures = [payload for payload in payloads.PAYLOADS if payload.startswith("<img")]
    rendered.set_content("".join(pictures).format(sink=sink.address))
    rendered.wait_for_timeout(500)
    assert sink.heard
    assert len(rendered.evaluate(payloads.MADE, sink.address)) == len(pictures) > 0


def test_no_name_of_a_dropped_file_is_a_path(page: Any, address: str, home: Path) -> None:
    before = {path for path in home.parent.rglob("*") if home / "uploads" not in path.parents}
    page.goto(f"{address}/library")
    dropped = [
        {"name": name, "mimeType": "text/plain", "buffer": f"Dropped {number}\n".encode()}
        for number, name in enumerate(HOSTILE_NAMES)
    ]
    page.locator("input[type=file]").set_input_files(dropped)
    for _ in range(100):
        kept = list((home / "uploads").glob("*")) if (home / "uploads").is_dir() else []
        if len(kept) == len(HOSTILE_NAMES):
            break
        page.wait_for_timeout(200)
    assert len(kept) == len(HOSTILE_NAMES)
    told = {f"Dropped {number}\n" for number in range(len(HOSTILE_NAMES))}
    assert {path.read_text() for path in kept} == told
    assert all(re.fullmatch(r"[\w-]{1,80}-[0-9a-f]{8}(\.[a-z0-9]{1,8})?", p.name) for p in kept)
    after = {path for path in home.parent.rglob("*") if home / "uploads" not in path.parents}
    names = {path.name for path in after - before}
    assert not any("escaped" in name or "hidden" in name for name in names)
    assert not Path("/tmp/escaped-absolute.txt").exists()
    assert not list(browser.PROJECT.glob("*escaped*"))


def test_a_failure_is_not_told_on_the_page_but_in_a_log_without_words(
    page: Any, address: str, home: Path
) -> None:
    """No file's name holds a zero byte, but anyone may send one: nobody has named that failure."""
    page.goto(f"{address}/library")
    words = {"name": "Skerrow\u0000lantern.txt", "mimeType": "text/plain", "buffer": b"Dropped"}
    page.locator("input[type=file]").set_input_files([words])
    page.get_by_text("The app met a fault of its own").first.wait_for()
    shown = page.inner_text("body")
    for detail in ("null bytes", "Traceback", "Exception", ".py", "Streamlit", str(home)):
        assert detail not in shown
    logged = (home / "logs" / "faults.log").read_text()
    assert "StreamlitAPIException" in logged
    assert "streamlit/elements/lib/file_uploader_utils.py:" in logged
    for word in ("null bytes", "Skerrow", "lantern", str(home), str(browser.PROJECT)):
        assert word not in logged
