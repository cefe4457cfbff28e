"""PDF files → `Page`, with the offset at which each printed page begins.

The only module that knows pypdf; imports it when first used. It takes each page's
text in the order of its content stream, row by row with place and font size;
`ingest.readers.pdf_layout` makes paragraphs of the rows. A file of scans gives no text
and `why_empty` says so; where the user wants it, `read_pictures` reads the pictures of
its pages. The file's creation date is not an article's date and is not taken.
"""

from __future__ import annotations

import io
import logging
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ingest.page import Meta, Page
from ingest.readers import blocks, ocr, pdf_layout, pdf_pictures
from ingest.readers.pdf_layout import Row

MOST_PAGES = 20_000
# One content stream unpacked. Real pages hold under 5 MB; drawings go beyond.
MOST_STREAM_BYTES = 32 * 2**20
MOST_PICTURE_BYTES = 256 * 2**20  # one picture unpacked: A3 in colour at 600 dpi has 200 MB
MOST_PICTURE_PAGES = 1_000  # some hours of work for Tesseract
MARK = b"%PDF-"
MARK_WITHIN = 1024  # bytes; some servers and mailers put a few lines before the file
# What pypdf logs where it goes on without a part of the text.
_LOST_TEXT = ("Impossible to decode XFormObject", "Exceeded ")
_PICTURE = re.compile(rb"\b(?:Do|BI)\b")
_LINEARIZED = re.compile(rb"/Linearized\b[^>]{0,200}?/L\s+(\d{1,12})")


def looks_like_pdf(data: bytes) -> bool:
    # An archive may hold a PDF as it is, near its own beginning.
    return MARK in data[:MARK_WITHIN] and not data.startswith(b"PK\x03\x04")


def read(data: bytes, name: str) -> Page:
    """The page of a PDF; without text where it shows none. ValueError: it is encrypted,
    damaged, or unpacks to more than the limits."""
    with _silenced() as said:
        reader = _open(data)
        pages = [_rows(reader, number, said) for number in range(_page_count(reader))]
        unreadable = bool(said) and not any(pages) and not _has_pictures(reader)
        title, author = _information(reader)
    if not any(pages):
        if unreadable:
            raise ValueError(f"damaged PDF ({_short(said[0])})")
        return Page("", (), "pdf")
    return _composed(pages, title, author)


def read_pictures(data: bytes, tesseract: ocr.Ocr) -> Page:
    """The page of a PDF without a text layer, from the pictures of its pages; without text
    where Tesseract finds none. ValueError: a picture can't be decoded or read."""
    with _silenced(MOST_PICTURE_BYTES):
        reader = _open(data)
        count = _page_count(reader)
        if count > MOST_PICTURE_PAGES:
            raise ValueError(f"{count} pages without a text layer are too many for Tesseract "
                             f"(the limit is {MOST_PICTURE_PAGES})")  # fmt: skip
        pages = [_picture_rows(reader, number, tesseract) for number in range(count)]
        title, author = _information(reader)
    if not any(pages):
        return Page("", (), "pdf")
    return _composed(ocr.levelled(pages), title, author)


def _composed(pages: Sequence[Sequence[Row]], title: str, author: str) -> Page:
    source, lines, page_starts = pdf_layout.compose(pages)
    meta = Meta(title=blocks.own_title(title, lines), author=blocks.own_author(author))
    return Page(source, tuple(lines), "pdf", meta, page_starts=page_starts)


def _picture_rows(reader: Any, number: int, tesseract: ocr.Ocr) -> list[Row]:
    try:
        return [
            row
            for picture in pdf_pictures.pictures(reader.pages[number])
            for row in ocr.rows(tesseract, picture.png, picture.dots_per_inch)
        ]
    except ValueError as error:
        raise ValueError(f"page {number + 1}: {_short(str(error))}") from error
    except Exception as error:
        raise ValueError(
            f"page {number + 1}: its picture cannot be decoded for Tesseract ({_said(error)})"
        ) from error


def why_empty(data: bytes) -> str:
    """Why a PDF gave no text: "no text layer" where it draws something, else "no text"."""
    try:
        with _silenced():
            reader = _open(data)
            drawn = any(
                _draws(reader.pages[number].get_contents()) for number in range(_page_count(reader))
            )
    except ValueError as error:
        return str(error)
    except Exception:  # noqa: BLE001 - a page that cannot be looked at is not known to be blank
        return ocr.NO_TEXT_LAYER
    return ocr.NO_TEXT_LAYER if drawn else "no text"


def _has_pictures(reader: Any) -> bool:
    """Whether a page draws a picture; a page that cannot be looked at does not."""
    try:
        streams = (page.get_contents() for page in reader.pages)
        return any(_PICTURE.search(stream.get_data()) for stream in streams if stream is not None)
    except Exception:  # noqa: BLE001 - the caller then calls the file damaged
        return False


def _draws(contents: Any) -> bool:
    return contents is not None and bool(contents.get_data().strip())


