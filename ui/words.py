"""Values as the reader of a page sees them: dates, sources, counts, durations.

Pure, and the same everywhere: `Outlet · 12 Jul 2025`; unknown is "no date".
"""

from __future__ import annotations

import sqlite3
import unicodedata
from datetime import datetime
from pathlib import Path, PurePath
from urllib.parse import urlsplit

from core import shortage
from core.errors import AppError
from core.records import Answer, Citation, Claim
from core.settings import Settings

SERVED = "server:"  # before the name of a server's model
PROJECT = Path(__file__).resolve().parents[1]  # the demo's files lie in it
# Failures that a page tells in words: our own, and those of a disk. Others are faults of the app.
NAMED = (AppError, sqlite3.Error, OSError, MemoryError)
DISK = "The library's disk did not answer: {}. Look whether it is full or gone, then try again."
# Bidirectional classes of characters that have no shape and turn what stands around them.
_STEERING = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))
_MONTHS = (
    "January February March April May June July August September October November December"
).split()


_LANGUAGES = dict(
    pair.split("=")
    for pair in (
        "ar=Arabic bg=Bulgarian bn=Bengali ca=Catalan cs=Czech da=Danish de=German el=Greek"
        " en=English es=Spanish et=Estonian fa=Persian fi=Finnish fr=French he=Hebrew hi=Hindi"
        " hr=Croatian hu=Hungarian id=Indonesian it=Italian ja=Japanese ko=Korean lt=Lithuanian"
        " lv=Latvian nl=Dutch no=Norwegian pl=Polish pt=Portuguese ro=Romanian ru=Russian"
        " sk=Slovak sl=Slovenian sq=Albanian sr=Serbian sv=Swedish th=Thai tr=Turkish"
        " uk=Ukrainian ur=Urdu vi=Vietnamese zh=Chinese"
    ).split()
)


def language_words(code: str) -> str:
    """`en` → `English`; a code that has no name here stays a code."""
    return _LANGUAGES.get(code.lower(), code)


def failure_words(error: Exception) -> str:
    """A failure of `NAMED`: what happened, and what to do next."""
    if isinstance(error, AppError):
        return str(error)
    return shortage.told(error) or DISK.format(error)


def date_words(published: str | None, long: bool = False) -> str:
    """`2025-07-12` → `12 Jul 2025` (long: `12 July 2025`); year or month alone stay so."""
    if not published:
        return "no date"
    year, *rest = published[:10].split("-")
    if not rest or not rest[0].isdecimal() or not 1 <= int(rest[0]) <= 12:
        return year
    month = _MONTHS[int(rest[0]) - 1]
    month = month if long else month[:3]
    if len(rest) < 2 or not rest[1].isdecimal():
        return f"{month} {year}"
    return f"{int(rest[1])} {month} {year}"


def moment_words(moment: str) -> str:
    """`2025-07-12T10:00:00+00:00` → `12 Jul 2025, 12:00`, in the time of this machine."""
    try:
        here = datetime.fromisoformat(moment).astimezone()
    except ValueError:
        return date_words(moment)
    return f"{date_words(here.date().isoformat())}, {here:%H:%M}"


def dates_words(after: str | None, before: str | None) -> str:
    """`from Mar 2025 to 12 Jul 2025`, `of Mar 2025` where both are one; `any date`."""
    if after and after == before:
        return f"of {date_words(after)}"
    parts = [f"from {date_words(after)}"] if after else []
    parts += [f"to {date_words(before)}"] if before else []
    return " ".join(parts) or "any date"


def source_words(outlet: str | None, published: str | None, path: str) -> str:
    """`Outlet · 12 Jul 2025`; the file's name stands in for an unknown outlet."""
    return f"{isolated(outlet or file_name(path))} · {date_words(published)}"


def unsteered(text: str) -> str:
    """A text without marks of direction, as a file's name may have them: nobody sees them, and
    they turn what follows, also where the text is pasted."""
    return "".join(one for one in text if unicodedata.bidirectional(one) not in _STEERING)


def isolated(name: str) -> str:
    """A name for a line of other words: its own marks of direction, which nobody sees, are left
    out, and one that is written from right to left is kept from turning what follows it."""
    shown = unsteered(name)
    turns = any(unicodedata.bidirectional(one) in ("R", "AL", "AN") for one in shown)
    return f"\u2068{shown}\u2069" if turns else shown


def citation_label(citation: Citation) -> str:
    """What a screen reader says for a mark."""
    outlet = citation.outlet or file_name(citation.path)
    date = date_words(citation.published, long=True)
    page = f", page {citation.page}" if citation.page else ""
    return f"citation {citation.number}: {outlet}, {date}{page}, line {citation.line}"


