"""What killed runs left is cleared when the next job starts; what is in use never is."""

import os

from index import build
from index.encoding.encoder import EncoderSource
from index.jobs import job_work, jobs
from index.keeping import left_over, presence
from index.store import open_library


def test_a_job_clears_what_killed_runs_left(settings, tmp_path, fake_source, monkeypatch):
    monkeypatch.setattr(job_work, "prepare_encoder", lambda _: fake_source)
    assert isinstance(fake_source, EncoderSource)
    note = tmp_path / "note.txt"
    note.write_text("A report on tides.\n\n" + "The tide rose by two metres on Friday. " * 8)
    with open_library(settings) as library:
        build.add(library, [str(note)], fake_source)
    (vectors,) = settings.home.glob("vectors-*.faiss")
    old, new = (settings.home / f"library-format-1.db.{pid}.tmp" for pid in (1, 2))
    left = [
        settings.home / "vectors-77.tmp",
        settings.home / "vectors-0123456789abcdef.faiss",
        settings.home / "restoring" / "library.db",
        settings.home / "replaced-20260101.unfinished" / "library.db",
        settings.home / "salvaging" / "library.db",
        settings.home / "quarantine" / "rows.jsonl.tmp",
        settings.home / "open-1.lock",
        old,
        new,
    ]
    for path in left:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    aside = settings.home / "replaced-20260101"
    aside.mkdir()
    presence.announce(settings)
    try:
        jobs.run(settings, "sync", [])
    finally:
        presence.withdraw()
    assert [path for path in left if path.exists()] == [new]
    assert not (settings.home / "restoring").exists()
    assert aside.is_dir()
    assert vectors.exists()


def test_an_empty_home_has_nothing_to_clear(settings):
    settings.home.mkdir()
    left_over.clear(settings)
    assert list(settings.home.iterdir()) == []
