"""The folder → the index: read, split and embed what is new, drop what is gone.

Compares the files on disk with library.db and brings the library in step. Each
file is one transaction, so a run that is stopped or killed loses nothing that
was done; the next run goes on from there. One bad file never stops a run.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import InputError
from core.records import Reading, SourceFile
from index import dense, write
from index.encoder import EncoderSource
from index.store import Library, text_sha256
from index.write import NewPassage
from ingest import files, stories
from ingest.passages import split
from ingest.read import read_file

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
    run = _Run(library, encoder, on_progress)
    scans = [scan for path in paths if (scan := _remember(run, path)) is not None]
    _follow(run, scans)
    return _finish(run)


def sync(
    library: Library,
    encoder: EncoderSource | None,
    on_progress: OnProgress = lambda progress: True,
) -> Report:
    """Bring the library in step with all remembered files and folders."""
    run = _Run(library, encoder, on_progress)
    _follow(run, [(folder.path, folder.path) for folder in library.folders()])
    return _finish(run)


def remove(library: Library, path: str) -> Report:
    """Forget a file or folder: its articles, vectors and stored source texts.

    Raises InputError where the library doesn't know it. The files themselves stay.
    """
    run = _Run(library, None, lambda progress: True)
    target = os.path.abspath(Path(path).expanduser())
    inside = [
        file.path for file in library.files() if file.path == target or _is_under(file.path, target)
    ]
    roots = [
        folder
        for folder in library.folders()
        if folder.path == target or _is_under(folder.path, target)
    ]
    if not inside and not roots:
        raise InputError(f"{target} is not in the library. `status` lists its folders.")
    with library.transaction():
        for root in roots:
            write.drop_root(library, root.path)
        for known in inside:
            write.delete_file(library, known)
    run.counts["removed"] = len(inside)
    return _finish(run, forget_sources=True)


def index_reading(
    library: Library, reading: Reading, root: str, encoder: EncoderSource | None
) -> int:
    """Store one reading, visible at once; gives how many passages were embedded."""
    passages = [
        NewPassage(passage, f"{article.title}\n{passage.text}")
        for article in reading.articles
        for passage in split(article)
    ]
    texts = {text_sha256(new.embedded_text): new.embedded_text for new in passages}
    signatures = [stories.signature(article.text) for article in reading.articles]
    missing = _without_vector(library, encoder, texts)
    vectors = (
        encoder.load().encode([texts[digest] for digest in missing])
        if encoder and missing
        else None
    )
    with library.transaction():
        write.put_file(library, reading, root, passages, signatures)
        if encoder is not None and vectors is not None:
            write.put_vectors(library, encoder.key, missing, vectors)
    return len(missing)


def finish(
    library: Library,
    encoder: EncoderSource | None,
    forget_sources: bool = False,
    complete: bool = True,
) -> None:
    """Group stories, drop what nothing points to, publish a vector file if it pays.

    `complete`: False after a stopped run, whose next one may need the vectors again.
    """
    with library.transaction():
        write.set_stories(library, stories.group(library.signatures()))
        if complete:
            write.drop_orphans(library, forget_sources)
    if encoder is not None and dense.is_stale(library, encoder.key):
        dense.publish(library, encoder.key)
    else:
        dense.clean_up(library)


def _remember(run: _Run, path: str) -> tuple[str, str] | None:
    """(folder to scan, root it belongs to), or None where there is nothing there."""
    target = os.path.abspath(Path(path).expanduser())
    if not path or not os.path.lexists(target):
        run.missing.append(target)
        return None
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
        gone = [
            path
            for path in run.library.paths_under(root)
            if path not in present and (path == target or _is_under(path, target))
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
    _fill_in_vectors(run)


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
    return list(files.walk(Path(target)))


def _take(run: _Run, item: files.Found, root: str) -> None:
    """Index one file, or note why not."""
    known = run.library.file(item.path)
    if known is not None and _same(known, item):
        _count(run, known, changed=False)
        return
    if item.skip_reason:
        file = SourceFile(
            item.path, item.size, item.mtime_ns, "", "", "", "skipped", item.skip_reason
        )
        reading = Reading(file, "", (), ())
    else:
        reading = read_file(item.path, run.library.settings.max_text_bytes)
    file = reading.file
    if known is not None and file.sha256 and _outcome(known) == _outcome(file):
        with run.library.transaction():
            write.touch_file(run.library, file)
        _count(run, known, changed=False)
        return
    run.embedded += index_reading(run.library, reading, root, run.encoder)
    _count(run, file, changed=True)


def _same(known: SourceFile, item: files.Found) -> bool:
    """Unchanged as far as size and time tell. What failed is tried again each time."""
    if known.status == "failed":
        return False
    if item.skip_reason or known.status == "skipped":
        return known.reason == item.skip_reason
    return (known.size, known.mtime_ns) == (item.size, item.mtime_ns)


def _outcome(file: SourceFile) -> tuple[str, str, str]:
    return file.sha256, file.status, file.reason


def _count(run: _Run, file: SourceFile, changed: bool) -> None:
    unchanged = file.status == "indexed" and not changed
    run.counts["unchanged" if unchanged else file.status] += 1
    if file.status != "indexed":
        run.problems.append(Problem(file.path, file.status, file.reason))


def _without_vector(
    library: Library, encoder: EncoderSource | None, digests: Iterable[str]
) -> list[str]:
    if encoder is None:
        return []
    wanted = list(digests)
    known = library.known_vectors(encoder.key, wanted)
    return [digest for digest in wanted if digest not in known]


def _fill_in_vectors(run: _Run) -> None:
    """Embed passages that were stored without a vector (the encoder came later)."""
    if run.encoder is None:
        return
    rows = run.library.connection.execute(
        "SELECT DISTINCT title || char(10) || passages.text, embedded_sha256 FROM passages"
        " JOIN articles USING (article_id) WHERE embedded_sha256 NOT IN"
        " (SELECT embedded_sha256 FROM vectors WHERE encoder_key = ?)",
        (run.encoder.key,),
    ).fetchall()
    for start in range(0, len(rows), EMBED_BATCH):
        batch = rows[start : start + EMBED_BATCH]
        vectors = run.encoder.load().encode([text for text, _ in batch])
        with run.library.transaction():
            write.put_vectors(
                run.library, run.encoder.key, [digest for _, digest in batch], vectors
            )
        run.embedded += len(batch)
        if not run.on_progress(Progress(run.files_done, run.files_total, run.embedded)):
            run.stopped = True
            return


def _finish(run: _Run, forget_sources: bool = False) -> Report:
    finish(run.library, run.encoder, forget_sources, complete=not run.stopped)
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


def _is_under(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip(os.sep) + os.sep)
