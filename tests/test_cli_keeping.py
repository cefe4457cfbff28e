"""The command line's backup and restore."""

import json
import subprocess
import sys

import pytest

import cli
from tests.conftest import PROJECT


@pytest.fixture
def run(capsys, settings):
    def call(*arguments, home=settings.home):
        code = cli.main(["--home", str(home), *arguments, "--json"])
        out = capsys.readouterr()
        return code, json.loads(out.out) if out.out.strip() else None, out.err

    return call


@pytest.fixture
def note(tmp_path):
    path = tmp_path / "note.txt"
    path.write_text("On tides\n\n" + "The tide rose by two metres on Friday night. " * 8)
    return path


@pytest.mark.usefixtures("real_source")
def test_answers_and_search_are_equal_after_a_restore(run, settings, note, tmp_path):
    run("add", str(note))
    question = ("ask", "How much did the tide rise on Friday?", "--model", "none")
    _, asked, _ = run(*question)
    _, found, _ = run("search", "tide")
    code, made, _ = run("backup", str(tmp_path / "kept"))
    assert (code, made["folder"], made["notes"]) == (0, str(tmp_path / "kept"), [])
    other = tmp_path / "other"
    code, done, _ = run("restore", str(tmp_path / "kept"), home=other)
    assert (code, done["home"], done["set_aside"]) == (0, str(other), None)
    assert run("search", "tide", home=other)[1] == found
    assert run("answers", home=other)[1] == run("answers")[1]
    _, again, _ = run(*question, home=other)
    same = ("status", "claims", "citations")
    assert {name: again[name] for name in same} == {name: asked[name] for name in same}
    assert asked["status"] == "answered"
    code, done, _ = run("restore", str(tmp_path / "kept"), home=other)  # now a used one
    assert run("search", "tide", home=done["set_aside"])[1] == found


@pytest.mark.usefixtures("real_source")
def test_a_backup_while_another_process_indexes(run, settings, tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(60):
        words = f"Ferry {number} left the harbour with {number} barrels and {number * 7} crates. "
        (folder / f"{number}.txt").write_text(f"Ferry {number}\n\n" + words * 20)
    run("add", str(folder / "0.txt"))
    command = [sys.executable, "cli.py", "--home", str(settings.home), "add", str(folder)]
    child = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.DEVNULL)
    counts = []
    try:
        while child.poll() is None and len(counts) < 3:
            kept, home = tmp_path / f"kept-{len(counts)}", tmp_path / f"home-{len(counts)}"
            assert run("backup", str(kept))[0] == 0
            assert run("restore", str(kept), home=home)[0] == 0
            assert run("search", "ferry", home=home)[1]["hits"]
            counts.append(run("status", home=home)[1]["files"]["indexed"])
    finally:
        assert child.wait(timeout=60) == 0
    assert counts == sorted(counts)
    assert counts[0] >= 1
    assert run("status")[1]["files"]["indexed"] == 60


def test_what_cannot_be_done_is_named(run, settings, tmp_path):
    code, _, error = run("backup", str(tmp_path / "kept"))
    assert (code, "no library" in error) == (1, True)
    code, _, error = run("restore", str(tmp_path / "kept"))
    assert (code, str(tmp_path / "kept") in error) == (1, True)
    assert not settings.home.exists()


def test_dropped_files_are_found_in_another_home(run, settings, tmp_path):
    settings.uploads_path.mkdir(parents=True)
    note = settings.uploads_path / "tide-12345678.txt"
    note.write_text("On tides\n\n" + "The tide rose by two metres on Friday night. " * 8)
    run("add", str(settings.uploads_path))
    run("backup", str(tmp_path / "kept"))
    other = tmp_path / "other"
    _, done, _ = run("restore", str(tmp_path / "kept"), home=other)
    assert done["notes"] == []
    (hit,) = run("search", "tide", home=other)[1]["hits"]
    assert hit["path"] == str(other / "uploads" / note.name)
    assert run("doctor", home=other)[1]["ok"]
