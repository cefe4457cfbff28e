"""Bytes of a text file → source text and the name of its encoding.

The source text is `data.decode(encoding, errors="replace")` without a leading
byte-order mark, newlines untouched. Raises ValueError with a reason for what is
no text. Never looks at a file name.
"""

from __future__ import annotations

import re

BOMS = (  # utf-32 first: its little-endian mark begins with that of utf-16
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xef\xbb\xbf", "utf-8"),
)
MAGIC = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "zip container"),
    (b"PK\x05\x06", "zip container"),
    (b"\x89PNG\r\n", "PNG image"),
    (b"GIF87a", "GIF image"),
    (b"GIF89a", "GIF image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"BZh9", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7z archive"),
    (b"Rar!\x1a\x07", "rar archive"),
    (b"SQLite format 3\x00", "SQLite database"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office document"),
    (b"OggS", "media"),
    (b"ID3", "media"),
    (b"{\\rtf", "RTF"),
)
SAMPLE_BYTES = 64 * 1024
CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
HIGH = bytes(range(0x80, 0x100))
MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
# A text may hold a stray NUL or a form feed; a program or image holds many.
MOST_CONTROLS = 0.02
# Encodings that may be meant when a text is not UTF-8 and mostly not ASCII.
DETECTABLE = (
    "cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 koi8_r shift_jis cp932 euc_jp "
    "gb18030 gbk big5 euc_kr cp949"
).split()


def decode(data: bytes) -> tuple[str, str]:
    """(source text, encoding). Raises ValueError with a reason when it is no text."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return _checked(data, encoding)
    for mark, name in MAGIC:
        if data.startswith(mark):
            raise ValueError(f"not text ({name})")
    return _checked(data, _wide(data) or _narrow(data))


def _checked(data: bytes, encoding: str) -> tuple[str, str]:
    text = data.decode(encoding, errors="replace")
    sample = text[:SAMPLE_BYTES]
    strange = len(CONTROLS.findall(sample))
    if encoding.startswith(("utf-16", "utf-32")):
        strange += sample.count("\ufffd")
    if strange > max(1, MOST_CONTROLS * len(sample)):
        raise ValueError("not text (binary content)")
    return text.removeprefix("\ufeff"), encoding


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark, where NULs or steady high bytes make that clear."""
    sample = data[:SAMPLE_BYTES]
    if len(sample) < 4 or len(data) % 2 or b"\x00" not in sample:
        return None
    half = len(sample) // 2
    for encoding, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        low = sample[0::2] if encoding == "utf-16-le" else sample[1::2]
        if high.count(0) > 0.3 * half and low.count(0) < 0.02 * half:
            return encoding
        # Cyrillic, Greek and the like: one high byte for letters, NUL only for signs.
        common = max(set(high), key=high.count)
        if high.count(0) + high.count(common) > 0.9 * half and low.count(0) < 0.02 * half:
            return encoding
    return None


def _narrow(data: bytes) -> str:
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        pass
    high = len(data) - len(data.translate(None, HIGH))
    in_order = len(data) - len(MULTIBYTE.sub(b"", data))
    if in_order > 0.9 * high:  # UTF-8 that was cut or damaged in places
        return "utf-8"
    if high < 0.15 * len(data) or len(data) < 64:
        return "cp1252"
    return _detected(data) or "cp1252"


def _detected(data: bytes) -> str | None:
    import charset_normalizer

    best = charset_normalizer.from_bytes(data[:SAMPLE_BYTES], cp_isolation=list(DETECTABLE)).best()
    return None if best is None else str(best.encoding)
