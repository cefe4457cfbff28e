"""LlamaGenerator with the real model in its real child process."""

import importlib.util
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from answer import prompt
from answer.desk import open_desk
from answer.generator import LlamaGenerator, load_generator, why_no_generator
from answer.writing import speeds, worker_process
from answer.writing.speeds import Speed
from core import machine, modelfiles
from core.children import PROJECT_PATH
from core.errors import ModelError
from core.settings import Settings

NOTES = ["Malta bought two ferries in May.", "They are painted red."]
LONG_NOTES = ["The harbour master counted the boats in the fog again." for _ in range(140)]


@pytest.fixture(scope="module")
def writer(gguf):
    generator = LlamaGenerator(gguf, threads=1)
    yield generator
    generator.close()


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home")


def test_a_draft_is_one_line_and_repeatable(writer):
    draft = "".join(writer.stream("What did Malta buy?", NOTES))
    assert "two ferries" in draft
    assert "\n" not in draft
    assert "<|im_end|>" not in draft
    assert draft == "".join(writer.stream("What did Malta buy?", NOTES))
    assert writer.dropped_notes == 0


def test_the_beginning_of_the_prompt_is_read_once(writer):
    list(writer.stream("What did Malta buy?", NOTES))
    list(writer.stream("Who runs the port?", ["Mira Solen runs the port."]))
    assert 0 < writer.last_done["reused_tokens"] < writer.last_done["prompt_tokens"]


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
def test_a_killed_worker_is_named_and_the_next_question_works(writer):
    stream = writer.stream("Tell me about the boats.", LONG_NOTES)
    next(writer.stream("What did Malta buy?", NOTES))  # loaded
    killer = threading.Timer(0.3, lambda: os.kill(writer._worker.process_id, signal.SIGKILL))
    killer.start()
    with pytest.raises(ModelError, match=r"was killed \(signal 9\).*[Mm]emory.*Ask again"):
        list(stream)
    assert "two ferries" in "".join(writer.stream("What did Malta buy?", NOTES))


def test_stop_while_the_prompt_is_read(writer):
    list(writer.stream("What did Malta buy?", NOTES))
    before = writer.last_done
    threading.Timer(0.3, writer.stop).start()
    assert list(writer.stream("Why did the boats stay?", LONG_NOTES)) == []
    assert writer.last_done is before  # it never came to its end
    assert "two ferries" in "".join(writer.stream("What did Malta buy?", NOTES))


def test_stop_while_it_loads(gguf):
    writer = LlamaGenerator(gguf, threads=1)
    threading.Timer(0.02, writer.stop).start()
    assert list(writer.stream("What did Malta buy?", NOTES)) == []
    assert writer.last_done == {}
    assert "two ferries" in "".join(writer.stream("What did Malta buy?", NOTES))
    writer.close()


def test_a_stream_that_nobody_reads_to_its_end_stops(writer):
    stream = writer.stream("Tell me about the ferries.", NOTES)
    next(stream)
    stream.close()
    assert "two ferries" in "".join(writer.stream("What did Malta buy?", NOTES))


def test_the_lowest_notes_are_dropped_first_and_counted(gguf, monkeypatch):
    monkeypatch.setattr(worker_process, "CONTEXT_TOKENS", 384)
    writer = LlamaGenerator(gguf, threads=1)
    notes = [NOTES[0], *(f"The fog came and went {n} times. " * 9 for n in range(4))]
    tried, build = [], prompt.build
    monkeypatch.setattr(prompt, "build", lambda q, n, t: tried.append(list(n)) or build(q, n, t))
    assert list(writer.stream("What did Malta buy?", notes))
    assert 1 <= writer.dropped_notes <= 3
    assert tried == [notes[: 5 - dropped] for dropped in range(writer.dropped_notes + 1)]
    with pytest.raises(ModelError, match="question is too long"):
        list(writer.stream("why " * 300, NOTES))
    assert "two ferries" in "".join(writer.stream("What did Malta buy?", NOTES))
    assert writer.dropped_notes == 0
    writer.close()


def test_close_ends_the_child_and_a_later_question_loads_again(gguf, wait_until_gone):
    writer = LlamaGenerator(gguf, threads=1)
    next(writer.stream("What did Malta buy?", NOTES))
    worker_id = writer._worker.process_id
    writer.close()
    assert wait_until_gone(worker_id)
    assert list(writer.stream("What did Malta buy?", NOTES))
    writer.close()


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("cut", r"cannot be loaded: it is damaged.*choose another model"),
        ("cut in its header", r"its header is cut off. Choose another file"),
        ("text", r"does not begin with the letters GGUF. Choose another file"),
        ("missing", r"cannot be read \(No such file or directory\). Check the path"),
    ],
)
def test_a_broken_file_is_named(gguf, tmp_path, kind, told):
    path = tmp_path / "broken.gguf"
    if kind.startswith("cut"):
        with gguf.open("rb") as file:
            path.write_bytes(file.read(4_000 if "header" in kind else 4_000_000))
    elif kind == "text":
        path.write_text("not a model")
    with pytest.raises(ModelError, match=rf"broken\.gguf .*{told}"):
        list(LlamaGenerator(path, threads=1).stream("Why?", NOTES))


