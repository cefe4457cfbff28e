"""Paragraphs of a document → source text and lines; titles worth taking over. Pure.

Shared by the readers of docx, odt and rtf. A block is what stands in one paragraph;
its own line breaks make several lines. Cells of one table row that hold a
paragraph each are one line; a table that only lays out longer text is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.lines import Line, fold, make_line

MOST_TEXT_CHARS = 64 * 2**20
HEAD_LINES = 30  # a stated title is looked for among so many lines
# What programs put where an author or title belongs.
_NO_AUTHOR = re.compile(
    r"(?:microsoft|office|python-docx|admin(?:istrator)?|user|unknown|anonymous|author|owner)\b.*"
    r"|.*\b(?:user|adobe|acrobat|indesign|scanner)|[\W\d_]*",
    re.IGNORECASE,
)
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel)\b.*|untitled.*|(?:document|dokument|layout|page|slide)"
    r"\s*\d*|title|word document|.*\.(?:docx?|odt|rtf|pdf|indd|qxd|tex|dvi|pages|html?|txt|xlsx?)"
    r"|https?:.*|[\W\d_]*)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Block:
    """One paragraph, filled while the document is walked."""

    text: str = ""
    heading: bool = False
    title: bool = False  # styled as the document's title
    bullet: bool = False
    row: int = 0  # number of the table row that it stands in; 0: in none
    cell: int = 0  # number of its cell in that row
    line: bool = True  # False: part of the page's frame, no line of text


def too_much() -> ValueError:
    return ValueError(f"too much text (the limit is {MOST_TEXT_CHARS // 2**20} million characters)")


def assemble(blocks: Sequence[Block]) -> tuple[str, tuple[Line, ...]]:
    """The source text of the blocks in order, and its lines."""
    parts: list[str] = []
    lines: list[Line] = []
    length = 0
    before: Block | None = None
    for block in _rows_joined(blocks):
        close = before is not None and (
            (before.bullet and block.bullet) or (before.row > 0 and block.row > 0)
        )
        separator = "" if before is None else "\n" if close else "\n\n"
        for text in block.text.split("\n"):
            text = text.strip(" \t\r\n")
            if not text:
                continue
            start = length + len(separator)
            parts.append(separator + text)
            length = start + len(text)
            line = make_line(text, 0, len(text), separator != "\n") if block.line else None
            if line is not None:
                bullet, heading = line.bullet or block.bullet, block.heading or block.title
                lines.append(replace(line, start=start, end=length, bullet=bullet, heading=heading))
            separator = "\n"
            before = block
        if length > MOST_TEXT_CHARS:
            raise too_much()
    return "".join(parts), tuple(lines)


def _rows_joined(blocks: Sequence[Block]) -> list[Block]:
    """Blocks with the cells of a plain table row made one."""
    joined: list[Block] = []
    position = 0
    while position < len(blocks):
        end = position + 1
        if blocks[position].row:
            while end < len(blocks) and blocks[end].row == blocks[position].row:
                end += 1
        group = [block for block in blocks[position:end] if block.text.strip()]
        cells = [block.cell for block in group]
        if len(group) > 1 and len(set(cells)) == len(cells):
            text = "\t".join(block.text.replace("\n", " ").strip() for block in group)
            joined.append(Block(text, row=group[0].row, line=group[0].line))
        else:
            joined.extend(group)
        position = end
    return joined


def own_title(stated: str, lines: Sequence[Line]) -> str | None:
    """The title that a file states, where it can be trusted: the text shows it, or it
    reads like one and the text has no heading of its own at its top."""
    title = " ".join(stated.split())
    folded = fold(title)
    if not folded or _NO_TITLE.fullmatch(title):
        return None
    top = lines[:HEAD_LINES]
    if any(folded == fold(line.text) for line in top):
        return title
    headed = any(line.heading for line in top[:5])
    return title if not headed and 3 <= len(folded.split()) <= 40 else None


def own_author(stated: str) -> str | None:
    """The author that a file states, unless it is a program's or nobody's name."""
    author = " ".join(stated.split())
    return None if len(author) > 200 or _NO_AUTHOR.fullmatch(author) else author
