"""Unfit characters are left out of the text, kept in the source text and counted by kind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest import unfit
from ingest.clean import clean
from ingest.read import read_file
from tests.ingest.test_round_trip import broken

LIMIT = 1_000_000
BODY = (
    "The harbour council of Velm met on Tuesday and agreed to repair the old pier{}. "
    "Work begins in spring, and the ferry will leave from the northern quay until it ends. "
    "Three companies have asked for the work; the council decides in the first week of May. "
)


@pytest.mark.parametrize(
    ("characters", "kinds"),
    [
        ("\x00", {"NUL": 1}),
        ("\x01\x7f\x9d", {"control character": 3}),
        ("\u202e\u2066\u2069", {"bidi override": 3}),
        ("\u200e\u061c", {"direction mark": 2}),
        ("\u200b\u200c\u2060", {"zero-width character": 3}),
        ("\u00ad", {"soft hyphen": 1}),
        ("\ufeff", {"byte-order mark": 1}),
        ("\U000e0041\U000e007f", {"tag character": 2}),
        ("\ufffb", {"annotation mark": 1}),
        ("\uffff", {"noncharacter": 1}),
        ("\ufffd" * 3, {"lone surrogate": 1}),
        ("\ufffd", {"undecodable byte": 1}),
        ("\t\n\x0b \u00a0\u3000é中", {}),
    ],
)
def test_each_kind_has_its_name(characters: str, kinds: dict[str, int]) -> None:
    assert dict(unfit.count(f"pier{characters}s")) == kinds


def test_what_is_counted_is_what_clean_drops() -> None:
    for code in [*range(0x3100), *range(0xFE00, 0x10000), *range(0xE0000, 0xE0200)]:
        counted = bool(unfit.count(f"a{chr(code)}b"))
        dropped = clean(f"a{chr(code)}b") == "ab"
        assert counted == (dropped or code == 0xFFFD), hex(code)


def test_joiners_count_only_where_they_hide() -> None:
    assert unfit.count("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645") == ()
    assert unfit.count("👩\u200d🔬") == ()


def test_a_text_file_is_counted_and_read_without_them(tmp_path: Path) -> None:
    path = tmp_path / "pier.txt"
    hidden = b"\x00\xed\xa0\xbd" + "\U000e0041\u202e\u202c".encode()
    path.write_bytes(BODY.encode().replace(b"{}", hidden) + "It cost 5 â‚¬.".encode())
    reading = read_file(str(path), LIMIT)
    assert dict(reading.unfit) == {
        "NUL": 1, "lone surrogate": 1, "tag character": 1, "bidi override": 2,
        "repaired encoding": 1,
    }  # fmt: skip
    (article,) = reading.articles
    assert "the old pier. Work" in article.text
    assert "It cost 5 €." in article.text
    assert "\ufffd" * 3 in reading.source_text
    assert list(broken(reading)) == []


def test_a_surrogate_escaped_in_a_dump_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "dump.json"
    row = json.dumps({"title": "Pier", "text": BODY.replace("{}", "\ud83d") + "Good 👍 news."})
    path.write_text(f"[{row}]")
    reading = read_file(str(path), LIMIT)
    assert dict(reading.unfit) == {"lone surrogate": 1}
    assert "the old pier. Work" in reading.articles[0].text
    assert "Good 👍 news." in reading.articles[0].text
    assert list(broken(reading)) == []


def test_a_file_without_an_article_is_counted_too(tmp_path: Path) -> None:
    path = tmp_path / "hidden.txt"
    path.write_text("\u200b\u202e\n", encoding="utf-8")
    assert dict(read_file(str(path), LIMIT).unfit) == {
        "zero-width character": 1, "bidi override": 1,
    }  # fmt: skip
