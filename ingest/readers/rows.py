"""Rows of a dump (field name → value) → `Page`, each row with text one `Part`. Pure.

Knows the usual names of an article's fields and the usual shapes of their values:
html, lists of paragraphs, objects with a name, seconds since 1970. The source text
is the rows' titles and texts in order, set apart by blank lines.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache

from ingest import dates
from ingest.clean import clean
from ingest.lines import Line, count_words, make_line, split_lines
from ingest.page import Meta, Page, Part
from ingest.readers import html
from ingest.readers.blocks import MOST_TEXT_CHARS, too_much

Row = Mapping[str, object]

FEWEST_WORDS = 5  # a column whose texts are all shorter holds no articles
# Names as `_folded` gives them, the surest first.
TEXTS = (
    "text fulltext articlebody articletext maintext bodytext body content contenttext"
    " contenthtml bodyhtml articlecontent storytext storybody cleanedtext cleantext rawtext"
    " article story html paragraphs"
).split()
TITLES = "title headline webtitle articletitle headlines name subject".split()
SUMMARIES = "description summary abstract excerpt".split()
_DATES = (
    "published datepublished datepublish publishdate publisheddate publishedat publishedtime"
    " publishedon publicationdate pubdate webpublicationdate date dateposted datetime createdat"
    " datecreated created timestamp time"
).split()
_URLS = "url link weburl articleurl canonicalurl sourceurl permalink uri href".split()
_AUTHORS = "author authors byline creator writer".split()
_OUTLETS = (
    "outlet source publisher publication sitename site newspaper sourcename sourcedomain domain"
    " hostname"
).split()
_LANGUAGES = "language lang inlanguage languagecode".split()
_INNER = "name rendered main value text original title full date href".split()

_TAGS = re.compile(r"</(?:p|div|h[1-6]|a|b|i|em|strong|span|ul|ol|li|body|article|table)\s*>"
                   r"|<(?:br|p|hr|img)\b[^<>]{0,500}>", re.IGNORECASE)  # fmt: skip
_ENTITY = re.compile(
    r"&(?:amp|lt|gt|quot|apos|nbsp|[lr][sd]quo|[nm]dash|hellip|#\d{2,6}|#x\w{2,5});"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_LONE = "\ufffd" * 3  # what decoding makes of the three bytes of one
_BY = re.compile(r"^(?:by|von|par|por|di)\s+(?=[A-ZÀ-Þ])", re.IGNORECASE)
_PARTIAL_DATE = re.compile(r"^(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2]))?$")
_COMPACT_DATE = re.compile(r"^((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?:T?\d{4,6}Z?)?$")
_EPOCHS = ((1, 10**8, 4 * 10**9), (10**3, 10**11, 4 * 10**12), (10**6, 10**14, 4 * 10**15))


def page(rows: Iterable[Row], kind: str) -> Page:
    """The page of the rows that have text. ValueError: more text than the limit."""
    source: list[str] = []
    lines: list[Line] = []
    parts: list[Part] = []
    length = 0
    for row in rows:
        between = "\n\n" if source else ""
        start = length + len(between)
        shown, own_lines, meta = _article(_fields(row), start)
        if not own_lines:
            continue
        parts.append(Part(len(lines), len(lines) + len(own_lines), meta))
        lines.extend(own_lines)
        source.append(between + shown)
        length = start + len(shown)
        if length > MOST_TEXT_CHARS:
            raise too_much()
    return Page("".join(source), tuple(lines), kind, parts=tuple(parts) if parts else None)


def text_words(row: Row) -> int:
    """How many words of text the row has; 0 where no field of it is a text."""
    return count_words(_text(_fields(row)))


def is_article(row: Row) -> bool:
    """Whether a single object is one by its own fields, not by what is inside it."""
    return count_words(_text(_named(row), summaries=False)) >= FEWEST_WORDS


@lru_cache(maxsize=1000)
def folded(name: str) -> str:
    """A field's name without case and signs: "publish_date" → "publishdate"."""
    return re.sub(r"[\W_]+", "", name.casefold())


def _fields(row: Row) -> dict[str, object]:
    """Values by folded name, the first that says something; an inner object with the
    text (as search services wrap it) counts as the row's own fields."""
    fields = _named(row)
    if not _text(fields):
        for value in row.values():
            inner = _named(value) if isinstance(value, Mapping) else {}
            if _text(inner):
                return {**fields, **inner}
    return fields


def _named(row: Row) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name, value in row.items():
        if value not in (None, "", [], {}):
            fields.setdefault(folded(str(name)), value)
    return fields


