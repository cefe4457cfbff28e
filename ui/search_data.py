"""A search and what it found → the data of the search page. Pure.

Python cuts the texts into parts, because offsets count code points and JavaScript counts
UTF-16 units. A part is [text, kind]: kind "" is plain, "hit" a word that was searched for,
"cut" a sign that something is not shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from core.records import Filters
from ui import scope_data, search_names, words
from ui.quotation_data import place_key
from ui.reader_data import Place
from ui.time_data import time_data

if TYPE_CHECKING:
    from index.finding.facets import Facets
    from index.finding.mentions import Sort

Data = dict[str, Any]
Part = list[Any]

SORTS = ("relevance", "date", "oldest")
WORDS_LIMIT = 2000  # characters; a longer text is no search
PAGE_HITS = 20  # shown at first, and more with each press
BEST_LIMIT = 100  # of the best passages; every mention can be listed to the end
SNIPPET_CHARS = 320
BEFORE_CHARS = 90  # of the snippet, before the sentence that it is about


@dataclass(frozen=True, slots=True)
class Search:
    """What a visitor looks for. `everything`: every article with all the words, not the best
    passages; `is_typing`: the words are not complete yet; `literal`: words for a time are searched
    for like others."""

    words: str = ""
    filters: Filters = Filters()
    sort: Sort = "relevance"
    everything: bool = False
    is_typing: bool = False
    literal: bool = False
    shown: int = PAGE_HITS


@dataclass(frozen=True, slots=True)
class Result:
    """One hit as it is shown. Ranges are in `title` and `text`; `place`: where the reader opens."""

    title: str
    text: str
    outlet: str | None
    published: str | None
    title_marks: tuple[tuple[int, int], ...]
    text_marks: tuple[tuple[int, int], ...]
    sentence: tuple[int, int]  # of the text: what the hit is about
    place: Place
    copies: int  # other files that tell the same story


@dataclass(frozen=True, slots=True)
class Found:
    """`mentions`: counts of the articles that have all the words; `library`: of all articles.
    `by_words`: no model was there to search by meaning. `taken`: words of the search that
    became dates in `filters`, which `results` and `mentions` are under, "" where none did;
    `words`: those that are left, which were looked for."""

    results: tuple[Result, ...]
    has_more: bool
    mentions: Facets
    library: Facets
    undated_left_out: int = 0
    by_words: bool = False
    taken: str = ""
    words: str = ""
    filters: Filters = Filters()


@dataclass(slots=True)
class Held:
    """What one visitor has on the search page. `serial`: of the newest words that were sent;
    `found`: by the state of the library and the search; `places`: of all results that this state
    has shown, by their keys; `finding`: letters of the names looked for in each list of filters;
    `reader`: its key and place; `written`: the address as the page has written it."""

    home: str
    search: Search
    serial: int = 0
    found: tuple[tuple[str, Search], Found] | None = None
    places: dict[str, Place] = field(default_factory=dict)
    finding: dict[str, str] = field(default_factory=dict)
    examples: list[str] | None = None
    reader: tuple[str, Place] | None = None
    opened: int = 0
    message: str = ""
    written: dict[str, list[str]] = field(default_factory=dict)


def changed(search: Search, action: Data) -> Search:
    """The search after what was pressed. Dates are taken as they are, to be checked."""
    kind, search = action["type"], replace(search, shown=PAGE_HITS)
    if kind == "words":
        words_now = str(action["words"])[:WORDS_LIMIT]
        literal = search.literal and words_now == search.words
        return replace(search, words=words_now, is_typing=bool(action["typing"]), literal=literal)
    search = replace(search, is_typing=False)
    if kind == "sort" and action["value"] in SORTS:
        return replace(search, sort=action["value"])
    if kind == "everything":
        return replace(search, everything=bool(action["on"]))
    if kind == "literal":
        return replace(search, literal=True)
    if kind == "filter":
        return replace(search, filters=_filtered(search.filters, action))
    return search


def _filtered(filters: Filters, action: Data) -> Filters:
    """One filter changed; a value that was chosen already is taken back, "" takes back any."""
    name, value = action["name"], str(action.get("value") or "")
    if name == "dates":
        after, before = (str(action[key] or "") or None for key in ("after", "before"))
        return replace(filters, after=after, before=before)
    if name == "folders":
        kept = tuple(one for one in filters.folders if one != value)
        added = (value,) if value not in filters.folders else ()
        return replace(filters, folders=(*kept, *added) if value else ())
    if name in ("path", "articles"):
        return scope_data.without(filters, name, value)
    if name in ("outlet", "language"):
        is_same = value.casefold() == (getattr(filters, name) or "").strip().casefold()
        chosen = None if is_same or not value else value
        return replace(filters, **{name: chosen})  # type: ignore[arg-type]  # by name
    return Filters() if name == "all" else filters


def search_data(held: Held, found: Found) -> Data:
    """The whole page but for its limits, examples and reader."""
    search, finding = held.search, held.finding
    asked = bool(search.words.strip())
    counts = found.mentions if asked else found.library
    filters = search.filters
    return {
        "view": "search",
        "home": held.home,
        "serial": held.serial,  # of the newest words sent; older answers are not drawn
        "words": search.words,
        "sort": search.sort,
        "everything": search.everything,
        "active": filters.active(),
        "dates": words.dates_words(filters.after, filters.before),
        "library": time_data(found.library, filters, "Articles in the library by date"),
        "outlets": search_names.names_data(
            counts.outlets, filters.outlet, finding.get("outlets", "")
        ),
        "languages": search_names.language_data(counts.languages, filters.language),
        "folders": search_names.folder_data(
            counts.folders, filters.folders, finding.get("folders", "")
        ),
        # How many there are to find one among, listed or not.
        "names": {"outlets": search_names.known(counts.outlets), "folders": len(counts.folders)},
        "finding": finding,
        "taken": taken_words(found),
        "timeline": time_data(counts, found.filters, "Articles with all of these words by date")
        if asked and counts.total
        else None,
        "count": count_words(search, found) if asked or filters.active() else "",
        "mentions": counts.total if asked else 0,
        "note": note_words(search, found) if asked or filters.active() else "",
        "results": [result_data(result) for result in found.results],
        "more": found.has_more,
        "limits": [],
        "examples": [],
        "message": held.message,
        "reader": None,
    }


def count_words(search: Search, found: Found) -> str:
    """`34 articles have all of these words`; before it, how many best passages are shown."""
    total = found.mentions.total
    if not search.words.strip():  # the articles under the filters
        order = "oldest first" if search.sort == "oldest" else "newest first"
        return f"{words.count_words(total, 'article')}, {order}" if total else "No article"
    many = len((found.words or search.words).split()) > 1
    all_words = "all of these words" if many else "this word"
    if total:
        having = "has" if total == 1 else "have"
        mentions = f"{words.count_words(total, 'article')} {having} {all_words}"
    else:
        mentions = f"no article has {all_words}"
    if search.everything:
        return mentions[0].upper() + mentions[1:]
    if not found.results:
        return "Nothing found"
    best = words.count_words(len(found.results), "best passage")
    return f"{best} · {mentions}"


def note_words(search: Search, found: Found) -> str:
    """What a reader of the list should know about how it was made."""
    notes = []
    if search.is_typing:
        notes.append("by words so far; Enter searches by meaning too")
    elif found.by_words and search.words.strip() and not search.everything:
        notes.append("by words alone, as no encoder is installed")
    dated = found.filters.after or found.filters.before
    is_best = search.words.strip() and not search.everything
    left = found.undated_left_out if is_best else found.mentions.undated
    if dated and left:
        notes.append(f"{words.count_words(left, 'article')} without a date left out")
    return " · ".join(notes)


def taken_words(found: Found) -> str:
    """What was understood as a time, and how: `of Mar 2025, as “articles from March” says`."""
    if not found.taken:
        return ""
    dates = words.dates_words(found.filters.after, found.filters.before)
    return f"only articles {dates}, for “{found.taken}”"


def result_key(result: Result) -> str:
    """Names a result however the list changes: its place."""
    return place_key(result.place)


def result_data(result: Result) -> Data:
    copies = words.count_words(result.copies, "copy", "copies")
    return {
        "key": result_key(result),
        "source": words.source_words(result.outlet, result.published, result.place.path),
        "title": parts(result.title, result.title_marks) or [[result.place.path, ""]],
        "text": snippet(result.text, result.text_marks, result.sentence),
        "also": f"and {copies}" if result.copies else "",
    }


def parts(text: str, marks: Sequence[tuple[int, int]]) -> list[Part]:
    found: list[Part] = []
    done = 0
    for start, end in marks:
        found += [[text[done:start], ""], [text[start:end], "hit"]]
        done = end
    found.append([text[done:], ""])
    return [part for part in found if part[0]]


def snippet(text: str, marks: Sequence[tuple[int, int]], sentence: tuple[int, int]) -> list[Part]:
    """The sentence with a little around it, cut between words."""
    start = _word_start(text, max(0, sentence[0] - BEFORE_CHARS))
    # A sentence that alone is too long is shown from its first mark on.
    inside = [low for low, _ in marks if sentence[0] <= low < sentence[1]]
    if inside and inside[0] > start + SNIPPET_CHARS:
        start = _word_start(text, inside[0] - BEFORE_CHARS)
    end = _word_start(text, start + SNIPPET_CHARS) or len(text)
    here = [
        (max(low, start) - start, min(high, end) - start)
        for low, high in marks
        if low < end and high > start
    ]
    shown = parts(text[start:end].rstrip(), here)
    before: list[Part] = [["… ", "cut"]] if start else []
    after: list[Part] = [[" …", "cut"]] if end < len(text) else []
    return [*before, *shown, *after]


def limits_data(filters: Filters, titles: scope_data.Titles) -> list[Data]:
    """Chips of the limits that have no list to choose from: files by their path, articles."""
    return scope_data.chips(Filters(path=filters.path, articles=filters.articles), titles)


def _word_start(text: str, place: int) -> int:
    """The first beginning of a word from `place` on; 0 for the text's own, and past its end."""
    if place <= 0 or place >= len(text):
        return 0
    space = text.find(" ", place - 1, place + 40)
    return space + 1 if space >= 0 else place
