"""`cli.py models`: what it prints is a contract."""

import hashlib
import json

import pytest

import cli
from core import modelfiles
from core.catalogue import catalogue
from tests.core.gguf_bytes import gguf_bytes
from tests.core.model_server import Answer, serving

DATA = gguf_bytes(size=300_000)
SHA256 = hashlib.sha256(DATA).hexdigest()
ENTRY = f"""
[[model]]
name = "tiny"
file = "tiny.gguf"
bytes = {len(DATA)}
sha256 = "{SHA256}"
repository = "someone/tiny-GGUF"
revision = "main"
licence = "MIT"
"""
MODEL = {"name", "kind", "file", "path", "installed", "bytes", "memory_bytes", "memory_estimated",
         "fits", "usual_seconds", "seconds_estimated", "recommended", "licence", "sha256",
         "repository", "begun_bytes", "problem", "measured"}  # fmt: skip


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(modelfiles, "_hashes", {})
    models = tmp_path / "home" / "models"
    models.mkdir(parents=True)
    (models / "catalogue.toml").write_text(ENTRY)
    return tmp_path / "home"


@pytest.fixture
def server(monkeypatch):
    with serving(DATA) as running:
        monkeypatch.setenv("SOURCEBOOK_MODELS_ENDPOINT", running.url)
        yield running


@pytest.fixture
def run(home, capsys):
    def call(*arguments):
        code = cli.main(["--home", str(home), "models", *arguments, "--json"])
        out = capsys.readouterr()
        return code, json.loads(out.out) if out.out.strip() else None, out.err

    return call


def test_list(run, home):
    code, value, _ = run("list")
    assert code == 0
    assert set(value) == {"memory_bytes", "free_memory_bytes", "free_disk_bytes", "models",
                          "problems"}  # fmt: skip
    assert all(set(model) == MODEL for model in value["models"])
    assert [model["name"] for model in value["models"]] == [
        *(known.name for known in catalogue()), "tiny",
    ]  # fmt: skip
    by_name = {model["name"]: model for model in value["models"]}
    assert by_name["tiny"]["installed"] is False
    assert by_name["tiny"]["path"] is None
    assert by_name["tiny"]["bytes"] == len(DATA)
    assert by_name["all-minilm-l6-v2"]["usual_seconds"] is None
    assert sum(model["recommended"] for model in value["models"]) <= 1
    assert {model["fits"] for model in value["models"]} <= {"yes", "tight", "no", None}
    assert not (home / "desk.db").exists()  # looking creates nothing


def test_list_shows_own_files_and_names_what_is_wrong(run, home):
    (home / "models" / "mine.gguf").write_bytes(gguf_bytes())
    (home / "models" / "broken.gguf").write_bytes(b"not one")
    (home / "models" / "catalogue.toml").write_text('[[model]]\nname = "x"\n')
    _, value, _ = run("list")
    by_name = {model["name"]: model for model in value["models"]}
    assert by_name["mine"]["path"] == str(home / "models" / "mine.gguf")
    assert by_name["mine"]["sha256"] == ""
    assert by_name["mine"]["memory_estimated"] is True
    assert "not a usable GGUF" in by_name["broken"]["problem"]
    assert "no line “file = …”" in value["problems"][0]


def test_get_then_list_and_verify(run, home, server):
    code, value, error = run("get", "tiny")
    assert code == 0
    assert set(value) == {"name", "path", "bytes", "sha256", "seconds", "resumed_from"}
    assert value["path"] == str(home / "models" / "tiny.gguf")
    assert (value["sha256"], value["resumed_from"]) == (SHA256, 0)
    assert f"MIT; from {server.url}/someone/tiny-GGUF/resolve/main/tiny.gguf" in error
    assert run("get", "tiny.gguf")[1]["resumed_from"] == len(DATA)
    assert len(server.asked) == 1

    by_name = {model["name"]: model for model in run("list")[1]["models"]}
    assert by_name["tiny"]["installed"] is True

    code, value, _ = run("verify", "tiny")
    assert code == 0
    assert value == {"models": [{"name": "tiny", "path": str(home / "models" / "tiny.gguf"),
                                 "ok": True, "sha256": SHA256, "reason": ""}]}  # fmt: skip


