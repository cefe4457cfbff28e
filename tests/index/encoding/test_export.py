import dataclasses
import json

import numpy as np
import pytest

from core import modelfiles
from core.errors import ModelError
from core.settings import Settings
from index.encoding import bert_graph, encoder, export, probe_texts
from index.encoding.fast_encoder import FastEncoder
from tests.index import tiny_encoder


@pytest.fixture
def settings(tmp_path):
    """Settings with a tiny encoder of their own and an empty cache."""
    folder = tiny_encoder.make(tmp_path / "tiny")
    return Settings(tmp_path / "home", encoder=folder, cache=tmp_path / "cache")


@pytest.fixture
def key(settings):
    return modelfiles.encoder_key(settings.encoder)


@pytest.fixture
def calls(settings, monkeypatch):
    """Stands in for sentence-transformers with the exact graph; counts its loads."""
    loads = []

    def load(folder, name):
        loads.append(name)
        model = bert_graph.read_model(folder)
        return FastEncoder(name, folder, bert_graph.build(model, "fp32"), model.most_tokens)

    monkeypatch.setattr(encoder, "SentenceTransformerEncoder", load)
    monkeypatch.setattr(encoder, "_has_accelerator", lambda: False)
    monkeypatch.setattr(encoder, "_loaded", {})
    return loads


def figures(cosine=0.99, rank=0.99, speed=300.0):
    return {"cosine": cosine, "rank_agreement": rank, "passages_per_second": speed}


EXACT = figures(1.0, 1.0, 100.0)


@pytest.mark.parametrize(
    ("int8", "int7", "fp32", "best"),
    [
        (figures(), figures(), EXACT, "int8"),
        (figures(cosine=0.9), figures(), EXACT, "int7"),  # products saturate
        (figures(rank=0.9), figures(rank=0.9), EXACT, "fp32"),
        (figures(speed=105.0), figures(speed=105.0), EXACT, "fp32"),  # not worth the rounding
        (figures(), figures(), figures(0.999, 1.0, 100.0), export.ORIGINAL),  # built wrong
    ],
)
def test_the_fastest_that_keeps_quality(int8, int7, fp32, best):
    assert export.best_kind({"int8": int8, "int7": int7, "fp32": fp32}) == best


def test_agreement_of_rankings():
    vectors = np.random.default_rng(0).standard_normal((12, 5)).astype(np.float32)
    assert export.agreement(vectors, vectors * 2, 2) == pytest.approx(1)
    turned = np.concatenate([-vectors[:2], vectors[2:]])
    assert export.agreement(vectors, turned, 2) == pytest.approx(-1)
    half = np.concatenate([-vectors[:1], vectors[1:]])
    assert export.agreement(vectors, half, 2) == pytest.approx(0)


def test_made_once_and_kept(settings, key, calls):
    source = encoder.prepare_encoder(settings)
    made = export.chosen(settings, key)
    assert made.measured["fp32"]["cosine"] > 0.9999
    assert calls == [key]
    assert encoder.prepare_encoder(settings).key == source.key
    assert calls == [key]
    assert not list(settings.encoder_cache_path.glob("*.tmp"))


@pytest.fixture
def int8(settings, key, calls, monkeypatch):
    """The choice of int8, which a tiny model's speed would not always make."""
    monkeypatch.setattr(export, "best_kind", lambda measured: "int8")
    encoder.prepare_encoder(settings)
    return export.chosen(settings, key)


def test_a_rounded_graph_has_vectors_of_its_own(settings, key, int8):
    source = encoder.encoder_source(settings)
    assert source.key == f"{key}-int8.{bert_graph.VERSION}"
    made = source.load()
    assert isinstance(made, FastEncoder)
    assert made.encode(["the bridge has a crack"]).shape == (1, tiny_encoder.WIDTH)


def test_another_model_has_another_key(settings, key, tmp_path):
    other = tiny_encoder.make(tmp_path / "other" / "tiny", seed=1)
    assert modelfiles.encoder_key(other) != key
    config = settings.encoder / "1_Pooling" / "config.json"
    config.write_text(config.read_text().replace("true", "false"))
    assert modelfiles.encoder_key(settings.encoder) != key


