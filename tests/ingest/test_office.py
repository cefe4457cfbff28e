"""docx, odt and epub: archives of XML, built here."""

from __future__ import annotations

import io
import zipfile

import pytest

from ingest.articles import find_articles
from ingest.page import Page
from ingest.readers import docx, epub, odt, unpack
from tests.ingest.test_pdf import holds_law

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STORY = (
    "The council of Velm voted on Tuesday to close the harbour bridge for repairs until spring, "
    "the first such closure in forty years, after divers had found cracks."
)
SECOND = "Engineers will work in shifts, said the harbour master, who asked for two more boats."
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'


def archive(parts: dict[str, str | bytes], first: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        if first:
            file.writestr("mimetype", first, zipfile.ZIP_STORED)
        for name, content in parts.items():
            file.writestr(name, content)
    return stream.getvalue()


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(*texts: str) -> str:
    return "<w:tc>" + "".join(paragraph(text) for text in texts) + "</w:tc>"


def word(body: str, doctype: str = "", **more: str) -> bytes:
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f'{doctype}<w:document xmlns:w="{W}"><w:body>{body}</w:body>'
        "</w:document>",
        "word/styles.xml": f'<w:styles xmlns:w="{W}">'
        '<w:style w:styleId="T1"><w:name w:val="Title"/></w:style>'
        '<w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:styleId="Own"><w:name w:val="Mine"/><w:basedOn w:val="H1"/></w:style>'
        '<w:style w:styleId="Loop"><w:name w:val="L"/><w:basedOn w:val="Loop"/></w:style>'
        '<w:style w:styleId="LB"><w:name w:val="List Bullet"/></w:style></w:styles>',
    }
    for name, content in more.items():
        parts[f"word/{name}.xml"] = f'<w:x xmlns:w="{W}">{content}</w:x>'
    parts["docProps/core.xml"] = (
        '<c:p xmlns:c="c" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:t="t">'
        "<dc:title>Bridge closes until spring</dc:title><dc:creator>Ana Ruiz</dc:creator>"
        "<t:created>2021-02-03T00:00:00Z</t:created></c:p>"
    )
    return archive(parts)


def texts(page: Page) -> list[str]:
    return [line.text for line in page.lines]


def test_docx_in_order() -> None:
    body = (
        paragraph("Bridge closes until spring", '<w:pStyle w:val="T1"/>')
        + paragraph(STORY)
        + paragraph("What comes next", '<w:pStyle w:val="Own"/>')
        + paragraph("two boats", '<w:numPr><w:numId w:val="3"/></w:numPr>')
        + paragraph("a letter", '<w:pStyle w:val="LB"/>')
        + f"<w:tbl><w:tr>{cell('Year')}{cell('Boats')}</w:tr><w:tr>{cell('2020')}{cell('5')}</w:tr>"
        + f"<w:tr>{cell(STORY, SECOND)}{cell('side')}</w:tr></w:tbl>"
        + paragraph(SECOND, '<w:pStyle w:val="Loop"/>')
    )
    note = '<w:footnote w:type="separator"><w:p><w:r><w:t>---</w:t></w:r></w:p></w:footnote>'
    data = word(
        body,
        footnotes=f"{note}<w:footnote>{paragraph('A note on boats.')}</w:footnote>",
        header1=paragraph("Velm Courier"),
    )
    assert docx.looks_like_docx(data)
    page = docx.read(data, "a.docx")
    assert texts(page) == [
        "Bridge closes until spring",
        STORY,
        "What comes next",
        "two boats",
        "a letter",
        "Year Boats",
        "2020 5",
        STORY,
        SECOND,
        "side",
        SECOND,
        "A note on boats.",
    ]
    assert [line.text for line in page.lines if line.heading] == [
        "Bridge closes until spring",
        "What comes next",
    ]
    assert [line.text for line in page.lines if line.bullet] == ["two boats", "a letter"]
    assert page.source_text.endswith("Velm Courier")  # in the source, in no line
    assert (page.meta.title, page.meta.author) == ("Bridge closes until spring", "Ana Ruiz")
    assert page.meta.published is None
    holds_law(page)
    ((article,), _) = find_articles(page, "/a/a.docx")
    assert article.title == "Bridge closes until spring"
    assert "Velm Courier" not in article.text


