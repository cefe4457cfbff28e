import numpy as np
import pytest

from core import modelfiles
from index.encoding import bert_graph, pair_graph
from index.encoding.graph_session import open_session


@pytest.fixture(scope="module")
def model():
    folder = modelfiles.find_bundled_encoder()
    if folder is None:
        pytest.skip("the encoder's wheel is not installed: pip install -r requirements.txt")
    return bert_graph.read_model(folder)


def heads(seed=0):
    chance = np.random.default_rng(seed)
    return {
        "head.weight": chance.normal(size=(2, 384)).astype(np.float32),
        "head.bias": np.zeros(2, np.float32),
        "whole.weight": chance.normal(size=(1, 768)).astype(np.float32),
        "whole.bias": np.zeros(1, np.float32),
    }


def run(model, adapter, tokens, types):
    session = open_session(pair_graph.build(model, adapter))
    inputs = {pair_graph.TOKENS: np.array([tokens]), pair_graph.TYPES: np.array([types])}
    return session.run([pair_graph.FIGURES, pair_graph.WHOLE], inputs)


def test_each_token_has_two_figures_and_the_pair_one(model):
    figures, whole = run(model, heads(), [101, 2054, 102, 3000, 102], [0, 0, 0, 1, 1])
    assert (figures.shape, whole.shape) == ((1, 5, 2), (1, 1))


def test_the_types_tell_the_two_texts_apart(model):
    tokens = [101, 2054, 102, 3000, 102]
    one, _ = run(model, heads(), tokens, [0, 0, 0, 1, 1])
    other, _ = run(model, heads(), tokens, [0, 0, 0, 0, 0])
    assert not np.allclose(one, other, atol=1e-3)


def test_an_adapter_changes_the_weight_it_names_and_no_other(model):
    name = "encoder.layer.0.output.dense.weight"
    down, up = np.ones((2, 1536), np.float32), np.full((384, 2), 0.5, np.float32)
    changed = pair_graph.adapted(model, {f"{name}.down": down, f"{name}.up": up, **heads()})
    assert np.allclose(changed.weights[name], model.weights[name] + 1.0)
    others = [other for other in model.weights if other != name]
    assert all(changed.weights[other] is model.weights[other] for other in others)


@pytest.mark.parametrize("name", ["encoder.layer.9.output.dense.bias", "pooler.unknown"])
def test_an_adapter_for_another_model_is_refused(model, name):
    with pytest.raises(KeyError):
        pair_graph.adapted(model, {name: np.zeros(3, np.float32)})
