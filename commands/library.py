"""Commands that fill, follow, look over and examine a library."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from commands.printing import (
    Output,
    choices_words,
    plain,
    show_progress,
    source_words,
    story_value,
    tell,
)
from core.errors import InputError
from core.settings import Settings

if TYPE_CHECKING:
    from core.records import Reading
    from index.build import Report
    from index.encoding.encoder import EncoderSource

Options = argparse.Namespace


def add(settings: Settings, options: Options) -> Output:
    from index.jobs import jobs
    from index.scan import Options as FolderOptions

    exclude = None if options.exclude is None else tuple(options.exclude)
    chosen = FolderOptions(exclude, options.ocr)
    return _reported(jobs.run(settings, "add", options.paths, show_progress, chosen))


def sync(settings: Settings, options: Options) -> Output:
    from index.jobs import jobs

    return _reported(jobs.run(settings, "sync", [], show_progress))


def remove(settings: Settings, options: Options) -> Output:
    from index.jobs import jobs

    return _reported(jobs.run(settings, "remove", [options.path], show_progress))


def rebuild(settings: Settings, options: Options) -> Output:
    from index.jobs import jobs

    return _reported(jobs.run(settings, "rebuild", [], show_progress))


def pause(settings: Settings, options: Options) -> Output:
    from index.jobs import jobs

    return _asked(settings, jobs.pause, "running")


def resume(settings: Settings, options: Options) -> Output:
    from index.jobs import jobs

    return _reported(jobs.resume(settings, show_progress))


def cancel(settings: Settings, options: Options) -> Output:
    from index.jobs import jobs

    return _asked(settings, jobs.cancel, "running", "paused", "interrupted")


def _asked(settings: Settings, ask: Callable[[Settings], None], *states: str) -> Output:
    """Asks something of the job at work, and tells how it stands then."""
    from index.jobs import jobs

    job = jobs.latest(settings)
    if job is None or job.state not in states:
        raise InputError("No indexing job is at work in this library. `status` shows the last one.")
    ask(settings)
    job = jobs.latest(settings)
    state = job.state if job else ""
    words = "it ends after the file it is at" if state == "running" else state
    return {"job": plain(job)}, words, 0


def status(settings: Settings, options: Options) -> Output:
    from index.encoding.encoder import encoder_source
    from index.jobs import jobs
    from index.store import open_library
    from index.vectors import dense

    encoder = encoder_source(settings)
    job = jobs.latest(settings)
    with open_library(settings) as library:
        counts = library.counts()
        generation = dense.current(library, encoder.key) if encoder else None
        folders = library.folders()
    value = {
        "files": {name: counts[name] for name in ("indexed", "empty", "skipped", "failed")},
        "articles": counts["articles"],
        "passages": counts["passages"],
        "folders": [
            {name: getattr(folder, name) for name in ("path", "state", "exclude", "ocr")}
            for folder in folders
        ],
        "encoder": encoder.key if encoder else None,
        "generation": generation.generation if generation else None,
        "bytes": sum(path.stat().st_size for path in settings.home.rglob("*") if path.is_file()),
        "job": plain(job),
    }
    lines = [
        f"{settings.home}: {counts['articles']} articles, {counts['passages']} passages",
        "files: " + ", ".join(f"{count} {name}" for name, count in value["files"].items()),
        *(f"{folder.state}: {folder.path}{choices_words(folder)}" for folder in folders),
        f"encoder: {value['encoder'] or 'none, search runs by keywords'}",
    ]
    return value, "\n".join(lines), 0


def doctor(settings: Settings, options: Options) -> Output:
    from index.encoding.encoder import encoder_source
    from index.keeping import doctor as examining
    from index.store import open_library

    encoder = encoder_source(settings)
    if options.repair:
        return _repaired(settings, encoder)
    with open_library(settings) as library:
        found = examining.examine(library, encoder.key if encoder else None)
    problems = plain(found.problems)
    value = {"ok": not problems, "problems": problems, "notes": list(found.notes)}
    lines = [f"{item['what']} {item['path']}".strip() for item in problems]
    return value, "\n".join([*lines, *found.notes]) or "All is well.", int(bool(problems))


def _repaired(settings: Settings, encoder: EncoderSource | None) -> Output:
    from index.keeping.repair import repair

    problems = plain(repair(settings, encoder))
    left = [item for item in problems if not item["repaired"]]
    value = {"ok": not left, "problems": problems, "notes": []}
    lines = [
        f"{'repaired' if item['repaired'] else 'NOT repaired'}: {item['what']} {item['path']}"
        for item in problems
    ]
    return value, "\n".join(line.strip() for line in lines) or "All is well.", int(bool(left))


def text(settings: Settings, options: Options) -> Output:
    reading = _read(settings, os.path.abspath(options.path))
    fields = ("title", "outlet", "author", "published", "language", "text")
    articles = [
        {name: getattr(article, name) for name in fields}
        | {"start": article.spans[0].source_start, "end": article.spans[-1].source_end}
        for article in reading.articles
    ]
    value = {
        "status": reading.file.status,
        "reason": reading.file.reason,
        "articles": articles,
        "removed": plain(reading.removed),
        "unfit": dict(reading.unfit),
    }
    parts = [f"{reading.file.status} {reading.file.reason}".strip()]
    if reading.unfit:
        counts = (f"{count} × {kind}" for kind, count in reading.unfit)
        parts.append(f"unfit characters: {', '.join(counts)}")
    for article in reading.articles:
        parts.append(f"\n## {article.title}\n{source_words(article)}\n\n{article.text}")
    if reading.removed:
        parts.append("\n## Left out")
    for item in reading.removed:
        words = " ".join(reading.source_text[item.start : item.end].split())
        parts.append(f"{item.reason}: {words}")
    return value, "\n".join(parts), 0


def versions(settings: Settings, options: Options) -> Output:
    from index.store import open_library
    from index.story import stories_of

    path = os.path.abspath(options.path)
    with open_library(settings) as library:
        views = stories_of(library, path)
    value = {"articles": [story_value(view) for view in views]}
    lines = []
    for item in value["articles"]:
        lines.append(f"{item['title']}: {len(item['copies'])} copies, "
                     f"{len(item['versions'])} versions")  # fmt: skip
        lines += [f"  copy: {copy}" for copy in item["copies"]]
        for version in item["versions"]:
            lines.append(f"  version: {version['path']} ({version['published'] or 'no date'})")
            for one in version["differences"]:
                lines.append(f"    {one['kind']}")
                lines += [f"      {sign} {line or '?'}: {words}" for sign, line, words in (
                    ("-", one["line"], one["here"]), ("+", one["there_line"], one["there"])
                ) if words is not None]  # fmt: skip
    return value, "\n".join(lines), 0


def _read(settings: Settings, path: str) -> Reading:
    """A file, or one in a container, as it would be read into the library."""
    from core import members
    from ingest.reader import Reader

    (file, _), with_pictures = members.split(path), False
    if not os.path.lexists(file):
        raise InputError(f"{path} does not exist.")
    if settings.library_path.exists():
        from index.repeats import as_known
        from index.scan import reads_pictures
        from index.store import open_library

        with open_library(settings) as library:
            with_pictures = reads_pictures(library, file)
    with Reader(settings.max_text_bytes) as reader:
        for reading in reader.read(file, with_pictures):  # the file's own comes last
            if reading.file.path == path:
                break
    if reading.file.path != path and reading.file.status == "indexed":
        raise InputError(f"{path} does not exist.")
    if settings.library_path.exists():
        with open_library(settings) as library:
            return as_known(library, reading)
    return reading


def _reported(report: Report) -> Output:
    value = plain(report)
    missing, stopped = value.pop("missing"), value.pop("stopped")
    value["problems"] = list(value["problems"])
    for path in missing:
        tell(f"{path} does not exist; check the path")
        value["problems"].append({"path": path, "status": "failed", "reason": "does not exist"})
    counts = ", ".join(f"{count} {name}" for name, count in report.files.items() if count)
    lines = [f"{counts or 'nothing new'}; {report.embedded} passages embedded, {report.seconds} s"]
    lines += [f"{item['status']}: {item['path']}: {item['reason']}" for item in value["problems"]]
    return value, "\n".join(lines), int(bool(missing or stopped))
