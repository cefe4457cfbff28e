"""Mends a library: what is derived is made again from what is true, what is damaged is kept aside.

Takes what `doctor.py` finds, under the writer's lock; says what became of each problem.
Every step is a transaction or a rename of its own and looks at the library anew, so a run
that is stopped or killed is simply run again, and readers see a whole library throughout.
Encodes only texts whose stored vector is damaged or lost; never deletes a source file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from core.errors import LibraryError
from core.settings import Settings
from index import build, embed, write
from index.encoding.encoder import EncoderSource
from index.keeping import doctor, mend_rows, mend_vectors, quarantine, repair_text, reread, salvage
from index.keeping.findings import Finding, Problem, readable
from index.keeping.stored import StoredPassage, article_at, article_is_sound, passages_of
from index.opening import DamagedError
from index.store import Library, open_library, text_sha256
from ingest.passages import split

UNREADABLE = "still so: library.db"
MOST_ROUNDS = 4  # two were needed at most by the damage of the tests


@dataclass(slots=True)
class _Run:
    library: Library
    said: list[Problem] = field(default_factory=list)
    needs_finish: bool = False  # what follows from the articles has to be made anew

    def say(self, found: Finding, how: str, repaired: bool) -> None:
        what = found.what.partition(";")[0]
        self.said.append(Problem(f"{what}: {how}", found.path, repaired))


def repair(settings: Settings, encoder: EncoderSource | None) -> tuple[Problem, ...]:
    """Mend what can be mended; each problem with what was done, and whether it is gone.

    Raises LibraryError where an indexing job or another repair is at work.
    """
    from filelock import FileLock, Timeout

    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with FileLock(settings.home / "library.lock").acquire(timeout=1):
            salvage.finish(settings)  # of a run that was killed
            try:
                with open_library(settings) as library:
                    said = _indexes(library)
                    if said is not None:
                        said += _repaired(library, encoder)
                        if not any(one.what.startswith(UNREADABLE) for one in said):
                            return tuple(map(readable, said))
            except sqlite3.OperationalError as error:
                raise _stopped(settings, error) from error
            except (DamagedError, sqlite3.DatabaseError):
                said = None
            return tuple(map(readable, (*(said or ()), *_salvaged(settings, encoder))))
    except Timeout:
        raise LibraryError(
            f"An indexing job is at work on {settings.home}. Wait until it has ended "
            "(`status` shows it), or `cancel` it; then run `doctor --repair` again."
        ) from None


def _stopped(settings: Settings, error: sqlite3.Error) -> LibraryError:
    return LibraryError(
        f"{settings.library_path} can't be mended further ({error}). What was done stays. "
        "Put back a backup, or add its folders to a new library with --home."
    )


def _indexes(library: Library) -> list[Problem] | None:
    """SQLite's own indexes are derived from its tables; None where these are damaged as well."""
    found = _integrity(library)
    if not found:
        return []
    library.connection.execute("REINDEX")
    if _integrity(library):
        return None
    how = "SQLite's indexes were made again from the rows"
    return [Problem(f"library.db: {one}: {how}", "", True) for one in found]


def _integrity(library: Library) -> list[str]:
    """What SQLite says of its pages; the full-text index is looked at on its own."""
    rows = library.connection.execute("PRAGMA integrity_check").fetchall()
    return [one for (one,) in rows if one != "ok" and "passages_fts" not in one]


def _salvaged(settings: Settings, encoder: EncoderSource | None) -> tuple[Problem, ...]:
    """A new library.db from what stands in the damaged one, mended and brought in step with
    the folders: files whose rows are lost are read again."""
    saved = salvage.salvage(settings)
    try:
        with open_library(settings) as library:
            # Vectors of words that are still lost must outlive the first part.
            said = _repaired(library, encoder, finish=False)
            build.sync(library, encoder)
            return (saved, *said, *_repaired(library, encoder))
    except sqlite3.DatabaseError as error:
        raise _stopped(settings, error) from error


def _repaired(
    library: Library, encoder: EncoderSource | None, finish: bool = True
) -> list[Problem]:
    """Mended until nothing is found or nothing more can be done: what is mended shows what
    was hidden behind it."""
    run = _Run(library)
    found, before = doctor.findings(library), None
    for number in range(1, MOST_ROUNDS + 1):
        if not found or _named(found) == before:
            break
        said = len(run.said)
        _round(run, encoder, found)
        if number > 1:
            run.said[said:] = [_in_round(number, one) for one in run.said[said:]]
        before, found = _named(found), doctor.findings(library)
        if finish and run.needs_finish and (not found or _named(found) == before):
            # Only now: it drops the vectors that no passage has, and a lost one may come back.
            embed.finish(library, encoder)
            run.needs_finish = False
            found = doctor.findings(library)
    if finish and run.needs_finish:
        embed.finish(library, encoder)
    told = {(one.what.partition(":")[0], one.path) for one in run.said if not one.repaired}
    for left in found:
        if (left.what.partition(";")[0], left.path) not in told:
            run.said.append(Problem(f"still so: {left.what}", left.path))
    return run.said


