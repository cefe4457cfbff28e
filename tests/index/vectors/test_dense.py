"""Results never depend on when or how an index was built: they are what comparing every
vector gives."""

from dataclasses import replace

import numpy as np
import pytest

from core.records import Article, Filters, Reading, SourceFile, SpanRun
from index import durable, embed, write
from index.finding import filters as article_filters
from index.store import open_library
from index.vectors import dense, faiss_index, vector_files
from index.vectors import stored_vectors as vectors


def put(library, source, name, texts, about=lambda number: {}):
    """One file with an article for every text; `about` gives further fields by number."""
    articles = tuple(
        replace(
            Article(f"{name}-{n}", f"/{name}", n, f"Title {n}", None, None, None, None, None, text,
                    (SpanRun(0, len(text), 0, len(text)),)),
            **about(n),
        )
        for n, text in enumerate(texts)
    )  # fmt: skip
    file = SourceFile(f"/{name}", 1, 1, name, "utf-8", "text", "indexed")
    embed.index_reading(library, Reading(file, " ".join(texts), articles, ()), f"/{name}", source)


@pytest.fixture
def library(settings):
    with open_library(settings) as opened:
        yield opened


@pytest.fixture
def few_lists(monkeypatch):
    """Several lists in small libraries, of which a search without filters reads half."""
    monkeypatch.setattr(faiss_index, "LISTS_FROM", 100)
    monkeypatch.setattr(faiss_index, "PASSAGES_PER_LIST", 50)
    monkeypatch.setattr(faiss_index, "PROBED_SHARE", 1 / 2)


def brute_force(library, encoder, query, count, filters=Filters()):
    where, values = article_filters.condition(filters)
    rows = library.connection.execute(
        "SELECT passage_id, vector FROM passages JOIN vectors USING (embedded_sha256)"
        " JOIN articles USING (article_id) WHERE encoder_key = ?"
        + (f" AND {where}" if where else ""),
        (encoder.key, *values),
    ).fetchall()
    scored = [(i, float(np.frombuffer(v, dtype=np.float32) @ query)) for i, v in rows]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:count]


def check(library, encoder, text="report about topic 7", filters=Filters(), count=10):
    query = encoder.encode([text])[0]
    with library.snapshot():
        found = dense.search(library, encoder.key, query, count, filters)
    expected = brute_force(library, encoder, query, count, filters)
    assert np.allclose([s for _, s in found], [s for _, s in expected], atol=1e-5)
    assert len(found) == len(expected)
    # Vectors that are equally near may change places by the last bit of a sum.
    last = expected[-1][1] if expected else 0.0
    assert {i for i, s in found if s > last + 1e-5} == {i for i, s in expected if s > last + 1e-5}
    assert found == sorted(found, key=lambda pair: -pair[1])
    return found


def texts(low, high):
    return [f"This is a report about topic {n} and {n * n} other things." for n in range(low, high)]


def test_the_index_gives_what_brute_force_gives(library, fake_source, fake_encoder):
    put(library, fake_source, "one", texts(0, 60))
    embed.finish(library, fake_source)
    assert dense.current(library, fake_encoder.key).passages == 60
    for number in range(20):
        check(library, fake_encoder, f"report about topic {number}")


def test_new_and_deleted_passages_count_at_once(library, fake_source, fake_encoder):
    put(library, fake_source, "one", texts(0, 60))
    put(library, fake_source, "two", texts(60, 90))
    embed.finish(library, fake_source)
    covered = dense.current(library, fake_encoder.key)
    put(library, fake_source, "three", texts(90, 100))
    check(library, fake_encoder, "topic 95")
    with library.transaction():
        write.delete_file(library, "/one")
    now = dense.current(library, fake_encoder.key)
    assert (now.generation, now.deleted) == (covered.generation, 60)
    check(library, fake_encoder)
    check(library, fake_encoder, "topic 95")
    with library.transaction():
        write.delete_file(library, "/three")  # known from the search before, gone now
    check(library, fake_encoder, "topic 95")


