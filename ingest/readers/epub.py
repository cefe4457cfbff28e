"""E-books (epub) → `Page`.

The chapters in the order of the spine, each through the same walk as a saved web
page. A chapter of some length is a part of its own, named by its heading; the book
is then its outlet. Title, author and language come from the package file; its dates
are the file's, not an article's. Books under DRM are refused by name.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html.entities import html5
from typing import Any
from urllib.parse import unquote

from ingest.clean import decode
from ingest.lines import Line
from ingest.page import Meta, Page, Part
from ingest.readers import blocks, html, unpack

MIMETYPE = b"application/epub+zip"
CONTAINER = "META-INF/container.xml"
PART_WORDS = 150  # a chapter of more words is an article of its own
MOST_CHAPTERS = 10_000
_PAGE_TYPES = ("application/xhtml+xml", "text/html", "application/xml", "text/xml")
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_KEPT_ENTITIES = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))
# Encrypting fonts is no lock on the text.
_FONT_METHODS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")


@dataclass(frozen=True, slots=True)
class Chapter:
    name: str  # its part in the archive
    contents: bool  # the table of contents


def looks_like_epub(data: bytes) -> bool:
    return unpack.looks_like(data, MIMETYPE, CONTAINER)


def read(data: bytes, name: str) -> Page:
    """The page of an epub. ValueError: under DRM, damaged or too large."""
    archive = unpack.Archive(data, "epub")
    _refuse_locked(archive)
    package_name = _package_name(archive)
    package = archive.tree(package_name)
    if package is None:
        raise ValueError(f"damaged epub (no {package_name[:100]})")
    meta = _meta(package)
    sources: list[str] = []
    lines: list[Line] = []
    parts: list[Part] = []
    length = 0
    for chapter in _chapters(package, posixpath.dirname(package_name)):
        root = _root(archive, chapter.name)
        source, own = html.walk(root) if root is not None else ("", [])
        if not source:
            continue
        length += 2 if sources else 0
        sources.append(source)
        first = len(lines)
        lines.extend(_moved(line, length) for line in own)
        length += len(source)
        if length > blocks.MOST_TEXT_CHARS:
            raise blocks.too_much()
        if not chapter.contents and sum(line.words for line in own) > PART_WORDS:
            parts.append(Part(first, len(lines), _part_meta(own, meta)))
    text = "\n\n".join(sources)
    return Page(text, tuple(lines), "epub", meta if text else Meta(), parts=tuple(parts) or None)


def _moved(line: Line, by: int) -> Line:
    return replace(line, start=line.start + by, end=line.end + by)


def _refuse_locked(archive: unpack.Archive) -> None:
    locks = archive.tree("META-INF/encryption.xml")
    for method in locks.iter("EncryptionMethod") if locks is not None else ():
        on_text = not unpack.attribute(method, "Algorithm").startswith(_FONT_METHODS)
        if on_text and method.getparent().tag == "EncryptedData":
            raise ValueError("encrypted (DRM)")


def _package_name(archive: unpack.Archive) -> str:
    container = archive.tree(CONTAINER)
    for file in container.iter("rootfile") if container is not None else ():
        if path := unpack.attribute(file, "full-path"):
            return path
    raise ValueError("damaged epub (no package file)")


def _meta(package: Any) -> Meta:
    language = re.match(r"[A-Za-z]{2}(?=$|[-_])", unpack.child_text(package, "language"))
    return Meta(
        title=unpack.child_text(package, "title") or None,
        author=blocks.own_author(unpack.child_text(package, "creator")),
        language=language[0].lower() if language else None,
    )


def _chapters(package: Any, folder: str) -> Iterator[Chapter]:
    """The pages of the spine in order, each once."""
    items = {unpack.attribute(item, "id"): item for item in package.iter("item")}
    seen: set[str] = set()
    for count, reference in enumerate(package.iter("itemref")):
        if count >= MOST_CHAPTERS:
            raise ValueError(f"too large (over {MOST_CHAPTERS} chapters)")
        item = items.get(unpack.attribute(reference, "idref"))
        if item is None or unpack.attribute(item, "media-type") not in _PAGE_TYPES:
            continue
        place = unquote(unpack.attribute(item, "href").partition("#")[0])
        name = posixpath.normpath(posixpath.join(folder, place))
        if name not in seen:
            seen.add(name)
            yield Chapter(name, "nav" in unpack.attribute(item, "properties").split())


def _root(archive: unpack.Archive, name: str) -> Any:
    """A chapter's root element: as XML, or as a browser would take it where it is none."""
    data = archive.part(name)
    if data is None:
        raise ValueError(f"damaged epub (no {name[:100]})")
    try:
        return unpack.parse(_ENTITY.sub(_character, data), f"epub ({name[:100]})")
    except ValueError as error:
        if "entities" in str(error):
            raise
    return html.parse(decode(data)[0])


def _character(match: re.Match[bytes]) -> bytes:
    """A named character of HTML as its number, which XML knows too."""
    if match[1] in _KEPT_ENTITIES:
        return match[0]
    characters = html5.get(match[1].decode("ascii") + ";", "")
    return b"".join(b"&#%d;" % ord(character) for character in characters) or match[0]


def _part_meta(lines: list[Line], book: Meta) -> Meta:
    """A chapter's heading is its title and the book its outlet; without one the title is
    the book's."""
    heading = next((line.text for line in lines[:6] if line.heading), None)
    return replace(book, title=heading or book.title, outlet=book.title if heading else None)
