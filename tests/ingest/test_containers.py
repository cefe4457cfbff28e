from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest

from core.members import CONTAINER_KINDS
from core.records import MEMBER_MARK
from ingest.page import Member
from ingest.read import read_all
from ingest.readers import containers, mail
from tests.ingest import mails
from tests.ingest.mails import BODY

TEXT = BODY.encode()


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def members(data: bytes) -> list[Member]:
    return list(containers.members(data, "box"))


def names(data: bytes) -> list[str]:
    return [member.name for member in members(data)]


def problems(data: bytes) -> dict[str, str]:
    assert all(not member.data for member in members(data) if member.problem)
    return {member.name: member.problem for member in members(data)}


def test_members_come_by_name_and_without_what_no_user_put_there() -> None:
    files = dict.fromkeys(
        ["b/two.txt", "a.html", "__MACOSX/a.html", ".hidden", "b/.git/x", "~$a.docx", "c.part"],
        TEXT,
    )
    data = zipped({**files, "folder/": b""})
    assert containers.looks_like_zip(data)
    assert members(data) == [Member("a.html", TEXT), Member("b/two.txt", TEXT)]


def test_names_are_labels() -> None:
    data = zipped(
        {"../../etc/a.txt": TEXT, "/abs.txt": TEXT, "C:\\x\\b.txt": TEXT, "c\nd.txt": TEXT}
    )
    assert names(data) == ["abs.txt", "c\nd.txt", "etc/a.txt", "x/b.txt"]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", b"1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.txt", b"2")
        archive.writestr("../a.txt", b"3")
    assert names(out.getvalue()) == ["a.txt", "a.txt (2)", "a.txt (3)"]


def test_a_utf8_name_without_its_flag() -> None:
    data = zipped({"fahre-xx.txt": TEXT}).replace(b"fahre-xx", "fähre-x".encode())
    assert names(data) == ["fähre-x.txt"]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings(method: int) -> None:
    assert members(zipped({"a.txt": TEXT * 100}, method)) == [Member("a.txt", TEXT * 100)]


@pytest.mark.parametrize(
    "first",
    ["[Content_Types].xml", "word/document.xml", "META-INF/container.xml"],
)
def test_documents_are_no_zips(first: str) -> None:
    data = zipped({first: TEXT, "a.txt": TEXT})
    assert not containers.looks_like_zip(data)
    assert not containers.looks_like_zip(data[:-40])


@pytest.mark.parametrize(
    "kind", [b"application/epub+zip", b"application/vnd.oasis.opendocument.text"]
)
def test_open_documents_are_no_zips(kind: bytes) -> None:
    data = zipped({"mimetype": kind, "content.xml": TEXT}, zipfile.ZIP_STORED)
    assert not containers.looks_like_zip(data)
    assert not containers.looks_like_zip(data[:-40])
    assert containers.looks_like_zip(zipped({"mimetype": b"text/plain", "a.txt": TEXT}))
    assert containers.looks_like_zip(zipped({"word/essay.txt": TEXT}))


def test_encrypted_damaged_and_unknown_members_are_named() -> None:
    data = bytearray(zipped({"a.txt": TEXT, "b.txt": TEXT}))
    encrypted = bytearray(data)
    local, central = encrypted.index(b"PK\x03\x04"), encrypted.index(b"PK\x01\x02")
    encrypted[local + 6] |= 1
    encrypted[central + 8] |= 1
    assert problems(bytes(encrypted)) == {"a.txt": "encrypted", "b.txt": ""}
    damaged = bytearray(data)
    damaged[60:80] = b"\xff" * 20
    found = problems(bytes(damaged))
    assert found["a.txt"].startswith("damaged (")
    assert found["b.txt"] == ""
    unknown = bytearray(data)
    unknown[local + 8] = unknown[central + 10] = 99
    assert problems(bytes(unknown))["a.txt"] == "packed in an unknown way"


def test_a_broken_zip_is_an_error() -> None:
    data = zipped({"a.txt": TEXT})
    for broken in (data[:-30], data[:40], b"PK\x03\x04rest"):
        assert containers.looks_like_zip(broken)
        with pytest.raises(ValueError, match=r"broken zip \("):
            members(broken)
    assert members(zipped({})) == []
    assert containers.looks_like_zip(zipped({}))
    assert not containers.looks_like_zip(TEXT)


def test_bombs_are_not_unpacked() -> None:
    began = time.monotonic()
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        bomb = zipped({"a.txt": b"x" * 30_000_000, "b.txt": TEXT}, method)
        assert problems(bomb) == {"a.txt": containers.TOO_MUCH, "b.txt": ""}
    # One that lies about its size ends where it said it would.
    lying = bytearray(zipped({"a.txt": b"x" * 30_000_000}))
    central = lying.index(b"PK\x01\x02")
    lying[central + 24 : central + 28] = (1000).to_bytes(4, "little")
    assert problems(bytes(lying))["a.txt"].startswith("damaged (")
    small = zipped({"a.txt": b"x" * 1_000_000})
    assert problems(small) == {"a.txt": ""}
    assert time.monotonic() - began < 20


