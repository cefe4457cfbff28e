"""Small PDFs made in code: rows of text at given places."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence

TextRow = tuple[float, float, float, str]  # x, y, font size, text; size < 0: bold


def content(rows: Sequence[TextRow]) -> bytes:
    parts = []
    for x, y, size, text in rows:
        shown = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        font = "F2" if size < 0 else "F1"
        parts.append(f"BT /{font} {abs(size)} Tf {x} {y} Td ({shown}) Tj ET")
    return "\n".join(parts).encode("cp1252")


def pdf(streams: Sequence[bytes], information: dict[str, str] | None = None) -> bytes:
    """A file with one page per content stream, each deflated."""
    objects: list[bytes] = [b"", b""]  # catalog and page tree are written last
    objects += [
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray"
        b" /BitsPerComponent 8 /Length 1 >>\nstream\n\x80\nendstream",
    ]
    kids = []
    for stream in streams:
        packed = zlib.compress(stream)
        objects.append(
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
        )
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources"
            b" << /Font << /F1 3 0 R /F2 4 0 R >> /XObject << /Im1 5 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    fields = "".join(f"/{key} ({value}) " for key, value in (information or {}).items())
    objects.append(f"<< {fields}>>".encode("cp1252"))
    return _file(objects)


def _file(objects: Sequence[bytes]) -> bytes:
    data = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    data += b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (
        len(objects) + 1,
        len(objects),
    )
    return bytes(data + b"startxref\n%d\n%%%%EOF\n" % table)


def encrypted(data: bytes, password: str, algorithm: str) -> bytes:
    """The same file, to be opened with `password` only ("" for nobody in particular)."""
    import pypdf

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt(user_password=password, owner_password="owner", algorithm=algorithm)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def rows(texts: Sequence[str], top: float = 780.0, x: float = 72.0) -> list[TextRow]:
    """Rows of body text, one under the other; "" leaves a blank row."""
    return [(x, top - 14 * n, 11, text) for n, text in enumerate(texts) if text]
