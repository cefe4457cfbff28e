"""Source text → its lines, as the rules of `ingest.boilerplate` see them. Pure.

A line here is a paragraph: lines that were wrapped at a fixed width are joined.
Offsets are into the source text; `text` is clean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from ingest import phrases
from ingest.clean import clean

_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
_WORD = re.compile(r"\w+")
_BULLET = re.compile(r"(?:[•●○◦▪■·*‣►»–-]|\d{1,2}[.)])\s+")
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()]{0,1000}\)")
_HEADING = re.compile(r"#{1,6}\s+")
_SENTENCE_ENDS = tuple(".!?。！？…:;")
_CLOSERS = "\"'”’»)]*_"  # may stand after a sentence's end
_CUT_OFF = ("…", "...", "[…]", "[...]")
# ASCII bytes: letters in lower case, digits and _ as they are, all else a space.
_ASCII_FOLD = bytes(
    ord(chr(byte).lower()) if byte < 128 and (chr(byte).isalnum() or byte == 95) else 32
    for byte in range(256)
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# A paragraph longer than this is text even where it holds a phrase of the site's.
PHRASE_WORDS = 60
PHRASE_CHARS = 600
WRAP_WIDTHS = range(45, 101)  # characters of a line that an editor or mailer wrapped


@dataclass(frozen=True, slots=True)
class Line:
    start: int
    end: int
    text: str
    gap: bool  # a blank line stands before it
    words: int
    sentence: bool  # ends like a sentence
    bullet: bool
    heading: bool = False  # marked as one by the format
    own_words: str = ""  # why its own words say that it is no part of a story

    cut_off: bool = False  # ends with an ellipsis, as teasers do
    body: bool = False  # long enough, and ended well enough, to be running text


@lru_cache(maxsize=4096)  # each of a page's lines is folded several times
def fold(text: str) -> str:
    """Case and quotes folded, everything but letters and digits dropped: for comparing."""
    if text.isascii():  # the same words, four times as fast
        return b" ".join(text.encode().translate(_ASCII_FOLD, b"'").split()).decode()
    return " ".join(_WORD.findall(text.casefold().replace("’", "").replace("'", "")))


def count_words(text: str) -> int:
    """Words; for scripts without word spaces two characters count as one."""
    words = len(text.split())
    return words if text.isascii() else words + len(_CJK.findall(text)) // 2


def make_line(source: str, start: int, end: int, gap: bool, markdown: bool = False) -> Line | None:
    """The line source[start:end]; None where it shows nothing."""
    text = clean(source[start:end])
    if not text:
        return None
    own_words = ""
    if markdown:
        text, own_words = _unmarked(text)
    words = count_words(text)
    sentence = text.rstrip(_CLOSERS).endswith(_SENTENCE_ENDS)
    cut_off = text.endswith(_CUT_OFF)
    enough = 40 if cut_off else 12 if sentence else 30
    if not own_words and words <= PHRASE_WORDS and len(text) <= PHRASE_CHARS:
        own_words = phrases.reason(text)
    return Line(
        start=start,
        end=end,
        text=text,
        gap=gap,
        words=words,
        sentence=sentence,
        bullet=_BULLET.match(text) is not None,
        own_words=own_words,
        cut_off=cut_off,
        body=words >= enough,
    )


def _unmarked(text: str) -> tuple[str, str]:
    """A Markdown line as it is shown, and "site links" where it is a row of links."""
    links = len(_LINK.findall(text))
    if links > 1 and len(re.findall(r"\w", _LINK.sub("", text))) <= 6:
        return text, "site links"
    shown = re.sub(r"^(?:>\s*)+|[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}", "", _LINK.sub(r"\1", text))
    return shown.strip() or text, "" if re.search(r"\w", shown) else "markup"


def split_lines(source: str, markdown: bool = False) -> list[Line]:
    """The lines that show something, in order."""
    lines: list[Line] = []
    gap = True
    last_end = 0
    for match in _LINE.finditer(source):
        blank_before = gap or source.count("\n", last_end, match.start()) > 1
        start = match.start()
        last_end = match.end()
        heading = _HEADING.match(source, start) if markdown else None
        if heading:
            start = heading.end()
        line = make_line(source, start, match.end(), blank_before, markdown)
        gap = line is None
        if heading and line is not None:
            line = replace(line, heading=True)
        if line is not None:
            lines.append(line)
    return _unwrap(source, lines)


def _unwrap(source: str, lines: list[Line]) -> list[Line]:
    """Join the lines of blocks that were wrapped at a fixed width."""
    joined: list[Line] = []
    position = 0
    while position < len(lines):
        end = position + 1
        while end < len(lines) and not lines[end].gap:
            end += 1
        block = lines[position:end]
        if _wrapped(block):
            whole = make_line(source, block[0].start, block[-1].end, block[0].gap)
            joined.extend([whole] if whole else [])
        else:
            joined.extend(block)
        position = end
    return joined


def _wrapped(block: list[Line]) -> bool:
    if len(block) < 2 or any(line.heading or line.bullet for line in block):
        return False
    if len(block) == 2 and not block[1].text[0].islower():
        return False
    if len({line.text for line in block}) < len(block):
        return False
    if any(line.own_words in ("image", "link", "dates", "site links") for line in block):
        return False
    widths = [len(line.text) for line in block[:-1]]
    widest = max(widths)
    if widest not in WRAP_WIDTHS or len(block[-1].text) > widest + 8:
        return False
    if sum(line.sentence for line in block[:-1]) > 0.4 * len(block):
        return False
    # A wrapped line is full: the next line's first word would not have fitted.
    full = sum(
        len(line.text) + 1 + len(after.text.split(" ", 1)[0]) > widest - 4
        for line, after in pairwise(block)
    )
    return full >= 0.9 * len(widths)