def test_limits_of_sizes_and_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"{n}.txt": TEXT for n in range(5)}
    monkeypatch.setattr(containers, "MOST_BYTES", 3 * len(TEXT))
    found = problems(zipped(files))
    assert [name for name, problem in found.items() if problem] == ["3.txt", "4.txt"]
    monkeypatch.setattr(containers, "MOST_MEMBER_BYTES", len(TEXT) - 1)
    assert set(problems(zipped(files)).values()) == {containers.TOO_MUCH}
    monkeypatch.setattr(containers, "MOST_MEMBERS", 4)
    with pytest.raises(ValueError, match="zip of more than 4 files"):
        members(zipped(files))
    with pytest.raises(ValueError, match="zip of more than 4 files"):
        members(zipped({f"{n}/": b"" for n in range(17)}))


def test_zips_in_zips() -> None:
    inner = zipped({"a.txt": TEXT})
    assert names(zipped({"in.zip": inner, "b.txt": TEXT})) == ["b.txt", "in.zip!/a.txt"]
    deeper = zipped({"out.zip": zipped({"in.zip": inner, "c.txt": TEXT})})
    assert problems(deeper) == {"out.zip!/c.txt": "", "out.zip!/in.zip": "zip in a zip in a zip"}
    broken = problems(zipped({"in.zip": inner[:-30]}))
    assert broken["in.zip"].startswith("broken zip (")
    document = zipped({"word/document.xml": TEXT})
    assert members(zipped({"a.docx": document})) == [Member("a.docx", document)]


def mailbox(*messages: bytes, separator: str = "From ana@b.c Tue Mar  5 08:00:00 2024") -> bytes:
    return b"".join(separator.encode() + b"\n" + message + b"\n" for message in messages)


def test_a_mailbox() -> None:
    body = "From here on the ferry stops.\n\nFrom May on, a boat: it is small.\n>From the desk\n"
    first, second = mails.mail().as_bytes(), mails.mail(body, "Second").as_bytes()
    escaped = second.replace(b"\nFrom ", b"\n>From ").replace(b"\n>From the", b"\n>>From the")
    for separator in (
        "From ana@b.c Tue Mar  5 08:00:00 2024",
        "From 17@xxx Tue Mar 05 08:00:00 +0000 2024",
        "From - Tue Mar  5 08:00:00 2024",
        "From ",
    ):
        data = mailbox(first, escaped, first, separator=separator)
        assert containers.looks_like_mbox(data)
        assert not containers.looks_like_zip(data)
        found = members(data)
        assert [member.name for member in found] == ["1", "2", "3"]
        assert all(mail.looks_like_mail(member.data) for member in found)
        assert mail.read(found[0].data, "1") == mail.read(first, "")
        assert found[1].data == second
        crlf = members(data.replace(b"\n", b"\r\n"))
        assert [mail.read(member.data, "").source_text for member in crlf] == [
            mail.read(member.data, "").source_text for member in found
        ]


def test_unescaped_lines_split_no_message() -> None:
    body = "First.\n\nFrom Velm: the ferry stops.\n\nFrom here\nit goes: on.\n"
    data = mailbox(
        mails.mail().as_bytes(), mails.mail("x\n").as_bytes().replace(b"x\n", body.encode())
    )
    assert names(data) == ["1", "2"]


@pytest.mark.parametrize(
    "text",
    [
        "From: Ana\nTo: Ben\n\nx",
        "From here on\nall: is well",
        "From Velm with love,\n\nAna",
        BODY,
        "",
    ],
)
def test_what_is_no_mailbox(text: str) -> None:
    assert not containers.looks_like_mbox(text.encode())


def test_many_messages_in_linear_time() -> None:
    began = time.monotonic()
    assert len(members(mailbox(*[mails.mail().as_bytes()] * 20_000))) == 20_000
    assert len(members(mailbox(mails.mail().as_bytes() + b"\nFrom x\n" * 500_000))) == 1
    assert time.monotonic() - began < 10


def test_every_file_with_members_is_of_a_kind_that_is_known_for_them(tmp_path: Path) -> None:
    message = mails.mail()
    message.add_attachment(BODY, filename="a.txt")
    found = {
        "box.zip": zipped({"a.txt": TEXT}),
        "box.mbox": mailbox(message.as_bytes(), message.as_bytes()),
        "box.eml": message.as_bytes(),
    }
    for name, data in found.items():
        path = tmp_path / name
        path.write_bytes(data)
        readings = list(read_all(str(path), 1_000_000))
        assert any(one.file.path.startswith(f"{path}{MEMBER_MARK}") for one in readings), name
        (kind,) = {one.file.kind for one in readings if one.file.path == str(path)}
        assert kind in CONTAINER_KINDS
