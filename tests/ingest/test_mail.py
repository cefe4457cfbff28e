from __future__ import annotations

import time

import pytest

from core.spans import to_source
from ingest.articles import find_articles
from ingest.clean import clean
from ingest.page import Page
from ingest.readers import html, mail, quotes
from tests.ingest import mails
from tests.ingest.mails import BODY, PARAGRAPHS

HEAD = """
From: Ana Ruiz <ana@velm.example>
To: desk@oster.example
Subject: The ferry stops in May
Date: Tue, 05 Mar 2024 08:00:00 +0100
MIME-Version: 1.0
"""
HTML_BODY = "<html><body>" + "".join(f"<p>{p}</p>" for p in PARAGRAPHS) + "</body></html>"


def texts(page: Page) -> list[str]:
    """The lines' texts, after checking that they stand where they say, in order."""
    position = 0
    for line in page.lines:
        assert position <= line.start < line.end
        assert clean(page.source_text[line.start : line.end]) == line.text
        position = line.end
    assert page.chosen is None or len(page.chosen) == len(page.lines)
    return [line.text for line in page.lines]


def test_a_plain_mail() -> None:
    data = mails.mail().as_bytes()
    page = mail.read(data, "a.eml")
    assert texts(page) == ["The ferry stops in May", *PARAGRAPHS]
    assert page.lines[0].heading
    assert page.source_text == "The ferry stops in May\n\n" + BODY.strip("\n")
    assert (page.meta.title, page.meta.author) == ("The ferry stops in May", "Ana Ruiz")
    assert page.meta.published == "2024-03-05T08:00:00+01:00"
    assert (page.meta.outlet, page.kind, page.parts) == (None, "mail", None)
    assert mail.read(data.replace(b"\n", b"\r\n"), "a.eml") == page


@pytest.mark.parametrize(
    ("data", "is_mail"),
    [
        (mails.mail().as_bytes(), True),
        (b"Received: from a\nReturn-Path: <a@b.c>\nSubject: x\n\ntext", True),
        (b"From: a@b.example\nSubject: x\nDate: 5 Mar 2024 08:00:00 GMT\n\ntext", True),
        (b"From: the editors\n\nDear reader, this is a letter.", False),
        (b"From: Ana\nTo: Ben\nSubject: ferry\nDate: Tuesday\n\nA copied mail.", False),
        (b"title: A\nsource: B\ndate: 2024-03-05\n\ntext", False),
        (b"Note: a text with: colons\nand more", False),
        (BODY.encode(), False),
        (b"", False),
    ],
)
def test_what_is_a_mail(data: bytes, is_mail: bool) -> None:
    assert mail.looks_like_mail(data) is is_mail
    assert mail.looks_like_mhtml(data) is False


def test_an_html_mail_without_its_quotation() -> None:
    quoted = (
        "<div class='gmail_quote'><div>On Mon Ben wrote:</div><blockquote>Old</blockquote></div>"
    )
    markup = HTML_BODY.replace("</body>", quoted + "<p>Best wishes to all.</p></body>")
    message = mails.mail("Your program shows no html.\n")
    message.add_alternative(markup, subtype="html")
    page = mail.read(message.as_bytes(), "a.eml")
    shown = texts(page)
    assert shown[1:3] == list(PARAGRAPHS)
    assert "Best wishes to all." in shown
    assert "Old" not in shown
    assert "On Mon Ben wrote:" not in shown
    assert "Old" in page.source_text


def test_the_plain_part_wins_where_it_is_the_text() -> None:
    message = mails.mail()
    message.add_alternative(HTML_BODY.replace("ferry", "FERRY"), subtype="html")
    assert "FERRY" not in mail.read(message.as_bytes(), "a.eml").source_text


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("Yes.\n\n> Is it so?\n> Really?\n\nSure.", ["Yes.", "Sure."]),
        ("Yes.\n\nOn Tue, Ana Ruiz\n<a@b.c> wrote:\n\n> Is it so?", ["Yes."]),
        ("Yes.\n\nAm 5. März 2024 um 08:00 schrieb Ana <a@b.c>:\nIst es so?", ["Yes."]),
        ("Yes.\n\n-----Original Message-----\nFrom: Ana\n\nIs it so?", ["Yes."]),
        ("Yes.\n____________________\nFrom: A\nSent: Monday\nTo: B\n\nIs it so?", ["Yes."]),
        ("Yes.\n-- \nBen\nOster Desk", ["Yes."]),
        ("Yes.\n--\nBen\n\nOn 5 Mar 2024 at 8:00 A wrote:\n> old", ["Yes."]),
        ("See.\n---------- Forwarded message ---------\nFrom: A\nDate: B\nTo: C\n\nNews.",
         ["See.", "News."]),
        ("On Monday she wrote:\n\nA letter of thanks.", ["On Monday she wrote:",
                                                      "A letter of thanks."]),
        ("> all of it\n> is quoted", ["> all of it", "> is quoted"]),
    ],
)  # fmt: skip
def test_quotations_and_signatures_are_no_lines(body: str, kept: list[str]) -> None:
    page = mail.read(mails.mail(body + "\n", "Re: ferry").as_bytes(), "a.eml")
    assert texts(page)[1:] == kept
    assert body.strip() in page.source_text


