"""From one encoder to another: the old vectors serve until the new ones are complete."""

import pytest

from core.settings import Settings
from index import build
from index.encoding import encoder, export, switch
from index.encoding.encoder import EncoderSource
from index.store import open_library
from index.vectors import dense
from tests.fakes import FakeEncoder
from tests.index import tiny_encoder


class OtherEncoder(FakeEncoder):
    key = "other-64"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "articles"
    made.mkdir()
    for number in range(5):
        (made / f"{number}.txt").write_text(
            f"Report {number}\n\nThe ferry number {number} waits.\n"
        )
    return made


@pytest.fixture
def library(settings, folder, fake_source):
    with open_library(settings) as opened:
        build.add(opened, [str(folder)], fake_source)
        yield opened


@pytest.fixture
def other():
    made = OtherEncoder()
    return EncoderSource(made.key, lambda: made)


def keys(library):
    rows = library.connection.execute("SELECT DISTINCT encoder_key FROM vectors")
    return {key for (key,) in rows}


def test_nothing_indexed_serves_nothing(settings):
    assert switch.served_key(settings) is None
    assert not settings.library_path.exists()
    with open_library(settings):
        assert switch.served_key(settings) is None


def test_a_complete_set_takes_over_and_the_old_one_goes(library, settings, other, fake_encoder):
    assert switch.served_key(settings) == fake_encoder.key
    report = build.sync(library, other)
    assert report.embedded == 5
    assert switch.served_key(settings) == other.key
    assert keys(library) == {other.key}
    assert dense.current(library, fake_encoder.key) is None
    assert build.sync(library, other).embedded == 0


def test_a_stopped_run_leaves_the_old_vectors_in_use(
    library, settings, other, folder, fake_encoder, monkeypatch
):
    monkeypatch.setattr("index.embed.EMBED_BATCH", 2)
    assert build.sync(library, other, lambda progress: progress.passages_embedded < 2).stopped
    assert switch.served_key(settings) == fake_encoder.key
    assert keys(library) == {fake_encoder.key, other.key}
    report = build.sync(library, other)
    assert 0 < report.embedded < 5  # what was made is not made twice
    assert switch.served_key(settings) == other.key


def test_one_missing_vector_is_not_complete(library, other, fake_encoder):
    build.sync(library, other)
    assert switch.may_publish(library, other.key)
    assert not switch.may_publish(library, "third")
    switch.retire_others(library, "third")
    assert keys(library) == {other.key}


def test_a_question_goes_to_the_encoder_of_the_vectors_in_use(tmp_path, folder, monkeypatch):
    """A library indexed before the fast form was made, then brought over by a job."""
    settings = Settings(
        tmp_path / "home", encoder=tiny_encoder.make(tmp_path / "tiny"), cache=tmp_path / "cache"
    )
    monkeypatch.setattr(encoder, "_has_accelerator", lambda: False)
    monkeypatch.setattr(encoder, "_loaded", {})
    monkeypatch.setattr(encoder, "SentenceTransformerEncoder", _exact)
    with open_library(settings) as library:
        old = encoder.encoder_source(settings)
        build.add(library, [str(folder)], old)
        monkeypatch.setattr(export, "best_kind", lambda measured: "int8")
        new = encoder.prepare_encoder(settings)
        assert new.key != old.key
        assert encoder.load_encoder(settings).key == old.key
        build.sync(library, new)
        assert encoder.load_encoder(settings).key == new.key
        for path in settings.encoder_cache_path.glob("*.json"):
            path.unlink()  # as on another machine: nothing was measured there
        monkeypatch.setattr(encoder, "_loaded", {})
        assert encoder.encoder_source(settings).key == old.key
        assert encoder.load_encoder(settings).key == new.key


def _exact(folder, key):
    from index.encoding import bert_graph
    from index.encoding.fast_encoder import FastEncoder

    model = bert_graph.read_model(folder)
    return FastEncoder(key, folder, bert_graph.build(model, "fp32"), model.most_tokens)
