"""The weights of a BERT-like encoder → an ONNX graph that reads one text at a time.

Takes a SentenceTransformer folder (BERT, RoBERTa or XLM-RoBERTa, mean or first-token
pooling) and gives a serialized graph: token numbers of one text, shape (1, n), to its
unit vector, shape (1, dimensions), and, where asked for, to its last layer, shape
(1, n, dimensions). Built from the weights directly, so neither torch nor
the model's code takes part. Refuses what it doesn't know by name; that the result is
right is measured by index/encoding/export.py, not assumed.

The kinds: "fp32" is exact; "int8" holds the weights of the linear layers as 8-bit
integers with one scale per output, and rounds each layer's input by its own range in
the text at hand (dynamic quantization); "int7" does the same with half the weight range,
for processors whose 8-bit products saturate. One text at a time, because that range
would otherwise span the batch and make a vector depend on its neighbours.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

VERSION = 1  # raised when the same weights give other vectors
KINDS = ("int8", "int7", "fp32")
LARGEST_WEIGHT = {"int8": 127, "int7": 63}
INPUT, OUTPUT, STATES = "tokens", "vector", "states"
MODEL_TYPES = ("bert", "roberta", "xlm-roberta")
OPSET, IR_VERSION = 20, 9
MICROSOFT = "com.microsoft"  # onnxruntime's own operators


class UnknownModelError(ValueError):
    """The folder holds something that this module can't build; the message says what."""


@dataclass(frozen=True, slots=True)
class Model:
    """What the graph is built from. `weights`: name without the model's prefix → float32."""

    weights: Mapping[str, Array]
    layers: int
    heads: int
    dimensions: int
    epsilon: float
    first_position: int  # RoBERTa counts positions from the padding token's number plus one
    pooling: str  # "mean" or "cls"

    @property
    def most_tokens(self) -> int:
        return len(self.weights["embeddings.position_embeddings.weight"]) - self.first_position


def read_model(folder: Path) -> Model:
    """Raises UnknownModelError for another kind of model, OSError where files are missing."""
    from safetensors.numpy import load_file

    pooling = _pooling(folder)
    config = _json(folder / "config.json")
    kind = config.get("model_type")
    _must(kind in MODEL_TYPES, f"model type {kind}")
    _must(config.get("hidden_act") == "gelu", f"activation {config.get('hidden_act')}")
    positions = config.get("position_embedding_type", "absolute")
    _must(positions == "absolute", f"positions {positions}")
    try:
        found = load_file(folder / "model.safetensors")
    except TypeError as error:  # numpy has no bfloat16
        raise UnknownModelError(str(error)) from error
    prefix = next((p for p in ("", f"{kind}.", "bert.", "roberta.") if _words(p) in found), None)
    _must(prefix is not None, "weights without word embeddings")
    start = prefix or ""
    return Model(
        {k.removeprefix(start): v.astype("float32") for k, v in found.items() if _is_float(v)},
        layers=int(config["num_hidden_layers"]),
        heads=int(config["num_attention_heads"]),
        dimensions=int(config["hidden_size"]),
        epsilon=float(config.get("layer_norm_eps", 1e-12)),
        first_position=0 if kind == "bert" else int(config["pad_token_id"]) + 1,
        pooling=pooling,
    )


def build(model: Model, kind: str) -> bytes:
    """The serialized graph. `kind`: one of KINDS."""
    from onnx import TensorProto, helper

    graph = Graph(kind)
    rows = embeddings(graph, model)
    for number in range(model.layers):
        rows = layer(graph, model, rows, number)
    _vector(graph, model, rows)
    made = helper.make_graph(
        graph.nodes,
        "encoder",
        [helper.make_tensor_value_info(INPUT, TensorProto.INT64, [1, "length"])],
        [
            helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [1, model.dimensions]),
            helper.make_tensor_value_info(
                STATES, TensorProto.FLOAT, [1, "length", model.dimensions]
            ),
        ],
        graph.tensors,
    )
    return serialized(made)


def serialized(graph: Any) -> bytes:
    """A file's bytes of an ONNX graph; equal graphs give equal bytes."""
    from onnx import helper

    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    return bytes(
        helper.make_model(
            graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="sourcebook"
        ).SerializeToString(deterministic=True)
    )