def test_get_goes_on_and_shows_how_much_is_there(run, home, server, monkeypatch):
    monkeypatch.setattr("core.transfer.PAUSES_SECONDS", ())
    server.script = [Answer(cut_after=200_000)]
    code, value, error = run("get", "tiny")
    assert (code, value) == (1, None)
    assert "goes on from there" in error
    by_name = {model["name"]: model for model in run("list")[1]["models"]}
    assert by_name["tiny"]["begun_bytes"] == 200_000
    assert run("get", "tiny")[1]["resumed_from"] == 200_000


def test_the_endpoint_of_one_download(run, server, monkeypatch):
    monkeypatch.setenv("SOURCEBOOK_MODELS_ENDPOINT", "http://127.0.0.1:9")
    assert run("get", "tiny", "--endpoint", server.url + "/")[0] == 0


def test_get_names_what_it_can_not_fetch(run, server):
    code, _, error = run("get", "smollm3")
    assert code == 1
    assert "qwen2.5-0.5b-instruct" in error
    with pytest.raises(SystemExit) as wrong_use:
        run("get", "tiny", "--endpoint", "nowhere")
    assert wrong_use.value.code == 2
    assert server.asked == []


def test_verify_finds_damage_and_missing_models(run, home):
    path = home / "models" / "tiny.gguf"
    path.write_bytes(DATA)
    assert run("verify", "tiny")[0] == 0
    path.write_bytes(DATA[:-1] + b"!")
    code, value, _ = run("verify")
    assert code == 1
    (bad,) = [check for check in value["models"] if not check["ok"]]
    assert (bad["name"], bad["path"]) == ("tiny", str(path))
    assert SHA256 in bad["reason"]
    code, _, error = run("verify", "llama-3.2-3b-instruct")
    assert code == 1
    assert "models get llama-3.2-3b-instruct" in error


def test_verify_hashes_files_whatever_was_remembered(run, home):
    import os

    path = home / "models" / "tiny.gguf"
    path.write_bytes(DATA)
    assert run("verify", "tiny")[0] == 0
    times = (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    path.write_bytes(DATA[:-1] + b"!")  # damage that shows in neither size nor time
    os.utime(path, ns=times)
    assert run("verify", "tiny")[0] == 1


def test_verify_shows_the_hash_of_ones_own_file(run, tmp_path):
    path = tmp_path / "mine.gguf"
    path.write_bytes(DATA)
    code, value, _ = run("verify", str(path))
    assert code == 0
    assert value["models"][0]["sha256"] == SHA256
    assert "no catalogue" in value["models"][0]["reason"]
    path.write_bytes(b"text")
    assert run("verify", str(path))[0] == 1


def test_measure_is_kept_and_shown(run, gguf):
    code, value, _ = run("measure")
    assert code == 0
    assert set(value) == {"name", "speeds", "threads", "usual_seconds", "memory_bytes"}
    assert value["speeds"][0]["threads"] == 1
    assert all(
        set(speed) == {"threads", "prompt_tokens_per_second", "written_tokens_per_second"}
        for speed in value["speeds"]
    )
    listed = {model["name"]: model for model in run("list")[1]["models"]}[value["name"]]
    if value["usual_seconds"] is None:
        pytest.skip("this machine is too busy to measure anything")
    assert listed["measured"]["threads"] == value["threads"]
    assert listed["usual_seconds"] == value["usual_seconds"]
    assert listed["seconds_estimated"] is False


def test_measure_names_a_model_that_is_not_there(run):
    code, _, error = run("measure", "qwen3-4b-instruct-2507")
    assert code == 1
    assert "models get qwen3-4b-instruct-2507" in error
