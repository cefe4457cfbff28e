"""One file from a web server into a Partial, however often the connection breaks.

Asks for what is missing (an HTTP Range), follows redirects to https or to the server
the user named, and nowhere else, waits and tries again where a failure may pass. Every
byte counts only once the whole file has the right hash: see core/partial.py. What a
server says beyond its status and lengths is never shown. What may block (looking up the server,
connecting, waiting for bytes) is done in a thread of its own, so that a stop is heard at once.
"""

from __future__ import annotations

import re
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx2

from core.beside import beside
from core.errors import ModelError
from core.partial import Partial

SILENCE_SECONDS = 15.0  # a connection that gives nothing for so long is tried anew
PAUSES_SECONDS = (1.0, 2.0, 4.0, 8.0)  # between attempts that bring nothing
MAX_REDIRECTS = 5
REPORT_SECONDS = 0.2
RATE_SECONDS = 5.0  # the rate is that of the last so many seconds
LOOPBACK = ("127.0.0.1", "::1", "localhost")
REDIRECTS = (301, 302, 303, 307, 308)
PASSING = (408, 425, 429, 500, 502, 503, 504)
KEPT = "What has come is kept: start the download again, it goes on from there."


class Stopped(Exception):
    """The user has stopped the download; what has come is kept."""


class _TryAgain(Exception):
    """This attempt has failed in a way that may pass."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a download is."""

    phase: str  # "checking" what is here already, "downloading", or "waiting" to try again
    bytes_done: int
    bytes_total: int
    bytes_per_second: float = 0.0
    message: str = ""  # why it waits


@dataclass(slots=True)
class Listener:
    """Who hears of a download, and may stop it."""

    on_progress: Callable[[Progress], None] = lambda _: None
    stopped: threading.Event = field(default_factory=threading.Event)


def fetch(url: str, size: int, partial: Partial, listener: Listener) -> None:
    """Complete `partial` to `size` bytes from `url`, whose server is the one to trust.

    Raises ModelError, saying what to do next, and Stopped.
    """
    report = Reporter(listener, size)
    failures, furthest = 0, partial.size
    while partial.size < size:
        try:
            _attempt(url, partial, report)
            continue
        except (httpx2.TransportError, _TryAgain) as error:
            reason, passing = _reason(error, url), _distrust(error) is None
        if partial.size > furthest:
            failures, furthest = 0, partial.size
        if failures == len(PAUSES_SECONDS) or not passing:
            raise ModelError(f"{reason}. {KEPT if partial.size else 'Try again later.'}")
        report.waits(partial.size, reason)
        if listener.stopped.wait(PAUSES_SECONDS[failures]):
            raise Stopped
        failures += 1


def _client(url: str) -> httpx2.Client:
    """Proxies of the system count, as in a browser, but not towards this very machine."""
    try:
        return httpx2.Client(
            headers={"User-Agent": "sourcebook", "Accept-Encoding": "identity"},
            timeout=SILENCE_SECONDS,
            trust_env=urlsplit(url).hostname not in LOOPBACK,
        )
    except (ValueError, OSError, ImportError) as error:
        raise ModelError(
            f"The network settings of this system can't be used ({error}). Check its proxy "
            "(HTTPS_PROXY) and its certificates (SSL_CERT_FILE)."
        ) from error


class Reporter:
    """Tells the listener how far it is, a few times a second, and hears whether to stop."""

    def __init__(self, listener: Listener, size: int) -> None:
        self.size = size
        self.stopped = listener.stopped
        self._listener = listener
        self._said = 0.0
        self._marks: deque[tuple[float, int]] = deque()  # when, bytes by then

    def checked(self, done: int) -> None:
        """Called while what an earlier download has left is hashed."""
        self._tell(Progress("checking", done, self.size))

    def came(self, done: int) -> None:
        now = time.monotonic()
        if self._marks and done < self._marks[-1][1]:  # begun anew
            self._marks.clear()
        if not self._marks or now - self._marks[-1][0] > REPORT_SECONDS:
            self._marks.append((now, done))
        while now - self._marks[0][0] > RATE_SECONDS and len(self._marks) > 1:
            self._marks.popleft()
        then, before = self._marks[0]
        rate = (done - before) / (now - then) if now > then else 0.0
        self._tell(Progress("downloading", done, self.size, rate))

    def waits(self, done: int, reason: str) -> None:
        self._said = 0.0
        self._marks.clear()
        self._tell(Progress("waiting", done, self.size, message=reason))

    def _tell(self, progress: Progress) -> None:
        if self.stopped.is_set():
            raise Stopped
        now = time.monotonic()
        if now - self._said >= REPORT_SECONDS or progress.bytes_done == progress.bytes_total:
            self._said = now
            self._listener.on_progress(progress)


def _attempt(url: str, partial: Partial, report: Reporter) -> None:
    """One request for what is missing. Raises ModelError, _TryAgain, httpx2's errors, Stopped."""
    report.came(partial.size)
    headers = {"Range": f"bytes={partial.size}-"} if partial.size else {}
    with closing(beside(lambda: _arriving(url, headers), report.stopped)) as arriving:
        for came in arriving:
            if isinstance(came, _Head):
                _accept(came, partial, report.size)
                continue
            if partial.size + len(came) > report.size:
                raise _other_file(url, f"more than {report.size:,}", report.size)
            partial.append(came)
            report.came(partial.size)
    if report.stopped.is_set():
        raise Stopped
    if partial.size < report.size:
        raise _TryAgain("the connection ended early")


