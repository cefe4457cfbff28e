"""Pictures of pages are read where Tesseract is there and the user wants it."""

import io
import os
import shutil
import time
import zipfile
from pathlib import Path

import pytest

from core.spans import to_source
from ingest.clean import clean
from ingest.read import read_all
from ingest.reader import Reader
from ingest.readers import ocr, pdf, pdf_pictures
from tests.ingest import build_pdf, scans

LIMIT = 10**7
FIRST = [
    "Harbour bridge closes until spring",
    "",
    "The council of Velm voted on Tuesday to close the harbour bridge for",
    "repairs until spring, the first such closure in forty years, after divers",
    "had found cracks in two of its piers.",
]
SECOND = [
    "Engineers will work in shifts, said the harbour master, who has asked the",
    "ferry company for two more boats between the banks of the river.",
]


@pytest.fixture
def tesseract(tmp_path, monkeypatch):
    """Installs a small program in Tesseract's place, first on PATH; gives its folder."""
    if os.name == "nt":
        pytest.skip("the program in Tesseract's place is a script with a #! line")
    folder = tmp_path / "bin"

    def install(*pages):
        scans.install(folder, pages)
        return folder

    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return install


@pytest.fixture
def no_tesseract(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def scan(tmp_path):
    path = tmp_path / "scan.pdf"
    path.write_bytes(scans.pdf([scans.drawn(FIRST), scans.drawn(SECOND)]))
    return path


def read(path):
    *_, own = read_all(str(path), LIMIT, ocr.find())
    return own


def holds_law(reading):
    for article in reading.articles:
        for piece in to_source(article.spans, 0, len(article.text)):
            quote = reading.source_text[piece.source_start : piece.source_end]
            clean_piece = article.text[piece.clean_start : piece.clean_end]
            assert clean(quote) == " ".join(clean_piece.split())


def test_off_by_default(scan, tesseract):
    folder = tesseract(FIRST, SECOND)
    (reading,) = read_all(str(scan), LIMIT)
    assert (reading.file.status, reading.file.reason) == ("empty", "no text layer")
    assert not (folder / "calls").exists()


def test_without_tesseract_the_reason_says_what_to_install(scan, no_tesseract):
    reading = read(scan)
    assert (reading.file.status, reading.file.reason) == ("empty", ocr.MISSING)
    assert reading.file.reason.startswith("no text layer")
    assert "tesseract-ocr" in reading.file.reason


def test_pages_of_pictures_are_read(scan, tesseract):
    folder = tesseract(FIRST, SECOND)
    reading = read(scan)
    assert (reading.file.status, reading.file.reason) == ("indexed", "")
    assert (reading.file.kind, reading.file.encoding) == ("pdf", "tesseract:eng+deu")
    (article,) = reading.articles
    assert " ".join(FIRST[2:]) in article.text
    assert len(reading.page_starts) == 2
    assert reading.source_text[reading.page_starts[1] :] == "\n".join(SECOND)
    holds_law(reading)
    calls = (folder / "calls").read_text().splitlines()
    assert calls == ["stdin stdout -l eng+deu --psm 1 --dpi 150 tsv OMP=1"] * 2


def test_a_reading_is_equal_each_time(scan, tesseract):
    tesseract(FIRST, SECOND)
    first = read(scan)
    tesseract(FIRST, SECOND)
    assert read(scan) == first


def test_pictures_without_words_are_no_success(scan, tesseract):
    tesseract("", scans.table([]))
    reading = read(scan)
    assert (reading.file.status, reading.file.reason) == ("empty", ocr.NO_WORDS)


def test_a_text_layer_and_a_blank_page_need_no_tesseract(tmp_path, tesseract):
    folder = tesseract(FIRST)
    (tmp_path / "text.pdf").write_bytes(build_pdf.pdf([build_pdf.content(build_pdf.rows(SECOND))]))
    (tmp_path / "blank.pdf").write_bytes(build_pdf.pdf([b""]))
    assert read(tmp_path / "text.pdf").file.encoding == ""
    assert read(tmp_path / "blank.pdf").file.reason == "no text"
    assert not (folder / "calls").exists()


@pytest.mark.parametrize(
    ("said", "reason"),
    [("fail", "page 2: Tesseract failed (exit code 3)"),
     ("hang", "page 2: Tesseract took longer than 6 s")],
)  # fmt: skip
def test_a_tesseract_that_fails_fails_the_file(scan, tesseract, monkeypatch, said, reason):
    tesseract(FIRST, said)
    monkeypatch.setattr(ocr, "SECONDS_PER_PICTURE", 6.0)  # its list of languages too
    started = time.monotonic()
    reading = read(scan)
    assert (reading.file.status, reading.file.reason) == ("failed", reason)
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("said", ["no table", "a\tb\n5\t1", "\n5" + "\tx" * 11, "\udcff"])
def test_a_table_that_is_none_gives_no_words(scan, tesseract, said):
    folder = tesseract("", "")
    (folder / "page-1.tsv").write_bytes(said.encode(errors="surrogateescape"))
    assert read(scan).file.status == "empty"


def test_a_headline_a_column_that_runs_down_and_levelled_sizes():
    table = scans.table(["The quick", "brown as"]).replace("\t26\t95.5\tas", "\t15\t95.5\tas")
    table += "5\t1\t2\t1\t9\t1\t10\t100\t20\t600\t90\tSidewaysrow\n"
    table += "5\t1\t3\t1\t1\t1\t100\t20\t600\t70\t90\tHeadline\n"
    rows = [ocr._row(words, 72 / 150) for words in ocr._lines(table)]
    assert [row.text for row in rows] == ["The quick", "brown as", "Sidewaysrow", "Headline"]
    assert rows[2].size == 0
    (page,) = ocr.levelled([rows])
    assert page[0].size == page[1].size == pytest.approx(26 * 72 / 150)
    assert page[3].size > 2 * page[0].size
    assert page[0].y > page[1].y


def test_each_page_tells_that_the_worker_is_at_work(scan, tesseract):
    tesseract(FIRST, SECOND)
    with Reader(LIMIT) as reader:
        (off,) = reader.read(str(scan))
        (on,) = reader.read(str(scan), True)
    assert (off.file.status, on.file.status) == ("empty", "indexed")
    pages = []
    list(read_all(str(scan), LIMIT, ocr.find(lambda: pages.append(1))))
    assert len(pages) == 2


def test_a_scan_in_an_archive(tmp_path, scan, tesseract):
    tesseract(FIRST, SECOND)
    with zipfile.ZipFile(tmp_path / "box.zip", "w") as archive:
        archive.write(scan, "scan.pdf")
    member, _ = read_all(str(tmp_path / "box.zip"), LIMIT, ocr.find())
    assert (member.file.status, member.file.encoding) == ("indexed", "tesseract:eng+deu")


# --- the pictures ---------------------------------------------------------------------


def pictures_of(data):
    import pypdf
    from PIL import Image

    page = pypdf.PdfReader(io.BytesIO(data)).pages[0]
    found = list(pdf_pictures.pictures(page))
    return [Image.open(io.BytesIO(one.png)) for one in found], [one.dots_per_inch for one in found]


def unlike(one, other):
    """The share of dots that differ by more than half."""
    from PIL import ImageChops

    assert one.size == other.size
    histogram = ImageChops.difference(one.convert("L"), other.convert("L")).histogram()
    return sum(histogram[128:]) / sum(histogram)


@pytest.mark.parametrize("strips", [1, 2, 7])
def test_strips_are_put_together(strips):
    image = scans.drawn(FIRST, (620, 400))
    (found,), (resolution,) = pictures_of(scans.striped(image, strips))
    assert resolution == pytest.approx(150, abs=1)
    assert unlike(found, image) < 0.002


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_turned_page_is_turned(rotation):
    image = scans.drawn(FIRST, (620, 400))
    (found,), _ = pictures_of(scans.striped(image, 2, rotation))
    assert unlike(found, image.rotate(-rotation, expand=True)) < 0.002


@pytest.mark.parametrize(
    ("matrix", "turn"),
    [("300 0 0 200 10 20", None), ("-300 0 0 200 310 20", "FLIP_LEFT_RIGHT"),
     ("300 0 0 -200 10 220", "FLIP_TOP_BOTTOM"), ("0 300 -200 0 210 20", "ROTATE_90"),
     ("0 -300 200 0 10 320", "ROTATE_270")],
)  # fmt: skip
def test_a_picture_is_seen_as_the_page_places_it(matrix, turn):
    from PIL import Image

    image = scans.drawn(["Lorem", "ipsum and more"], (600, 400))
    data = scans.striped(image, 1)
    before = b"288.0 0 0 192.0 0 0.0 cm"
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(data))
    writer = pypdf.PdfWriter(clone_from=reader)
    stream = writer.pages[0]["/Contents"].get_object()
    assert before in stream.get_data()
    stream.set_data(stream.get_data().replace(before, f"{matrix} cm".encode()))
    out = io.BytesIO()
    writer.write(out)
    (found,), _ = pictures_of(out.getvalue())
    expected = image.transpose(Image.Transpose[turn]) if turn else image
    assert unlike(found, expected) < 0.01


