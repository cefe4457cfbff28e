"""Rows of printed pages → source text, lines (one per paragraph), page offsets. Pure.

Two things are decided here, all from where rows stand and how large they are:
which rows are running headers, footers and page numbers (they stay in the source
text but are no lines, so no article holds them), and which rows make one paragraph.
Where a paragraph goes on behind a page's end, the furniture between is put after it.
Columns are taken in the order in which the file draws them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.lines import Line, make_line
from ingest.readers import pdf_words
from ingest.readers.blocks import MOST_TEXT_CHARS, too_much

BAND_ROWS = 3  # furniture is among so many rows from a page's top or bottom
BAND_WORDS = 25
NUMBERED_WORDS = 12  # a row with a page's number has no more
MOST_PAGES_SHARE = 0.6  # furniture stands on so many of the pages (or of every other page)
HEADING_WORDS = 30
HEADING_SIZE = 1.15  # of the body's font size
SAME_SIZE = 1.12
PARAGRAPH_GAP = 1.35  # of the usual distance between rows
BESIDE = 6  # rows before and after
SHORT_ROW = 0.75  # of the longest row beside it
_BULLET = re.compile(r"[•●○◦▪■·‣►➢–-]\s*\S")
_UNFINISHED = (",", "-", "\u2010", "\u00ad")
_NUMBERED = re.compile(r"\(?\d{1,2}[.)]\s")
_ENDS = re.compile(r"[.!?:;…。！？][\"'”’»)\]*\d]*$")


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    x: float = 0.0  # points from the page's left and bottom, of the row's start
    y: float = 0.0
    size: float = 0.0  # of the font, points; 0: nothing is known of the place
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A row on its page."""

    page: int
    row: Row
    widest: int = 0  # characters of the longest row beside it in its column

    @property
    def is_short(self) -> bool:
        return len(self.row.text) < SHORT_ROW * self.widest


@dataclass(frozen=True, slots=True)
class Measures:
    """What is usual in this file."""

    size: float  # of the body's font
    leading: float  # between two rows of it
    bold: bool  # the body itself is bold


def compose(pages: Sequence[Sequence[Row]]) -> tuple[str, list[Line], tuple[int, ...]]:
    """The source text, its lines, and for each page the offset of its text."""
    furniture = running_rows(pages)
    measures = _measures(pages)
    vocabulary = pdf_words.vocabulary([row.text for row in rows] for rows in pages)
    writer = _Writer(len(pages))
    paragraph: list[Placed] = []
    waiting: list[Placed] = []  # furniture that stands inside a paragraph
    for page, rows in enumerate(pages):
        for number, row in enumerate(rows):
            placed = Placed(page, row, _widest(rows, number))
            if (page, number) in furniture:
                waiting.append(placed)
            elif paragraph and _goes_on(paragraph, placed, measures):
                paragraph.append(placed)
            else:
                writer.paragraph(paragraph, measures, vocabulary)
                writer.furniture(waiting)
                paragraph, waiting = [placed], []
    writer.paragraph(paragraph, measures, vocabulary)
    writer.furniture(waiting)
    return writer.finish()


class _Writer:
    """The source text as it grows."""

    def __init__(self, pages: int) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.lines: list[Line] = []
        self.starts: list[int | None] = [None] * pages

    def paragraph(
        self, rows: Sequence[Placed], measures: Measures, vocabulary: Counter[str]
    ) -> None:
        if not rows:
            return
        text, offsets = pdf_words.joined([placed.row.text for placed in rows], vocabulary)
        start = self._write(text, [placed.page for placed in rows], offsets)
        line = make_line(text, 0, len(text), True)
        if line is not None:
            heading = _is_heading([placed.row for placed in rows], line, measures)
            bullet = line.bullet or _BULLET.match(text) is not None
            self.lines.append(
                replace(line, start=start, end=self.length, heading=heading, bullet=bullet)
            )

    def furniture(self, rows: Sequence[Placed]) -> None:
        for placed in rows:
            self._write(placed.row.text, [placed.page], [0])

    def _write(self, text: str, pages: Sequence[int], offsets: Sequence[int]) -> int:
        separator = "\n\n" if self.parts else ""
        start = self.length + len(separator)
        self.parts.append(separator + text)
        self.length = start + len(text)
        if self.length > MOST_TEXT_CHARS:
            raise too_much()
        for page, offset in zip(pages, offsets, strict=True):
            if self.starts[page] is None:
                self.starts[page] = start + offset
        return start

    def finish(self) -> tuple[str, list[Line], tuple[int, ...]]:
        """Pages without text begin where the next one does. Offsets never fall back:
        a page all of whose text is furniture may stand behind the next page's start."""
        starts: list[int] = []
        following = self.length
        for start in reversed(self.starts):
            following = min(following, self.length if start is None else start)
            starts.append(following)
        return "".join(self.parts), self.lines, tuple(reversed(starts))


def running_rows(pages: Sequence[Sequence[Row]]) -> set[tuple[int, int]]:
    """(page, row) of headers, footers and page numbers: rows near a page's edge that
    stand at the same height on most pages, their digits apart."""
    seen: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for page, rows in enumerate(pages):
        for number in _bands(rows):
            row = rows[number]
            if len(row.text.split()) <= BAND_WORDS:
                key = re.sub(r"\d+", "#", " ".join(row.text.casefold().split()))
                seen[key, round(row.size)].append((page, number))
    count = sum(1 for rows in pages if rows)
    found: set[tuple[int, int]] = set()
    for places in seen.values():
        height = median(pages[page][number].y for page, number in places)
        level = [(p, n) for p, n in places if abs(pages[p][n].y - height) <= 40]
        if _on_most({page for page, _ in level}, count):
            found.update(level)
    found |= _page_numbers(pages)
    everything = sum(len(rows) for rows in pages)
    return found if len(found) < everything else set()


