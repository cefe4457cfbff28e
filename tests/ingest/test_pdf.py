from __future__ import annotations

import contextlib
import io

import pytest

from core.spans import to_source
from ingest.articles import find_articles
from ingest.clean import clean
from ingest.page import Page
from ingest.readers import pdf
from tests.ingest import build_pdf
from tests.ingest.build_pdf import content, encrypted, rows

FIRST = [
    "The council of Velm voted on Tuesday to close the harbour bridge for repairs until",
    "spring, the first such closure in forty years, after divers had found cracks in two",
    "of its piers.",
]
SECOND = [
    "Engineers will work in shifts, said the harbour master, Ilka Brandt, who has asked",
    "the ferry company for two more boats between the banks of the river for as long as",
]
THIRD = ["the work goes on. The company has not yet answered her letter."]


def page_of(streams: list[bytes], **information: str) -> Page:
    data = build_pdf.pdf(streams, information)
    assert pdf.looks_like_pdf(data)
    return pdf.read(data, "file.pdf")


def holds_law(page: Page) -> None:
    """Lines and articles are tied to the source; articles and removed hold all of it."""
    for line in page.lines:
        assert clean(page.source_text[line.start : line.end]) == line.text
    articles, removed = find_articles(page, "/a/file.pdf")
    covered = [False] * len(page.source_text)
    for article in articles:
        for piece in to_source(article.spans, 0, len(article.text)):
            quote = page.source_text[piece.source_start : piece.source_end]
            clean_piece = article.text[piece.clean_start : piece.clean_end]
            assert clean(quote) == " ".join(clean_piece.split())
            covered[piece.source_start : piece.source_end] = [True] * len(quote)
    for gone in removed:
        covered[gone.start : gone.end] = [True] * (gone.end - gone.start)
    left = {c for c, yes in zip(page.source_text, covered, strict=True) if not yes}
    assert all(character.isspace() for character in left)


def test_rows_become_paragraphs_and_pages_are_known() -> None:
    page = page_of([content(rows([*FIRST, "", *SECOND])), content(rows(THIRD))])
    assert page.kind == "pdf"
    assert [line.text for line in page.lines] == [" ".join(FIRST), " ".join([*SECOND, *THIRD])]
    assert page.source_text[page.page_starts[1] :] == THIRD[0]
    assert page.page_starts[0] == 0
    holds_law(page)


def test_pages_are_set_apart_by_a_blank_line() -> None:
    page = page_of([content(rows(FIRST)), content(rows(["Another story begins on this page."]))])
    assert page.source_text.count("\n\n") == 1
    assert page.page_starts == (0, page.source_text.index("Another"))


def test_headings_bullets_and_the_title() -> None:
    stream = content(
        [
            (72, 800, 22, "Bridge closes"),
            (90, 775, 22, "until spring"),
            *rows(FIRST, 740),
            (72, 680, -11, "What comes next"),
            *rows(["• two more boats", "• a letter to the company"], 660),
            *rows(SECOND, 610),
        ]
    )
    page = page_of([stream], Title="Bridge closes until spring", Author="Ana Ruiz")
    shapes = [(line.text, line.heading, line.bullet) for line in page.lines]
    assert shapes[0] == ("Bridge closes until spring", True, False)
    assert ("What comes next", True, False) in shapes
    assert ("• two more boats", False, True) in shapes
    assert (page.meta.title, page.meta.author) == ("Bridge closes until spring", "Ana Ruiz")
    assert page.meta.published is None
    ((article,), _) = find_articles(page, "/a/file.pdf")
    assert article.title == "Bridge closes until spring"
    assert article.text.startswith(FIRST[0])
    holds_law(page)


@pytest.mark.parametrize(
    "title", ["Microsoft Word - draft7.doc", "untitled", "report_final.pdf", "", "Layout 1"]
)
def test_a_program_s_title_is_none(title: str) -> None:
    page = page_of([content(rows(FIRST))], Title=title, Author="Microsoft Office User")
    assert (page.meta.title, page.meta.author) == (None, None)


