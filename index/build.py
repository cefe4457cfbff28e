"""The folder → the index: read, split and embed what is new, drop what is gone.

Compares the files on disk with library.db and brings the library in step. Each
file is one transaction, so a run that is stopped or killed loses nothing that
was done; the next run goes on from there. One bad file never stops a run.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import InputError
from core.records import MEMBER_MARK, Reading, SourceFile
from index import embed, write
from index.encoder import EncoderSource
from index.store import Library
from ingest import files
from ingest.read import RULES
from ingest.reader import Reader

EMBED_BATCH = 64  # passages per call when vectors are filled in later


@dataclass(frozen=True, slots=True)
class Progress:
    files_done: int
    files_total: int
    passages_embedded: int


# Called after every file; False asks the run to stop there.
OnProgress = Callable[[Progress], bool]


@dataclass(frozen=True, slots=True)
class Problem:
    path: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did. `files` counts by what became of them in this run."""

    files: dict[str, int]
    articles: int  # in the library now
    passages: int
    embedded: int  # passages that went through the encoder in this run
    seconds: float
    problems: tuple[Problem, ...]
    missing: tuple[str, ...] = ()  # paths that were asked for and don't exist
    stopped: bool = False


@dataclass(slots=True)
class _Run:
    """The counters of a run in progress."""

    library: Library
    encoder: EncoderSource | None
    on_progress: OnProgress
    reader: Reader
    started: float = field(default_factory=time.monotonic)
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(
            ("indexed", "unchanged", "removed", "empty", "skipped", "failed"), 0
        )
    )
    embedded: int = 0
    files_done: int = 0
    files_total: int = 0
    stopped: bool = False
    problems: list[Problem] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def add(
    library: Library,
    paths: Sequence[str],
    encoder: EncoderSource | None,
    on_progress: OnProgress = lambda progress: True,
) -> Report:
    """Remember these files and folders and index what is new or changed in them."""
    with Reader(library.settings.max_text_bytes) as reader:
        run = _Run(library, encoder, on_progress, reader)
        _follow(run, [scan for path in paths if (scan := _remember(run, path)) is not None])
        return _finish(run)


def sync(
    library: Library,
    encoder: EncoderSource | None,
    on_progress: OnProgress = lambda progress: True,
) -> Report:
    """Bring the library in step with all remembered files and folders."""
    with Reader(library.settings.max_text_bytes) as reader:
        run = _Run(library, encoder, on_progress, reader)
        _follow(run, [(folder.path, folder.path) for folder in library.folders()])
        return _finish(run)


def remove(library: Library, path: str) -> Report:
    """Forget a file or folder: its articles, vectors and stored source texts.

    Inside a followed folder it stays forgotten until it is added again. Raises
    InputError where the library doesn't know it. The files themselves stay.
    """
    run = _Run(library, None, lambda progress: True, Reader(library.settings.max_text_bytes))
    target = os.path.abspath(Path(path).expanduser())
    inside = [
        file.path
        for file in library.files()
        if target in (file.path, _container(file.path)) or _is_under(file.path, target)
    ]
    folders = library.folders()
    roots = [one for one in folders if one.path == target or _is_under(one.path, target)]
    if not inside and not roots:
        raise InputError(f"{target} is not in the library. `status` lists its folders.")
    with library.transaction():
        for root in roots:
            write.drop_root(library, root.path)
        for known in inside:
            write.delete_file(library, known)
        if any(_is_under(target, folder.path) for folder in folders):
            write.exclude(library, target)
    run.counts["removed"] = len(inside)
    return _finish(run, forget_sources=True)


def _remember(run: _Run, path: str) -> tuple[str, str] | None:
    """(folder to scan, root it belongs to), or None where there is nothing there."""
    target = os.path.abspath(Path(path).expanduser())
    if not path or not os.path.lexists(target):
        run.missing.append(target)
        return None
    with run.library.transaction():
        write.include(run.library, target)
    roots = run.library.folders()
    for root in roots:
        if root.is_folder and (root.path == target or _is_under(target, root.path)):
            return target, root.path
    with run.library.transaction():
        write.put_root(run.library, target, Path(target).is_dir())
        for root in roots:
            if _is_under(root.path, target):  # a wider folder takes the narrower one over
                run.library.connection.execute(
                    "UPDATE files SET root = ? WHERE root = ?", (target, root.path)
                )
                write.drop_root(run.library, root.path)
    return target, target


