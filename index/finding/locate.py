"""Where words stand: a quotation in the files, and a place in one file.

`locate` finds a quotation, exact first (quotes, case and white space folded),
then nearest. `view` gives what a reader needs to show a place. Both work on
stored texts, so they answer for files that are not there at the moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from core import spans
from core.errors import InputError
from core.records import Article, Filters, Removed
from index.finding import keyword
from index.store import Library
from ingest.passages import PASSAGE_CHARS, sentences

CANDIDATE_PASSAGES = 60  # looked at for one quotation, best keyword matches first
LEAST_SIMILARITY = 0.5  # below, "nearest" would mislead
QUOTATION_CHARS_LIMIT = 5000
FEW_WORDS = 4  # below, words alone can't tell that a text is unlike the quotation
LEAST_SHARED = 0.3  # share of the quotation's words, white space between them
ANCHOR_CHARS = 6  # shorter runs in common stand anywhere

_FOLDED = {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'",
           "–": "-", "—": "-", "…": "..."}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Match:
    path: str
    line: int
    start: int  # in the source text
    end: int
    source_quote: str
    similarity: float  # 1.0: equal after folding


@dataclass(frozen=True, slots=True)
class SourceView:
    """A place in a file with all that the reader shows around it."""

    path: str
    title: str
    outlet: str | None
    published: str | None
    source_text: str
    start: int  # in the source text
    end: int
    line: int
    articles: tuple[Article, ...]
    removed: tuple[Removed, ...] = ()
    unfit: tuple[tuple[str, int], ...] = ()  # characters that no article shows: (kind, count)
    article_id: str | None = None  # of the article at this place
    page_starts: tuple[int, ...] = ()  # where each printed page begins, none without pages


def locate(library: Library, text: str, count: int = 5) -> list[Match]:
    """Where the quotation stands, best first. Raises InputError where it has no words."""
    wanted, _ = fold(text[:QUOTATION_CHARS_LIMIT])
    if not any(character.isalnum() for character in wanted):
        raise InputError("The quotation has no words. Paste the words you are looking for.")
    with library.snapshot():
        found: list[tuple[float, Article, int, int]] = []
        for article, passage_starts in _candidates(library, text[:QUOTATION_CHARS_LIMIT]):
            exact = _exact(article, wanted)
            found += exact or _nearest(article, wanted, passage_starts)
        found.sort(key=lambda item: (-item[0], item[1].path, item[2]))
        return [match for item in found[:count] if (match := _match(library, item)) is not None]


def view(library: Library, path: str, start: int, end: int) -> SourceView:
    """The place start:end of the file's source text. Raises InputError where unknown."""
    source_text = library.source_text(path)
    if source_text is None:
        raise InputError(
            f"{path} is not in the library, or has no text there. Add it, or check `status`."
        )
    if not 0 <= start <= end <= len(source_text):
        raise InputError(f"{path} has {len(source_text)} characters: no place {start}:{end}.")
    articles = library.articles(path)
    here = _article_at(articles, start, end)
    return SourceView(
        path=path,
        title=here.title if here else "",
        outlet=here.outlet if here else None,
        published=here.published if here else None,
        source_text=source_text,
        start=start,
        end=end,
        line=spans.line_of(spans.line_starts(source_text), start),
        articles=tuple(articles),
        removed=tuple(library.removed(path)),
        unfit=tuple(library.unfit(path)),
        article_id=here.article_id if here else None,
        page_starts=library.page_starts(path),
    )


def line_range(source_text: str, line: int) -> tuple[int, int]:
    """Start and end of a line (from 1), without its end. Raises InputError."""
    starts = spans.line_starts(source_text)
    if not 1 <= line <= len(starts):
        raise InputError(f"There are {len(starts)} lines: no line {line}.")
    start = starts[line - 1]
    end = starts[line] if line < len(starts) else len(source_text)
    return start, start + len(source_text[start:end].rstrip("\r\n"))