@dataclass(slots=True)
class Graph:
    """Nodes and constants as they are added."""

    kind: str
    nodes: list[Any] = field(default_factory=list)
    tensors: list[Any] = field(default_factory=list)

    def constant(self, value: Any) -> str:
        import numpy as np
        from onnx import numpy_helper

        name = f"c{len(self.tensors)}"
        self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def numbers(self, *values: int) -> str:
        import numpy as np

        return self.constant(np.array(values, dtype=np.int64))

    def add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """A node of the standard operators, or of onnxruntime's where the name has a dot."""
        return self.split(operator, inputs, 1, **attributes)[0]

    def split(
        self, operator: str, inputs: Sequence[str], parts: int, **attributes: Any
    ) -> list[str]:
        from onnx import helper

        name, _, own = operator.partition(".")
        outputs = [f"n{len(self.nodes)}_{part}" for part in range(parts)]
        domain = MICROSOFT if own else ""
        node = helper.make_node(own or name, list(inputs), outputs, domain=domain, **attributes)
        self.nodes.append(node)
        return outputs

    def linear(self, rows: str, weight: Array, bias: Array) -> str:
        """rows · weightᵀ + bias; `weight` has shape (outputs, inputs)."""
        import numpy as np

        if self.kind == "fp32":
            product = self.add("MatMul", rows, self.constant(weight.T))
            return self.add("Add", product, self.constant(bias))
        largest = LARGEST_WEIGHT[self.kind]
        scale = np.maximum(np.abs(weight).max(axis=1), np.float32(1e-12)) / np.float32(largest)
        whole = np.clip(np.rint(weight / scale[:, None]), -largest, largest).astype(np.int8)
        return self.add(
            "microsoft.DynamicQuantizeMatMul",
            rows,
            self.constant(whole.T),
            self.constant(scale),
            self.constant(np.zeros(len(scale), dtype=np.int8)),
            self.constant(bias),
        )

    def packed_rows(self, table: Array, places: str) -> str:
        """The rows of a large table at `places`, kept as 8-bit integers with a scale each: a
        quarter of the memory, and rounded to 1/254 of the row's largest figure."""
        import numpy as np
        from onnx import TensorProto

        scale = np.maximum(np.abs(table).max(axis=1, keepdims=True), np.float32(1e-12)) / 127
        whole = self.constant(np.rint(table / scale).astype(np.int8))
        rows = self.add("Cast", self.add("Gather", whole, places), to=TensorProto.FLOAT)
        return self.add("Mul", rows, self.add("Gather", self.constant(scale), places))

    def normalised(self, rows: str, model: Model, name: str) -> str:
        # Not onnxruntime's SkipLayerNormalization: its loop is not vectorised (1.31 on
        # x86: 0.39 ms for 195 × 384, against 0.06 ms for Add and this).
        gain = self.constant(model.weights[f"{name}.weight"])
        shift = self.constant(model.weights[f"{name}.bias"])
        return self.add("LayerNormalization", rows, gain, shift, axis=-1, epsilon=model.epsilon)


def embeddings(graph: Graph, model: Model, types: str | None = None) -> str:
    """What the first layer reads. `types`: an input that tells the first text's tokens (0)
    from the second one's (1); None where all belong to one text. With it the words are
    packed, for no vectors of the library depend on them."""
    weights = model.weights
    positions = weights["embeddings.position_embeddings.weight"][model.first_position :]
    kinds = weights.get("embeddings.token_type_embeddings.weight")
    if kinds is not None and types is None:
        positions = positions + kinds[0]
    table = weights["embeddings.word_embeddings.weight"]
    if types is None:
        words = graph.add("Gather", graph.constant(table), INPUT)
    else:
        words = graph.packed_rows(table, INPUT)
    if kinds is not None and types is not None:
        words = graph.add("Add", words, graph.add("Gather", graph.constant(kinds), types))
    length = graph.add("Shape", INPUT, start=1, end=2)
    zero = graph.numbers(0)
    places = graph.add("Slice", graph.constant(positions), zero, length, zero)
    return graph.normalised(graph.add("Add", words, places), model, "embeddings.LayerNorm")


