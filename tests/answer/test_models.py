"""The list of models: what is here, what fits, what was measured."""

import pytest

from answer.generator import LlamaGenerator
from answer.writing import models
from answer.writing import speeds as kept_speeds
from answer.writing.speeds import Measured, Rate, Speed
from core import machine, modelfiles, ownmodels
from core.errors import ModelError
from core.settings import Settings
from tests.core.gguf_bytes import gguf_bytes

GIGABYTE = 10**9


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setattr(modelfiles, "_in_package", lambda known: None)
    monkeypatch.setattr(modelfiles, "MODELS_PATH", tmp_path / "checkout")
    monkeypatch.setattr(machine, "memory", lambda: machine.Memory(8 * GIGABYTE, 4 * GIGABYTE))
    monkeypatch.setattr(machine, "free_disk_bytes", lambda _: 100 * GIGABYTE)
    return Settings(home=tmp_path / "home")


def by_name(settings):
    return {model.name: model for model in models.overview(settings).models}


def write(settings, name, size=4096):
    settings.models_path.mkdir(parents=True, exist_ok=True)
    path = settings.models_path / name
    path.write_bytes(gguf_bytes(size=size))
    return path


def test_what_fits_eight_gigabytes_with_four_free(settings):
    found = by_name(settings)
    assert [found[name].fits for name in (
        "qwen2.5-0.5b-instruct", "qwen2.5-1.5b-instruct", "llama-3.2-3b-instruct",
        "qwen3-4b-instruct-2507",
    )] == ["yes", "yes", "tight", "tight"]  # fmt: skip
    assert not any(model.installed for model in found.values())
    suggested = [name for name, model in found.items() if model.recommended]
    assert suggested == ["qwen2.5-0.5b-instruct"]
    assert models.overview(settings).free_memory_bytes == 4 * GIGABYTE


def test_a_full_disk_leaves_only_what_is_here_to_suggest(settings, monkeypatch):
    monkeypatch.setattr(machine, "free_disk_bytes", lambda _: GIGABYTE // 10)
    assert not any(model.recommended for model in by_name(settings).values())
    write(settings, "mine.gguf")  # of one's own: never suggested
    assert not any(model.recommended for model in by_name(settings).values())
    write(settings, "SmolLM2-135M-Instruct.Q4_1.gguf")
    assert by_name(settings)["smollm2-135m-instruct"].recommended


def test_a_measurement_replaces_the_estimates_and_moves_the_others(settings):
    path = write(settings, "mine.gguf", 100_000)
    before = by_name(settings)
    assert (before["mine"].memory_estimated, before["mine"].seconds_estimated) == (True, True)
    measured = Measured((Rate(1, 50.0, 9.0),), 1, 0.001, 777_000_000)
    kept_speeds.keep(settings, path, measured)
    after = by_name(settings)
    assert after["mine"].measured == measured
    assert (after["mine"].memory_bytes, after["mine"].usual_seconds) == (777_000_000, 0.001)
    assert after["qwen3-4b-instruct-2507"].usual_seconds == pytest.approx(25.0, rel=0.01)
    assert after["qwen3-4b-instruct-2507"].seconds_estimated
    assert after["qwen2.5-1.5b-instruct"].recommended  # the larger ones fit only tightly


def test_ones_own_files_are_listed_with_what_is_wrong(settings, tmp_path):
    outside = tmp_path / "outside.gguf"
    outside.write_bytes(gguf_bytes())
    ownmodels.remember(settings, outside)
    write(settings, "inside.gguf")
    (settings.models_path / "broken.gguf").write_bytes(b"GGUF")
    found = by_name(settings)
    assert (found["outside"].is_own, found["inside"].is_own) == (True, False)
    assert found["inside"].problem == ""
    assert "cut off" in found["broken"].problem
    assert not found["broken"].recommended
    outside.unlink()
    gone = by_name(settings)["outside"]
    assert gone.path is None
    assert str(outside) in gone.problem


def test_remembering_needs_a_gguf(settings, tmp_path):
    path = tmp_path / "x.gguf"
    with pytest.raises(ModelError, match="is not a file"):
        ownmodels.remember(settings, path)
    path.write_bytes(b"text")
    with pytest.raises(ModelError, match="not a usable GGUF"):
        ownmodels.remember(settings, path)
    notes = tmp_path / "notes.txt"
    notes.write_bytes(gguf_bytes())
    with pytest.raises(ModelError, match=r"must end in \.gguf"):
        ownmodels.remember(settings, notes)
    assert ownmodels.own_paths(settings) == []


def test_an_encoder_of_the_users_own_is_shown(settings, tmp_path):
    folder = tmp_path / "encoder"
    folder.mkdir()
    own = Settings(home=settings.home, encoder=folder)
    row = by_name(own)["encoder"]
    assert (row.kind, row.path) == ("encoder", None)
    assert "modules.json" in row.problem
    (folder / "modules.json").write_text('[{"type": "sentence_transformers.models.Pooling"}]')
    (folder / "model.safetensors").write_bytes(b"x" * 500)
    row = by_name(own)["encoder"]
    assert (row.problem, row.bytes) == ("", 500)
    assert "all-minilm-l6-v2" not in by_name(own)


def test_the_best_of_several_thread_counts():
    speeds = [Speed(1, 139.0, 84.0), Speed(2, 48.0, 4.0), Speed(4, 0.0, 0.0)]
    found = kept_speeds.summary(speeds, 5)
    assert (found.threads, found.usual_seconds, found.memory_bytes) == (1, 2.3, 5)
    assert found.speeds[1] == Rate(2, 48.0, 4.0)
    assert kept_speeds.summary([Speed(1, 0.0, 0.0)], None).usual_seconds is None


def test_the_first_question_s_measurement_is_listed_too(settings, monkeypatch):
    path = write(settings, "mine.gguf")
    speeds = [Speed(1, 10.0, 5.0), Speed(2, 20.0, 10.0)]
    monkeypatch.setattr(LlamaGenerator, "measure", lambda self: speeds)
    model = modelfiles.find_gguf(settings, "mine")
    assert LlamaGenerator(model, settings)._best_threads() == 2
    assert kept_speeds.measurement(settings, path).threads == 2
    monkeypatch.setattr(LlamaGenerator, "measure", None)  # another measurement would fail
    assert LlamaGenerator(model, settings)._best_threads() == 2


def test_a_measurement_of_another_version_is_measured_anew(settings):
    from answer.desk import open_desk

    path = write(settings, "mine.gguf")
    for kept in ("", "{", "[]", '{"speeds": [{"x": 1}]}', '{"speeds": [], "new": 1}'):
        with open_desk(settings) as desk:
            desk.set_setting(kept_speeds._key(path), kept)
        assert kept_speeds.measurement(settings, path) is None
