from __future__ import annotations

import csv
import io
import json
import time

import pytest

from ingest.clean import clean
from ingest.page import Meta, Page
from ingest.readers import data
from ingest.readers.rows import date_of
from tests.ingest.mails import BODY, PARAGRAPHS

FIRST, SECOND = PARAGRAPHS
ROWS: list[dict[str, object]] = [
    {
        "title": "The ferry stops",
        "text": FIRST,
        "date": "2024-03-05T08:00:00Z",
        "url": "https://velm.example/ferry",
        "author": "By Ana Ruiz",
        "source": "Velm Courier",
        "lang": "en-GB",
    },
    {"title": "A boat takes over", "text": SECOND, "date": "5 April 2024"},
]
META = Meta("The ferry stops", "Velm Courier", "Ana Ruiz", "2024-03-05",
            "https://velm.example/ferry", "en")  # fmt: skip
SOURCE = f"The ferry stops\n\n{FIRST}\n\nA boat takes over\n\n{SECOND}"


def parts(page: Page) -> list[list[str]]:
    """The texts of each part's lines; parts are in order and hold all lines."""
    position = line_at = 0
    found = []
    for part in page.parts or ():
        assert part.first == line_at < part.end
        line_at = part.end
        for line in page.lines[part.first : part.end]:
            assert position <= line.start < line.end
            assert clean(page.source_text[line.start : line.end]) == line.text
            position = line.end
        found.append([line.text for line in page.lines[part.first : part.end]])
    assert line_at == len(page.lines)
    return found


def read(value: object) -> Page:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    assert data.looks_like_json(raw)
    return data.read(raw, "dump.json")


def lines_of(rows: list[dict[str, object]]) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


@pytest.mark.parametrize(
    "raw",
    [
        json.dumps(ROWS).encode(),
        json.dumps(ROWS, indent=2).encode("utf-16"),
        json.dumps({"status": "ok", "articles": ROWS}).encode(),
        json.dumps({"data": {"page": 1, "any name": ROWS}}).encode(),
        json.dumps({"hits": {"hits": [{"_id": 1, "_source": row} for row in ROWS]}}).encode(),
        json.dumps({"1": ROWS[0], "2": ROWS[1]}).encode(),
        b"\xef\xbb\xbf" + lines_of(ROWS),
        lines_of(ROWS) + b"\n\n",
        lines_of(ROWS).replace(b"\n", b"\r\n"),
        lines_of(ROWS) + b'\n{"title": "cut o',
    ],
)
def test_dumps(raw: bytes) -> None:
    page = read(raw)
    assert page.source_text == SOURCE
    assert parts(page) == [["The ferry stops", FIRST], ["A boat takes over", SECOND]]
    assert page.parts is not None
    assert page.parts[0].meta == META
    assert page.parts[1].meta == Meta("A boat takes over", published="2024-04-05")
    assert page.lines[0].heading
    assert not data.looks_like_csv(raw)


@pytest.mark.parametrize(
    ("row", "meta"),
    [
        ({"headline": "H", "articleBody": FIRST, "datePublished": "2024-03",
          "author": {"@type": "Person", "name": "Ana"}, "publisher": {"name": "Courier"}},
         Meta("H", "Courier", "Ana", "2024-03")),
        ({"webTitle": "H", "bodyText": FIRST, "created_at": 1709625600,
          "authors": ["Ana", {"name": "Ben"}], "link": "ftp://x"},
         Meta("H", author="Ana, Ben", published="2024-03-05")),
        ({"Title": "Tom &amp; Ana", "Full_Text": FIRST, "timestamp": "1709625600123",
          "source": {"id": None, "name": "Courier"}},
         Meta("Tom & Ana", "Courier", published="2024-03-05")),
        ({"title": {"rendered": "H"}, "content": {"rendered": f"<p>{FIRST}</p>"},
          "date": {"$date": "2024-03-05T00:00:00Z"}},
         Meta("H", published="2024-03-05")),
        ({"headline": "H", "description": FIRST, "text": "", "date": float("nan")}, Meta("H")),
    ],
)  # fmt: skip
def test_usual_names(row: dict[str, object], meta: Meta) -> None:
    page = read([row])
    assert page.parts is not None
    assert page.parts[0].meta == meta
    assert parts(page)[0][1:] == [FIRST]


def test_a_single_article_and_rows_without_text() -> None:
    assert parts(read({**ROWS[0], "comments": [{"text": BODY}] * 3})) == [
        ["The ferry stops", FIRST]
    ]
    rows = [{"title": "no text"}, {"text": None}, ROWS[0], {"text": " \u200b"}, "stray", 7]
    assert read(rows).source_text == f"The ferry stops\n\n{FIRST}"
    assert read([{"text": [FIRST, SECOND]}]).source_text == f"{FIRST}\n\n{SECOND}"


def test_html_in_values() -> None:
    rows = [
        {
            "title": "<b>One</b> ferry",
            "content": f"<p>{FIRST}</p><script>x</script><p>{SECOND}</p>",
        },
        {"html": f"<html><title>Two</title><body><p>{FIRST}</p><p>{SECOND}</p></body></html>"},
        {"text": "Fish &amp; bread cost 3 &lt; 4 crowns."},
    ]
    page = read(rows)
    found = parts(page)
    assert found[0] == ["One ferry", FIRST, SECOND]
    assert found[1] == [FIRST, SECOND]
    assert found[2] == ["Fish & bread cost 3 < 4 crowns."]
    assert "<p>" not in page.source_text
    assert page.parts is not None
    assert page.parts[1].meta.title == "Two"


