"""Do the words that a saved answer cites still stand in the sources as they are now?

Takes an answer and the library, gives one state for each citation: unchanged, moved, changed or
gone. Looks at the stored source texts, and at size and time of the files on the disk; reads no
file and changes nothing. The answer keeps its own words, whatever the sources say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core import spans
from core.records import Answer, Article, Citation
from index.finding.locate import fold
from index.scan import container
from index.store import Library, text_sha256

State = Literal["unchanged", "moved", "changed", "gone"]

MOVED = "The file has changed since this answer was made; these words stand in line {}."
LOST = "The file has changed since this answer was made, and these words are gone from it."
NOT_ON_DISK = "The file is not on the disk now; the library still has its text."
DISK_CHANGED = (
    "The file on the disk has changed since it was read: update the library to see whether these "
    "words still stand in it."
)


@dataclass(frozen=True, slots=True)
class SourceState:
    """How one citation of a saved answer stands now.

    `line`, `start` and `end` are where its words stand in the text that the library has now,
    None where they don't. `file_sha256` is that of the file's bytes, where the library still has
    just the text that was cited; else "".
    """

    number: int
    path: str
    state: State
    line: int | None
    note: str  # for a reader; "" where there is nothing to say
    file_sha256: str = ""
    start: int | None = None
    end: int | None = None


def states(library: Library, answer: Answer) -> tuple[SourceState, ...]:
    """One for each citation, in their order."""
    with library.snapshot():
        texts = {cited.path: library.source_text(cited.path) for cited in answer.citations}
        digests = {path: text_sha256(text) for path, text in texts.items() if text is not None}
        found = []
        for cited in answer.citations:
            text = texts[cited.path]
            if text is None:
                found.append(_gone(library, cited))
            elif digests[cited.path] == cited.source_sha256:
                found.append(_same(library, cited))
            else:
                found.append(_changed(library, cited, text))
    return tuple(found)


def place_now(cited: Citation, text: str) -> tuple[int, int] | None:
    """Where in the text the cited words stand, nearest to where they stood; None where they
    don't. Quotation marks, case and white space may differ."""
    if text[cited.start : cited.end] == cited.source_quote:
        return cited.start, cited.end
    found = _exact(text, cited.source_quote) or _folded(text, cited.source_quote)
    return min(found, key=lambda place: abs(place[0] - cited.start)) if found else None


def passage_now(words: str, start: int, articles: Sequence[Article]) -> tuple[tuple[int, int], ...]:
    """Where in the source text a passage's clean words stand, nearest to `start`: several ranges
    where something between them was removed, none where the words are gone."""
    for places_in in (_exact, _folded):  # folding a long text takes time
        found = []
        for article in articles:
            for low, high in places_in(article.text, words):
                pieces = spans.to_source(article.spans, low, high)
                found.append(tuple((piece.source_start, piece.source_end) for piece in pieces))
        if found:
            return min(found, key=lambda ranges: abs(ranges[0][0] - start))
    return ()


def _exact(text: str, words: str) -> list[tuple[int, int]]:
    return [(start, start + len(words)) for start in _places(text, words)]


def _folded(text: str, words: str) -> list[tuple[int, int]]:
    """Where the words stand with other marks, case or white space."""
    folded, origins = fold(text)
    wanted = fold(words)[0].strip()
    return [
        (origins[start], origins[start + len(wanted) - 1] + 1) for start in _places(folded, wanted)
    ]


def _places(text: str, words: str) -> list[int]:
    found = []
    place = text.find(words) if words else -1
    while place >= 0:
        found.append(place)
        place = text.find(words, place + 1)
    return found


def _same(library: Library, cited: Citation) -> SourceState:
    """The library has the cited text; the file on the disk may be another one by now."""
    state, note = _on_disk(library, cited.path)
    file = library.file(cited.path)
    digest = file.sha256 if file else ""
    place = (cited.start, cited.end)
    return SourceState(cited.number, cited.path, state, cited.line, note, digest, *place)


def _changed(library: Library, cited: Citation, text: str) -> SourceState:
    place = place_now(cited, text)
    if place is None:
        return SourceState(cited.number, cited.path, "changed", None, LOST)
    line = spans.line_of(spans.line_starts(text), place[0])
    in_place = place == (cited.start, cited.end)
    if in_place:
        note = "The file has changed since this answer was made; these words stand where they did."
    else:
        note = MOVED.format(line)
    state: State = "changed" if in_place else "moved"
    return SourceState(cited.number, cited.path, state, line, note, "", *place)


def _gone(library: Library, cited: Citation) -> SourceState:
    here = Path(container(library, cited.path)).exists()
    what = "is no longer in the library" if here else "is gone, from the library and from the disk"
    elsewhere = library.paths_of_text(cited.source_sha256)
    also = f" The same text stands in {elsewhere[0]}." if elsewhere else ""
    note = f"The file {what}.{also}"
    return SourceState(cited.number, cited.path, "gone", None, note)


def _on_disk(library: Library, path: str) -> tuple[State, str]:
    """Whether the file itself is another one than the library has read; by size and time."""
    file = container(library, path)
    known = library.file(file)
    try:
        now = Path(file).stat()
    except OSError:
        return "gone", NOT_ON_DISK
    if known is None or (now.st_size, now.st_mtime_ns) == (known.size, known.mtime_ns):
        return "unchanged", ""
    return "changed", DISK_CHANGED
