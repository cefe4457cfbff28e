"""Downloads, measurements and checks outside the page, with a real server on this machine."""

import hashlib
import threading
import time

import pytest

from answer.writing import model_tasks
from answer.writing.model_tasks import ModelTasks
from answer.writing.speeds import Measured, Rate
from core import modelfiles
from core.errors import ModelError
from core.settings import Settings
from tests.core.gguf_bytes import gguf_bytes
from tests.core.model_server import Answer, serving

DATA = gguf_bytes(size=1_000_000)
ENTRY = f"""
[[model]]
name = "tiny"
file = "tiny.gguf"
bytes = {len(DATA)}
sha256 = "{hashlib.sha256(DATA).hexdigest()}"
repository = "someone/tiny"
revision = "main"
"""


@pytest.fixture
def server():
    with serving(DATA) as running:
        yield running


@pytest.fixture
def settings(tmp_path, server, monkeypatch):
    monkeypatch.setattr(modelfiles, "_hashes", {})
    home = tmp_path / "home"
    (home / "models").mkdir(parents=True)
    (home / "models" / "catalogue.toml").write_text(ENTRY)
    return Settings(home=home, models_endpoint=server.url)


@pytest.fixture
def tasks(settings):
    made = ModelTasks(settings)
    yield made
    made.close()


def wait(check, seconds=20):
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def ended(tasks, name="tiny"):
    wait(lambda: not tasks.all()[name].running)
    return tasks.all()[name]


def test_a_download_is_stopped_and_goes_on(tasks, server, settings):
    server.usual = Answer(bytes_per_second=500_000)
    tasks.download("tiny")
    assert tasks.downloading()
    wait(lambda: (tasks.all()["tiny"].progress or None) and tasks.all()["tiny"].progress.bytes_done)
    with pytest.raises(ModelError, match="tiny is busy"):
        tasks.download("tiny")
    tasks.stop("tiny")
    assert ended(tasks).state == "stopped"
    assert not tasks.downloading()

    server.usual = Answer()
    tasks.download("tiny")
    assert ended(tasks).state == "done"
    assert server.asked[1][1].startswith("bytes=")
    assert (settings.models_path / "tiny.gguf").read_bytes() == DATA


def test_what_goes_wrong_is_kept_in_words(tasks, server):
    server.usual = Answer(status=404)
    tasks.download("tiny")
    task = ended(tasks)
    assert task.state == "failed"
    assert "HTTP 404" in task.error


def test_what_can_not_begin_is_refused_at_once(tasks, monkeypatch):
    with pytest.raises(ModelError, match="no model called nobody"):
        tasks.download("nobody")
    monkeypatch.setattr("core.machine.free_disk_bytes", lambda _: 0)
    with pytest.raises(ModelError, match="too little room"):
        tasks.download("tiny")
    assert tasks.all() == {}


def test_an_error_of_our_own_ends_in_words_without_its_text(tasks, monkeypatch):
    def broken(*_):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(model_tasks, "verify", broken)
    tasks.verify()
    task = ended(tasks, "")
    assert task.state == "failed"
    assert "secret" not in task.error


def test_closing_stops_what_runs(tasks, server):
    server.usual = Answer(bytes_per_second=100_000)
    tasks.download("tiny")
    wait(lambda: server.asked)
    tasks.close()
    assert ended(tasks).state == "stopped"


def test_every_file_is_checked(tasks, settings):
    (settings.models_path / "tiny.gguf").write_bytes(DATA[:-1] + b"!")
    tasks.verify()
    task = ended(tasks, "")
    assert task.state == "done"
    assert [check.name for check in task.checks if not check.ok] == ["tiny"]


class Slow:
    """A measurement that runs until it is stopped, one at a time."""

    running: list[str] = []

    def __init__(self, settings, name):
        self.name = name
        self.ended = threading.Event()

    def run(self):
        assert self.running == []
        self.running.append(self.name)
        self.ended.wait(10)
        self.running.remove(self.name)
        return Measured((Rate(1, 9.0, 3.0),), 1, 4.0, None)

    def stop(self):
        self.ended.set()


def test_measurements_take_turns(tasks, monkeypatch):
    monkeypatch.setattr(model_tasks, "Measurement", Slow)
    tasks.measure("a")
    wait(lambda: Slow.running == ["a"])
    tasks.measure("b")
    tasks.measure("c")
    tasks.stop("c")  # before its turn
    tasks.stop("a")
    assert ended(tasks, "a").measured.usual_seconds == 4.0
    wait(lambda: Slow.running == ["b"])
    tasks.stop("b")
    assert ended(tasks, "b").state == "done"
    assert ended(tasks, "c").state == "stopped"
