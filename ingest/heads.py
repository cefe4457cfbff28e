"""Lines of a page → where its stories begin. Pure.

A saved page repeats a story's headline (link, header, share box), with outlet,
time and buttons between, before its text starts. Such a head opens a story; a
repeated line that no text follows is a teaser. A further story on the same page
must also name its outlet or time in the head: captions repeat as well.

Elsewhere a headline stands once, with a credit (outlet, date) or a rule across the
page beside it. Such heads count where there are several, each with a text of its own
that takes up the words of its headline: a box of links has none.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from ingest import credit_lines, resuming, zones
from ingest.credit_lines import Credit
from ingest.lines import Line, fold

HEAD_LINES = 8  # a repeated headline stands within so many lines
TITLE_WORDS = range(3, 41)
META_WORDS = 8
NEAR = 3  # lines between a headline and its credit
DECK_WORDS = 45  # of a summary between them
STORY_WORDS, LONE_WORDS = 60, 90  # a story has so many; of one paragraph so many
LEAD_LINES = 4  # paragraphs in which the headline's words are looked for
STEM = 5  # letters
LONG_RULE = 10  # characters
INITIALS = 3  # letters
SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
PICTURE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|avif|mp4|ico|css|js)\b|//(?:static|img|images?|cdn|media)\d*\.",
    re.IGNORECASE,
)
_RULE = re.compile(r"(?:[-–—_=*~#•·]\s?){3,}")
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
    author: str | None = None
    published: str | None = None  # ISO 8601


def find(
    lines: Sequence[Line], headings_only: bool = False, tops: Collection[int] = ()
) -> list[Head]:
    """The heads, in order, without overlap. `headings_only`: a headline that stands
    once must be marked as one by the format. `tops`: lines that it marks as headlines
    of the highest rank, where there are several."""
    repeated = [] if headings_only else _repeated(lines)
    credited = _credited(lines, headings_only, tops)
    titles = {fold(head.title) for head in repeated}
    apart = [
        head
        for head in credited
        if fold(head.title) not in titles and not _overlaps(head, repeated)
    ]
    if len(repeated) + len(apart) < 2:
        return repeated
    return sorted([*repeated, *apart], key=lambda head: head.first)


def _overlaps(head: Head, others: Sequence[Head]) -> bool:
    """Whether one of the `others`, which are in order and apart, shares a line with it."""
    before = bisect_left(others, head.body, key=lambda other: other.first)
    return before > 0 and others[before - 1].body > head.first


def _repeated(lines: Sequence[Line]) -> list[Head]:
    heads: list[Head] = []
    titles: set[str] = set()
    folded = [fold(line.text) for line in lines]
    text_begins = _text_begins(lines)
    index = 0
    while index < len(lines):
        head = _head_at(lines, folded, index)
        told = head is not None and (head.outlet or head.when)
        opens = not heads and index <= text_begins
        if head is None or folded[index] in titles or not (told or opens):
            index += 1
            continue
        heads.append(head)
        titles.add(folded[index])
        index = head.body
    return heads


def _text_begins(lines: Sequence[Line]) -> int:
    """The line with which a page has so much text that its own story has begun."""
    words = 0
    for index, line in enumerate(lines):
        words += line.words if line.body else 0
        if words >= 60:
            return index
    return len(lines)


def _head_at(lines: Sequence[Line], folded: Sequence[str], start: int) -> Head | None:
    line, title = lines[start], folded[start]
    if line.words not in TITLE_WORDS or line.cut_off or line.own_words:
        return None
    if len(title.split()) < 3 or resuming.opens_footer(line):
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


def _credited(lines: Sequence[Line], headings_only: bool, tops: Collection[int]) -> list[Head]:
    """Heads of stories whose headline stands once, each with enough text of its own."""
    read = {
        n: credit
        for n, line in enumerate(lines)
        if line.words <= credit_lines.MOST_WORDS and (credit := credit_lines.read(line.text))
    }
    found: list[Head] = []
    closed = False  # readers' comments are signed and dated like stories
    index = 0
    while index < len(lines):
        first = index
        while index < len(lines) and not _is_text(lines[index], read.get(index)):
            closed = closed or zones.COMMENTS.search(lines[index].text) is not None
            index += 1
        if index == len(lines):
            break
        head = _in_cluster(lines, read, (first, index), headings_only, tops)
        if head is not None and (head.outlet or not closed):
            found.append(head)
        index += 1
    return [head for n, head in enumerate(found) if _own_text(lines, found, n)]


def _address(line: Line) -> bool:
    return line.own_words == "link" and PICTURE.search(line.text) is None


def _is_text(line: Line, credit: Credit | None) -> bool:
    return line.body and not line.own_words and credit is None


def _in_cluster(
    lines: Sequence[Line],
    read: Mapping[int, Credit],
    cluster: tuple[int, int],
    headings_only: bool,
    tops: Collection[int],
) -> Head | None:
    """The head among the short lines of a cluster above a paragraph; None without one."""
    first, body = max(cluster[0], cluster[1] - HEAD_LINES), cluster[1]
    signs = [n for n in range(first, body) if (n in read and read[n].tells) or _address(lines[n])]
    placed = credit_lines.dateline(lines[body].text)
    rules = [n for n in range(first, body) if _RULE.fullmatch(lines[n].text)]
    titles = [
        n
        for n in range(first, body)
        if _may_be_title(lines[n], headings_only) and n not in read and n not in rules
    ]
    parted = any(len(lines[n].text) >= LONG_RULE for n in rules)  # "___" parts a story's sections
    if not signs and not parted and not placed and not any(n in tops for n in titles):
        return None
    if not titles and signs and _under_deck(lines, first, headings_only):
        titles = [first - 2]
    above = [n for n in titles if not signs or n < signs[0]]
    if above and signs and signs[0] - above[-1] > NEAR and len(titles) > len(above):
        above = []
    if not titles:
        return None
    title = above[-1] if above else titles[0]
    title = next((n for n in titles if n in tops), title)
    near = [n for n in range(first, body) if n in read and abs(n - title) <= NEAR + 1]
    below = [n for n in near if n > title and read[n].tells]
    near = below + [n for n in near if n > title and n not in below] if below else near
    begin = min([title, *near])
    if begin > first and begin in near and credit_lines.is_paper(lines[begin - 1].text):
        begin -= 1
    begin = min([begin, *(n for n in rules if n < begin)])
    told = [read[n] for n in near] + ([placed] if placed else [])
    return _head(lines, told, begin, title, body)


def _head(lines: Sequence[Line], told: Sequence[Credit], first: int, title: int, body: int) -> Head:
    apart = [*lines[title + 1 : body], *lines[first:title]]
    credited = next((credit.outlet for credit in told if credit.outlet), None)
    papers = [line.text for line in apart if credit_lines.is_paper(line.text)]
    papers.sort(key=lambda name: len(name) <= INITIALS)  # beside a name, a logo's
    below = [line.text for line in lines[title + 1 : body] if not credit_lines.read(line.text)]
    only = [text for text in below if credit_lines.is_name(text)]
    return Head(
        first=first,
        body=body,
        title=lines[title].text,
        outlet=credited
        or next(iter(papers), None)
        or outlet_and_time(apart)[0]
        or (only[0] if len(only) == 1 else None),
        when=next((credit.when for credit in told if credit.when), ""),
        author=next((credit.author for credit in told if credit.author), None),
        published=next((credit.published for credit in told if credit.published), None),
    )


def _may_be_title(line: Line, headings_only: bool) -> bool:
    if headings_only and not line.heading:
        return False
    if line.own_words or line.cut_off or (line.bullet and not line.heading):
        return False
    ended = line.text.endswith((".", ":", ";", ",")) and not line.heading
    ended = ended or (line.words <= 4 and ": " in line.text)  # "Rating: 10 votes"
    return line.words in TITLE_WORDS and not ended and not resuming.opens_footer(line)


def _under_deck(lines: Sequence[Line], first: int, headings_only: bool) -> bool:
    """Whether one paragraph below a headline, its summary, stands above line `first`."""
    if first < 2 or not lines[first - 1].body or lines[first - 2].body:
        return False
    above = lines[first - 2]
    titled = _may_be_title(above, headings_only) and credit_lines.read(above.text) is None
    return titled and lines[first - 1].words <= DECK_WORDS


def _own_text(lines: Sequence[Line], found: Sequence[Head], number: int) -> bool:
    """Whether a story follows a head, and the headline's own: the words of a link that
    was put into a story stand in the text before it as well."""
    head = found[number]
    end = found[number + 1].first if number + 1 < len(found) else len(lines)
    after = _texts(lines[head.body : end])
    if sum(line.words for line in after) < (STORY_WORDS if len(after) > 1 else LONE_WORDS):
        return False
    above = (lines[n] for n in range(head.first - 1, -1, -1))
    before = list(islice(filter(_tells, above), LEAD_LINES))
    wanted = _stems(head.title)
    here, there = (
        len(wanted & set().union(*(_stems(line.text) for line in texts)))
        for texts in (after[:LEAD_LINES], before)
    )
    if wanted and here < min(2, len(wanted)):
        return False
    return here > there or (here == there and (head.outlet is not None or not before))


def _texts(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if _tells(line)]


def _tells(line: Line) -> bool:
    return line.body and not line.own_words


def _stems(text: str) -> set[str]:
    """What may recur of a text's longer words; pairs of characters without word spaces."""
    words = fold(text).split()
    if text.isascii():
        return {word[:STEM] for word in words if len(word) > 3}
    runs = [word for word in words if not word.isascii() and SPACELESS.search(word)]
    pairs = {word[n : n + 2] for word in runs for n in range(len(word) - 1)}
    return pairs | {word[:STEM] for word in words if len(word) > 3 and word not in runs}


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
