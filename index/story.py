"""The other articles of one story: copies, and versions with what differs in them.

Reads the library; `ingest.versions` compares. Groups nothing: stories are stored.
"""

from __future__ import annotations

from dataclasses import dataclass

from core import spans
from core.errors import InputError
from core.records import Article, Hit
from index.store import Library
from ingest import versions
from ingest.versions import Difference, Span


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of one side of a difference, with the line of its file they stand on."""

    text: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """`here`: in the article that was asked for; None where a side has nothing."""

    kind: versions.Kind
    here: Passage | None
    there: Passage | None


@dataclass(frozen=True, slots=True)
class Version:
    article: Article
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class StoryView:
    article: Article
    copies: tuple[Article, ...]  # the same words, perhaps fewer
    versions: tuple[Version, ...]  # oldest first, undated last


def story(library: Library, article_id: str) -> StoryView:
    """What else tells this article's story in its words. Raises InputError where the
    library has no such article."""
    with library.snapshot():
        article = library.article(article_id)
        if article is None:
            raise InputError(f"There is no article {article_id} in the library.")
        copies = []
        found = []
        others = [
            (other, versions.compare(article.text, other.text))
            for other in _others(library, article)
        ]
        wholes = versions.wholes(article, others)
        for other, differences in others:
            if versions.is_copy(article, other, differences) or versions.are_two_trims(
                article, other, differences, wholes
            ):
                copies.append(other)
            else:
                changes = (_change(library, article, other, one) for one in differences)
                found.append(Version(other, tuple(changes)))
    found.sort(key=lambda one: (one.article.published or "9", one.article.path))
    return StoryView(article, tuple(copies), tuple(found))


def stories_of(library: Library, path: str) -> list[StoryView]:
    """One view per article of the file. Raises InputError where the library has none."""
    with library.snapshot():
        articles = library.articles(path)
        if not articles:
            raise InputError(f"{path} has no article in the library. `status` lists its folders.")
        return [story(library, article.article_id) for article in articles]


def also_in(library: Library, hit: Hit) -> tuple[str, ...]:
    """Paths of the story's other articles, without those that say the passage otherwise.

    A copy that was cut and lacks the passage stays; a version with another figure in it
    is no witness for these words.
    """
    others = _others(library, hit.article)
    paths = {
        other.path
        for other in others
        if other.path != hit.article.path and not versions.contradicts(hit.passage.text, other.text)
    }
    return tuple(sorted(paths))


def _others(library: Library, article: Article) -> list[Article]:
    if article.story_id is None:
        return []
    rows = library.connection.execute(
        "SELECT article_id FROM articles WHERE story_id = ? AND article_id != ?"
        " ORDER BY path, ordinal",
        (article.story_id, article.article_id),
    ).fetchall()
    found = (library.article(article_id) for (article_id,) in rows)
    return [other for other in found if other is not None]


def _change(library: Library, article: Article, other: Article, difference: Difference) -> Change:
    return Change(
        difference.kind,
        _passage(library, article, difference.here),
        _passage(library, other, difference.there),
    )


def _passage(library: Library, article: Article, span: Span | None) -> Passage | None:
    if span is None:
        return None
    source = library.source_text(article.path)
    line = None
    if source is not None:
        start = spans.to_source(article.spans, *span)[0].source_start
        line = spans.line_of(spans.line_starts(source), start)
    return Passage(article.text[slice(*span)], line)