def _open(data: bytes) -> Any:
    """A reader of the whole file; ValueError says why there is none."""
    import pypdf
    from pypdf.errors import DependencyError

    if b"%%EOF" not in data[-16_384:]:
        raise ValueError("damaged PDF (cut off)")
    linearized = _LINEARIZED.search(data, 0, 2048)
    if linearized and int(linearized[1]) > len(data):
        raise ValueError("damaged PDF (cut off)")
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        locked = reader.is_encrypted and not reader.decrypt("")
    except (DependencyError, NotImplementedError) as error:
        raise ValueError("encrypted in a way that cannot be read") from error
    except Exception as error:
        raise ValueError(f"damaged PDF ({_said(error)})") from error
    if locked:
        raise ValueError("encrypted, a password is needed")
    return reader


def _page_count(reader: Any) -> int:
    try:
        count = len(reader.pages)
    except Exception as error:
        raise ValueError(f"damaged PDF ({_said(error)})") from error
    if count == 0:
        raise ValueError("damaged PDF (no pages)")
    if count > MOST_PAGES:
        raise ValueError(f"too large ({count} pages, the limit is {MOST_PAGES})")
    return count


def _rows(reader: Any, number: int, said: list[str]) -> list[Row]:
    """The rows of one page in the order of its content stream."""
    pieces: list[tuple[str, Any, Any, Any, float]] = []
    try:
        text = reader.pages[number].extract_text(visitor_text=lambda *piece: pieces.append(piece))
    except Exception as error:
        if "Limit" in type(error).__name__:
            raise ValueError(f"too large unpacked (page {number + 1})") from error
        raise ValueError(f"damaged PDF (page {number + 1}: {_said(error)})") from error
    if any(message.startswith(_LOST_TEXT) for message in said):
        raise ValueError(f"damaged PDF (page {number + 1}: a part of its text cannot be read)")
    if "".join(piece[0] for piece in pieces) != text:
        return [Row(_whole(row)) for row in text.split("\n") if row.strip()]
    return list(_placed(pieces))


def _placed(pieces: Sequence[tuple[str, Any, Any, Any, float]]) -> Iterator[Row]:
    """Pieces of text with their matrices → rows with their place."""
    row: list[tuple[str, float, float, float, bool]] = []
    for text, cm, tm, font, size in pieces:
        for count, part in enumerate(text.split("\n")):
            if count and row:
                yield _row(row)
                row = []
            if part.strip():
                row.append((part, *_place(cm, tm, size), _is_bold(font)))
            elif part and row:
                row[-1] = (row[-1][0] + part, *row[-1][1:])
    if row:
        yield _row(row)


def _row(parts: Sequence[tuple[str, float, float, float, bool]]) -> Row:
    """One row: its place is that of its first piece, its size that of most of its text."""
    largest = max(parts, key=lambda part: len(part[0]))
    text = _whole("".join(part[0] for part in parts))
    return Row(text, parts[0][1], largest[2], largest[3], all(part[4] for part in parts))


def _place(cm: Sequence[float], tm: Sequence[float], size: float) -> tuple[float, float, float]:
    """x, y and font size on the page, turned so that the text runs from left to right."""
    a, b = tm[0] * cm[0] + tm[1] * cm[2], tm[0] * cm[1] + tm[1] * cm[3]
    c, d = tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3]
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    size_shown = abs(size) * math.hypot(c, d)
    if not all(map(math.isfinite, (x, y, size_shown))):
        return 0.0, 0.0, 0.0
    if abs(a) >= abs(b):
        return (x, y, size_shown) if a >= 0 else (-x, -y, size_shown)
    return (y, -x, size_shown) if b > 0 else (-y, x, size_shown)


def _is_bold(font: Any) -> bool:
    name = str(font.get("/BaseFont", "")) if font else ""
    return re.search(r"bold|black|heavy|semibold", name, re.IGNORECASE) is not None


def _whole(text: str) -> str:
    """Without lone surrogates and line breaks, which no row has; ends trimmed."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return " ".join(text.splitlines()).strip()


def _information(reader: Any) -> tuple[str, str]:
    """The title and author that the file states, "" where it does not."""
    try:
        stated = reader.metadata
        if stated is None:
            return "", ""
        return _whole(str(stated.title or "")), _whole(str(stated.author or ""))
    except Exception:  # noqa: BLE001 - metadata is a gain, never a condition
        return "", ""


def _said(error: Exception) -> str:
    """An exception in a few words of one line."""
    return _short(str(error)) or type(error).__name__


def _short(message: str) -> str:
    return " ".join(message.split())[:80].rstrip(" .")


class _Collector(logging.Handler):
    """Keeps what pypdf would have logged."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@contextmanager
def _silenced(most_bytes: int = MOST_STREAM_BYTES) -> Iterator[list[str]]:
    """pypdf under our limits; gives what it says on the way instead of logging it."""
    import pypdf

    logger = logging.getLogger("pypdf")
    collector = _Collector()
    before = logger.propagate
    logger.addHandler(collector)
    logger.propagate = False
    try:
        with pypdf.apply_configuration(zlib_maximum_output_length=most_bytes):
            yield collector.said
    finally:
        logger.removeHandler(collector)
        logger.propagate = before
