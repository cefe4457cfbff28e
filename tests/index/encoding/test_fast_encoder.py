import subprocess
import sys
import threading

import numpy as np
import pytest

from core import modelfiles
from core.settings import Settings
from index.encoding import probe_texts
from index.encoding.fast_encoder import WORTH_A_THREAD, FastEncoder, _Threads
from tests.conftest import PROJECT

TORCH = {"torch", "transformers", "sentence_transformers", "onnx", "safetensors"}


@pytest.fixture(scope="module")
def fast(real_source):
    encoder = real_source.load()
    if not isinstance(encoder, FastEncoder):
        pytest.skip("no fast graph kept its quality on this processor, or it has a GPU")
    return encoder


def test_a_vector_is_the_same_alone_in_any_batch_and_with_any_threads(fast):
    texts = [*probe_texts.QUESTIONS, *probe_texts.passages(), "", "word " * 900]
    alone = np.concatenate([fast.encode([text]) for text in texts])
    fast._threads = _Threads(2)
    assert np.array_equal(fast.encode(texts), alone)
    fast._threads = _Threads(1)
    assert np.array_equal(fast.encode(texts[::-1])[::-1], alone)
    assert np.allclose(np.linalg.norm(alone, axis=1), 1, atol=1e-5)


def test_token_states_are_what_the_vector_is_the_mean_of(fast):
    texts = ["Ünïcode bridges, 1,200 of them, stand.", ""]
    whole, empty = fast.token_states(texts)
    assert [texts[0][a:b] for a, b in whole.places][:3] == ["Ünïcode", "bridges", ","]
    assert np.allclose(np.linalg.norm(whole.vectors, axis=1), 1, atol=1e-5)
    assert len(empty.places) == len(empty.vectors) == 0
    mean = whole.vectors.mean(0)
    assert mean @ fast.encode(texts[:1])[0] / np.linalg.norm(mean) > 0.98


def test_the_original_gives_the_same_token_states(fast, tmp_path):
    from index.encoding.encoder import SentenceTransformerEncoder

    text = "The harbour council closed the bridge at once."
    folder = modelfiles.find_bundled_encoder(Settings(home=tmp_path))
    (one,) = fast.token_states([text])
    (other,) = SentenceTransformerEncoder(folder, "key", "cpu").token_states([text]) or ()
    assert one.places == other.places
    assert (one.vectors * other.vectors).sum(1).min() > 0.9


def test_no_texts_and_long_texts(fast):
    assert fast.encode([]).shape == (0, fast.dimensions)
    long = " ".join(probe_texts.SENTENCES)
    cut, whole = fast.encode([long[: len(long) // 2], long])
    assert cut @ whole > 0.9999  # the limit of tokens comes before the middle


def test_meaning_survives_the_rounding(fast):
    question, near, far = fast.encode(
        [
            "How many prisoners were exchanged?",
            "Both sides swapped 45 captives at the frontier.",
            "Whisk the eggs with the sugar until pale.",
        ]
    )
    assert question @ near > question @ far + 0.3


def test_a_question_imports_no_torch(demo, fast):
    code = (
        "import sys, cli\n"
        f"cli.main(['--home', {str(demo.home)!r}, 'search', 'bridge cracks', '--json'])\n"
        "print('MODULES', *sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.rpartition("MODULES")[2].split())
    assert "onnxruntime" in loaded
    assert not loaded & TORCH


@pytest.mark.parametrize("count", [0, 1, 3, 8, 31, 32, 33, 200])
def test_each_item_is_done_once(count):
    done, lock = [], threading.Lock()

    def work(place):
        with lock:
            done.append(place)

    threads = _Threads(4)
    for _ in range(3):
        done.clear()
        threads.each(work, list(range(count)), [1.0] * count)
        assert sorted(done) == list(range(count))


def test_the_fewest_threads_that_nothing_beats_by_much():
    threads = _Threads(8)
    assert threads.best() == 1
    threads.items = dict.fromkeys((1, 2, 4), 16)
    threads.weights = dict.fromkeys((1, 2, 4), 100.0)
    threads.seconds = {1: 1.0, 2: 0.5, 4: 0.5 / WORTH_A_THREAD}
    assert threads.best() == 2
    threads.seconds[4] = 0.4
    assert threads.best() == 4
    threads.seconds[2] = threads.seconds[4] = 0.95
    assert threads.best() == 1


def test_a_broken_graph_is_a_named_failure(tmp_path):
    from core.errors import ModelError
    from tests.index import tiny_encoder

    folder = tiny_encoder.make(tmp_path / "model")
    with pytest.raises(ModelError, match=r"model can't be opened"):
        FastEncoder("key", folder, b"no graph", 16)
