"""A page's lines → whether all of them are menus and teasers, so that it holds no text. Pure.

Looks at the whole page, before anything is left out of it. Doubt counts for the text: one
full sentence of its own, a post's author, a list or a table and it is no bare menu.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest import phrases, zones
from ingest.lines import Line

FEWEST_LINES = 4
FEWEST_TEASERS = 3
MENU_WORDS = 4
MENU_SHARE = 1 / 3  # of the lines, those that only a site has
TELLING_WORDS = 4  # a sentence has so many
TEASER_WORDS = 40  # a longer paragraph is text, whatever stands below it
# Posts have buttons and comments below them as well: those say nothing.
_SITE = frozenset(("site links", "newsletter", "copyright", "cookie notice", "paywall"))
_NEUTRAL = frozenset(("share buttons", "comment form", "image", "link", "tags", "advertisement"))
_BULLET = re.compile(r"^[•●○◦▪■·*‣►»–-]\s+")
_AGO = re.compile(r"\bago\W*$", re.IGNORECASE)
_POST = re.compile(r"(?<!\w)@\w")


def nothing_else(lines: Sequence[Line], kind: str) -> bool:
    """Whether no line tells anything. `kind`: the page's; what is html surely had a menu."""
    if len(lines) < FEWEST_LINES or any(_tells(lines, n) for n in range(len(lines))):
        return False
    own = [_own(line) for line in lines]
    site = sum(why in _SITE for why in own)
    teasers = sum(
        line.cut_off or why in ("more", "ago") for line, why in zip(lines, own, strict=True)
    )
    rest = [line for line, why in zip(lines, own, strict=True) if not why and not line.cut_off]
    if teasers >= FEWEST_TEASERS and "more" in own and 2 * teasers >= len(rest):
        return True
    menu = all(line.words <= MENU_WORDS and not re.search(r"\d", line.text) for line in rest)
    enough = 1 if kind == "html" else max(2, MENU_SHARE * len(lines))
    return menu and site >= enough


def _tells(lines: Sequence[Line], index: int) -> bool:
    """A sentence or a paragraph that is no teaser: below that stands where to read on."""
    line = lines[index]
    if _POST.search(line.text):
        return True
    if line.own_words or _own(line):
        return False
    if not line.body and (line.cut_off or not line.sentence or line.words < TELLING_WORDS):
        return False
    below = lines[index + 1] if index + 1 < len(lines) else None
    return line.words > TEASER_WORDS or below is None or _own(below) != "more"


def _own(line: Line) -> str:
    """What a line's own words make it: "more" of a story, "ago", or a reason; "" if nothing."""
    why = line.own_words or phrases.reason(_BULLET.sub("", line.text))
    if why == "dates":
        return "ago" if _AGO.search(line.text) else ""
    if why == "related stories" or (
        line.words <= MENU_WORDS and zones.WEAK_FOOTER.search(line.text)
    ):
        return "more"
    return why if why in _SITE or why in _NEUTRAL else ""
