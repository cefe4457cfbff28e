"""Trafilatura's view of a page, laid onto the lines of our own walk.

The only module that knows trafilatura; imports it when first used. It never gives
text of its own: what it extracts is looked up in the lines, and what it says of
title, outlet, author and date is taken over. A page on which it fails is left to
the line rules.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from ingest import dates
from ingest.lines import Line, fold
from ingest.page import Meta

log = logging.getLogger(__name__)

SHINGLE_WORDS = 4
# A line is the article's when so many of its 4-grams are in what was extracted.
SHARE = 0.6
# Fewer extracted words than this are no article where the page holds far more.
FEWEST_WORDS = 25
PARAGRAPHS, PARAGRAPH_WORDS = 2, 12  # from the second paragraph on, a date is the text's
_SAVED = re.compile(
    r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)\s*(https?://\S+)"
)


def choose(markup: str, lines: Sequence[Line]) -> tuple[bool, ...] | None:
    """Per line whether it belongs to the article; None where nothing was found."""
    extracted = _extract(markup)
    paragraphs = [fold(paragraph) for paragraph in extracted.split("\n")]
    words = sum(len(paragraph.split()) for paragraph in paragraphs)
    if words < FEWEST_WORDS:
        return None
    shingles = {shingle for paragraph in paragraphs for shingle in _shingles(paragraph.split())}
    counts = Counter(paragraph for paragraph in paragraphs if paragraph)
    folded = [fold(line.text) for line in lines]
    chosen = [_share(text.split(), shingles, counts) >= SHARE for text in folded]
    _drop_strays(folded, chosen, counts)
    # Links and teasers alone are no find: the line rules say what such a page is.
    paragraphs_found = any(yes and line.body for yes, line in zip(chosen, lines, strict=True))
    return tuple(chosen) if paragraphs_found else None


def _extract(markup: str) -> str:
    import trafilatura

    try:
        text = trafilatura.extract(
            markup.replace("\x00", ""),
            include_comments=False,
            include_tables=True,
            include_formatting=False,
            with_metadata=False,
        )
    except Exception as error:  # noqa: BLE001 - a page it cannot read is left to the line rules
        log.warning("extraction failed: %s", type(error).__name__)
        return ""
    return text or ""


def _shingles(words: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(words[n : n + SHINGLE_WORDS]) for n in range(len(words) - SHINGLE_WORDS + 1)]


def _share(words: Sequence[str], shingles: set[tuple[str, ...]], counts: Counter[str]) -> float:
    if len(words) < SHINGLE_WORDS + 1:
        return 1.0 if counts[" ".join(words)] else 0.0
    own = _shingles(words)
    return sum(shingle in shingles for shingle in own) / len(own)


def _drop_strays(folded: Sequence[str], chosen: list[bool], counts: Counter[str]) -> None:
    """A line that stands more often than it was extracted: keep the copies that lie
    in the thick of the article."""
    taken = [n for n, yes in enumerate(chosen) if yes]
    if not taken:
        return
    weights = sorted(n for n in taken for _ in range(len(folded[n].split())))
    middle = weights[len(weights) // 2] if weights else taken[0]
    seen = Counter(folded[n] for n in taken)
    for n in sorted(taken, key=lambda n: -abs(n - middle)):
        if seen[folded[n]] > max(1, counts[folded[n]]):
            seen[folded[n]] -= 1
            chosen[n] = False


def meta(markup: str, root: Any) -> Meta:
    """What the page's meta tags, JSON-LD and the like say."""
    import trafilatura

    try:
        found = trafilatura.extract_metadata(
            markup.replace("\x00", ""),
            date_config={"extensive_search": False, "original_date": True},
            extensive=False,
        )
    except Exception as error:  # noqa: BLE001 - metadata is a gain, never a condition
        log.warning("metadata failed: %s", type(error).__name__)
        found = None
    language = (root.get("lang") or "")[:2].lower()
    published = dates.find(str(getattr(found, "date", None) or ""))
    if published and not _of_the_page(root, published[0]):
        published = None
    return Meta(
        title=_text(getattr(found, "title", None)),
        outlet=_text(getattr(found, "sitename", None)),
        author=_text(getattr(found, "author", None)),
        published=published[0] if published else None,
        url=_text(getattr(found, "url", None)) or _saved_from(markup),
        language=language if re.fullmatch("[a-z]{2}", language) else None,
    )


def _of_the_page(root: Any, iso: str) -> bool:
    """Whether a date is the page's own: its head or a script says so, or it stands above
    the text. Below it and beside it are other stories' dates and coming events."""
    paragraphs = 0
    for element in root.iter():
        tag = element.tag if isinstance(element.tag, str) else ""
        told = (element.text or "", *element.attrib.values())
        above = paragraphs < PARAGRAPHS
        if tag not in ("meta", "script"):
            told = told if above and tag in ("link", "time", "title") else told[:above]
        if any(_says(value, iso) for value in told):
            return True
        words = len(" ".join(element.itertext()).split()) if tag == "p" else 0
        paragraphs += words >= PARAGRAPH_WORDS
    return False


def _says(value: str, iso: str) -> bool:
    return iso in value or iso.replace("-", "/") in value or iso in _dates(value)


def _dates(value: str) -> tuple[str, ...]:
    found = dates.find(value[:300])
    return (found[0],) if found else ()


def _saved_from(markup: str) -> str | None:
    """The address that a browser or an extension wrote into the page it saved."""
    match = _SAVED.search(markup[:4000])
    return match[1] if match else None


def _text(value: object) -> str | None:
    text = " ".join(str(value).split()) if value else ""
    return text or None
