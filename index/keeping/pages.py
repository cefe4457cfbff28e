"""A damaged SQLite file → the rows that still stand in its pages, found without its help.

Takes the path of a database and of the write-ahead log beside it; gives, page by page, the
values of every record that can be read, after the published file format
(https://www.sqlite.org/fileformat2.html). Knows no tables: whoever asks tells rows by their
hashes. Follows no page that says nothing sure, and changes nothing.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MAGIC = b"SQLite format 3\0"
PAGE_BYTES = 4096  # where the header doesn't tell; what this app's libraries have
HEADER_BYTES = 100
WAL_HEADER_BYTES, FRAME_HEADER_BYTES = 32, 24
LEAF_TABLE, LEAF_INDEX, INNER_INDEX = 13, 10, 2
MOST_BYTES = 256 * 1024 * 1024  # of one record; a longer one is damage

Value = int | float | str | bytes | None
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}  # serial type → bytes


@dataclass(frozen=True, slots=True)
class Record:
    """`rowid`: None in an index and in a table without them. Text that is no UTF-8 has
    surrogates in it, as SQLite's damaged text everywhere in the app."""

    rowid: int | None
    values: tuple[Value, ...]


class _File:
    """The pages of a database as its last commit left them."""

    def __init__(self, file: BinaryIO, wal: bytes) -> None:
        self.file = file
        header = file.read(HEADER_BYTES)
        size = int.from_bytes(header[16:18], "big") if header[:16] == MAGIC else 0
        size = 65536 if size == 1 else size
        self.page_bytes = size if size >= 512 and size & (size - 1) == 0 else PAGE_BYTES
        reserved = header[20] if header[:16] == MAGIC else 0
        self.usable = self.page_bytes - (reserved if reserved <= 32 else 0)
        self.newer = _committed(wal, self.page_bytes)
        file.seek(0, 2)
        self.pages = max([file.tell() // self.page_bytes, *self.newer])

    def page(self, number: int) -> bytes:
        if number in self.newer:
            return self.newer[number]
        self.file.seek((number - 1) * self.page_bytes)
        return self.file.read(self.page_bytes)


def records(path: Path) -> Iterator[Record]:
    """Every record that can be read. Raises OSError."""
    wal = path.with_name(path.name + "-wal")
    with path.open("rb") as file:
        read = _File(file, wal.read_bytes() if wal.exists() else b"")
        free = _free(read)
        for number in range(1, read.pages + 1):
            if number not in free:
                yield from _of_page(read, number)


def _committed(wal: bytes, page_bytes: int) -> dict[int, bytes]:
    """Pages of the write-ahead log, up to its last commit."""
    pages: dict[int, bytes] = {}
    waiting: dict[int, bytes] = {}
    salts = wal[16:24]
    place = WAL_HEADER_BYTES
    while place + FRAME_HEADER_BYTES + page_bytes <= len(wal):
        number, size_after = struct.unpack_from(">II", wal, place)
        if wal[place + 8 : place + 16] != salts:
            break  # of an earlier round of the log
        start = place + FRAME_HEADER_BYTES
        waiting[number] = wal[start : start + page_bytes]
        if size_after:
            pages |= waiting
            waiting = {}
        place = start + page_bytes
    return pages


def _free(read: _File) -> set[int]:
    """Pages that the database no longer uses: what stands in them was deleted."""
    free: set[int] = set()
    trunk = int.from_bytes(read.page(1)[32:36], "big")
    while 0 < trunk <= read.pages and trunk not in free:
        page = read.page(trunk)
        following, count = struct.unpack_from(">II", page)
        if count > read.usable // 4 - 2:
            break
        free |= {trunk, *struct.unpack_from(f">{count}I", page, 8)}
        trunk = following
    return free


def _of_page(read: _File, number: int) -> Iterator[Record]:
    page = read.page(number)
    start = HEADER_BYTES if number == 1 else 0
    kind = page[start] if len(page) > start + 12 else 0
    if kind not in (LEAF_TABLE, LEAF_INDEX, INNER_INDEX):
        return
    (cells,) = struct.unpack_from(">H", page, start + 3)
    pointers = start + (12 if kind == INNER_INDEX else 8)
    for at in range(pointers, min(pointers + 2 * cells, len(page) - 1), 2):
        (place,) = struct.unpack_from(">H", page, at)
        try:
            yield _cell(read, page, kind, place)
        except (IndexError, ValueError, struct.error):
            continue  # this one is damaged; its neighbours may stand


def _cell(read: _File, page: bytes, kind: int, place: int) -> Record:
    if kind == INNER_INDEX:
        place += 4
    size, place = _varint(page, place)
    rowid = None
    if kind == LEAF_TABLE:
        rowid, place = _varint(page, place)
        rowid -= (rowid >> 63) << 64
    if not 0 < size <= MOST_BYTES:
        raise ValueError("no record has this size")
    local = _local_bytes(read.usable, size, kind)
    data = page[place : place + local]
    if local < size:
        (overflow,) = struct.unpack_from(">I", page, place + local)
        data += _overflow(read, overflow, size - local)
    if len(data) != size:
        raise ValueError("the record is cut short")
    return Record(rowid, _values(data))


def _local_bytes(usable: int, size: int, kind: int) -> int:
    """How much of a record stands in the page itself."""
    most = usable - 35 if kind == LEAF_TABLE else (usable - 12) * 64 // 255 - 23
    if size <= most:
        return size
    least = (usable - 12) * 32 // 255 - 23
    some = least + (size - least) % (usable - 4)
    return some if some <= most else least


def _overflow(read: _File, number: int, wanted: int) -> bytes:
    parts, left, seen = [], wanted, set()
    while left > 0:
        if not 0 < number <= read.pages or number in seen:
            raise ValueError("the chain of pages is broken")
        seen.add(number)
        page = read.page(number)
        (following,) = struct.unpack_from(">I", page)
        parts.append(page[4 : 4 + min(left, read.usable - 4)])
        left -= len(parts[-1])
        number = following
    return b"".join(parts)


def _values(data: bytes) -> tuple[Value, ...]:
    end, place = _varint(data, 0)
    if end > len(data):
        raise ValueError("the record's header is too long")
    kinds = []
    while place < end:
        kind, place = _varint(data, place)
        kinds.append(kind)
    values: list[Value] = []
    for kind in kinds:
        value, place = _value(data, place, kind)
        values.append(value)
    return tuple(values)


def _value(data: bytes, place: int, kind: int) -> tuple[Value, int]:
    if kind == 0:
        return None, place
    if kind in (8, 9):
        return kind - 8, place
    if kind == 7:
        return struct.unpack_from(">d", data, place)[0], place + 8
    size = _INTEGERS.get(kind, (kind - 12) // 2)
    part = data[place : place + size]
    if size < 0 or len(part) < size:
        raise ValueError("a value is cut short")
    if kind in _INTEGERS:
        return int.from_bytes(part, "big", signed=True), place + size
    if kind % 2:
        return part.decode("utf-8", "surrogateescape"), place + size
    return part, place + size


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = 0
    for at in range(place, place + 8):
        value = value << 7 | data[at] & 0x7F
        if data[at] < 0x80:
            return value, at + 1
    return value << 8 | data[place + 8], place + 9
