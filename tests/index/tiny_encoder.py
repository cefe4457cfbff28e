"""What the tiny encoder of the torture makes of tokens, computed by plain numpy."""

import numpy as np

from evaluate.torture.tiny_encoder import HEADS, LAYERS, POSITIONS, WIDTH, make, weights

__all__ = ["POSITIONS", "WIDTH", "make", "vector", "weights"]


def vector(tokens, tensors, pooling="mean", first_position=0):
    """The same network in plain numpy, with nothing in common with the graph's builder."""
    from math import erf

    def linear(x, name):
        return x @ tensors[f"{name}.weight"].T + tensors[f"{name}.bias"]

    def normal(x, name):
        centred = x - x.mean(1, keepdims=True)
        spread = np.sqrt((centred**2).mean(1, keepdims=True) + 1e-12)
        return centred / spread * tensors[f"{name}.weight"] + tensors[f"{name}.bias"]

    positions = tensors["embeddings.position_embeddings.weight"][first_position:][: len(tokens)]
    x = tensors["embeddings.word_embeddings.weight"][tokens] + positions
    x = normal(x + tensors["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for layer in range(LAYERS):
        start = f"encoder.layer.{layer}."
        query, key, value = (
            linear(x, f"{start}attention.self.{part}").reshape(len(tokens), HEADS, -1)
            for part in ("query", "key", "value")
        )
        heads = []
        for head in range(HEADS):
            scores = query[:, head] @ key[:, head].T / np.sqrt(WIDTH / HEADS)
            shares = np.exp(scores - scores.max(1, keepdims=True))
            heads.append(shares / shares.sum(1, keepdims=True) @ value[:, head])
        mixed = linear(np.concatenate(heads, axis=1), f"{start}attention.output.dense")
        x = normal(x + mixed, f"{start}attention.output.LayerNorm")
        wide = linear(x, f"{start}intermediate.dense")
        wide = wide * 0.5 * (1 + np.vectorize(erf)(wide / np.sqrt(2)))
        x = normal(x + linear(wide, f"{start}output.dense"), f"{start}output.LayerNorm")
    pooled = x.mean(0) if pooling == "mean" else x[0]
    return pooled / np.linalg.norm(pooled)
