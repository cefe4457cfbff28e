"""Models, their tasks and this machine → the data of the models page. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from core.settings import Settings
from ui import words

if TYPE_CHECKING:
    from answer.writing.listed import Listed
    from answer.writing.model_tasks import Task
    from answer.writing.models import Model, Overview
    from answer.writing.speeds import Measured
    from core.transfer import Progress

Data = dict[str, Any]
Tasks = Mapping[str, "Task"]

FITS_WORDS = {
    "yes": "fits",
    "tight": "fits with other programs closed",
    "no": "too big for this machine",
    None: "",
}
TITLES = {
    ("download", "running"): "Downloading",
    ("download", "stopping"): "Stopping",
    ("download", "stopped"): "Stopped; what has come is kept",
    ("download", "done"): "Downloaded, SHA-256 as expected",
    ("measure", "running"): "Measuring, about ten seconds",
    ("measure", "stopping"): "Stopping",
    ("measure", "stopped"): "Measuring was stopped",
    ("verify", "running"): "Checking",
    ("verify", "stopping"): "Stopping",
    ("verify", "stopped"): "The check was stopped",
}
TOO_SLOW = "Too slow to tell just now: try again when less is running"


def models_data(found: Overview, tasks: Tasks, settings: Settings, message: str) -> Data:
    """The machine, the writers and the encoder; `message` is what went wrong with an action."""
    writers = [_row(model, tasks) for model in found.models if model.kind == "writer"]
    encoders = [_row(model, tasks) for model in found.models if model.kind == "encoder"]
    return {
        "view": "models",
        "machine": machine_words(found),
        "network": network_words(settings),
        "message": message,
        "problems": list(found.problems),
        "writers": writers,
        "encoders": encoders,
        "none": _none_words(found.models),
        "check": _check(tasks.get("")),
    }


def more_data(settings: Settings, listed: Listed, added: str, message: str) -> Data:
    """Below the list: a file of one's own, and the server that the settings name."""
    return {
        "view": "moremodels",
        "folder": words.path_words(str(settings.models_path)),
        "added": added,
        "message": message,
        "server": settings.server or "",
        "serverModels": [name.removeprefix(words.SERVED) for name in listed.names],
        "serverProblem": listed.problem,
        "serverWaiting": "" if listed.is_known else "It is asked for its models…",
    }


def machine_words(found: Overview) -> str:
    """`16.3 GB of memory, 9.2 GB of it free · 120.0 GB free on the disk`."""
    parts = []
    if found.memory_bytes:
        free = found.free_memory_bytes
        beside = f", {words.size_words(free)} of it free" if free else ""
        parts.append(f"{words.size_words(found.memory_bytes)} of memory{beside}")
    parts.append(f"{words.size_words(found.free_disk_bytes)} free on the disk")
    return " · ".join(parts)


def network_words(settings: Settings) -> str:
    host = words.host_words(settings.models_endpoint)
    return (
        "Download is the only button of this app that uses the internet, and nothing is downloaded "
        f"by itself. It asks {host} for that one file, checks its SHA-256, and sends nothing of "
        "yours."
    )


def running(tasks: Tasks) -> tuple[str, ...]:
    """Names of what runs: when they change, the whole page is drawn again."""
    return tuple(sorted(name for name, task in tasks.items() if task.running))


def _row(model: Model, tasks: Tasks) -> Data:
    task = tasks.get(model.name)
    busy = task is not None and task.running
    fetchable = bool(model.repository) and not model.installed
    return {
        "name": model.name,
        "title": words.model_words(model.name),
        "path": words.path_words(model.path) if model.path else "",
        "whole_path": model.path or "",
        "state": "" if busy else _state(model),
        "suggested": model.recommended,
        "facts": _facts(model),
        "fits": model.fits or "",
        "fitsWords": FITS_WORDS[model.fits] if model.kind == "writer" else "",
        "problem": model.problem or _no_room(model, fetchable),
        "source": f"{model.repository}" if fetchable else "",
        "file": model.file,
        "sha256": model.sha256,
        "task": _task(task, model) if task else None,
        "speeds": _speeds(model.measured),
        "download": _download_words(model) if fetchable and model.has_room and not busy else "",
        "discard": bool(fetchable and model.begun_bytes and not busy),
        "measure": model.kind == "writer" and model.installed and not model.problem and not busy,
        "forget": model.is_own and not busy,
        "stop": busy,
    }


