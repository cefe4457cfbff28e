"""Too many open files: told by name, no file's fault, and none is kept open for nothing."""

from pathlib import Path

import pytest

from core.records import Filters
from index import build
from index.finding.locate import view
from index.search import search
from index.store import open_library
from index.vectors import dense, vector_files
from ingest.reader import Reader

OPEN = Path("/proc/self/fd")


@pytest.mark.slow
@pytest.mark.skipif(not OPEN.exists(), reason="limits of open files are tried on Linux")
def test_short_of_open_files_is_named_and_no_file_is_to_blame(child, articles):
    told = child("open_files_child", articles)
    named = 0
    for left, short in told["short"].items():
        for label, (code, error) in short.items():
            assert code == 0 or "Too many files are open" in error, (left, label, error)
            assert "Traceback" not in error
            named += code != 0
    assert named > 10
    assert told["short"]["14"]["search"][0] == 0
    assert (told["after"]["failed"], told["after"]["indexed"]) == (0, told["before"]["indexed"])
    assert (told["last"]["indexed"], told["last"]["failed"]) == (5, 0)


@pytest.mark.skipif(not OPEN.exists(), reason="open files are counted on Linux")
def test_no_file_stays_open(settings, articles, fake_source, fake_encoder):
    with open_library(settings) as library:
        build.add(library, [str(articles)], fake_source)

    def work():
        with open_library(settings) as library:
            for _ in range(4):
                assert search(library, fake_encoder, "cracked pin", 3, Filters()).hits
            view(library, str(articles / "0.txt"), 0, 5)
            dense.publish(library, fake_source.key)
            vector_files.clean_up(library)

    work()
    with Reader(10**6) as reader:
        list(reader.read(str(articles / "0.txt")))
    before = len(list(OPEN.iterdir()))
    for _ in range(50):
        work()
    for _ in range(3):
        with Reader(10**6) as reader:
            list(reader.read(str(articles / "0.txt")))
    assert (
        len(list(OPEN.iterdir())) <= before + 1
    )  # a reading process's pipe may close a moment later
