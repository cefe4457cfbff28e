import hashlib
import json
import os
import sys

import pytest

from core import catalogue as catalogue_module
from core import modelfiles, ownmodels
from core.catalogue import catalogue
from core.errors import ModelError
from core.modelfiles import check_hash, find_encoder, find_gguf, writers
from core.settings import Settings
from tests.core.gguf_bytes import gguf_bytes

CATALOGUE = """
[[model]]
name = "tiny"
kind = "writer"
file = "Tiny.Q4.gguf"
bytes = 4
sha256 = "{tiny}"
licence = "MIT"
memory_mb = 1
template = "chatml"
package = "tiny_carrier"
path = "Tiny.Q4.gguf"

[[model]]
name = "big"
kind = "writer"
file = "big.gguf"
bytes = 3
sha256 = "{big}"
licence = "MIT"
memory_mb = 1
template = "llama3"
repository = "someone/big"
revision = "1"

[[model]]
name = "encoder"
kind = "encoder"
file = "weights"
bytes = 7
sha256 = "{weights}"
licence = "MIT"
memory_mb = 1
package = "encoder_carrier"
path = "model/weights"

[model.beside]
"words.json" = "{words}"
"""


def sha256(data):
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """A catalogue of our own, no model in the checkout, two carriers that must not be run."""
    catalogue_path = tmp_path / "catalogue.toml"
    catalogue_path.write_text(
        CATALOGUE.format(
            tiny=sha256(b"tiny"), big=sha256(b"big"), weights=sha256(b"weights"), words=sha256(b"w")
        )
    )
    packages = tmp_path / "packages"
    for name, files in {
        "tiny_carrier": {"Tiny.Q4.gguf": b"tiny"},
        "encoder_carrier": {"model/weights": b"weights", "model/words.json": b"w"},
    }.items():
        for path, data in {"__init__.py": b"raise RuntimeError('was run')", **files}.items():
            target = packages / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    monkeypatch.syspath_prepend(packages)
    monkeypatch.setattr(catalogue_module, "CATALOGUE_PATH", catalogue_path)
    monkeypatch.setattr(modelfiles, "MODELS_PATH", tmp_path / "checkout")
    monkeypatch.setattr(modelfiles, "_hashes", {})
    (tmp_path / "checkout").mkdir()
    (tmp_path / "home" / "models").mkdir(parents=True)
    return Settings(home=tmp_path / "home")


def test_carriers_are_found_without_running_their_code(settings):
    model = find_gguf(settings)
    assert model.path.read_bytes() == b"tiny"
    assert (model.name, model.template, model.licence) == ("tiny", "chatml", "MIT")
    folder = find_encoder(settings)
    assert (folder / "weights").read_bytes() == b"weights"
    assert "tiny_carrier" not in sys.modules
    assert "encoder_carrier" not in sys.modules


def test_nothing_installed(settings, monkeypatch):
    monkeypatch.setattr(sys, "path", [])
    assert find_gguf(settings) is None
    assert find_encoder(settings) is None
    assert writers(settings) == []


@pytest.mark.parametrize("name", ["own", "own.gguf"])
def test_ones_own_gguf_by_name(settings, name):
    path = settings.models_path / "own.gguf"
    path.write_bytes(b"anything")
    model = find_gguf(settings, name)
    assert (model.name, model.path, model.template, model.sha256) == ("own", path, "", "")


def test_ones_own_gguf_by_path(settings, tmp_path):
    path = tmp_path / "elsewhere.gguf"
    path.write_bytes(b"anything")
    assert find_gguf(settings, str(path)).path == path
    with pytest.raises(ModelError, match=r"not a GGUF.*\.gguf"):
        find_gguf(settings, str(tmp_path / "catalogue.toml"))


def test_a_known_file_in_the_checkout_gets_its_catalogue_name(settings):
    (modelfiles.MODELS_PATH / "big.gguf").write_bytes(b"big")
    assert find_gguf(settings, "big").template == "llama3"
    assert find_gguf(settings, "big.gguf").name == "big"
    assert [model.name for model in writers(settings)] == ["tiny", "big"]


def test_unknown_and_missing_names_are_told_apart(settings):
    with pytest.raises(ModelError, match=r"no model or GGUF file called nobody.*tiny"):
        find_gguf(settings, "nobody")
    with pytest.raises(ModelError, match=r"big is not on this machine.*models get big"):
        find_gguf(settings, "big")