def _state(model: Model) -> str:
    if model.installed:
        return "your own file" if model.is_own else "installed"
    return "begun" if model.begun_bytes else "not there" if model.is_own else ""


def _facts(model: Model) -> list[str]:
    """`491 MB`, `about 940 MB of memory`, `a usual answer about 12 s`, the licence."""
    facts = [words.size_words(model.bytes)] if model.bytes else []
    if model.bytes:
        about = "about " if model.memory_estimated else ""
        facts.append(f"{about}{words.size_words(model.memory_bytes)} of memory")
    if model.kind == "writer" and model.usual_seconds and model.bytes:
        about = "about " if model.seconds_estimated else ""
        facts.append(f"a usual answer {about}{words.seconds_words(model.usual_seconds)}")
    return [*facts, model.licence or "licence unknown"]


def _no_room(model: Model, fetchable: bool) -> str:
    if not fetchable or model.has_room:
        return ""
    return "There is too little room on the disk for it. Free some space, then download it."


def _download_words(model: Model) -> str:
    missing = words.size_words(model.bytes - model.begun_bytes)
    return f"Go on ({missing} left)" if model.begun_bytes else f"Download {missing}"


def _none_words(models: Sequence[Model]) -> str:
    if any(model.kind == "writer" and model.installed for model in models):
        return ""
    return "No writing model is here yet, so answers are quotations. Download one, or use your own."


def _task(task: Task, model: Model) -> Data | None:
    """What runs, or how the last one ended; None for what the list shows anyway."""
    title = TITLES.get((task.kind, task.state), "")
    detail, share = "", None
    if task.kind == "download" and task.progress is not None and task.running:
        title, detail, share = _progress(task.progress, title)
    if task.state == "failed":
        title, detail = "It did not work", task.error
    if task.kind == "measure" and task.state == "done":
        slow = task.measured is None or task.measured.usual_seconds is None
        title = TOO_SLOW if slow else "Measured"
    if task.kind == "download" and task.state == "done" and not model.installed:
        return None  # deleted since
    return {
        "title": title,
        "detail": detail,
        "share": share,
        "running": task.running,
        "trouble": task.state == "failed",
    }


def _progress(progress: Progress, title: str) -> tuple[str, str, float]:
    """`Downloading`, `120 MB of 491 MB · 3.1 MB a second · about 2 min left`, 0..1."""
    done, total = progress.bytes_done, progress.bytes_total
    parts = [f"{words.size_words(done)} of {words.size_words(total)}"]
    if progress.phase == "checking":
        title = "Checking what is here already"
    elif progress.phase == "waiting":
        title = "Waiting to try again"
        parts.append(progress.message)
    elif progress.bytes_per_second >= 1:
        parts.append(f"{words.size_words(int(progress.bytes_per_second))} a second")
        seconds = (total - done) / progress.bytes_per_second
        parts += [f"about {words.seconds_words(seconds)} left"] if seconds >= 1 else []
    return title, " · ".join(parts), min(1.0, done / total)


def _speeds(measured: Measured | None) -> list[Data]:
    if measured is None:
        return []
    return [
        {
            "threads": words.count_words(rate.threads, "thread"),
            "read": f"{rate.prompt_tokens_per_second:,.0f} tokens a second read",
            "written": f"{rate.written_tokens_per_second:,.0f} written",
            "best": rate.threads == measured.threads,
        }
        for rate in measured.speeds
        if rate.prompt_tokens_per_second
    ]


def _check(task: Task | None) -> Data:
    """The check of all files: its progress, then each file that is not as it should be."""
    if task is None:
        return {"running": False, "title": "", "files": []}
    title = TITLES.get((task.kind, task.state), "")
    checked = words.count_words(len(task.checks), "file")
    bad = [check for check in task.checks if not check.ok]
    if task.state == "done":
        wrong = f"{words.count_words(len(bad), 'is', 'are')} not as it should be"
        title = f"{checked} checked: {wrong if bad else 'all as they should be'}"
    elif task.state == "failed":
        title = task.error
    elif task.running and task.checks:
        title = f"{title}: {checked} so far"
    return {
        "running": task.running,
        "title": title,
        "files": [
            {
                "name": words.file_name(check.path),
                "path": words.path_words(check.path),
                "ok": check.ok,
                "sha256": check.sha256,
                "reason": check.reason,
            }
            for check in task.checks
        ],
    }
