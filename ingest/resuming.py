"""Where a story goes on after a box of links, buttons or tags within it. Pure.

Takes lines and their labels so far ("" = the story's). What follows such a box is the
story's where it takes up the story's words, not those of the headline right above it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest import zones
from ingest.lines import Line, fold
from ingest.phrases import any_of

FOOTER_WORDS = 10  # a line that opens a page's footer has no more
RESUME_WORDS = 18  # of a paragraph with which a story goes on
BOX_LINES = 12  # a box within a story has no more
STORY_PARAGRAPHS = 12  # of a story's end, whose words are known again
TAKEN_UP = 2  # of these words stand in a paragraph that goes on
RESUME_PARAGRAPHS = 2  # in a row: the story goes on after a box of related links
LONG_LETTERS = 5
# What never stands within a story.
_ENDS = any_of(
    r"^(?:footer|usefull? links|quick links|top categories|welcome back|how useful|no comments)\b",
    r"\bcancel reply\b",
)
BOXES = ("related stories",)


def opens_footer(line: Line) -> str:
    """ "weak" or "strong" where the line opens a part that belongs to other stories."""
    if line.words > FOOTER_WORDS and not line.own_words:
        return ""
    if zones.STRONG_FOOTER.search(line.text):
        return "strong"
    return "weak" if zones.WEAK_FOOTER.search(line.text) else ""


def resumes(lines: Sequence[Line], labels: Sequence[str], box: int, strong: bool) -> int:
    """Where running text goes on after a box of links; len(lines) if it does not. One
    paragraph alone, or any after what mostly ends a story, must take up the story's words."""
    opener = lines[box].text
    if strong and (zones.COMMENTS.search(opener) or _ENDS.search(opener)):
        return len(lines)
    story: set[str] | None = None
    start = box + 1
    run = 0
    for index in range(start, len(lines)):
        if labels[index]:
            continue
        if opens_footer(lines[index]) == "strong":
            break
        long_enough = lines[index].body and lines[index].words >= RESUME_WORDS
        run = run + 1 if long_enough else 0
        if long_enough and index <= box + BOX_LINES:
            if story is None:
                story = _told(lines[:box], labels)
            if takes_up(lines, index, story):
                return index - _paragraphs_above(lines, labels, start, index)
        if strong and index > box + BOX_LINES:
            break
        if strong:
            continue
        if run >= RESUME_PARAGRAPHS:
            return index - _paragraphs_above(lines, labels, start, index)
    return len(lines)


def _paragraphs_above(lines: Sequence[Line], labels: Sequence[str], start: int, index: int) -> int:
    first = index
    while first > start and not labels[first - 1] and lines[first - 1].body:
        first -= 1
    return index - first


def _told(lines: Sequence[Line], labels: Sequence[str]) -> set[str]:
    """The longer words of the last paragraphs of a story."""
    last = [line for line, why in zip(lines, labels, strict=False) if line.body and not why]
    return {word for line in last[-STORY_PARAGRAPHS:] for word in long_words(line.text)}


def takes_up(lines: Sequence[Line], index: int, story: set[str]) -> bool:
    """Whether a paragraph goes on with a story, not with the headline right above it."""
    line = lines[index]
    words = long_words(line.text)
    if line.cut_off or not line.sentence or len(words & story) < TAKEN_UP:
        return False
    after = lines[index + 1] if index + 1 < len(lines) else None
    unended = after is not None and not (after.body or after.sentence or after.own_words)
    if after is not None and unended and not opens_footer(after):
        return False  # a headline: the box goes on
    above = lines[index - 1]
    return above.own_words != "" or not words & long_words(above.text)


def goes_on(lines: Sequence[Line], labels: Sequence[str], index: int) -> bool:
    """Whether a paragraph right below such a box takes up the story above it."""
    below_box = index > 0 and labels[index - 1] in BOXES
    return below_box and takes_up(lines, index, _told(lines[:index], labels))


def long_words(text: str) -> set[str]:
    return {word for word in fold(text).split() if len(word) >= LONG_LETTERS}
