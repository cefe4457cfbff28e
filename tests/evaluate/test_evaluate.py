"""`eval` on a small set of our own, and its floors on the shared data where it is there."""

import gzip
import json
import tomllib

import pytest

from core.settings import Settings
from evaluate import answers, retrieval
from index import build
from index.store import open_library
from tests.conftest import PROJECT

SHARED = PROJECT.parent / "shared"
FLOORS = tomllib.loads((PROJECT / "tests" / "floors.toml").read_text())
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")

DOCUMENTS = {
    "d1": ("Ferries", "The ferry to the island runs every hour and carries sixty people."),
    "d2": ("Bridges", "The bridge was closed after an engineer found cracks in a bearing."),
    "d3": ("Herbs", "The herbal lists mint, sage and other medicinal plants of the convent."),
}
QUERIES = {"q1": ("how often does the ferry run", "d1"), "q2": ("cracks in the bridge", "d2")}


def test_eval_retrieval_reads_a_packed_beir_folder(tmp_path, real_source):
    (tmp_path / "qrels").mkdir()
    with gzip.open(tmp_path / "corpus.jsonl.gz", "wt") as file:
        for identity, (title, text) in DOCUMENTS.items():
            file.write(json.dumps({"_id": identity, "title": title, "text": text}) + "\n")
    with (tmp_path / "queries.jsonl").open("w") as file:
        for identity, (text, _) in QUERIES.items():
            file.write(json.dumps({"_id": identity, "text": text}) + "\n")
    rows = [f"{identity}\t{document}\t1" for identity, (_, document) in QUERIES.items()]
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n" + "\n".join(rows))
    value = retrieval.evaluate(str(tmp_path))
    assert value["ndcg_at_10"] == value["hit_at_1"] == value["recall_at_100"] == 1.0
    assert value["documents"] == value["passages"] == 3
    assert set(value) >= {"keyword", "dense", "recall_at_5", "recall_at_10", "hit_at_4",
                          "query_ms_p50",
                          "query_ms_p99", "passages_per_second"}  # fmt: skip


def test_eval_answers_on_the_demo(demo):
    value = answers.evaluate(demo, str(PROJECT / "examples" / "questions.jsonl"), "none")
    floor = FLOORS["demo"]
    assert value["wrong_citation"] == 0
    assert value["correct"] >= floor["correct"]
    assert value["cited_gold"] >= floor["cited_gold"]
    assert value["false_answer"] <= floor["false_answer"]
    assert len(value["rows"]) == 24


@needs_shared
@pytest.mark.parametrize("model", ["none", "smollm2-135m-instruct"])
def test_the_seeds_questions(tmp_path, real_source, model, request):
    if model != "none":
        request.getfixturevalue("gguf")
    settings = Settings(home=tmp_path)
    with open_library(settings) as library:
        first = build.add(library, [str(SHARED / "seeds")], real_source)
        second = build.add(library, [str(SHARED / "seeds")], real_source)
    assert (first.files["indexed"], second.embedded) == (5, 0)
    questions = str(SHARED / "data" / "seed_questions.jsonl")
    value = answers.evaluate(settings, questions, model)
    rows = value["rows"]
    right = [row for row in rows if row["answerable"] and row["correct"] and row["cited_gold"]]
    assert value["wrong_citation"] == 0
    assert len(right) >= FLOORS["seeds"]["right"]
    assert not any(row["status"] == "answered" for row in rows if not row["answerable"])
    headline = rows[0]
    assert (headline["status"], headline["correct"], headline["cited_gold"]) == (
        "answered",
        True,
        True,
    )


@needs_shared
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "measure"),
    [("musique", "recall_at_5"), ("hotpotqa", "recall_at_5"), ("squad2", "hit_at_1")],
)
def test_hybrid_search_keeps_its_floors_and_beats_both_halves(name, measure, real_source):
    """SciFact, which takes minutes, is in evaluate/results/retrieval.json."""
    value = retrieval.evaluate(str(SHARED / "data" / name))
    floors = FLOORS["retrieval"]
    assert value[measure] >= floors[f"{name}_{measure}"]
    better = max(value["keyword"][measure], value["dense"][measure])
    assert value[measure] >= better - floors["below_better_half"]
