"""Title, outlet, author and date of one story, from its page's lines and format. Pure.

What the format says (meta tags, JSON-LD, front matter) wins; then labelled lines;
then the head of the story. Unknown stays None. A date comes from the page or the
file's name, never from the file's time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from ingest import credit_lines, dates
from ingest.credit_lines import Credit
from ingest.heads import PICTURE, Head, outlet_and_time
from ingest.lines import Line, fold
from ingest.page import Meta, Page

# Words of a headline's tail that name a section or a site, not the story.
SITE_WORDS = frozenset(
    "national world politics news business sports sport opinion technology tech local us uk"
    " times post herald tribune gazette journal daily magazine online blog reuters".split()
)
_TAIL = re.compile(r"\s+[–—|·-]\s+([^–—|·]{1,40})$|\s*\|\s*$")
_BYLINE = re.compile(
    r"^(?:by|written by|author:|von|par|por)\s+(?P<name>[^\W\d_][\w.'’-]*(?:\s+[\w.'’-]+){1,6})"
    r"(?:\s*[,|–—].*)?$",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"^(?:©|\(c\)|copyright)\s*(?:©\s*)?(?:\d{4}(?:\s*[-–]\s*\d{4})?)?\s*(?P<who>[^.–—|,]*(?:\.[a-z]{2,}\S*)?)",
    re.IGNORECASE,
)
_CRUMBS = re.compile(r"\s[>›»]\s")
_ADDRESS = re.compile(r"(?:(?:url|link|source|quelle|permalink)\s*:\s*)?<?(https?://\S+?)>?", re.I)
HEAD_LINES = 30  # how far above the text a date or byline may stand


def read(page: Page, span: tuple[int, int], head: Head | None, path: str) -> Meta:
    """What is known of the story in page.lines[span]; `title` is "" where none is found."""
    lines = page.lines[span[0] : span[1]]
    meta = page.meta if span[0] == 0 else Meta()
    body = head.body - span[0] if head else _first_body(lines)
    own = head.outlet if head else None
    several = span != (0, len(page.lines))  # then what the page says is said of the page
    outlet = (own or meta.outlet) if several else (meta.outlet or own)
    named = head.title if head else _headline(lines, body, page.kind)
    credit = _credit(lines, body, named)
    outlet = outlet or credit.outlet
    if outlet is None and span[0] == 0:
        outlet = _site(page.lines, lines[:body])
    title = ((named or meta.title) if several else (meta.title or named)) or ""
    title = strip_site(title, outlet, page.lines)
    slashed_outlet, slashed_author = (
        _slash_line(lines[body].text, title) if body < len(lines) else (None, None)
    )
    said = head.published if head and several else None
    published = said or meta.published or _published(page, lines, body, head)
    url = meta.url or _url(lines[: body + 1])
    published = published or _date(url or "")
    if published is None and span[0] == 0:
        published = dates.of_file_name(PurePath(path).name)
    return replace(
        meta,
        title=title,
        outlet=outlet or slashed_outlet or _agency(lines, body),
        url=url,
        author=(head.author if head and several else None)
        or meta.author
        or credit.author
        or _author(lines[:body])
        or slashed_author,
        published=published,
    )


def _credit(lines: Sequence[Line], body: int, title: str) -> Credit:
    """What the lines between the headline and the text say, also below a summary."""
    at = max((n for n, line in enumerate(lines[:body]) if title and line.text == title), default=-1)
    if at < 0:
        return Credit()
    end = body
    if body + 1 < len(lines) and not lines[body + 1].body:
        end = next((n for n in range(body + 1, len(lines)) if lines[n].body), body)
    block = [line.text for line in lines[at + 1 : end] if not line.body][: HEAD_LINES // 3]
    return credit_lines.of_block(block)


def _agency(lines: Sequence[Line], body: int) -> str | None:
    """The agency of the first paragraph's dateline."""
    found = credit_lines.dateline(lines[body].text) if body < len(lines) else None
    return found.outlet if found else None


def _url(lines: Sequence[Line]) -> str | None:
    """The story's own address, where one stands alone above its text; not a picture's."""
    for line in lines:
        match = _ADDRESS.fullmatch(line.text)
        if match and not PICTURE.search(match[1]):
            return match[1]
    return None


def strip_site(title: str, outlet: str | None, lines: Sequence[Line]) -> str:
    """Cut " – National" or " | Site", only where the tail surely is no part of it."""
    match = _TAIL.search(title)
    if match is None:
        return title
    tail = match[1] or ""
    words = fold(tail).split()
    known = bool(outlet) and fold(tail) == fold(outlet or "")
    shown = fold(title[: match.start()])
    if known or not words or (len(words) <= 3 and words[-1] in SITE_WORDS):
        return title[: match.start()].strip()
    repeated = any(fold(line.text) == shown for line in lines)
    return title[: match.start()].strip() if repeated else title


def _first_body(lines: Sequence[Line]) -> int:
    for index, line in enumerate(lines):
        if line.body and not line.own_words:
            return index
    return len(lines)


