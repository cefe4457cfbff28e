"""Saved web pages → `Page`.

The source text is the whole visible text in document order, from one walk over
lxml's tree: block elements make line breaks, white space is folded as a browser
folds it. Trafilatura only chooses which of its lines are the article; where it
finds nothing, the line rules of plain text decide. Fetches nothing.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ingest.lines import Line, make_line
from ingest.page import Meta, Page
from ingest.readers import extraction

log = logging.getLogger(__name__)

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*|<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_FRAGMENT = re.compile(r"\s*<(?:article|main|section|div|p|h1|table)\b[^<>]*>", re.IGNORECASE)
_CLOSING = re.compile(r"</(?:article|main|section|div|p|h1|table)\s*>\s*\Z", re.IGNORECASE)
_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_:-]{2,40})",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
SKIPPED = frozenset(
    "script style noscript template head svg iframe object canvas select datalist math audio "
    "video".split()
)
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark meter"
    " output picture q rp rt ruby s samp small span strike strong sub sup time tt u var wbr".split()
)
CELLS = frozenset(("td", "th"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# Above this, trafilatura takes tens of seconds; the line rules are linear.
MOST_EXTRACTION_CHARS = 4_000_000
_FOLDED = " \t\n\r\f"


def looks_like_html(text: str) -> bool:
    start = text[:8192]
    if _HTML.match(start):
        return True
    return _FRAGMENT.match(start) is not None and _CLOSING.search(text[-200:]) is not None


def read(decoded: str, data: bytes, encoding: str) -> Page:
    """The page of an HTML text. `encoding`: what `decode` found; the page's own
    declaration wins where the bytes are no UTF and not marked. Raises ValueError
    where the parser loses text."""
    markup = _declared(data) or decoded if not encoding.startswith("utf") else decoded
    root = parse(markup)
    if root is None:
        return Page("", (), "html")
    source, lines = walk(root)
    chosen = None
    meta = Meta()
    if len(markup) <= MOST_EXTRACTION_CHARS:
        chosen = extraction.choose(markup, lines)
        meta = extraction.meta(markup, root)
    return Page(source, tuple(lines), "html", meta, chosen)


def _declared(data: bytes) -> str | None:
    match = _CHARSET.search(data[:4096])
    if match is None:
        return None
    try:
        return data.decode(match[1].decode("ascii"), errors="replace")
    except LookupError:
        return None


def parse(markup: str) -> Any:
    from lxml import etree
    from lxml import html as lxml_html

    # lxml refuses a str with an encoding declaration, and lone surrogates as bytes.
    data = markup.replace("\x00", "").encode("utf-8", errors="replace")
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = lxml_html.document_fromstring(data, parser=parser)
    except etree.ParserError:  # nothing but comments or white space
        return None
    if any("depth" in entry.message for entry in parser.error_log):
        raise ValueError("nested too deeply, text would be lost")
    return root


def walk(root: Any) -> tuple[str, list[Line]]:
    """The visible text, and its lines (one per block of inline text)."""
    parts: list[str] = []
    length = 0
    lines: list[Line] = []
    block: list[str] = []
    tag = "body"

    def close(next_tag: str) -> None:
        nonlocal length, tag
        text = "".join(block).strip(_FOLDED)
        block.clear()
        if text:
            # Paragraphs are set apart by a blank line, as in plain text.
            separator = "" if not parts else "\n" if tag in ("li", "tr", "br") else "\n\n"
            start = length + len(separator)
            parts.append(separator + text)
            length = start + len(text)
            line = make_line(parts[-1], len(separator), length - start + len(separator), True)
            if line is not None:
                lines.append(_marked(line, start, length, tag))
        tag = next_tag

    for event, value in _events(root):
        if event == "text":
            block.append(value)
        else:
            close(value)
    close("body")
    return "".join(parts), lines


def _marked(line: Line, start: int, end: int, tag: str) -> Line:
    return replace(
        line, start=start, end=end, bullet=line.bullet or tag == "li", heading=tag in HEADINGS
    )


def _events(root: Any) -> Iterator[tuple[str, str]]:
    """("text", characters) and ("block", tag of what begins or goes on), in order."""
    from lxml import etree

    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    skipping = 0
    open_blocks = ["body"]
    preformatted = 0
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            skipping += skipping > 0 or tag in SKIPPED or _hidden(element)
            preformatted += tag in ("pre", "textarea")
            if not skipping:
                if tag not in INLINE and tag not in CELLS and tag != "br":
                    open_blocks.append(tag)
                    yield "block", tag
                elif tag == "br" or tag in CELLS:
                    yield from (("block", "br"),) if tag == "br" else (("text", " "),)
                if element.text:
                    yield from _text(element.text, preformatted > 0)
        else:
            if event == "end":
                if not skipping and tag not in INLINE and tag not in CELLS and tag != "br":
                    open_blocks.pop()
                    yield "block", open_blocks[-1] if open_blocks else "body"
                skipping -= skipping > 0
                preformatted -= tag in ("pre", "textarea")
            if element.tail and not skipping:
                yield from _text(element.tail, preformatted > 0)


def _text(text: str, preformatted: bool) -> Iterator[tuple[str, str]]:
    if not preformatted:
        yield "text", re.sub(f"[{_FOLDED}]+", " ", text)
        return
    for number, line in enumerate(text.split("\n")):
        if number:
            yield "block", "br"
        yield "text", line


def _hidden(element: Any) -> bool:
    return (
        element.get("hidden") is not None
        or _HIDDEN_STYLE.search(element.get("style") or "") is not None
    )
