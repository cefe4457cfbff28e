"""A line of a story's head → the outlet, author and date it credits. Pure.

Reads "Outlet | July 12, 2025", "By A. Writer, Outlet — 12 July 2025", "Source: Outlet"
and the like; a line that says anything else is no credit. Knows no page around it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest import dates

MOST_CHARS = 120
MOST_WORDS = 18
NAME_WORDS = 5
_AGO = re.compile(
    r"\b(?:an?|one|two|three|\d+)\s?(?:second|sec|minute|min|hour|hr|day|week|month|year)s? ago\b"
    r"|\b(?:vor|il y a|hace)\s+(?:\w+)\s+\w+$",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b(?:at |um |à )?\d{1,2}[:.h]\d\d(?::\d\d)?\s?(?:[ap]\.?m\b\.?)?\s?"
    r"(?:[A-Z]{2,4}\b|Uhr\b)?(?:\s?[+-]\d\d:?\d\d)?|\b\d{1,2} ?[ap]\.?m\b\.?|\bUhr\b",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b[.,]?"
    r"|\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi"
    r"|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo)\b,?",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^\W*(?P<source>source|sources|quelle|fuente|fonte|outlet|publisher|publication|newspaper"
    r"|published (?:by|in))"
    r"\s*:\s*|^\W*(?P<loose>via|from)\s+(?=[A-Z])",
    re.IGNORECASE,
)
_DATE_WORDS = re.compile(
    r"^(?:(?:first |originally |last )?(?:published|posted|updated|modified|created|date|dated|on"
    r"|am|le|el|stand|veröffentlicht|aktualisiert|publié|publicado|mis à jour)(?: (?:on|at|am|le"
    r"|el))?\s*:?\s*)+$",
    re.IGNORECASE,
)
_BY = re.compile(r"^(?:by|written by|author|von|par|por|di)\s*:?\s+(?=[^\W\d_])", re.IGNORECASE)
_FIELDS = re.compile(r"\s*[|·•/]\s*|\s+[—–-]\s+|\s*,\s+|\s{2,}|\s*[()\[\]]\s*|\x00")
_SMALL = frozenset(
    "of the and for in on de del der die das den des du la le les los el et und & y e da do di"
    " van von der".split()
)
# One word of these makes a name a paper's, a station's or a site's.
_OUTLET_WORDS = re.compile(
    r"\b(?:times|post|news|herald|courier|tribune|journal|gazette|daily|weekly|press|guardian"
    r"|observer|mail|star|sun|telegraph|chronicle|independent|magazine|review|today|online"
    r"|zeitung|anzeiger|presse|tagblatt|tageblatt|nachrichten|rundschau|kurier|network|wire"
    r"|agency|globe|examiner|sentinel|record|bulletin|dispatch|echo|radio|tv|media|report|monitor"
    r"|standard|reuters|bbc|cnn|npr|afp|dpa|ap)\b|\.[a-z]{2,4}$",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"(?:[A-ZÀ-ÞА-Я][\w .,/'’-]{1,70}?[\s,])??"
    r"\((?P<agency>Reuters|AP|AFP|dpa|EFE|ANSA|TASS|Xinhua|UPI|Interfax|Ukrinform|PTI|ANI|IANS"
    r"|Yonhap|Kyodo|Jiji|Bloomberg|Anadolu|KNA|epd|APA|SDA|Belga|ANP|PAP|The Canadian Press"
    r"|Associated Press)(?:/[\w ]{2,20})?\)\s*[—–-]"
)
_JOB = re.compile(r"\b(?:staff|writer|reporter|correspondent|editor|contributor)s?\b", re.I)
_PLACED = re.compile(r"^(?:in|under|filed under|category)\b:?\s+", re.IGNORECASE)
_FILED = re.compile(r"\s+(?:in|under)\s+[A-Z]\w+$")
_SECTIONS = frozenset(
    "politics world news business sports sport opinion technology tech local national analysis"
    " culture health science economy entertainment featured exclusive politik wirtschaft kultur"
    " edt est bst gmt cest cet utc".split()
)
_FIRST_NAMES = frozenset(
    "adam alan alex alexander alice amy ana andrea andreas andrew anna anne anthony antonio barbara"
    " ben benjamin brian carlos caroline catherine charles charlotte chris christian christina"
    " christopher claire claudia dan daniel david diana dmitry elena elizabeth emily emma eric"
    " erik eva francesca francis frank george giulia hannah helen ian igor ivan jack jacob jake"
    " james jan jane jason jean jennifer jessica jim joe john jonathan jose joseph joshua juan"
    " julia julian julie karen kate katherine kevin kim laura lauren lena leo linda lisa lucy luis"
    " luke marco maria marie mark martin mary matt matthew max megan michael michelle miguel mike"
    " natalie nicholas nick nicole nina oleg olga oliver olivia pablo patrick paul pedro peter"
    " philip pierre rachel rebecca richard robert rosa ryan sam samantha samuel sandra sara sarah"
    " sean sergei simon sofia sophie stefan stephen steve steven susan thomas tim tom tomas"
    " vladimir william yulia zoe".split()
)


@dataclass(frozen=True, slots=True)
class Credit:
    author: str | None = None
    outlet: str | None = None
    published: str | None = None  # ISO 8601
    when: str = ""  # what it says of the time relative to now, "" if nothing
    labelled: bool = False  # it says that it names the source

    @property
    def tells(self) -> bool:
        """More than a writer's name: an outlet that says so, or a time."""
        return bool(self.published or self.when or (self.outlet and self.labelled))


