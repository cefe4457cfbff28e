"""Mails (.eml) and web archives (.mhtml) → `Page`; attachments → `Member`.

A mail's source text is its subject and its visible body: the plain part, or where
that is missing or a stub, the html part through the walk of saved pages. Quotations
and signatures stay in the source text and out of the lines. A web archive is the
saved page in it; the day on which it was saved is not the article's.
Follows no link, opens no remote content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any

from ingest.lines import Line, count_words, make_line, split_lines
from ingest.page import Member, Meta, Page
from ingest.readers import html, mime, quotes

# Fields that only a mail program or server writes.
_CARRIED = frozenset(
    "received return-path message-id delivered-to dkim-signature x-mailer user-agent mime-version"
    " x-received envelope-to x-original-to".split()
)
_SENT = frozenset(("to", "cc", "bcc", "message-id", "received", "delivered-to", "return-path"))
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")
_NAMED = re.compile(r"^\s*(?P<name>.*?)\s*<[^<>]*>|^[^()]*\((?P<note>[^()]*)\)\s*$")
_BULK_NAME = re.compile(r"\s(?:from|at|@|von|bei|via)\s+(?P<outlet>[A-ZÀ-Þ].{1,60})$")
_OUTLET = re.compile(r"^[^\W\d_][\w .,'’&-]{2,59}$")
_FORWARD = re.compile(r"^\s*(?:(?:re|aw|sv|antw)\s*:\s*)*(?:fwd?|wg|tr|rv|i|doorst)\s*:", re.I)
MOST_QUOTES = 500  # quoted elements that are looked for in one mail
STUB_WORDS = 30  # a plain part with fewer may only say that there is an html part
READABLE = re.compile(
    r"\.(?:txt|md|html?|xhtml|mht|mhtml|pdf|docx|odt|rtf|epub|eml|mbox|jsonl?|csv|tsv|zip)$", re.I
)
_READABLE_TYPES = {
    "text/plain": ".txt",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "text/rtf": ".rtf",
    "application/rtf": ".rtf",
    "application/pdf": ".pdf",
    "application/json": ".json",
    "application/zip": ".zip",
    "application/epub+zip": ".epub",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "message/rfc822": ".eml",
}
_SEALED = ("/pgp-encrypted", "/pkcs7-mime", "/x-pkcs7-mime")
_QUOTE_MARKS = re.compile(r"gmail_quote|type=.?cite|yahoo_quoted|gmail_signature|moz-signature")
_QUOTE_PATHS = (
    "//blockquote[@type='cite'] | //*[contains(@class, 'yahoo_quoted')]"
    " | //*[contains(@class, 'gmail_quote') and not(contains(., 'Forwarded message'))]"
    " | //*[contains(@class, 'gmail_signature') or contains(@class, 'moz-signature')]"
)


def looks_like_mail(data: bytes) -> bool:
    """Header fields at its start that a mail program wrote; no mere "From: …" note."""
    names = set(mime.field_names(data))
    if "from" not in names and not names & {"received", "return-path"}:
        return False
    if len(names & _CARRIED) >= 1 and len(names & {"date", "subject", "to", "message-id"}) >= 1:
        return not looks_like_mhtml(data)
    if not {"from", "date", "subject"} <= names:
        return False
    message = mime.head(data)
    weekday = re.match(r"(?:[A-Za-z]{3},\s*)?\d{1,2} [A-Za-z]{3} \d{4} \d\d:", str(message["date"]))
    return weekday is not None and _ADDRESS.search(str(message["from"])) is not None


def looks_like_mhtml(data: bytes) -> bool:
    """A saved page in parts, as browsers write it; not a mail with pictures."""
    names = set(mime.field_names(data))
    if "content-type" not in names or names & _SENT:
        return False
    message = mime.head(data)
    kind = message.get_content_type()
    if kind not in ("multipart/related", "text/html"):
        return False
    saved = "snapshot-content-location" in names or "saved by" in str(message["from"]).lower()
    return saved or ("mime-version" in names and b"\ncontent-location:" in data[:65536].lower())


def read(data: bytes, name: str) -> Page:
    """The page of a mail or web archive. ValueError: encrypted, or nested too deeply."""
    message = mime.head(data)
    leaves, cut = mime.leaves(data)
    if looks_like_mhtml(data):
        return _archive(message, leaves)
    if any(leaf.content_type.endswith(_SEALED) for leaf in leaves):
        raise ValueError("encrypted mail")
    title = mime.field(message, "subject")
    plain, markup = _bodies(leaves)
    if plain.lstrip().startswith("-----BEGIN PGP MESSAGE-----"):
        raise ValueError("encrypted mail")
    page = _plain(plain, title)
    if markup.strip() and count_words(plain) < STUB_WORDS:
        rich = _rich(markup, title)
        if sum(line.words for line in rich.lines) >= sum(line.words for line in page.lines):
            page = rich
    if not page.lines:
        if cut:
            raise ValueError("mail parts nested too deeply")
        return Page("", (), "mail")
    return _titled(replace(page, meta=_meta(message, page.meta)), title)


def members(data: bytes, name: str) -> Iterator[Member]:
    """The attachments that may hold text, by their file names."""
    taken: set[str] = set()
    for number, leaf in enumerate(mime.leaves(data)[0], 1):
        if not _is_attachment(leaf):
            continue
        suffix = _READABLE_TYPES.get(leaf.content_type, "")
        label = re.split(r"[/\\]", leaf.file_name)[-1].strip(". ") or f"attachment {number}{suffix}"
        yield Member(mime.unique(label, taken), leaf.body)


def _is_attachment(leaf: mime.Leaf) -> bool:
    if leaf.content_type == "message/rfc822":
        return True
    if not leaf.file_name and not leaf.attached:
        return not leaf.content_type.startswith("text/") and leaf.content_type in _READABLE_TYPES
    return leaf.content_type in _READABLE_TYPES or READABLE.search(leaf.file_name) is not None


def _bodies(leaves: Sequence[mime.Leaf]) -> tuple[str, str]:
    """The text of the plain parts and the markup of the html parts shown in the mail."""
    shown = [leaf for leaf in leaves if not leaf.attached and not leaf.file_name]
    plain = [leaf for leaf in shown if leaf.content_type == "text/plain"]
    rich = [leaf for leaf in shown if leaf.content_type == "text/html"]
    texts = [_newlines(mime.decoded(leaf.body, leaf.charset)).strip("\n") for leaf in plain]
    markups = [mime.decoded(leaf.body, leaf.charset) for leaf in rich]
    joined = "\n\n".join(text for text in texts if text.strip())
    if markups and html.looks_like_html(joined):  # html that is declared as plain, twice
        joined = ""
    return joined, "\n".join(markups)


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _plain(text: str, title: str) -> Page:
    rows = text.split("\n")
    gone = quotes.dropped(rows, _FORWARD.match(title) is not None)
    lines: list[Line] = []
    start = position = 0
    for row, drop in [*zip(rows, gone, strict=True), ("", True)]:
        if drop:
            lines.extend(shifted(split_lines(text[start:position]), start))
            start = min(position + len(row) + 1, len(text))
        position = min(position + len(row) + 1, len(text))
    return Page(text, tuple(lines), "mail")


def _rich(markup: str, title: str) -> Page:
    """The page of an html part, its quotations left out of the lines."""
    page = html.read(markup, b"", "utf-8")
    texts = [line.text for line in page.lines]
    gone = quotes.dropped(texts, _FORWARD.match(title) is not None)
    if _QUOTE_MARKS.search(markup):
        _mark_elements(markup, texts, gone)
    keep = [n for n, drop in enumerate(gone) if not drop]
    keep = keep if any(page.lines[n].words for n in keep) else list(range(len(texts)))
    chosen = page.chosen
    if chosen is not None:
        chosen = tuple(chosen[n] for n in keep)
        chosen = chosen if any(chosen) else None
    lines = tuple(page.lines[n] for n in keep)
    return Page(page.source_text, lines, "mail", page.meta, chosen)


def _mark_elements(markup: str, texts: Sequence[str], gone: list[bool]) -> None:
    """Mark the lines of elements that mailers mark as quotation or signature."""
    root = html.parse(markup)
    first = 0
    seen: set[Any] = set()
    for element in [] if root is None else root.xpath(_QUOTE_PATHS)[:MOST_QUOTES]:
        if seen.intersection(element.iterancestors()):
            continue
        seen.add(element)
        wanted = _element_texts(element)
        for start in range(first, len(texts) - len(wanted) + 1):
            if wanted and texts[start : start + len(wanted)] == wanted:
                gone[start : start + len(wanted)] = [True] * len(wanted)
                first = start + len(wanted)
                break


def _element_texts(element: Any) -> list[str]:
    element.tail = None
    return [line.text for line in html.walk(element)[1]]


def shifted(lines: Sequence[Line], by: int) -> list[Line]:
    """The lines of a text that stands `by` characters into the source text."""
    return [replace(line, start=line.start + by, end=line.end + by) for line in lines]


def _titled(page: Page, title: str) -> Page:
    """The page with its subject as its first line."""
    if not title:
        return page
    above = title + "\n\n"
    line = make_line(title, 0, len(title), True)
    first = [] if line is None else [replace(line, heading=True)]
    chosen = page.chosen
    return replace(
        page,
        source_text=above + page.source_text,
        lines=(*first, *shifted(page.lines, len(above))),
        chosen=None if chosen is None else (*(False for _ in first), *chosen),
    )


def _meta(message: Message, of_page: Meta) -> Meta:
    sender = mime.field(message, "from")
    match = _NAMED.match(sender)
    author = (match["name"] or match["note"] or "").strip("\"' ") if match else ""
    language = mime.field(message, "content-language")[:2].lower()
    return Meta(
        title=mime.field(message, "subject") or None,
        outlet=_newsletter(message, author),
        author=author if author and not _ADDRESS.search(author) else None,
        published=_sent(str(message.get("date") or "")),
        url=of_page.url,
        language=language if re.fullmatch("[a-z]{2}", language) else of_page.language,
    )


def _newsletter(message: Message, author: str) -> str | None:
    """The outlet of a newsletter: its list's name, or what its sender is "from"."""
    listed = mime.field(message, "list-id").rpartition("<")[0].strip("\"' ")
    if _OUTLET.match(listed) and re.search(r"[^\W\d_]{3}", listed):
        return listed
    bulk = _BULK_NAME.search(author) if message.get("list-unsubscribe") else None
    return bulk["outlet"].strip() if bulk and not message.get("list-post") else None


def _sent(value: str) -> str | None:
    try:
        return parsedate_to_datetime(value[:200]).isoformat()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _archive(message: Message, leaves: Sequence[mime.Leaf]) -> Page:
    """The root page of a web archive."""
    wanted = str(message.get_param("start") or "").strip(" <>")
    pages = [leaf for leaf in leaves if leaf.content_type in ("text/html", "application/xhtml+xml")]
    if not pages:
        raise ValueError("web archive without a page")
    root = next((leaf for leaf in pages if wanted and leaf.content_id == wanted), pages[0])
    markup = mime.decoded(root.body, root.charset)
    page = html.read(markup, root.body, "utf-8" if root.charset else _encoding(root.body))
    places = (mime.field(message, "snapshot-content-location"), root.location)
    url = next((place for place in places if re.match("https?://", place)), None)
    title = page.meta.title or mime.field(message, "subject") or None
    return replace(page, meta=replace(page.meta, url=url or page.meta.url, title=title))


def _encoding(data: bytes) -> str:
    from ingest.decode import decode

    try:
        return decode(data)[1]
    except ValueError:
        return "cp1252"
