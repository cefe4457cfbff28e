"""One file → its `Reading`s: status, source text, articles and removed ranges.

The edge of ingest: a bad file never raises, its status and reason say what is
wrong with it. `formats.py` decides what a file is. Writes nothing.
"""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import file_digest, sha256
from pathlib import Path

from core import shortage
from core.records import MEMBER_MARK, FileStatus, Reading, SourceFile
from ingest import formats, unfit, within
from ingest.articles import find_articles
from ingest.page import Member
from ingest.readers.ocr import Ocr

# Raised with every change of what is read in a file or left out: older readings are made anew.
RULES = 3
log = logging.getLogger(__name__)
PACKED_FACTOR = 8  # a PDF or an archive may be so many times larger than its text may be
DEEPEST = 3  # a mail in a mailbox in a zip file; deeper ones are bombs


def read_all(
    path: str, max_text_bytes: int, ocr: Ocr | None = None, folder: str = ""
) -> Iterator[Reading]:
    """The readings of the files inside `path`, if it is a container, then its own.

    `path` is absolute. A file with more text than `max_text_bytes` is skipped. `ocr` reads
    the pictures of pages without text; None leaves them unread. `folder`: no link is followed
    out of it; "" for a file that the user named.
    """
    file = SourceFile(path, 0, 0, "", "", "", "failed", "")
    try:
        status = Path(path).stat()
        file = _with(file, size=status.st_size, mtime_ns=status.st_mtime_ns)
        if not stat.S_ISREG(status.st_mode):
            kind = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            yield _bad(file, "skipped", kind)
            return
        data = _bytes(path, max_text_bytes, folder)
        if _changed_since(path, status):
            yield _bad(file, "failed", "still being written")
            return
    except FileNotFoundError:
        yield _bad(file, "failed", "no such file")
    except PermissionError:
        yield _bad(file, "failed", "permission denied")
    except within.OutsideError:
        yield _bad(file, "skipped", within.OUTSIDE)
    except _TooLarge as error:
        yield _bad(file, "skipped", str(error))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        what = shortage.UNREAD if shortage.is_passing(error) else "cannot be read"
        yield _bad(file, "failed", f"{what} ({reason})")
    else:
        yield from _readings(_with(file, size=len(data)), data, _Limits(max_text_bytes, ocr))


def read_file(path: str, max_text_bytes: int) -> Reading:
    """The file's own reading, without the files inside it."""
    *_, own = read_all(path, max_text_bytes)
    return own


def digest(path: str, folder: str = "") -> str:
    """The SHA-256 of a file's bytes; "" where they can't be read. `folder`: see `read_all`."""
    try:
        descriptor = within.opened(path, folder)
        with os.fdopen(descriptor, "rb") as stream:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return ""
            return file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def _changed_since(path: str, before: os.stat_result) -> bool:
    """Whether the bytes that were read may be half a file."""
    after = Path(path).stat()
    return (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns)


class _TooLarge(ValueError):
    def __init__(self, size: int, most: int) -> None:
        super().__init__(f"too large ({size / 2**20:.1f} MB, the limit is {most / 2**20:.1f} MB)")


def _bytes(path: str, max_text_bytes: int, folder: str) -> bytes:
    """The file's bytes."""
    descriptor = within.opened(path, folder)
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise ValueError("not a regular file")
        start = stream.read(8)
        most = max_text_bytes * (PACKED_FACTOR if formats.is_packed(start) else 1)
        if status.st_size > most:
            raise _TooLarge(status.st_size, most)
        data = start + stream.read(most + 1 - len(start))
    if len(data) > most:
        raise ValueError("grew while it was read")
    return data


@dataclass(frozen=True, slots=True)
class _Limits:
    """How far reading goes."""

    max_text_bytes: int
    ocr: Ocr | None
    depth: int = 0  # containers that the file lies in


def _readings(file: SourceFile, data: bytes, limits: _Limits) -> Iterator[Reading]:
    """The members' readings, then the file's own."""
    file = _with(file, sha256=sha256(data).hexdigest())
    if not data:
        yield _bad(file, "empty", "empty file")
        return
    members = useful = 0
    try:
        opened = formats.open_bytes(data, file.path, limits.ocr)
        file = _with(file, encoding=opened.encoding, kind=opened.page.kind)
        for member in opened.members:
            members += 1
            for reading in _member(file, member, replace(limits, depth=limits.depth + 1)):
                useful += reading.file.status == "indexed"
                yield reading
        own = _own(file, opened, members, limits.max_text_bytes)
        if own.file.status == "indexed" and not own.articles and not useful:
            own = _bad(own.file, "empty", "nothing in it could be read")
        yield own
    except formats.NotText as error:
        yield _bad(file, "skipped", str(error))
    except ValueError as error:  # a reader's own words for what is wrong
        yield _bad(file, "failed", str(error))
    except Exception as error:  # one broken file must not end a run
        log.exception("reading failed: %s", type(error).__name__)
        # Of this process, say, for a part of a parser. Its memory is limited: what takes more
        # than that will take more the next time.
        if shortage.is_passing(error) and not shortage.is_of_memory(error):
            file = _with(file, sha256="")
            yield _bad(file, "failed", f"{shortage.UNREAD} ({getattr(error, 'strerror', error)})")
            return
        yield _bad(file, "failed", f"cannot be parsed ({type(error).__name__})")


def _member(container: SourceFile, member: Member, limits: _Limits) -> Iterator[Reading]:
    name = member.name.encode("utf-8", "replace").decode("utf-8")
    path = f"{container.path}{MEMBER_MARK}{name}"
    file = SourceFile(path, len(member.data), container.mtime_ns, "", "", "", "failed", "")
    if member.problem:
        yield _bad(file, "failed", member.problem)
    elif limits.depth > DEEPEST:
        yield _bad(file, "skipped", "too many files inside one another")
    elif len(member.data) > limits.max_text_bytes * PACKED_FACTOR:
        yield _bad(file, "skipped", str(_TooLarge(len(member.data), limits.max_text_bytes)))
    else:
        yield from _readings(file, member.data, limits)


def _own(file: SourceFile, opened: formats.Opened, members: int, max_text_bytes: int) -> Reading:
    page = opened.page
    if len(page.source_text) > max_text_bytes:
        return _bad(file, "skipped", str(_TooLarge(len(page.source_text), max_text_bytes)))
    articles, removed = find_articles(page, file.path)
    if not articles and not members:
        reason = opened.why_empty or (
            "no text of an article, only menus or links" if page.lines else "no text"
        )
        file = _with(file, status="empty", reason=reason)
    else:
        file = _with(file, status="indexed", reason="")
    counts = unfit.count(page.source_text, articles)
    return Reading(file, page.source_text, articles, removed, page.page_starts, counts)


def _bad(file: SourceFile, status: FileStatus, reason: str) -> Reading:
    return Reading(_with(file, status=status, reason=reason), "", (), ())


def _with(file: SourceFile, **changes: object) -> SourceFile:
    return replace(file, **changes)  # type: ignore[arg-type]
