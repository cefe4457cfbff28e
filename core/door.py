"""The key to the browser app: a secret file in the home, links that open the app once, a cookie.

Takes the home's folder and the time; gives links, and says whether a link or a cookie is good.
Whoever can read the secret can open the app, so it is a file that its owner alone may read; only
what is computed from it (HMAC-SHA256) ever leaves it. Knows nothing of HTTP.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path

from core.errors import InputError

SECRET_NAME = "door.key"  # in the home; a backup never holds it
LINK_SECONDS = 60
LINK_PATH = "/open/"  # what a link's path begins with
SECRET_BYTES = 32
# Whom a link lets in: whoever has it, or only programs of the user who runs the app.
ANYONE, OWN_USER = b"a", b"o"
_TIME_BYTES, _NONCE_BYTES, _MARK_BYTES = 8, 16, 32


class Door:
    """One running app's door. Not to be shared between threads."""

    def __init__(self, secret: bytes, opened: float) -> None:
        """`opened`: seconds since the epoch; links made before are not taken, so that none is
        taken twice over a restart."""
        self._secret = secret
        self._since = _as_exact_as_a_link(opened)
        self._used: dict[bytes, float] = {}  # nonces, with when their links were made
        # A name of its own for each home: a browser sends cookies to every port of a host.
        self.cookie_name = "sourcebook-" + _mark(secret, b"cookie name").hex()[:12]
        self.cookie = _mark(secret, b"cookie").hex()

    def knows(self, cookies: Iterable[str]) -> bool:
        """Whether one of these values of the cookie is the right one."""
        right = self.cookie.encode()
        return any(hmac.compare_digest(value.encode(), right) for value in cookies)

    def link(self, port: int, now: float, whom: bytes = ANYONE) -> str:
        """The address that opens the app at this port once, within LINK_SECONDS."""
        made = int(now * 1000).to_bytes(_TIME_BYTES)
        signed = whom + made + secrets.token_bytes(_NONCE_BYTES)
        key = base64.urlsafe_b64encode(signed + _mark(self._secret, b"link", signed, port))
        return f"http://127.0.0.1:{port}{LINK_PATH}{key.decode().rstrip('=')}"

    def admits(self, key: str, port: int, now: float, is_own_user: bool | None) -> bool:
        """Whether this end of a link's path opens the app now; it never does again.

        `port`: where it was asked; `is_own_user`: whether a program of the user who runs the app
        asks, None where that can't be known.
        """
        data = _decoded(key)
        signed, mark = data[:-_MARK_BYTES], data[-_MARK_BYTES:]
        if not hmac.compare_digest(mark, _mark(self._secret, b"link", signed, port)):
            return False
        whom, nonce = signed[:1], signed[1 + _TIME_BYTES :]
        made = int.from_bytes(signed[1 : 1 + _TIME_BYTES]) / 1000
        if whom == OWN_USER and is_own_user is False:
            return False
        # A clock that was put back locks nobody out.
        self._since = min(self._since, _as_exact_as_a_link(now))
        is_fresh = self._since <= made <= now + 1 and now - made <= LINK_SECONDS
        self._used = {one: when for one, when in self._used.items() if now - when <= LINK_SECONDS}
        if not is_fresh or nonce in self._used:
            return False
        self._used[nonce] = made
        return True


def opened(home: Path, now: float) -> tuple[Door, str]:
    """(the door of this home, "" or why its secret could not be kept there). Makes the secret
    where there is none; where it can't be kept, cookies are good until the app ends."""
    try:
        secret, problem = _kept(home / SECRET_NAME)
    except OSError as error:
        secret, problem = secrets.token_bytes(SECRET_BYTES), f"{home / SECRET_NAME}: {error}"
    return Door(secret, now), problem


def link(home: Path, port: int, now: float, whom: bytes = ANYONE) -> str:
    """`Door.link` of the app of this home, which may run in another process.
    Raises InputError where the app has no secret there."""
    try:
        return Door(_read(home / SECRET_NAME), now).link(port, now, whom)
    except OSError as error:
        raise InputError(
            f"There is no key of the app in {home} ({error.strerror}). Start the app first, or "
            "again where it can't keep a key there: python cli.py serve"
        ) from error


def _as_exact_as_a_link(seconds: float) -> float:
    """A time to the millisecond, as links have it."""
    return int(seconds * 1000) / 1000


def _kept(path: Path) -> tuple[bytes, str]:
    """(the secret, "" or what was wrong with the one that stood there)."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return _read(path), ""
    except FileNotFoundError:
        return _made(path), ""
    except OSError as error:
        path.unlink()
        return _made(path), f"{path}: {error.strerror}. A new one was made."


def _read(path: Path) -> bytes:
    """Raises OSError where it is missing, no secret, or not its owner's alone."""
    safely = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(path, os.O_RDONLY | safely)
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(0, "it is no file")
        if os.name == "posix" and found.st_uid not in (os.geteuid(), path.parent.stat().st_uid):
            raise OSError(0, "it belongs to another user")
        if os.name == "posix" and found.st_mode & 0o077:
            raise OSError(0, "other users could read it")
        secret = os.read(handle, SECRET_BYTES + 1)
    finally:
        os.close(handle)
    if len(secret) != SECRET_BYTES:
        raise OSError(0, "it is damaged")
    return secret


def _made(path: Path) -> bytes:
    """A new secret in a file of its own; that of another process where it was faster."""
    secret = secrets.token_bytes(SECRET_BYTES)
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secret)
            file.flush()
            os.fsync(handle)
        _put_in_place(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return _read(path)


def _put_in_place(temporary: Path, path: Path) -> None:
    """Never over another one: two starts at once must agree on one secret."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return
    except OSError:  # a file system without links
        if not path.exists():
            temporary.replace(path)


def _mark(secret: bytes, purpose: bytes, signed: bytes = b"", port: int = 0) -> bytes:
    parts = purpose + b"\0" + port.to_bytes(4) + signed
    return hmac.new(secret, parts, hashlib.sha256).digest()


def _decoded(key: str) -> bytes:
    """The bytes of a key; as many zeros where it is none."""
    size = 1 + _TIME_BYTES + _NONCE_BYTES + _MARK_BYTES
    try:
        data = base64.b64decode(key + "=" * (-len(key) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        data = b""
    return data if len(data) == size else bytes(size)
