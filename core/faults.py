"""A rotating log of faults in the home: what failed and where, never with what words.

Takes log records and exceptions; writes when, the kind of failure and the lines of code it went
through. Messages of exceptions and values put into messages are left out, because they may hold
words of an article, a question or a path: so the file can be given to somebody who is to help.
"""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

FOLDER, NAME = "logs", "faults.log"  # in the home; a backup never holds it
MOST_BYTES, KEPT = 512 * 1024, 3  # of one file; old ones beside it
MOST_FRAMES = 30  # of one failure: the first ones tell least
PROJECT = Path(__file__).resolve().parent.parent
# Our own messages are templates ("%s can't be written"): words of this code, to be kept. Those
# of other packages may be put together before they get here.
OWN = ("core", "ingest", "index", "answer", "ui", "app")

log = logging.getLogger("app")


class Faults(RotatingFileHandler):
    """Of warnings and worse. Where it can't write, the app goes on without it."""

    def __init__(self, home: Path) -> None:
        folder = home / FOLDER
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(
            folder / NAME, maxBytes=MOST_BYTES, backupCount=KEPT, encoding="utf-8", delay=True
        )
        self.setLevel(logging.WARNING)
        self.setFormatter(_Wordless())

    def _open(self) -> TextIOWrapper:
        """Its owner's alone."""
        os.close(os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk is told elsewhere; here it would put the record on the terminal."""


def note(error: BaseException) -> None:
    """Log a failure that nobody named."""
    log.error("A page failed", exc_info=error)


@contextmanager
def kept(home: Path) -> Iterator[None]:
    """While it lasts, the whole process's warnings and failures are logged in this home."""
    try:
        handler = Faults(home)
    except OSError as error:
        log.warning("No log of faults is kept: %s", error)
        yield
        return
    # The server's own log passes nothing on to the root.
    loggers = [logging.getLogger(), logging.getLogger("uvicorn.error")]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
        handler.close()


class _Wordless(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        is_own = record.name.partition(".")[0] in OWN
        said = str(record.msg) if is_own else f"{_place(record.pathname)}:{record.lineno}"
        when = self.formatTime(record)
        lines = [f"{when} {record.levelname} {record.name}: {' '.join(said.split())}"]
        if record.exc_info and record.exc_info[1] is not None:
            lines += _told(record.exc_info[1])
        return "\n".join(lines)


def _told(error: BaseException) -> Iterator[str]:
    """The kinds of an exception and of what caused it, with their lines of code."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield f"  {type(one).__module__}.{type(one).__qualname__}"
        yield from _frames(one.__traceback__)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _frames(trace: TracebackType | None) -> Iterator[str]:
    for frame, line in list(traceback.walk_tb(trace))[-MOST_FRAMES:]:
        code = frame.f_code
        yield f"    {_place(code.co_filename)}:{line} {code.co_qualname}"


def _place(path: str) -> str:
    """A file of code, without the folder that it is installed in."""
    parts = Path(path).parts
    if "site-packages" in parts:
        return "/".join(parts[parts.index("site-packages") + 1 :])
    try:
        return Path(path).relative_to(PROJECT).as_posix()
    except ValueError:
        return "/".join(parts[-2:])
