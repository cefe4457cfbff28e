"""What a reader hands over: a page's source text, its lines and what its format says.

Value types of ingest alone; everything that leaves the package is in core.records.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.lines import Line


@dataclass(frozen=True, slots=True)
class Meta:
    """What the page says of itself outside its text; None where it does not."""

    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: str | None = None  # ISO 8601
    url: str | None = None
    language: str | None = None  # ISO 639-1


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a page that its format marks as one article: a row, a message."""

    first: int  # its lines, in Page.lines; end exclusive
    end: int
    meta: Meta


@dataclass(frozen=True, slots=True)
class Page:
    source_text: str
    lines: tuple[Line, ...]
    kind: str  # "text", "markdown", "html", "pdf", …
    meta: Meta = Meta()
    # Per line: whether the format's own extractor takes it for the article; None
    # where there is no such extractor or it found nothing.
    chosen: tuple[bool, ...] | None = None
    # Where each printed page begins in the source text; empty where there are none.
    page_starts: tuple[int, ...] = ()
    # What the format itself marks as articles; None where the lines must tell.
    parts: tuple[Part, ...] | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside a file, on its way to being read like any other."""

    name: str  # inside its container, "/" between folders; "17" for a message
    data: bytes
    problem: str = ""  # why it can't be read; then `data` is empty
