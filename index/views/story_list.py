"""The stories that several articles tell: each with its copies, a page at a time.

Takes a library, gives the articles of each story as they are listed, but for damaged rows.
Compares no texts: `index/story.py` tells copies from versions when a story is opened.
"""

from __future__ import annotations

from dataclasses import dataclass

from index import row_hashes
from index.store import Library


@dataclass(frozen=True, slots=True)
class Copy:
    """One article of a story. `ordinal`: which of the file's articles it is."""

    path: str
    ordinal: int
    title: str
    outlet: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class Story:
    story_id: str
    copies: tuple[Copy, ...]  # the earliest first, undated last


@dataclass(frozen=True, slots=True)
class StoryPage:
    stories: tuple[Story, ...]
    page: int
    pages: int
    total: int


def story_page(library: Library, page: int = 1, page_rows: int = 20) -> StoryPage:
    """Stories of two articles and more, the most often told first."""
    shared = (
        "SELECT story_id, count(*) AS told FROM articles WHERE story_id IS NOT NULL"
        " GROUP BY story_id HAVING told > 1"
    )
    with library.snapshot():
        (total,) = library.connection.execute(f"SELECT count(*) FROM ({shared})").fetchone()
        pages = max(1, -(-total // page_rows))
        page = min(max(1, page), pages)
        rows = library.connection.execute(
            f"{shared} ORDER BY told DESC, story_id LIMIT ? OFFSET ?",
            (page_rows, (page - 1) * page_rows),
        ).fetchall()
        stories = tuple(Story(story_id, _copies(library, story_id)) for story_id, _ in rows)
    return StoryPage(stories, page, pages, int(total))


def _copies(library: Library, story_id: str) -> tuple[Copy, ...]:
    rows = library.connection.execute(
        "SELECT path, ordinal, title, outlet, published FROM articles WHERE story_id = ?"
        f" AND {row_hashes.fits(row_hashes.ARTICLE)}"
        " ORDER BY published IS NULL, published, path, ordinal",
        (story_id,),
    )
    return tuple(Copy(*row) for row in rows)
