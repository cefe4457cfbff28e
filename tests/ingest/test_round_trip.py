"""Every passage of every real file we have is tied to exact source characters."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.records import Reading
from core.spans import to_source
from ingest.clean import clean
from ingest.files import walk
from ingest.passages import split
from ingest.read import read_all
from tests.conftest import EXAMPLES

SHARED = Path(__file__).resolve().parents[3] / "shared"
PAGES = SHARED / "data" / "article_extraction" / "html"
LIMIT_BYTES = 64 * 2**20


def broken(reading: Reading) -> Iterator[str]:
    """What breaks the law in one reading, with its place; nothing where all holds."""
    source = reading.source_text
    for article in reading.articles:
        for passage in split(article):
            where = f"{article.article_id} {passage.start}:{passage.end}"
            if article.text[passage.start : passage.end] != passage.text:
                yield f"{where}: not the article's text"
            position = passage.start
            pieces = to_source(article.spans, passage.start, passage.end)
            for before, piece in zip([None, *pieces], pieces, strict=False):
                if piece.clean_start > position:
                    yield f"{where}: {position}:{piece.clean_start} stands for nothing"
                if before is not None and piece.source_start < before.source_end:
                    yield f"{where}: source ranges out of order"
                position = piece.clean_end
                quote = source[piece.source_start : piece.source_end]
                shown = article.text[piece.clean_start : piece.clean_end]
                if clean(quote) != " ".join(shown.split()):
                    yield f"{where}: {quote[:60]!r} is not {shown[:60]!r}"
            if position < passage.end:
                yield f"{where}: {position}:{passage.end} stands for nothing"


def check(paths: list[Path]) -> tuple[int, int]:
    """(files with an article, passages), after every passage has held."""
    files = passages = 0
    for path in paths:
        for reading in read_all(str(path), LIMIT_BYTES):
            assert list(broken(reading)) == [], path.name
            files += bool(reading.articles)
            passages += sum(len(split(article)) for article in reading.articles)
    return files, passages


def test_the_examples() -> None:
    paths = [Path(found.path) for found in walk(EXAMPLES)]
    files, passages = check(paths)
    assert files == len(paths) > 10
    assert passages > files


def test_the_seeds() -> None:
    if not (SHARED / "seeds").is_dir():
        pytest.skip("../shared/seeds is not here")
    paths = sorted((SHARED / "seeds").glob("*.txt"))
    files, passages = check(paths)
    assert files == len(paths) == 5
    assert passages > 20


@pytest.mark.slow
def test_the_saved_pages(tmp_path: Path) -> None:
    """All 121 saved pages."""
    if not PAGES.is_dir():
        pytest.skip("../shared/data/article_extraction is not here")
    paths = []
    for packed in sorted(PAGES.glob("*.html.gz")):
        paths.append(tmp_path / packed.stem)
        paths[-1].write_bytes(gzip.decompress(packed.read_bytes()))
    files, passages = check(paths)
    assert len(paths) > 100
    assert files >= 0.95 * len(paths)
    assert passages > 5 * files


def test_a_broken_tie_is_seen() -> None:
    """The check itself can fail: a source that was changed afterwards is no source."""
    *_, reading = read_all(str(next(EXAMPLES.glob("*.txt"))), LIMIT_BYTES)
    assert list(broken(replace(reading, source_text=reading.source_text[1:]))) != []
