"""Tiny GGUF files, with a header and no weights that anything could run."""

import struct

NUMBER, TEXT, ARRAY = 4, 8, 9  # unsigned 32 bits, text, array


def text(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def entry(key, value):
    if isinstance(value, str):
        return text(key) + struct.pack("<I", TEXT) + text(value)
    if isinstance(value, list):
        head = text(key) + struct.pack("<IIQ", ARRAY, TEXT, len(value))
        return head + b"".join(text(item) for item in value)
    return text(key) + struct.pack("<II", NUMBER, value)


ENTRIES = {
    "general.architecture": "llama",
    "tokenizer.ggml.tokens": ["a", "b", "word"],
    "llama.block_count": 30,
    "llama.embedding_length": 576,
    "llama.attention.head_count": 9,
    "llama.attention.head_count_kv": 3,
}


def gguf_bytes(entries=ENTRIES, version=3, tensors=272, size=4096):
    """A file of `size` bytes that begins like a GGUF."""
    head = b"GGUF" + struct.pack("<IQQ", version, tensors, len(entries))
    head += b"".join(entry(key, value) for key, value in entries.items())
    return head.ljust(size, b"\0")