def _text(fields: Mapping[str, object], summaries: bool = True) -> str:
    for name in TEXTS:
        text = _string(fields[name], "\n\n") if name in fields else ""
        if text.strip():
            return text
    # A summary stands for the text only where the row surely is an article.
    if summaries and ("title" in fields or "headline" in fields):
        return _first(fields, SUMMARIES)
    return ""


def _first(fields: Mapping[str, object], names: Iterable[str], between: str = ", ") -> str:
    return next((text for name in names if (text := _string(fields.get(name), between))), "")


def _string(value: object, between: str = ", ", depth: int = 0) -> str:
    """A value as text: strings, lists of them, objects with a name, numbers."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if depth > 2:
        return ""
    if isinstance(value, list):
        pieces = (_string(item, between, depth + 1) for item in value)
        return between.join(piece for piece in pieces if piece)
    if isinstance(value, Mapping):
        inner = _named(value)
        return next(
            (t for name in _INNER if (t := _string(inner.get(name), between, depth + 1))), ""
        )
    return ""


def _article(fields: Mapping[str, object], start: int) -> tuple[str, list[Line], Meta]:
    """Text of one row, its lines where the text stands at `start`, its own metadata."""
    body, lines, meta = _body(_text(fields))
    if not lines:
        return "", [], meta
    title = _one_line(_first(fields, TITLES))
    headline = make_line(title, 0, len(title), True) if title else None
    above = title + "\n\n" if title else ""
    by = start + len(above)
    shown = [replace(line, start=line.start + by, end=line.end + by) for line in lines]
    if headline is not None:
        shown.insert(0, replace(headline, start=start, end=start + len(title), heading=True))
    return above + body, shown, _meta(fields, clean(title), meta)


def _body(value: str) -> tuple[str, list[Line], Meta]:
    """The visible text of a value, its lines, and what a whole page in it says."""
    value = _sound(value)
    if html.looks_like_html(value) and re.match(r"\s*<(?:!doctype|html|\?xml|!--)", value, re.I):
        found = html.read(value, b"", "utf-8")
        chosen = found.chosen or [True] * len(found.lines)
        kept = [line for line, yes in zip(found.lines, chosen, strict=True) if yes]
        return found.source_text, kept, found.meta
    if _TAGS.search(value):
        root = html.parse(value)
        source, lines = ("", []) if root is None else html.walk(root)
        return source, lines, Meta()
    text = _unescaped(value).replace("\r\n", "\n").replace("\r", "\n").strip()
    return text, split_lines(text), Meta()


def _sound(text: str) -> str:
    """Pairs of escaped surrogates joined; lone ones as decoding leaves them in a text file."""
    if not _SURROGATES.search(text):
        return text
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return _SURROGATES.sub(_LONE, whole)


def _unescaped(text: str) -> str:
    return _sound(entities.unescape(text)) if _ENTITY.search(text) else text


def _one_line(text: str) -> str:
    text = re.sub(r"<[^<>]{1,200}>", "", text) if _TAGS.search(text) else text
    return " ".join(_unescaped(_sound(text)).replace(_LONE, "").split())


def _meta(fields: Mapping[str, object], title: str, of_page: Meta) -> Meta:
    url = _first(fields, _URLS)
    outlet = _one_line(_first(fields, _OUTLETS))
    author = _BY.sub("", _one_line(_first(fields, _AUTHORS)))
    language = _first(fields, _LANGUAGES)[:2].lower()
    named = bool(outlet) and len(outlet) <= 100 and "://" not in outlet
    return Meta(
        title=title or of_page.title,
        outlet=outlet if named else of_page.outlet,
        author=author if 0 < len(author) <= 300 and not author.isdigit() else of_page.author,
        published=_published(fields) or of_page.published,
        url=url if re.match(r"https?://\S+$", url) else of_page.url,
        language=language if re.fullmatch("[a-z]{2}", language) else of_page.language,
    )


def _published(fields: Mapping[str, object]) -> str | None:
    for name in _DATES:
        if found := date_of(_string(fields.get(name))):
            return found
    return None


def date_of(value: str) -> str | None:
    """ISO date of a date's text; a number counts as seconds (or finer) since 1970."""
    value = value[:100]
    if _PARTIAL_DATE.match(value):
        return value
    compact = _COMPACT_DATE.match(value)
    if compact:
        value = "-".join(compact.groups())
    if re.fullmatch(r"\d{9,17}(?:\.\d*)?", value):
        for unit, least, most in _EPOCHS:
            if least <= float(value) <= most:
                return datetime.fromtimestamp(float(value) / unit, UTC).date().isoformat()
        return None
    found = dates.find(value)
    return found[0] if found else None
