"""Rich Text Format (rtf) → `Page`, by a tokenizer of our own.

One pass over the bytes with a stack of group states, no recursion. The source text
is the document's paragraphs in order, each table row one line, then footnotes, then
page headers and footers (no lines of text). Bytes above 7F and \\'hh are decoded in
the code page of the font they are set in, else of the document; \\u characters
win over their substitutes. Hidden and deleted text is not taken. The dates that a
file states are its own, not an article's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from ingest.page import Meta, Page
from ingest.readers import blocks
from ingest.readers.blocks import Block
from ingest.readers.rtf_words import (
    CHARSETS,
    DESTINATIONS,
    DOCUMENT_SETS,
    FRAMES,
    ITEM_MARKS,
    NOTES,
    SHOWN_ANYWAY,
    SIGNS,
    SKIPPED,
    STATED,
    SYMBOLS,
    codec_name,
)

MARK = b"{\\rtf"
MOST_GROUPS_DEEP = 20_000
_TOKEN = re.compile(
    rb"\\(?P<word>[A-Za-z]{1,40})(?P<number>-?\d{1,10})?[ ]?"
    rb"|\\'(?P<hex>[0-9A-Fa-f]{2})"
    rb"|\\(?P<sign>[^A-Za-z])"
    rb"|(?P<brace>[{}])"
    rb"|(?P<text>[^\\{}\r\n]+)",
    re.DOTALL,
)


@dataclass(slots=True)
class State:
    """What a group inherits and may change."""

    into: str = "body"  # body, notes, frame, title, author, fonts, styles; "" for nowhere
    font: int = -1
    hidden: bool = False
    skip: int = 1  # characters that stand for one \u
    starred: bool = False  # \* stands at the group's beginning
    style: int = -1


@dataclass(slots=True)
class Document:
    """What the tokens have built so far."""

    codepage: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    styles: dict[int, str] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)  # open text by destination
    found: dict[str, list[Block]] = field(default_factory=dict)
    looks: dict[str, Block] = field(default_factory=dict)  # of the open paragraphs
    rows: int = 1
    cell: int = 1
    in_table: bool = False
    to_skip: int = 0  # substitutes of a \u that are still to come
    pending: bytes = b""  # bytes of one encoding that are not decoded yet
    chars: int = 0


def looks_like_rtf(data: bytes) -> bool:
    return data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(MARK)


def read(data: bytes, name: str) -> Page:
    """The page of an RTF file. ValueError: cut off, nested too deeply or too large."""
    document = _parse(data)
    found = document.found
    for block in found.get("frame", []):
        block.line = False
    source, lines = blocks.assemble(
        [*found.get("body", []), *found.get("notes", []), *found.get("frame", [])]
    )
    if not source:
        return Page("", (), "rtf")
    styled = next((block.text for block in found.get("body", []) if block.title), "")
    stated = {key: "".join(document.texts.get(key, [])) for key in ("title", "author")}
    meta = Meta(
        title=blocks.own_title(styled or _whole(stated["title"]), lines),
        author=blocks.own_author(_whole(stated["author"])),
    )
    return Page(source, lines, "rtf", meta)


def _parse(data: bytes) -> Document:
    document = Document()
    states = [State(into="")]
    position = data.find(MARK)
    if position < 0:
        raise ValueError("damaged RTF (no beginning)")
    while match := _TOKEN.search(data, position):
        position = match.end()
        kind = match.lastgroup
        if kind == "brace":
            _flush(document, states[-1])
            if match["brace"] == b"}":
                _close(document, states)
                if len(states) == 1:
                    break
            else:
                states.append(replace(states[-1], starred=False))
                document.to_skip = 0
            if len(states) > MOST_GROUPS_DEEP:
                raise ValueError("nested too deeply")
        elif kind in ("word", "number"):
            number = int(match["number"]) if match["number"] else None
            word = match["word"].decode("ascii")
            if word == "bin":
                position += max(0, number or 0)
            else:
                _control(document, states[-1], word, number)
        elif kind == "sign":
            _sign(document, states[-1], match["sign"])
        else:
            raw = bytes([int(match["hex"], 16)]) if kind == "hex" else match["text"]
            _raw(document, states[-1], raw)
        if document.chars > blocks.MOST_TEXT_CHARS:
            raise blocks.too_much()
    if len(states) > 1:
        raise ValueError("damaged RTF (cut off)")
    _end_paragraph(document, "body")
    return document


def _close(document: Document, states: list[State]) -> None:
    closed = states.pop()
    outer = states[-1]
    if closed.into in ("notes", "frame") and outer.into != closed.into:
        _end_paragraph(document, closed.into)
    if closed.into == "styles" and outer.into == "styles":
        document.styles[closed.style] = _whole("".join(document.texts.pop("styles", [])))
    document.to_skip = 0


def _control(document: Document, state: State, word: str, number: int | None) -> None:
    _flush(document, state)
    if word in ITEM_MARKS and (word != "pn" or state.starred):
        _look(document, state).bullet = True
    if (state.starred or word in DESTINATIONS) and _destination(state, word):
        return
    if word == "u" and number is not None:
        _write(document, state, chr(number % 0x10000))
        document.to_skip = state.skip
    elif word in SIGNS:
        if document.to_skip:
            document.to_skip -= 1
        else:
            _write(document, state, SIGNS[word])
    elif word in ("par", "sect", "cell", "nestcell", "row", "nestrow"):
        _break(document, state, word)
    elif word == "rtf" and state.into == "":
        state.into = "body"
    elif word in ("f", "uc", "s", "v", "deleted", "plain"):
        _character_look(document, state, word, number)
    elif word in ("pard", "ls", "outlinelevel", "intbl"):
        _paragraph_look(document, state, word, number)
    elif word == "fcharset" and state.into == "fonts":
        document.fonts[state.font] = CHARSETS.get(number or 0, "")
    elif word == "cpg" and state.into == "fonts":
        document.fonts[state.font] = codec_name(f"cp{number}")
    elif word == "ansicpg":
        document.codepage = codec_name(f"cp{number}") or document.codepage
    elif word in DOCUMENT_SETS:
        document.codepage = DOCUMENT_SETS[word]


def _destination(state: State, word: str) -> bool:
    """Whether the word opened a destination; then where the group's text goes is set."""
    starred, state.starred = state.starred, False
    if state.into == "":
        return True
    if word in NOTES:
        state.into = "notes"
    elif word in FRAMES:
        state.into = "frame"
    elif word in STATED:
        state.into = STATED[word]
    elif word in SKIPPED or (starred and word not in SHOWN_ANYWAY):
        if state.into == "styles" and word not in SKIPPED:
            return False  # \*\cs: a style of characters
        state.into = ""
    else:
        return False
    return True


