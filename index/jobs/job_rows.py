"""The rows of a library's jobs: what was asked for, how far it is, what waits behind it.

Takes an open library or its settings, gives `Job` and `Request`. Does no work and starts
no process: index/jobs/jobs.py does.

A job is `running` while its process holds the library's lock. `paused` and `interrupted`
ones (its process died, or the app ended) can go on where they stopped; `done`, `failed`
and `cancelled` ones have ended.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass

from core.errors import InputError
from core.settings import Settings
from index.scan import KEEP, Options
from index.store import Library, open_library

KEPT_ROWS = 500  # older ended jobs are forgotten: a followed folder makes many
INTERRUPTED = "The work was interrupted. Resume it, or rescan, to go on where it stopped."
PAUSED = "Paused. What has been read is in the library; the rest waits."
CANCELLED = "Cancelled. What has been read stays; “Look for changes now” reads the rest."
WENT_ON = "its process had ended on the way, and another went on where it stopped"
STOPPED = "Stopped with Ctrl-C. What has been read stays; run it again to go on."
GIVEN_UP = (
    "The work was interrupted several times at the same place, and no longer goes on by itself."
    " Resume it, or rescan, to try once more."
)
GONE_ON = "A later look at all folders has finished this."
_FIELDS = (
    "job_id, action, state, files_done, files_total, passages_done, passages_total,"
    " started, updated, message, asked"
)


@dataclass(frozen=True, slots=True)
class Job:
    job_id: int
    action: str
    state: str  # running, paused, interrupted, done, failed, cancelled
    files_done: int
    files_total: int
    passages_done: int  # embedded so far
    passages_total: int  # 0: not known
    started: float  # epoch seconds, moved on by the time it was paused
    updated: float
    message: str  # why and how it ended; of a running one the large file that it reads, or ""
    asked: str = ""  # "pause" or "cancel", which a running job has not heard of yet


@dataclass(frozen=True, slots=True)
class Request:
    """What a job is to do. `exclude` and `ocr`: for the folders of an `add`."""

    action: str
    paths: tuple[str, ...] = ()
    exclude: tuple[str, ...] | None = None
    ocr: bool | None = None

    @property
    def options(self) -> Options:
        return Options(self.exclude, self.ocr)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request in the queue. `place` names it; the lowest comes first."""

    place: int
    request: Request


@dataclass(frozen=True, slots=True)
class Begun:
    """A job whose row says `running`. `passages_done`: embedded before it was paused.
    `files_seen`: how many files it had found before it was paused; 0: it had not looked yet.
    `was_interrupted`: not by the user: its process had ended."""

    job_id: int
    request: Request
    passages_done: int = 0
    is_resumed: bool = False
    files_seen: int = 0
    was_interrupted: bool = False


def request_of(action: str, paths: tuple[str, ...], options: Options = KEEP) -> Request:
    return Request(action, paths, options.exclude, options.ocr)


def newest(library: Library) -> Job | None:
    """The running job, else one that is paused or interrupted, also where others came after it,
    else the last one."""
    row = library.connection.execute(
        f"SELECT {_FIELDS} FROM jobs ORDER BY state = 'running' DESC, state = 'paused' DESC,"
        " state = 'interrupted' DESC, job_id DESC LIMIT 1"
    ).fetchone()
    return Job(*row) if row else None


def begin(library: Library, request: Request) -> Begun:
    """A new row. Call under the library's lock, like all that begins."""
    with library.transaction():
        _mark_interrupted(library)
        if request.action == "remove":  # what still waits to be added is not wanted any more
            for one in waiting(library):
                if (one.request.action, one.request.paths) == ("add", request.paths):
                    drop(library, one.place)
        return _insert(library, request)


def begin_next(library: Library) -> Begun:
    """The first of the queue becomes a job, in one transaction. Raises InputError where
    none waits."""
    with library.transaction():
        _mark_interrupted(library)
        waits = waiting(library)
        if not waits:
            raise InputError("Nothing waits to be done in this library.")
        drop(library, waits[0].place)
        return _insert(library, waits[0].request)


def begin_again(library: Library) -> Begun:
    """The paused or interrupted job runs on. Raises InputError where there is none."""
    mark_interrupted(library)
    with library.transaction():
        job = newest(library)
        if job is None or job.state not in ("paused", "interrupted"):
            raise InputError("No work is paused in this library.")
        (stored,) = library.connection.execute(
            "SELECT request FROM jobs WHERE job_id = ?", (job.job_id,)
        ).fetchone()
        now = time.time()
        library.connection.execute(
            "UPDATE jobs SET state = 'running', asked = '', message = '', started = ?,"
            " updated = ? WHERE job_id = ?",
            (now - max(0.0, job.updated - job.started), now, job.job_id),
        )
    # A job that an older app wrote has no request: to look at all folders goes on with it.
    request = _request(stored) if stored else Request("sync")
    was_interrupted = job.state == "interrupted"
    return Begun(job.job_id, request, job.passages_done, True, job.files_total, was_interrupted)


def mark(library: Library) -> tuple[int | None, float | None]:
    """Changes with every job that begins, goes on or ends, also where the clock went back."""
    row = library.connection.execute("SELECT max(job_id), sum(updated) FROM jobs").fetchone()
    return row[0], row[1]