def test_an_indent_opens_a_paragraph_where_no_row_is_left_blank() -> None:
    body = rows([*FIRST, *SECOND])
    body[3] = (84, *body[3][1:])
    page = page_of([content(body)])
    assert [line.text for line in page.lines] == [" ".join(FIRST), " ".join(SECOND)]


def test_short_rows_are_lines_of_their_own() -> None:
    page = page_of([content(rows([*FIRST, "Two more boats", "A letter", *SECOND]))])
    texts = [" ".join(FIRST), "Two more boats", "A letter"]
    assert [line.text for line in page.lines[:3]] == texts
    holds_law(page)


def test_running_rows_stay_in_the_source_and_out_of_the_articles() -> None:
    streams = []
    for number in range(1, 5):
        last = f"{number} more boats between the banks of the river, or if need be for as long"
        body = rows([SECOND[0], last], 780)
        head, foot = "Velm Courier, morning edition", f"Page {number} of 4"
        streams.append(content([(72, 815, 8, head), *body, (290, 30, 8, foot)]))
    page = page_of(streams)
    assert page.source_text.count("Velm Courier, morning edition") == 4
    assert "Page 3 of 4" in page.source_text
    assert not any("Courier" in line.text or "Page" in line.text for line in page.lines)
    (line,) = page.lines  # the sentence goes on behind the page's foot
    assert "be for as long Engineers" in line.text
    ((article,), removed) = find_articles(page, "/a/file.pdf")
    assert "Page" not in article.text
    assert sum(page.source_text[gone.start : gone.end].count("Courier") for gone in removed) == 4
    holds_law(page)
    assert list(page.page_starts) == sorted(page.page_starts)
    assert page.source_text[page.page_starts[2] :].startswith("Engineers")


def test_page_numbers_beside_changing_words() -> None:
    streams = []
    for n in range(1, 8):
        head = f"Chapter {n // 3 + 1}: of {'boats and ferries'[n:]}   {n + 10}"
        body = rows([*FIRST, "", f"There were {n} boats.", "", *SECOND, *THIRD])
        streams.append(content([(72, 815, 9, head), *body]))
    page = page_of(streams)
    assert page.source_text.count("Chapter") == 7
    assert not any("Chapter" in line.text for line in page.lines)
    assert sum("There were" in line.text for line in page.lines) == 7


def test_a_headline_that_runs_on_as_header_stays_a_line_once() -> None:
    streams = [content([(72, 800, 20, "Bridge closes"), *rows(FIRST, 760)])]
    for n in range(3):
        streams.append(content([(72, 800, 8, "Bridge closes"), *rows([f"{n} {FIRST[0]}"], 760)]))
    page = page_of(streams)
    assert [line.heading for line in page.lines if line.text == "Bridge closes"] == [True]


def test_rows_repeated_in_the_middle_are_text() -> None:
    refrain = "And the river went on without them, as it does."
    streams = [
        content(rows([*FIRST, "", f"Verse {n}.", "", refrain, "", *SECOND, *THIRD, *FIRST]))
        for n in "abc"
    ]
    page = page_of(streams)
    assert sum(refrain in line.text for line in page.lines) == 3


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["The question is of inter-", "national weight."], "of international weight"),
        (["A long term of a long-", "term plan."], "a long-term plan"),
        (["An Anglo-", "American plan of some kind."], "An Anglo-American plan"),
        (["Well-known, and a well-", "known bridge."], "a well-known bridge"),
        (["The years 1990-", "1995 were dry."], "1990- 1995"),
    ],
)
def test_divided_words(texts: list[str], expected: str) -> None:
    page = page_of([content(rows([FIRST[0], *texts]))])
    assert expected in page.lines[0].text
    holds_law(page)


def test_a_scan_is_no_success() -> None:
    scan = build_pdf.pdf([b"q 500 0 0 700 40 60 cm /Im1 Do Q"])
    assert pdf.read(scan, "scan.pdf") == Page("", (), "pdf")
    assert pdf.why_empty(scan) == "no text layer"
    odd = scan.replace(b"startxref\n", b"startxref\n9")  # which pypdf repairs and reports
    assert pdf.read(odd, "scan.pdf") == Page("", (), "pdf")
    blank = build_pdf.pdf([b""])
    assert pdf.read(blank, "blank.pdf").lines == ()
    assert pdf.why_empty(blank) == "no text"


