"""What the choice of sources asks of the library: one thin function each. Formats nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.records import Filters
from core.settings import Settings

if TYPE_CHECKING:
    from index.finding.facets import Facets


def suggestions(settings: Settings, filters: Filters) -> Facets:
    """Outlets, languages, folders and dates of the articles, counted under the filters."""
    from index.finding.facets import facets
    from index.store import open_library

    with open_library(settings) as library:
        return facets(library, "", filters)


def titles(settings: Settings, article_ids: Sequence[str]) -> dict[str, str]:
    """The titles of articles by id; those that are gone are not in it."""
    from index.store import open_library

    if not article_ids or not settings.library_path.exists():
        return {}
    with open_library(settings) as library:
        found = {one: library.article(one) for one in article_ids}
    return {one: article.title or article.path for one, article in found.items() if article}