def _character_look(document: Document, state: State, word: str, number: int | None) -> None:
    if word == "f":
        state.font = number or 0
    elif word == "uc":
        state.skip = max(0, number or 0)
    elif word in ("v", "deleted"):
        state.hidden = number != 0
    elif word == "plain":
        state.hidden = False
    elif word == "s":
        state.style = number or 0
        style = document.styles.get(state.style, "").casefold()
        _look(document, state).title = style == "title"
        _look(document, state).heading = re.match(r"heading \d", style) is not None


def _paragraph_look(document: Document, state: State, word: str, number: int | None) -> None:
    if word == "ls":
        _look(document, state).bullet = True
    elif word == "outlinelevel":
        _look(document, state).heading = 0 <= (number or 0) <= 8
    else:
        if word == "pard":
            document.looks.pop(state.into, None)
        if state.into == "body":
            document.in_table = word == "intbl"


def _look(document: Document, state: State) -> Block:
    """What is known of the paragraph that is open where the state's text goes."""
    return document.looks.setdefault(state.into, Block())


def _break(document: Document, state: State, word: str) -> None:
    if state.into not in ("body", "notes", "frame"):
        return
    _end_paragraph(document, state.into, cell=word in ("cell", "nestcell"))
    if word in ("cell", "nestcell"):
        document.cell += 1
    elif word in ("row", "nestrow"):
        document.rows += 1
        document.cell = 1


def _end_paragraph(document: Document, into: str, cell: bool = False) -> None:
    text = _whole("".join(document.texts.pop(into, [])))
    if not text.strip():
        return
    look = document.looks.get(into) or Block()
    block = Block(text, look.heading, look.title, look.bullet and not look.heading)
    if into == "body" and (cell or document.in_table):
        block.row, block.cell = document.rows, document.cell
    document.found.setdefault(into, []).append(block)


def _sign(document: Document, state: State, sign: bytes) -> None:
    if sign == b"*":
        state.starred = True
    elif sign in SYMBOLS:
        _flush(document, state)
        if document.to_skip:
            document.to_skip -= 1
        else:
            _write(document, state, SYMBOLS[sign])
    elif sign in b"\r\n":
        _control(document, state, "par", None)


def _raw(document: Document, state: State, raw: bytes) -> None:
    """Bytes of text; the substitutes of a \\u before them are dropped."""
    skipped = min(document.to_skip, len(raw))
    document.to_skip -= skipped
    document.pending += raw[skipped:] if state.into else b""


def _flush(document: Document, state: State) -> None:
    """Decode the bytes that wait; a character's bytes may have come in several tokens."""
    if not document.pending:
        return
    raw, document.pending = document.pending, b""
    codepage = document.fonts.get(state.font, "") or document.codepage
    if state.into == "fonts":
        return
    if state.into == "styles":
        raw = raw.rstrip(b";")
    _write(document, state, raw.decode(codepage, errors="replace"))


def _write(document: Document, state: State, text: str) -> None:
    if state.into and not state.hidden:
        document.texts.setdefault(state.into, []).append(text)
        document.chars += len(text)


def _whole(text: str) -> str:
    """Surrogate pairs joined; a lone surrogate becomes the replacement character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
