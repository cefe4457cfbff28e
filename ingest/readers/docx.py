"""Word documents (docx) → `Page`.

The source text is the document's paragraphs in order, each table row one line,
then footnotes and endnotes, then page headers and footers (no lines of text).
Deleted and moved-away text, field codes, hidden text and comments are not shown
and not taken; nor are numbers and marks that Word makes when it shows the page.
The dates that a file states are its own, not an article's.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.page import Meta, Page
from ingest.readers import blocks, unpack
from ingest.readers.blocks import Block

OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOCUMENT = "word/document.xml"
SKIPPED = frozenset(
    "del moveFrom instrText delText delInstrText Fallback pPr rPr tblPr trPr tcPr sectPr sdtPr "
    "annotation".split()
)
_SIGNS = {
    "tab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "\u2011",
    "softHyphen": "\u00ad",
}
_HEADING_NAME = re.compile(r"heading\s?\d", re.IGNORECASE)
MOST_STYLES_DEEP = 20


def looks_like_docx(data: bytes) -> bool:
    """A docx, or the OLE wrapping that holds a password-protected one or an old .doc."""
    if data.startswith(OLE_MARK):
        names = ("EncryptedPackage", "WordDocument")
        return any(name.encode("utf-16-le") in data for name in names)
    return unpack.looks_like(data, b"", DOCUMENT)


def read(data: bytes, name: str) -> Page:
    """The page of a docx. ValueError: encrypted, damaged, too large, or an old .doc."""
    if data.startswith(OLE_MARK):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise ValueError("encrypted, a password is needed")
        raise ValueError("old Word format (.doc), save it as .docx")
    archive = unpack.Archive(data, "docx")
    root = archive.tree(DOCUMENT)
    if root is None:
        raise ValueError(f"damaged docx (no {DOCUMENT})")
    styles = _styles(archive.tree("word/styles.xml"))
    found = list(_walk(root, styles))
    for part in ("word/footnotes.xml", "word/endnotes.xml"):
        found.extend(_notes(archive.tree(part), styles))
    for part in sorted(archive.names):
        if re.fullmatch(r"word/(?:header|footer)\d*\.xml", part):
            found.extend(_frame(archive.tree(part), styles))
    source, lines = blocks.assemble(found)
    if not source:
        return Page("", (), "docx")
    core = archive.tree(_core_part(archive))
    title = next((block.text for block in found if block.title and block.text.strip()), "")
    meta = Meta(
        title=blocks.own_title(title or unpack.child_text(core, "title"), lines),
        author=blocks.own_author(unpack.child_text(core, "creator")),
        language=_language(unpack.child_text(core, "language")),
    )
    return Page(source, lines, "docx", meta)


def _language(stated: str) -> str | None:
    match = re.match(r"[A-Za-z]{2}(?=$|[-_])", stated)
    return match[0].lower() if match else None


def _core_part(archive: unpack.Archive) -> str:
    relations = archive.tree("_rels/.rels")
    for relation in relations.iter("Relationship") if relations is not None else ():
        if unpack.attribute(relation, "Type").endswith("/core-properties"):
            return posixpath.normpath(unpack.attribute(relation, "Target").lstrip("/"))
    return "docProps/core.xml"


def _styles(root: Any) -> dict[str, tuple[str, str]]:
    """Style id → (what it makes of a paragraph: "title", "heading", "bullet" or "", the id
    of the style it is based on)."""
    styles: dict[str, tuple[str, str]] = {}
    for style in root.iter("style") if root is not None else ():
        values = {child.tag: unpack.attribute(child, "val") for child in style}
        name = values.get("name", "")
        kind = ""
        if name.casefold() == "title":
            kind = "title"
        elif _HEADING_NAME.match(name) or _outlined(style):
            kind = "heading"
        elif name.casefold().startswith("list") or next(style.iter("numPr"), None) is not None:
            kind = "bullet"
        styles[unpack.attribute(style, "styleId")] = (kind, values.get("basedOn", ""))
    return styles


def _outlined(element: Any) -> bool:
    level = next(element.iter("outlineLvl"), None)
    return level is not None and unpack.attribute(level, "val") in tuple("012345678")


def _kind(style: str, styles: dict[str, tuple[str, str]]) -> str:
    for _ in range(MOST_STYLES_DEEP):
        kind, base = styles.get(style, ("", ""))
        if kind or not base:
            return kind
        style = base
    return ""


def _notes(root: Any, styles: dict[str, tuple[str, str]]) -> Iterator[Block]:
    """The notes that a reader sees; separators have a type of their own."""
    for note in root if root is not None else ():
        if unpack.attribute(note, "type") in ("", "normal"):
            yield from _walk(note, styles)


def _frame(root: Any, styles: dict[str, tuple[str, str]]) -> Sequence[Block]:
    found = list(_walk(root, styles))
    for block in found:
        block.line = False
    return found


def _walk(root: Any, styles: dict[str, tuple[str, str]]) -> Iterator[Block]:
    """The paragraphs below `root` in order; one inside another comes after it."""
    from lxml import etree

    found: list[Block] = []
    inside: list[tuple[Block, list[str]]] = []  # the open paragraphs
    rows: list[list[int]] = []  # the open table rows: number, cell
    count = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag in SKIPPED or (tag == "r" and _is_hidden(element)):
                walk.skip_subtree()
            elif tag == "tr":
                count += 1
                rows.append([count, 0])
            elif tag == "tc" and rows:
                rows[-1][1] += 1
            elif tag == "p":
                row, cell = rows[-1] if rows else (0, 0)
                found.append(_styled(Block(row=row, cell=cell), element, styles))
                inside.append((found[-1], []))
            elif inside:
                inside[-1][1].append(_characters(element))
        elif tag == "p" and inside:
            block, parts = inside.pop()
            block.text = "".join(parts)
        elif tag == "tr" and rows:
            rows.pop()
    return iter(found)


def _characters(element: Any) -> str:
    if element.tag == "t":
        return re.sub(r"[\r\n]+", " ", element.text or "")
    if element.tag == "br" and unpack.attribute(element, "type") in ("page", "column"):
        return " "
    return _SIGNS.get(element.tag, "")


def _is_hidden(run: Any) -> bool:
    properties = run.find("rPr")
    vanish = properties.find("vanish") if properties is not None else None
    return vanish is not None and unpack.attribute(vanish, "val") not in ("0", "false", "off")


def _styled(block: Block, paragraph: Any, styles: dict[str, tuple[str, str]]) -> Block:
    properties = paragraph.find("pPr")
    if properties is None:
        return block
    style = properties.find("pStyle")
    kind = _kind(unpack.attribute(style, "val"), styles) if style is not None else ""
    number = next(properties.iter("numId"), None)
    listed = number is not None and unpack.attribute(number, "val") not in ("", "0")
    block.title = kind == "title"
    block.heading = kind == "heading" or _outlined(properties)
    block.bullet = not block.heading and not block.title and (listed or kind == "bullet")
    return block