@lru_cache(maxsize=4096)  # heads, labels and metadata ask for the same lines
def read(text: str) -> Credit | None:
    """What the line credits; None where it is something else. A name alone is none."""
    if len(text) > MOST_CHARS or len(text.split()) > MOST_WORDS:
        return None
    rest = text.strip("*_ ")
    label = _LABEL.match(rest)
    rest = rest[label.end() :] if label else rest
    found = first = dates.span(rest)
    while found:
        rest = f"{rest[: found[1]]}\0{rest[found[2] :].removeprefix('T')}"
        found = dates.span(rest)
    ago = _AGO.search(rest)
    if ago:
        rest = f"{rest[: ago.start()]}\0{rest[ago.end() :]}"
    rest = _CLOCK.sub("\0", rest) if first or ago else rest
    rest = _WEEKDAY.sub("\0", rest) if first or ago else rest
    fields = [field.strip(" .:;·•|*_\u200b") for field in _FIELDS.split(rest)]
    fields = [field for field in fields if field and not _DATE_WORDS.match(field + " ")]
    named = _names(fields)
    sure = label is not None and not label["loose"]
    if named is None or not (first or ago or sure or _BY.match(text.strip("*_ "))):
        return None
    author, outlets = named
    city = len(outlets) == 1 and " " not in outlets[0] and re.match(r"[^|·•—–]+,", rest) and first
    outlet = None if city and not label else next(iter(outlets), None)
    if outlet and not author and not label and _person(outlet):
        author, outlet = outlet, next(iter(outlets[1:]), None)
    return Credit(author, outlet, first[0] if first else None, ago[0] if ago else "", bool(label))


def is_paper(text: str) -> bool:
    """Whether a line is nothing but a name that a paper, a station or a site has."""
    text = text.strip("*_•· ")
    named = is_name(text)
    return named and _OUTLET_WORDS.search(text) is not None and not text.endswith(".")


def is_name(text: str) -> bool:
    """Whether a line is nothing but a name, of whatever: no section, no sentence."""
    text = text.strip("*_•· ")
    return (
        bool(text)
        and not _JOB.search(text)
        and _is_name(text, 4)
        and text.casefold() not in _SECTIONS
    )


def dateline(text: str) -> Credit | None:
    """What the dateline at the start of a paragraph credits: "CITY, July 9 (Agency) -"."""
    match = _DATELINE.match(text)
    published = dates.dateline(text)
    agency = match["agency"].split("/")[0].strip() if match else None
    return Credit(outlet=agency, published=published) if match or published else None


def of_block(texts: Sequence[str]) -> Credit:
    """What the short lines between a headline and its text credit together. A bare name
    is a paper's where it says so, else the writer's beside a paper's."""
    told = [credit for text in texts if (credit := read(text))]
    bare = [text.strip("*_•· ") for text in texts if read(text) is None]
    names = [name for name in bare if is_name(name)]
    outlets = [
        credit.outlet
        for credit in told
        if credit.outlet and (credit.labelled or credit.published or credit.when
                              or is_paper(credit.outlet))
    ] + [name for name in names if is_paper(name)]  # fmt: skip
    authors = [credit.author for credit in told if credit.author]
    people = [name for name in names if not is_paper(name) and len(name.split()) in (2, 3)]
    authors += [name for name in people if outlets or _person(name)]
    return Credit(
        author=next(iter(authors), None),
        outlet=next(iter(outlets), None),
        published=next((credit.published for credit in told if credit.published), None),
        when=next((credit.when for credit in told if credit.when), ""),
    )


def _names(fields: list[str]) -> tuple[str | None, list[str]] | None:
    """(author, other names) of the fields; None where one of them is no name."""
    author: str | None = None
    outlets: list[str] = []
    for field in fields:
        if _PLACED.match(field):
            continue
        by = _BY.match(field)
        name = _FILED.sub("", field[by.end() :]) if by else field
        if not _is_name(name, 8 if by else NAME_WORDS):
            return None
        if by and author is None:
            author = name
        elif name.casefold() not in _SECTIONS:
            outlets.append(name)
    return author, outlets


def _is_name(text: str, most_words: int) -> bool:
    words = text.split()
    if not 1 <= len(words) <= most_words or text[-1] in "!?:;…":
        return False
    if len(words) == 1 and _OUTLET_WORDS.fullmatch(text):
        return True
    return all(word[0].isupper() or word[0].isdigit() or word.lower() in _SMALL for word in words)


def _person(name: str) -> bool:
    words = name.split()
    if not 2 <= len(words) <= 4 or _OUTLET_WORDS.search(name):
        return False
    return words[0].casefold() in _FIRST_NAMES or re.match(r"[A-Z]\.$", words[0]) is not None
