"""A SentenceTransformer folder of a few kilobytes with random weights, made without torch.

Takes a folder; writes what a real encoder's folder holds, so that child processes that are killed
a hundred times run the real code without the real model's weight. Its vectors mean nothing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

WORDS = (
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "bridge", "has", "a", "crack", "in", "pin"),
    *("ferry", "waits", "for", "high", "water", "who", "found", "it", "##s", ".", "?"),
)
WIDTH, HEADS, LAYERS, INNER, POSITIONS = 32, 4, 2, 64, 40


def make(
    folder: Path,
    model_type: str = "bert",
    pooling: str = "mean",
    positions: int = POSITIONS,
    seed: int = 0,
    **config: object,
) -> Path:
    """Write the folder; gives it. `config` overrides config.json."""
    from safetensors.numpy import save_file

    (folder / "1_Pooling").mkdir(parents=True)
    save_file(weights(seed, positions), folder / "model.safetensors", metadata={"format": "pt"})
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {
            "idx": 1,
            "name": "1",
            "path": "1_Pooling",
            "type": "sentence_transformers.models.Pooling",
        },
    ]
    values = {
        "architectures": ["BertModel" if model_type == "bert" else "XLMRobertaModel"],
        "model_type": model_type, "hidden_act": "gelu", "hidden_size": WIDTH,
        "num_attention_heads": HEADS, "num_hidden_layers": LAYERS, "intermediate_size": INNER,
        "max_position_embeddings": positions, "layer_norm_eps": 1e-12, "pad_token_id": 0,
        "type_vocab_size": 2, "vocab_size": len(WORDS), "position_embedding_type": "absolute",
        **config,
    }  # fmt: skip
    special = {"unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]",
               "cls_token": "[CLS]"}  # fmt: skip
    for name, value in {
        "modules.json": modules,
        "config.json": values,
        "1_Pooling/config.json": {
            "word_embedding_dimension": WIDTH,
            "pooling_mode_cls_token": pooling == "cls",
            "pooling_mode_mean_tokens": pooling == "mean",
            "pooling_mode_max_tokens": pooling == "max",
        },
        "sentence_bert_config.json": {"max_seq_length": 32, "do_lower_case": False},
        "tokenizer_config.json": {"tokenizer_class": "PreTrainedTokenizerFast", **special},
        "special_tokens_map.json": special,
    }.items():
        (folder / name).write_text(json.dumps(value), encoding="utf-8")
    _tokenizer().save(str(folder / "tokenizer.json"))
    return folder


def weights(seed: int, positions: int = POSITIONS) -> dict[str, NDArray[np.float32]]:
    """The same random tensors for the same seed, named as BERT's are."""
    random = np.random.default_rng(seed)

    def some(*shape: int) -> NDArray[np.float32]:
        return (random.standard_normal(shape) * 0.3).astype(np.float32)

    shapes = {
        "embeddings.word_embeddings.weight": (len(WORDS), WIDTH),
        "embeddings.position_embeddings.weight": (positions, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        "embeddings.LayerNorm.weight": (WIDTH,),
        "embeddings.LayerNorm.bias": (WIDTH,),
    }
    for layer in range(LAYERS):
        start = f"encoder.layer.{layer}."
        for name, (outputs, inputs) in {
            "attention.self.query": (WIDTH, WIDTH),
            "attention.self.key": (WIDTH, WIDTH),
            "attention.self.value": (WIDTH, WIDTH),
            "attention.output.dense": (WIDTH, WIDTH),
            "intermediate.dense": (INNER, WIDTH),
            "output.dense": (WIDTH, INNER),
        }.items():
            shapes[f"{start}{name}.weight"] = (outputs, inputs)
            shapes[f"{start}{name}.bias"] = (outputs,)
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes[f"{start}{name}.weight"] = (WIDTH,)
            shapes[f"{start}{name}.bias"] = (WIDTH,)
    made = {name: some(*shape) for name, shape in shapes.items()}
    return {k: v + 1 if k.endswith("LayerNorm.weight") else v for k, v in made.items()}


def _tokenizer() -> Tokenizer:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    made = Tokenizer(models.WordPiece({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    ends = [("[CLS]", 2), ("[SEP]", 3)]
    made.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", special_tokens=ends)
    made.enable_padding(length=16)  # as in the real file, which the fast encoder must ignore
    return made