def test_a_model_larger_than_the_free_memory_is_not_even_started(writer, monkeypatch):
    list(writer.stream("What did Malta buy?", NOTES))
    writer.close()
    free = machine.Memory(total_bytes=8_000_000_000, free_bytes=90_000_000)
    monkeypatch.setattr(machine, "memory", lambda: free)
    told = r"SmolLM2.* needs 14\d MB of memory at least, and 90 MB are free. Close other programs"
    with pytest.raises(ModelError, match=told):
        list(writer.stream("What did Malta buy?", NOTES))
    assert writer.process_id is None or not writer._worker.alive()
    monkeypatch.undo()
    assert "two ferries" in "".join(writer.stream("What did Malta buy?", NOTES))


@pytest.mark.skipif(sys.platform != "linux", reason="limits a process's address space")
@pytest.mark.parametrize("megabytes", [250, 330, 420])
def test_a_load_that_runs_out_of_memory_is_named(gguf, megabytes):
    """Limits between Python's own need and a whole model's, so that it fails in several places."""
    code = (
        "import pathlib, resource, sys\n"
        "from answer.generator import LlamaGenerator\n"
        "from core.errors import ModelError\n"
        "limit = int(sys.argv[2]) * 1_000_000\n"
        "resource.setrlimit(resource.RLIMIT_AS, (limit, limit))\n"
        "try:\n"
        "    list(LlamaGenerator(pathlib.Path(sys.argv[1])).stream('Why?', ['So.']))\n"
        "except ModelError as error:\n"
        "    print(error)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(gguf), str(megabytes)],
        cwd=PROJECT_PATH,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "not enough memory" in result.stdout, result.stderr


def test_the_thread_count_is_measured_once_and_kept(gguf, settings, monkeypatch):
    measured = []

    def measure(self):
        measured.append(1)
        return [Speed(1, 100.0, 50.0), Speed(2, 300.0, 0.0), Speed(4, 200.0, 60.0)]

    monkeypatch.setattr(LlamaGenerator, "measure", measure)
    for _ in range(2):
        model = modelfiles.ModelFile("own", gguf, "", "", "")
        assert LlamaGenerator(model, settings)._best_threads() == 4
    assert len(measured) == 1
    with open_desk(settings) as desk:
        assert desk.setting(speeds.threads_key(gguf)) == "4"


def test_a_real_measurement_stays_within_ten_seconds(writer):
    next(writer.stream("What did Malta buy?", NOTES))  # loaded
    started = time.perf_counter()
    found = writer.measure()
    assert time.perf_counter() - started < 10
    assert found[0].threads == 1
    assert all(speed.usual_seconds() > 0 for speed in found)  # inf on a very busy machine


def test_a_measurement_that_tells_nothing_is_not_kept(gguf, settings, monkeypatch):
    monkeypatch.setattr(LlamaGenerator, "measure", lambda self: [Speed(1, 0.0, 0.0)])
    generator = LlamaGenerator(modelfiles.ModelFile("own", gguf, "", "", ""), settings)
    assert generator._best_threads() == 1
    with open_desk(settings) as desk:
        assert desk.setting(speeds.threads_key(gguf)) is None


@pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")
def test_ones_own_gguf_gets_its_template_from_its_vocabulary(gguf, settings):
    settings.models_path.mkdir(parents=True)
    (settings.models_path / "own.gguf").symlink_to(gguf)
    writer = load_generator(settings, "own")
    assert (writer.name, writer._model.template) == ("own", "")
    writer._threads = 1
    assert "two ferries" in "".join(writer.stream("What did Malta buy?", NOTES))
    writer.close()


def test_quotations_by_name(settings):
    assert load_generator(settings, "none") is None


def test_no_gguf_is_said_with_the_command(settings, monkeypatch, tmp_path):
    monkeypatch.setattr(modelfiles, "_in_package", lambda known: None)
    monkeypatch.setattr(modelfiles, "MODELS_PATH", tmp_path)
    assert load_generator(settings) is None
    assert modelfiles.WRITER_COMMAND in why_no_generator(settings)
    assert str(settings.models_path) in why_no_generator(settings)
    with pytest.raises(ModelError, match="--require-hashes"):
        load_generator(settings, "smollm2-135m-instruct")


def test_no_llama_cpp_is_said(settings, monkeypatch):
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "llama_cpp" else find_spec(name)
    )
    assert load_generator(settings) is None
    assert "llama-cpp-python is not installed" in why_no_generator(settings)
    with pytest.raises(ModelError, match=r"requirements\.txt"):
        load_generator(settings, "smollm2-135m-instruct")


def test_the_parent_does_not_load_llama_cpp():
    code = "import sys, answer.generator, answer.worker; sys.exit('llama_cpp' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=modelfiles.MODELS_PATH.parent, check=True)