def test_a_forwarded_mail_is_read() -> None:
    body = "FYI\n\nFrom: A\nSent: Monday\nTo: C\nSubject: ferry\n\n" + BODY
    page = mail.read(mails.mail(body, "FW: ferry").as_bytes(), "a.eml")
    assert texts(page)[1:] == ["FYI", *PARAGRAPHS]
    assert texts(mail.read(mails.mail(body, "ferry").as_bytes(), ""))[1:] == ["FYI"]


def test_many_sections_are_no_signature() -> None:
    rows = [row for n in range(40) for row in (f"News number {n} of the day.", "--")]
    assert sum(quotes.dropped(rows)) <= quotes.LOOSE_SIGNATURE_LINES * 2


def test_headers_and_charsets_that_are_broken() -> None:
    head = "From: =?utf-8?b?QW5h?= =?x-none?q?R=FCiz?= <a@b.c>\nSubject: =?utf-8?q?F=C3=A4h?=\n"
    head += " =?utf-8?q?re?=\nDate: never\nMessage-ID: <1>\nMIME-Version: 1.0\n"
    head += "Content-Type: text/plain; charset=no-such-charset"
    page = mail.read(mails.raw(head, (BODY + "Señor Núñez.").encode("cp1252")), "a.eml")
    assert page.meta.title == "Fähre"
    assert page.meta.author == "AnaRüiz"
    assert page.meta.published is None
    assert "Señor Núñez." in page.source_text
    for charset in ("undefined", "rot13", "utf-7", '"\x00"', "idna", "hex"):
        data = mails.raw(HEAD + f"Content-Type: text/plain; charset={charset}")
        assert PARAGRAPHS[0][:30] in mail.read(data, "a.eml").source_text, charset
    raw_bytes = mails.raw("From: Ána <a@b.c>\nSubject: Fähre\nMIME-Version: 1.0").replace(
        "ä".encode(), b"\xe4"
    )
    assert mail.read(raw_bytes, "a.eml").meta.title == "Fähre"


def test_transfer_encodings_also_broken() -> None:
    kinds = {"quoted-printable": b"a caf=C3=A9 =\nopens =ZZ", "base64": b"YSBjYWbDqSBvc*GVucw="}
    for kind, body in kinds.items():
        head = HEAD + f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {kind}"
        assert "a café opens" in mail.read(mails.raw(head, body), "a.eml").source_text


def test_newsletters_name_their_outlet() -> None:
    listed = mails.mail(List_Id='"Velm Courier" <news.velm.example>').as_bytes()
    assert mail.read(listed, "").meta.outlet == "Velm Courier"
    fields = {"From": "Ana from Velm Notes <n@velm.example>", "List-Unsubscribe": "<mailto:x@y.z>"}
    assert mail.read(mails.mail(**fields).as_bytes(), "").meta.outlet == "Velm Notes"
    machine = mails.mail(List_Id="8a7b6c5d list <8a7b.mc.example>").as_bytes()
    assert mail.read(machine, "").meta.outlet is None


def test_attachments_are_members() -> None:
    message = mails.mail()
    message.add_attachment(HTML_BODY, subtype="html", filename="page.html")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="a/b.pdf")
    message.add_attachment(b"%PDF-1.5", maintype="application", subtype="pdf", filename="b.pdf")
    message.add_attachment(b"GIF89a", maintype="image", subtype="gif", filename="logo.gif")
    message.add_attachment(mails.mail(subject="Inner"))
    found = {member.name: member.data for member in mail.members(message.as_bytes(), "a.eml")}
    assert list(found)[:3] == ["page.html", "b.pdf", "b.pdf (2)"]
    assert len(found) == 4
    assert found["page.html"].decode().strip() == HTML_BODY
    assert found["b.pdf (2)"] == b"%PDF-1.5"
    assert mail.read(list(found.values())[3], "").meta.title == "Inner"
    assert "page.html" not in mail.read(message.as_bytes(), "").source_text
    assert len(mail.read(message.as_bytes(), "").lines) == 3


def test_a_file_name_with_a_newline_is_one_line() -> None:
    head = HEAD + 'Content-Type: text/html\nContent-Disposition: attachment; filename="a\n b.html"'
    (member,) = mail.members(mails.raw(head, HTML_BODY), "a.eml")
    assert "\n" not in member.name


def nested(depth: int, body: str = BODY) -> bytes:
    lines = [HEAD.strip("\n")]
    for number in range(depth):
        lines.append(f"Content-Type: multipart/mixed; boundary=b{number}\n\n--b{number}")
    return "\n".join([*lines, "Content-Type: text/plain\n\n" + body]).encode()


