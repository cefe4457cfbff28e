"""The comparison with peers: its harness with a tiny fake, no network, nothing installed."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import AppError
from evaluate import peers
from evaluate.datasets import Beir
from tests.conftest import PROJECT

FAKE = "tests.evaluate.fake_peer"
DATA = Beir(
    {"d1": ("", "ferry island hour"), "d2": ("", "bridge cracks"), "d3": ("", "mint sage")},
    {"q1": "ferry hour", "q2": "bridge", "q3": "herbs"},
    {"q1": {"d1": 1}, "q2": {"d2": 1}, "q3": {"d3": 1}},
)


def compare(data, *names):
    systems = [peers.System(name, FAKE) for name in names]
    pythons = dict.fromkeys(names, Path(sys.executable))
    return peers.compare(data, systems, pythons, Path("encoder"))


def test_figures_of_two_systems_side_by_side():
    figures = compare(DATA, "one", "two")
    assert list(figures) == ["one", "two"]
    for row in figures.values():
        assert row["pieces"] == 6
        # Documents count once: the third question's stands third, and not fifth as its pieces do.
        assert row["hit_at_1"] == pytest.approx(2 / 3, abs=1e-4)
        assert row["recall_at_5"] == 1.0
        assert row["ndcg_at_10"] == pytest.approx((1 + 1 + 0.5) / 3, abs=1e-4)
        assert row["documents_per_second"] > 0
        assert row["query_ms_p99"] >= row["query_ms_p50"]
        # Written at the end counts, a model doesn't.
        assert row["stored_megabytes"] == 0.5


def test_systems_take_turns_after_a_warm_up_each(monkeypatch):
    monkeypatch.setattr(peers, "TURN", 1)
    kept = []
    monkeypatch.setattr(
        peers,
        "stored_bytes",
        lambda folder: kept.append((folder.parent / "order").read_text()) or 0,
    )
    compare(DATA, "one", "two")
    assert kept[0].splitlines() == [
        "one ferry hour", "two ferry hour",
        "one ferry hour", "two ferry hour",
        "two bridge", "one bridge",
        "one herbs", "two herbs",
    ]  # fmt: skip


def test_a_system_that_ends_is_named_with_its_last_words():
    crash = Beir(DATA.documents, {"q1": "crash"}, {"q1": {"d1": 1}})
    with pytest.raises(AppError, match=r"one ended(?s:.*)the fake peer gave up"):
        compare(crash, "one")


def test_a_limit_keeps_what_is_relevant():
    graded = Beir(DATA.documents, DATA.queries, {"q3": {"d3": 1, "d1": 0}})
    assert list(peers.limited(graded, 0).documents) == ["d3"]
    assert list(peers.limited(graded, 2).documents) == ["d1", "d3"]
    assert peers.limited(graded, 9).documents == DATA.documents


def test_the_table_has_a_row_for_each_system():
    figures = compare(DATA, "one", "two")
    heading, _, *rows = peers.table("tiny", DATA, figures).splitlines()
    assert heading.startswith("| tiny: 3 documents, 3 questions | nDCG@10 |")
    assert [row.split(" | ")[:2] for row in rows] == [["| one", "0.833"], ["| two", "0.833"]]
    assert {row.count("|") for row in rows} == {heading.count("|")}


@pytest.fixture
def beir_folder(tmp_path, monkeypatch):
    folder = tmp_path / "tiny"
    (folder / "qrels").mkdir(parents=True)
    documents = {identity: text for identity, (_, text) in DATA.documents.items()}
    for name, texts in (("corpus", documents), ("queries", DATA.queries)):
        rows = [json.dumps({"_id": identity, "text": text}) for identity, text in texts.items()]
        (folder / f"{name}.jsonl").write_text("\n".join(rows))
    pairs = [f"{query}\t{next(iter(grades))}\t1" for query, grades in DATA.qrels.items()]
    (folder / "qrels" / "test.tsv").write_text("\n".join(pairs))
    monkeypatch.setattr(peers, "SYSTEMS", (peers.System("A", FAKE), peers.System("B", FAKE)))
    monkeypatch.setattr(peers, "RESULTS", tmp_path / "peers.json")
    monkeypatch.setattr(peers, "find_encoder", lambda: Path("encoder"))
    return folder


def test_only_a_whole_run_is_kept_beside_the_others(beir_folder, capsys):
    peers.RESULTS.write_text('{"earlier": {}}')
    assert peers.main([str(beir_folder), "--only", "A"]) == 0
    assert peers.main([str(beir_folder), "--limit", "3"]) == 0
    assert json.loads(peers.RESULTS.read_text()) == {"earlier": {}}
    assert peers.main([str(beir_folder)]) == 0
    kept = json.loads(peers.RESULTS.read_text())
    assert list(kept) == ["earlier", "tiny"]
    assert (kept["tiny"]["documents"], list(kept["tiny"]["systems"])) == (3, ["A", "B"])
    assert capsys.readouterr().out.count("| B |") == 2


def test_what_goes_wrong_is_told_without_a_trace(beir_folder, monkeypatch, capsys):
    monkeypatch.setattr(peers, "find_encoder", lambda: None)
    assert peers.main([str(beir_folder)]) == 1
    assert peers.main([str(beir_folder / "nowhere")]) == 1
    said = capsys.readouterr()
    assert "pip install" in said.err
    assert "nowhere" in said.err
    assert said.out == ""


def test_an_environment_is_installed_once_and_again_after_a_failure(tmp_path, monkeypatch):
    wanted = tmp_path / "peer.txt"
    wanted.write_text("peer==1.0\n")
    system = peers.System("peer", FAKE, wanted)
    commands, codes = [], [0, 1, 0, 0]

    def run(command, **_):
        commands.append(command)
        Path(command[-1]).mkdir(parents=True, exist_ok=True) if "venv" in command else None
        return subprocess.CompletedProcess(command, codes.pop(0) if codes else 0)

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(AppError, match="peer could not be installed"):
        peers.environment(system, tmp_path / "made")
    python = peers.environment(system, tmp_path / "made")
    assert peers.environment(system, tmp_path / "made") == python
    assert [("venv" in command) for command in commands] == [True, False, True, False]
    assert commands[3][0] == str(python)
    wanted.write_text("peer==1.1\n")
    assert peers.environment(system, tmp_path / "made") != python


@pytest.mark.parametrize("system", peers.SYSTEMS[1:], ids=lambda system: system.name)
def test_a_peer_has_the_versions_that_sourcebook_has(system):
    ours = pins(PROJECT / "requirements.txt")
    theirs = pins(system.requirements)
    shared = ours.keys() & theirs.keys()
    assert shared >= {"torch", "transformers", "faiss-cpu", "numpy"}
    assert {name: theirs[name] for name in shared} == {name: ours[name] for name in shared}


def pins(path):
    lines = [line.partition("#")[0].strip() for line in path.read_text().splitlines()]
    pinned = [line for line in lines if line and not line.startswith("-")]  # -c: constraints
    return dict(re.fullmatch(r"([\w-]+)==([\w.]+)", line).groups() for line in pinned)
