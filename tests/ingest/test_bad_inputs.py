"""One folder of bad inputs, read in one run: each file ends with its status and reason,
no run stops, nothing is left behind. The table is in bad_files.py."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from core.records import MEMBER_MARK, Reading
from core.settings import Settings
from core.spans import to_source
from index import build
from index.encoding.encoder import EncoderSource
from index.store import open_library
from ingest.clean import clean
from ingest.files import walk
from ingest.reader import Reader
from tests import fakes
from tests.conftest import PROJECT
from tests.ingest import bad_files
from tests.ingest.bad_files import LIMIT_BYTES, TABLE, UTF8, Bad

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes and sockets"),
]
MARK = "SOURCEBOOK_TEST_RUN"  # in the environment of every process that a run starts
MOST_SECONDS = 120  # for a run that takes about 15 on a quiet machine
UNFIT = re.compile("[\x00-\x08\x0e-\x1f\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff"
                   "\U000e0000-\U000e007f]")  # fmt: skip

READ_ALL = """
import sys
from pathlib import Path
from ingest.files import walk
from ingest.reader import Reader
with Reader(10**6) as reader:
    for found in walk(Path(sys.argv[1])):
        status, reason = "skipped", found.skip_reason
        if not reason:
            *_, own = reader.read(found.path)
            status, reason = own.file.status, own.file.reason
        sys.stdout.write(f"{Path(found.path).name}|{status}|{reason}\\n")
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("bad") / "folder"
    top.mkdir()
    return top


@pytest.fixture(scope="module")
def table(folder: Path) -> dict[str, Bad]:
    return bad_files.build(folder)


@pytest.fixture(scope="module")
def run(folder: Path, table: dict[str, Bad]) -> dict[str, Reading | str]:
    """By path: what the one run gave, a reading or the walk's reason for passing by."""
    assert table
    given: dict[str, Reading | str] = {}
    started = time.monotonic()
    with marked_processes() as run_id, Reader(LIMIT_BYTES) as reader:
        for found in walk(folder):
            assert found.path not in given
            given[found.path] = found.skip_reason
            if not found.skip_reason:
                given.update((one.file.path, one) for one in reader.read(found.path))
        assert len(processes_of(run_id)) == 1 or not Path("/proc/self/environ").exists()
    assert processes_of(run_id) == []
    assert time.monotonic() - started < MOST_SECONDS
    return given


@contextlib.contextmanager
def marked_processes() -> Iterator[str]:
    """What is started inside carries a mark, by which it is found when its parent is gone."""
    run_id = f"{os.getpid()}-{time.monotonic_ns()}"
    os.environ[MARK] = run_id
    try:
        yield run_id
    finally:
        del os.environ[MARK]


def processes_of(run_id: str) -> list[int]:
    """Processes, also orphaned ones, that a marked run started; [] where /proc is missing."""
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"{MARK}={run_id}".encode() in environ.read_bytes().split(b"\0"):
                found.append(int(environ.parent.name))
        except OSError:  # gone, or another user's
            continue
    return found


def outcome(given: Reading | str) -> tuple[str, str]:
    if isinstance(given, str):
        return "skipped", given
    return given.file.status, given.file.reason


def test_the_table_is_long_enough() -> None:
    assert len(TABLE) == len({bad.name for bad in TABLE}) > 80


@pytest.mark.parametrize("bad", TABLE, ids=lambda bad: ascii(bad.name)[:40])
def test_status_and_reason(
    bad: Bad, folder: Path, table: dict[str, Bad], run: dict[str, Reading | str]
) -> None:
    (path,) = [path for path, one in table.items() if one is bad]
    if not bad.status:
        assert path not in run
        return
    status, reason = outcome(run[path])
    assert status == bad.status, reason
    assert bad.reason in reason
    assert bool(reason) == (status != "indexed")
    inside = {
        name.removeprefix(path + MEMBER_MARK): outcome(given)
        for name, given in run.items()
        if name.startswith(path + MEMBER_MARK)
    }
    assert inside.keys() == bad.inside.keys()
    for label, (member_status, member_reason) in bad.inside.items():
        assert inside[label][0] == member_status
        assert member_reason in inside[label][1]


def test_nothing_but_the_table_was_given(
    table: dict[str, Bad], run: dict[str, Reading | str]
) -> None:
    wanted = {path for path, bad in table.items() if bad.status}
    assert {path.partition(MEMBER_MARK)[0] for path in run} == wanted


