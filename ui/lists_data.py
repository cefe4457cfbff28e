"""Files, stories and storage → the lists of the library page. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.records import MEMBER_MARK, SourceFile
from core.settings import Settings
from ui import advice, words

if TYPE_CHECKING:
    from index.views.file_list import FilePage
    from index.views.storage import Storage
    from index.views.story_list import Story, StoryPage

Data = dict[str, Any]

TABS = (("files", "Files"), ("stories", "Stories"), ("storage", "Storage"))
STATUS_WORDS = {
    "indexed": "read",
    "empty": "no text",
    "skipped": "skipped",
    "failed": "failed",
}
SORTS = (
    ("path", "by folder"),
    ("name", "by name"),
    ("newest", "newest first"),
    ("size", "largest first"),
    ("status", "by status"),
)
# What takes the room, in words, and what would become of it.
STORAGE_WORDS = (
    ("articles", "Articles and search", "texts, full-text index and vectors: library.db"),
    ("vector_files", "Fast search", "made again from the former when it is missing"),
    ("uploads", "Dropped files", "copies that the app keeps"),
    ("answers", "Your answers", "saved questions and settings: desk.db"),
    ("backups", "Backups", "of the library before an update changed it; may be deleted"),
    ("other", "Other", ""),
)


def tab_of(shown: Mapping[str, Any]) -> str:
    tab = str(shown.get("tab", "files"))
    return tab if tab in dict(TABS) else "files"


def frame_data(shown: Mapping[str, Any], editable: bool) -> Data:
    """What stands around each list: the tabs and what was chosen."""
    tab = tab_of(shown)
    return {
        "view": "files",
        "tabs": [[name, label, name == tab] for name, label in TABS],
        "tab": tab,
        "editable": editable,
    }


def files_data(page: FilePage, settings: Settings, shown: Mapping[str, Any]) -> Data:
    """One page of the file table. `shown`: status, words and sort as they were chosen."""
    status = str(shown.get("status", ""))
    return {
        "filters": _filters(page.counts, status),
        "words": shown.get("words", ""),
        "sorts": [list(one) for one in SORTS],
        "sort": shown.get("sort", "path"),
        "rows": [_row(file, settings) for file in page.files],
        "page": page.page,
        "pages": page.pages,
        "nothing": _nothing(page, shown),
    }


def left_out_data(paths: Sequence[str], settings: Settings) -> list[list[str]]:
    """What the user removed in followed folders: (path, as it is shown)."""
    return [[path, words.path_words(path)] for path in paths]


def stories_data(page: StoryPage) -> Data:
    return {
        "stories": [_story(story) for story in page.stories],
        "total": words.count_words(page.total, "story", "stories"),
        "page": page.page,
        "pages": page.pages,
    }


def storage_data(storage: Storage, settings: Settings) -> Data:
    """Sizes in words, the largest kind's share as 1."""
    largest = max(1, *(getattr(storage, name) for name, _, _ in STORAGE_WORDS))
    rows = [
        {
            "label": label,
            "note": note,
            "size": words.size_words(size),
            "share": size / largest,
        }
        for name, label, note in STORAGE_WORDS
        if (size := getattr(storage, name)) or name == "articles"
    ]
    return {
        "storage": rows,
        "total": words.size_words(storage.total),
        "models": f"Models take {words.size_words(storage.models)}; all libraries share them.",
        "home": str(settings.home),
    }


def _filters(counts: Mapping[str, int], active: str) -> list[Data]:
    filters = [{"status": "", "label": f"All {sum(counts.values()):,}", "active": not active}]
    for status, label in STATUS_WORDS.items():
        count = counts.get(status, 0)
        if count or status == active:
            filters.append(
                {"status": status, "label": f"{label} {count:,}", "active": status == active}
            )
    return filters


def _nothing(page: FilePage, shown: Mapping[str, Any]) -> str:
    """Why no file is shown."""
    if page.files:
        return ""
    if shown.get("words"):
        return f"No file has “{shown['words']}” in its name or folder."
    if shown.get("status"):
        return "No file has this status."
    return "No files yet. Add a folder above, or drop articles there."


def _row(file: SourceFile, settings: Settings) -> Data:
    is_member = MEMBER_MARK in file.path
    dropped = Path(file.path).parent == settings.uploads_path
    return {
        "path": file.path,
        "name": words.file_name(file.path),
        "status": file.status,
        "label": STATUS_WORDS[file.status],
        "reason": file.reason,
        "advice": advice.advice(file),
        "size": words.size_words(file.size),
        "changed": _day(file.mtime_ns),
        "readable": file.status == "indexed",
        "removable": not is_member,  # what holds it can be removed
        "consequence": (
            "The copy in the app is deleted."
            if dropped
            else "It leaves the library and stays out; the file stays where it is."
        ),
    }


def _day(mtime_ns: int) -> str:
    try:
        return words.date_words(datetime.fromtimestamp(mtime_ns / 1e9).date().isoformat())
    except (OverflowError, ValueError, OSError):
        return ""


def _story(story: Story) -> Data:
    return {
        "title": story.copies[0].title,
        "count": words.count_words(len(story.copies), "article"),
        "copies": [
            {
                "path": copy.path,
                "index": copy.ordinal,
                "title": copy.title,
                "source": words.source_words(copy.outlet, copy.published, copy.path),
            }
            for copy in story.copies
        ],
    }