def test_a_file_is_continued_without_the_dead(library, fake_source, fake_encoder):
    """The new file holds what is alive, once; what was covered before is not read again."""
    put(library, fake_source, "one", texts(0, 300))
    embed.finish(library, fake_source)
    first = dense.current(library, fake_encoder.key)
    with library.transaction():
        write.delete_file(library, "/one")
    put(library, fake_source, "two", texts(200, 500))
    assert dense.is_stale(library, fake_encoder.key)
    dense.publish(library, fake_encoder.key)
    second = dense.current(library, fake_encoder.key)
    assert (second.passages, second.deleted) == (300, 0)
    assert second.covered_id > first.covered_id
    assert second.scale == first.scale
    assert not dense.is_stale(library, fake_encoder.key)
    check(library, fake_encoder, "topic 321")


def test_a_vector_that_comes_later_is_found(library, fake_source, fake_encoder):
    """A run that was stopped leaves passages without a vector before covered ones."""
    put(library, None, "one", texts(0, 5))
    put(library, fake_source, "two", texts(5, 40))
    dense.publish(library, fake_encoder.key)
    list(embed.fill_in_vectors(library, fake_source))
    check(library, fake_encoder, "report about topic 3")
    dense.publish(library, fake_encoder.key)
    assert dense.current(library, fake_encoder.key).passages == 40
    check(library, fake_encoder, "report about topic 3")


