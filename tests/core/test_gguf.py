"""Headers of GGUF files, good and hostile."""

import struct

import pytest

from core.errors import ModelError
from core.gguf import GgufHeader, read_header
from tests.core.gguf_bytes import ENTRIES, gguf_bytes, text


def write(tmp_path, data):
    path = tmp_path / "some.gguf"
    path.write_bytes(data)
    return path


def test_the_shape_of_a_model(tmp_path):
    # 2 · 30 layers · 3 heads · 64 numbers · 2 bytes, as llama.cpp reports for SmolLM2-135M
    assert read_header(write(tmp_path, gguf_bytes())) == GgufHeader("llama", 272, 23_040)


def test_the_real_model(gguf):
    assert read_header(gguf) == GgufHeader("llama", 272, 23_040)


def test_a_shape_that_is_not_told_costs_nothing_but_the_figure(tmp_path):
    data = gguf_bytes({"general.architecture": "new", "new.block_count": 4})
    assert read_header(write(tmp_path, data)) == GgufHeader("new", 272, 0)


HUGE = struct.pack("<Q", 2**63)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "does not begin"),
        (b"PK\x03\x04 a zip", "does not begin"),
        (b"GGUF", "cut off"),
        (gguf_bytes(version=1), "version 1"),
        (gguf_bytes(tensors=0), "no sense"),
        (gguf_bytes(tensors=2**60), "no sense"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1, 2**40), "no sense"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + HUGE, "no sense"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + text("a") + struct.pack("<I", 77), "type 77"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + text("a") + struct.pack("<II", 9, 9) + HUGE,
         "cut off"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + text("a") + struct.pack("<IIQ", 9, 4, 100),
         "cut off"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + text("a") + struct.pack("<IIQ", 9, 9, 1),
         "array of the unknown type 9"),
        (gguf_bytes(tensors=2, size=0)[:200], "cut off"),
        (gguf_bytes({"general.name": "x"}), "what kind"),
        (gguf_bytes({"general.architecture": 3}), "what kind"),
    ],
)  # fmt: skip
def test_what_is_no_gguf_is_named(tmp_path, data, reason):
    path = write(tmp_path, data)
    with pytest.raises(ModelError, match=reason) as caught:
        read_header(path)
    assert str(path) in str(caught.value)


def test_every_cut_of_a_header_is_refused(tmp_path):
    whole = gguf_bytes(ENTRIES, size=0)
    for length in range(len(whole)):
        with pytest.raises(ModelError):
            read_header(write(tmp_path, whole[:length]))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ModelError, match=r"nothing\.gguf cannot be read"):
        read_header(tmp_path / "nothing.gguf")
