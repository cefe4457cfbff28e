"""No child outlives its parent: not one that hangs, holds the interpreter or runs a program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.children import PROJECT_PATH
from tests.processes import MARK, end, left_after, marked

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's /proc")

# Each writes a line when it is at work. The second one lets no other thread run.
BUSY = {
    "hangs": "import threading; say(); threading.Event().wait(600)",
    "holds the interpreter": "import ctypes; say(); ctypes.PyDLL(None).sleep(600)",
}
CHILD = """
import sys
from core import lifeline
lifeline.end_with_parent()
say = lambda: (sys.stdout.write("busy\\n"), sys.stdout.flush())
"""
# The parent starts its child from a thread that ends at once, as a page's do.
PARENT = """
import signal, subprocess, sys, threading, time
from core import lifeline
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests run behind
def begin():
    child = lifeline.start([sys.executable, "-c", sys.argv[1]], stdin=-1, stdout=-1)
    child.stdout.readline()
    kept.append(child)
kept = []
thread = threading.Thread(target=begin)
thread.start(); thread.join()
time.sleep(0.5)
print("running" if kept[0].poll() is None else "ended", flush=True)
time.sleep(600)
"""


def started(mark: str, code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=PROJECT_PATH,
        env={**os.environ, MARK: mark},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


@pytest.mark.parametrize("does", BUSY)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_busy_child_ends_with_its_parent_and_not_with_the_thread_that_wanted_it(
    tmp_path: Path, does: str, number: int
) -> None:
    mark = str(tmp_path)
    parent = started(mark, PARENT, CHILD + BUSY[does])
    assert parent.stdout is not None
    try:
        assert parent.stdout.readline() == "running\n"
        assert len(marked(mark)) == 2
        parent.send_signal(number)
        parent.wait(10)
        assert left_after(mark) == {}
    finally:
        end(mark)


def test_a_program_of_others_ends_with_the_process_that_runs_it(tmp_path: Path) -> None:
    code = "import subprocess; from core import lifeline; print(flush=True); "
    code += "subprocess.run(['sleep', '600'], preexec_fn=lifeline.tied('SIGKILL'))"
    parent = started(str(tmp_path), code)
    assert parent.stdout is not None
    parent.stdout.readline()
    end = time.monotonic() + 60
    while len(marked(str(tmp_path))) < 2 and time.monotonic() < end:
        time.sleep(0.01)
    assert len(marked(str(tmp_path))) == 2
    parent.kill()
    parent.wait()
    assert left_after(str(tmp_path)) == {}


def test_a_child_whose_parent_went_before_it_came_ends_at_once() -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD + BUSY["hangs"]],
        cwd=PROJECT_PATH,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(20) == 1


def test_ctrl_c_is_not_for_the_child() -> None:
    code = CHILD + "import os, signal; os.kill(os.getpid(), signal.SIGINT); say()"
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=PROJECT_PATH, stdin=pipe, stdout=pipe
    ) as child:
        assert child.wait(20) == 0
        assert child.stdout is not None
        assert child.stdout.read() == b"busy\n"
