"""The real pages of the shared folder: what they hold, without repeating a sentence."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest

from core.records import Reading
from core.spans import to_source
from ingest.clean import clean
from ingest.passages import sentences
from ingest.read import read_file
from ingest.stories import group, signature

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="../shared/seeds is not here")
FURNITURE = re.compile(
    r"click to play|continues below|see also|leave a reply|privacy policy|all rights reserved|"
    r"inbox|previous article|popular posts|image$|download|no comments|introductory offer|"
    r"rate this|related|\bAP Photo\b|https?://|dodgers|astronauts|enshittification|lost your",
    re.IGNORECASE | re.MULTILINE,
)


@lru_cache(maxsize=1)
def seeds() -> dict[str, Reading]:
    return {path.name[:3]: read_file(str(path), 10**7) for path in sorted(SEEDS.glob("*.txt"))}


@pytest.mark.parametrize(
    ("seed", "facts"),
    [
        (
            "000",
            [
                ("Independent", None, 18),
                ("Reuters", None, 1),
                ("The Guardian", None, 1),
                ("Daily Mail", None, 1),
            ],
        ),
        ("001", [(None, None, 18)]),
        ("002", [(None, None, 31)]),
        ("003", [("Newslooks", None, 45)]),
        ("004", [("American Focus", "2025-07-12", 40)]),
    ],
)
def test_articles_outlets_dates(seed: str, facts: list[tuple[str | None, str | None, int]]) -> None:
    found = seeds()[seed]
    assert found.file.status == "indexed"
    assert facts == [(a.outlet, a.published, len(a.text.split("\n\n"))) for a in found.articles]
    assert {a.language for a in found.articles} == {"en"}
    assert all(4 <= len(a.title.split()) <= 25 for a in found.articles)
    assert not any(a.title.endswith("National") for a in found.articles)


def test_no_furniture_in_any_article() -> None:
    for name, found in seeds().items():
        for article in found.articles:
            assert FURNITURE.findall(article.text) == [], name


def test_broken_quotes_read_as_quotes() -> None:
    (article,) = seeds()["001"].articles
    assert "ā" not in article.text
    assert "€" not in article.text
    assert article.text.count("“") == article.text.count("”") == 7


def test_every_sentence_keeps_the_span_law() -> None:
    for found in seeds().values():
        for article in found.articles:
            for start, end in sentences(article.text):
                for piece in to_source(article.spans, start, end):
                    quote = found.source_text[piece.source_start : piece.source_end]
                    shown = article.text[piece.clean_start : piece.clean_end]
                    assert clean(quote) == " ".join(shown.split())


def test_the_same_story_in_two_files_is_one() -> None:
    signatures = {
        f"{name}-{article.ordinal}": signature(article.text)
        for name, found in seeds().items()
        for article in found.articles
    }
    assert group(signatures) == {"000-0": "000-0", "001-0": "000-0"}


def test_every_visible_character_is_kept_or_named() -> None:
    for found in seeds().values():
        ranges = [(part.start, part.end) for part in found.removed]
        ranges += [(r.source_start, r.source_end) for a in found.articles for r in a.spans]
        covered = bytearray(len(found.source_text))
        for start, end in ranges:
            assert not any(
                covered[n] for n in range(start, end) if not found.source_text[n].isspace()
            )
            covered[start:end] = b"\x01" * (end - start)
        assert all(
            covered[n] for n, character in enumerate(found.source_text) if not character.isspace()
        )
