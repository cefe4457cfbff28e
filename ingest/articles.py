"""A page → the one or several articles in it, and what was left out. Pure.

Takes a `Page` (source text, lines, the format's own metadata) and its path; gives
`Article`s with runs, and the removed ranges with reasons: together they hold every
visible character of the source text. Does not read files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b

from core.records import Article, Removed
from ingest import boilerplate, clean, heads, menus, metadata
from ingest.heads import Head
from ingest.language import language
from ingest.lines import Line, fold
from ingest.page import Meta, Page

# A further story on a page has at least so many words; less is a teaser.
FEWEST_WORDS = 30
BARE_KINDS = ("text", "markdown", "html")  # what may be nothing but menus
_TOP = re.compile(r"(?:^|\n)#[ \t]+$")


def article_id(path: str, ordinal: int) -> str:
    """Identity of an article: path and position, never content."""
    name = f"{path}\0{ordinal}".encode("utf-8", "surrogatepass")
    return blake2b(name, digest_size=10).hexdigest()


def find_articles(page: Page, path: str) -> tuple[tuple[Article, ...], tuple[Removed, ...]]:
    """The articles in page order, and the removed ranges in source order."""
    lines = page.lines
    if page.parts is None and page.kind in BARE_KINDS and menus.nothing_else(lines, page.kind):
        labels = [line.own_words or "menu" for line in lines]
        return (), _removed(page, labels, ())
    labels = [""] * len(lines)
    found: list[Article] = []
    taken: list[tuple[int, int]] = []
    saved = page.kind == "html" or boilerplate.is_saved_page(lines)
    for start, end, head, marked in _stretches(page):
        part = lines[start:end]
        facts = marked or metadata.read(page, (start, end), head, path)
        title = facts.title or ""
        if marked is not None:
            labels[start:end] = _title_only(part, title)
        else:
            labels[start:end] = _labels(page, (start, end), title, saved)
        if head is not None and (head.outlet or head.when):
            labels[start:end] = boilerplate.without_tail(part, labels[start:end])
        if head is not None and (start, end) != (0, len(lines)):
            _drop_head(part, labels, start, head)
        kept = [line for line, why in zip(part, labels[start:end], strict=True) if not why]
        ranges = _ranges(page.source_text, kept, title)
        words = sum(line.words for line in kept)
        text, runs = clean.keep(page.source_text, ranges)
        if not text or (found and marked is None and words < FEWEST_WORDS):
            labels[start:end] = [why or "teaser" for why in labels[start:end]]
            continue
        taken.extend((run.source_start, run.source_end) for run in runs)
        ordinal = len(found)
        found.append(
            Article(
                article_id=article_id(path, ordinal),
                path=path,
                ordinal=ordinal,
                title=title,
                outlet=facts.outlet,
                author=facts.author,
                published=facts.published,
                url=facts.url,
                language=language(text) or facts.language,
                text=text,
                spans=runs,
            )
        )
    return tuple(found), _removed(page, labels, taken)


def _stretches(page: Page) -> list[tuple[int, int, Head | None, Meta | None]]:
    """(first line, end, head, what the format says of it) of each story's part of the page."""
    count = len(page.lines)
    if page.parts is not None:
        return [(part.first, part.end, None, part.meta) for part in page.parts]
    marked = page.chosen is not None or page.kind == "markdown"
    found = heads.find(page.lines, headings_only=marked, tops=_tops(page))
    if not found:
        return [(0, count, None, None)]
    # What stands above the first head is its page's header, unless it holds a story.
    above = sum(line.words for line in page.lines[: found[0].first] if line.body)
    stretches: list[tuple[int, int, Head | None, Meta | None]] = []
    if above >= 60:
        stretches.append((0, found[0].first, None, None))
    for number, head in enumerate(found):
        start = 0 if number == 0 and not stretches else head.first
        end = found[number + 1].first if number + 1 < len(found) else count
        stretches.append((start, end, head, None))
    return stretches


def _tops(page: Page) -> set[int]:
    """Lines that Markdown marks as headlines of the first rank, where there are several."""
    if page.kind != "markdown":
        return set()
    tops = {
        n
        for n, line in enumerate(page.lines)
        if line.heading and _TOP.search(page.source_text[: line.start][-12:])
    }
    return tops if len(tops) > 1 else set()


def _drop_head(part: Sequence[Line], labels: list[str], start: int, head: Head) -> None:
    """One of several stories: the short lines above its text are its head's, or the page's."""
    for index, line in enumerate(part[: head.body - start], start):
        if not line.body:
            labels[index] = labels[index] or "above the story"


def _title_only(part: Sequence[Line], title: str) -> list[str]:
    """A part that its format marks is all text; only its title is not said twice."""
    wanted = fold(title)
    return ["title" if wanted and fold(line.text) == wanted else "" for line in part]


def _ranges(source: str, kept: Sequence[Line], title: str) -> list[tuple[int, int]]:
    """Source ranges of the kept lines; a credit line glued to the first is cut off."""
    ranges = [(line.start, line.end) for line in kept]
    if ranges:
        start, end = ranges[0]
        ranges[0] = (start + metadata.credits_length(source[start:end], title), end)
    return ranges


def _labels(page: Page, span: tuple[int, int], title: str, saved: bool) -> list[str]:
    part = page.lines[span[0] : span[1]]
    chosen = page.chosen[span[0] : span[1]] if page.chosen is not None else ()
    if any(chosen):
        labels = boilerplate.confirm(part, chosen, title)
        return labels if not all(labels) else boilerplate.confirm(part, chosen, "")
    labels = boilerplate.label(part, title, saved)
    if not all(labels):
        return labels
    # Nothing is left: a text of titles and links is still what the user saved.
    return _fallback(part, title, saved)


def _fallback(part: Sequence[Line], title: str, saved: bool) -> list[str]:
    """What is kept of a text of which the rules kept nothing."""
    if not saved:
        labels = boilerplate.label(part, title, saved_page=False)
        if not all(labels):
            return labels
    # The headline is all there is: then it is the text.
    return boilerplate.label(part, "", saved)


def _removed(
    page: Page, labels: Sequence[str], taken: Sequence[tuple[int, int]]
) -> tuple[Removed, ...]:
    """Every visible stretch outside `taken`, neighbours of one reason joined."""
    source = page.source_text
    reasons = [
        (line.start, line.end, why) for line, why in zip(page.lines, labels, strict=True) if why
    ]
    edges = sorted([*((s, e, "") for s, e in taken), *reasons])
    removed: list[Removed] = []
    position = 0
    for start, end, why in [*edges, (len(source), len(source), "")]:
        if position < start and not source[position:start].isspace():
            if not clean.is_blank(source, position, start):
                _add(removed, source, Removed(position, start, "markup"))
            else:
                _add(removed, source, Removed(position, start, "invisible characters"))
        if why:
            _add(removed, source, Removed(start, end, why))
        position = max(position, end)
    return tuple(removed)


def _add(removed: list[Removed], source: str, new: Removed) -> None:
    start, end = new.start, new.end
    while start < end and source[start].isspace():
        start += 1
    while start < end and source[end - 1].isspace():
        end -= 1
    last = removed[-1] if removed else None
    if last and last.reason == new.reason and not source[last.end : start].strip():
        removed[-1] = Removed(last.start, end, new.reason)
    elif start < end:
        removed.append(Removed(start, end, new.reason))
