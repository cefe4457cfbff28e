"""Every format through the one door: decided by content, read, cited exactly."""

import io
import json
import zipfile

import pytest

from core.spans import to_source
from ingest.clean import clean
from ingest.read import read_all, read_file
from tests.ingest import build_pdf, mails
from tests.ingest.test_office import paragraph, word

BODY = (
    "The ferry to the island will stop running in May, the harbour council said on Monday. "
    "Its two engines are older than the captain, and nobody sells the parts any more. "
    "Until a new boat is found, a bus will take passengers around the bay in an hour."
)
LIMIT = 10**7


def zipped(**members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return packed.getvalue()


def row(number):
    return {"title": f"Ferry number {number}", "text": BODY, "date": f"2025-05-0{number}",
            "url": f"https://example.org/{number}", "source": "Quayside Post"}  # fmt: skip


FILES = {
    "pdf": build_pdf.pdf([build_pdf.content(build_pdf.rows(
        ["The ferry stops in May", "", *BODY.replace(". ", ".\n").split("\n")]))]),
    "docx": word(paragraph("The ferry stops in May") + paragraph(BODY)),
    "rtf": (r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 The ferry stops in May\par " + BODY
            + r"\par}").encode("ascii"),
    "mail": mails.mail(BODY).as_bytes(),
    "html": f"<html><body><article><h1>Ferry</h1><p>{BODY}</p></article></body></html>".encode(),
    "text": f"The ferry stops in May\n\n{BODY}\n".encode(),
    "json": json.dumps([row(1), row(2)]).encode(),
    "csv": ("title,text,date\n" + "".join(f'Ferry {n},"{BODY}",2025-05-0{n}\n' for n in (1, 2, 3))
            ).encode(),
}  # fmt: skip
ARTICLES = {"json": 2, "csv": 3}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("suffix", [".txt", ".dat", ".html"])
def test_content_decides_and_words_are_exact(tmp_path, kind, suffix):
    path = tmp_path / f"file{suffix}"
    path.write_bytes(FILES[kind])
    reading = read_file(str(path), LIMIT)
    assert (reading.file.status, reading.file.kind, reading.file.reason) == ("indexed", kind, "")
    assert len(reading.articles) == ARTICLES.get(kind, 1)
    for article in reading.articles:
        assert "nobody sells the parts" in " ".join(article.text.split())
        for piece in to_source(article.spans, 0, len(article.text)):
            quote = " ".join(article.text[piece.clean_start : piece.clean_end].split())
            assert clean(reading.source_text[piece.source_start : piece.source_end]) == quote


def test_rows_are_articles_with_what_the_row_says(tmp_path):
    (tmp_path / "dump.json").write_bytes(FILES["json"])
    first, second = read_file(str(tmp_path / "dump.json"), LIMIT).articles
    assert (first.title, first.published, first.outlet) == (
        "Ferry number 1", "2025-05-01", "Quayside Post",
    )  # fmt: skip
    assert second.url == "https://example.org/2"
    assert first.article_id != second.article_id


def test_a_pdf_knows_its_pages(tmp_path):
    page = build_pdf.content(build_pdf.rows(BODY.replace(". ", ".\n").split("\n")))
    (tmp_path / "two.pdf").write_bytes(build_pdf.pdf([page, page]))
    reading = read_file(str(tmp_path / "two.pdf"), LIMIT)
    assert len(reading.page_starts) == 2
    assert reading.page_starts[0] == 0


def test_files_inside_files_have_paths_of_their_own(tmp_path):
    inner = zipped(note__txt=FILES["text"])
    path = tmp_path / "saved.zip"
    path.write_bytes(zipped(a__html=FILES["html"], deep__zip=inner, bad__bin=bytes(range(256)) * 9))
    *members, own = read_all(str(path), LIMIT)
    status = {one.file.path.removeprefix(f"{path}!/"): one.file.status for one in members}
    assert status["a.html"] == "indexed"
    assert status["bad.bin"] == "skipped"
    assert [name for name, found in status.items() if name.endswith("note.txt")]
    assert (own.file.path, own.file.status, own.articles) == (str(path), "indexed", ())
    assert all(article.path == one.file.path for one in members for article in one.articles)


@pytest.mark.parametrize(
    ("data", "status", "reason"),
    [
        (b"%PDF-1.7 nothing of a PDF follows", "failed", "damaged PDF"),
        (build_pdf.pdf([b""]), "empty", ""),
        (build_pdf.encrypted(FILES["pdf"], "secret", "RC4-128"), "failed", "encrypted"),
        (zipped(), "empty", "no text"),
        (FILES["docx"][:-30], "failed", ""),
        (b'{"a": [1, 2, 3], "b": {"c": null}}', "", ""),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "skipped", ""),
        (b"", "empty", "empty file"),
    ],
)
def test_bad_files_say_what_is_wrong(tmp_path, data, status, reason):
    (tmp_path / "x.bin").write_bytes(data)
    own = read_file(str(tmp_path / "x.bin"), LIMIT)
    assert own.file.status == status or not status
    assert reason in own.file.reason
    assert own.file.reason or own.file.status == "indexed"


def test_more_text_than_the_limit_is_skipped_with_its_size(tmp_path):
    (tmp_path / "long.txt").write_text(BODY * 50)
    own = read_file(str(tmp_path / "long.txt"), 1000)
    assert own.file.status == "skipped"
    assert "too large" in own.file.reason
