"""No file can hang or kill a run: it fails with a reason, and the next one is read."""

import json
import signal
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.records import Article, Reading, Removed, SourceFile, SpanRun
from ingest import wire
from ingest.read import read_file
from ingest.reader import Reader
from tests.conftest import EXAMPLES, PROJECT

TEXT = "A ferry\n\nThe ferry to the island runs every hour and carries sixty people at a time.\n"


@pytest.mark.parametrize("path", sorted(EXAMPLES.iterdir())[:4], ids=lambda path: path.name[:20])
def test_a_child_reads_what_we_would_read(path):
    with Reader(10**7) as reader:
        assert list(reader.read(str(path))) == [read_file(str(path), 10**7)]


@pytest.mark.parametrize(
    ("name", "reason"),
    [("hang", "took longer"), ("crash", "signal 9"), ("noise", "exit code 3"),
     ("memory", "exit code 1")],
)  # fmt: skip
def test_a_file_that_ends_its_process_is_failed_and_the_next_is_read(tmp_path, name, reason):
    (tmp_path / f"{name}.txt").write_text(TEXT)
    (tmp_path / "good.txt").write_text(TEXT)
    with Reader(10**6, seconds_per_reading=5, module="tests.ingest.broken_worker") as reader:
        started = time.monotonic()
        (bad,) = reader.read(str(tmp_path / f"{name}.txt"))
        (good,) = reader.read(str(tmp_path / "good.txt"))
        assert time.monotonic() - started < 60
    assert bad.file.status == "failed"
    assert reason in bad.file.reason
    assert bad.file.size == len(TEXT)
    assert good.file.status == "indexed"


@pytest.mark.skipif(not hasattr(signal, "alarm"), reason="no alarms here")
def test_a_parser_that_hangs_ends_though_nobody_is_left_to_end_it():
    """As after a kill of the run: what holds the interpreter must not live on."""
    hanging = (
        "import ingest.worker as w\nw.read_all = lambda *_: filter(None, iter(int, 1))\n"
        "w.main(10**6)"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", hanging],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert worker.stdin is not None
        worker.stdin.write(b'{"path": "/a.txt", "ocr": false, "folder": "", "seconds": 0.1}\n')
        worker.stdin.flush()
        assert worker.wait(60) == -signal.SIGALRM
    finally:
        worker.kill()


def test_a_missing_file_is_failed():
    with Reader(10**6) as reader:
        (reading,) = reader.read("/no/such/file.txt")
    assert (reading.file.status, reading.file.reason) == ("failed", "no such file")


texts = st.text(max_size=20)


@given(texts, texts, st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=3))
def test_readings_survive_the_pipe(path, text, pairs):
    runs = tuple(SpanRun(a, b, a, b) for a, b in pairs)
    article = Article("x", path, 0, text, None, text, None, None, "en", text, runs)
    file = SourceFile(path, 1, 2, "ab", "utf-8", "text", "indexed")
    removed = tuple(Removed(a, b, text) for a, b in pairs)
    reading = Reading(file, text, (article,), removed, (0, 5))
    assert wire.from_value(json.loads(json.dumps(wire.to_value(reading)))) == reading


def test_a_file_that_is_left_half_way_leaves_nothing_to_the_next(tmp_path):
    paths = [tmp_path / f"{name}.txt" for name in "abc"]
    for path in paths:
        path.write_text(f"The lamp of {path.stem} went dark on Sunday.\n" * 5)
    with Reader(10**6) as reader:
        for reading in reader.read(str(paths[0])):
            assert reading.file.path == str(paths[0])
            break
        for path in paths[1:]:
            assert [one.file.path for one in reader.read(str(path))] == [str(path)]
