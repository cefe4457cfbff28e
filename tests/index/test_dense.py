"""The FAISS file is derived: results never depend on when it was built."""

import numpy as np
import pytest

from core.records import Article, Filters, Reading, SourceFile, SpanRun
from index import dense, embed, write
from index.store import open_library


def put(library, source, name, texts):
    articles = tuple(
        Article(f"{name}-{n}", f"/{name}", n, f"Title {n}", None, None, None, None, None, text,
                (SpanRun(0, len(text), 0, len(text)),))
        for n, text in enumerate(texts)
    )  # fmt: skip
    file = SourceFile(f"/{name}", 1, 1, name, "utf-8", "text", "indexed")
    embed.index_reading(library, Reading(file, " ".join(texts), articles, ()), f"/{name}", source)


@pytest.fixture
def library(settings):
    with open_library(settings) as opened:
        yield opened


def brute_force(library, encoder, query, count):
    rows = library.connection.execute(
        "SELECT passage_id, vector FROM passages JOIN vectors USING (embedded_sha256)"
    ).fetchall()
    scored = [(i, float(np.frombuffer(v, dtype=np.float32) @ query)) for i, v in rows]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:count]


def check(library, encoder, text="report about topic 7"):
    query = encoder.encode([text])[0]
    with library.snapshot():
        found = dense.search(library, encoder.key, query, 10, Filters())
    expected = brute_force(library, encoder, query, 10)
    assert [i for i, _ in found] == [i for i, _ in expected]
    assert np.allclose([s for _, s in found], [s for _, s in expected], atol=1e-5)
    assert found == sorted(found, key=lambda pair: -pair[1])


def texts(low, high):
    return [f"This is a report about topic {n} and {n * n} other things." for n in range(low, high)]


def test_faiss_gives_what_brute_force_gives(library, fake_source, fake_encoder):
    put(library, fake_source, "one", texts(0, 60))
    embed.finish(library, fake_source)
    assert dense.current(library, fake_encoder.key).passages == 60
    check(library, fake_encoder)


def test_new_and_deleted_passages_count_at_once(library, fake_source, fake_encoder):
    put(library, fake_source, "one", texts(0, 60))
    put(library, fake_source, "two", texts(60, 90))
    embed.finish(library, fake_source)
    covered = dense.current(library, fake_encoder.key)
    put(library, fake_source, "three", texts(90, 100))
    with library.transaction():
        write.delete_file(library, "/one")
    now = dense.current(library, fake_encoder.key)
    assert (now.generation, now.deleted) == (covered.generation, 60)
    check(library, fake_encoder)
    check(library, fake_encoder, "topic 95")


def test_a_damaged_or_missing_file_is_a_miss_and_is_rebuilt(
    library, settings, fake_source, fake_encoder
):
    put(library, fake_source, "one", texts(0, 30))
    embed.finish(library, fake_source)
    fake_encoder.encoded.clear()
    for damage in ("flip", "unlink"):
        generation = dense.current(library, fake_encoder.key)
        path = settings.home / generation.file_name
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        if damage == "flip":
            path.write_bytes(data)
        else:
            path.unlink()
        dense._read.cache_clear()
        check(library, fake_encoder)
        assert dense.is_stale(library, fake_encoder.key)
        embed.finish(library, fake_source)
        dense._read.cache_clear()
        assert not dense.is_stale(library, fake_encoder.key)
    assert fake_encoder.encoded == ["report about topic 7"] * 2


def test_only_the_last_two_files_are_kept(library, settings, fake_source, fake_encoder):
    for round_number in range(4):
        put(
            library,
            fake_source,
            f"r{round_number}",
            texts(round_number * 400, round_number * 400 + 300),
        )
        embed.finish(library, fake_source)
    (settings.home / "vectors-left.faiss.123.tmp").write_bytes(b"x")
    dense.clean_up(library)
    kept = sorted(path.name for path in settings.home.glob("vectors-*"))
    assert len(kept) == 2
    assert dense.current(library, fake_encoder.key).file_name in kept


def test_higher_scores_are_better(library, fake_source, fake_encoder):
    put(library, fake_source, "one", ["alpha beta gamma.", "delta epsilon zeta."])
    embed.finish(library, fake_source)
    query = fake_encoder.encode(["Title 0\nalpha beta gamma."])[0]
    with library.snapshot():
        best, worst = dense.search(library, fake_encoder.key, query, 2, Filters())
    assert best[1] == pytest.approx(1.0, abs=1e-5)
    assert worst[1] < best[1]
