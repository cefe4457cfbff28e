"""The web app: Streamlit's ASGI App around ui/main.py, closed to everything
but this machine's own browser.

Every request, WebSocket and HTTP alike, passes three gates: the Host header
must name this machine, a foreign Origin is refused, and so is whoever has no
cookie of this app (ui/gate.py); and every answer carries a
Content-Security-Policy that lets the page load nothing from elsewhere. The
user's folders are followed while the server runs; at its end the running
questions, downloads and model processes end too.
"""

from __future__ import annotations

import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.starlette import App

from core import door, faults
from core import settings as core_settings
from ui import gate
from ui.pages import addresses

FAULT = (
    "The app met a fault of its own. Where it happened is noted in logs/faults.log in your "
    "library's folder, without a word of your articles. Reload the page to go on."
)
STREAMLITS_OWN = ("static", "media", "component", "healthz", "script-health-check")
HOSTS = ("127.0.0.1", "localhost")  # with any port

# `blob:` in script-src: Streamlit loads inline components from blob URLs.
# `unsafe-inline` in style-src: its own styles are inline. Scripts never are.
HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' blob:",
            "style-src 'self' 'unsafe-inline'",
            "font-src 'self' data:",
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class SameOrigin:
    """Refuses requests that another site's page makes.

    Streamlit itself would compare a foreign Origin with this machine's public
    address, and would ask a web service for that address: so it must not get
    that far.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and not _same_origin(Headers(scope=scope)):
            await PlainTextResponse("Foreign origin", status_code=403)(scope, receive, send)
            return
        await self.app(scope, receive, send)


class KnownPages:
    """Leads from an address that no page has to the first page, which says so in the app's own
    words. Other paths (the app's files and streams) pass."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET" and _is_no_page(scope["path"]):
            await RedirectResponse("/?no_page=1", status_code=303)(scope, receive, send)
            return
        await self.app(scope, receive, send)


class SafeHeaders:
    """Adds HEADERS to every HTTP answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _same_origin(headers: Headers) -> bool:
    """Whether no other site's page asks. Not a browser, or a plain visit, names no origin."""
    return all(_is_here(origin, headers.get("host", "")) for origin in headers.getlist("origin"))


def _is_here(origin: str, host: str) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:  # no address at all
        return False
    return parts.scheme == "http" and parts.hostname in HOSTS and parts.netloc == host


def _is_no_page(path: str) -> bool:
    """Whether it looks like a page (one plain word below the root) and is none."""
    name = path.strip("/")
    is_plain = bool(name) and not any(mark in name for mark in "/._")
    return is_plain and name not in addresses() and name not in STREAMLITS_OWN


@cache
def find_door() -> door.Door:
    """Of the user's own library. A secret that can't be kept is told on the terminal."""
    opened, problem = door.opened(core_settings.load().home, time.time())
    if problem:
        sys.stderr.write(f"sourcebook: {problem} Browsers have to be let in again.\n")
    return opened


def tell_fault(error: Exception) -> bool:
    """What nobody has named is logged, and told on the page without its details."""
    from ui import shell

    faults.note(error)
    shell.trouble(FAULT)
    return True


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Follows the folders of all the user's libraries (never the demo's) while the server runs.

    Ends every running question and its model process with it.
    """
    from ui import backend, libraries_backend, models_backend

    gate.tell_link(find_door(), int(config.get_option("server.port")))
    with faults.kept(core_settings.load().home):
        libraries_backend.follow_all()
        yield
        models_backend.close()
        backend.close_sessions()


app = App(
    Path(__file__).parent / "ui" / "main.py",
    lifespan=lifespan,
    on_script_error=tell_fault,
    middleware=[
        Middleware(SafeHeaders),
        Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False),
        Middleware(SameOrigin),
        Middleware(gate.Gate, find_door=find_door),
        Middleware(KnownPages),
    ],
)
