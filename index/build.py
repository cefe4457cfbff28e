"""The folder → the index: read, split and embed what is new, drop what is gone.

Compares the files on disk with library.db and brings the library in step. Each
file is one transaction, so a run that is stopped or killed loses nothing that
was done; the next run goes on from there. One bad file never stops a run. What could not be read
for the machine's sake, or because its drive went away, stays as it was for the next run.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.errors import InputError
from core.records import Reading, SourceFile
from index import embed, scan, unread, write
from index.encoding.encoder import EncoderSource
from index.scan import KEEP, Options, is_under
from index.store import Folder, Library, Seen
from ingest import files
from ingest.read import RULES, digest
from ingest.reader import Reader
from ingest.readers import ocr

LARGE_BYTES = 200_000  # named while it is read: at 50 passages of 900 characters a second, 5 s
SEEN_BATCH = 500  # unchanged files whose new times are noted in one transaction


@dataclass(frozen=True, slots=True)
class Progress:
    files_done: int
    files_total: int
    passages_embedded: int
    reading: str = ""  # the large file that is read now, and its size in words


# Called after every file, where False asks the run to stop; and before a large one is read.
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
    touched: list[tuple[SourceFile, Seen]] = field(default_factory=list)  # not yet noted
    # Drives that went away while they were read: (folder, device)
    away: set[tuple[str, int | None]] = field(default_factory=set)


def add(
    library: Library,
    paths: Sequence[str],
    encoder: EncoderSource | None,
    on_progress: OnProgress = lambda progress: True,
    options: Options = KEEP,
) -> Report:
    """Remember these files and folders and index what is new or changed in them."""
    with Reader(library.settings.max_text_bytes) as reader:
        run = _Run(library, encoder, on_progress, reader)
        scans: dict[str, Folder] = {}
        for path in paths:
            to_scan = scan.remember(library, path, options)
            if to_scan is None:
                run.missing.append(os.path.abspath(Path(path).expanduser()))
            scans.update(to_scan or ())
        followed = {folder.path for folder in library.folders()}
        # A folder that a wider one took over is scanned with that.
        _follow(run, {path: one for path, one in scans.items() if one.path in followed})
        return _finish(run)


def go_on(
    library: Library, paths: Sequence[str], encoder: EncoderSource | None, on_progress: OnProgress
) -> Report:
    """The rest of an `add` that was stopped. What the user has removed since stays out."""
    with Reader(library.settings.max_text_bytes) as reader:
        run = _Run(library, encoder, on_progress, reader)
        _follow(run, dict(one for path in paths for one in scan.remembered(library, path)))
        return _finish(run)


def sync(
    library: Library,
    encoder: EncoderSource | None,
    on_progress: OnProgress = lambda progress: True,
) -> Report:
    """Bring the library in step with all remembered files and folders."""
    with Reader(library.settings.max_text_bytes) as reader:
        run = _Run(library, encoder, on_progress, reader)
        _follow(run, {folder.path: folder for folder in library.folders()})
        return _finish(run)


def forget_readings(library: Library) -> None:
    """Let the next look at the folders read every file anew, as an app with other rules would.
    Nothing is taken away before its turn comes; vectors of unchanged words are kept."""
    with library.transaction():
        library.connection.execute("UPDATE files SET rules = 0")


def remove(library: Library, path: str, encoder: EncoderSource | None = None) -> Report:
    """Forget a file or folder: its articles, vectors and stored source texts.

    Inside a followed folder it stays forgotten until it is added again. Raises
    InputError where the library doesn't know it. The files themselves stay. `encoder`:
    for articles that get lines back which their outlet no longer repeats.
    """
    run = _Run(library, encoder, lambda progress: True, Reader(library.settings.max_text_bytes))
    target = os.path.abspath(Path(path).expanduser())
    inside = [
        file.path
        for file in library.files()
        if target in (file.path, scan.container(library, file.path)) or is_under(file.path, target)
    ]
    folders = library.folders()
    roots = [one for one in folders if one.path == target or is_under(one.path, target)]
    if not inside and not roots:
        raise InputError(f"{target} is not in the library. `status` lists its folders.")
    with library.transaction():
        for root in roots:
            write.drop_root(library, root.path)
        for known in inside:
            write.delete_file(library, known)
        if any(is_under(target, folder.path) for folder in folders):
            write.exclude(library, target)
    run.counts["removed"] = len(inside)
    return _finish(run, forget_sources=True)


def _follow(run: _Run, scans: dict[str, Folder]) -> None:
    """`scans`: the paths to look at, with the followed folders they belong to."""
    plan: dict[str, tuple[files.Found, Folder]] = {}
    for target, folder in scans.items():
        seen = scan.look(run.library, target, folder)
        plan.update((item.path, (item, seen.folder)) for item in seen.found)
        if seen.away:
            run.problems.append(Problem(seen.away, "skipped", seen.reason))
        for path in seen.gone:
            with run.library.transaction():
                write.delete_file(run.library, path)
        run.counts["removed"] += len(seen.gone)
    run.files_total = len(plan)
    for item, folder in plan.values():
        _take(run, item, folder)
        run.files_done += 1
        if not run.on_progress(Progress(run.files_done, run.files_total, run.embedded)):
            run.stopped = True
            return
    for embedded in embed.fill_in_vectors(run.library, run.encoder):
        run.embedded += embedded
        if not run.on_progress(Progress(run.files_done, run.files_total, run.embedded)):
            run.stopped = True
            return


def _take(run: _Run, item: files.Found, folder: Folder) -> None:
    """Index one file and, if it is a container, what is in it; or note why not."""
    if (folder.path, item.device) in run.away:
        return
    known = run.library.file(item.path)
    members = scan.inside(run.library, item.path)
    if known is not None and _unchanged(run, known, item, [known, *members], folder):
        for file in (known, *members):
            _count(run, file, changed=False)
        return
    if item.size >= LARGE_BYTES and not item.skip_reason:
        name = f"{Path(item.path).name} ({item.size / 1_000_000:.1f} MB)"
        run.on_progress(Progress(run.files_done, run.files_total, run.embedded, name))
    seen = {item.path}
    own: Reading | None = None
    for reading in _readings(run, item, folder):
        if _is_left(run, item, folder, reading.file):
            return
        seen.add(reading.file.path)
        if reading.file.path == item.path:
            own = reading  # written last: a kill half-way leaves the container unread
        else:
            _put(run, reading, item, folder)
    for gone in [file.path for file in members if file.path not in seen]:
        with run.library.transaction():
            write.delete_file(run.library, gone)
        run.counts["removed"] += 1
    if own is not None:
        _put(run, own, item, folder)


def _is_left(run: _Run, item: files.Found, folder: Folder, read: SourceFile) -> bool:
    """Whether the file stays as it was for the next run; the report then says why."""
    why = unread.why_it_stays(run.library, item, folder, read)
    if why == unread.WENT:
        run.away.add((folder.path, item.device))
        run.problems.append(Problem(folder.path, "skipped", why))
    elif why:
        run.counts["failed"] += 1
        run.problems.append(Problem(item.path, "failed", why))
    return bool(why)


def _readings(run: _Run, item: files.Found, folder: Folder) -> Iterator[Reading]:
    if not item.skip_reason:
        yield from run.reader.read(item.path, folder.ocr, _no_way_out_of(folder))
        return
    file = SourceFile(item.path, item.size, item.mtime_ns, "", "", "", "skipped", item.skip_reason)
    yield Reading(file, "", (), ())


def _no_way_out_of(folder: Folder) -> str:
    """The folder that no link may lead out of; a file that the user named may be one."""
    return folder.path if folder.is_folder else ""


def _put(run: _Run, reading: Reading, item: files.Found, folder: Folder) -> None:
    file = reading.file
    known = run.library.file(file.path)
    before = run.library.seen(file.path)
    now = Seen(item.ctime_ns, item.device, 0 if item.skip_reason else RULES)
    current = before is not None and before.rules == now.rules
    if known and current and file.sha256 and _outcome(known) == _outcome(file):
        with run.library.transaction():
            write.touch_file(run.library, file)
            write.note_seen(run.library, file.path, now)
        _count(run, known, changed=False)
        return
    run.embedded += embed.index_reading(run.library, reading, folder.path, run.encoder, now)
    _count(run, file, changed=True)


def _unchanged(
    run: _Run, known: SourceFile, item: files.Found, all_known: list[SourceFile], folder: Folder
) -> bool:
    """Whether a file is what was read, as far as size and times tell, or else its bytes.
    What failed, or was too large, before its bytes were there is tried again each time."""
    before = run.library.seen(item.path)
    if item.skip_reason:
        return known.status == "skipped" and known.reason == item.skip_reason
    if before is None or before.rules != RULES:
        return False
    if known.status in ("failed", "skipped") and not known.sha256:
        return False
    if any(ocr.is_outdated(file, folder.ocr) for file in all_known):
        return False
    now = Seen(item.ctime_ns, item.device, RULES)
    same_time = known.mtime_ns == item.mtime_ns and before.ctime_ns in (None, item.ctime_ns)
    if known.size != item.size:
        return False
    if not same_time and (
        not known.sha256 or digest(item.path, _no_way_out_of(folder)) != known.sha256
    ):
        return False
    if before != now or known.mtime_ns != item.mtime_ns:
        run.touched += [(replace(file, mtime_ns=item.mtime_ns), now) for file in all_known]
        if len(run.touched) >= SEEN_BATCH:
            _note_touched(run)
    return True


def _note_touched(run: _Run) -> None:
    with run.library.transaction():
        for file, seen in run.touched:
            write.touch_file(run.library, file)
            write.note_seen(run.library, file.path, seen)
    run.touched.clear()


def _outcome(file: SourceFile) -> tuple[str, str, str]:
    return file.sha256, file.status, file.reason


def _count(run: _Run, file: SourceFile, changed: bool) -> None:
    unchanged = file.status == "indexed" and not changed
    run.counts["unchanged" if unchanged else file.status] += 1
    if file.status != "indexed":
        run.problems.append(Problem(file.path, file.status, file.reason))


def _finish(run: _Run, forget_sources: bool = False) -> Report:
    _note_touched(run)
    run.embedded += embed.finish(run.library, run.encoder, forget_sources, complete=not run.stopped)
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