@dataclass(frozen=True, slots=True)
class _Head:
    """What a server says of the bytes that follow."""

    url: str
    status: int
    range: str  # Content-Range, "" where there is none
    length: str  # Content-Length


def _arriving(url: str, headers: dict[str, str]) -> Generator[_Head | bytes]:
    """The answer at the end of the redirects: its head, then its body as it comes."""
    target = httpx2.URL(url)
    with _client(url) as client:
        for _ in range(MAX_REDIRECTS + 1):
            with client.stream("GET", target, headers=headers) as response:
                client.cookies.clear()  # none is given back
                if response.status_code not in REDIRECTS:
                    said = response.headers
                    range_, length = said.get("content-range", ""), said.get("content-length", "")
                    yield _Head(str(response.url), response.status_code, range_, length)
                    yield from response.iter_raw()
                    return
                target = _next(url, target, response.headers.get("location", ""))
    raise ModelError(f"{_host(url)} sends the download round in circles. Try again later.")


def _next(url: str, target: httpx2.URL, location: str) -> httpx2.URL:
    """Where a redirect leads: https, or the very server that the user named."""
    try:
        found = target.join(location)
        named = httpx2.URL(url)
        at_home = (found.scheme, found.host, found.port) == (named.scheme, named.host, named.port)
        if found.scheme == "https" or at_home:
            return found
    except httpx2.InvalidURL:
        pass
    raise ModelError(
        f"{_host(url)} sends the download to an address that is not encrypted (not https), "
        "which is not followed. Choose another endpoint."
    )


def _accept(head: _Head, partial: Partial, size: int) -> None:
    """Raise unless what follows continues `partial`, which is emptied if it is the whole file."""
    status, url = head.status, head.url
    if status == 206:
        begins, total = _range(head.range)
        if total not in (None, size):
            raise _other_file(url, f"{total:,}", size)
        if begins != partial.size:
            partial.restart()
            raise _TryAgain("the server gave another part of the file than was asked for")
    elif status == 200:  # also a server that knows no ranges
        partial.restart()
        if head.length.isdecimal() and int(head.length) != size:
            raise _other_file(url, f"{int(head.length):,}", size)
    elif status == 416:  # more is here than the server's file has
        partial.restart()
        raise _TryAgain("the server could not continue the file that is here")
    elif status in PASSING:
        raise _TryAgain(f"it is busy or out of order (HTTP {status})")
    else:
        raise ModelError(_refusal(status, url))


def _range(header: str) -> tuple[int | None, int | None]:
    """First byte and whole length of a Content-Range; None where it does not say."""
    found = re.fullmatch(r"bytes (\d{1,18})-\d{1,18}/(\d{1,18}|\*)", header.strip())
    if not found:
        return None, None
    return int(found[1]), None if found[2] == "*" else int(found[2])


def _refusal(status: int, url: str) -> str:
    if status in (404, 410):
        return (
            f"{_host(url)} does not have this file (HTTP {status}): it may have been moved or "
            "taken away. Choose another model or endpoint."
        )
    if status in (401, 403):
        return (
            f"{_host(url)} does not give this file without an account (HTTP {status}). Fetch it "
            "by hand, then put it into the models folder; its SHA-256 stands in models/README.md."
        )
    return f"{_host(url)} refuses the download (HTTP {status}). Try again later. {KEPT}"


def _other_file(url: str, found: str, size: int) -> ModelError:
    return ModelError(
        f"{_host(url)} has another file under this name: {found} bytes, expected {size:,}. "
        "Nothing of it is used. Choose another model or endpoint."
    )


def _reason(error: Exception, url: str) -> str:
    """Why an attempt failed, in words of our own."""
    host = _host(url)
    if isinstance(error, _TryAgain):
        return f"Downloading from {host} does not get on: {error}"
    if (distrust := _distrust(error)) is not None:
        return (
            f"The certificate of {host} is not to be trusted ({distrust}), so nothing is fetched "
            "from it. Check this computer's date and the address; if a proxy of your network opens "
            "encrypted connections, name its certificate (SSL_CERT_FILE)"
        )
    if isinstance(error, httpx2.ConnectError) and _caused_by(error, ssl.SSLError):
        return (
            f"No encrypted connection (TLS) to {host} can be made. Check the address, and whether "
            "a proxy or firewall of your network stands between"
        )
    if isinstance(error, (httpx2.ConnectError, httpx2.ConnectTimeout)):
        return f"{host} does not answer. Check the network"
    if isinstance(error, httpx2.TimeoutException):
        return f"{host} has sent nothing for {SILENCE_SECONDS:.0f} seconds"
    if isinstance(error, httpx2.ProxyError):
        return f"The proxy of this system does not let the download from {host} through"
    return f"The connection to {host} was cut"


def _distrust(error: BaseException) -> str | None:
    """Why a server's certificate was refused, which no further attempt will mend; None where
    that was not the matter."""
    found = _caused_by(error, ssl.SSLCertVerificationError)
    return None if found is None else str(getattr(found, "verify_message", "") or "refused")


def _caused_by(error: BaseException, kind: type[BaseException]) -> BaseException | None:
    """The error of this kind that an error goes back to."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, kind):
        cause = cause.__cause__ or cause.__context__
    return cause


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]
