"""Who has no cookie gets nothing but a page that says where to look."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from typing import Any

import pytest

from core import door
from core.door import Door
from ui import gate

PORT = 8765


async def inner(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"the app"})


@pytest.fixture
def opened() -> Door:
    return Door(b"k" * 32, time.time() - 5)


def ask(
    opened: Door, path: str = "/", method: str = "GET", kind: str = "http", **headers: str
) -> tuple[int, dict[str, str], str]:
    """(status, headers, body) of the gate's answer."""
    sent: list[Any] = []
    scope = {
        "type": kind,
        "method": method,
        "path": path,
        "server": ("127.0.0.1", PORT),
        "client": ("127.0.0.1", 1),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "extensions": {"websocket.http.response": {}},
    }

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(gate.Gate(inner, lambda: opened)(scope, receive, send))  # type: ignore[arg-type]
    start, *rest = sent
    found = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], found, b"".join(one.get("body", b"") for one in rest).decode()


def link(opened: Door, whom: bytes = door.ANYONE) -> str:
    return opened.link(PORT, time.time(), whom).removeprefix(f"http://127.0.0.1:{PORT}")


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("path", ["/", "/library", "/_stcore/stream", "/static/a.js", "/media/x"])
def test_without_the_cookie_nothing_is_served(opened: Door, kind: str, path: str) -> None:
    assert ask(opened, path, kind=kind)[0] == 403
    assert ask(opened, path, kind=kind, cookie="other=1")[0] == 403
    cookie = f"a=b; {opened.cookie_name}={opened.cookie}; c=d"
    assert ask(opened, path, kind=kind, cookie=cookie)[2] == "the app"


def test_the_page_says_where_to_look(opened: Door) -> None:
    status, headers, body = ask(opened, "/?question=secret")
    assert status == 403
    assert headers["cache-control"] == "no-store"
    assert "Look at the terminal" in body
    assert f" cli.py link --port {PORT}<" in body
    assert opened.cookie not in body
    assert "set-cookie" not in headers


def test_a_link_gives_a_cookie_and_leaves_the_address_bar(opened: Door) -> None:
    path = link(opened)
    status, headers, body = ask(opened, path)
    assert status == 200
    name, value, *marks = headers["set-cookie"].replace("=", ";", 1).split(";")
    assert (name, value) == (opened.cookie_name, opened.cookie)
    assert {mark.strip().lower() for mark in marks} == {
        "httponly", "max-age=34560000", "path=/", "samesite=strict"
    }  # fmt: skip
    assert 'http-equiv="refresh" content="0;url=/"' in body
    assert path not in body
    again, headers, body = ask(opened, path)
    assert again == 403
    assert "set-cookie" not in headers
    assert "older than a minute" in body


def test_a_used_link_leads_on_who_is_let_in(opened: Door) -> None:
    path = link(opened)
    ask(opened, path)
    status, headers, _ = ask(opened, path, cookie=f"{opened.cookie_name}={opened.cookie}")
    assert (status, "set-cookie" in headers) == (200, False)


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS"])
def test_only_a_visit_uses_a_link(opened: Door, method: str) -> None:
    path = link(opened)
    status, headers, _ = ask(opened, path, method)
    assert (status, "set-cookie" in headers) == (403, False)
    assert ask(opened, path)[0] == 200
    assert ask(opened, link(opened), kind="websocket")[0] == 403


def test_a_cookie_of_the_same_name_set_by_another_page_does_not_lock_out(opened: Door) -> None:
    name = opened.cookie_name
    assert ask(opened, cookie=f"{name}=evil; {name}={opened.cookie}")[0] == 200
    assert ask(opened, cookie=f"{name}={opened.cookie}; {name}=evil")[0] == 200


def test_the_own_browsers_link_is_of_no_use_where_another_process_asks(
    opened: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "_is_own_user", lambda _: False)
    assert ask(opened, link(opened, door.OWN_USER))[0] == 403
    assert ask(opened, link(opened))[0] == 200


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc/net/tcp")
def test_whose_a_connection_is() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as mine:
            scope = {"server": ("127.0.0.1", port), "client": mine.getsockname()}
            assert gate._is_own_user(scope) is True
            # As a proxy's header would have it: not taken for anyone's.
            assert gate._is_own_user({**scope, "client": ("127.0.0.1", 0)}) is False
        if os.geteuid() == 0:
            server.accept()
            call = f"exec 3<>/dev/tcp/127.0.0.1/{port}; read -r -t 10 <&3"
            with subprocess.Popen(["bash", "-c", call], user=65534, group=65534) as other:
                _, client = server.accept()
                scope = {"server": ("127.0.0.1", port), "client": client}
                assert gate._is_own_user(scope) is False
                other.terminate()
