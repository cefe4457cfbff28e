"""The graph built from the weights, against the same network in plain numpy."""

import json

import numpy as np
import pytest

from index.encoding import bert_graph
from index.encoding.graph_session import open_session
from tests.index import tiny_encoder

TOKENS = [2, 4, 5, 6, 7, 8, 9, 4, 10, 19, 20, 3]


def run(graph, tokens):
    return open_session(graph).run(None, {bert_graph.INPUT: np.array([tokens])})[0][0]


@pytest.mark.parametrize("tokens", [TOKENS, TOKENS[:3], [2, 3]])
@pytest.mark.parametrize("pooling", ["mean", "cls"])
@pytest.mark.parametrize(("model_type", "first"), [("bert", 0), ("xlm-roberta", 1)])
def test_32_bits_are_exact(tmp_path, tokens, pooling, model_type, first):
    folder = tiny_encoder.make(tmp_path / "model", model_type, pooling)
    model = bert_graph.read_model(folder)
    assert model.most_tokens == tiny_encoder.POSITIONS - first
    found = run(bert_graph.build(model, "fp32"), tokens)
    expected = tiny_encoder.vector(tokens, tiny_encoder.weights(0), pooling, first)
    assert np.abs(found - expected).max() < 1e-5


@pytest.mark.parametrize("kind", ["int8", "int7"])
def test_rounded_weights_stay_close(tmp_path, kind):
    model = bert_graph.read_model(tiny_encoder.make(tmp_path / "model"))
    found = run(bert_graph.build(model, kind), TOKENS)
    expected = tiny_encoder.vector(TOKENS, tiny_encoder.weights(0))
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-5)
    assert 0.99 < found @ expected < 0.99999


def test_the_same_weights_give_the_same_bytes(tmp_path):
    folder = tiny_encoder.make(tmp_path / "model")
    first, second = (bert_graph.build(bert_graph.read_model(folder), "int8") for _ in range(2))
    other = bert_graph.read_model(tiny_encoder.make(tmp_path / "other", seed=1))
    assert first == second != bert_graph.build(other, "int8")


@pytest.mark.parametrize(
    ("made", "named"),
    [
        ({"model_type": "mpnet"}, "mpnet"),
        ({"hidden_act": "relu"}, "relu"),
        ({"position_embedding_type": "relative_key"}, "relative_key"),
        ({"pooling": "max"}, "pooling_mode_max_tokens"),
    ],
)
def test_what_is_not_known_is_named(tmp_path, made, named):
    folder = tiny_encoder.make(tmp_path / "model", **made)
    with pytest.raises(bert_graph.UnknownModelError, match=named):
        bert_graph.read_model(folder)


def test_a_third_layer_after_the_pooling_is_refused(tmp_path):
    folder = tiny_encoder.make(tmp_path / "model")
    path = folder / "modules.json"
    modules = json.loads(path.read_text())
    dense = {"idx": 2, "name": "2", "path": "2_Dense", "type": "sentence_transformers.models.Dense"}
    path.write_text(json.dumps([*modules, dense]))
    with pytest.raises(bert_graph.UnknownModelError, match="Dense"):
        bert_graph.read_model(folder)
