"""Files that can't be read through no fault of their own: their drive went away, or the machine
is short of something.

Takes a file as it was found and what reading it gave; says whether what the library has of it
stays for the next run. Reads no file and writes no row but a folder's state.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from core import shortage
from core.records import SourceFile
from index import write
from index.store import Folder, Library
from ingest import files

WENT = "went away while it was read; what was read stays, the rest is read when it is back"
MOST_NAMED = 3  # files in the words for a job


def why_it_stays(library: Library, item: files.Found, folder: Folder, read: SourceFile) -> str:
    """WENT, and the folder is noted as not there; or why it could not be read just now. "": what
    was read counts."""
    if read.status == "failed" and not read.sha256 and _has_gone(item, folder):
        _note_away(library, item, folder)
        return WENT
    if item.is_passing:
        return item.skip_reason
    return read.reason if read.reason.startswith(shortage.UNREAD) else ""


def told(reasons: dict[str, str]) -> list[str]:
    """The words for a job of which these paths could not be read, and why: the first few."""
    of_drives = [f"{path} {why}" for path, why in reasons.items() if why == WENT]
    of_files = [
        f"{path} {why}; the next look reads it"
        for path, why in reasons.items()
        if why.startswith((shortage.UNREAD, files.UNSEEN))
    ]
    return [*of_drives, *of_files[:MOST_NAMED]]


def _has_gone(item: files.Found, folder: Folder) -> bool:
    """Whether the drive of a file that a walk found is no longer there."""
    if not os.path.lexists(folder.path):
        return folder.is_folder
    return item.device is not None and files.device_of(str(Path(item.path).parent)) != item.device


def _note_away(library: Library, item: files.Found, folder: Folder) -> None:
    """The folder is not there now, unless the drive was only a part of it."""
    top = replace(item, path=str(Path(folder.path) / "any"))
    if folder.is_folder and _has_gone(top, folder):
        with library.transaction():
            write.set_root_state(library, folder.path, "unavailable")