def test_odd_values() -> None:
    raw = (
        b'[{"title": "A\\nB", "title": "Last\\u0000 one \\ud83d\\ude00", "text": "One two three '
        b'four five \\ud800 six.", "n": ' + b"9" * 5000 + b', "x": NaN, "date": -1e999}]'
    )
    page = read(raw)
    page.source_text.encode()  # no lone surrogate
    assert "😀" in page.source_text
    assert page.source_text.endswith("One two three four five \ufffd\ufffd\ufffd six.")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'{"name": "box", "description": "A tool for boxes and more boxes", "version": 1}',
         "JSON without articles: no text column"),
        (b"[1, 2, 3]", "JSON without articles: no text column"),
        (b"{}", "JSON without articles: no text column"),
        (b'[{"text": "OK"}, {"text": "Cancel"}]', "JSON without articles: no text column"),
        (json.dumps(ROWS).encode()[:-9], "broken JSON"),
        (json.dumps(ROWS).encode()[:60], "broken JSON"),
        (json.dumps(ROWS).encode().replace(b'"text":', b'"text"', 1), "broken JSON"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "JSON nested too deeply"),
        (b'[{"a":' + b"[" * 500_000, "JSON nested too deeply"),
        (b'[{"a": 1},' + b"{}," * 9_000_000 + b"{}]", "JSON with too many values"),
    ],
    ids=range(10),
)  # fmt: skip
def test_what_has_no_articles(raw: bytes, reason: str) -> None:
    assert data.looks_like_json(raw)
    with pytest.raises(ValueError, match=reason):
        data.read(raw, "x.json")


@pytest.mark.parametrize(
    "text",
    [
        "{" + BODY + "}",
        "{note} is how the desk marks a remark.",
        "[1] A footnote stands here.\n[2] And another.",
        '["Quoted" words in brackets, then prose.]',
        BODY,
        "",
        "One, two\nthree, four\nfive, six\n",
        "Title, text, date\nare the fields that we fill in\n",
        "title,text\n",
        "Dear Ana, dear Ben,\nthe ferry stops, alas,\nand the text, too, is late,\n",
        "name,age\nAna,3\nBen,4\nCai,5\n",
    ],
)
def test_what_is_no_dump(text: str) -> None:
    assert not data.looks_like_json(text.encode())
    assert not data.looks_like_csv(text.encode())


def table(rows: list[dict[str, object]], delimiter: str = ",", **options: object) -> str:
    out = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(out, names, delimiter=delimiter, **options)  # type: ignore[arg-type]
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_csv(delimiter: str, encoding: str) -> None:
    rows = [*ROWS, {"title": "Empty", "text": ""}, {"title": "Fähre", "text": f"{FIRST}\n{SECOND}"}]
    raw = table(rows, delimiter).encode(encoding)
    assert data.looks_like_csv(raw)
    assert not data.looks_like_json(raw)
    page = data.read(raw, "dump.csv")
    assert parts(page)[0] == ["The ferry stops", FIRST]
    assert parts(page)[2] == ["Fähre", FIRST, SECOND]
    assert page.parts is not None
    assert page.parts[0].meta == META
    assert page.kind == "csv"


def test_csv_with_a_long_column_and_stray_quotes() -> None:
    rows = [{"id": n, "transcript": f'{n} "{FIRST} {SECOND}'} for n in range(4)]
    raw = table(rows, "\t", quoting=csv.QUOTE_NONE, quotechar=None).encode()
    assert data.looks_like_csv(raw)
    assert len(parts(data.read(raw, "a.tsv"))) == 4
    long = [{"title": "Long", "text": "word " * 100_000}] * 3
    limit = csv.field_size_limit()
    assert len(parts(data.read(table(long).encode(), ""))) == 3
    assert csv.field_size_limit() == limit


def test_csv_without_text() -> None:
    with pytest.raises(ValueError, match="csv without a text column"):
        data.read(b"name,age\nAna,3\nBen,4\nCai,5\n", "a.csv")
    with pytest.raises(ValueError, match="not text"):
        data.read(bytes(range(256)) * 4, "a.csv")


def test_an_open_quote_is_read_in_linear_time() -> None:
    raw = ('title,text\nA,"' + FIRST.replace(",", "") + "\n").encode() + b"a,b\n" * 500_000
    began = time.monotonic()
    data.looks_like_csv(raw)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2024-03-05 08:00", "2024-03-05"),
        ("20240305", "2024-03-05"),
        ("20240305T080000Z", "2024-03-05"),
        ("Tue, 05 Mar 2024 08:00:00 GMT", "2024-03-05"),
        ("1709625600.5", "2024-03-05"),
        ("1709625600123456", "2024-03-05"),
        ("2024", "2024"),
        ("03/05/2024", None),
        ("12345", None),
        ("999999999999999999", None),
        ("yesterday", None),
    ],
)
def test_dates(value: str, date: str | None) -> None:
    assert date_of(value) == date
