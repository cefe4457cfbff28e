"""OpenDocument texts (odt) → `Page`.

The source text is the document's paragraphs in order, each table row one line,
then footnotes and endnotes, then page headers and footers (no lines of text).
Tracked deletions and comments are not shown and not taken. The dates that a file
states are its own, not an article's.
"""

from __future__ import annotations

import re
from typing import Any

from ingest.page import Meta, Page
from ingest.readers import blocks, unpack
from ingest.readers.blocks import Block

MIMETYPE = b"application/vnd.oasis.opendocument.text"
SKIPPED = frozenset(
    "annotation tracked-changes note-citation covered-table-cell automatic-styles styles "
    "scripts font-face-decls forms title desc binary-data ruby-text bibliography-source "
    "table-of-content-source index-title-template".split()
)
RUNNING = frozenset(("p", "h", "span", "a"))
MOST_SPACES = 1000  # in one <text:s>; what a file claims beyond is no layout
MOST_STYLES_DEEP = 20


def looks_like_odt(data: bytes) -> bool:
    return unpack.looks_like(data, MIMETYPE, "content.xml") and MIMETYPE in data[:200]


def read(data: bytes, name: str) -> Page:
    """The page of an odt. ValueError: encrypted, damaged or too large."""
    archive = unpack.Archive(data, "odt")
    manifest = archive.tree("META-INF/manifest.xml")
    if manifest is not None and next(manifest.iter("encryption-data"), None) is not None:
        raise ValueError("encrypted, a password is needed")
    root = archive.tree("content.xml")
    body = root.find("body") if root is not None else None
    if body is None:
        raise ValueError("damaged odt (no content.xml, or no body in it)")
    styled = archive.tree("styles.xml")
    titles = _title_styles(root, styled)
    found, notes = _walk(body, titles)
    found.extend(notes)
    for frame in styled.iter("header", "footer") if styled is not None else ():
        for block in _walk(frame, titles)[0]:
            block.line = False
            found.append(block)
    source, lines = blocks.assemble(found)
    if not source:
        return Page("", (), "odt")
    stated = archive.tree("meta.xml")
    title = next((block.text for block in found if block.title and block.text.strip()), "")
    author = unpack.child_text(stated, "creator") or unpack.child_text(stated, "initial-creator")
    language = re.match(r"[A-Za-z]{2}(?=$|[-_])", unpack.child_text(stated, "language"))
    meta = Meta(
        title=blocks.own_title(title or unpack.child_text(stated, "title"), lines),
        author=blocks.own_author(author),
        language=language[0].lower() if language else None,
    )
    return Page(source, lines, "odt", meta)


def _title_styles(*roots: Any) -> frozenset[str]:
    """Names of the styles that are "Title" or made from it."""
    parents: dict[str, str] = {}
    for root in roots:
        for style in root.iter("style") if root is not None else ():
            own = unpack.attribute(style, "name")
            parents[own] = unpack.attribute(style, "parent-style-name")
    found = {"Title"}
    for own in parents:
        style = own
        for _ in range(MOST_STYLES_DEEP):
            if style == "Title":
                found.add(own)
            style = parents.get(style, "")
    return frozenset(found)


def _walk(root: Any, titles: frozenset[str]) -> tuple[list[Block], list[Block]]:
    """The paragraphs below `root` and those of its notes, in order; one inside another
    comes after it."""
    from lxml import etree

    found: list[Block] = []
    notes: list[Block] = []
    inside: list[tuple[Block, list[str]]] = []  # the open paragraphs
    rows: list[list[int]] = []  # the open table rows: number, cell
    count = noted = 0
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag if event in ("start", "end") else ""
        if event == "start":
            # A picture's title is not shown; in running text it is a field that is.
            if tag in SKIPPED and not (tag == "title" and element.getparent().tag in RUNNING):
                walk.skip_subtree()
                continue
            noted += tag == "note-body"
            if tag == "table-row":
                count += 1
                rows.append([count, 0])
            elif tag == "table-cell" and rows:
                rows[-1][1] += 1
            elif tag in ("p", "h"):
                row, cell = rows[-1] if rows and not noted else (0, 0)
                block = _styled(Block(row=row, cell=cell), element, titles)
                (notes if noted else found).append(block)
                inside.append((block, []))
            if inside:
                inside[-1][1].append(_characters(element))
            continue
        if tag in ("p", "h") and inside:
            block, parts = inside.pop()
            block.text = _folded("".join(parts))
        elif tag == "table-row" and rows:
            rows.pop()
        noted -= tag == "note-body"
        if inside and element.tail:
            inside[-1][1].append(element.tail)
    return found, notes


def _characters(element: Any) -> str:
    """What an element puts into its paragraph at its start. "\x00" is a kept space,
    "\x01" a kept line break: the file's own white space folds."""
    if element.tag == "s":
        count = unpack.attribute(element, "c")
        return "\x00" * (min(int(count), MOST_SPACES) if count.isdecimal() else 1)
    if element.tag == "tab":
        return "\t"
    if element.tag == "line-break":
        return "\x01"
    return element.text or ""


def _folded(text: str) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text).replace("\x00", " ").replace("\x01", "\n")


def _styled(block: Block, paragraph: Any, titles: frozenset[str]) -> Block:
    block.heading = paragraph.tag == "h"
    block.title = unpack.attribute(paragraph, "style-name") in titles
    parent = paragraph.getparent()
    block.bullet = parent is not None and parent.tag == "list-item" and not block.heading
    return block
