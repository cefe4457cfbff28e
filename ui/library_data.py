"""Files, folders and jobs → the data of the library page. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.records import SourceFile
from core.settings import Settings
from ui import words

if TYPE_CHECKING:
    from index.jobs import Job
    from index.store import Folder

Data = dict[str, Any]

ROWS_PER_PAGE = 50
STATUS_WORDS = {
    "indexed": "read",
    "empty": "no text",
    "skipped": "skipped",
    "failed": "failed",
}
ACTION_WORDS = {"add": "Reading files", "sync": "Looking for changes", "remove": "Removing"}


def job_data(job: Job | None, counts: Mapping[str, int]) -> Data:
    """The counts, and a progress line while a job runs or when it went wrong."""
    return {
        "view": "job",
        "counts": [
            [f"{counts['articles']:,}", "article" if counts["articles"] == 1 else "articles"],
            [f"{counts['passages']:,}", "passage" if counts["passages"] == 1 else "passages"],
            [f"{counts['indexed']:,}", "file read" if counts["indexed"] == 1 else "files read"],
        ],
        "job": _job(job) if job else None,
    }


def folders_data(folders: Sequence[Folder], settings: Settings, shown: Data) -> Data:
    """`shown` holds what the visitor chose: browser, message, editable, and `watching_data`."""
    return {
        "view": "folders",
        "message": shown.get("message", ""),
        "editable": shown.get("editable", True),
        "folders": [_folder(folder, settings, shown) for folder in folders],
        "browser": shown.get("browser"),
        "follows": shown.get("follows", False),
        "looked": shown.get("looked", ""),
    }


def watching_data(follows: bool, looked: float | None, now: float) -> Data:
    """The switch, and when all folders were last looked at (`looked`, `now`: epoch seconds)."""
    if looked is None:
        return {"follows": follows, "looked": "not looked for changes yet"}
    then, today = datetime.fromtimestamp(looked), datetime.fromtimestamp(now)
    day = "" if then.date() == today.date() else f"{words.date_words(then.date().isoformat())}, "
    return {"follows": follows, "looked": f"last looked for changes: {day}{then:%H:%M}"}


def files_data(files: Sequence[SourceFile], settings: Settings, shown: Data) -> Data:
    """One page of the file table. `shown` holds status (a filter) and page."""
    status = shown.get("status", "")
    kept = [file for file in files if not status or file.status == status]
    pages = max(1, -(-len(kept) // ROWS_PER_PAGE))
    page = min(max(1, shown.get("page", 1)), pages)
    rows = kept[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE]
    return {
        "view": "files",
        "filters": _filters(files, status),
        "rows": [_row(file, settings) for file in rows],
        "page": page,
        "pages": pages,
    }


def browser_data(folder: Path, sub_folders: Sequence[Path], message: str = "") -> Data:
    """The in-app folder browser, at one folder."""
    return {
        "path": str(folder),
        "up": str(folder.parent) if folder.parent != folder else "",
        "entries": [[item.name, str(item)] for item in sub_folders],
        "message": message,
    }


def _job(job: Job) -> Data:
    title = ACTION_WORDS.get(job.action, job.action)
    running = job.state == "running"
    if not running:
        title = {"done": "Done", "failed": "Stopped by a problem", "cancelled": "Cancelled"}[
            job.state
        ]
    return {
        "running": running,
        "trouble": job.state == "failed",
        "title": title,
        "detail": _detail(job) if running else job.message,
        "share": _share(job),
    }


def _share(job: Job) -> float:
    """0..1, by passages where their number is known, else by files."""
    done, total = job.passages_done, job.passages_total
    if not total:
        done, total = job.files_done, job.files_total
    return min(1.0, done / total) if total else 0.0


def _detail(job: Job) -> str:
    """`30 of 120 files · 20 passages a second · about 30 s left`."""
    parts = []
    if job.files_total:
        parts.append(f"{job.files_done:,} of {words.count_words(job.files_total, 'file')}")
    if job.passages_total:
        parts.append(f"{job.passages_done:,} of {words.count_words(job.passages_total, 'passage')}")
    seconds = job.updated - job.started
    if job.passages_done and seconds > 1:
        unit = "" if job.passages_total else "passages "
        parts.append(f"{job.passages_done / seconds:.0f} {unit}a second")
    share = _share(job)
    if share and seconds > 1 and (left := seconds / share - seconds) > 1:
        parts.append(f"about {words.seconds_words(left)} left")
    return " · ".join(parts) or job.message or "starting…"


def _folder(folder: Folder, settings: Settings, shown: Data) -> Data:
    unavailable = folder.state == "unavailable"
    state = "followed" if shown.get("follows") else ""
    return {
        "path": folder.path,
        "label": words.folder_words(settings, folder.path),
        "state": "not there now; its articles are kept" if unavailable else state,
        "trouble": unavailable,
        "exclude": "\n".join(folder.exclude),
        "ocr": folder.ocr,
        "options": _options_words(folder),
        "isFolder": folder.is_folder and Path(folder.path) != settings.uploads_path,
    }


def _options_words(folder: Folder) -> str:
    """What is chosen for a folder: `without drafts/**, *.tmp · pictures of pages are read`."""
    parts = [f"without {', '.join(folder.exclude)}"] if folder.exclude else []
    parts += ["pictures of pages are read"] if folder.ocr else []
    return " · ".join(parts)


def _filters(files: Sequence[SourceFile], active: str) -> list[Data]:
    filters = [{"status": "", "label": f"All {len(files):,}", "active": not active}]
    for status, label in STATUS_WORDS.items():
        count = sum(file.status == status for file in files)
        if count or status == active:
            filters.append(
                {"status": status, "label": f"{label} {count:,}", "active": status == active}
            )
    return filters


def _row(file: SourceFile, settings: Settings) -> Data:
    return {
        "path": file.path,
        "name": words.file_name(file.path),
        "status": file.status,
        "label": STATUS_WORDS[file.status],
        "reason": file.reason,
        "size": words.size_words(file.size),
        "readable": file.status == "indexed",
        "dropped": Path(file.path).parent == settings.uploads_path,
    }
