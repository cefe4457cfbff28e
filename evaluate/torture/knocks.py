"""Requests that the app must refuse, and a few that it must not, as bytes on a socket.

Takes the port of a running app and the cookie that lets a browser in; gives, for each request,
the status it got and the one it must get. Written out byte for byte, because no HTTP client sends
most of them.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass

SECONDS = 10
STREAM = "/_stcore/stream"
PATHS = (
    "/",
    "/library",
    "/static/index.html",
    "/_stcore/health",
    "/_stcore/host-config",
    "/media/x",
)
# What names this machine elsewhere, or looks as if it did: each could be a page's that has its
# own name lead to 127.0.0.1 (DNS rebinding).
FOREIGN_HOSTS = (
    *("evil.example", "evil.example:{port}", "127.0.0.1.evil.example:{port}"),
    *("localhost.evil.example", "evil.example#127.0.0.1:{port}", "127.0.0.1@evil.example"),
    *("127.0.0.1:{port}@evil.example", "[::1]:{port}", "[::ffff:127.0.0.1]:{port}"),
    *("0.0.0.0:{port}", "127.1:{port}", "127.0.0.2:{port}", "2130706433:{port}"),
    *("0x7f000001:{port}", "0177.0.0.1:{port}", "10.0.0.1", "rebind.it:{port}"),
    *("", " ", "127.0.0.1, evil.example", "localhost.:{port}", "localhost..:{port}"),
)
FOREIGN_ORIGINS = (
    *("http://evil.example", "https://evil.example:{port}", "null", "http://127.0.0.1:1"),
    *("http://127.0.0.1", "https://127.0.0.1:{port}", "http://localhost:{port}"),
    *("http://[::1]:{port}", "http://127.0.0.1:{port}.evil.example", "file://", "http://["),
    *("http://127.0.0.1:{port}@evil.example", "http://evil.example/127.0.0.1:{port}", ""),
    *("chrome-extension://abcdef", "http://LOCALHOST.evil.example:{port}", "\\\\127.0.0.1:{port}"),
)


@dataclass(frozen=True, slots=True)
class Knock:
    """One request. `wanted`: the statuses that are right; 0 stands for a closed connection."""

    name: str
    request: bytes
    wanted: tuple[int, ...]


def knocks(port: int, cookie: str) -> Iterator[Knock]:
    """All of them. `cookie`: the name and the value, as a browser sends them."""
    yield from _let_in(port, cookie)
    yield from _foreign(port, cookie)
    yield from _odd(port, cookie)
    yield from _without_cookie(port, cookie)


def answer(port: int, request: bytes) -> tuple[int, bytes]:
    """(status, all that came back); status 0 where the connection was closed without a word."""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as link:
        link.sendall(request)
        received = link.recv(65536)
        is_stream = received.startswith(b"HTTP/1.1 101")
        while not is_stream and (more := link.recv(65536)):
            received += more
    words = received.split(b" ", 2)
    return (int(words[1]) if len(words) > 1 else 0), received


def plain(
    path: str, host: str | None, *lines: str, method: str = "GET", version: str = "1.1"
) -> bytes:
    hosts = [] if host is None else [f"Host: {host}"]
    head = [f"{method} {path} HTTP/{version}", *hosts, "Connection: close", *lines]
    return ("\r\n".join(head) + "\r\n\r\n").encode("latin-1")


def stream(host: str | None, *lines: str, path: str = STREAM) -> bytes:
    """The handshake of a WebSocket."""
    hosts = [] if host is None else [f"Host: {host}"]
    head = [
        f"GET {path} HTTP/1.1",
        *hosts,
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: c291cmNlYm9vay10ZXN0cw==",
        *lines,
    ]
    return ("\r\n".join(head) + "\r\n\r\n").encode("latin-1")


def _let_in(port: int, cookie: str) -> Iterator[Knock]:
    """Without these, refusing everything would pass."""
    for host in (f"127.0.0.1:{port}", f"localhost:{port}"):
        own = f"Origin: http://{host}"
        yield Knock(f"let in: {host}", plain("/", host, f"Cookie: {cookie}"), (200,))
        yield Knock(f"own origin: {host}", plain("/", host, own, f"Cookie: {cookie}"), (200,))
        yield Knock(f"own stream: {host}", stream(host, own, f"Cookie: {cookie}"), (101,))


def _foreign(port: int, cookie: str) -> Iterator[Knock]:
    own, let_in = f"127.0.0.1:{port}", f"Cookie: {cookie}"
    for named in FOREIGN_HOSTS:
        host = named.format(port=port)
        yield Knock(f"host “{host}”", plain("/", host, let_in), (400,))
        yield Knock(f"stream, host “{host}”", stream(host, let_in), (400,))
        origin = f"Origin: http://{host}"  # as a page of that name sends it
        yield Knock(f"stream, host and origin “{host}”", stream(host, origin, let_in), (400, 403))
    for named in FOREIGN_ORIGINS:
        origin = f"Origin: {named.format(port=port)}"
        yield Knock(origin, plain("/", own, origin, let_in), (403,))
        yield Knock(f"POST, {origin}", plain("/", own, origin, let_in, method="POST"), (403,))
        yield Knock(f"stream, {origin}", stream(own, origin, let_in), (403,))


def _odd(port: int, cookie: str) -> Iterator[Knock]:
    """Requests as no browser sends them, and as programs between do."""
    own, let_in = f"127.0.0.1:{port}", f"Cookie: {cookie}"
    refused = (400, 403)
    yield Knock("no host", plain("/", None, let_in), (400,))
    yield Knock("no host, HTTP/1.0", plain("/", None, let_in, version="1.0"), (400,))
    yield Knock("stream without host", stream(None, let_in), (400,))
    foreign = plain("http://evil.example/", "evil.example", let_in)
    yield Knock("absolute address, foreign host", foreign, refused)
    hidden = plain(f"http://{own}/", "evil.example", let_in)
    yield Knock("absolute address of ours, foreign host", hidden, refused)
    two = plain("/", own, "Host: evil.example", let_in)
    yield Knock("two hosts", two, (400,))
    turned = plain("/", "evil.example", f"Host: {own}", let_in)
    yield Knock("two hosts, the other way", turned, (400,))
    origins = (f"Origin: http://{own}", "Origin: http://evil.example")
    for first, second in (origins, origins[::-1]):
        yield Knock(f"two origins, {first}", plain("/", own, first, second, let_in), refused)
        yield Knock(f"stream, two origins, {first}", stream(own, first, second, let_in), refused)
    passed_on = ("X-Forwarded-Host: " + own, "Forwarded: host=" + own)
    yield Knock("host as passed on", plain("/", "evil.example", *passed_on, let_in), (400,))
    yield Knock("CONNECT", plain("evil.example:80", "evil.example:80", method="CONNECT"), refused)


def _without_cookie(port: int, cookie: str) -> Iterator[Knock]:
    own = f"127.0.0.1:{port}"
    name, _, value = cookie.partition("=")
    wrong = (
        *("", "Cookie:", f"Cookie: {name}=", f"Cookie: {name}={value[:-1]}", f"Cookie: x={value}"),
        *(f"Cookie: {name}={value}0", f"Cookie: {name.upper()}={value}", f"Authorization: {value}"),
        *("X-Forwarded-For: 127.0.0.1", "X-Forwarded-User: root", f"Cookie: {value}"),
    )
    for line in wrong:
        lines = [line] if line else []
        yield Knock(f"without the cookie, “{line}”", plain("/", own, *lines), (403,))
        yield Knock(f"stream without it, “{line}”", stream(own, *lines), (403,))
        origin = f"Origin: http://{own}"
        yield Knock(f"own stream without it, “{line}”", stream(own, origin, *lines), (403,))
    for path in PATHS:
        yield Knock(f"{path} without the cookie", plain(path, own), (403,))
        for method in ("HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
            asked = plain(path, own, method=method)
            yield Knock(f"{method} {path} without the cookie", asked, (403,))
    yield Knock("cookie in the address", plain(f"/?{cookie}", own), (403,))
    for key in ("", "A" * 76, "..%2f", "%00", "A" * 5000):
        yield Knock(f"a made-up link {key[:9]}", plain(f"/open/{key}", own), (403,))