def file_name(path: str) -> str:
    return _with_marks_shown(PurePath(path).name)


def _with_marks_shown(name: str) -> str:
    """A file's name in which each mark of direction can be seen: a hidden one could make
    "a⟨U+202E⟩gnp.html" read as a picture."""
    return "".join(
        f"⟨U+{ord(one):04X}⟩" if unicodedata.bidirectional(one) in _STEERING else one
        for one in name
    )


def literal(text: str) -> str:
    """For a label of Streamlit's own, which reads Markdown: every mark of it is escaped."""
    return "".join(f"\\{one}" if one in "\\`*_{}[]()#+-.!|<>~$:&" else one for one in text)


def count_words(count: int, one: str, many: str | None = None) -> str:
    """`1 sentence`, `1,204 articles`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def seconds_words(seconds: float) -> str:
    """`0.4 s`, `41 s`, `3 min`, `2 h 5 min`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def size_words(size: int) -> str:
    """`812 bytes`, `14 KB`, `3.2 MB`, `491 MB`, `2.0 GB`."""
    if size < 1000:
        return count_words(size, "byte")
    if size < 1_000_000:
        return f"{size / 1000:.0f} KB"
    if size < 999_500_000:
        return f"{size / 1_000_000:.{1 if size < 99_950_000 else 0}f} MB"
    return f"{size / 1_000_000_000:.1f} GB"


# What the catalogue's models are called where people read; their ids stay what they are.
MODEL_TITLES = {
    "all-minilm-l6-v2": "MiniLM L6",
    "smollm2-135m-instruct": "SmolLM2 135M",
    "qwen2.5-0.5b-instruct": "Qwen2.5 0.5B",
    "qwen2.5-1.5b-instruct": "Qwen2.5 1.5B",
    "llama-3.2-1b-instruct": "Llama 3.2 1B",
    "llama-3.2-3b-instruct": "Llama 3.2 3B",
    "qwen3-4b-instruct-2507": "Qwen3 4B",
}


def model_words(model: str | None) -> str:
    """The way an answer was made: `quotations`, or the model's title, else its
    name without its ending, a server's as `qwen3:4b on your server`."""
    if model is None:
        return "quotations"
    if is_served(model):
        return f"{model.removeprefix(SERVED) or 'a model'} on your server"
    return MODEL_TITLES.get(model, model.removesuffix(".gguf"))


def is_served(model: str) -> bool:
    """Whether it is one of the user's own server."""
    return model.startswith(SERVED)


def answer_status(answer: Answer) -> str:
    """`3 sentences, all supported · SmolLM2 · 2.1 s`; left-out ones are counted elsewhere."""
    supported = sum(claim.verdict == "supported" for claim in answer.claims)
    time = seconds_words(answer.timings.total_seconds)
    if answer.status == "not_found":
        return f"{model_words(answer.model)} · {time}"
    if answer.model is None:
        return f"{count_words(supported, 'quotation')}, word for word · {time}"
    made = f"{count_words(supported, 'sentence')}, {'all ' if supported > 1 else ''}supported"
    return f"{made} · {model_words(answer.model)} · {time}"


def value_label(claim: Claim, source: Citation) -> str:
    """What leads a claim where the sources differ: `20 March 2025, earlier: £4.2 million`."""
    earlier = ", earlier" if claim.earlier else ""
    return f"{date_words(source.published, long=True)}{earlier}: {claim.value}"


def left_out_reason(claim: Claim) -> str:
    return claim.reason or "the sources don't say this"


def path_words(path: str) -> str:
    """A path as it is shown: short for the demo's files and under the user's own folder."""
    for folder, name in ((PROJECT, ""), (Path.home(), "~")):
        if PurePath(path).is_relative_to(folder):
            return _with_marks_shown(str(PurePath(name) / PurePath(path).relative_to(folder)))
    return _with_marks_shown(path)


def folder_words(settings: Settings, path: str) -> str:
    """A folder as it is called in the library list."""
    if PurePath(path) == settings.uploads_path:
        return "Files you dropped here"
    return path_words(path)


def way(model: str) -> str:
    """A way of answering: "none" for quotations, else a model's name."""
    return "Quotations" if model == "none" else f"Written by {model_words(model)}"


def host_words(address: str) -> str:
    """`https://huggingface.co/x` → `huggingface.co`."""
    return urlsplit(address).netloc


def network_words(settings: Settings) -> str:
    """What the app talks to: nothing, or the server that the user's settings name."""
    if settings.milvus and "://" in settings.milvus:
        return "network: your Milvus server"
    return "no network use"
