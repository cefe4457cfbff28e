"""A web server on this machine that has one file, and the faults that the internet has."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """How one request is answered; the default is a good server's way."""

    status: int = 0  # another status than 200 and 206, without a body
    location: str = ""  # of a redirect
    cut_after: int | None = None  # bytes of the body, then the connection is closed
    knows_ranges: bool = True
    says_length: bool = True
    begins_at: int | None = None  # gives another range than was asked for
    total: int | None = None  # the length it claims
    bytes_per_second: float | None = None
    silent_seconds: float = 0.0
    falls_silent_after: int | None = None  # bytes of the body, then nothing for a minute


@dataclass
class Server:
    data: bytes
    url: str = ""
    script: list[Answer] = field(default_factory=list)  # one for each request, then `usual`
    usual: Answer = field(default_factory=Answer)
    asked: list[tuple[str, str]] = field(default_factory=list)  # path, Range
    headers: list[dict[str, str]] = field(default_factory=list)


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A client that goes away in the middle is what the tests are about."""


@contextmanager
def serving(data: bytes) -> Iterator[Server]:
    server = Server(data)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            server.asked.append((self.path, self.headers.get("Range", "")))
            server.headers.append(dict(self.headers))
            answer = server.script.pop(0) if server.script else server.usual
            try:
                _answer(self, server, answer)
            except OSError:  # the client has gone
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    http = _Http(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{http.server_address[1]}"
    thread = threading.Thread(target=http.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()


def _answer(handler: BaseHTTPRequestHandler, server: Server, answer: Answer) -> None:
    time.sleep(answer.silent_seconds)
    if answer.status:
        handler.send_response(answer.status)
        if answer.location:
            handler.send_header("Location", answer.location)
            handler.send_header("Set-Cookie", "visitor=1; Path=/")
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return
    begin = _begin(handler, server, answer)
    if begin is None:
        return
    body = server.data[begin:]
    if answer.says_length:
        length = len(body) if answer.total is None else answer.total - begin
        handler.send_header("Content-Length", str(length))
    else:
        handler.send_header("Connection", "close")
    handler.end_headers()
    _write(handler, body if answer.cut_after is None else body[: answer.cut_after], answer)
    handler.close_connection = not answer.says_length or answer.cut_after is not None


def _begin(handler: BaseHTTPRequestHandler, server: Server, answer: Answer) -> int | None:
    """Sends the status line; the first byte of the body, None where there is none."""
    wanted = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
    if not wanted or not answer.knows_ranges:
        handler.send_response(200)
        return 0
    begin, total = int(wanted[1]), answer.total or len(server.data)
    if begin >= len(server.data):
        handler.send_response(416)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return None
    begin = begin if answer.begins_at is None else answer.begins_at
    handler.send_response(206)
    handler.send_header("Content-Range", f"bytes {begin}-{total - 1}/{total}")
    return begin


def _write(handler: BaseHTTPRequestHandler, body: bytes, answer: Answer) -> None:
    if answer.falls_silent_after is not None:
        handler.wfile.write(body[: answer.falls_silent_after])
        handler.wfile.flush()
        time.sleep(60.0)
        return
    if answer.bytes_per_second is None:
        handler.wfile.write(body)
        return
    step = max(1, int(answer.bytes_per_second / 20))
    for place in range(0, len(body), step):
        handler.wfile.write(body[place : place + step])
        handler.wfile.flush()
        time.sleep(0.05)
