"""Short runs of the torture's parts, and what they would say if a promise were broken."""

import random
import shutil
import subprocess

import pytest

from evaluate.torture import endurance, offline, readers, world
from index.store import open_library

pytestmark = pytest.mark.slow


def can_have_its_own_network():
    if not all(shutil.which(name) for name in ("unshare", "strace", "ip")):
        return False
    return subprocess.run([*offline.NAMESPACE, "true"], capture_output=True).returncode == 0


def test_calls_beyond_this_machine_are_found_in_a_trace():
    inet = 'connect(3, {{sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("{}")}}, 16)'
    inet6 = 'connect(3, {{sa_family=AF_INET6, inet_pton(AF_INET6, "{}", &sin6_addr)}}, 28)'
    trace = "\n".join(
        (
            '12 connect(3, {sa_family=AF_UNIX, sun_path="/run/192.0.2.9"}, 110) = 0',
            f"12 {inet.format('127.0.0.1')} = 0",
            f"12 {inet6.format('::1')} = 0",
            f"[pid 7] {inet.format('192.0.2.7')} = -1 ENETUNREACH",
            inet6.replace("connect(3", 'sendto(5, "x", 1, 0').format("2001:db8::1") + " = 1",
        )
    )
    assert offline.outside_loopback(trace) == {"192.0.2.7", "2001:db8::1"}


def test_the_commands_work_with_only_loopback_and_call_nobody(tmp_path):
    if not can_have_its_own_network():
        pytest.skip("needs unshare, strace and ip, and user namespaces that are allowed")
    line = offline.one(tmp_path, 0, fresh=False)
    assert line["broken"] == []
    assert len(line["steps"]) == 6


def test_a_library_otherwise_than_its_folder_is_told(tmp_path):
    here = world.make(tmp_path)
    world.write(here, 1, 5)
    assert world.run(here, "add", str(here.folder))[0] == 0
    assert endurance.differences(here) == []
    assert world.differing(world.passages(here.settings), world.passages(here.settings)) == []
    files = sorted(here.folder.rglob("*.txt"))
    files[0].unlink()
    files[1].write_text("Other words\n\n2024\n\nA paragraph that nobody has read.\n")
    files[2].with_name("new.txt").write_text("New words\n\n2024\n\nA paragraph.\n")
    held = world.passages(here.settings)
    with open_library(here.settings) as library, library.transaction():
        library.connection.execute(
            "UPDATE articles SET text = substr(text, 1, 50) WHERE path = ?", (str(files[3]),)
        )
        library.connection.execute("DELETE FROM passages WHERE passage_id = 1")
    found = endurance.differences(here)
    for part in ("no longer", "not in the library", "other bytes"):
        assert sum(part in line for line in found) == 1, part
    assert any("paragraphs are missing" in line and files[3].name in line for line in found)
    assert world.differing(held, world.passages(here.settings)) == [files[0].name]


def test_a_round_of_changes_keeps_the_folder_and_its_names_apart(tmp_path):
    here = world.make(tmp_path)
    world.write(here, 1, 8)
    chosen = random.Random(3)
    done = [world.change(here, chosen) for _ in range(40)]
    assert set(done) == {"add", "edit", "rename", "delete"}
    left = 8 + done.count("add") - done.count("delete")
    assert sum(path.is_file() for path in here.folder.rglob("*")) == left


def test_memory_that_grows_is_told():
    lines = [
        {"process": 1, "memory_mb": 400 + at, "asked": 1, "answered": 1, "changes": []}
        for at in range(100)
    ]
    assert endurance.sums(lines)["memory_stays"] is False
    assert endurance.sums([{**line, "memory_mb": 400} for line in lines])["memory_stays"] is True
    assert endurance.growth([400] * 100) == 0
    assert endurance.growth([400 + at for at in range(100)]) > endurance.MOST_GROWTH
    assert endurance.growth([400] * 5) is None


def test_readers_are_not_disturbed_by_writers_and_a_killed_one_leaves_no_lock(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(readers, "SECONDS", 3.0)
    monkeypatch.setattr(readers, "ARTICLES", 40)
    line = readers.one(tmp_path, 0)
    assert [what for what in line["broken"] if "second writer" not in what] == []
    assert line["refused_s"] is not None
    assert line["reads"] > 0
    assert line["killed"] == line["free"] == readers.KILLS
