"""Bytes → source text, and source text ↔ clean text.

`decode` (from ingest.decode) gives the source text of a text file. `clean` gives what a reader sees
of a piece of it: broken encoding repaired, characters unfit for display dropped,
white space folded. `keep` does the same for chosen ranges and returns the runs
that tie every clean character to the source. Knows nothing about what a menu or
an article is.

The law: for a clean range made of whole words, each source piece p of
`core.spans.to_source` satisfies clean(p) == " ".join(clean_piece.split()).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from core.records import SpanRun
from core.spans import merge_runs
from ingest import repair
from ingest.decode import decode

__all__ = ["clean", "decode", "is_blank", "keep"]

# What str.split() folds, so that the law can be checked with it.
SPACES = "\t\n\x0b\x0c\r\x1c-\x1f \x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# Controls, zero-width and soft-hyphen characters, bidi marks and overrides, tags,
# lone surrogates, noncharacters: invisible, or able to change how others look.
UNFIT = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e01ef"
)
# Joiners carry meaning in Arabic and Indic scripts and inside emoji; elsewhere they hide.
JOINED = "\u0590-\u1fff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
# A no-break space whose first byte became a letter and whose second became a space.
LONE_LEAD = "(?<![A-ZÀ-ÖØ-Þ])Â(?=[ \u00a0])"
# A surrogate on its own, as decoding leaves its three bytes; one such sign alone stays visible.
LONE_SURROGATE = "(?<!\ufffd)(?:\ufffd{3})+(?!\ufffd)"
_DROP = f"(?:[{UNFIT}]|(?<![{JOINED}])[\u200c\u200d]|{LONE_SURROGATE})"
_ANY = f"(?:[{SPACES}]|{_DROP}|{LONE_LEAD})"
_EXACT = re.compile(f"(?P<space>{_DROP}*(?:[{SPACES}]|{LONE_LEAD}){_ANY}*)|(?P<drop>{_DROP}+)")
# The same, but a single plain space between words is left where it stands: most of any text.
_QUICK = re.compile(
    f"(?P<space>(?:{_DROP}*(?:[{SPACES.replace(' ', '', 1)}]|{LONE_LEAD}){_ANY}*"
    f"| {_ANY}+|{_DROP}+ {_ANY}*))|(?P<drop>{_DROP}+)"
)
# Where `_QUICK` may match at all (or one plain space before): one set, so a fast search.
_ODD = re.compile(f"[{SPACES.replace(' ', '', 1)}{UNFIT}\u200c\u200d\ufffdÂ]|  ")
_BLANK = re.compile(f"{_ANY}*")
_SPACE = re.compile(f"[{SPACES}]")
_DROPPED = re.compile(f"[{UNFIT}\u200c\u200d]")
# Where a long text may be cut and read piece by piece: nothing reaches over such a line end.
_CUT = re.compile(r"\n(?=\w)")
PIECE_CHARS = 65_536

Part = tuple[str, int, int]  # clean characters, source start, source end


def clean(text: str) -> str:
    """Repaired, unfit characters dropped, white space folded to one space, stripped."""
    if _stands(text):
        return text.strip(" ")
    return "".join(part for part, _, _ in _parts(text, 0, len(text))).strip(" ")


def _stands(text: str) -> bool:
    """Whether there surely is nothing to repair, drop or fold: true of most lines."""
    if text.isascii():  # then the characters to drop and to fold are those unfit to print
        return text.isprintable() and "  " not in text
    return _ODD.search(text) is None and repair.candidate().search(text) is None


def is_blank(source: str, start: int, end: int) -> bool:
    """Whether source[start:end] shows nothing: white space and unfit characters."""
    return _BLANK.fullmatch(source, start, end) is not None


def keep(source: str, ranges: Sequence[tuple[int, int]]) -> tuple[str, tuple[SpanRun, ...]]:
    """The clean text of ordered, disjoint source ranges, one paragraph each, and its runs.

    Where only white space lies between two ranges, the blank line between the
    paragraphs stands for it; else for nothing, which leaves a hole.
    """
    texts: list[str] = []

    def runs() -> Iterator[SpanRun]:
        length = last_end = 0
        for group in _groups(source, ranges):
            parts = _paragraphs(source, group)
            if parts and texts:
                parts.insert(0, ("\n\n", last_end, last_end))
            for text, start, end in parts:
                yield SpanRun(length, length + len(text), start, end)
                texts.append(text)
                length += len(text)
                last_end = end

    merged = merge_runs(runs())
    return "".join(texts), merged


def _groups(source: str, ranges: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Ranges with nothing visible between them are read as one stretch. Only the last one of a
    stretch keeps the spaces at its end: what stands before a space may be broken with it."""
    groups: list[list[tuple[int, int]]] = []
    for start, end in ranges:
        while start < end and source[start] == " ":
            start += 1
        if start == end:
            continue
        if groups and is_blank(source, groups[-1][-1][1], start):
            before, before_end = groups[-1][-1]
            while source[before_end - 1] == " ":
                before_end -= 1
            groups[-1][-1:] = [(before, before_end), (start, end)]
        else:
            groups.append([(start, end)])
    return groups


