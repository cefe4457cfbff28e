"""Open-domain questions on a small set of our own, and their floors on the shared data."""

import gzip
import json

import pytest

from evaluate import open_domain
from evaluate.squad import HELD_OUT, load_rows
from tests.evaluate.test_evaluate import FLOORS, SHARED, needs_shared

PARAGRAPHS = {
    "Steam_engine": "The Aurora was the first steam ferry here. She was launched at Lund in 1902.",
    "Warsaw": "The old market was rebuilt after the fire. Its clock was a gift of the weavers.",
}
QUESTIONS = {
    "Steam_engine": [("When was the Aurora launched?", "1902"), ("When was the Aurora sunk?", "")],
    "Warsaw": [("Who gave the clock of the old market?", "the weavers")],
}


@pytest.fixture
def squad(tmp_path):
    folder = tmp_path / "squad"
    beir(folder, {title: (title, text) for title, text in PARAGRAPHS.items()}, {})
    data = [
        {
            "title": title,
            "paragraphs": [
                {"context": text, "qas": [row(text, *asked) for asked in QUESTIONS[title]]}
            ],
        }
        for title, text in PARAGRAPHS.items()
    ]
    with gzip.open(folder / "dev-v2.0.json.gz", "wt") as file:
        json.dump({"data": data}, file)
    return folder


def row(text, question, answer):
    found = [{"answer_start": text.index(answer), "text": answer}] if answer else []
    return {"question": question, "answers": found * 2}


def beir(folder, documents, queries):
    (folder / "qrels").mkdir(parents=True)
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n")
    rows = [{"_id": one, "title": t, "text": text} for one, (t, text) in documents.items()]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))
    asked = [{"_id": one, "text": text} for one, text in queries.items()]
    (folder / "queries.jsonl").write_text("".join(json.dumps(one) + "\n" for one in asked))


def test_the_parts_are_told_by_title(squad):
    held_out, fitted = load_rows(squad, "held_out"), load_rows(squad, "fitted")
    assert {one.title for one in held_out} == {"Steam_engine"} <= set(HELD_OUT)
    assert {one.title for one in fitted} == {"Warsaw"}
    assert load_rows(squad, "train") == held_out + fitted
    assert load_rows(squad, "test") == []
    assert held_out[0].answers == ((PARAGRAPHS["Steam_engine"].index("1902"), "1902"),)
    assert held_out[1].answers == ()


def test_both_libraries_are_asked_both_sets(squad, tmp_path, real_source):
    documents = {"d": ("Herbs", "The herbal lists mint and sage. The convent grew them in 1450.")}
    beir(tmp_path / "other", documents, {"q": "Which plants does the herbal list?"})
    value = open_domain.evaluate(squad, tmp_path / "other", "train")
    assert value["questions"] == {"answerable": 2, "adversarial": 1, "other": 1}
    assert value["first_claim"] == value["first_three"] == 1.0
    assert (value["own_refused"], value["other_own_refused"]) == (0.0, 0.0)
    assert (value["foreign_refused"], value["other_foreign_refused"]) == (1.0, 1.0)


@needs_shared
@pytest.mark.slow
def test_open_domain_questions_keep_their_floors(real_source):
    """On a part; all of them, which takes many minutes, are in evaluate/results."""
    data = SHARED / "data"
    value = open_domain.evaluate(data / "squad2", data / "hotpotqa", "test", limit=60)
    floors = FLOORS["open_domain"]
    least = ("first_claim", "first_three", "foreign_refused", "other_foreign_refused")
    for name in (*least, "adversarial_auroc"):
        assert value[name] >= floors[name], (name, value)
    for name in ("own_refused", "other_own_refused"):
        assert value[name] <= floors[name], (name, value)
