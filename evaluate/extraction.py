"""How well articles are cut out of saved pages: shingle F1 against their true text.

Data: a folder with ground-truth.json.gz (page id → articleBody, url) and
html/ID.html.gz, as in scrapinghub/article-extraction-benchmark. Three readings of
each page are scored: as html, flattened to plain text first, and the whole page.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from urllib.parse import urlsplit

from core.errors import InputError
from ingest.articles import find_articles
from ingest.decode import decode
from ingest.page import Page
from ingest.readers import html, text

SHINGLE_WORDS = 4
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Example:
    """A saved page with its true article text."""

    name: str
    site: str
    data: bytes
    body: str


def load(folder: Path) -> list[Example]:
    """The pages of `folder`, by name. Raises InputError where one can't be read."""
    try:
        with gzip.open(folder / "ground-truth.json.gz", "rt", encoding="utf-8") as file:
            truth = json.load(file)
        return [
            Example(
                name,
                site(row["url"]),
                gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()),
                row["articleBody"],
            )
            for name, row in sorted(truth.items())
        ]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{folder} is no set of pages with true article texts.") from error


def site(url: str) -> str:
    """The host without "www.", so that pages of one site are never split."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


def whole_pages(examples: Sequence[Example]) -> dict[str, float]:
    """Precision, recall, f1 (0..1) where nothing is left out of a page."""
    found = [html_page(example).source_text for example in examples]
    return score([example.body for example in examples], found)


def html_page(example: Example) -> Page:
    decoded, encoding = decode(example.data)
    return html.read(decoded, example.data, encoding)


def flattened(page: Page) -> Page:
    """The same page as if only its visible text had been saved."""
    return text.read(page.source_text, markdown=False)


def article_text(page: Page) -> str:
    articles, _ = find_articles(page, "/page")
    return "\n\n".join(article.text for article in articles)


def score(bodies: Sequence[str], found: Sequence[str]) -> dict[str, float]:
    """Mean precision and mean recall over pages, and their harmonic mean."""
    pairs = [page_score(*pair) for pair in zip(bodies, found, strict=True)]
    precision = fmean(p for p, _ in pairs)
    recall = fmean(r for _, r in pairs)
    both = precision + recall
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / both if both else 0.0,
    }


def page_score(body: str, found: str) -> tuple[float, float]:
    """(precision, recall) of the 4-grams of words, counted as often as they stand."""
    wanted, got = shingles(body), shingles(found)
    right = (wanted & got).total()
    return right / max(1, got.total()), right / max(1, wanted.total())


def shingles(words: str) -> Counter[tuple[str, ...]]:
    """4-grams of words; a text of fewer words is one shingle."""
    tokens = _WORD.findall(words)
    count = max(1, len(tokens) - SHINGLE_WORDS + 1)
    return Counter(tuple(tokens[n : n + SHINGLE_WORDS]) for n in range(count))
