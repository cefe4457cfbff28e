"""Dumps of articles (json, json lines, csv, tsv) → `Page`, one part per row.

Decides by content: what merely begins with a brace or holds commas is no dump.
Raises ValueError for what is broken, too deep or without a text column.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from statistics import median
from typing import Literal

from ingest.decode import decode
from ingest.page import Page
from ingest.readers import rows
from ingest.readers.rows import Row

NO_JSON_TEXT = "JSON without articles: no text column"
NO_CSV_TEXT = "csv without a text column"
TOO_DEEP = "JSON nested too deeply"
# Memory: a parsed value costs some 60 bytes and more, however short its text.
MOST_VALUES = 8_000_000
MOST_DEPTH = 4  # objects within objects in which a list of articles is looked for
MOST_BROKEN_SHARE = 0.5  # of json lines
MOST_FIELD_CHARS = 64 * 2**20
DELIMITERS = (",", "\t", ";", "|")
SAMPLE_ROWS = 20
FEWEST_ROWS = 3
SAME_COLUMNS_SHARE = 0.9
LONG_TEXT_CHARS = 200  # a column without a known name whose median is longer is the text
LABEL_CHARS = 40

Quoting = Literal[0, 3]  # csv.QUOTE_MINIMAL, csv.QUOTE_NONE
QUOTINGS: tuple[Quoting, ...] = (csv.QUOTE_MINIMAL, csv.QUOTE_NONE)

_KEY = r'"(?:[^"\\\n]|\\.){0,200}"\s*:'
_OBJECT = re.compile(r"\s*(?:\[\s*)*\{\s*(?:" + _KEY + r"|\})")
_LIST = re.compile(r'\s*\[\s*["\[\]\d\-{tfn]')


def looks_like_json(data: bytes) -> bool:
    """JSON or json lines, also broken or cut off after a clear beginning."""
    sample = _decoded(data[:65536])
    if sample is None or not (_OBJECT.match(sample) or _LIST.match(sample)):
        return False
    text = _decoded(data) or ""
    try:
        return bool(_values(text))
    except ValueError as error:
        if _OBJECT.match(sample) is None:
            return str(error) == TOO_DEEP  # "[1] A footnote" is none
        if not isinstance(error, json.JSONDecodeError):
            return True  # too deep, too many values
        cut_off = "unterminated" in error.msg or error.pos >= len(text.rstrip()) - 10
        return cut_off or text.rstrip()[-1:] in ("}", "]")


def looks_like_csv(data: bytes) -> bool:
    """Rows of the same columns under a header that names a text column."""
    first = _unmarked(_decoded(data[:4096]) or "")
    if not any(sign in first.lstrip().split("\n", 1)[0] for sign in DELIMITERS):
        return False
    return _table(_unmarked(_decoded(data) or "")) is not None


def read(data: bytes, name: str) -> Page:
    """The page of a dump."""
    text = _unmarked(decode(data)[0])
    if looks_like_json(data):
        return rows.page(_json_rows(text), "json")
    found = _table(text)
    if found is None:
        raise ValueError(NO_CSV_TEXT)
    header, dialect = found
    return rows.page(_csv_rows(text, header, dialect), "csv")


def _decoded(data: bytes) -> str | None:
    try:
        return decode(data)[0]
    except ValueError:
        return None


def _json_rows(text: str) -> Sequence[Row]:
    values = _values(text)
    found = _found(values[0]) if len(values) == 1 else _objects(values)
    if not any(rows.text_words(row) >= rows.FEWEST_WORDS for row in found):
        raise ValueError(NO_JSON_TEXT)
    return found


def _values(text: str) -> list[object]:
    """The one value of a JSON text, or those of its lines. ValueError: broken."""
    if text.count(",") + text.count("[") + text.count("{") > MOST_VALUES:
        raise ValueError("JSON with too many values")
    decoder = json.JSONDecoder(parse_int=_number, strict=False)
    try:
        try:
            return [decoder.decode(text.lstrip("\ufeff"))]
        except json.JSONDecodeError as error:
            values = _line_values(text, decoder)
            if not values:
                message = f"broken JSON, {error.msg.lower()}"
                raise json.JSONDecodeError(message, error.doc, error.pos) from None
            return values
    except RecursionError:
        raise ValueError(TOO_DEEP) from None


def _line_values(text: str, decoder: json.JSONDecoder) -> list[object]:
    """The values of json lines; a few broken lines (a cut-off last one) are passed over."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 2 or not re.match(r"\s*\{.*\}\s*$", lines[0]):
        return []
    values: list[object] = []
    broken = 0
    for line in lines:
        try:
            values.append(decoder.decode(line))
        except json.JSONDecodeError:
            broken += 1
    return values if broken <= MOST_BROKEN_SHARE * len(lines) else []


