"""What fuzzing calls: each target takes bytes and raises where the code breaks a law of its own.

A target turns the bytes into what the code takes from outside (a file's bytes, a document's text,
a query, a model's draft) and checks what comes out, not only that nothing is raised. Knows nothing
of the fuzzer; `DECIDED` are the errors that are answers, not crashes.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

from answer.claims import drafted_sentences
from core import gguf, spans
from core.errors import AppError
from core.records import Article, Filters
from index import schema
from index.finding import filters as dates
from index.finding import keyword, locate, marked, mentions, when
from ingest import clean, decode, passages

Target = Callable[[bytes], None]
_TODAY = date(2025, 6, 1)


def decoding(data: bytes) -> None:
    """Any bytes become text that can be stored, or are said to be none."""
    try:
        text, encoding = decode.decode(data)
    except UnicodeError:
        raise
    except ValueError:
        return  # no text, as the message says
    text.encode()
    assert encoding


def cleaning(data: bytes) -> None:
    """Every clean character has its source, and cleaning that source gives it again."""
    source = _text(data)
    kept, runs = clean.keep(source, [(0, len(source))])
    assert all(run.clean_end <= len(kept) and run.source_end <= len(source) for run in runs)
    at = 0
    for run in runs:
        assert run.clean_start == at, "the runs have a hole"
        at = run.clean_end
    assert at == len(kept), "the runs end before the text"
    if kept:
        first, last = sorted((data[0] % len(kept), data[-1] % len(kept)))
        pieces = spans.to_source(runs, first, last + 1)
        assert all(0 <= one.source_start <= one.source_end <= len(source) for one in pieces)
    assert kept == clean.clean(source), "the words shown are not what their source gives"


def splitting(data: bytes) -> None:
    """Passages are the article's own words, in order, and leave out nothing but white space."""
    text = _text(data)
    article = Article("a", "/a.txt", 0, "", None, None, None, None, None, text, ())
    at = 0
    for passage in passages.split(article):
        assert passage.text == text[passage.start : passage.end]
        assert at <= passage.start < passage.end
        assert not text[at : passage.start].strip(), "words between two passages"
        at = passage.end
    assert not text[at:].strip(), "words after the last passage"


def places(data: bytes) -> None:
    """A place in a text goes to its source and back."""
    source = _text(data)
    middle = len(source) // 2
    kept, runs = clean.keep(source, [(0, middle // 2), (middle, len(source))])
    for start in range(0, len(kept), max(1, len(kept) // 8)):
        for piece in spans.to_source(runs, start, min(len(kept), start + 5)):
            if piece.source_end > piece.source_start:
                back = spans.to_clean(runs, piece.source_start, piece.source_end)
                assert back is not None


def querying(data: bytes) -> None:
    """Any words can be asked for, and what is marked stands in the text."""
    query = _text(data)[:500]
    library = _library()
    keyword.search(library, query, 10, Filters())
    mentions.mentions(library, query, Filters())
    for ranges, text in zip(marked.marked(query, _TEXTS), _TEXTS, strict=True):
        assert all(0 <= start < end <= len(text) for start, end in ranges)
        marked.densest(text, ranges)
    folded, offsets = locate.fold(query)
    assert len(folded) == len(offsets)


def dating(data: bytes) -> None:
    """Words of time mean days that exist, the first not after the last."""
    words = _text(data)[:300]
    found = when.time_words(words, "2025-03-01", _TODAY)
    if found is not None:
        when.without_time(words, found)
        if found.after and found.before:
            assert found.after[:10] <= found.before[:10] or found.before.startswith(found.after)
    dates.parse_date(words)


def drafting(data: bytes) -> None:
    """A draft gives the same sentences however it arrives, and only words that it has."""
    text = _text(data)
    step = 1 + (data[0] if data else 0) % 7
    pieces = [text[at : at + step] for at in range(0, len(text), step)]
    streamed = list(drafted_sentences(pieces))
    words = set("".join(text.split()))
    assert all(set("".join(sentence.split())) <= words for sentence in streamed)


def model_header(data: bytes) -> None:
    """A file that is no model is refused in words."""
    with tempfile.NamedTemporaryFile(suffix=".gguf") as file:
        file.write(b"GGUF" + data)
        file.flush()
        gguf.read_header(Path(file.name))


TARGETS: dict[str, Target] = {
    "decode": decoding,
    "clean": cleaning,
    "split": splitting,
    "spans": places,
    "query": querying,
    "dates": dating,
    "claims": drafting,
    "gguf header": model_header,
}
DECIDED = (AppError,)  # a named refusal is an answer

_TEXTS = (
    "The Gannet Bridge was closed in March 2024 because of a cracked pin.",
    "Die Brücke wurde geschlossen; l’été, naïve café. 桥梁关闭了。สะพานปิด",
)


@cache
def _library() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.create_function("casefold", 1, str.casefold, deterministic=True)
    connection.executescript(schema.TABLES)
    for number, text in enumerate(_TEXTS, start=1):
        connection.execute(
            "INSERT INTO passages_fts (rowid, title, text) VALUES (?, ?, ?)",
            (number, "A title", keyword.segmented(text)),
        )
    return connection


def _text(data: bytes) -> str:
    """Bytes as text of every kind: UTF-8 where they are, else one character for each byte."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
