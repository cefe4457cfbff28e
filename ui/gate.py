"""The gate in front of the app: a cookie, or a link that gives one, or a page that says how.

ASGI middleware over `core.door`. Without the cookie nothing is served, over HTTP and WebSocket
alike, so that other users of this computer, and programs that know no secret, see nothing.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core import door
from core.children import PROJECT_PATH
from core.door import Door

# The longest time that browsers keep a cookie.
COOKIE_SECONDS = 400 * 24 * 60 * 60
STYLE = (
    "body{font:1.1rem/1.6 Georgia,serif;max-width:38rem;margin:12vh auto;padding:0 1.5rem;"
    "color:#23211d;background:#fbf9f4}code{font-size:.95em}a{color:#1d5f6e}"
    "@media(prefers-color-scheme:dark){body{color:#e8e3d8;background:#1b1a18}a{color:#86c5d1}}"
)
FRAME = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sourcebook</title>'
    '<meta name="viewport" content="width=device-width">{head}<style>{style}</style></head>'
    "<body><main>{body}</main></body></html>"
)
# The page is written here and not redirected to: a redirect would still count as part of the
# visit from outside, and carry no SameSite=Strict cookie.
OPENED = FRAME.format(
    head='<meta http-equiv="refresh" content="0;url=/">',
    style=STYLE,
    body='<p><a href="/">Open Sourcebook</a></p>',
)
# `href=""` is this very address: pressed here it is a visit from the app itself, which carries
# the cookie that a link in another page may not.
CLOSED = """<h1>This browser has not been let in</h1>
<p>Sourcebook shows a library only to the person who started it.</p>
<p><strong>Look at the terminal where it was started.</strong> A link stands there that opens it in
this browser: it works once, for a minute. After it, this browser stays let in.</p>
<p>For a new link, run this where Sourcebook is installed, with the same <code>--home</code> or
<code>SOURCEBOOK_HOME</code>:</p>
<p><code>{command}</code></p>
<p>Have you been here before, and come from another page? <a href="">Open this address again</a>.
</p>"""
USED = "<p><strong>That link was used before, or is older than a minute.</strong></p>"


class Gate:
    """Lets in who has the cookie of `find_door()`, which is asked for at the first request."""

    def __init__(self, app: ASGIApp, find_door: Callable[[], Door]) -> None:
        self.app = app
        self.find_door = find_door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        opened = self.find_door()
        is_known = opened.knows(_cookies(scope, opened.cookie_name))
        if scope["type"] == "http" and scope["path"].startswith(door.LINK_PATH):
            await _answer_link(opened, scope, is_known)(scope, receive, send)
        elif is_known:
            await self.app(scope, receive, send)
        else:
            await _closed(scope)(scope, receive, send)


def tell_link(opened: Door, port: int) -> None:
    """Writes a link to the terminal."""
    sys.stdout.write(
        "\n  Sourcebook is running. This link opens it in your browser, once, within a minute:\n\n"
        f"  {opened.link(port, time.time())}\n\n"
        f"  For another one: {_command(port)}\n\n"
    )
    sys.stdout.flush()


def _answer_link(opened: Door, scope: Scope, is_known: bool) -> Response:
    key = scope["path"].removeprefix(door.LINK_PATH)
    if scope["method"] != "GET":
        return _closed(scope)
    if opened.admits(key, _port(scope), time.time(), _is_own_user(scope)):
        response = HTMLResponse(OPENED, headers={"Cache-Control": "no-store"})
        response.set_cookie(
            opened.cookie_name,
            opened.cookie,
            max_age=COOKIE_SECONDS,
            httponly=True,
            samesite="strict",
        )
        return response
    if is_known:  # the same link again, in a browser that is in
        return HTMLResponse(OPENED, headers={"Cache-Control": "no-store"})
    return _closed(scope, USED)


def _closed(scope: Scope, before: str = "") -> Response:
    body = before + CLOSED.format(command=_command(_port(scope)))
    page = FRAME.format(head="", style=STYLE, body=body)
    return HTMLResponse(page, status_code=403, headers={"Cache-Control": "no-store"})


def _command(port: int) -> str:
    """What gives a new link, as it is typed where the app is installed."""
    python = Path(sys.executable)
    is_own = python.is_relative_to(PROJECT_PATH)  # as `make setup` has it
    name = python.relative_to(PROJECT_PATH) if is_own else "python"
    return f"{name} cli.py link --port {port}"


def _port(scope: Scope) -> int:
    """Where the app listens, as the socket has it and not as the request says."""
    return int((scope.get("server") or ("", 0))[1] or 0)


def _cookies(scope: Scope, name: str) -> list[str]:
    """Every value of the cookie: another page of this host may have set one of the same name."""
    pairs = ";".join(Headers(scope=scope).getlist("cookie")).split(";")
    parts = [pair.strip().partition("=") for pair in pairs]
    return [value for one, _, value in parts if one == name]


def _is_own_user(scope: Scope) -> bool | None:
    """Whether the other end of this connection belongs to the user who runs the app; None where
    the system doesn't tell. Linux does, in /proc/net/tcp (local address, remote one, …, uid)."""
    host = int.from_bytes(bytes((127, 0, 0, 1)), sys.byteorder)
    client = int((scope.get("client") or ("", 0))[1] or 0)
    ends = [f"{host:08X}:{client:04X}", f"{host:08X}:{_port(scope):04X}"]
    try:
        rows = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    owners = [fields[7] for fields in map(str.split, rows) if fields[1:3] == ends]
    return owners == [str(os.geteuid())]
