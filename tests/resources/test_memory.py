"""No memory for a model: told by name with what to do, and quotations go on."""

import json
import signal
import subprocess
import sys
import threading

import pytest

import cli
from answer.ask import Finished, ask
from answer.generator import LlamaGenerator
from answer.looking import Tools, load_models
from answer.session import Sessions
from answer.writing import worker_process
from answer.writing.worker_process import WorkerProcess
from core import shortage
from core.errors import MemoryShortError, ModelError
from core.modelfiles import find_gguf
from index.encoding import encoder
from index.store import open_library
from tests.conftest import PROJECT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits a process's memory")
resource = pytest.importorskip("resource")
QUESTION = "How much does the county pay for the bridge?"


@pytest.fixture
def gguf(demo):
    found = find_gguf(demo, None)
    if found is None:
        pytest.skip("the writing model's wheel is not installed: see models/README.md")
    return found.path


def answered(settings, generator, models):
    with open_library(settings) as library:
        *_, last = ask(Tools(library, models, generator), QUESTION)
    assert isinstance(last, Finished)
    return last.answer


@pytest.mark.parametrize("megabytes", [90, 350])
def test_a_model_without_memory_gives_quotations_and_says_why(
    demo, real_models, gguf, megabytes, monkeypatch
):
    """Python itself and the context are the first to fail."""

    class Short(WorkerProcess):
        def __init__(self, path):
            super().__init__(path)
            limit = megabytes << 20
            resource.prlimit(self.process_id, resource.RLIMIT_AS, (limit, limit))

    monkeypatch.setattr("answer.generator.WorkerProcess", Short)
    generator = LlamaGenerator(gguf)
    answer = answered(demo, generator, real_models)
    assert generator.process_id is None or not generator._worker.alive()
    assert answer.citations
    assert answer.model is None
    (note,) = (one for one in answer.notes if "could not be used" in one)
    assert "not enough memory" in note
    assert "smaller model" in note
    assert "quotations" in note


def test_a_model_that_the_kernel_kills_while_it_loads(gguf):
    """As the kernel does where memory is short; the next question starts a new process."""
    process = WorkerProcess(gguf)
    subprocess.run(["kill", "-KILL", str(process.process_id)], check=True)
    with pytest.raises(MemoryShortError, match="not enough memory for the model"):
        process.wait_until_loaded(threading.Event())
    process = WorkerProcess(gguf)
    process.wait_until_loaded(threading.Event())
    process.close()


def test_a_model_whose_process_ends_itself_names_both_causes(gguf):
    """llama.cpp aborts in some places where it was given no memory."""
    process = WorkerProcess(gguf)
    process._child._process.send_signal(signal.SIGABRT)
    with pytest.raises(ModelError, match=r"signal 6.*not enough memory.*file is damaged"):
        process.wait_until_loaded(threading.Event())


def test_a_process_that_can_not_be_started_is_a_fault_of_the_model_alone(gguf, monkeypatch):
    def refused(*_, **__):
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(subprocess, "Popen", refused)
    with pytest.raises(ModelError, match="not enough memory"):
        worker_process.WorkerProcess(gguf)


@pytest.mark.slow
def test_an_encoder_without_memory_leaves_the_search_to_keywords(demo):
    """The command line under a limit that the encoder doesn't fit in."""
    code = (
        "import resource, sys, cli\n"
        "resource.setrlimit(resource.RLIMIT_AS, (300 << 20, 300 << 20))\n"
        "sys.exit(cli.main(sys.argv[1:]))\n"
    )
    for command in (["search", "bridge"], ["ask", QUESTION, "--model", "none"]):
        done = subprocess.run(
            [sys.executable, "-c", code, "--home", str(demo.home), *command, "--json"],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        assert found.get("hits") or found["citations"]
        assert "not enough memory for the encoder" in done.stderr + str(found.get("notes"))


def test_the_app_asks_for_the_encoder_again_when_there_is_memory(demo, real_source, monkeypatch):
    def short():
        raise MemoryError

    loaded = dict(encoder._loaded)
    monkeypatch.setattr(encoder, "_loaded", {})
    monkeypatch.setattr(
        encoder, "_sources",
        lambda settings, folder: iter([encoder.EncoderSource(
            real_source.key, lambda: encoder._once(real_source.key, folder, short))]),
    )  # fmt: skip
    sessions = Sessions(demo)
    models = sessions._models()
    assert models.encoder is None
    assert models.lack == f"{shortage.ENCODER} The search ran by keywords."
    assert models.lack in answered(demo, None, models).notes
    monkeypatch.undo()
    monkeypatch.setattr(encoder, "_loaded", loaded)
    assert load_models(demo).encoder is not None


def test_a_command_out_of_memory_has_no_traceback(demo, monkeypatch, capsys):
    def short(*_):
        raise MemoryError

    monkeypatch.setattr("commands.library.status", short)
    assert cli.main(["--home", str(demo.home), "status"]) == 1
    assert "not enough memory" in capsys.readouterr().err
