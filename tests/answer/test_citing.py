"""Citations in the forms of others: right where all is known, harmless where it is hostile."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from answer import citing
from answer.citing import Reference

WHOLE = Reference(
    title="Council reverses demolition vote",
    outlet="Hallowmouth Gazette",
    author="Ines Kallweit",
    published="2025-06-19T10:00:00+00:00",
    url="https://gazette.example/a_b?x=1&y=50%25",
    language="en",
    path="/news/41877.pdf",
    page=2,
    line=43,
    quote="The bridge was right.",
)
HOSTILE = replace(
    WHOLE,
    title="}\\input{/etc/passwd} $x$ ![p](http://evil.example/p.png) <script>",
    outlet="A & B_C #1 100% ~^",
    author="[a](http://evil.example)\n@misc{x,",
    url="javascript:alert(1)",
    quote="*bold* `code` {brace}",
)
BARE = Reference("", None, None, None, None, None, "/news/übung.txt")


def test_plain() -> None:
    assert citing.plain(WHOLE) == (
        "“The bridge was right.” — Ines Kallweit, Hallowmouth Gazette, “Council reverses demolition"
        " vote”, 19 June 2025, 41877.pdf, page 2, line 43"
    )
    assert citing.plain(BARE) == "no date, übung.txt"


@pytest.mark.parametrize(
    ("published", "words"),
    [("2025", "2025"), ("2025-06", "June 2025"), ("2025-99", "2025"), ("soon", "no date")],
)
def test_dates_are_as_exact_as_they_are_known(published: str, words: str) -> None:
    assert f", {words}, " in citing.plain(replace(WHOLE, published=published))


def test_a_footnote() -> None:
    assert citing.footnote(WHOLE, "3") == (
        "[^3]: Ines Kallweit, “Council reverses demolition vote”, *Hallowmouth Gazette*, 19 June"
        " 2025, 41877.&#8203;pdf, page 2, line 43, <https://gazette.example/a_b?x=1&y=50%25>"
        ": “The bridge was right.”"
    )


def test_a_hostile_footnote_has_no_link_picture_or_tag() -> None:
    text = citing.footnote(HOSTILE)
    assert "](" not in text.replace("\\](", "").replace("\\]\\(", "")
    assert "<script" not in text.replace("\\<script", "")
    assert "javascript" not in text
    assert "\n" not in text


def test_bibtex() -> None:
    assert citing.bibtex(WHOLE).splitlines() == [
        "@article{hallowmouth2025councilreverses,",
        "  title = {{Council reverses demolition vote}},",
        "  author = {{Ines Kallweit}},",
        "  journal = {Hallowmouth Gazette},",
        "  date = {2025-06-19},",
        "  year = {2025},",
        "  month = {6},",
        "  pages = {2},",
        "  url = {https://gazette.example/a_b?x=1&y=50%25},",
        "  langid = {en},",
        "  note = {41877.pdf, page 2, line 43: “The bridge was right.”},",
        "}",
    ]
    assert citing.bibtex(BARE).startswith("@misc{ubung,")


def test_hostile_bibtex_stays_in_its_fields() -> None:
    text = citing.bibtex(HOSTILE)
    depth = 0
    for before, character in zip("\n" + text, text, strict=False):
        if character in "{}" and before != "\\":
            depth += 1 if character == "{" else -1
            assert depth >= 0
    assert depth == 0
    assert "\\input" not in text
    assert [line for line in text.splitlines() if line.startswith("@")] == [text.splitlines()[0]]
    assert "A \\& B\\_C \\#1 100\\%" in text
    assert "url =" not in text


def test_braces_in_bibtex_leave_every_brace_paired() -> None:
    text = citing.bibtex(replace(BARE, title="One } and two {{"))
    assert "One \\textbraceright{} and two \\textbraceleft{}\\textbraceleft{}" in text
    assert text.count("{") == text.count("}")


def test_csl_json_is_read_back() -> None:
    (item,) = json.loads(citing.csl_json(WHOLE))
    assert item == {
        "id": "hallowmouth2025councilreverses",
        "type": "article-newspaper",
        "title": WHOLE.title,
        "container-title": WHOLE.outlet,
        "author": [{"literal": WHOLE.author}],
        "issued": {"date-parts": [[2025, 6, 19]]},
        "page": "2",
        "URL": WHOLE.url,
        "language": "en",
        "note": "41877.pdf, page 2, line 43: “The bridge was right.”",
    }
    (bare,) = json.loads(citing.csl_json(BARE))
    assert bare == {"id": "ubung", "type": "document", "note": "übung.txt"}


@pytest.mark.parametrize(
    "url", ["javascript:x", "file:///etc/passwd", "https://a b", 'https://x">', "//x", "", None]
)
def test_only_addresses_of_the_web_are_given(url: str | None) -> None:
    assert citing.web_address(url) is None