def test_dots_and_transparency():
    from PIL import Image

    assert pictures_of(build_pdf.pdf([b"q 500 0 0 700 40 60 cm /Im1 Do Q"])) == ([], [])

    class File:
        image = Image.new("LA", (50, 50), (0, 0))

    assert pdf_pictures._grey(File).getextrema() == (255, 255)


def test_a_picture_that_is_too_large_is_named(monkeypatch, scan, tesseract):
    tesseract(FIRST, SECOND)
    monkeypatch.setattr(pdf_pictures, "MOST_DOTS", 10_000)
    reading = read(scan)
    assert reading.file.status == "failed"
    assert "page 1: its picture of 1240 × 1754 dots is too large" in reading.file.reason


def test_too_many_pages_are_named(monkeypatch, scan, tesseract):
    tesseract(FIRST, SECOND)
    monkeypatch.setattr(pdf, "MOST_PICTURE_PAGES", 1)
    assert "2 pages" in read(scan).file.reason


def test_damage_is_named_or_harmless(scan, tesseract, tmp_path):
    whole = scan.read_bytes()
    for position in range(20, len(whole) - 20, len(whole) // 12):
        tesseract(FIRST, SECOND)
        (tmp_path / "x.pdf").write_bytes(whole[:position] + b"\xff" * 9 + whole[position + 9 :])
        reading = read(tmp_path / "x.pdf")
        assert reading.file.status == "indexed" or reading.file.reason


# --- the real program -------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("tesseract"), reason="Tesseract is not installed")
@pytest.mark.parametrize("make", ["whole", "strips", "turned"])
def test_real_tesseract_within_the_worker_s_limits(tmp_path, make):
    if "eng" not in ocr.find().languages:
        pytest.skip("Tesseract's English model is not installed")
    image = scans.drawn(FIRST)
    data = {
        "whole": lambda: scans.pdf([image, scans.drawn(SECOND)]),
        "strips": lambda: scans.striped(image, 5),
        "turned": lambda: scans.striped(image.rotate(90, expand=True), 3, 90),
    }[make]()
    path = Path(tmp_path / "scan.pdf")
    path.write_bytes(data)
    with Reader(LIMIT) as reader:
        (reading,) = reader.read(str(path), True)
    assert reading.file.status == "indexed", reading.file.reason
    assert " ".join(FIRST[2:]) in reading.articles[0].text
    assert reading.file.encoding.startswith("tesseract:eng")
    holds_law(reading)
