"""Which words texts show to be everyday ones."""

import gzip
import json

from evaluate import count_everyday_words
from evaluate.count_everyday_words import everyday_words, texts_of


def test_words_without_capitals_in_several_texts_are_everyday():
    texts = ["The harbours were closed. Gulls cried.", "We saw a harbour where Hugo lives.",
             "It is the harbour of Hugo, said the gull of one text."]  # fmt: skip
    found = everyday_words(texts)
    assert "harbour" in found  # a stem, of both its forms
    assert "hugo" not in found
    assert "gull" not in found  # in one text alone: "Gulls" opens its sentence
    assert "the" not in found
    assert found == sorted(set(found))


def test_a_form_is_everyday_where_its_stem_is_often_a_name():
    texts = ["It was Ray who saw the rays.", "He and Ray fear rays.", "Here Ray met old Ray."]
    found = everyday_words(texts)
    assert "rays" in found
    assert "ray" not in found


def test_the_first_word_of_a_sentence_tells_nothing():
    texts = ["Then came “Turnout fell.” Turnout fell, and turnout rose."] * 2
    assert "turnout" in everyday_words(texts)


def test_texts_of_each_kind_of_folder(tmp_path):
    for kind in ("beir", "pages", "plain"):
        (tmp_path / kind).mkdir()
    (tmp_path / "beir" / "corpus.jsonl").write_text(json.dumps({"_id": "1", "text": "one"}) + "\n")
    with gzip.open(tmp_path / "pages" / "ground-truth.json.gz", "wt") as file:
        json.dump({"a": {"articleBody": "two", "url": "x"}}, file)
    (tmp_path / "plain" / "a.txt").write_text("three")
    found = [list(texts_of(tmp_path / kind)) for kind in ("beir", "pages", "plain")]
    assert found == [["one"], ["two"], ["three"]]


def test_the_command_writes_one_word_a_line(tmp_path, monkeypatch):
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text("The harbour is deep.")
    into = tmp_path / "words.list"
    monkeypatch.setattr("sys.argv", ["count", str(tmp_path), "--into", str(into)])
    assert count_everyday_words.main() == 0
    assert into.read_text() == "deep\nharbour\n"