def note_progress(
    library: Library, job_id: int, files: tuple[int, int], passages: int, reading: str = ""
) -> str:
    """Store how far a job is (`files`: done, total; `reading`: the large file that it reads);
    gives what was asked of it meanwhile: "pause", "cancel" or nothing."""
    with library.transaction():
        library.connection.execute(
            "UPDATE jobs SET files_done = ?, files_total = ?, passages_done = ?, updated = ?,"
            " message = ? WHERE job_id = ?",
            (*files, passages, time.time(), reading, job_id),
        )
    return asked(library, job_id)


def asked(library: Library, job_id: int) -> str:
    (word,) = library.connection.execute(
        "SELECT asked FROM jobs WHERE job_id = ?", (job_id,)
    ).fetchone()
    return str(word)


def end(library: Library, job_id: int, state: str, message: str) -> None:
    """The job ends or pauses. A finished look at all folders finishes what was paused or
    interrupted, but no removal, and no `add` that had not noted its folders yet."""
    with library.transaction():
        execute = library.connection.execute
        execute(
            "UPDATE jobs SET state = ?, message = ?, updated = ? WHERE job_id = ?",
            (state, message, time.time(), job_id),
        )
        action, paths = execute(
            "SELECT action, json_extract(nullif(request, ''), '$.paths') FROM jobs"
            " WHERE job_id = ?",
            (job_id,),
        ).fetchone()
        if state == "done" and action in ("sync", "rebuild"):
            execute(
                "UPDATE jobs SET state = 'done', message = ?"
                " WHERE state IN ('paused', 'interrupted')"
                " AND action != 'remove' AND (action != 'add' OR files_total > 0)",
                (GONE_ON,),
            )
        elif state == "done" and action in ("add", "remove"):  # the last word on these paths
            execute(
                "UPDATE jobs SET state = 'cancelled', message = ?"
                " WHERE state IN ('paused', 'interrupted')"
                " AND json_extract(nullif(request, ''), '$.paths') = ?",
                (CANCELLED, paths),
            )


def ask(library: Library, word: str) -> None:
    """Ask the running job to "pause" or to "cancel"; a paused one is cancelled at once."""
    with library.transaction():
        library.connection.execute("UPDATE jobs SET asked = ? WHERE state = 'running'", (word,))
        if word == "cancel":
            library.connection.execute(
                "UPDATE jobs SET state = 'cancelled', message = ?"
                " WHERE state IN ('paused', 'interrupted')",
                (CANCELLED,),
            )


def mark_interrupted(library: Library, job_id: int | None = None) -> None:
    """The process of this job is gone. What was asked of it before is what the user wanted.
    None: of every job that is called running; for who holds the library's lock."""
    with library.transaction():
        _mark_interrupted(library, job_id)


def _mark_interrupted(library: Library, job_id: int | None = None) -> None:
    library.connection.execute(
        "UPDATE jobs SET message = CASE asked WHEN 'pause' THEN ? WHEN 'cancel' THEN ?"
        " ELSE ? END, state = CASE asked WHEN 'pause' THEN 'paused'"
        " WHEN 'cancel' THEN 'cancelled' ELSE 'interrupted' END"
        " WHERE state = 'running' AND job_id = ifnull(?, job_id)",
        (PAUSED, CANCELLED, INTERRUPTED, job_id),
    )


def waiting(library: Library) -> list[Waiting]:
    """The queue, first come first."""
    rows = library.connection.execute("SELECT place, request FROM queue ORDER BY place")
    return [Waiting(place, _request(stored)) for place, stored in rows]


def enqueue(library: Library, request: Request) -> None:
    """Put a request at the queue's end; one that waits there already is not doubled."""
    with library.transaction():
        if request not in [one.request for one in waiting(library)]:
            library.connection.execute(
                "INSERT INTO queue (request) VALUES (?)", (json.dumps(asdict(request)),)
            )


def drop(library: Library, place: int) -> None:
    """Take a request out of the queue; call inside a transaction."""
    library.connection.execute("DELETE FROM queue WHERE place = ?", (place,))


def is_held(settings: Settings) -> bool:
    """Whether the user has paused or cancelled the last job: nothing then starts by itself.
    It may have been asked just before its process died, which left it no time to say so."""
    if not settings.library_path.exists():
        return False
    with open_library(settings) as library:
        job = newest(library)
    if job is None:
        return False
    return job.state in ("paused", "cancelled") or (job.state == "running" and bool(job.asked))


def _insert(library: Library, request: Request) -> Begun:
    now = time.time()
    cursor = library.connection.execute(
        "INSERT INTO jobs (action, state, request, started, updated)"
        " VALUES (?, 'running', ?, ?, ?)",
        (request.action, json.dumps(asdict(request)), now, now),
    )
    job_id = int(cursor.lastrowid or 0)
    library.connection.execute(
        "DELETE FROM jobs WHERE job_id <= ? AND state NOT IN ('running', 'paused', 'interrupted')",
        (job_id - KEPT_ROWS,),
    )
    return Begun(job_id, request)


def _request(stored: str) -> Request:
    value = json.loads(stored)
    exclude = value["exclude"]
    return Request(
        value["action"],
        tuple(value["paths"]),
        None if exclude is None else tuple(exclude),
        value["ocr"],
    )
