"""What stands beside a text in the reader → its data. Pure.

The other articles of the page, the story's copies and versions, what was left out when the
page was read and why, and characters that no article shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core import spans
from core.records import Article, Removed
from ui import reader_text, words

if TYPE_CHECKING:
    from index.finding.locate import SourceView
    from index.story import StoryView, Version

Data = dict[str, Any]

ITEMS_SHOWN = 200  # of what was left out
ITEM_CHARS = 240
CHANGES_SHOWN = 20  # of one version


def beside_data(view: SourceView, story: StoryView | None) -> Data:
    return {
        "articles": _articles(view),
        "copies": [_other(article) for article in story.copies] if story else [],
        "versions": [_version(one) for one in story.versions] if story else [],
        "leftOut": _left_out(view),
        "leftOutWords": _left_out_words(view.removed),
        "unfit": _unfit_words(view.unfit),
    }


def _articles(view: SourceView) -> list[Data]:
    """The articles of a page that has several, and which of them is shown."""
    if len(view.articles) < 2:
        return []
    end = max(view.end, view.start + 1)
    return [
        {
            "title": article.title or f"Article {article.ordinal + 1}",
            "source": words.source_words(article.outlet, article.published, article.path),
            "active": spans.to_clean(article.spans, view.start, end) is not None,
            "index": article.ordinal,
        }
        for article in view.articles
    ]


def _other(article: Article) -> Data:
    """Another article of the story, as a line that opens it."""
    return {
        "label": words.file_name(article.path),
        "source": words.source_words(article.outlet, article.published, article.path),
        "path": article.path,
        "index": article.ordinal,
    }


def _version(version: Version) -> Data:
    """A version of the story that says something else, with what it says."""
    changes = [
        {
            "kind": change.kind,
            "here": _shortened(change.here.text) if change.here else "",
            "there": _shortened(change.there.text) if change.there else "",
        }
        for change in version.changes[:CHANGES_SHOWN]
    ]
    return _other(version.article) | {"changes": changes}


def _left_out_words(removed: Sequence[Removed]) -> str:
    return f"Left out of this page ({len(removed):,})" if removed else ""


def _left_out(view: SourceView) -> list[Data]:
    shown = view.removed[:ITEMS_SHOWN]
    lines = reader_text.line_numbers(view.source_text, (item.start for item in shown))
    items: list[Data] = [
        {
            "line": line,
            "text": _shortened(view.source_text[item.start : item.end]),
            "reason": item.reason,
        }
        for line, item in zip(lines, shown, strict=True)
    ]
    more = len(view.removed) - len(items)
    if more > 0:
        items.append({"line": "", "text": f"and {more:,} more places", "reason": ""})
    return items


def _shortened(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= ITEM_CHARS else folded[:ITEM_CHARS].rstrip() + " …"


def _unfit_words(unfit: Sequence[tuple[str, int]]) -> str:
    """`Characters that are not shown: 3 zero-width characters, 1 NUL`."""
    counted = [words.count_words(count, kind) for kind, count in unfit if count]
    return f"Characters that are not shown: {', '.join(counted)}" if counted else ""
