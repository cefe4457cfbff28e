"""One file → `Reading`: its status, source text, articles and removed ranges.

The edge of ingest: a bad file never raises, its status and reason say what is
wrong with it. Decides by content what a file is. Writes nothing.
"""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from core.records import FileStatus, Reading, SourceFile
from ingest.articles import find_articles
from ingest.decode import decode
from ingest.page import Page
from ingest.readers import html, text

log = logging.getLogger(__name__)
MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown")


def read_file(path: str, max_text_bytes: int) -> Reading:
    """Read `path` (absolute). `max_text_bytes`: a larger file is skipped."""
    file = SourceFile(path, 0, 0, "", "", "", "failed", "")
    try:
        status = Path(path).stat()
        file = _with(file, size=status.st_size, mtime_ns=status.st_mtime_ns)
        if not stat.S_ISREG(status.st_mode):
            kind = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            return _bad(file, "skipped", kind)
        if status.st_size > max_text_bytes:
            sizes = f"{status.st_size / 2**20:.1f} MB, the limit is {max_text_bytes / 2**20:.1f} MB"
            return _bad(file, "skipped", f"too large ({sizes})")
        data = _bytes(path, max_text_bytes)
    except FileNotFoundError:
        return _bad(file, "failed", "no such file")
    except PermissionError:
        return _bad(file, "failed", "permission denied")
    except (OSError, ValueError) as error:
        return _bad(file, "failed", f"cannot be read ({getattr(error, 'strerror', None) or error})")
    return _reading(_with(file, size=len(data), sha256=sha256(data).hexdigest()), data)


def read_all(path: str, max_text_bytes: int) -> Iterator[Reading]:
    """The file's own reading, then one for each file inside it. Never raises."""
    yield read_file(path, max_text_bytes)


def _bytes(path: str, most: int) -> bytes:
    """The file's bytes; opened so that a pipe put in its place cannot block."""
    descriptor = os.open(
        path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ValueError("not a regular file")
        data = stream.read(most + 1)
    if len(data) > most:
        raise ValueError("grew while it was read")
    return data


def _reading(file: SourceFile, data: bytes) -> Reading:
    if not data:
        return _bad(file, "empty", "empty file")
    try:
        decoded, encoding = decode(data)
    except ValueError as error:
        return _bad(file, "skipped", str(error))
    try:
        page = _page(decoded, data, encoding, file.path)
        file = _with(file, encoding=encoding, kind=page.kind)
        articles, removed = find_articles(page, file.path)
    except Exception as error:  # one broken file must not end a run
        log.exception("reading failed: %s", type(error).__name__)
        return _bad(_with(file, encoding=encoding), "failed", f"cannot be parsed ({error})")
    if not articles:
        reason = "no text" if not page.lines else "no text of an article, only menus or links"
        return Reading(_with(file, status="empty", reason=reason), page.source_text, (), removed)
    return Reading(_with(file, status="indexed", reason=""), page.source_text, articles, removed)


def _page(decoded: str, data: bytes, encoding: str, path: str) -> Page:
    if html.looks_like_html(decoded):
        return html.read(decoded, data, encoding)
    return text.read(decoded, markdown=path.lower().endswith(MARKDOWN_SUFFIXES))


def _bad(file: SourceFile, status: FileStatus, reason: str) -> Reading:
    return Reading(_with(file, status=status, reason=reason), "", (), ())


def _with(file: SourceFile, **changes: object) -> SourceFile:
    return replace(file, **changes)  # type: ignore[arg-type]
