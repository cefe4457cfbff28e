"""The app's processes, broken while it is used: it answers, its work goes on, and none is left."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import cli
from tests import processes
from tests.e2e import browser
from tests.e2e.test_library import job, open_library_page, write_articles

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's /proc")

FILES = 60
QUESTION = "Who opened the quay of Borley?"
WAIT_SECONDS = 60


@pytest.fixture
def served(tmp_path: Path, chromium: Any) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """(`cli.py serve` as a user types it, its address) on a library whose folder has grown."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "quay.txt").write_text(
        "The quay of Borley\n\nThe mayor Ann Rowe opened the quay of Borley on Monday."
    )
    assert cli.main(["--home", str(tmp_path / "home"), "add", str(folder)]) == 0
    write_articles(folder / "more", FILES)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = ["--home", str(tmp_path / "home")]
    with (tmp_path / "app.log").open("wb") as log:
        app = subprocess.Popen(
            [sys.executable, "cli.py", *home, "serve", "--no-browser", "--port", str(port)],
            cwd=browser.PROJECT,
            env={**os.environ, processes.MARK: str(tmp_path)},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # as a terminal does: Ctrl-C reaches all in it
        )
    browser.SERVED.add(f"127.0.0.1:{port}")
    try:
        browser.COOKIES.append(browser._let_in(port, browser._link(app, tmp_path / "app.log")))
        yield app, f"http://127.0.0.1:{port}"
    finally:
        processes.end(str(tmp_path))
        app.wait()


def test_whatever_is_killed_the_app_answers_and_nothing_outlives_it(
    tmp_path: Path, served: tuple[subprocess.Popen[bytes], str], visitor: Callable[..., Any]
) -> None:
    app, address = served
    # Nobody has opened a page: the app itself looks at its folders.
    parser, indexer = at_work(tmp_path, "ingest.worker"), at_work(tmp_path, "index.jobs.jobs")
    page = visitor().new_page()
    page.goto(address)
    os.kill(parser, signal.SIGKILL)
    at_work(tmp_path, "ingest.worker", but=parser)
    os.kill(indexer, signal.SIGSTOP)  # a job that hangs is in nobody's way
    browser.ask(page, QUESTION)
    assert "Ann Rowe" in page.locator(".claim").first.inner_text()
    os.kill(indexer, signal.SIGKILL)
    assert at_work(tmp_path, "index.jobs.jobs", but=indexer)
    open_library_page(page, f"{address}/library")
    job(page, "Looking for changes")
    page.close()  # the work outlives the tab

    until(lambda: read(tmp_path) > FILES // 2)
    before = read(tmp_path)
    os.killpg(app.pid, signal.SIGINT)
    assert app.wait(WAIT_SECONDS) == 0
    assert processes.left_after(str(tmp_path)) == {}
    assert "Traceback" not in (tmp_path / "app.log").read_text()
    assert read(tmp_path) >= before
    with closing(sqlite3.connect(tmp_path / "home" / "library.db")) as library:
        statuses = library.execute("SELECT DISTINCT status FROM files").fetchall()
    assert statuses == [("indexed",)]  # no file is blamed for what was killed


def at_work(tmp_path: Path, module: str, but: int = 0) -> int:
    """The id of the app's process of that module; waits for one other than `but`."""
    found: list[int] = []

    def look() -> bool:
        every = processes.marked(str(tmp_path)).items()
        found[:] = [one for one, command in every if f"-m {module}" in command and one != but]
        return bool(found)

    until(look)
    return found[0]


def read(tmp_path: Path) -> int:
    with closing(sqlite3.connect(tmp_path / "home" / "library.db")) as library:
        return int(library.execute("SELECT count(*) FROM files").fetchone()[0])


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)
