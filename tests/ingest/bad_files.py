"""The bad inputs of test_bad_inputs: each with the status and reason it must end with."""

from __future__ import annotations

import os
import random
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ingest.readers import pdf, unpack
from tests.ingest import build_pdf, mails, test_office
from tests.ingest.test_containers import mailbox, zipped

LIMIT_BYTES = 8 * 2**20  # of text, for the whole folder
STORY = (
    "The harbour council of Velm met on Tuesday and agreed to repair the old pier before the "
    "winter.\n\nThe work will cost two million crowns, said the harbour master, Ilka Brandt, and "
    "the ferry will land at the fish market until it is done.\n"
)
UTF8 = STORY.encode()
TRICKS = "\u202e\u2066\u200f\U000e0041\U000e007f\x00\ufeff"  # unfit for any shown text
JAPANESE = "港の評議会は火曜日に会合を開き、冬が来る前に古い桟橋を修理することで合意した。" * 6
GERMAN = "Der Bürgermeister von Köln größte Brücke über den Fluß wird für Autos geschlossen. " * 3

Make = bytes | Callable[[Path], object]
Outcome = tuple[str, str]  # status, part of the reason


@dataclass(frozen=True)
class Bad:
    name: str | bytes
    make: Make
    status: str  # "": the walk passes it by
    reason: str = ""
    inside: Mapping[str, Outcome] = field(default_factory=dict)  # members, by their label


def noise(size: int, seed: int = 7) -> bytes:
    return random.Random(seed).randbytes(size)


def nested_mail(depth: int) -> bytes:
    lines = ["From: ana@velm.example", "Subject: The ferry", "MIME-Version: 1.0"]
    for number in range(depth):
        lines.append(f"Content-Type: multipart/mixed; boundary=b{number}\n\n--b{number}")
    return "\n".join([*lines, "Content-Type: text/plain\n\n" + STORY]).encode()


def encrypted_zip() -> bytes:
    data = bytearray(zipped({"a.txt": UTF8}))
    data[data.index(b"PK\x03\x04") + 6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def lying_zip() -> bytes:
    """Says that 30 MB are 1,000 bytes."""
    data = bytearray(zipped({"a.txt": b"x" * 30_000_000}))
    central = data.index(b"PK\x01\x02")
    data[central + 24 : central + 28] = (1000).to_bytes(4, "little")
    return bytes(data)


def zips_in_one_another(depth: int) -> bytes:
    data = zipped({"a.txt": UTF8})
    for _ in range(depth - 1):
        data = zipped({"z.zip": data})
    return data


def laughing_xml() -> bytes:
    rows = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{rows}]><x>&l9;</x>'.encode()


def page(body: str) -> bytes:
    return f"<!DOCTYPE html><html><head><title>Velm</title></head><body>{body}</body>".encode()


def paragraphs() -> str:
    return "".join(f"<p>{part}</p>" for part in STORY.split("\n\n"))


def a_socket(path: Path) -> None:
    """Bound by a short name: a socket's address holds about 100 bytes."""
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as opened:
            opened.bind(path.name)
    finally:
        os.chdir(here)


def a_large_file(path: Path) -> None:
    with path.open("wb") as stream:
        stream.write(b"text\n")
        stream.truncate(LIMIT_BYTES + 1)


def a_loop(path: Path) -> None:
    path.symlink_to(path.with_name("loop2.txt"))
    path.with_name("loop2.txt").symlink_to(path)


PLAIN_PDF = build_pdf.pdf([build_pdf.content(build_pdf.rows(STORY.split("\n")[0].split(", ")))])
ONE_MB_LINE = " ".join(f"On day {n} the ferry carried {n % 60} people." for n in range(25_000))
SHORT_LINES = "".join(f"Row {n} holds.\n" for n in range(100_000))
LONG_CELL = "The ferry to the island runs every hour. " * 125_000

