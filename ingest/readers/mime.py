"""A message in bytes → its header fields and leaf parts. Pure.

Takes parts apart with a stack and a bound instead of `email`'s recursive parser,
which raises on a thousand nested parts; header fields and parameters are read by
`email`. What is broken is read as far as it goes: unknown charsets are detected,
bad base64 gives what can be decoded. Knows nothing of articles.
"""

from __future__ import annotations

import binascii
import quopri
import re
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import HeaderParser

from ingest.decode import decode

MOST_DEPTH = 50
MOST_PARTS = 10_000
MOST_HEAD_BYTES = 256 * 1024
MOST_FIELD_CHARS = 4_000
_HEAD_END = re.compile(rb"\r?\n\r?\n|\r\r")
FIELD = re.compile(rb"([!-9;-~]{1,80})[ \t]{0,3}:")
_SURROGATE = re.compile("[\ud800-\udfff]")
# What mailers call ASCII or Latin-1 is as often Windows' own; browsers read it so too.
_MEANT = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
}
_UNKNOWN = ("", "ascii", "us-ascii", "unknown-8bit", "binary", "8bit", "7bit", "default")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part without parts of its own."""

    content_type: str  # lower case: "text/plain"
    file_name: str  # "" where it has none
    attached: bool  # says that it is an attachment
    charset: str  # as declared, "" where it is not
    content_id: str
    location: str
    body: bytes  # transfer encoding undone


def field_names(data: bytes) -> list[str]:
    """The names of the header fields at the start of `data`, lower case, in order."""
    names: list[str] = []
    for line in data[: 64 * 1024].removeprefix(b"\xef\xbb\xbf").splitlines():
        match = FIELD.match(line)
        if match:
            names.append(match[1].decode("ascii").lower())
        elif not (names and line[:1] in (b" ", b"\t")):
            if line.startswith((b"From ", b">From ")) and not names:
                continue
            break
    return names


def head(data: bytes) -> Message:
    """The header fields at the start of `data`."""
    return _split(data)[0]


def field(message: Message, name: str) -> str:
    """A header field, decoded and on one line; "" where there is none."""
    return text_of(str(message.get(name) or ""))


def text_of(value: str) -> str:
    """Encoded words of a header value decoded, white space folded."""
    value = value[:MOST_FIELD_CHARS]
    try:
        chunks = decode_header(value)
    except (HeaderParseError, ValueError):
        chunks = [(value, None)]
    pieces: list[str] = []
    for chunk, charset in chunks:
        if isinstance(chunk, str):
            pieces.append(chunk)
        elif charset is None:
            pieces.append(chunk.decode("raw-unicode-escape", errors="replace"))
        else:
            pieces.append(decoded(chunk, charset))
    return " ".join(_SURROGATE.sub("\ufffd", "".join(pieces)).split())


def decoded(data: bytes, charset: str) -> str:
    """`data` by its declared charset; where that fails or is unknown, by detection."""
    name = charset.strip().lower()
    try:
        if name not in _UNKNOWN:
            text = data.decode(_MEANT.get(name, name))
            return _SURROGATE.sub("\ufffd" * 3, text.removeprefix("\ufeff"))
    except (LookupError, ValueError):  # UnicodeError is a ValueError
        pass
    try:
        return decode(data)[0]
    except ValueError:
        return data.decode("cp1252", errors="replace")


def leaves(data: bytes) -> tuple[list[Leaf], bool]:
    """The leaf parts in order, and whether some were too deep or too many to reach."""
    found: list[Leaf] = []
    cut = False
    stack = [(data, 0)]
    while stack:
        part, depth = stack.pop()
        message, body = _split(part)
        inner = _pieces(body, message) if message.get_content_maintype() == "multipart" else []
        if inner and (depth >= MOST_DEPTH or len(found) + len(stack) + len(inner) > MOST_PARTS):
            cut = True
        elif inner:
            stack.extend((piece, depth + 1) for piece in reversed(inner))
        else:
            found.append(_leaf(message, body))
    return found, cut


def _split(data: bytes) -> tuple[Message, bytes]:
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data[:1] in (b"\r", b"\n"):  # a part without fields of its own
        return Message(), data.removeprefix(b"\r").removeprefix(b"\n")
    end = _HEAD_END.search(data, 0, MOST_HEAD_BYTES)
    fields = data[: end.start()] if end else data[:MOST_HEAD_BYTES]
    body = data[end.end() :] if end else b""
    try:
        text = fields.decode("utf-8")
    except UnicodeDecodeError:
        text = fields.decode("cp1252", errors="replace")
    message = HeaderParser().parsestr(text)
    # Fields may end in the middle of what looked like the head: the rest is text.
    rest = message.get_payload()
    if isinstance(rest, str) and rest.strip():
        body = rest.encode("utf-8", errors="replace") + b"\n\n" + body
    return message, body


def _pieces(body: bytes, message: Message) -> list[bytes]:
    """What stands between the boundary lines; nothing where there is none."""
    boundary = str(message.get_param("boundary") or "").rstrip()
    if not boundary:
        return []
    mark = re.escape(boundary.encode("utf-8", errors="replace"))
    pieces: list[bytes] = []
    start = -1
    for match in re.finditer(rb"^--" + mark + rb"(--)?[ \t]*\r?$\n?", body, re.MULTILINE):
        if start >= 0:
            pieces.append(body[start : match.start()].removesuffix(b"\n").removesuffix(b"\r"))
        start = match.end()
        if match[1]:
            return pieces
        if len(pieces) > MOST_PARTS:
            break
    if start >= 0:  # cut off before its end
        pieces.append(body[start:])
    return pieces


def _leaf(message: Message, body: bytes) -> Leaf:
    declared = message.get_content_type()
    content_type = "text/plain" if declared.startswith("multipart/") else declared
    encoding = str(message.get("content-transfer-encoding") or "").strip().lower()
    return Leaf(
        content_type=content_type,
        file_name=text_of(str(message.get_filename() or "")),
        attached=str(message.get("content-disposition") or "").lower().startswith("attachment"),
        charset=str(message.get_content_charset() or ""),
        content_id=str(message.get("content-id") or "").strip(" <>"),
        location=field(message, "content-location"),
        body=_untransferred(body, encoding),
    )


def _untransferred(body: bytes, encoding: str) -> bytes:
    if encoding == "quoted-printable":
        return quopri.decodestring(body)
    if encoding == "base64":
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
        letters = letters[:-1] if len(letters) % 4 == 1 else letters
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    return body


def unique(name: str, taken: set[str]) -> str:
    """`name`, or "name (2)" where it is taken; takes it."""
    shown, number = name, 1
    while shown in taken:
        number += 1
        shown = f"{name} ({number})"
    taken.add(shown)
    return shown