@pytest.mark.parametrize("number", ["1e400", "-1e308", "nan", "0"])
def test_places_that_are_no_numbers(number: str) -> None:
    stream = f"BT /F1 {number} Tf {number} {number} Td (A word) Tj 0 {number} Td (B) Tj ET"
    page = page_of([stream.encode()])
    assert page.page_starts == (0,)
    holds_law(page)


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_encrypted(algorithm: str) -> None:
    plain = build_pdf.pdf([content(rows(FIRST))])
    with pytest.raises(ValueError, match=r"^encrypted, a password is needed$"):
        pdf.read(encrypted(plain, "secret", algorithm), "a.pdf")
    opened = pdf.read(encrypted(plain, "", algorithm), "a.pdf")
    assert opened.lines[0].text == " ".join(FIRST)


def test_cut_off_anywhere() -> None:
    whole = build_pdf.pdf([content(rows(FIRST)), content(rows(SECOND))])
    for share in (0.05, 0.3, 0.6, 0.9, 0.99):
        with pytest.raises(ValueError, match=r"^damaged PDF \("):
            pdf.read(whole[: int(len(whole) * share)], "a.pdf")


def test_damage_inside_is_named_or_harmless() -> None:
    whole = build_pdf.pdf([content(rows(FIRST)), content(rows(SECOND))])
    for position in range(9, len(whole) - 20, 37):
        broken = whole[:position] + b"\xff" * 8 + whole[position + 8 :]
        with contextlib.suppress(ValueError):  # and nothing else may come out
            holds_law(pdf.read(broken, "a.pdf"))


def test_text_that_is_drawn_but_cannot_be_read_is_damage() -> None:
    whole = build_pdf.pdf([content(rows(FIRST))])
    start = whole.rindex(b"stream\nx") + 7
    with pytest.raises(ValueError, match=r"^damaged PDF"):
        pdf.read(whole[:start] + b"\0" * 60 + whole[start + 60 :], "a.pdf")


def test_a_wrong_suffix_is_seen() -> None:
    assert not pdf.looks_like_pdf(b"PK\x03\x04 and, stored in the archive as it is, %PDF-1.4")
    assert not pdf.looks_like_pdf(b"The %PDF format" + b" " * 10)
    with pytest.raises(ValueError, match="damaged PDF"):
        pdf.read(b"%PDF-1.4 and nothing more", "a.pdf")


def test_a_bomb_is_refused() -> None:
    bomb = build_pdf.pdf([b"BT /F1 9 Tf (x) Tj ET " + b" " * (pdf.MOST_STREAM_BYTES + 10)])
    assert len(bomb) < 200_000
    with pytest.raises(ValueError, match="too large unpacked"):
        pdf.read(bomb, "a.pdf")


def test_a_bomb_inside_a_form_is_refused() -> None:
    import pypdf
    from pypdf.generic import DictionaryObject, NameObject, StreamObject

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(build_pdf.pdf([b"/Im1 Do"])))
    form = StreamObject()
    form.set_data(b"BT (x) Tj ET" + b" " * (pdf.MOST_STREAM_BYTES + 10))
    form = form.flate_encode()
    form.update({NameObject("/Type"): NameObject("/XObject")})
    form[NameObject("/Subtype")] = NameObject("/Form")
    resources = writer.pages[0]["/Resources"]
    form[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): resources["/Font"]})
    resources["/XObject"][NameObject("/Im1")] = writer._add_object(form)
    stream = io.BytesIO()
    writer.write(stream)
    with pytest.raises(ValueError, match=r"damaged PDF|too large"):
        pdf.read(stream.getvalue(), "a.pdf")


def test_reading_is_deterministic_and_quiet(caplog: pytest.LogCaptureFixture) -> None:
    whole = build_pdf.pdf([content(rows(FIRST))])
    for data in (whole, whole.replace(b"0000000015", b"0000000099")):
        assert pdf.read(data, "a.pdf") == pdf.read(data, "a.pdf")
    assert caplog.records == []