def test_a_thousand_nested_parts() -> None:
    assert texts(mail.read(nested(40), ""))[1:] == list(PARAGRAPHS)
    began = time.monotonic()
    with pytest.raises(ValueError, match="mail parts nested too deeply"):
        mail.read(nested(1000), "")
    with pytest.raises(ValueError, match="mail parts nested too deeply"):
        mail.read(nested(100_000, "x"), "")
    assert list(mail.members(nested(1000), "")) == []
    assert time.monotonic() - began < 10


def test_many_parts_and_no_end() -> None:
    head = HEAD + "Content-Type: multipart/mixed; boundary=b"
    page = mail.read(mails.raw(head, f"--b\n\n{PARAGRAPHS[0]}\n--b\n\n{PARAGRAPHS[1]}"), "")
    assert texts(page)[1:] == list(PARAGRAPHS)
    with pytest.raises(ValueError, match="nested too deeply"):
        mail.read(mails.raw(head, "--b\n\nx\n" * 50_000), "")
    assert texts(mail.read(mails.raw(head, PARAGRAPHS[0]), ""))[1:] == [PARAGRAPHS[0]]


def test_mails_without_text() -> None:
    assert mail.read(mails.mail("\n").as_bytes(), "") == Page("", (), "mail")
    for kind in ("application/pkcs7-mime; smime-type=enveloped-data", "application/pgp-encrypted"):
        with pytest.raises(ValueError, match="encrypted mail"):
            mail.read(mails.raw(HEAD + f"Content-Type: {kind}", "abc"), "")
    with pytest.raises(ValueError, match="encrypted mail"):
        mail.read(mails.raw(HEAD, "-----BEGIN PGP MESSAGE-----\n\nabc"), "")


ARCHIVE_HEAD = """
From: <Saved by Blink>
Snapshot-Content-Location: https://velm.example/ferry?x=1
Subject: The ferry stops
Date: Wed, 06 Mar 2024 10:00:00 -0000
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="----b----"
"""


def archive(markup: str, charset: str, head: str = ARCHIVE_HEAD) -> bytes:
    parts = (
        f'------b----\nContent-Type: text/html; charset="{charset}"\n'
        "Content-ID: <frame@mhtml>\nContent-Location: https://velm.example/ferry\n\n"
    ).encode() + markup.encode(charset, "replace")
    picture = b"\n------b----\nContent-Type: image/gif\n\nGIF89a\n------b------\n"
    return mails.raw(head, parts + picture)


def test_a_web_archive() -> None:
    markup = HTML_BODY.replace("<body>", "<body><h1>Die Fähre hält</h1>")
    for charset in ("utf-8", "iso-8859-1"):
        data = archive(markup, charset)
        assert mail.looks_like_mhtml(data)
        assert not mail.looks_like_mail(data)
        page = mail.read(data, "a.mhtml")
        assert texts(page)[0] == "Die Fähre hält"
        assert texts(page)[-1] == PARAGRAPHS[1]
        assert page.meta.url == "https://velm.example/ferry?x=1"
        assert page.meta.published is None
        assert page.kind == "html"
    word = 'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="----b----"'
    page = mail.read(archive(markup, "utf-8", word), "a.mht")
    assert page.meta.url == "https://velm.example/ferry"
    with pytest.raises(ValueError, match="web archive without a page"):
        mail.read(mails.raw(ARCHIVE_HEAD, "cut"), "a.mhtml")


def test_a_mail_with_pictures_is_no_web_archive() -> None:
    message = mails.mail()
    message.set_content(HTML_BODY, subtype="html")
    message.add_related(b"GIF89a", maintype="image", subtype="gif", cid="<1>")
    message["Content-Location"] = "https://velm.example/"
    assert mail.looks_like_mail(message.as_bytes())
    assert not mail.looks_like_mhtml(message.as_bytes())


def test_a_single_file_page_is_html() -> None:
    note = "<!--\n Page saved with SingleFile \n url: https://velm.example/ \n saved date: x\n-->"
    for start in (f"<!DOCTYPE html> <html lang=en>{note}", f"{note}<!DOCTYPE html><html>"):
        page = start + HTML_BODY.removeprefix("<html>")
        assert html.looks_like_html(page)
        assert not mail.looks_like_mail(page.encode())


@pytest.mark.parametrize("rich", [True, False])
def test_the_span_law_holds(rich: bool) -> None:
    message = mails.mail("On Tue, Ana <a@b.c> wrote:\n> old\n\n" + BODY + "-- \nBen\n")
    if rich:
        quoted = "<blockquote type='cite'><p>Old words.</p></blockquote></body>"
        message.set_content(HTML_BODY.replace("</body>", quoted), subtype="html")
    page = mail.read(message.as_bytes(), "a.eml")
    (article,), _ = find_articles(page, "/a.eml")
    assert article.text == "\n\n".join(PARAGRAPHS)
    assert article.published == "2024-03-05T08:00:00+01:00"
    for piece in to_source(article.spans, 0, len(article.text)):
        quote = page.source_text[piece.source_start : piece.source_end]
        assert clean(quote) == " ".join(article.text[piece.clean_start : piece.clean_end].split())