def test_docx_shows_what_word_shows() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    body = (
        "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>"
        + "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        + f"<w:moveFrom>{run.format('moved away')}</w:moveFrom>"
        + '<w:r><w:t xml:space="preserve">One </w:t></w:r>'
        + f"<w:ins>{run.format('two')}</w:ins>"
        + "<w:r><w:tab/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>"
        + '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>shown</w:t></w:r>'
        + "<w:r><w:instrText>HYPERLINK</w:instrText></w:r>"
        + "<w:r><w:br/><w:t>next row</w:t></w:r>"
        + "<w:r><w:softHyphen/><w:t>joined</w:t></w:r></w:p>"
        + '<w:p xmlns:m="m"><m:AlternateContent><m:Choice><w:txbxContent>'
        + paragraph("in a box")
        + "</w:txbxContent></m:Choice><m:Fallback>"
        + paragraph("in a box")
        + f"</m:Fallback></m:AlternateContent>{run.format('around the box')}</w:p>"
    )
    page = docx.read(word(body), "a.docx")
    assert texts(page) == ["One two shown", "next rowjoined", "around the box", "in a box"]
    holds_law(page)


def test_docx_bad_files() -> None:
    whole = word(paragraph(STORY))
    for end in (30, len(whole) // 2, len(whole) - 10):
        with pytest.raises(ValueError, match=r"^damaged docx"):
            docx.read(whole[:end], "a.docx")
    assert docx.looks_like_docx(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match="declares entities"):
        docx.read(word(paragraph("&c;"), LAUGHS), "a.docx")
    with pytest.raises(ValueError, match="well-formed"):
        docx.read(word("<w:p>"), "a.docx")
    deep = "<w:sdt>" * 50_000 + "</w:sdt>" * 50_000
    with pytest.raises(ValueError, match="well-formed"):
        docx.read(word(deep), "a.docx")
    assert docx.read(word("<w:p/>"), "a.docx") == Page("", (), "docx")


def test_docx_nesting_below_the_limit_is_read() -> None:
    table = paragraph(STORY)
    for _ in range(100):
        table = f"<w:tbl><w:tr><w:tc>{table}</w:tc></w:tr></w:tbl>"
    assert texts(docx.read(word(table + paragraph(SECOND)), "a.docx")) == [STORY, SECOND]


def test_docx_bomb() -> None:
    bomb = word("<w:p/>" + " " * (unpack.MOST_PART_BYTES + 1))
    assert len(bomb) < 200_000
    with pytest.raises(ValueError, match="too large unpacked"):
        docx.read(bomb, "a.docx")


def test_old_and_locked_word_files() -> None:
    for stream, reason in (
        ("EncryptedPackage", "encrypted, a password is needed"),
        ("WordDocument", "old Word format"),
    ):
        data = docx.OLE_MARK + b"\0" * 500 + stream.encode("utf-16-le") + b"\0" * 500
        assert docx.looks_like_docx(data)
        with pytest.raises(ValueError, match=reason):
            docx.read(data, "a.docx")


def test_wrong_suffixes() -> None:
    files = {
        "docx": word(paragraph(STORY)),
        "odt": open_document(f"<t:p>{STORY}</t:p>"),
        "epub": book({"a": f"<p>{STORY}</p>"}),
        "zip": archive({"a.txt": STORY}),
        "text": STORY.encode(),
    }
    checks = {
        "docx": docx.looks_like_docx,
        "odt": odt.looks_like_odt,
        "epub": epub.looks_like_epub,
    }
    for kind, data in files.items():
        assert [name for name, check in checks.items() if check(data)] == (
            [kind] if kind in checks else []
        )


OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"


def open_document(body: str, doctype: str = "", manifest: str = "<m/>") -> bytes:
    spaces = (
        f'xmlns:o="{OFFICE}" xmlns:t="{TEXT}" xmlns:s="style" xmlns:b="table" xmlns:d="dc" '
        'xmlns:w="draw"'
    )
    return archive(
        {
            "content.xml": f"{doctype}<o:document-content {spaces}><o:automatic-styles>"
            '<s:style s:name="P1" s:parent-style-name="Title"/></o:automatic-styles>'
            f"<o:body><o:text>{body}</o:text></o:body></o:document-content>",
            "styles.xml": f'<o:x {spaces}><s:style s:name="L" s:parent-style-name="L"/>'
            "<s:footer><t:p>Velm Courier</t:p></s:footer></o:x>",
            "meta.xml": f"<o:x {spaces}><d:title>untitled</d:title><d:creator>Ana Ruiz"
            "</d:creator><d:language>de-AT</d:language><d:date>2020-01-01</d:date></o:x>",
            "META-INF/manifest.xml": manifest,
        },
        "application/vnd.oasis.opendocument.text",
    )


def test_odt_in_order() -> None:
    note = (
        "<t:note><t:note-citation>1</t:note-citation><t:note-body><t:p>A note.</t:p>"
        "</t:note-body></t:note>"
    )
    data = open_document(
        "<t:tracked-changes><t:deletion><t:p>deleted</t:p></t:deletion></t:tracked-changes>"
        '<t:p t:style-name="P1">Bridge closes</t:p>'
        f"<t:p>{STORY}\n   and\n<t:span>more</t:span>{note} after<o:annotation>"
        "<t:p>comment</t:p></o:annotation> it.</t:p>"
        "<t:h>What comes next</t:h>"
        "<t:list><t:list-item><t:p>two boats</t:p></t:list-item></t:list>"
        "<b:table><b:table-row><b:table-cell><t:p>Year</t:p></b:table-cell><b:table-cell>"
        "<t:p>Boats</t:p></b:table-cell></b:table-row></b:table>"
        "<t:p>a<t:s t:c='3'/>b<t:tab/>c<t:line-break/>d <t:title>field</t:title></t:p>"
        "<t:p><w:frame><w:title>picture</w:title><w:text-box><t:p>in a box</t:p></w:text-box>"
        "</w:frame>around</t:p>"
    )
    page = odt.read(data, "a.odt")
    assert texts(page) == [
        "Bridge closes",
        f"{STORY} and more after it.",
        "What comes next",
        "two boats",
        "Year Boats",
        "a b c",
        "d field",
        "around",
        "in a box",
        "A note.",
    ]
    assert [line.text for line in page.lines if line.heading] == [
        "Bridge closes",
        "What comes next",
    ]
    assert [line.text for line in page.lines if line.bullet] == ["two boats"]
    assert page.source_text.endswith("Velm Courier")
    meta = page.meta
    assert (meta.title, meta.author, meta.language, meta.published) == (
        "Bridge closes",
        "Ana Ruiz",
        "de",
        None,
    )
    holds_law(page)


def test_odt_bad_files() -> None:
    whole = open_document(f"<t:p>{STORY}</t:p>")
    cut = whole[: len(whole) - 40]
    assert odt.looks_like_odt(cut)
    with pytest.raises(ValueError, match=r"^damaged odt"):
        odt.read(cut, "a.odt")
    with pytest.raises(ValueError, match="declares entities"):
        odt.read(open_document("<t:p>&c;</t:p>", LAUGHS), "a.odt")
    locked = open_document("", manifest="<m><f><encryption-data/></f></m>")
    with pytest.raises(ValueError, match=r"^encrypted, a password is needed$"):
        odt.read(locked, "a.odt")
    with pytest.raises(ValueError, match="too large unpacked"):
        odt.read(open_document(" " * unpack.MOST_PART_BYTES), "a.odt")
    many = open_document("<t:p>" + "<t:s t:c='99999999'/>" * 5 + "</t:p>")
    page = odt.read(many, "a.odt")
    assert (page.source_text, page.lines) == ("Velm Courier", ())


def book(chapters: dict[str, str], more: dict[str, str] | None = None, **options: str) -> bytes:
    items = "".join(
        f'<item id="{name}" href="text/{name}%20x.xhtml" media-type="application/xhtml+xml"'
        f' properties="{options.get(name, "")}"/>'
        for name in sorted(chapters)
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name in chapters)
    pages = {
        f"OPS/text/{name} x.xhtml": '<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "x.dtd">'
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{body}</body></html>'
        for name, body in chapters.items()
    }
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="dc"><metadata>'
        "<dc:title>Bridges of Velm</dc:title><dc:creator>Ana Ruiz</dc:creator>"
        "<dc:language>en-GB</dc:language><dc:date>2020-01-01</dc:date></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = '<c><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></c>'
    return archive(
        {epub.CONTAINER: container, "OPS/book.opf": package, **pages, **(more or {})},
        "application/epub+zip",
    )


LONG = "".join(f"<p>{STORY} That was in {year}.</p>" for year in range(2010, 2018))


def test_epub_in_spine_order_with_chapters_as_parts() -> None:
    data = book(
        {
            "z": "<h1>Title page</h1>",
            "b": f"<h2>The old bridge</h2>{LONG}<p>caf&eacute;&nbsp;&amp; &lt;bar&gt;</p>",
            "a": f"<ol><li>The old bridge</li></ol>{LONG}",
            "c": f"<p>{SECOND}</p>{LONG}<svg><text>drawn</text></svg>",
        },
        a="nav",
    )
    page = epub.read(data, "a.epub")
    assert texts(page)[:2] == ["Title page", "The old bridge"]
    assert "café & <bar>" in texts(page)
    assert "drawn" not in page.source_text
    assert page.parts is not None
    assert [(part.meta.title, part.meta.outlet) for part in page.parts] == [
        ("The old bridge", "Bridges of Velm"),
        ("Bridges of Velm", None),
    ]
    assert page.lines[page.parts[1].first].text == SECOND
    assert page.parts[1].end == len(page.lines)
    meta = page.meta
    assert (meta.title, meta.author, meta.language, meta.published) == (
        "Bridges of Velm",
        "Ana Ruiz",
        "en",
        None,
    )
    holds_law(page)


def test_epub_bad_chapters_and_books() -> None:
    sloppy = book({"a": f"<p>{STORY}<br><p>{SECOND} & more &unknown; words"})
    assert texts(epub.read(sloppy, "a.epub")) == [STORY, f"{SECOND} & more &unknown; words"]
    unknown = epub.read(book({"a": f"<p>{STORY} &unknown; {SECOND}</p>"}), "a.epub")
    assert texts(unknown) == [f"{STORY} &unknown; {SECOND}"]
    whole = book({"a": LONG})
    with pytest.raises(ValueError, match=r"^damaged epub"):
        epub.read(whole[:-30], "a.epub")
    locked = (
        '<e><EncryptedData><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>'
        "</EncryptedData></e>"
    )
    with pytest.raises(ValueError, match="DRM"):
        epub.read(book({"a": LONG}, {"META-INF/encryption.xml": locked}), "a.epub")
    fonts = locked.replace("http://www.w3.org/2001/04/xmlenc#aes128-cbc", epub._FONT_METHODS[0])
    assert epub.read(book({"a": LONG}, {"META-INF/encryption.xml": fonts}), "a.epub").lines
    with pytest.raises(ValueError, match="nested too deeply"):
        epub.read(book({"a": "<div>" * 5000 + STORY + "</div>" * 5000}), "a.epub")
    laughs = {"OPS/text/a x.xhtml": f"{LAUGHS}<html><body>&c;</body></html>"}
    with pytest.warns(UserWarning, match="Duplicate"):
        bomb = _with(book({"a": ""}), laughs)
    with pytest.raises(ValueError, match="declares entities"):
        epub.read(bomb, "a.epub")
    assert epub.read(book({"a": "<p> </p>"}), "a.epub") == Page("", (), "epub")


def _with(data: bytes, parts: dict[str, str]) -> bytes:
    """The archive with these parts put over its own."""
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return stream.getvalue()
