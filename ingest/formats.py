"""Bytes → what they are: a page to read, or a container with files in it.

Decides by content, never by a file's ending (which only helps to tell Markdown from
plain text). Each reader knows one family of formats; here is only the order of asking.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ingest.decode import decode
from ingest.page import Member, Page
from ingest.readers.ocr import MISSING, NO_TEXT_LAYER, NO_WORDS, Ocr

MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown")
# Formats that hold far more bytes than text: a larger file may be opened.
_PACKED = (b"%PDF", b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True, slots=True)
class Opened:
    page: Page
    encoding: str = ""  # where the format left it open
    members: Iterable[Member] = ()
    why_empty: str = ""  # where the format itself can say


class NotText(ValueError):
    """The file is sound and holds nothing that we read; the message says what it is."""


def is_packed(start: bytes) -> bool:
    """Whether a file that begins like this is compressed."""
    return start.startswith(_PACKED)


def open_bytes(data: bytes, name: str, ocr: Ocr | None = None) -> Opened:
    """What the bytes are. Raises NotText, or ValueError with what is wrong with them.
    `ocr`: what reads the pictures of pages without text; None leaves them unread."""
    from ingest.readers import containers, mail

    binary = _binary(data, name, ocr)
    if binary is not None:
        return binary
    if containers.looks_like_zip(data):
        return Opened(Page("", (), "zip"), members=containers.members(data, name))
    if containers.looks_like_mbox(data):
        return Opened(Page("", (), "mbox"), members=containers.members(data, name))
    if mail.looks_like_mhtml(data):
        return Opened(mail.read(data, name))
    if mail.looks_like_mail(data):
        return Opened(mail.read(data, name), members=mail.members(data, name))
    return _text(data, name)


def _binary(data: bytes, name: str, ocr: Ocr | None) -> Opened | None:
    from ingest.readers import docx, epub, odt, pdf, rtf

    if pdf.looks_like_pdf(data):
        return _pdf(data, name, ocr)
    for looks, read in (
        (docx.looks_like_docx, docx.read),
        (odt.looks_like_odt, odt.read),
        (epub.looks_like_epub, epub.read),
        (rtf.looks_like_rtf, rtf.read),
    ):
        if looks(data):
            return Opened(read(data, name))
    return None


def _pdf(data: bytes, name: str, ocr: Ocr | None) -> Opened:
    from ingest.readers import pdf

    page = pdf.read(data, name)
    why_empty = "" if page.lines else pdf.why_empty(data)
    if ocr is None or why_empty != NO_TEXT_LAYER:
        return Opened(page, why_empty=why_empty)
    if not ocr.program:
        return Opened(page, why_empty=MISSING)
    page = pdf.read_pictures(data, ocr)
    return Opened(page, ocr.encoding, why_empty="" if page.lines else NO_WORDS)


def _text(data: bytes, name: str) -> Opened:
    from ingest.readers import data as dumps
    from ingest.readers import html, text

    try:
        decoded, encoding = decode(data)
    except ValueError as error:
        raise NotText(str(error)) from error
    if html.looks_like_html(decoded):
        return Opened(html.read(decoded, data, encoding), encoding)
    if dumps.looks_like_json(data) or dumps.looks_like_csv(data):
        try:
            return Opened(dumps.read(data, name), encoding)
        except ValueError as error:
            raise NotText(str(error)) from error
    markdown = name.lower().endswith(MARKDOWN_SUFFIXES) or text.looks_like_markdown(decoded)
    return Opened(text.read(decoded, markdown), encoding)