@pytest.mark.parametrize("damage", ["flip", "cut", "gone"])
def test_a_damaged_graph_is_made_again(settings, int8, damage):
    path = settings.encoder_cache_path / int8.file
    whole = path.read_bytes()
    flipped = bytes([whole[0] ^ 1]) + whole[1:]
    path.write_bytes({"flip": flipped, "cut": whole[:50], "gone": b""}[damage])
    if damage == "gone":
        path.unlink()
    assert export.graph(settings, settings.encoder, int8) == whole
    assert path.read_bytes() == whole


def test_a_graph_that_was_never_measured_is_not_opened(settings, int8):
    (settings.encoder_cache_path / int8.file).write_bytes(b"something else")
    forged = dataclasses.replace(int8, sha256="0" * 64)
    with pytest.raises(ModelError, match="another graph than was measured"):
        export.graph(settings, settings.encoder, forged)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"kind": "pickle"}', '{"other": 1}'])
def test_a_spoilt_choice_is_no_choice(settings, key, int8, content):
    path = next(settings.encoder_cache_path.glob("*.json"))
    path.write_text(content)
    assert export.chosen(settings, key) is None
    encoder.prepare_encoder(settings)
    assert export.chosen(settings, key) == int8 or export.chosen(settings, key).kind == "int8"


def test_what_cannot_be_exported_keeps_the_original_with_a_note(settings, calls):
    config = settings.encoder / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"hidden_act": "relu"}))
    source = encoder.prepare_encoder(settings)
    key = modelfiles.encoder_key(settings.encoder)
    assert source.key == key
    assert "relu" in export.chosen(settings, key).note
    assert calls == []  # nothing to compare, so nothing was loaded


def test_with_a_graphics_processor_nothing_is_exported(settings, key, calls, monkeypatch):
    monkeypatch.setattr(encoder, "_has_accelerator", lambda: True)
    assert encoder.prepare_encoder(settings).key == key
    assert export.chosen(settings, key) == export.Choice(export.ORIGINAL)
    assert calls == []


def test_a_cache_that_cannot_be_written_is_no_failure(settings, key, calls):
    settings.cache.write_text("a file where the folder should be")
    assert encoder.prepare_encoder(settings).key == key


def test_a_page_never_exports(settings, key, calls):
    assert encoder.encoder_source(settings).key == key
    made = encoder.load_encoder(settings)
    assert made.key == key
    assert calls == []  # nothing is indexed yet: loaded with the first text only
    assert not settings.cache.exists()
    made.encode(["the ferry waits"])
    assert calls == [key]


def test_a_folder_that_is_no_encoder_is_named(settings, tmp_path):
    for folder, message in (
        (tmp_path / "nowhere", "modules.json can't be read"),
        (tiny_encoder.make(tmp_path / "code"), "brings code of its own"),
        (tiny_encoder.make(tmp_path / "bin"), "no .safetensors"),
    ):
        if folder.name == "code":
            text = (folder / "modules.json").read_text()
            (folder / "modules.json").write_text(text.replace("sentence_transformers.", "own.", 1))
        if folder.name == "bin":
            (folder / "model.safetensors").unlink()
        with pytest.raises(ModelError, match=message):
            encoder.encoder_source(dataclasses.replace(settings, encoder=folder))


def test_the_probe_texts_are_as_long_as_passages():
    lengths = [len(text) for text in probe_texts.passages()]
    assert len(lengths) >= 8
    assert all(600 < length < 1100 for length in lengths)
    assert len(set(probe_texts.SENTENCES)) == len(probe_texts.SENTENCES)


@pytest.mark.slow  # imports torch and sentence-transformers
@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_a_graph_gives_what_sentence_transformers_gives(tmp_path, pooling):
    folder = tiny_encoder.make(tmp_path / "tiny", pooling=pooling)
    graph = bert_graph.build(bert_graph.read_model(folder), "fp32")
    fast = FastEncoder("key", folder, graph, 32)
    original = encoder.SentenceTransformerEncoder(folder, "key", "cpu")
    original._model.max_seq_length = 32
    texts = ["Who found the crack?", "the ferry waits for high water.", "unknown words " * 30]
    assert np.abs(fast.encode(texts) - original.encode(texts)).max() < 1e-5
