"""The encoder, adapted to read two texts together → an ONNX graph with figures for each token.

Takes a BERT model (index/encoding/bert_graph.py) and an adapter: low-rank changes of its weights
(Hu et al. 2021), weights that replace its own, and two last linear layers. Gives a
serialized graph: token numbers and types (0 for the first text, 1 for the second) of one
pair, shape (1, n) each, to two figures per token, shape (1, n, 2), and one for the pair,
shape (1, 1). Knows nothing about what the figures mean; answer/extractive.py
and answer/entailment.py do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from index.encoding.bert_graph import Graph, Model, embeddings, layer, serialized

if TYPE_CHECKING:
    from index.encoding.bert_graph import Array

VERSION = 2  # raised when the same weights give another graph
# Half the range of 8-bit weights: the products saturate on no processor, so every machine
# computes the same figures.
KIND = "int7"
TOKENS, TYPES = "tokens", "types"  # inputs
FIGURES, WHOLE = "figures", "whole"  # outputs
DOWN, UP = ".down", ".up"
HEADS = ("head.weight", "head.bias", "whole.weight", "whole.bias")


def adapted(model: Model, adapter: Mapping[str, Array]) -> Model:
    """The model with the adapter's changes. Raises KeyError where it is made for another one.

    `adapter`: NAME.down (rank, inputs) and NAME.up (outputs, rank) are added to the weight
    NAME as up · down; what stands under a plain name replaces it.
    """
    weights = dict(model.weights)
    for name, value in adapter.items():
        if name.endswith(DOWN):
            changed = name.removesuffix(DOWN)
            weights[changed] = weights[changed] + adapter[changed + UP] @ value
        elif not name.endswith(UP) and name not in HEADS:
            if name not in weights:
                raise KeyError(name)
            weights[name] = value
    return replace(model, weights=weights)


def build(model: Model, adapter: Mapping[str, Array]) -> bytes:
    """The serialized graph of the adapted model."""
    from onnx import TensorProto, helper

    changed = adapted(model, adapter)
    graph = Graph(KIND)
    rows = embeddings(graph, changed, TYPES)
    for number in range(changed.layers):
        rows = layer(graph, changed, rows, number)
    _linear(graph, rows, adapter, "head", FIGURES)
    first = graph.add("Slice", rows, graph.numbers(0), graph.numbers(1), graph.numbers(1))
    first = graph.add("Reshape", first, graph.numbers(0, changed.dimensions))
    mean = graph.add("ReduceMean", rows, graph.numbers(1), keepdims=0)
    _linear(graph, graph.add("Concat", first, mean, axis=-1), adapter, "whole", WHOLE)
    whole_number, real = TensorProto.INT64, TensorProto.FLOAT
    made = helper.make_graph(
        graph.nodes,
        "pair",
        [helper.make_tensor_value_info(x, whole_number, [1, "length"]) for x in (TOKENS, TYPES)],
        [
            helper.make_tensor_value_info(FIGURES, real, [1, "length", 2]),
            helper.make_tensor_value_info(WHOLE, real, [1, 1]),
        ],
        graph.tensors,
    )
    return serialized(made)


def _linear(graph: Graph, rows: str, adapter: Mapping[str, Array], name: str, output: str) -> None:
    """The last layer `name`, exact: it is small."""
    from onnx import helper

    product = graph.add("MatMul", rows, graph.constant(adapter[f"{name}.weight"].T))
    bias = graph.constant(adapter[f"{name}.bias"])
    graph.nodes.append(helper.make_node("Add", [product, bias], [output]))
