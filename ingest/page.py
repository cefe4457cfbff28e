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
class Page:
    source_text: str
    lines: tuple[Line, ...]
    kind: str  # "text", "markdown", "html"
    meta: Meta = Meta()
    # Per line: whether the format's own extractor takes it for the article; None
    # where there is no such extractor or it found nothing.
    chosen: tuple[bool, ...] | None = None
