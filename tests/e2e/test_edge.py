"""The edge of the running app: who is let in, what is refused, what payloads reach."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evaluate.torture import edge, knocks
from tests.e2e import browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("edge") / "home"


@pytest.fixture(scope="module")
def address(home: Path, chromium: Any) -> Iterator[str]:
    with browser.serve(home) as running:
        yield running


@pytest.fixture(scope="module")
def port(address: str) -> int:
    return int(address.rpartition(":")[2])


@pytest.fixture(scope="module")
def cookie(address: str) -> str:
    kept = browser.COOKIES[-1]
    return f"{kept['name']}={kept['value']}"


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