def test_a_wrong_hash_names_file_found_expected_and_what_to_do(settings):
    path = settings.models_path / "big.gguf"
    path.write_bytes(b"bad")
    with pytest.raises(ModelError) as caught:
        find_gguf(settings, "big")
    for part in (str(path), sha256(b"bad"), sha256(b"big"), "Delete it"):
        assert part in str(caught.value)


def test_a_wrong_file_beside_the_encoder_is_found(settings):
    (find_encoder(settings) / "words.json").write_bytes(b"changed")
    with pytest.raises(ModelError, match=r"words\.json"):
        find_encoder(settings)


def test_a_hash_is_remembered_across_processes_until_the_file_changes(settings, monkeypatch):
    path = settings.models_path / "big.gguf"
    path.write_bytes(b"big")
    check_hash(path, sha256(b"big"), settings)
    rows = json.loads((settings.models_path / "verified.json").read_text())
    assert rows == [[str(path), 3, path.stat().st_mtime_ns, sha256(b"big")]]

    monkeypatch.setattr(modelfiles, "_hashes", {})  # as in a new process
    monkeypatch.setattr(hashlib, "file_digest", None)  # hashing again would fail
    check_hash(path, sha256(b"big"), settings)
    monkeypatch.undo()

    path.write_bytes(b"bad")
    os.utime(path, ns=(1, 1))
    with pytest.raises(ModelError):
        check_hash(path, sha256(b"big"), settings)


@pytest.mark.parametrize("spoilt", [b"", b"{", b"[[1]]", b"\xff\xfe"])
def test_a_spoilt_list_of_hashes_only_costs_hashing_again(settings, spoilt):
    (settings.models_path / "verified.json").write_bytes(spoilt)
    assert find_gguf(settings).name == "tiny"


def test_an_unreadable_file_is_named(tmp_path):
    with pytest.raises(ModelError, match=r"gone\.gguf cannot be read"):
        check_hash(tmp_path / "gone.gguf", "00")


def test_the_real_catalogue():
    models = catalogue()
    assert len({model.name for model in models}) == len(models)
    assert len({model.file for model in models}) == len(models)
    for model in models:
        assert len(bytes.fromhex(model.sha256)) == 32
        assert model.licence
        assert bool(model.package) != bool(model.repository and model.revision)
        assert bool(model.template) == (model.kind == "writer")
    assert models[1].name == "smollm2-135m-instruct"  # the default: the first writer


def test_the_readme_lists_every_model_with_its_hash():
    readme = (catalogue_module.MODELS_PATH / "README.md").read_text(encoding="utf-8")
    for model in catalogue():
        assert model.name in readme
        assert f"`{model.file}`" in readme
        assert model.sha256 in readme


def test_the_installed_models_have_the_hashes_of_the_catalogue(tmp_path):
    settings = Settings(home=tmp_path)
    model = find_gguf(settings, "smollm2-135m-instruct")
    assert model.path.stat().st_size == catalogue()[1].bytes
    assert (find_encoder(settings) / "modules.json").is_file()


def test_a_remembered_path_is_found_by_name_and_missing_ones_are_passed_over(settings, tmp_path):
    path = tmp_path / "elsewhere" / "mine.gguf"
    path.parent.mkdir()
    path.write_bytes(gguf_bytes())
    assert ownmodels.remember(settings, path) == path
    assert find_gguf(settings, "mine").path == path
    assert [model.name for model in writers(settings)] == ["tiny", "mine"]
    path.unlink()
    assert [model.name for model in writers(settings)] == ["tiny"]
    assert ownmodels.own_paths(settings) == [path]
    ownmodels.forget(settings, path)
    assert ownmodels.own_paths(settings) == []


def test_a_hash_computed_while_writing_is_kept(settings, monkeypatch):
    path = settings.models_path / "big.gguf"
    path.write_bytes(b"big")
    modelfiles.keep_hash(path, sha256(b"big"), settings)
    monkeypatch.setattr(modelfiles, "_hashes", {})
    monkeypatch.setattr(hashlib, "file_digest", None)  # hashing again would fail
    assert find_gguf(settings, "big").path == path
