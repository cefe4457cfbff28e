"""Bad and odd input: each ends with a status and a reason, none raises."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.spans import to_source
from ingest.clean import clean
from ingest.read import read_file

LIMIT = 1_000_000
SENTENCE = "The harbour council of Velm met on Tuesday and agreed to repair the old pier. "
BODY = SENTENCE * 3
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("name", "data", "status", "reason"),
    [
        ("empty.txt", b"", "empty", "empty file"),
        ("spaces.txt", b" \n\t\xc2\xa0\n", "empty", "no text"),
        ("invisible.txt", "\u200b\ufeff\u202e\n".encode(), "empty", "no text"),
        ("renamed.txt", bytes(range(256)) * 8, "skipped", "not text (binary content)"),
        ("report.txt", b"%PDF-1.4 ...", "failed", "damaged PDF (cut off)"),
        ("archive.txt", b"PK\x03\x04rest", "failed", "broken zip (file is not a zip file)"),
        ("long.txt", b"x" * (LIMIT + 1), "skipped", "too large (1.0 MB, the limit is 1.0 MB)"),
        ("blank.html", b"<html><body><script>x</script></body></html>", "empty", "no text"),
        ("comment.html", b"<!doctype html><!-- nothing -->", "empty", "no text"),
        (
            "deep.html",
            b"<html><body>" + b"<div>" * 5000 + b"lost" + b"</div>" * 5000,
            "failed",
            "nested too deeply, text would be lost",
        ),
        ("cp1252.txt", (BODY + "Señor Núñez.").encode("cp1252"), "indexed", ""),
        ("utf16.txt", BODY.encode("utf-16"), "indexed", ""),
        ("utf16_no_mark.txt", BODY.encode("utf-16-be"), "indexed", ""),
        ("page.txt", b"<!DOCTYPE html><p>" + BODY.encode(), "indexed", ""),
        ("line\nbreak.txt", BODY.encode(), "indexed", ""),
        ("word.txt", b"Hello", "indexed", ""),
        ("n" * 251 + ".txt", BODY.encode(), "indexed", ""),
    ],
)
def test_status_and_reason(
    tmp_path: Path, name: str, data: bytes, status: str, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    reading = read_file(str(path), LIMIT)
    assert (reading.file.status, reading.file.reason) == (status, reason)
    assert reading.file.path == str(path)
    assert reading.file.size == len(data)
    assert bool(reading.articles) == (status == "indexed")


def test_missing_folder_and_pipe(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    assert read_file(str(tmp_path / "none.txt"), LIMIT).file.reason == "no such file"
    folder = read_file(str(tmp_path / "folder.txt"), LIMIT).file
    assert (folder.status, folder.reason) == ("skipped", "a folder")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.txt")
        pipe = read_file(str(tmp_path / "pipe.txt"), LIMIT).file
        assert (pipe.status, pipe.reason) == ("skipped", "not a regular file")


@pytest.mark.skipif(
    shutil.which("setpriv") is None or not hasattr(os, "geteuid") or os.geteuid() != 0,
    reason="needs root and setpriv to become another user",
)
def test_without_permission_as_another_user(tmp_path: Path) -> None:
    path = tmp_path / "closed.txt"
    path.write_text(BODY)
    path.chmod(0)
    for folder in (tmp_path, *tmp_path.parents):
        if str(folder).startswith("/tmp/"):
            folder.chmod(0o755)
    code = (
        "import sys; from ingest.read import read_file;"
        "f = read_file(sys.argv[1], 1000).file; sys.stdout.write(f.status + ': ' + f.reason)"
    )
    done = subprocess.run(
        ["setpriv", "--reuid=65534", "--clear-groups", sys.executable, "-c", code, str(path)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if "Permission denied" in done.stderr and not done.stdout:
        pytest.skip("the other user may not read this checkout")
    assert done.stdout == "failed: permission denied", done.stderr


def test_permission_error_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "closed.txt"
    path.write_text(BODY)

    def deny(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("ingest.read.os.open", deny)
    file = read_file(str(path), LIMIT).file
    assert (file.status, file.reason) == ("failed", "permission denied")


def test_source_text_is_the_decoded_file(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbfOne \xff two.\r\n\r\nThree\tfour.\r"
    path = tmp_path / "x.txt"
    path.write_bytes(data)
    reading = read_file(str(path), LIMIT)
    assert reading.source_text == data[3:].decode("utf-8", errors="replace")
    assert reading.file.encoding == "utf-8"


def test_notes_without_furniture_are_kept_whole(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("- buy rope\n- call Ana\n\nMeeting at noon.\nBring the maps\n")
    (article,) = read_file(str(path), LIMIT).articles
    assert article.text == "- buy rope\n\n- call Ana\n\nMeeting at noon.\n\nBring the maps"


def test_wrapped_lines_become_one_paragraph(tmp_path: Path) -> None:
    path = tmp_path / "mail.txt"
    path.write_text(
        "The crew of the Marisol reached the lighthouse shortly before dawn and\n"
        "found the lamp still burning, although nobody had tended it since the\n"
        "storm on Friday night.\n\nThey stayed until noon, when the wind at last began to ease.\n"
    )
    reading = read_file(str(path), LIMIT)
    (article,) = reading.articles
    paragraphs = article.text.split("\n\n")
    assert len(paragraphs) == 2
    assert "dawn and found the lamp" in paragraphs[0]
    (piece,) = to_source(article.spans, 0, len(paragraphs[0]))
    quote = reading.source_text[piece.source_start : piece.source_end]
    assert "and\nfound" in quote
    assert clean(quote) == paragraphs[0]


def test_markdown_front_matter_and_headings(tmp_path: Path) -> None:
    path = tmp_path / "story.md"
    path.write_text(
        '---\ntitle: "The Pier"\nauthor: Ana Ruiz\ndate: 2024-03-05\nsource: Velm Courier\n---\n\n'
        f"{BODY}\n\n## What comes next\n\n{BODY}\n"
    )
    (article,) = read_file(str(path), LIMIT).articles
    assert (article.title, article.author, article.published, article.outlet) == (
        "The Pier",
        "Ana Ruiz",
        "2024-03-05",
        "Velm Courier",
    )
    assert "\n\nWhat comes next\n\n" in article.text
    assert "---" not in article.text
