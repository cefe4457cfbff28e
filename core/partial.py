"""A file that is still on its way: `NAME.<hash>.part` beside its later place.

Takes bytes as they come, keeps their running SHA-256, gives the finished file its
name when the hash is right. What is here survives a stop, a crash and a full disk;
the expected hash stands in its name, so what was begun for another file is never
continued. Knows nothing of networks.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from core.errors import ModelError

BLOCK_BYTES = 1 << 20
FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


def partial_path(target: Path, sha256: str) -> Path:
    """Where the unfinished `target` lies."""
    return target.with_name(f"{target.name}.{sha256[:8]}.part")


def partial_bytes(target: Path, sha256: str) -> int:
    """How much of it is here; 0 where nothing is."""
    try:
        return partial_path(target, sha256).stat().st_size
    except OSError:
        return 0


class Partial:
    """An unfinished file, open for appending; use with `with`. Raises ModelError."""

    def __init__(self, target: Path, sha256: str) -> None:
        self.target = target
        self.sha256 = sha256
        self.path = partial_path(target, sha256)
        self.size = 0
        self._digest = hashlib.sha256()
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("ab", buffering=0)
        except OSError as error:
            raise self._named(error) from error

    def __enter__(self) -> Partial:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read_again(self, on_bytes: Callable[[int], None]) -> None:
        """Hash what an earlier attempt has left; `on_bytes` gets the bytes so far."""
        try:
            with self.path.open("rb") as file:
                while block := file.read(BLOCK_BYTES):
                    self._digest.update(block)
                    self.size += len(block)
                    on_bytes(self.size)
        except OSError as error:
            raise self._named(error) from error

    def append(self, data: bytes) -> None:
        """On disk when this returns, as far as the operating system is asked."""
        left = memoryview(data)
        while left:
            try:
                written = self._file.write(left) or 0
            except OSError as error:
                raise self._named(error) from error
            self._digest.update(left[:written])
            self.size += written
            left = left[written:]

    def restart(self) -> None:
        """From nothing again."""
        try:
            self._file.truncate(0)
        except OSError as error:
            raise self._named(error) from error
        self._digest = hashlib.sha256()
        self.size = 0

    def finish(self) -> Path:
        """Give the file its name; one whose hash is wrong is deleted instead."""
        found = self._digest.hexdigest()
        if found != self.sha256:
            self._file.close()
            self.path.unlink(missing_ok=True)
            raise ModelError(
                f"{self.target.name} was downloaded, but it is another file than expected: its "
                f"SHA-256 is {found}, expected {self.sha256}. The download was deleted. Try "
                "again; if it happens again, the server does not have the right file."
            )
        try:
            os.fsync(self._file.fileno())
            self._file.close()
            self.path.replace(self.target)
        except OSError as error:
            raise self._named(error) from error
        return self.target

    def _named(self, error: OSError) -> ModelError:
        if error.errno in FULL:
            return ModelError(
                f"The disk is full: {self.path} has {self.size:,} bytes so far, which are kept. "
                "Free some space and start the download again; it goes on from there."
            )
        return ModelError(
            f"{self.path} can't be written ({error.strerror or error}). Check the disk and the "
            "folder's permissions, then start the download again."
        )