def _page_numbers(pages: Sequence[Sequence[Row]]) -> set[tuple[int, int]]:
    """The topmost and lowest rows that begin or end with a number which counts the pages."""
    found: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for page, rows in enumerate(pages):
        order = _top_down(rows)
        for number in {*order[:1], *order[-1:]} if len(rows) > 2 else ():
            words = rows[number].text.split()
            for word in {words[0], words[-1]} if len(words) <= NUMBERED_WORDS else ():
                if re.fullmatch(r"[^\w]*\d{1,4}[^\w]*", word):
                    found[int(re.sub(r"\D", "", word)) - page].add((page, number))
    best = max(found.values(), key=len, default=set())
    most = MOST_PAGES_SHARE * sum(1 for rows in pages if rows)
    return best if len({page for page, _ in best}) >= max(3, most) else set()


def _on_most(pages: set[int], count: int) -> bool:
    """On most of the pages, or, in a file of five pages or more, of the even or odd ones."""
    if count < 2 or len(pages) < 2:
        return False
    if len(pages) >= MOST_PAGES_SHARE * count:
        return True
    sides = Counter(page % 2 for page in pages)
    return count >= 5 and max(sides.values()) >= max(3, MOST_PAGES_SHARE * (count / 2))


def _bands(rows: Sequence[Row]) -> set[int]:
    """The rows nearest to the page's top and bottom."""
    order = _top_down(rows)
    # A page of a few rows is no frame with nothing in it.
    deep = min(BAND_ROWS, max(1, len(rows) // 4))
    return {*order[:deep], *order[-deep:]}


def _top_down(rows: Sequence[Row]) -> list[int]:
    """The rows' numbers from the page's top to its bottom."""
    if rows and not rows[0].size:
        return list(range(len(rows)))
    return sorted(range(len(rows)), key=lambda number: -rows[number].y)


def _measures(pages: Sequence[Sequence[Row]]) -> Measures:
    sizes: Counter[float] = Counter()
    bold: Counter[bool] = Counter()
    for rows in pages:
        for row in rows:
            sizes[round(row.size, 1)] += len(row.text)
            bold[row.bold] += len(row.text)
    size = sizes.most_common(1)[0][0] if sizes else 0.0
    steps = [
        before.y - row.y
        for rows in pages
        for before, row in pairwise(rows)
        if _same_size(before, row) and _same_size(row, Row("", size=size))
    ]
    steps = [step for step in steps if 0.8 * size <= step <= 3 * size]
    # The small steps are those inside paragraphs, however many short paragraphs there are.
    leading = sorted(steps)[len(steps) // 3] if steps else 1.2 * size
    return Measures(size, leading, bold[True] > bold[False])


def _widest(rows: Sequence[Row], number: int) -> int:
    """Characters of the longest row near rows[number] that begins under or over it."""
    own = rows[number]
    near = rows[max(0, number - BESIDE) : number + BESIDE + 1]
    return max(
        len(row.text)
        for row in near
        if row is own or (_same_size(row, own) and abs(row.x - own.x) <= 3 * own.size)
    )


def _same_size(one: Row, other: Row) -> bool:
    small, large = sorted((one.size, other.size))
    return large <= SAME_SIZE * small


def _goes_on(paragraph: Sequence[Placed], placed: Placed, measures: Measures) -> bool:
    """Whether a row belongs to the paragraph before it."""
    last = paragraph[-1]
    before, row = last.row, placed.row
    if not _same_size(before, row) or _opens_item(before, row):
        return False
    ended = _ENDS.search(before.text) is not None
    if before.bold != row.bold and (ended or last.is_short):
        return False
    if not row.size:  # nothing is known of the place
        return not (ended and last.is_short)
    step = before.y - row.y
    if last.page != placed.page or step < -0.5 * row.size:
        full = len(paragraph) > 1 and not last.is_short
        return not ended and _flows_over(before, row, full, measures)
    if step > PARAGRAPH_GAP * measures.leading * max(1.0, row.size / (measures.size or 1.0)):
        return False
    if _is_large(row, measures):
        return True  # a headline's rows are centred, or broken where it reads best
    unfinished = before.text.endswith(_UNFINISHED)
    if last.is_short and (ended or not (unfinished or _opens_small(row))):
        return False
    indent = (row.x - before.x) / row.size
    return indent > -12 and (indent <= 0.8 or (not ended and indent <= 6))


def _flows_over(before: Row, row: Row, full: bool, measures: Measures) -> bool:
    """Whether an unfinished paragraph goes on at the top of the next column or page."""
    if _is_large(row, measures):
        return False
    return full or before.text.endswith(_UNFINISHED) or _opens_small(row)


def _opens_small(row: Row) -> bool:
    """Begins as no sentence or item does."""
    return row.text.lstrip("\"'“”‘’«»([")[:1].islower()


def _opens_item(before: Row, row: Row) -> bool:
    if _BULLET.match(row.text):
        return True
    numbered = _NUMBERED.match(row.text) is not None
    return numbered and bool(_ENDS.search(before.text) or _NUMBERED.match(before.text))


def _is_large(row: Row, measures: Measures) -> bool:
    return bool(measures.size) and row.size > HEADING_SIZE * measures.size


def _is_heading(rows: Sequence[Row], line: Line, measures: Measures) -> bool:
    if line.words > HEADING_WORDS or not re.search(r"[^\W\d_]{2}", line.text):
        return False
    if all(_is_large(row, measures) for row in rows):
        return True
    bold = not measures.bold and all(row.bold for row in rows)
    return bold and not line.text.endswith((".", ",", ";")) and line.words <= HEADING_WORDS // 2
