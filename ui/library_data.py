"""Folders and jobs → the data of the library page. Pure. Its lists are in lists_data.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.settings import Settings
from ui import words

if TYPE_CHECKING:
    from index.jobs.job_rows import Job, Waiting
    from index.store import Folder

Data = dict[str, Any]

ACTION_WORDS = {
    "add": "Reading files",
    "sync": "Looking for changes",
    "remove": "Removing",
    "rebuild": "Reading everything again",
}
STATE_WORDS = {
    "done": "Done",
    "failed": "Stopped by a problem",
    "cancelled": "Cancelled",
    "paused": "Paused",
    "interrupted": "Interrupted",
}
ASKED_WORDS = {"pause": "Pausing after this file", "cancel": "Stopping after this file"}


def job_data(
    job: Job | None, counts: Mapping[str, int], waiting: Sequence[Waiting] = (), message: str = ""
) -> Data:
    """The counts, and a progress line while a job runs, is paused or when it went wrong; what
    waits behind it; `message`: why what was pressed could not be done."""
    return {
        "view": "job",
        "counts": [
            [f"{counts['articles']:,}", "article" if counts["articles"] == 1 else "articles"],
            [f"{counts['passages']:,}", "passage" if counts["passages"] == 1 else "passages"],
            [f"{counts['indexed']:,}", "file read" if counts["indexed"] == 1 else "files read"],
        ],
        "job": _job(job) if job else None,
        "waiting": [[one.place, _waiting_words(one)] for one in waiting],
        "message": message,
    }


def job_mark(job: Job | None) -> tuple[int, str] | None:
    """Differs when a page has another job, or another state of one, to show."""
    return (job.job_id, job.state) if job else None


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


def browser_data(folder: Path, sub_folders: Sequence[Path], message: str = "") -> Data:
    """The in-app folder browser, at one folder."""
    return {
        "path": str(folder),
        "up": str(folder.parent) if folder.parent != folder else "",
        "entries": [[item.name, str(item)] for item in sub_folders],
        "message": message,
    }


def _job(job: Job) -> Data:
    running = job.state == "running"
    asked = job.asked if running else ""
    title = ACTION_WORDS.get(job.action, job.action) if running else STATE_WORDS[job.state]
    standing = job.state in ("paused", "interrupted")
    return {
        "title": ASKED_WORDS.get(asked, title),
        "detail": _detail(job) if running else _ended_words(job),
        "share": _share(job),
        "running": running,
        "trouble": job.state == "failed",
        "bar": running or standing,
        "can": {
            "pause": running and not asked and job.action != "remove",
            "resume": standing,
            "cancel": (running and asked != "cancel") or standing,
        },
    }


def _ended_words(job: Job) -> str:
    """`30 of 120 files · Paused. …`"""
    if job.state == "paused" and job.files_total:
        done = f"{job.files_done:,} of {words.count_words(job.files_total, 'file')}"
        return f"{done} · what has been read can be asked; the rest waits"
    return job.message


def _waiting_words(waiting: Waiting) -> str:
    action = ACTION_WORDS.get(waiting.request.action, waiting.request.action)
    paths = ", ".join(words.path_words(path) for path in waiting.request.paths)
    return f"{action}: {paths}" if paths else action


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
    if job.message:  # no count moves until that file is read
        parts.append(f"reading {job.message} since {datetime.fromtimestamp(job.updated):%H:%M:%S}")
    return " · ".join(parts) or "starting…"


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
