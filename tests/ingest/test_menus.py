"""Bare menus and pages of teasers hold no article; short texts of one's own do."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.read import read_file

LIMIT = 2**20
REASON = "no text of an article, only menus or links"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("menu.txt", "Home\nNews\nSport\nContact us\nPrivacy policy\nTerms of use\n"),
        ("menu.md", "- [Home](/)\n- [News](/news)\n- [Sport](/sport)\n- [Contact](/contact)\n"),
        (
            "menu.html",
            "<html><body><ul><li>Home</li><li>News</li><li>Sport</li><li>Weather</li></ul></html>",
        ),
        (
            "cut_off.txt",
            "Latest news\n\nBridge closes\n\nThe council of Velm voted to…\nRead more\n\n"
            "Beer from the lake\n\nA brewery in Ostmark has…\nRead more\n\n",
        ),
        (
            "sentences.txt",
            "Home\nMost read\nThe council closes the bridge until spring.\nRead more\n"
            "A brewery sells beer that was aged in a lake.\nRead more\n"
            "The ferries ran late again on Tuesday.\nRead more\nPrivacy policy\n",
        ),
    ],
)
def test_menus_and_teasers_are_empty(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    reading = read_file(str(path), LIMIT)
    assert (reading.file.status, reading.file.reason) == ("empty", REASON)
    assert reading.removed


@pytest.mark.parametrize(
    "text",
    [
        "Call Ilka about the bridge.\nShe knows the engineer.",
        "Bridge closed until spring.",
        "Buy milk\nBread\nEggs\nCall mother\n",
        "Contact us\nCall Ilka\nPay rent\nBread\n",
        "The river goes\nwhere no one knows\nand takes my hat along\nI stand and wait\n",
        "Q: Why?\nA: Because.\nQ: Who said so?\nA: Ilka did.\n",
        "- apples\n- pears\n- quinces\n- plums\n",
        "Name\tAge\nIlka\t44\nOtto\t31\nAnna\t20\n",
        "Ilka @ilka 2h\nThe bridge is closed\nReply\nRepost\nLike\nShare\nMore\nHome\n",
        "Home\nNews\nSport\nThe council of Velm closes the bridge until spring.\nShare\nMenu\n",
    ],
)
def test_short_texts_stay(tmp_path: Path, text: str) -> None:
    path = tmp_path / "note.txt"
    path.write_text(text)
    assert read_file(str(path), LIMIT).file.status == "indexed"
