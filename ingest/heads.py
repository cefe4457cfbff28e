"""Lines of a page → where its stories begin. Pure.

A saved page repeats a story's headline (link, header, share box), with outlet,
time and buttons between, before its text starts. Such a head opens a story; a
repeated line that no text follows is a teaser. A further story on the same page
must also name its outlet or time in the head: captions repeat as well.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest import boilerplate
from ingest.lines import Line, fold

HEAD_LINES = 8  # a repeated headline stands within so many lines
TITLE_WORDS = range(3, 41)
META_WORDS = 8
_AGO = re.compile(
    r"^(?P<before>.*?)(?P<count>an?|one|\d+)\s?"
    r"(?P<unit>second|sec|minute|min|hour|hr|day|week|month|year)s? ago\W*$",
    re.IGNORECASE,
)
_ICON_WORDS = frozenset("time clock icon date calendar posted published updated".split())


@dataclass(frozen=True, slots=True)
class Head:
    first: int  # index of the first line of the head
    body: int  # index of the first line of text
    title: str
    outlet: str | None
    when: str  # what it says of the time, "" if nothing


def find(lines: Sequence[Line]) -> list[Head]:
    """The heads, in order, without overlap."""
    heads: list[Head] = []
    folded = [fold(line.text) for line in lines]
    index = 0
    while index < len(lines):
        head = _head_at(lines, folded, index)
        if head is None or not _fresh(heads, head, lines):
            index += 1
            continue
        heads.append(head)
        index = head.body
    return heads


def _fresh(heads: list[Head], head: Head, lines: Sequence[Line]) -> bool:
    if any(fold(head.title) == fold(earlier.title) for earlier in heads):
        return False
    text_before = sum(line.words for line in lines[: head.first] if line.body)
    return (not heads and text_before < 60) or bool(head.outlet or head.when)


def _head_at(lines: Sequence[Line], folded: Sequence[str], start: int) -> Head | None:
    line, title = lines[start], folded[start]
    if line.words not in TITLE_WORDS or line.cut_off or line.own_words:
        return None
    if len(title.split()) < 3 or boilerplate.opens_footer(line):
        return None
    last = -1
    index = start + 1
    furthest = min(len(lines), start + 3 * HEAD_LINES)
    while index < furthest and index <= max(start, last) + HEAD_LINES:
        if folded[index] == title:
            last = index
        elif lines[index].body and not lines[index].own_words:
            break
        index += 1
    if last < 0:
        return None
    body = last + 1
    while body < len(lines) and body - last <= 4 and _meta(lines[body], title):
        body += 1
    if body >= len(lines) or not lines[body].body or lines[body].own_words:
        return None
    between = [lines[n] for n in range(start, body) if folded[n] != title]
    outlet, when = outlet_and_time(between)
    return Head(start, body, lines[start].text, outlet, when)


def _meta(line: Line, title: str) -> bool:
    return bool(line.own_words) or line.words <= META_WORDS or title in fold(line.text)


def outlet_and_time(lines: Sequence[Line]) -> tuple[str | None, str]:
    """Outlet and relative time that the short lines of a head name.

    An outlet is glued to the time ("Heralda day ago"), stands right before it, or
    stands twice, once behind a bullet.
    """
    when = ""
    outlet: str | None = None
    names = [line.text.lstrip("•·*- ").strip() for line in lines]
    for index, line in enumerate(lines):
        match = _AGO.match(line.text)
        if not match:
            continue
        when = line.text[match.start("count") :]
        glued = match["before"].strip(" •·|-–—")
        if glued and glued.casefold() not in _ICON_WORDS:
            outlet = outlet or glued
        elif index and _name(names[index - 1]):
            outlet = outlet or names[index - 1]
    counts = Counter(names)
    repeated = (name for name in names if counts[name] > 1 and _name(name))
    return outlet or next(repeated, None), when


def _name(text: str) -> bool:
    words = text.split()
    if words and words[0].casefold() in ("by", "von", "par", "por"):
        return False
    return 0 < len(words) <= 5 and words[0][0].isupper() and not text.endswith((".", ":", "?", "!"))
