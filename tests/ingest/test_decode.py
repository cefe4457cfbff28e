from __future__ import annotations

import os
import random

import pytest

from ingest.decode import decode

PLAIN = "Grüße — “olá” and more words to read.\r\nSecond line.\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (PLAIN.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + PLAIN.encode(), "utf-8"),
        (b"\xff\xfe" + PLAIN.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + PLAIN.encode("utf-16-be"), "utf-16-be"),
        (b"\xff\xfe\x00\x00" + PLAIN.encode("utf-32-le"), "utf-32-le"),
        (PLAIN.encode("utf-16-le"), "utf-16-le"),
        (PLAIN.encode("utf-16-be"), "utf-16-be"),
        (PLAIN.encode("cp1252"), "cp1252"),
    ],
)
def test_encoding_is_found_and_the_text_is_exact(data: bytes, encoding: str) -> None:
    text, found = decode(data)
    assert (text, found) == (PLAIN, encoding)


def test_cyrillic_utf16_without_a_mark() -> None:
    text = "Привет, мир. Это довольно длинное предложение для пробы.\n" * 3
    assert decode(text.encode("utf-16-le")) == (text, "utf-16-le")


@pytest.mark.parametrize("codec", ["cp1251", "koi8_r", "shift_jis", "gb18030"])
def test_a_text_that_is_mostly_not_ascii_is_detected(codec: str) -> None:
    text = {
        "shift_jis": "これは日本語の文章です。新聞の記事を読みます。東京で会議が開かれました。",
        "gb18030": "这是一个中文句子。我们在北京参加会议。新闻报道说明了情况。",
    }.get(codec, "Это предложение написано по-русски, и в нём достаточно букв для пробы. ")
    data = (text * 8).encode(codec)
    assert decode(data)[0] == text * 8


def test_damaged_utf8_stays_utf8() -> None:
    data = ("é ü ñ “quote” " * 30).encode() + b"\xe2\x80"
    text, encoding = decode(data)
    assert encoding == "utf-8"
    assert text == data.decode("utf-8", errors="replace")


def test_a_stray_nul_does_not_make_a_binary() -> None:
    text, _ = decode(b"A page of text with one stray\x00 byte in it, nothing else.\n" * 3)
    assert "stray\x00 byte" in text


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
        b"PK\x03\x04" + bytes(60),
        b"\x89PNG\r\n\x1a\n" + bytes(20),
        bytes(range(256)) * 20,
        bytes(1000),
        random.Random(7).randbytes(5000),
        b"\x7fELF" + os.urandom(200),
        b"\xff\xfe" + random.Random(8).randbytes(4000),
    ],
    ids=["pdf", "zip", "png", "all bytes", "zeros", "noise", "elf", "noise with mark"],
)
def test_no_text_is_named(data: bytes) -> None:
    with pytest.raises(ValueError, match="not text"):
        decode(data)


def test_utf_8_with_a_cut_character_is_utf_8_and_other_bytes_are_not() -> None:
    text = "Grüße aus Köln, sagte Jörg. " * 9
    assert decode(text.encode() + b"\xc3")[1] == "utf-8"
    assert decode(text.encode("cp1252"))[1] == "cp1252"
