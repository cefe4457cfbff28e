"""A SentenceTransformer folder of a few kilobytes with random weights, made without torch."""

import json

import numpy as np

WORDS = (
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "bridge", "has", "a", "crack", "in", "pin"),
    *("ferry", "waits", "for", "high", "water", "who", "found", "it", "##s", ".", "?"),
)
WIDTH, HEADS, LAYERS, INNER, POSITIONS = 32, 4, 2, 64, 40


def make(folder, model_type="bert", pooling="mean", seed=0, **config):
    """Write the folder; gives it. `config` overrides config.json."""
    from safetensors.numpy import save_file

    (folder / "1_Pooling").mkdir(parents=True)
    save_file(weights(seed), folder / "model.safetensors", metadata={"format": "pt"})
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
        "max_position_embeddings": POSITIONS, "layer_norm_eps": 1e-12, "pad_token_id": 0,
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


def weights(seed):
    random = np.random.default_rng(seed)

    def some(*shape):
        return (random.standard_normal(shape) * 0.3).astype(np.float32)

    shapes = {
        "embeddings.word_embeddings.weight": (len(WORDS), WIDTH),
        "embeddings.position_embeddings.weight": (POSITIONS, WIDTH),
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


def _tokenizer():
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    made = Tokenizer(models.WordPiece({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    ends = [("[CLS]", 2), ("[SEP]", 3)]
    made.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", special_tokens=ends)
    made.enable_padding(length=16)  # as in the real file, which the fast encoder must ignore
    return made