def test_indexed_is_text_that_is_fit_to_be_shown(run: dict[str, Reading | str]) -> None:
    """Also: what is indexed has text, and its ends are tied to the source."""
    seen = 0
    for path, given in run.items():
        if isinstance(given, str) or given.file.kind in ("zip", "mbox"):
            continue
        assert bool(given.articles) == (given.file.status == "indexed"), path
        for article in given.articles:
            seen += 1
            for text in (article.text, article.title, article.author, article.outlet):
                assert not UNFIT.search(text or ""), path
            assert article.text.strip()
            pieces = to_source(article.spans, 0, len(article.text))
            for piece in (pieces[0], pieces[-1]):
                quote = given.source_text[piece.source_start : piece.source_end]
                shown = article.text[piece.clean_start : piece.clean_end]
                assert clean(quote) == " ".join(shown.split()), path
    assert seen > 30


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("utf16.txt", "harbour council of Velm"),
        ("utf32.txt", "harbour council of Velm"),
        ("some_nuls.txt", "the old pier before"),
        ("surrogates.txt", "the old pier before"),
        ("tricks.txt", "the old pier before"),
        ("cp1252.txt", "“Señor” Núñez – 5 €"),
        ("latin1.txt", "Bürgermeister von Köln größte"),
        ("shift_jis.txt", "港の評議会は火曜日に"),
        ("cut_utf8.txt", "港の評議会は火曜日に"),
        ("no_end.html", "until it is done."),
        ("attributes.html", "until it is done."),
        ("many_marks.html", "until it is done."),
        ("renamed.txt", "harbour council of Velm"),
    ],
)
def test_words_survive(name: str, words: str, folder: Path, run: dict[str, Reading | str]) -> None:
    given = run[str(folder / name)]
    assert isinstance(given, Reading)
    assert words in " ".join(given.articles[0].text.split())


def test_no_entity_is_expanded_and_no_name_is_a_path(
    folder: Path, run: dict[str, Reading | str]
) -> None:
    laughs = run[str(folder / "laughs.xml")]
    assert isinstance(laughs, Reading)
    assert laughs.source_text == bad_files.laughing_xml().decode()
    assert not list(folder.parent.parent.glob("**/slipped*"))


def test_what_the_walk_holds_back_does_no_harm_either(
    folder: Path, table: dict[str, Bad], run: dict[str, Reading | str]
) -> None:
    """A path may also be named by hand, or change after the walk has seen it."""
    names = {
        "pipe.txt": ("skipped", "not a regular file"),
        "socket.txt": ("skipped", "not a regular file"),
        "device.txt": ("skipped", "not a regular file"),
        "folder.txt": ("skipped", "a folder"),
        "loop1.txt": ("failed", "symbolic links"),
        "dangling.txt": ("failed", "no such file"),
        "nothing.txt": ("failed", "no such file"),
        "no\udcff\udcfeutf8.txt": ("indexed", ""),
    }
    started = time.monotonic()
    with Reader(LIMIT_BYTES) as reader:
        for name, (status, reason) in names.items():
            *_, given = reader.read(str(folder / name))
            assert outcome(given)[0] == status, name
            assert reason in outcome(given)[1], name
    assert time.monotonic() - started < 20


def test_one_run_of_the_index(
    folder: Path,
    run: dict[str, Reading | str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fakes, "_direction", lru_cache(maxsize=None)(fakes._direction))
    encoder = fakes.FakeEncoder()
    source = EncoderSource(encoder.key, lambda: encoder)
    settings = Settings(home=tmp_path / "home", max_text_bytes=LIMIT_BYTES)
    started = time.monotonic()
    with marked_processes() as run_id, open_library(settings) as library:
        report = build.add(library, [str(folder)], source)
        stored = {file.path: (file.status, file.reason) for file in library.files()}
    assert processes_of(run_id) == []
    assert time.monotonic() - started < MOST_SECONDS
    assert stored == {path: outcome(given) for path, given in run.items()}
    assert not report.stopped
    assert report.passages > 0
    assert {one.path for one in report.problems} == {
        path for path, (status, _) in stored.items() if status != "indexed"
    }


def test_a_file_without_permission(tmp_path: Path) -> None:
    """Root may read everything, so it first gives up that right for good."""
    (tmp_path / "closed.txt").write_bytes(UTF8)
    (tmp_path / "closed.txt").chmod(0)
    (tmp_path / "good.txt").write_bytes(UTF8)
    (tmp_path / "shut").mkdir(mode=0)
    rights = "-dac_override,-dac_read_search"
    user = ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}"]
    if os.geteuid() == 0 and (
        shutil.which("setpriv") is None
        or subprocess.run([*user, "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("root reads every file, and setpriv is not here to take that from it")
    done = subprocess.run(
        [*(user if os.geteuid() == 0 else []), sys.executable, "-c", READ_ALL, str(tmp_path)],
        cwd=PROJECT,
        env={"PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.splitlines() == [
        "closed.txt|failed|permission denied",
        "good.txt|indexed|",
        "shut|skipped|folder cannot be read (Permission denied)",
    ], done.stderr
