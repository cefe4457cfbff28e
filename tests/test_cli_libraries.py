"""The command line's part in jobs and in several libraries."""

import json

import pytest

import cli
from index.jobs import job_rows
from index.store import open_library


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


def test_libraries_are_created_listed_and_renamed(run, settings):
    code, made, _ = run("libraries", "create", "Harbour inquiry")
    assert (code, made["name"]) == (0, "Harbour inquiry")
    code, value, _ = run("libraries", "list", home=made["home"])  # from any of them
    assert [one["name"] for one in value["libraries"]] == ["My articles", "Harbour inquiry"]
    assert value["libraries"][0]["home"] == str(settings.home)
    code, renamed, _ = run("libraries", "rename", "harbour INQUIRY", "Quay")
    assert renamed == {"name": "Quay", "home": made["home"]}
    code, _, error = run("libraries", "rename", "gone", "Other")
    assert (code, "no library called" in error) == (1, True)
    code, _, error = run("libraries", "create", "../evil")
    assert (code, "can't hold" in error) == (1, True)


@pytest.mark.usefixtures("real_source")
def test_what_is_added_to_one_library_is_not_in_another(run, note):
    _, made, _ = run("libraries", "create", "One")
    assert run("add", str(note), home=made["home"])[1]["files"]["indexed"] == 1
    assert run("search", "tide", home=made["home"])[1]["hits"]
    assert run("search", "tide")[1]["hits"] == []


@pytest.mark.usefixtures("real_source")
def test_a_rebuild_reads_all_and_embeds_nothing(run, note):
    run("add", str(note))
    code, value, _ = run("rebuild")
    assert (code, value["files"]["indexed"], value["embedded"]) == (0, 1, 0)


@pytest.mark.usefixtures("real_source")
def test_a_paused_job_is_resumed_or_cancelled(run, settings, note):
    with open_library(settings) as library:
        for word in ("pause", "cancel"):
            begun = job_rows.begin(library, job_rows.request_of("add", (str(note),)))
            job_rows.end(library, begun.job_id, "paused", job_rows.PAUSED)
            if word == "pause":
                code, value, _ = run("resume")
                assert (code, value["files"]["indexed"]) == (0, 1)
    code, value, _ = run("cancel")
    assert (code, value["job"]["state"]) == (0, "cancelled")


@pytest.mark.parametrize("command", ["pause", "cancel", "resume"])
def test_with_no_job_at_work_it_is_said(run, settings, command):
    code, value, error = run(command)
    assert (code, value) == (1, None)
    assert "in this library" in error