def fold(text: str) -> tuple[str, list[int]]:
    """Text as quotations compare, and for each of its characters where it came from."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if character.isspace():
            if folded and folded[-1] != " ":
                folded.append(" ")
                places.append(place)
            continue
        for plain in _FOLDED.get(character, character).casefold():
            folded.append(plain)
            places.append(place)
    while folded and folded[-1] == " ":
        folded.pop()
        places.pop()
    return "".join(folded), places


def _candidates(library: Library, text: str) -> list[tuple[Article, list[int]]]:
    """Articles that may hold the words, each with where its best passages start."""
    ranked = keyword.search(library.connection, text, CANDIDATE_PASSAGES, Filters())
    passages = library.passages([passage_id for passage_id, _ in ranked])
    starts: dict[str, list[int]] = {}
    for passage_id, _ in ranked:
        passage = passages[passage_id]
        starts.setdefault(passage.article_id, []).append(passage.start)
    found = []
    for article_id, passage_starts in starts.items():
        article = library.article(article_id)
        if article is not None:
            found.append((article, passage_starts))
    return found


def _exact(article: Article, wanted: str) -> list[tuple[float, Article, int, int]]:
    folded, places = fold(article.text)
    found = []
    position = folded.find(wanted)
    while position >= 0:
        last = position + len(wanted) - 1
        found.append((1.0, article, places[position], places[last] + 1))
        position = folded.find(wanted, last + 1)
    return found


def _nearest(
    article: Article, wanted: str, passage_starts: Sequence[int]
) -> list[tuple[float, Article, int, int]]:
    """The run of sentences most like the quotation, near the best passages."""
    sentence_spans = sentences(article.text)
    best: tuple[float, Article, int, int] | None = None
    for first, (start, _) in enumerate(sentence_spans):
        if not any(low <= start <= low + PASSAGE_CHARS for low in passage_starts):
            continue
        for _, end in sentence_spans[first : first + 3]:
            similarity, low, high = _likest(wanted, article.text[start:end])
            if similarity >= LEAST_SIMILARITY and (best is None or similarity > best[0]):
                best = (similarity, article, start + low, start + high)
            if end - start > 2 * len(wanted):
                break
    return [best] if best else []


def _likest(wanted: str, text: str) -> tuple[float, int, int]:
    """The words of `text` most like the quotation: similarity 0..1 and below 1, start, end.

    The whole text, or the part of it that the quotation's own words span: half a
    sentence with one word changed is found as that half.
    """
    found, places = fold(text)
    asked = set(wanted.split())
    shared = len(asked & set(found.split()))
    if len(asked) >= FEW_WORDS and shared < LEAST_SHARED * len(asked):
        return 0.0, 0, len(text)  # the exact comparison below is slow
    matcher = SequenceMatcher(None, found, wanted, autojunk=False)
    common = sum((Counter(found) & Counter(wanted)).values())
    if common < LEAST_SIMILARITY * len(wanted):
        return 0.0, 0, len(text)
    blocks = [block for block in matcher.get_matching_blocks() if block.size >= ANCHOR_CHARS]
    best = min(0.999, round(matcher.ratio(), 3)), 0, len(text)
    if not blocks or len(found) <= len(wanted):
        return best
    # What of the quotation stands before the first and after the last block in common
    # is counted off in the text too, then rounded to whole words.
    low = _word_start(found, max(0, blocks[0].a - blocks[0].b))
    after = len(wanted) - blocks[-1].b - blocks[-1].size
    high = _word_end(found, min(len(found), blocks[-1].a + blocks[-1].size + after))
    matcher.set_seq1(found[low:high])
    part = min(0.999, round(matcher.ratio(), 3)), places[low], places[high - 1] + 1
    return max(best, part)


def _word_start(text: str, place: int) -> int:
    while place > 0 and text[place - 1].isalnum() and text[place].isalnum():
        place -= 1
    return place


def _word_end(text: str, place: int) -> int:
    while place < len(text) and text[place - 1].isalnum() and text[place].isalnum():
        place += 1
    return place


def _match(library: Library, found: tuple[float, Article, int, int]) -> Match | None:
    similarity, article, start, end = found
    source_text = library.source_text(article.path)
    if source_text is None:
        return None
    pieces = spans.to_source(article.spans, start, end)
    low, high = pieces[0].source_start, pieces[-1].source_end
    line = spans.line_of(spans.line_starts(source_text), low)
    return Match(article.path, line, low, high, source_text[low:high], similarity)


def _article_at(articles: Sequence[Article], start: int, end: int) -> Article | None:
    for article in articles:
        if spans.to_clean(article.spans, start, max(end, start + 1)) is not None:
            return article
    return articles[0] if len(articles) == 1 else None