def _number(digits: str) -> int | float:
    # Python refuses to convert thousands of digits; no field that is read has them.
    return int(digits) if len(digits) < 20 else float("inf")


def _found(value: object) -> Sequence[Row]:
    """The rows in one JSON value: a list of objects, an article, or a list inside."""
    if isinstance(value, Mapping) and rows.is_article(value):
        return [value]
    best: Sequence[Row] = []
    most = 0
    level: list[object] = [value]
    for _ in range(MOST_DEPTH):
        below: list[object] = []
        for item in level:
            inside = list(item.values()) if isinstance(item, Mapping) else item
            if not isinstance(inside, list):
                continue
            candidates = _objects(inside)
            count = sum(rows.text_words(row) >= rows.FEWEST_WORDS for row in candidates)
            if count > most:
                best, most = candidates, count
            if isinstance(item, Mapping):
                below.extend(inside)
        level = below
    if not best and isinstance(value, Mapping):
        return [value]
    return best


def _objects(values: Sequence[object]) -> list[Row]:
    return [value for value in values if isinstance(value, Mapping)]


def _unmarked(text: str) -> str:
    """A table without the line in which a spreadsheet names its delimiter."""
    return re.sub(r"\A\ufeff?\"?sep=[^\w\s]\"?\r?\n", "", text, flags=re.IGNORECASE)


def _table(text: str) -> tuple[list[str], tuple[str, Quoting]] | None:
    """Header (text column named "text") and (delimiter, quoting); None: no such table.

    Not csv.Sniffer: it finds delimiters in prose, and here the header decides.
    """
    best: tuple[list[str], tuple[str, Quoting]] | None = None
    most = 0.0
    for delimiter in DELIMITERS:
        for quoting in QUOTINGS:
            try:
                sample = list(islice(_records(text, delimiter, quoting), SAMPLE_ROWS))
            except ValueError:
                continue
            header = _header(sample)
            if header is None:
                continue
            same = sum(len(row) == len(header) for row in sample) / len(sample)
            if same + len(header) / 1000 > most:
                best, most = (header, (delimiter, quoting)), same + len(header) / 1000
    return best


def _records(text: str, delimiter: str, quoting: Quoting) -> Iterator[list[str]]:
    """The rows that hold anything. ValueError where they cannot be parsed."""
    usual = csv.field_size_limit(MOST_FIELD_CHARS)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting)
        for record in reader:
            if any(cell.strip() for cell in record):
                yield record
    except csv.Error as error:
        raise ValueError(f"broken csv ({error})") from None
    finally:
        csv.field_size_limit(usual)


def _header(sample: Sequence[Sequence[str]]) -> list[str] | None:
    """The header of a table of articles, its text column named so; else None."""
    if len(sample) < FEWEST_ROWS or len(sample[0]) < 2:
        return None
    header = [cell.strip() for cell in sample[0]]
    body = [row for row in sample[1:] if len(row) == len(header)]
    names = [rows.folded(cell) for cell in header]
    filled = [name for name in names if name]
    if (
        len(body) < SAME_COLUMNS_SHARE * (len(sample) - 1)
        or len(set(filled)) < len(filled)
        or any(len(cell) > LABEL_CHARS for cell in header)
    ):
        return None
    for known in rows.TEXTS:
        if known in names and any(row[names.index(known)].strip() for row in body):
            return header
    lengths = [median(len(row[n]) for row in body) for n in range(len(header))]
    longest = max(range(len(header)), key=lambda n: lengths[n])
    if lengths[longest] > LONG_TEXT_CHARS:
        header[longest] = "text"
        return header
    if "title" in names and any(name in rows.SUMMARIES for name in names):
        return header
    return None


def _csv_rows(text: str, header: Sequence[str], dialect: tuple[str, Quoting]) -> Iterator[Row]:
    for number, record in enumerate(_records(text, *dialect)):
        if number:
            row: dict[str, object] = {}
            for name, cell in zip(header, record, strict=False):
                if cell.strip():
                    row.setdefault(name, cell)
            yield row
