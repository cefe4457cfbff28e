"""Milvus behind the same seam: the same results as brute force, from the same library.db."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from core.errors import LibraryError
from core.records import Filters
from index import embed, write
from index.encoding.encoder import EncoderSource
from index.store import open_library
from index.vectors import dense, milvus_index
from tests.conftest import PROJECT
from tests.index.vectors.test_dense import FILTERS, check, dated, put, texts

pytest.importorskip("pymilvus", reason="pip install -r requirements-milvus.txt")
pytest.importorskip("milvus_lite", reason="milvus-lite has no wheel for this platform")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The file of a milvus-lite server; collections of several libraries live in it."""
    return str(tmp_path_factory.mktemp("milvus") / "server.db")


@pytest.fixture
def library(settings, server):
    with open_library(replace(settings, milvus=server)) as opened:
        yield opened


def collection(library, encoder):
    return milvus_index.MilvusIndex(library, encoder.key)


def test_search_publish_and_delete(library, settings, fake_source, fake_encoder):
    put(library, fake_source, "one", texts(0, 300), dated)
    assert dense.is_stale(library, fake_encoder.key)
    embed.finish(library, fake_source)
    assert not dense.is_stale(library, fake_encoder.key)
    assert collection(library, fake_encoder).passages == 300
    assert not list(settings.home.glob("vectors-*"))
    check(library, fake_encoder)
    with library.transaction():
        write.delete_file(library, "/one")
    put(library, fake_source, "two", texts(200, 500), dated)
    check(library, fake_encoder, "report about topic 210")
    dense.publish(library, fake_encoder.key)
    index = collection(library, fake_encoder)
    assert (index.passages, index.covered_id) == (300, 600)
    client = milvus_index._client(library.settings.milvus, "")
    name = milvus_index._collection(index.current())
    rows = client.query(name, filter="passage_id >= 0", output_fields=["passage_id"], limit=1000)
    assert {row["passage_id"] for row in rows} == set(range(301, 601))
    check(library, fake_encoder, "report about topic 210")


@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS)
def test_the_same_filters(library, fake_source, fake_encoder, monkeypatch, filters):
    put(library, fake_source, "one", texts(0, 150), dated)
    put(library, fake_source, "two", texts(150, 300), dated)
    embed.finish(library, fake_source)
    monkeypatch.setattr(dense, "SCORED_FROM_ROWS", 0)
    for listed in (0, 10**6):
        monkeypatch.setattr(dense, "LISTED_LEAST", listed)
        check(library, fake_encoder, "report about topic 222", filters)


def test_a_lost_collection_is_filled_again_without_embedding(library, fake_source, fake_encoder):
    put(library, fake_source, "one", texts(0, 40))
    embed.finish(library, fake_source)
    index = collection(library, fake_encoder)
    lost = milvus_index._collection(index.current())
    milvus_index._client(library.settings.milvus, "").drop_collection(lost)
    fake_encoder.encoded.clear()
    check(library, fake_encoder)
    assert dense.is_stale(library, fake_encoder.key)
    embed.finish(library, fake_source)
    assert milvus_index._collection(index.current()) != lost
    check(library, fake_encoder)
    assert set(fake_encoder.encoded) == {"report about topic 7"}


def test_two_libraries_on_one_server_do_not_meet(
    library, tmp_path, server, settings, fake_source, fake_encoder
):
    put(library, fake_source, "one", texts(0, 40))
    embed.finish(library, fake_source)
    other_settings = replace(settings, home=tmp_path / "other", milvus=server)
    with open_library(other_settings) as other:
        put(other, fake_source, "two", ["Quite another matter."])
        embed.finish(other, fake_source)
        assert len(check(other, fake_encoder)) == 1
    assert len(check(library, fake_encoder)) == 10


def test_another_encoder_takes_over_and_its_predecessors_collection_goes(
    library, fake_source, fake_encoder
):
    put(library, fake_source, "one", texts(0, 40))
    embed.finish(library, fake_source)
    older = milvus_index._collection(collection(library, fake_encoder).current())
    fake_encoder.key = "another-64"
    source = EncoderSource("another-64", lambda: fake_encoder)
    list(embed.fill_in_vectors(library, source))
    embed.finish(library, source)
    client = milvus_index._client(library.settings.milvus, "")
    newer = milvus_index._collection(collection(library, fake_encoder).current())
    assert (client.has_collection(older), client.has_collection(newer)) == (False, True)
    check(library, fake_encoder)


def test_a_server_that_is_away_is_named(settings, fake_source, fake_encoder, monkeypatch):
    monkeypatch.setattr(milvus_index, "TIMEOUT_SECONDS", 0.5)
    with open_library(replace(settings, milvus="http://127.0.0.1:9")) as library:
        put(library, fake_source, "one", texts(0, 3))
        with pytest.raises(LibraryError, match=r"127\.0\.0\.1:9.*unset SOURCEBOOK_MILVUS"):
            dense.publish(library, fake_encoder.key)


def test_filters_carry_no_text_of_the_user():
    hostile = Filters(after="2025-07", before="2025-07-12", outlet='x" or passage_id > 0 or "')
    assert milvus_index.expression(hostile, np.array([3, 4])) == (
        "last_day >= 20250700 and first_day <= 20250712"
        f' and outlet == "{milvus_index.outlet_key(hostile.outlet)}" and passage_id in [3, 4]'
    )


@pytest.mark.parametrize(
    ("published", "expected"),
    [("2025", (20250000, 20259999)), ("2025-07", (20250700, 20250799)),
     ("2025-07-12T10:00", (20250712, 20250712)), (None, (99_999_999, -1)),
     ("soon", (-1, 99_999_999))],
)  # fmt: skip
def test_days(published, expected):
    assert milvus_index.days(published) == expected


def test_nothing_of_it_is_imported_unless_an_address_is_configured(tmp_path):
    code = (
        "import sys\nfrom core.settings import load\nfrom core.records import Filters\n"
        "from index.vectors import dense\nfrom index.store import open_library\nimport numpy\n"
        f"library = open_library(load({str(tmp_path)!r}, {{}}))\n"
        "dense.search(library, 'k', numpy.zeros(4, 'float32'), 3, Filters())\n"
        "assert not dense.is_stale(library, 'k')\n"
        "print(any('milvus' in name or name == 'grpc' for name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