@pytest.mark.parametrize("damage", ["flip", "cut", "unlink"])
def test_a_damaged_or_missing_file_is_a_miss_and_is_rebuilt(
    library, settings, fake_source, fake_encoder, damage
):
    put(library, fake_source, "one", texts(0, 30))
    embed.finish(library, fake_source)
    check(library, fake_encoder)
    fake_encoder.encoded.clear()
    path = settings.home / dense.current(library, fake_encoder.key).file_name
    data = bytearray(path.read_bytes())
    if damage == "flip":
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    elif damage == "cut":
        path.write_bytes(data[: len(data) // 2])
    else:
        path.unlink()
    check(library, fake_encoder)
    assert dense.is_stale(library, fake_encoder.key)
    embed.finish(library, fake_source)
    assert not dense.is_stale(library, fake_encoder.key)
    check(library, fake_encoder)
    assert set(fake_encoder.encoded) == {"report about topic 7"}


def test_a_large_file_is_hashed_once_a_day(
    library, settings, fake_source, fake_encoder, monkeypatch
):
    monkeypatch.setattr(vector_files, "MAPPED_BYTES", 100)
    put(library, fake_source, "one", texts(0, 300))
    embed.finish(library, fake_source)
    hashed = []
    whole = durable.sha256
    monkeypatch.setattr(durable, "sha256", lambda path: hashed.append(path) or whole(path))
    vector_files._read.cache_clear()
    check(library, fake_encoder)
    assert hashed == []
    path = settings.home / dense.current(library, fake_encoder.key).file_name
    copy = path.with_suffix(".copy")  # other times, another inode: as after a restored backup
    copy.write_bytes(path.read_bytes())
    copy.replace(path)
    check(library, fake_encoder)
    assert hashed == [path]
    dense.clean_up(library)  # an indexing run notes that it is good
    hashed.clear()
    vector_files._read.cache_clear()
    check(library, fake_encoder)
    assert hashed == []
    later = vector_files.time.time() + 25 * 3600
    monkeypatch.setattr(vector_files.time, "time", lambda: later)
    check(library, fake_encoder)
    assert hashed == [path]


def test_only_the_last_two_files_are_kept(library, settings, fake_source, fake_encoder):
    for round_number in range(4):
        put(
            library,
            fake_source,
            f"r{round_number}",
            texts(round_number * 400, round_number * 400 + 300),
        )
        embed.finish(library, fake_source)
    (settings.home / "vectors-123.tmp").write_bytes(b"x")
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


def dated(number):
    return {
        "published": f"2025-{number % 12 + 1:02}" if number % 10 else None,
        "outlet": "The Quay" if number % 50 == 3 else "THE TIDE" if number % 2 else "The Tide",
    }


FILTERS = {
    "one article in fifty": Filters(outlet="the quay"),
    "most articles": Filters(outlet="the tide"),
    "half a year": Filters(after="2025-03-02", before="2025-08"),
    "a file": Filters(path="/two*"),
    "all at once": Filters(after="2025-02", outlet="The Quay", path="*o*"),
    "none": Filters(outlet="The Gull"),
}


@pytest.mark.parametrize("listed", [0, 10**6], ids=["checked", "listed"])
@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS)
def test_filters_are_exact_however_many_they_admit(
    library, fake_source, fake_encoder, few_lists, monkeypatch, filters, listed
):
    """Answered from rows, through a list of ids, or by checking candidates: the same."""
    put(library, fake_source, "one", texts(0, 250), dated)
    put(library, fake_source, "two", texts(250, 500), dated)
    embed.finish(library, fake_source)
    put(library, fake_source, "three", texts(500, 600), dated)
    with library.transaction():
        write.delete_file(library, "/one")
    monkeypatch.setattr(dense, "LISTED_LEAST", listed)
    for from_rows in (0, 10**6):
        monkeypatch.setattr(dense, "SCORED_FROM_ROWS", from_rows)
        for candidates in (8, 4096):
            monkeypatch.setattr(dense, "FILTERED_CANDIDATES", candidates)
            found = check(library, fake_encoder, "report about topic 555", filters, count=20)
    assert bool(found) is (filters.outlet != "The Gull")


def test_a_filter_that_no_candidate_passes_is_answered_all_the_same(
    library, fake_source, fake_encoder, monkeypatch
):
    """More passages than are ever asked for stand before the first that is admitted."""
    put(library, fake_source, "near", ["storm tide quay."] * 300)
    put(library, fake_source, "far", texts(0, 30))
    dense.publish(library, fake_encoder.key)
    monkeypatch.setattr(dense, "LISTED_LEAST", 0)
    monkeypatch.setattr(dense, "FILTERED_CANDIDATES", 8)
    monkeypatch.setattr(dense, "MOST_CANDIDATES", 64)
    found = check(library, fake_encoder, "storm tide quay", Filters(path="/far"))
    assert len(found) == 10


def test_without_filters_half_of_the_lists_give_nearly_all(
    library, fake_source, fake_encoder, few_lists
):
    put(library, fake_source, "one", texts(0, 600))
    embed.finish(library, fake_source)
    index = vector_files.opened(library, fake_encoder.key)
    assert index.index.lists > 4
    shares = []
    for number in range(0, 600, 20):
        query = fake_encoder.encode([f"a report about topic {number}"])[0]
        with library.snapshot():
            found = dense.search(library, fake_encoder.key, query, 10, Filters())
        expected = {i for i, _ in brute_force(library, fake_encoder, query, 10)}
        exact = dense.scores(library, fake_encoder.key, query, [i for i, _ in found])
        assert [s for _, s in found] == pytest.approx([exact[i] for i, _ in found], abs=1e-6)
        shares.append(len(expected & {i for i, _ in found}) / 10)
    assert np.mean(shares) > 0.8


def test_the_newest_passages_are_read_once(library, fake_source, fake_encoder):
    put(library, fake_source, "one", texts(0, 50))
    query = fake_encoder.encode(["topic 7"])[0]
    vectors.newest(library, fake_encoder.key, query, 0)
    put(library, fake_source, "two", texts(50, 60))
    statements = []
    library.connection.set_trace_callback(statements.append)
    found = vectors.newest(library, fake_encoder.key, query, 0)
    library.connection.set_trace_callback(None)
    assert len(found) == 60
    assert any("passage_id > 50" in statement for statement in statements)
    assert not any("passage_id > 0 " in statement for statement in statements)


def test_more_new_passages_than_are_remembered_are_all_compared(
    library, fake_source, fake_encoder, monkeypatch
):
    monkeypatch.setattr(vectors, "REMEMBERED_ROWS", 20)
    monkeypatch.setattr(vectors, "READ_ROWS", 8)
    put(library, fake_source, "one", texts(0, 60))
    for _ in range(2):
        check(library, fake_encoder, "report about topic 59")


def test_a_full_disk_leaves_the_old_file_in_use(
    library, settings, fake_source, fake_encoder, monkeypatch
):
    put(library, fake_source, "one", texts(0, 60))
    embed.finish(library, fake_source)
    before = dense.current(library, fake_encoder.key)
    put(library, fake_source, "two", texts(60, 120))

    def full(index, take):
        take(b"half of it")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(faiss_index, "write", full)
        with pytest.raises(OSError, match="No space left"):
            dense.publish(library, fake_encoder.key)
    assert dense.current(library, fake_encoder.key) == before
    check(library, fake_encoder, "report about topic 99")
    assert list(settings.home.glob("vectors-*.tmp"))
    dense.clean_up(library)
    assert [path.name for path in settings.home.glob("vectors-*")] == [before.file_name]