def _headline(lines: Sequence[Line], body: int, kind: str) -> str:
    """The line above the text that reads most like a headline."""
    best, best_score = "", 0.0
    near = " ".join(fold(line.text) for line in lines[body : body + 3])
    for index, line in enumerate(lines[:body]):
        if line.own_words or line.bullet or line.cut_off:
            continue
        folded = fold(line.text)
        score = 1.0 + (2 if 4 <= line.words <= 25 else 0) + (3 if line.heading else 0)
        score += (2 if line.words >= 4 and folded in near else 0) + (0.5 if line.gap else 0)
        score -= (1.5 if line.sentence and line.text.endswith(".") else 0) + index / 1000
        score -= 3 if "@" in line.text or _ADDRESS.fullmatch(line.text) else 0
        score -= 3 if line.text.endswith((",", ";")) else 0  # verse, an address
        score -= 3 if dates.alone(line.text) or _BYLINE.match(line.text) else 0
        if line.words <= 40 and score > best_score:
            best, best_score = line.text, score
    if best_score < 1 or (body >= len(lines) and kind == "text" and len(lines) == 1):
        return ""
    return best


def _published(page: Page, lines: Sequence[Line], body: int, head: Head | None) -> str | None:
    labels: dict[str, str] = {}
    for line in lines:
        if known := dates.labelled(line.text):
            labels.setdefault(*known)
    if labels:
        return labels.get("published") or labels["updated"]
    if head and head.when and (since := dates.relative(head.when, _page_date(page.lines))):
        return since
    top = lines[max(0, body - HEAD_LINES) : body]
    title_at = max((n for n, line in enumerate(top) if head and line.text == head.title), default=0)
    near = top[max(0, title_at - 2) :] if head or len(top) <= 6 else top[-6:]
    for line in near:
        if found := dates.alone(line.text) or (_BYLINE.match(line.text) and _date(line.text)):
            return found
    for line in lines[body : body + 2]:
        if found := dates.dateline(line.text):
            return found
    when = head.when if head else outlet_and_time(near)[1]
    when = when or next((line.text for line in near if dates.is_day_word(line.text)), "")
    return dates.relative(when, _page_date(page.lines)) if when else None


def _date(text: str) -> str | None:
    found = dates.find(text)
    return found[0] if found else None


def _page_date(lines: Sequence[Line]) -> str | None:
    """The day on which the page was saved or shown, where its top says so."""
    for line in lines[:3]:
        if found := dates.alone(line.text):
            return found
    return None


def _author(lines: Sequence[Line]) -> str | None:
    for line in lines[-HEAD_LINES:]:
        if match := _BYLINE.match(line.text):
            return match["name"].strip()
    return None


def _site(lines: Sequence[Line], header: Sequence[Line]) -> str | None:
    """The site's name: before its sections in a breadcrumb, or after its ©."""
    for line in header:
        parts = _CRUMBS.split(line.text)
        if (len(parts) >= 3 or (len(parts) == 2 and line.words <= 8)) and fold(parts[0]) not in (
            "home",
            "start",
            "startseite",
            "news",
            "",
        ):
            return parts[0].strip() if len(parts[0].split()) <= 5 else None
    _, when = outlet_and_time(header)
    named, _ = outlet_and_time(header[-4:]) if when else (None, "")
    if named:
        return named
    for line in header:
        parts = re.split(r"\s+[|·•]\s+", line.text)
        if len(parts) == 2 and dates.alone(parts[1]) and 1 <= len(parts[0].split()) <= 5:
            return parts[0]
    for line in [*header, *lines[-30:]]:
        match = _COPYRIGHT.match(line.text) if line.words <= 16 else None
        who = re.sub(r"\s*\d{4}$", "", match["who"].strip(" .")) if match else ""
        if who and "reserved" not in who.casefold() and len(who.split()) <= 5:
            return _spelled(who, lines)
    return None


def _spelled(who: str, lines: Sequence[Line]) -> str:
    """A site's name as its page spells it, for a domain such as americandaily.example."""
    if "." not in who or " " in who:
        return who
    stem = who.removeprefix("www.").split(".")[0].casefold()
    for line in lines:
        words = line.text.split()
        for count in range(2, 5):
            if "".join(words[:count]).casefold() == stem:
                return " ".join(words[:count])
    return who


def credits_length(text: str, title: str) -> int:
    """How many characters of a first paragraph are such a credit line; 0 for none."""
    if _slash_line(" ".join(text.split()), title) == (None, None):
        return 0
    return text.rindex("/") + 1


def _slash_line(text: str, title: str) -> tuple[str | None, str | None]:
    """Outlet and author of "Headline/ Outlet/ CITY/ A. Author/ Edition/ Text"."""
    if not title or not text.casefold().startswith(title.casefold() + "/"):
        return None, None
    fields = [field.strip() for field in text[len(title) + 1 :].split("/")][:-1]
    if not 1 <= len(fields) <= 6 or any(len(field.split()) > 4 for field in fields):
        return None, None
    author = next((f for f in fields[1:] if re.match(r"^[A-Z]\.\s?[A-Z][a-z]+$", f)), None)
    return fields[0] or None, author