def layer(graph: Graph, model: Model, rows: str, number: int) -> str:
    """The rows after one layer, `number` from 0."""
    weights = model.weights
    name = f"encoder.layer.{number}."
    mixed = _attention(graph, model, rows, name + "attention.")
    rows = graph.normalised(
        graph.add("Add", mixed, rows), model, name + "attention.output.LayerNorm"
    )
    wide = graph.linear(
        rows, weights[name + "intermediate.dense.weight"], weights[name + "intermediate.dense.bias"]
    )
    back = graph.linear(
        graph.add("Gelu", wide),
        weights[name + "output.dense.weight"],
        weights[name + "output.dense.bias"],
    )
    return graph.normalised(graph.add("Add", back, rows), model, name + "output.LayerNorm")


def _attention(graph: Graph, model: Model, rows: str, name: str) -> str:
    """Vaswani et al. 2017, all heads at once; the query's scaling is put into its weights."""
    import numpy as np

    width = model.dimensions // model.heads
    scales = {"query": np.float32(width**-0.5), "key": np.float32(1), "value": np.float32(1)}
    weight, bias = (
        np.concatenate([model.weights[f"{name}self.{k}.{w}"] * s for k, s in scales.items()])
        for w in ("weight", "bias")
    )
    parts = graph.add(
        "Reshape",
        graph.linear(rows, weight, bias),
        graph.numbers(0, 0, 3 * model.heads, width),  # 0: as in the input
    )
    heads = graph.add("Transpose", parts, perm=[0, 2, 1, 3])
    query, key, value = graph.split("Split", [heads], 3, axis=1, num_outputs=3)
    shares = graph.add("Softmax", graph.add("microsoft.FusedMatMul", query, key, transB=1), axis=-1)
    mixed = graph.add("Transpose", graph.add("MatMul", shares, value), perm=[0, 2, 1, 3])
    return graph.linear(
        graph.add("Reshape", mixed, graph.numbers(0, 0, model.dimensions)),
        model.weights[name + "output.dense.weight"],
        model.weights[name + "output.dense.bias"],
    )


def _vector(graph: Graph, model: Model, rows: str) -> None:
    from onnx import helper

    if model.pooling == "mean":  # one text, so no padding to leave out
        pooled = graph.add("ReduceMean", rows, graph.numbers(1), keepdims=0)
    else:
        first = graph.add("Slice", rows, graph.numbers(0), graph.numbers(1), graph.numbers(1))
        pooled = graph.add("Reshape", first, graph.numbers(0, model.dimensions))
    length = graph.add("ReduceL2", pooled, graph.numbers(1), keepdims=1)
    graph.nodes.append(helper.make_node("Div", [pooled, length], [OUTPUT]))
    graph.nodes.append(helper.make_node("Identity", [rows], [STATES]))


def _pooling(folder: Path) -> str:
    """Raises UnknownModelError where the folder does more than encode, pool and normalise."""
    modules = [str(row["type"]).rpartition(".")[2] for row in _json(folder / "modules.json")]
    _must(modules[:2] == ["Transformer", "Pooling"], f"modules {', '.join(modules)}")
    _must(set(modules[2:]) <= {"Normalize"}, f"modules {', '.join(modules)}")
    path = _json(folder / "modules.json")[1]["path"]
    config = _json(folder / path / "config.json")
    ways = [key for key, used in config.items() if key.startswith("pooling_mode") and used]
    if isinstance(config.get("pooling_mode"), str):
        ways = [f"pooling_mode_{config['pooling_mode']}"]
    for way in ("mean", "cls"):
        if ways in ([f"pooling_mode_{way}_tokens"], [f"pooling_mode_{way}_token"]) or ways == [
            f"pooling_mode_{way}"
        ]:
            return way
    raise UnknownModelError(f"pooling {', '.join(ways)} is not known here")


def _words(prefix: str) -> str:
    return f"{prefix}embeddings.word_embeddings.weight"


def _is_float(value: Any) -> bool:
    return bool(value.dtype.kind == "f")


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _must(condition: bool, what: str) -> None:
    if not condition:
        raise UnknownModelError(f"{what} is not known here")
