"""A machine that sleeps and wakes: what was at work goes on, or is done once more."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from answer.writing import worker_process
from core import children, patience
from core.errors import ModelError
from ingest.reader import Reader
from tests.conftest import PROJECT

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no process can be stopped")


@pytest.mark.slow
def test_a_file_that_was_being_read_is_read_after_waking(articles):
    """Both processes are stopped for longer than either would wait; the child's own alarm rings
    at once when they go on."""
    article = articles / "0.txt"
    reading = subprocess.Popen(
        [sys.executable, "-m", "tests.resources.sleep_child", str(article)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    begun = article.with_suffix(".begun")
    deadline = time.monotonic() + 60
    while not begun.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(reading.pid, signal.SIGSTOP)
    time.sleep(5)  # the limit is 2, the alarm 4
    os.killpg(reading.pid, signal.SIGCONT)
    out, _ = reading.communicate(timeout=60)
    assert json.loads(out) == [["indexed", ""]]


def test_a_reading_process_that_its_own_alarm_ended_is_given_the_file_once_more(articles):
    article = articles / "0.txt"
    begun = article.with_suffix(".begun")
    with Reader(10**6, seconds_per_reading=30, module="tests.resources.slow_worker") as reader:

        def ring():
            end = time.monotonic() + 60
            while not begun.exists() and time.monotonic() < end:
                time.sleep(0.01)
            os.kill(reader.process_id, signal.SIGALRM)

        bell = threading.Thread(target=ring)
        bell.start()
        (read,) = reader.read(str(article))
        bell.join()
    assert read.file.status == "indexed"


def test_a_leap_of_the_clock_ends_no_writing_model(monkeypatch):
    """A night's sleep in the middle of a silence that only minutes of work may take."""
    now = [1000.0]
    monkeypatch.setattr(patience.time, "monotonic", lambda: now[0])

    class Silent(children.Child):
        def __init__(self, module):
            self.asked = 0

        def send(self, message):
            self.sent = message

        def alive(self):
            return True

        def close(self):
            self.closed = True

        def receive(self, timeout_seconds):
            self.asked += 1
            now[0] += 8 * 60 * 60 if self.asked == 1 else timeout_seconds
            if self.asked == 3:
                return {"event": "loaded", "id": 1}
            raise TimeoutError

    monkeypatch.setattr(worker_process, "Child", Silent)
    monkeypatch.setattr(worker_process, "check_memory", lambda path: None)
    process = worker_process.WorkerProcess(PROJECT / "any.gguf")
    assert process.event(1, threading.Event())["event"] == "loaded"
    process._child.asked = 100  # and one that stays silent is still given up
    with pytest.raises(ModelError, match="hung"):
        process.event(2, threading.Event())