def _follow(run: _Run, scans: Sequence[tuple[str, str]]) -> None:
    plan: dict[str, tuple[files.Found, str]] = {}
    for target, root in scans:
        found = _scan(run, target, root)
        if found is None:
            continue
        plan.update((item.path, (item, root)) for item in found)
        present = {item.path for item in found}
        closed = [item.path for item in found if item.skip_reason.startswith(files.CLOSED)]
        gone = [
            path
            for path in run.library.paths_under(root)
            if not present & {path, _container(path)}
            and (path == target or _is_under(path, target))
            # What can't be seen at the moment is not gone.
            and not any(_is_under(path, folder) for folder in closed)
        ]
        for path in gone:
            with run.library.transaction():
                write.delete_file(run.library, path)
        run.counts["removed"] += len(gone)
    run.files_total = len(plan)
    for item, root in plan.values():
        _take(run, item, root)
        run.files_done += 1
        if not run.on_progress(Progress(run.files_done, run.files_total, run.embedded)):
            run.stopped = True
            return
    for embedded in embed.fill_in_vectors(run.library, run.encoder):
        run.embedded += embedded
        if not run.on_progress(Progress(run.files_done, run.files_total, run.embedded)):
            run.stopped = True
            return


def _scan(run: _Run, target: str, root: str) -> list[files.Found] | None:
    """The files there now; None where the root can't be reached (a drive that is
    not mounted is no deletion: its files stay searchable)."""
    is_folder = {folder.path: folder.is_folder for folder in run.library.folders()}
    if is_folder.get(root) and not Path(root).exists():
        with run.library.transaction():
            write.set_root_state(run.library, root, "unavailable")
        return None
    if not os.path.lexists(target):
        with run.library.transaction():
            if target == root:
                write.drop_root(run.library, root)
        return []
    with run.library.transaction():  # a file may stand where a folder stood, or the reverse
        write.put_root(run.library, root, Path(root).is_dir())
    excluded = run.library.excluded()
    return [
        item
        for item in files.walk(Path(target))
        if item.path not in excluded and not any(_is_under(item.path, one) for one in excluded)
    ]


def _take(run: _Run, item: files.Found, root: str) -> None:
    """Index one file and, if it is a container, what is in it; or note why not."""
    known = run.library.file(item.path)
    members = run.library.members(item.path)
    current = run.library.rules(item.path) == RULES
    if known is not None and _same(known, item, current):
        for file in (known, *members):
            _count(run, file, changed=False)
        return
    seen = {item.path}
    own: Reading | None = None
    for reading in _readings(run, item):
        seen.add(reading.file.path)
        if reading.file.path == item.path:
            own = reading  # written last: a kill half-way leaves the container unread
        else:
            _put(run, reading, root)
    for gone in [file.path for file in members if file.path not in seen]:
        with run.library.transaction():
            write.delete_file(run.library, gone)
        run.counts["removed"] += 1
    if own is not None:
        _put(run, own, root)


def _readings(run: _Run, item: files.Found) -> Iterator[Reading]:
    if not item.skip_reason:
        yield from run.reader.read(item.path)
        return
    file = SourceFile(item.path, item.size, item.mtime_ns, "", "", "", "skipped", item.skip_reason)
    yield Reading(file, "", (), ())


def _put(run: _Run, reading: Reading, root: str) -> None:
    file = reading.file
    known = run.library.file(file.path)
    current = run.library.rules(file.path) == RULES
    if known and current and file.sha256 and _outcome(known) == _outcome(file):
        with run.library.transaction():
            write.touch_file(run.library, file)
        _count(run, known, changed=False)
        return
    run.embedded += embed.index_reading(run.library, reading, root, run.encoder)
    _count(run, file, changed=True)


def _same(known: SourceFile, item: files.Found, current: bool) -> bool:
    """Unchanged as far as size and time tell, and read by today's rules. What failed is
    tried again each time."""
    if known.status == "failed":
        return False
    if item.skip_reason or known.status == "skipped":
        return known.reason == item.skip_reason
    return current and (known.size, known.mtime_ns) == (item.size, item.mtime_ns)


def _outcome(file: SourceFile) -> tuple[str, str, str]:
    return file.sha256, file.status, file.reason


def _count(run: _Run, file: SourceFile, changed: bool) -> None:
    unchanged = file.status == "indexed" and not changed
    run.counts["unchanged" if unchanged else file.status] += 1
    if file.status != "indexed":
        run.problems.append(Problem(file.path, file.status, file.reason))


def _finish(run: _Run, forget_sources: bool = False) -> Report:
    embed.finish(run.library, run.encoder, forget_sources, complete=not run.stopped)
    counts = run.library.counts()
    return Report(
        files=run.counts,
        articles=counts["articles"],
        passages=counts["passages"],
        embedded=run.embedded,
        seconds=round(time.monotonic() - run.started, 3),
        problems=tuple(run.problems),
        missing=tuple(run.missing),
        stopped=run.stopped,
    )


def _container(path: str) -> str:
    """The file that a member's path names first: a.zip of a.zip!/b.html."""
    return path.partition(MEMBER_MARK)[0]


def _is_under(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip(os.sep) + os.sep)
