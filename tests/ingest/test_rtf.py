from __future__ import annotations

import pytest

from ingest.articles import find_articles
from ingest.page import Page
from ingest.readers import rtf
from tests.ingest.test_pdf import holds_law

STORY = (
    "The council of Velm voted on Tuesday to close the harbour bridge for repairs until spring, "
    "the first such closure in forty years."
)
HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil Times;}{\f1\fnil\fcharset204 Arial Cyr;}"
    r"{\f2\fnil\fcharset128 Gothic;}}{\colortbl;\red0\green0\blue0;}"
    r"{\stylesheet{\s0 Normal;}{\s1\f1 heading 1;}{\s2 Title;}{\*\cs10 Default Font;}}"
    r"{\info{\title Bridge closes}{\author Ana Ruiz}{\creatim\yr2020\mo1\dy2}}"
    r"{\*\generator Some Program 1.0;}"
)


def page_of(body: str) -> Page:
    data = (HEAD + body + "}").encode("latin-1")
    assert rtf.looks_like_rtf(data)
    return rtf.read(data, "a.rtf")


def texts(body: str) -> list[str]:
    page = page_of(body)
    holds_law(page)
    return [line.text for line in page.lines]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"\pard One\par two {\b bold} words\par", ["One", "two bold words"]),
        (r"\pard caf\'e9 \'93so\'94\par", ["café “so”"]),
        (r"\pard {\f1 \'cf\'f0\'e8}\f0 \'e9\par", ["Приé"]),
        (r"\pard {\f2 \'83e\'83X\'83g}\par", ["テスト"]),
        (r"\pard \u8212? \u8217\'92 {\uc2\u233 xxend} \uc0\u233 end\par", ["— ’ éend éend"]),
        (r"\pard \u-10179?\u-8704? face\par", ["\U0001f600 face"]),
        (r"\pard \u-10179? lone\par", ["\ufffd lone"]),
        (r"\pard a\~b\_c x\-y \{z\} \\\emdash\ldblquote q\rdblquote\par", ["a b‑c xy {z} \\—“q”"]),
        (r"\pard a\tab b\line c\par", ["a b", "c"]),
        (r"\pard shown {\v hidden}\v too\v0 \deleted gone\plain again\par", ["shown again"]),
        (r'\pard {\field{\*\fldinst HYPERLINK "x"}{\fldrslt a link}} after\par', ["a link after"]),
        (r"\pard a{\pict\pngblip 89504e470d0a}{\*\unknown text}b\par", ["ab"]),
        ("\\pard a{\\pict\\bin6 }}}{{{}b\\par", ["ab"]),
        (r"\pard body{\footnote\pard\plain note text} goes on\par end\par",
         ["body goes on", "end", "note text"]),
        (r"\pard\intbl Year\cell Boats\cell\row\intbl 2020\cell 5\cell\row\pard after\par",
         ["Year Boats", "2020 5", "after"]),
        (r"\pard a{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt\pard boxed\par}}b\par", ["ab", "boxed"]),
        ("\\pard raw \xe9\\\nnext\r\nsame\\par", ["raw é", "nextsame"]),
    ],
)  # fmt: skip
def test_text(body: str, expected: list[str]) -> None:
    assert texts(body) == expected


def test_headings_items_title_and_frame() -> None:
    page = page_of(
        r"{\header\pard Velm Courier\par}\pard\s2 Bridge closes\par"
        rf"\pard\s0 {STORY}\par\pard\s1 What comes next\par"
        r"{\listtext\'b7\tab}\pard\ls1 two boats\par{\pntext\f1\'B7\tab}a letter\par"
        r"\pard\outlinelevel1 Later\par\pard plain end\par"
    )
    assert [line.text for line in page.lines if line.heading] == [
        "Bridge closes",
        "What comes next",
        "Later",
    ]
    assert [line.text for line in page.lines if line.bullet] == ["two boats", "a letter"]
    assert page.source_text.endswith("Velm Courier")
    assert not any("Courier" in line.text for line in page.lines)
    assert (page.meta.title, page.meta.author) == ("Bridge closes", "Ana Ruiz")
    assert page.meta.published is None
    ((article,), _) = find_articles(page, "/a/a.rtf")
    assert article.text.startswith(STORY)


def test_bad_files() -> None:
    whole = (HEAD + rf"\pard {STORY}\par" + "}").encode()
    for end in (20, len(whole) // 2, len(whole) - 1):
        with pytest.raises(ValueError, match=r"^damaged RTF"):
            rtf.read(whole[:end], "a.rtf")
    with pytest.raises(ValueError, match=r"^damaged RTF"):
        rtf.read(whole[:-1] + rb"\bin2000000000 }", "a.rtf")
    with pytest.raises(ValueError, match="nested too deeply"):
        rtf.read(b"{\\rtf1 " + b"{" * 30_000 + b"}" * 30_001, "a.rtf")
    deep = b"{\\rtf1 " + b"{" * 5_000 + STORY.encode() + b"}" * 5_001
    assert [line.text for line in rtf.read(deep, "a.rtf").lines] == [STORY]
    assert rtf.read(b"{\\rtf1\\pard\\par}", "a.rtf") == Page("", (), "rtf")
    with pytest.raises(ValueError, match=r"^damaged RTF"):
        rtf.read(b"}{\\rt", "a.rtf")
    framed = rtf.read(b"{\\rtf1{\\header\\pard Velm\\par}}", "a.rtf")
    assert (framed.source_text, framed.lines) == ("Velm", ())
    assert not rtf.looks_like_rtf(b"plain {\\rtf text")
    assert not rtf.looks_like_rtf(STORY.encode())


def test_anything_between_braces_is_read_or_refused() -> None:
    pieces = (
        b"\\",
        b"\\'",
        b"\\'8",
        b"\\u",
        b"\\u99999999 ",
        b"\\uc-5 ",
        b"\\bin-3 ",
        b"\\*",
        b"}",
    )
    for piece in (*pieces, b"\\f99 \\'ff", b"\\s99 ", b"\\ansicpg9999 \\'e9", b"\xff\xfe\x00"):
        try:
            page = rtf.read(HEAD.encode() + b"\\pard a" + piece + b"b\\par}", "a.rtf")
        except ValueError:
            continue
        assert page.source_text.startswith("a")
        holds_law(page)
