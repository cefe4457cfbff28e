"""Plain text and Markdown → `Page`. The source text is the decoded file as it is."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from ingest import dates
from ingest.lines import Line, split_lines
from ingest.page import Meta, Page, Part

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(?P<fields>(?:[^\n]*\n){0,60}?)---[ \t]*(?:\r?\n|\Z)")
# The same without its fence, as clipping tools write it: known fields, then a blank line.
_HEADER = re.compile(r"\A(?P<fields>(?:[A-Za-z_-]{2,12}[ \t]*:[ \t]*[^\n]+\n){2,12})[ \t]*\r?\n")
# Several such clippings in one file: a block of fields, its title among them, before each.
_BLOCKS = re.compile(r"(?m)^(?:[A-Za-z_-]{2,12}[ \t]*:[ \t]*[^\r\n]+\r?\n){2,12}(?=[ \t]*\r?\n)")
_RULE = re.compile(r"(?:[-–—_=*~#]\s?){3,}")
FEWEST_FIELDS = 2
_LINKS = re.compile(
    r"(?m)^(?:[ \t]*(?:[*-]|#{1,6})[ \t]+)?!?\[[^\[\]\n]{0,200}\]\((?:https?:|/|#)[^()\s]*\)"
)
FEWEST_LINKS, MARKDOWN_SAMPLE = 3, 50_000
_FIELD = re.compile(r"^(?P<key>[A-Za-z_-]+)\s*:\s*(?P<value>.+?)\s*$", re.MULTILINE)
_KEYS = {
    "title": "title",
    "author": "author",
    "authors": "author",
    "source": "outlet",
    "publisher": "outlet",
    "outlet": "outlet",
    "site": "outlet",
    "website": "outlet",
    "newspaper": "outlet",
    "publication": "outlet",
    "from": "outlet",
    "by": "author",
    "headline": "title",
    "url": "url",
    "link": "url",
    "lang": "language",
    "language": "language",
    "date": "published",
    "published": "published",
}


def looks_like_markdown(source: str) -> bool:
    """Links and pictures in Markdown's form, as page-saving tools write them."""
    return len(_LINKS.findall(source[:MARKDOWN_SAMPLE])) >= FEWEST_LINKS


def read(source: str, markdown: bool) -> Page:
    """The page of a decoded text; Markdown may begin with front matter."""
    meta = Meta()
    first = 0
    match = (_FRONT_MATTER.match(source) if markdown else None) or _HEADER.match(source)
    if match and _known_fields(match["fields"]) >= FEWEST_FIELDS:
        meta = _meta(match["fields"])
        first = match.end()
    lines = split_lines(source, markdown)
    blocks = [
        (block, found)
        for block in _BLOCKS.finditer(source)
        if _known_fields(block[0]) >= FEWEST_FIELDS and (found := _meta(block[0])).title
    ]
    if len(blocks) > 1 and not source[: blocks[0][0].start()].strip("-–—_=*~# \r\n\ufeff"):
        return _clippings(source, lines, blocks, "markdown" if markdown else "text")
    return Page(
        source_text=source,
        lines=tuple(line for line in lines if line.start >= first),
        kind="markdown" if markdown else "text",
        meta=meta,
    )


def _clippings(
    source: str, lines: Sequence[Line], blocks: Sequence[tuple[re.Match[str], Meta]], kind: str
) -> Page:
    """The page of a file of clippings, one part for each that has text."""
    kept: list[Line] = []
    parts: list[Part] = []
    starts = [line.start for line in lines]
    ends = [block.start() for block, _ in blocks[1:]] + [len(source)]
    for (block, meta), end in zip(blocks, ends, strict=True):
        inside = lines[bisect_left(starts, block.end()) : bisect_left(starts, end)]
        own = [line for line in inside if not _RULE.fullmatch(line.text)]
        if own:
            parts.append(Part(len(kept), len(kept) + len(own), meta))
            kept.extend(own)
    return Page(source, tuple(kept), kind, parts=tuple(parts))


def _known_fields(fields: str) -> int:
    return sum(match["key"].lower() in _KEYS for match in _FIELD.finditer(fields))


def _meta(fields: str) -> Meta:
    values: dict[str, str] = {}
    for match in _FIELD.finditer(fields):
        key = _KEYS.get(match["key"].lower())
        value = match["value"].strip("\"'[] ")
        if key and value:
            values.setdefault(key, value)
    found = dates.find(values.get("published", ""))
    language = values.get("language", "")[:2].lower()
    return Meta(
        title=values.get("title"),
        outlet=values.get("outlet"),
        author=values.get("author"),
        published=found[0] if found else None,
        url=values.get("url"),
        language=language if language.isalpha() and len(language) == 2 else None,
    )
