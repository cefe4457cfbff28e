"""An answer as an evidence pack: Markdown, standalone HTML or JSON. Pure.

Takes an answer and how its sources stand (`answer/standing.py`), gives one text. Every word of a
file, a model or a person is escaped: it shows as it is and never becomes markup, a link, a
picture or code. `answer_of_json` gives the same answer back.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from html import escape
from itertools import zip_longest
from typing import Any, Literal

from answer.desk import answer_from_dict, answer_to_dict
from answer.standing import SourceState
from core.records import Answer, Citation, Claim

Form = Literal["md", "html", "json"]
FORMS: tuple[Form, ...] = ("md", "html", "json")
PACK_FORMAT = 1  # of the JSON pack

# What an escaped text could still do: turn the direction of the words around it, or hide.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
# What Markdown, or an extension of it, takes for a mark: anywhere; at the beginning; in pairs.
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#|~$^&!]|^[-+=]|(?<=\d)[.)](?= |$)|:(?=[^\s\d])|=(?==)")
# Readers of Markdown make links of plain addresses too: a character without width parts them.
_ADDRESS = re.compile(r"(?<=\w)\.(?=[^\W\d])|\\:(?=/)|@(?=\w)")
_LITERAL = {"File", "Answer", "Follows", "SHA-256 of the text", "SHA-256 of the file’s bytes"}


def export(answer: Answer, states: Sequence[SourceState], form: Form) -> str:
    """The pack as text, to be stored as UTF-8."""
    if form == "json":
        return _as_json(answer, states)
    return (_as_html if form == "html" else _as_markdown)(answer, states)


def answer_of_json(text: str) -> Answer:
    """The answer of a JSON pack. Raises ValueError, KeyError or TypeError where it is none."""
    pack = json.loads(text)
    if pack["format"] != PACK_FORMAT:
        raise ValueError(f"A pack of format {pack['format']}, which this version does not know.")
    return answer_from_dict(pack["answer"])


def facts(answer: Answer) -> list[tuple[str, str]]:
    """What was asked, how and when: (name, value), without empty values."""
    filters = answer.filters
    chosen = [
        f"{name} {value}"
        for name, value in (
            ("from", filters.after), ("to", filters.before), ("outlet", filters.outlet),
            ("path", filters.path), ("language", filters.language),
            *(("folder", folder) for folder in filters.folders),
            ("chosen articles:", len(filters.articles)),
        )
        if value
    ]  # fmt: skip
    resolved = answer.resolved_question if answer.resolved_question != answer.question else ""
    rows = [
        ("Question", answer.question),
        ("Asked as", resolved),
        ("Limited to", ", ".join(chosen)),
        ("Result", "answered" if answer.status == "answered" else "not found in the articles"),
        ("Written by", _writer(answer)),
        ("Model asked", answer.asked_model if answer.asked_model != answer.model else None),
        ("Found with", f"encoder {answer.encoder}" if answer.encoder else "keywords alone"),
        ("Made", answer.created),
        ("Answer", answer.answer_id),
        ("Follows", answer.follows or ""),
    ]
    return [(name, value) for name, value in rows if value]


def citation_facts(cited: Citation, state: SourceState | None) -> list[tuple[str, str]]:
    """Where a quotation stands, and what proves it."""
    page = f"page {cited.page}, " if cited.page else ""
    rows = [
        ("Title", cited.title),
        ("Source", f"{cited.outlet or 'no outlet'} · {cited.published or 'no date'}"),
        ("File", cited.path),
        ("Place", f"{page}line {cited.line}, characters {cited.start} to {cited.end} of the text"),
        ("SHA-256 of the text", cited.source_sha256),
        ("SHA-256 of the file’s bytes", state.file_sha256 if state else ""),
        ("When exported", f"{state.state}. {state.note}".strip() if state else ""),
    ]
    return [(name, value) for name, value in rows if value]


def visible(text: str) -> str:
    """The text on one line, without control characters; what is invisible is named (U+202E)."""
    return exact(" ".join(text.split()))


def exact(text: str) -> str:
    """The same with every space as it is, for what is to be copied: paths."""
    shown = _INVISIBLE.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)
    return "".join("�" if unicodedata.category(c) in ("Cc", "Cs") else c for c in shown)


def markdown(text: str) -> str:
    """Text that no reader of Markdown takes for markup, a link or an address."""
    escaped = _MARKDOWN.sub(r"\\\g<0>", visible(text))
    return _ADDRESS.sub(lambda match: f"{match[0]}&#8203;", escaped)


def _code(text: str) -> str:
    """A code span: for paths and hashes, which must be copied as they are."""
    shown = exact(text)
    fence = "`" * (max(map(len, re.findall("`+", shown)), default=0) + 1)
    pad = " " if {shown[:1], shown[-1:]} & {"`", " "} else ""  # one space at each end is dropped
    return f"{fence}{pad}{shown}{pad}{fence}"


def _row(name: str, value: str) -> str:
    return f"- {name}: {_code(value) if name in _LITERAL else markdown(value)}"


def _supported(answer: Answer) -> list[Claim]:
    return [claim for claim in answer.claims if claim.verdict == "supported"]


def _left_out(answer: Answer) -> list[Claim]:
    return [claim for claim in answer.claims if claim.verdict != "supported"]


def _as_json(answer: Answer, states: Sequence[SourceState]) -> str:
    pack: dict[str, Any] = {
        "format": PACK_FORMAT,
        "hashes": "source_sha256: of the source text, UTF-8; file_sha256: of the file's bytes",
        "answer": answer_to_dict(answer),
        "sources": [asdict(state) for state in states],
    }
    return json.dumps(pack, ensure_ascii=False, indent=1) + "\n"


def _as_markdown(answer: Answer, states: Sequence[SourceState]) -> str:
    by_number = {state.number: state for state in states}
    lines = [f"# {markdown(answer.resolved_question)}", ""]
    lines += [_row(name, value) for name, value in facts(answer)]
    lines += ["", "## Answer", ""]
    for claim in _supported(answer):
        marks = "".join(f" \\[{number}\\]" for number in claim.citations)
        lines += [markdown(claim.text) + marks, ""]
    if answer.status == "not_found":
        lines += ["The articles do not say.", ""]
    lines += [line for text in _remarks(answer) for line in (markdown(text), "")]
    if answer.citations:
        lines += ["## Sources", ""]
    for cited in answer.citations:
        lines += [f"### {cited.number}", "", f"> {markdown(cited.quote)}", ""]
        known = citation_facts(cited, by_number.get(cited.number))
        lines += [*(_row(name, value) for name, value in known), ""]
    if answer.status == "not_found" and answer.nearest:
        lines += ["## The nearest passages", ""]
        for text, place, path, rest in _near(answer):
            where = f"{markdown(place)} · {_code(path)}, {markdown(rest)}"
            lines += [f"> {markdown(text)}", "", where, ""]
    if left_out := _left_out(answer):
        lines += ["## Left out: not in the articles", ""]
        lines += [f"- {markdown(claim.text)} ({markdown(_reason(claim))})" for claim in left_out]
    return "\n".join(lines).rstrip() + "\n"


def _remarks(answer: Answer) -> list[str]:
    return [text for text in (answer.differs, answer.shortfall, *answer.notes) if text]


def _reason(claim: Claim) -> str:
    return claim.reason or "the sources don't say this"


def _near(answer: Answer) -> list[tuple[str, str, str, str]]:
    """The nearest passages where nothing was found: their words, their article, its path, and
    the line with what they lack."""
    found = []
    for hit, lacks in zip_longest(answer.nearest, answer.shortfalls[: len(answer.nearest)]):
        outlet = f"{hit.outlet or 'no outlet'} · {hit.published or 'no date'}"
        rest = f"line {hit.line} · {lacks}" if lacks else f"line {hit.line}"
        found.append((hit.text, f"{hit.title} · {outlet}", hit.path, rest))
    return found


_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.6 Charter, Georgia, Cambria, serif; max-width: 42rem; margin: 3rem auto;
  padding: 0 1.2rem; }
h1 { font-size: 1.5rem; line-height: 1.3; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
dl { font: 0.86rem/1.5 system-ui, sans-serif; display: grid; gap: 0.1rem 1rem;
  grid-template-columns: max-content minmax(0, 1fr); }
dt { opacity: 0.7; } dd { margin: 0; overflow-wrap: anywhere; } .exact { white-space: pre-wrap; }
blockquote { border-left: 3px solid #c9a227; margin: 0.4rem 0; padding-left: 1rem; }
sup a { text-decoration: none; padding: 0 0.1em; } s { opacity: 0.7; }
li { margin: 0.5rem 0; } section { break-inside: avoid; } .note { opacity: 0.75; }
bdi { unicode-bidi: isolate; } @media print { body { margin: 0; max-width: none; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def _as_html(answer: Answer, states: Sequence[SourceState]) -> str:
    by_number = {state.number: state for state in states}
    parts = [_list(facts(answer)), "<h2>Answer</h2>"]
    for claim in _supported(answer):
        marks = "".join(f'<sup><a href="#c{n}">{n}</a></sup>' for n in claim.citations)
        parts.append(f"<p>{_text(claim.text)}{marks}</p>")
    if answer.status == "not_found":
        parts.append("<p>The articles do not say.</p>")
    parts += [f'<p class="note">{_text(text)}</p>' for text in _remarks(answer)]
    if answer.citations:
        parts.append("<h2>Sources</h2>")
    for cited in answer.citations:
        known = _list(citation_facts(cited, by_number.get(cited.number)))
        quote = f"<blockquote>{_text(cited.quote)}</blockquote>"
        number = cited.number
        parts.append(f'<section id="c{number}"><h3>{number}</h3>{quote}{known}</section>')
    if answer.status == "not_found" and answer.nearest:
        parts.append("<h2>The nearest passages</h2>")
        for text, place, path, rest in _near(answer):
            quote = f"<blockquote>{_text(text)}</blockquote>"
            where = f"{_text(place)} · {_exact(path)}, {_text(rest)}"
            parts.append(f'<section>{quote}<p class="note">{where}</p></section>')
    if left_out := _left_out(answer):
        rows = "".join(
            f"<li><s>{_text(claim.text)}</s> <span class=note>{_text(_reason(claim))}</span></li>"
            for claim in left_out
        )
        parts.append(f"<h2>Left out: not in the articles</h2><ul>{rows}</ul>")
    title = _text(answer.resolved_question)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(visible(answer.resolved_question))}</title>"
        f"<style>{_STYLE}</style></head>\n"
        f"<body><h1>{title}</h1>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def _text(text: str) -> str:
    """Escaped, and kept from turning the direction of what stands around it."""
    return f"<bdi>{escape(visible(text))}</bdi>"


def _exact(text: str) -> str:
    return f'<bdi class="exact">{escape(exact(text))}</bdi>'


def _list(rows: Sequence[tuple[str, str]]) -> str:
    items = [
        f"<dt>{escape(name)}</dt><dd>{(_exact if name in _LITERAL else _text)(value)}</dd>"
        for name, value in rows
    ]
    return f"<dl>{''.join(items)}</dl>"


def _writer(answer: Answer) -> str:
    """ "" where nothing was written: an answer that found nothing."""
    if answer.status == "not_found":
        return ""
    return answer.model or "nobody: the sentences are quotations, word for word"
