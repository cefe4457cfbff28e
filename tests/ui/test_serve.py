"""The browser that is opened gets a link of its own, which is of no use to others."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from core import door
from core.errors import AppError
from core.settings import Settings
from ui import serve


class Closed(BaseHTTPRequestHandler):
    """As the app answers who has no cookie."""

    def do_GET(self) -> None:
        self.send_error(403)

    def log_message(self, *_: object) -> None:
        """Silent."""


class Child:
    def poll(self) -> None:
        """It runs."""


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    addresses: list[str] = []
    monkeypatch.setattr(serve.webbrowser, "open", addresses.append)
    return addresses


def open_when_ready(home: Path) -> int:
    """The port of a closed app for which the browser was opened."""
    with HTTPServer(("127.0.0.1", 0), Closed) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        child: Any = Child()
        serve._open_when_ready(home, server.server_port, child)
        return int(server.server_port)


def test_the_browser_is_opened_with_a_link_for_this_user(tmp_path: Path, opened: list[str]) -> None:
    running, _ = door.opened(tmp_path / "home", time.time())
    port = open_when_ready(tmp_path / "home")
    (address,) = opened
    key = address.removeprefix(f"http://127.0.0.1:{port}{door.LINK_PATH}")
    assert not running.admits(key, port, time.time(), is_own_user=False)
    assert running.admits(key, port, time.time(), is_own_user=True)


def test_where_there_is_no_key_the_page_says_what_to_do(tmp_path: Path, opened: list[str]) -> None:
    port = open_when_ready(tmp_path / "home")
    assert opened == [f"http://127.0.0.1:{port}"]


def test_nothing_is_opened_for_an_app_that_has_ended(tmp_path: Path, opened: list[str]) -> None:
    ended: Any = type("Ended", (), {"poll": lambda self: 1})()
    serve._open_when_ready(tmp_path, 9, ended)
    assert opened == []


def test_an_app_that_was_killed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    killed: Any = type("Killed", (), {"wait": lambda self: -9})()
    monkeypatch.setattr(serve.subprocess, "Popen", lambda *_, **__: killed)
    monkeypatch.setattr(serve.signal, "signal", lambda *_: None)
    with pytest.raises(AppError, match=r"signal 9.*unfinished work goes on"):
        serve.serve(Settings(home=tmp_path), 9, open_browser=False)