TEXTS = [
    Bad("empty.txt", b"", "empty", "empty file"),
    Bad("spaces.txt", b" \n\t\r\n\xc2\xa0\xe3\x80\x80\n", "empty", "no text"),
    Bad("only_bom.txt", b"\xef\xbb\xbf", "empty", "no text"),
    Bad("only_bom_16.txt", b"\xff\xfe", "empty", "no text"),
    Bad("invisible.txt", TRICKS.replace("\x00", "").encode(), "empty", "no text"),
    Bad("nuls.txt", b"\0" * 5000, "skipped", "binary"),
    Bad("some_nuls.txt", UTF8.replace(b"pier", b"pi\0er"), "indexed"),
    Bad("binary.txt", noise(5000), "skipped", "binary"),
    Bad("binary.html", noise(5000, 8), "skipped", "binary"),
    Bad("binary.md", noise(5000, 9), "skipped", "binary"),
    Bad("binary.pdf", noise(5000, 10), "skipped", "binary"),
    Bad("picture.txt", b"\x89PNG\r\n\x1a\n" + noise(300), "skipped", "PNG"),
    Bad("program.txt", b"\x7fELF\x02\x01" + noise(300), "skipped", "program"),
    Bad("packed.txt", b"\x1f\x8b\x08\0" + noise(300), "skipped", "gzip"),
    Bad("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise(600), "skipped", "Office"),
    Bad("surrogates.txt", f"\udcff{STORY}\ud83d".encode("utf-8", "surrogatepass"), "indexed"),
    Bad("tricks.txt", STORY.replace("pier", TRICKS.join("pier")).encode(), "indexed"),
    Bad("utf16.txt", STORY.encode("utf-16-le"), "indexed"),
    Bad("utf16_odd.txt", b"\xff\xfe" + STORY.encode("utf-16-le") + b"x", "indexed"),
    Bad("utf32.txt", STORY.encode("utf-32"), "indexed"),
    Bad("cp1252.txt", (STORY + "“Señor” Núñez – 5 €").encode("cp1252"), "indexed"),
    Bad("latin1.txt", GERMAN.encode("latin-1"), "indexed"),
    Bad("shift_jis.txt", JAPANESE.encode("shift_jis"), "indexed"),
    Bad("cut_utf8.txt", JAPANESE.encode()[:-1], "indexed"),
    Bad("one_line.txt", ONE_MB_LINE.encode(), "indexed"),
    Bad("one_word.txt", b"x" * 2**20, "indexed"),
    Bad("short_lines.txt", SHORT_LINES.encode(), "indexed"),
    Bad("blank_lines.txt", b"\n" * 2**20, "empty", "no text"),
    Bad("too_large.txt", a_large_file, "skipped", "too large (8.0 MB"),
]

PAGES = [
    Bad("deep.html", page("<div>" * 200_000 + paragraphs()), "failed", "nested too deeply"),
    Bad("deep_lists.html", page("<ul><li>" * 50_000 + paragraphs()), "failed", "nested"),
    Bad("many_marks.html", page("<p><b>" * 5_000 + paragraphs()), "indexed"),
    Bad("no_end.html", page(paragraphs() + "<script>" + "x" * 10**5), "indexed"),
    Bad("attributes.html", page(f"<p {'a=1 ' * 50_000}>" + paragraphs()), "indexed"),
    Bad("laughs.xml", laughing_xml(), "indexed"),
    Bad("entities.html", page("&l9;" * 10**5 + paragraphs()), "indexed"),
    Bad("arrays.json", b"[" * 10_000 + b"]" * 10_000, "skipped", "nested too deeply"),
    Bad("open_arrays.json", b"[" * 10**6, "skipped", "nested too deeply"),
    Bad("objects.json", b'{"text":' * 10_000 + b'"x"' + b"}" * 10_000, "skipped", "nested"),
    Bad("number.json", b'{"text": ' + b"9" * 10**6 + b"}", "skipped", "JSON without articles"),
    Bad("long_cell.csv", f'title,text\nVelm,"{LONG_CELL}"\n'.encode(), "indexed"),
    Bad("open_cell.csv", f'title,text\nVelm,"{STORY}'.encode() * 500, "indexed"),
]

MAILS = [
    Bad("parts.eml", nested_mail(1000), "failed", "nested too deeply"),
    Bad("no_boundary.eml", mails.raw("From: a@b.c\nContent-Type: multipart/mixed"), "indexed"),
    Bad("no_charset.eml", mails.raw("From: a@b.c\nContent-Type: text/plain; charset=x-no"),
        "indexed"),
    Bad("header.eml", mails.raw("From: a@b.c\nSubject: " + "x" * 10**6), "indexed"),
    Bad("garbage.mbox", mailbox(mails.mail().as_bytes(), b"From: \xff\xfe\n\n" + noise(5000)),
        "indexed", inside={"1": ("indexed", ""), "2": ("skipped", "binary")}),
]  # fmt: skip

PACKED = [
    Bad("cut.pdf", PLAIN_PDF[: len(PLAIN_PDF) // 2], "failed", "damaged PDF"),
    Bad("no_pdf.pdf", b"%PDF-1.7\n" + noise(3000), "failed", "damaged PDF"),
    Bad("locked.pdf", build_pdf.encrypted(PLAIN_PDF, "secret", "AES-256"), "failed", "encrypted"),
    Bad("scan.pdf", build_pdf.pdf([b"q 500 0 0 700 40 60 cm /Im1 Do Q"]), "empty",
        "no text layer"),
    Bad("bomb.pdf", build_pdf.pdf([b"BT (x) Tj ET" + b" " * (pdf.MOST_STREAM_BYTES + 10)]),
        "failed", "too large unpacked"),
    Bad("renamed.txt", PLAIN_PDF, "indexed"),
    Bad("laughs.docx", test_office.word("<w:p/>", test_office.LAUGHS), "failed",
        "declares entities"),
    Bad("bomb.docx", test_office.word("<w:p/>" + " " * (unpack.MOST_PART_BYTES + 1)), "failed",
        "too large unpacked"),
    Bad("cut.docx", test_office.word(test_office.paragraph(STORY))[:600], "failed", "damaged"),
    Bad("deep.docx", test_office.word("<w:sdt>" * 50_000 + "</w:sdt>" * 50_000), "failed",
        "well-formed"),
    Bad("deep.rtf", b"{\\rtf1 " + b"{" * 10**5 + UTF8, "failed", "nested too deeply"),
    Bad("locked.zip", encrypted_zip(), "empty", "nothing in it",
        {"a.txt": ("failed", "encrypted")}),
    Bad("cut.zip", zipped({"a.txt": UTF8})[:-30], "failed", "broken zip"),
    Bad("empty.zip", zipped({}), "empty", "no text"),
    Bad("bomb.zip", zipped({"a.txt": b"x" * 30_000_000, "b.txt": UTF8}), "indexed",
        inside={"a.txt": ("failed", "unpacks to too much"), "b.txt": ("indexed", "")}),
    Bad("lying.zip", lying_zip(), "empty", "nothing in it", {"a.txt": ("failed", "damaged")}),
    Bad("slip.zip", zipped({"../../../slipped.txt": UTF8, "/etc/slipped.txt": UTF8}), "indexed",
        inside={"slipped.txt": ("indexed", ""), "etc/slipped.txt": ("indexed", "")}),
    Bad("deep.zip", zips_in_one_another(4), "empty", "nothing in it",
        {"z.zip!/z.zip": ("failed", "zip in a zip in a zip")}),
    Bad("slack.zip", b"PK\x03\x04" + struct.pack("<26x") + noise(2000), "failed", "broken zip"),
]  # fmt: skip

PLACES = [
    Bad("pipe.txt", os.mkfifo, "skipped", "not a regular file"),
    Bad("socket.txt", a_socket, "skipped", "not a regular file"),
    Bad("loop1.txt", a_loop, "skipped", "symbolic links"),
    Bad("loop2.txt", lambda path: None, "skipped", "symbolic links"),
    Bad("self", lambda path: path.symlink_to(path.parent), ""),
    Bad("out.txt", lambda path: path.symlink_to("/etc/hostname"), "skipped", "link to outside"),
    Bad("out", lambda path: path.symlink_to("/etc"), "skipped", "link to outside"),
    Bad("device.txt", lambda path: path.symlink_to("/dev/zero"), "skipped", "link to outside"),
    Bad("dangling.txt", lambda path: path.symlink_to("nothing"), "skipped", "cannot be looked at"),
    Bad("folder.txt", lambda path: path.mkdir(), ""),
    Bad("folder.txt/inside.txt", UTF8, "indexed"),
    Bad("n" * 251 + ".txt", UTF8, "indexed"),
    Bad("new\nline.txt", UTF8, "indexed"),
    Bad("right\u200fto\u202eleft.txt", UTF8, "indexed"),
    Bad("con.", UTF8, "indexed"),
    Bad("-rf *;$(x).txt", UTF8, "indexed"),
    Bad(b"no\xff\xfeutf8.txt", UTF8, "skipped", "not valid Unicode"),
    Bad("~$letter.docx", noise(160), "skipped", "lock file"),
    Bad("load.html.part", UTF8, "skipped", "unfinished"),
    Bad("load.crdownload", UTF8, "skipped", "unfinished"),
    Bad(".hidden.txt", UTF8, "skipped", "hidden"),
    Bad("Saved.html", page(paragraphs()), "indexed"),
    Bad("Saved_files", lambda path: path.mkdir(), "skipped", "of the page beside it"),
    Bad("Saved_files/frame.html", page(paragraphs()), ""),
]

TABLE = [*TEXTS, *PAGES, *MAILS, *PACKED, *PLACES]


def build(folder: Path) -> dict[str, Bad]:
    """Every bad input in `folder`; gives them by path, as the walk shows it."""
    built = {}
    for bad in TABLE:
        path = folder / os.fsdecode(bad.name)
        if isinstance(bad.make, bytes):
            path.write_bytes(bad.make)
        else:
            bad.make(path)
        built[os.fsencode(path).decode(errors="backslashreplace")] = bad
    return built
