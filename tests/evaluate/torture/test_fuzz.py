"""What fuzzing calls holds for any bytes; what it once found stays here as a case."""

import random
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import AppError
from evaluate.torture import fuzz, fuzz_targets

# Text is rarer than bytes in what hypothesis draws, and is what most targets are about.
ANYTHING = st.one_of(st.binary(max_size=600), st.text(max_size=300).map(str.encode))


FOUND = [
    # A broken no-break space at the end of a range, whose space was trimmed before it was read.
    ("clean", b"\xc2\xbb\xc2\xbf\xc2\x82\x10\xc2 "),
    ("clean", b"'\x8f\x8f\x8f1" + b"\xc2" * 17 + b"\xca\xc2\xca" + b"\xc2" * 5 + b" " * 6),
    ("clean", "W\x8bÂÃ\xa0Â¤Â¢\x97oÂÃ\xa0Â¤Â  ".encode()),
]


@pytest.mark.parametrize("name", fuzz_targets.TARGETS)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=ANYTHING)
def test_any_bytes_are_taken(name, data):
    with suppress(AppError):  # a named refusal is an answer
        fuzz_targets.TARGETS[name](data)


@pytest.mark.parametrize(("name", "data"), FOUND)
def test_what_fuzzing_found_is_mended(name, data):
    fuzz_targets.TARGETS[name](data)


def test_a_broken_law_is_noticed(monkeypatch):
    monkeypatch.setattr(fuzz_targets.clean, "clean", lambda text: text + "!")
    with pytest.raises(AssertionError):
        fuzz_targets.cleaning(b"Some words.")


def test_changed_bytes_are_changed_within_their_bounds():
    for seed in range(50):
        data = bytearray(200)
        fuzz.changed(data, random.Random(seed), 64)
        assert len(data) == 200
        assert not any(data[72:])


@pytest.mark.slow
def test_a_damaged_vector_file_or_model_ends_no_parent(tmp_path):
    for number in (fuzz.KINDS.index("faiss"), fuzz.KINDS.index("gguf")):
        line = fuzz.one(tmp_path, number, seconds=2)
        assert line["broken"] == []
        assert line["inputs"] > 0
