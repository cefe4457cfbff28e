"""A citation or an article as others write it: plain, Markdown footnote, BibTeX, CSL-JSON.

Takes a `Reference`, gives text to paste. All of it is data: what could be markup or a command in
the target is escaped, and an address is given only where it is one of the web. Looks nothing up.
BibTeX: the field names of BibTeX and biblatex, https://ctan.org/pkg/biblatex. CSL-JSON: version
1.0.2, https://docs.citationstyles.org/en/stable/specification.html.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import urlsplit

from answer.export import markdown
from core.records import Article, Citation

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
    "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
KEY_WORDS = 2  # of the title, in a key


@dataclass(frozen=True, slots=True)
class Reference:
    """What is cited. `line` 0 and `quote` "" stand for the article as a whole."""

    title: str
    outlet: str | None
    author: str | None
    published: str | None  # ISO 8601, possibly only a year or a month
    url: str | None
    language: str | None
    path: str
    page: int | None = None
    line: int = 0
    quote: str = ""


def of_article(article: Article) -> Reference:
    return Reference(
        title=article.title,
        outlet=article.outlet,
        author=article.author,
        published=article.published,
        url=article.url,
        language=article.language,
        path=article.path,
    )


def of_citation(citation: Citation, article: Article | None = None) -> Reference:
    """`article`: the one that the words stand in, which knows its author and address."""
    return Reference(
        title=citation.title,
        outlet=citation.outlet,
        author=article.author if article else None,
        published=citation.published,
        url=article.url if article else None,
        language=article.language if article else None,
        path=citation.path,
        page=citation.page,
        line=citation.line,
        quote=citation.quote,
    )


def plain(cited: Reference) -> str:
    """`“Words” — Outlet, “Title”, 12 July 2025, file.txt, page 2, line 43`."""
    title = f"“{cited.title}”" if cited.title else ""
    parts = [cited.author, cited.outlet, title, _day_words(cited.published), _place(cited)]
    source = ", ".join(part for part in parts if part)
    return f"“{cited.quote}” — {source}" if cited.quote else source


def footnote(cited: Reference, label: str = "") -> str:
    """`[^label]: …` in Markdown. Words of the source are escaped; only the address is a link."""
    title = f"“{markdown(cited.title)}”" if cited.title else ""
    outlet = f"*{markdown(cited.outlet)}*" if cited.outlet else ""
    url = web_address(cited.url)
    address = f"<{url}>" if url else ""
    author = markdown(cited.author) if cited.author else ""
    parts = [author, title, outlet, _day_words(cited.published), markdown(_place(cited)), address]
    quote = f": “{markdown(cited.quote)}”" if cited.quote else ""
    return f"[^{label or key(cited)}]: {', '.join(part for part in parts if part)}{quote}"


def bibtex(cited: Reference) -> str:
    """`@article` where the outlet is known, else `@misc`."""
    year, month, day = _date(cited.published)
    fields = [
        ("title", f"{{{_tex(cited.title)}}}" if cited.title else ""),
        ("author", f"{{{_tex(cited.author)}}}" if cited.author else ""),
        ("journal", _tex(cited.outlet or "")),
        ("date", "-".join(f"{part:02}" for part in (year, month, day) if part)),
        ("year", str(year) if year else ""),
        ("month", str(month) if month else ""),
        ("pages", str(cited.page) if cited.page else ""),
        ("url", _tex_address(web_address(cited.url) or "")),
        ("langid", _tex(cited.language or "")),
        ("note", _tex(_note(cited))),
    ]
    lines = [f"  {name} = {{{value}}}," for name, value in fields if value]
    kind = "article" if cited.outlet else "misc"
    return "\n".join([f"@{kind}{{{key(cited)},", *lines, "}"])


def csl_json(cited: Reference) -> str:
    """A list with one item, as citation managers import it."""
    date = [part for part in _date(cited.published) if part]
    item = {
        "id": key(cited),
        "type": "article-newspaper" if cited.outlet else "document",
        "title": cited.title,
        "container-title": cited.outlet,
        "author": [{"literal": cited.author}] if cited.author else None,
        "issued": {"date-parts": [date]} if date else None,
        "page": str(cited.page) if cited.page else None,
        "URL": web_address(cited.url),
        "language": cited.language,
        "note": _note(cited),
    }
    present = {name: value for name, value in item.items() if value}
    return json.dumps([present], ensure_ascii=False, indent=2)


FORMS = {
    "Plain text": plain,
    "Markdown footnote": footnote,
    "BibTeX": bibtex,
    "CSL-JSON": csl_json,
}


def key(cited: Reference) -> str:
    """`hallowmouth2025council`: letters and digits of ASCII alone, the same for one article."""
    outlet = _words(cited.outlet or PurePath(cited.path).stem)[:1]
    year, _, _ = _date(cited.published)
    title = _words(cited.title)[:KEY_WORDS]
    return "".join([*outlet, str(year or ""), *title]) or "article"


def _words(text: str) -> list[str]:
    plain_letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return [word for word in re.findall(r"[a-z0-9]+", plain_letters) if len(word) > 2]


def _place(cited: Reference) -> str:
    page = f", page {cited.page}" if cited.page else ""
    line = f", line {cited.line}" if cited.line else ""
    return f"{PurePath(cited.path).name}{page}{line}"


def _note(cited: Reference) -> str:
    return f"{_place(cited)}: “{cited.quote}”" if cited.quote else _place(cited)


def _date(published: str | None) -> tuple[int, int, int]:
    """Year, month and day; 0 for what isn't known."""
    match = _DATE.match(published or "")
    if match is None:
        return 0, 0, 0
    year, month, day = (int(part or 0) for part in match.groups())
    return (year, month, day) if 1 <= month <= 12 else (year, 0, 0)


def _day_words(published: str | None) -> str:
    year, month, day = _date(published)
    if not year:
        return "no date"
    if not month:
        return str(year)
    return f"{day} {_MONTHS[month - 1]} {year}" if day else f"{_MONTHS[month - 1]} {year}"


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in " ".join(text.split()))


def _tex_address(url: str) -> str:
    """Braces and backslashes have no place in an address; they'd end the field."""
    return re.sub(r"[\\{}]", lambda match: f"%{ord(match[0]):02X}", url)


def web_address(url: str | None) -> str | None:
    """None where it isn't one of http or https, or has a character that ends it elsewhere."""
    if not url or re.search(r"[\s<>\"`]", url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None
