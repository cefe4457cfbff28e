"""Which part of a path stands on the disk, where names of folders end in "!" too."""

import pytest

from core.members import split


@pytest.fixture
def disk(tmp_path):
    for name in ("a.zip", "Stop", "Stop!/x.txt", "Yahoo!/b.zip", "Yahoo!/c.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path


@pytest.mark.parametrize(
    ("path", "file", "member"),
    [
        ("a.zip", "a.zip", ""),
        ("a.zip!/b.txt", "a.zip", "b.txt"),
        ("a.zip!/m.eml!/note.txt", "a.zip", "m.eml!/note.txt"),
        ("Yahoo!/c.txt", "Yahoo!/c.txt", ""),
        ("Yahoo!/b.zip!/d/e.txt", "Yahoo!/b.zip", "d/e.txt"),
        ("Yahoo!/b.zip!/Wow!/e.txt", "Yahoo!/b.zip", "Wow!/e.txt"),
        ("Yahoo!/deleted.txt", "Yahoo!/deleted.txt", ""),
        ("Stop!/x.txt", "Stop!/x.txt", ""),
        ("Stop!/deleted.txt", "Stop!/deleted.txt", ""),
        ("Gone!/x.txt", "Gone!/x.txt", ""),
    ],
)
def test_what_the_disk_says(disk, path, file, member):
    assert split(str(disk / path)) == (str(disk / file), member)


def test_a_known_kind_tells_more_than_the_disk(disk):
    kinds = {str(disk / "away.zip"): "zip", str(disk / "Stop"): "text"}

    def split_known(path):
        return split(str(disk / path), lambda outer: kinds.get(outer, ""))

    assert split_known("away.zip!/b.txt") == (str(disk / "away.zip"), "b.txt")
    (disk / "Stop!" / "x.txt").unlink()
    (disk / "Stop!").rmdir()
    assert split_known("Stop!/x.txt") == (str(disk / "Stop!/x.txt"), "")
