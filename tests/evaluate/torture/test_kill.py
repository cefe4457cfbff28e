"""Thirty kills while a library is made: nothing that was told is lost."""

import pytest

from evaluate.torture import kill, world
from index.store import open_library

pytestmark = pytest.mark.slow
AT_ONCE = 5


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("kill")


@pytest.mark.parametrize("first", range(0, 30, AT_ONCE))
def test_a_killed_run_loses_nothing_and_goes_on(folder, first, monkeypatch):
    monkeypatch.setattr(kill, "ARTICLES", 20)
    lines = [kill.one(folder, number) for number in range(first, first + AT_ONCE)]
    assert [line["broken"] for line in lines] == [[]] * AT_ONCE
    assert kill.sums(lines)["vectors_made_again"] == 0


def test_what_is_lost_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(kill, "ARTICLES", 6)
    here = kill._undisturbed(tmp_path, is_real=False)
    path = str(next(here.folder.rglob("*.txt")))
    real, calls = kill._kept, []

    def forgetful(at):
        calls.append(at)
        if len(calls) == 2:  # right after the kill
            with open_library(at.settings) as library:
                library.connection.execute("DELETE FROM files WHERE path = ?", (path,))
        return real(at)

    monkeypatch.setattr(kill, "_kept", forgetful)
    monkeypatch.setattr(world, "wait_for_lock", lambda here, child: bool(child.communicate()))
    line = kill.one(tmp_path, 1)
    assert any("was lost" in what for what in line["broken"])
    assert kill.sums([line])["files_lost"] == 1


def test_work_done_twice_is_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(kill, "ARTICLES", 6)
    here = kill._undisturbed(tmp_path, is_real=False)
    monkeypatch.setattr(world, "wait_for_lock", lambda here, child: bool(child.communicate()))
    assert kill.one(tmp_path, 1)["twice"] == 0
    noted = here.folder.parent / "embedded"
    noted.write_text("".join(noted.read_text().splitlines(keepends=True)[:2]))
    line = kill.one(tmp_path, 1)  # now all but two batches seem to have been done before
    assert line["twice"] > 0
    assert any("more than a batch" in what for what in line["broken"])
