"""Zip files and mailboxes → the files and messages in them.

Names are labels, never paths: nothing is written. A zip inside a zip is opened,
one inside that is not. What would unpack to too much is told by its declared sizes
before it is unpacked, and unpacking stops there.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from ingest.files import UNFINISHED
from ingest.page import Member
from ingest.readers import mime

MOST_MEMBERS = 20_000
MOST_BYTES = 512 * 2**20  # of all members together
MOST_MEMBER_BYTES = 64 * 2**20
MOST_RATIO = 200  # unpacked to packed…
RATIO_FROM_BYTES = 2**20  # …above this size
CHUNK_BYTES = 4096  # bz2 and lzma unpack all they are given at once: give little
# What zipfile raises on a broken directory of entries.
BROKEN = (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, struct.error)
TOO_MUCH = "unpacks to too much"

_ENTRY = b"PK\x01\x02"
_OFFICE_MEMBERS = frozenset(
    ("[Content_Types].xml", "word/document.xml", "META-INF/container.xml", "content.opf")
)
_OFFICE_MIMETYPES = (b"application/vnd.oasis", b"application/epub", b"application/vnd.sun")
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1

_FIELD_NEXT = rb"(?=(?:>From [^\n]*\n)?[!-9;-~]{1,80}:)"
# The separator with its date; or a bare one that a blank line and a mail's first
# field stand around. A sentence that begins with "From" has neither.
_DATED = (
    rb"^From [^\n]{0,300}?[A-Z][a-z]{2} +[A-Z][a-z]{2} +\d{1,2} +\d\d?:\d\d[^\n]{0,40}\r?\n"
    + _FIELD_NEXT
)
_BARE = (
    rb"(?:(?<=\n\n)|(?<=\n\r\n)|\A)From [^\s]{0,200}[ \t]*\r?\n"
    rb"(?=(?:From|Received|Return-Path|Delivered-To|Message-ID|Date|X-[\w-]+|MIME-Version|Subject"
    rb"|Content-Type|To|DKIM-Signature|Authentication-Results):)"
)
_SEPARATOR = re.compile(rb"(?:" + _DATED + rb")|(?:" + _BARE + rb")", re.MULTILINE)
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)


def looks_like_zip(data: bytes) -> bool:
    """A zip of files; not one that is a document (docx, odt, epub)."""
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return not _is_document(archive)
    except BROKEN:
        head = data[:4096]  # broken: what its first entries are called
        return not any(name.encode() in head for name in (*_OFFICE_MEMBERS, "mimetypeapp"))


def looks_like_mbox(data: bytes) -> bool:
    """Begins with a mailbox's separator, header fields below it."""
    return _SEPARATOR.match(_begun(data)) is not None


def _begun(data: bytes) -> bytes:
    return data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")


def members(data: bytes, name: str) -> Iterator[Member]:
    """The members of a zip by name, or the messages of a mailbox by number from 1.
    ValueError: the container itself is broken or holds too many."""
    if looks_like_mbox(data):
        yield from _messages(data)
    else:
        yield from _zipped(data)


def _messages(data: bytes) -> Iterator[Member]:
    data = _begun(data)
    starts = _SEPARATOR.finditer(data)
    before = next(starts, None)
    number = 0
    while before is not None:
        number += 1
        after = next(starts, None)
        end = after.start() if after else len(data)
        if end - before.end() > MOST_MEMBER_BYTES:
            yield Member(str(number), b"", TOO_MUCH)
        else:
            message = data[before.end() : end]
            # One blank line before the next separator belongs to the mailbox.
            message = message.removesuffix(b"\n").removesuffix(b"\r") if after else message
            yield Member(str(number), _ESCAPED.sub(rb"\1", message))
        before = after


def _is_document(archive: zipfile.ZipFile) -> bool:
    names = set(archive.namelist())
    if names & _OFFICE_MEMBERS:
        return True
    if "mimetype" not in names or archive.getinfo("mimetype").file_size > 1000:
        return False
    try:
        return archive.read("mimetype").strip().startswith(_OFFICE_MIMETYPES)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError):
        return False


def _zipped(data: bytes) -> Iterator[Member]:
    budget = [MOST_BYTES, MOST_MEMBERS]
    yield from _archive(data, "", budget)


def _archive(data: bytes, above: str, budget: list[int]) -> Iterator[Member]:
    """The members of one zip; `above`: the label of the zip that it is in."""
    if data.count(_ENTRY) > 4 * MOST_MEMBERS:
        raise ValueError(f"zip of more than {MOST_MEMBERS} files")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN as error:
        raise ValueError(f"broken zip ({_reason(error)})") from None
    with archive:
        entries = [(_label(info), info) for info in archive.infolist()]
        entries = [(label, info) for label, info in entries if _wanted(label, info)]
        budget[1] -= len(entries)
        if budget[1] < 0:
            raise ValueError(f"zip of more than {MOST_MEMBERS} files")
        taken: set[str] = set()
        for label, info in sorted(entries, key=lambda entry: entry[0]):
            member = _unpacked(archive, info, mime.unique(label, taken), budget)
            if member.problem or not looks_like_zip(member.data):
                yield Member(above + member.name, member.data, member.problem)
            elif above:
                yield Member(above + member.name, b"", "zip in a zip in a zip")
            else:
                yield from _inner(member, budget)


def _inner(member: Member, budget: list[int]) -> Iterator[Member]:
    try:
        yield from _archive(member.data, member.name + "!/", budget)
    except ValueError as error:
        yield Member(member.name, b"", str(error))


def _label(info: zipfile.ZipInfo) -> str:
    """A member's name without anything that would lead elsewhere."""
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        try:  # zipfile took it for cp437; most programs that set no flag mean UTF-8
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    steps = re.sub(r"^[A-Za-z]:", "", name.replace("\\", "/")).split("/")
    return "/".join(step for step in steps if step not in ("", ".", ".."))


def _wanted(label: str, info: zipfile.ZipInfo) -> bool:
    """False for folders and for what is hidden, the system's own or unfinished."""
    if not label or info.is_dir():
        return False
    steps = PurePosixPath(label).parts
    if any(step.startswith(".") or step == "__MACOSX" for step in steps):
        return False
    return not (steps[-1].startswith("~$") or steps[-1].lower().endswith(UNFINISHED))


def _unpacked(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, label: str, budget: list[int]
) -> Member:
    if info.flag_bits & _ENCRYPTED:
        return Member(label, b"", "encrypted")
    size = info.file_size
    bomb = size > RATIO_FROM_BYTES and size > MOST_RATIO * max(1, info.compress_size)
    if bomb or size > MOST_MEMBER_BYTES or size > budget[0]:
        return Member(label, b"", TOO_MUCH)
    budget[0] -= size
    pieces: list[bytes] = []
    try:
        with archive.open(info) as stream:
            while piece := stream.read(CHUNK_BYTES):
                pieces.append(piece)
    except NotImplementedError:
        return Member(label, b"", "packed in an unknown way")
    except Exception as error:  # noqa: BLE001 - each packing has errors of its own
        return Member(label, b"", f"damaged ({_reason(error)})")
    return Member(label, b"".join(pieces))


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())[:100]
    return text[:1].lower() + text[1:] if text else type(error).__name__