def _round(run: _Run, encoder: EncoderSource | None, found: list[Finding]) -> None:
    """Mend what is found, once."""
    library = run.library
    with doctor.any_text(library):
        # First: rows that are mended later take their words out of it and put them in.
        run.said += repair_text.mend(library, _of(found, "full text"))
        rows = mend_rows.mend(
            library, _of(found, "row", "story", "stray article", "lines", "numbers")
        )
        run.said += rows.said
        _passages(run, _of(found, "passage"))
        texts = [
            one
            for one in _of(found, "source", "article", "lost article")
            if not one.path or _is_listed(library, one.path)  # else it is a stray article
        ]
        restored = reread.restore(library, encoder, [*texts, *rows.to_read])
        named = {one.path for one in texts}
        # Of files that were read for a row's sake, only what could not be is said.
        run.said += [one for one in restored if one.path in named or not one.repaired]
        run.said += mend_vectors.mend(library, encoder, _of(found, "vector"))
        run.said += mend_vectors.publish_again(library, _of(found, "vector file"))
    run.needs_finish = run.needs_finish or bool(restored or rows.said)


def _is_listed(library: Library, path: str) -> bool:
    row = library.connection.execute(
        "SELECT 1 FROM files WHERE path = CAST(? AS TEXT)",
        (path.encode("utf-8", "surrogateescape"),),  # a damaged one may be no UTF-8
    ).fetchone()
    return row is not None


def _named(found: Iterable[Finding]) -> frozenset[tuple[str, str]]:
    return frozenset((one.what, one.path) for one in found)


def _in_round(number: int, one: Problem) -> Problem:
    return replace(one, what=f"{one.what} (round {number})")


def _of(found: Iterable[Finding], *kinds: str) -> list[Finding]:
    return [one for one in found if one.kind in kinds]


def _passages(run: _Run, found: list[Finding]) -> None:
    library = run.library
    for rowid in dict.fromkeys(one.key for one in found):
        mine = [one for one in found if one.key == rowid]
        if not rowid:
            _drop_strays(library)
            how, mended = "kept aside in the quarantine folder and taken out", True
        elif article_is_sound(library, int(rowid)):
            _split_again(library, int(rowid))
            how, mended = "made again from its article", True
        else:
            continue  # its article is read again, and its passages with it
        for one in mine:
            run.say(one, how, mended)


def _split_again(library: Library, rowid: int) -> None:
    """The article's passages as they must be; one that is known by its text, or by the hash of
    it, keeps its id, by which the vector file knows it."""
    article = article_at(library, rowid)
    stored = passages_of(library, rowid)
    if article is None:
        return
    left = {one.passage_id: one for one in stored}
    with library.transaction():
        for passage in split(article):
            digest = text_sha256(f"{article.title}\n{passage.text}")
            values = (passage.article_id, passage.start, passage.end, passage.text)
            same = _same(left.values(), values, digest)
            new = write.NewPassage(passage, f"{article.title}\n{passage.text}")
            if same is None:
                write.put_passage(library, new, article.title, None)
                continue
            del left[same.passage_id]
            if (*values, digest, True) != (
                *(same.article_id, same.start, same.end, same.text, same.embedded_sha256),
                same.is_sound,
            ):
                _keep(library, article.path, same)
                write.put_passage(library, new, article.title, same.passage_id)
        for one in left.values():
            _keep(library, article.path, one)
            write.drop_passages(library, [one.passage_id])


def _same(
    stored: Iterable[StoredPassage], values: tuple[str, int, int, str], digest: str
) -> StoredPassage | None:
    """The stored passage that this one is; the one most like it first."""
    _, start, end, text = values
    likeness = {
        one: ((one.start, one.end) == (start, end)) + (one.text == text)
        + (one.embedded_sha256 == digest)
        for one in stored
    }  # fmt: skip
    best = max(likeness, key=lambda one: likeness[one], default=None)
    return best if best is not None and likeness[best] >= 1 else None


def _keep(library: Library, path: str, one: StoredPassage) -> None:
    values: dict[str, object] = {
        "passage_id": one.passage_id,
        "article_id": one.article_id,
        "start": one.start,
        "end": one.end,
        "text": one.text,
    }
    quarantine.keep_row(library.settings, "passages", path, values)


def _drop_strays(library: Library) -> None:
    rows = library.connection.execute(
        "SELECT passage_id, article_id, start, end, text, embedded_sha256, row_sha256 FROM passages"
        " WHERE article_id NOT IN (SELECT article_id FROM articles)"
    ).fetchall()
    with library.transaction():
        for row in rows:
            _keep(library, "", StoredPassage(*row))
        write.drop_passages(library, [row[0] for row in rows])
