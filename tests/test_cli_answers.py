"""Saved answers and conversations on the command line."""

import json
from dataclasses import fields

import pytest

import cli
from answer.export import answer_of_json
from core.records import Answer
from tests.conftest import EXAMPLES

QUESTION = "Who found the cracks in the Gannet Bridge?"


@pytest.fixture
def run(capsys, demo):
    def call(*arguments):
        code = cli.main(["--home", str(demo.home), *arguments])
        out = capsys.readouterr()
        return code, out.out, out.err

    return call


@pytest.fixture
def answer_id(run):
    _, out, _ = run("ask", QUESTION, "--model", "none", "--json")
    return json.loads(out)["answer_id"]


def test_answers_lists_the_newest_first(run, answer_id):
    code, out, _ = run("answers", "--json")
    first = json.loads(out)["answers"][0]
    assert code == 0
    assert set(first) == {"answer_id", "created", "question", "status", "model"}
    assert first["answer_id"] == answer_id
    assert (first["question"], first["status"], first["model"]) == (QUESTION, "answered", None)
    _, text, _ = run("answers")
    assert text.startswith(answer_id)


def test_one_answer_comes_with_the_state_of_its_sources(run, answer_id):
    code, out, _ = run("answers", answer_id, "--json")
    value = json.loads(out)
    assert code == 0
    assert set(value) == {field.name for field in fields(Answer)} | {"sources"}
    assert [one["number"] for one in value["sources"]] == [
        one["number"] for one in value["citations"]
    ]
    for one in value["sources"]:
        assert set(one) == {"number", "path", "state", "line", "note"}
        assert one["state"] == "unchanged"
        assert one["path"].startswith(str(EXAMPLES))
    _, text, _ = run("answers", answer_id)
    assert QUESTION in text
    assert "Sources that are not as they were" not in text


def test_an_unknown_answer_is_named(run):
    for command in (("answers", "nothing"), ("export", "nothing", "--format", "md"),
                    ("ask", "why?", "--follow-up", "nothing", "--model", "none")):  # fmt: skip
        code, out, error = run(*command)
        assert (code, out) == (1, "")
        assert "No answer nothing" in error


def test_a_follow_up_says_what_it_is_asked_as(run, answer_id):
    code, out, error = run(
        "ask", "and how long is it?", "--follow-up", answer_id, "--model", "none", "--json"
    )
    value = json.loads(out)
    assert code == 0
    assert value["question"] == "and how long is it?"
    assert value["resolved_question"] == "How long is the Gannet Bridge?"
    assert value["follows"] == answer_id
    assert "How long is the Gannet Bridge?" in error
    # Found with the whole question: what was typed names no bridge
    assert all("Gannet Bridge" in claim["text"] for claim in value["claims"][:1])


def test_export_prints_or_writes_a_pack(run, answer_id, tmp_path):
    code, out, _ = run("export", answer_id, "--format", "json")
    assert code == 0
    assert answer_of_json(out).answer_id == answer_id
    code, as_json, _ = run("export", answer_id, "--format", "json", "--json")
    assert json.loads(as_json) == json.loads(out)
    _, page, _ = run("export", answer_id, "--format", "html")
    assert page.startswith("<!doctype html>")

    target = tmp_path / "pack.md"
    code, out, _ = run("export", answer_id, "--format", "md", "--output", str(target), "--json")
    assert json.loads(out) == {"format": "md", "path": str(target)}
    assert target.read_text("utf-8").startswith("# Who found the cracks in the Gannet Bridge?")
    code, _, error = run("export", answer_id, "--format", "md", "--output", str(tmp_path))
    assert code == 1
    assert str(tmp_path) in error


def test_a_format_must_be_named(run, answer_id):
    with pytest.raises(SystemExit) as end:
        run("export", answer_id)
    assert end.value.code == 2
