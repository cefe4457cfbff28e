"""What a reader can do about a file that was not read: one sentence for each kind of reason.

Takes status and reason as ingest tells them. Pure; knows no file.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.records import SourceFile
from ui import words

# What a reason begins with, or holds, and what helps; the first that fits counts.
_ADVICE = (
    ("permission", "Allow your user to read the file, then try again."),
    ("encrypted", "Save a copy without the password or protection, and add that."),
    ("no text layer", "Its pages are pictures: choose “Read pictures of pages” in the options of "
     "its folder."),
    ("took longer", "It may be larger or more tangled than it looks. Try again when the computer "
     "is less busy, or save it as plain text."),
    ("too large", "Split it into smaller files, or raise SOURCEBOOK_MAX_TEXT_MB."),
    ("damaged", "Open it in its own program. If it opens there, save it anew; if not, get "
     "another copy."),
    ("not text", "This is no kind of text that the app knows. Nothing is wrong with your library."),
    ("only menus or links", "The page holds no article. Open it in a browser and save the article "
     "itself."),
    ("no text", "There is nothing in it to read."),
)  # fmt: skip
_BY_STATUS = {
    "failed": "Look whether the file opens in its own program, then try again.",
    "skipped": "It was passed over. Nothing is wrong with your library.",
    "empty": "No article was found in it.",
    "indexed": "",
}


def advice(file: SourceFile) -> str:
    """ "" where the file was read."""
    if file.status == "indexed":
        return ""
    reason = file.reason.casefold()
    return next((helps for mark, helps in _ADVICE if mark in reason), _BY_STATUS[file.status])


def unread_words(counts: Mapping[str, int]) -> str:
    """Of a library without articles: how many files were looked at; "" where none was.
    `counts`: of articles, and of files by status."""
    unread = sum(counts.get(status, 0) for status in ("empty", "skipped", "failed"))
    if counts["articles"] or not unread:
        return ""
    looked = words.count_words(unread, "file was", "files were")
    return f"{looked} looked at, and no article found. The Library page says why."
