"""The header of a GGUF file: is it one, and how much memory its context takes.

Takes a path, gives a GgufHeader. Reads the metadata only, never the weights, and
trusts no length in it: the file may come from anywhere. Layout: the GGUF
specification of the ggml project, versions 2 and 3.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from core.errors import ModelError

MAGIC = b"GGUF"
MAX_ENTRIES = 100_000  # of metadata; real files have a few dozen
MAX_TEXT_BYTES = 1_000_000  # of one key or text; chat templates have some thousand
KEY_VALUE_BYTES = 2  # of one number in the context's memory: llama.cpp keeps 16-bit floats

# Type number → struct format; 8 is a text, 9 an array.
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q",
            12: "d"}  # fmt: skip
_TEXT, _ARRAY = 8, 9


@dataclass(frozen=True, slots=True)
class GgufHeader:
    architecture: str  # "llama", "qwen2", …
    tensors: int
    context_bytes_per_token: int  # of the keys and values that are kept; 0 where not told


def read_header(path: Path) -> GgufHeader:
    """The header of a GGUF file. Raises ModelError, naming the file and what is wrong."""
    try:
        with path.open("rb") as file:
            return _read(file, os.fstat(file.fileno()).st_size)
    except OSError as error:
        raise ModelError(
            f"{path} cannot be read ({error.strerror or error}). Check the path and permissions."
        ) from error
    except (ValueError, struct.error) as error:
        raise ModelError(
            f"{path} is not a usable GGUF file: {error}. Choose another file, or fetch it again."
        ) from error


def _read(file: BinaryIO, size: int) -> GgufHeader:
    if file.read(4) != MAGIC:
        raise ValueError("it does not begin with the letters GGUF")
    version = _number(file, "I")
    if version not in (2, 3):
        raise ValueError(f"its format is version {version}, and the app knows 2 and 3")
    tensors, entries = _number(file, "Q"), _number(file, "Q")
    if not 0 < tensors < size or entries > MAX_ENTRIES:
        raise ValueError("its header makes no sense")
    found: dict[str, Any] = {}
    for _ in range(entries):
        key = _text(file, size)
        value = _value(file, _number(file, "I"), size)
        if value is not None:
            found[key] = value
    architecture = found.get("general.architecture")
    if not isinstance(architecture, str) or not architecture:
        raise ValueError("it does not say what kind of model it holds")
    return GgufHeader(architecture, tensors, _context_bytes_per_token(found, architecture))


def _context_bytes_per_token(found: dict[str, Any], architecture: str) -> int:
    """Keys and values of every layer: 2 · layers · key-value heads · head size numbers."""

    def whole(key: str) -> int:
        value = found.get(f"{architecture}.{key}")
        return value if isinstance(value, int) and 0 < value < 1_000_000 else 0

    heads = whole("attention.head_count")
    head_size = whole("attention.key_length") or (whole("embedding_length") // max(1, heads))
    kept_heads = whole("attention.head_count_kv") or heads
    return 2 * whole("block_count") * kept_heads * head_size * KEY_VALUE_BYTES


def _value(file: BinaryIO, kind: int, size: int) -> Any:
    """A number or a text; None for an array, which is passed over."""
    if kind in _NUMBERS:
        return _number(file, _NUMBERS[kind])
    if kind == _TEXT:
        return _text(file, size)
    if kind != _ARRAY:
        raise ValueError(f"its header holds a value of the unknown type {kind}")
    kind, count = _number(file, "I"), _number(file, "Q")
    if count > size:
        raise ValueError("its header is cut off")
    if kind in _NUMBERS:
        _skip(file, count * struct.calcsize("<" + _NUMBERS[kind]), size)
    elif kind == _TEXT:
        for _ in range(count):
            _skip(file, _number(file, "Q"), size)
    else:  # arrays of arrays: in the specification, in no file that llama.cpp runs
        raise ValueError(f"its header holds an array of the unknown type {kind}")
    return None


def _number(file: BinaryIO, kind: str) -> Any:
    data = file.read(struct.calcsize("<" + kind))
    if len(data) < struct.calcsize("<" + kind):
        raise ValueError("its header is cut off")
    return struct.unpack("<" + kind, data)[0]


def _text(file: BinaryIO, size: int) -> str:
    length = _number(file, "Q")
    if length > min(size, MAX_TEXT_BYTES):
        raise ValueError("its header makes no sense")
    data = file.read(length)
    if len(data) < length:
        raise ValueError("its header is cut off")
    return data.decode("utf-8", "replace")


def _skip(file: BinaryIO, length: int, size: int) -> None:
    if file.tell() + length > size:
        raise ValueError("its header is cut off")
    file.seek(length, os.SEEK_CUR)