def _paragraphs(source: str, group: Sequence[tuple[int, int]]) -> list[Part]:
    """Parts of one stretch, trimmed; white space at a range's end becomes a blank line."""
    breaks = iter(end for _, end in group[:-1])
    next_break = next(breaks, None)
    exact = any(source[first[1] : second[0]] == " " for first, second in pairwise(group))
    parts: list[Part] = []
    pending = -1  # where characters that were dropped before any text begin
    for text, start, end in _parts(source, group[0][0], group[-1][1], exact):
        while next_break is not None and next_break < start:
            next_break = next(breaks, None)
        if text == " ":
            if next_break is not None and next_break <= end:
                text = "\n\n"
            if parts:
                parts.append((text, start, end))
            pending = -1
        elif not text:
            if parts and parts[-1][0].strip():
                _widen_last(parts, end)
            elif pending < 0:
                pending = start
        else:
            if pending >= 0:
                verbatim = len(text) == end - start
                parts.append((text[0], pending, start + 1 if verbatim else end))
                text, start, pending = text[1:], start + 1, -1
            if text:
                parts.append((text, start, end))
    while parts and not parts[-1][0].strip():
        parts.pop()
    if parts and parts[-1][0].endswith(" "):  # a single one, left where it stands
        text, start, end = parts.pop()
        parts.append((text[:-1], start, end - (len(text) == end - start)))
    return parts


def _widen_last(parts: list[Part], end: int) -> None:
    """Let the last clean character stand for the dropped characters after it too."""
    text, start, old_end = parts.pop()
    if len(text) > 1:
        parts.append((text[:-1], start, old_end - 1))
        text, start = text[-1], old_end - 1
    parts.append((text, start, end))


def _parts(source: str, start: int, end: int, exact: bool = False) -> Iterator[Part]:
    """source[start:end] as parts: as it stands, one repaired character, " ", or "".

    Neighbouring spaces and dropped characters come as one part.
    """
    empty: Part | None = None  # the space or dropped stretch that may still grow
    position = start
    for text, low, high in chain(_events(source, start, end, exact), [("", end, end)]):
        if low > position:
            if empty:
                yield empty
            empty = None
            yield source[position:low], position, low
        if low == high:
            continue
        if text.strip():
            if empty:
                yield empty
            empty = None
            yield text, low, high
        else:
            empty = (empty[0] or text, empty[1], high) if empty else (text, low, high)
        position = high
    if empty:
        yield empty


def _events(source: str, start: int, end: int, exact: bool) -> Iterator[Part]:
    """Every place in source[start:end] that does not stand as it is; the gaps between do.

    Read piece by piece, so that what is found in a large text is never held at once.
    """
    while start < end:
        cut = _CUT.search(source, min(end, start + PIECE_CHARS), end)
        piece_end = cut.end() if cut else end
        for text, low, high in _events_of(source[start:piece_end], exact):
            yield text, low + start, high + start
        start = piece_end


def _events_of(stretch: str, exact: bool) -> Iterator[Part]:
    broken = list(repair.units(stretch))
    shown = [(low, high, _display(character)) for low, high, character in broken]
    if any(not character.strip() for _, _, character in shown):
        exact = True  # a repaired space may meet a plain one
    position = 0
    for low, high, character in [*shown, (len(stretch), len(stretch), "")]:
        matches = (
            _EXACT.finditer(stretch, position, low) if exact else _quick(stretch, position, low)
        )
        for match in matches:
            yield " " if match.lastgroup == "space" else "", match.start(), match.end()
        if low < high:
            yield character, low, high
        position = high


def _quick(stretch: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """What `_QUICK` finds, looked for only where something odd stands."""
    position = start
    while odd := _ODD.search(stretch, position, end):
        match = None
        if odd.start() > position and stretch[odd.start() - 1] == " ":
            match = _QUICK.match(stretch, odd.start() - 1, end)
        match = match or _QUICK.match(stretch, odd.start(), end)
        position = match.end() if match else odd.end()
        if match:
            yield match


def _display(character: str) -> str:
    if _SPACE.match(character):
        return " "
    return "" if _DROPPED.match(character) else character
