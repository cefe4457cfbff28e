"""Folders that hold a library are closed to other users, whichever command makes them."""

import os
import stat

import pytest

import cli

pytestmark = pytest.mark.skipif(os.name != "posix", reason="no file modes")


@pytest.fixture
def home(tmp_path):
    before = os.umask(0o022)  # as most systems have it
    yield tmp_path / "home"
    os.umask(before)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_library_another_one_and_a_backup(home, tmp_path):
    article = tmp_path / "article.txt"
    article.write_text("The ferry\n\nThe ferry waits for high water.\n", encoding="utf-8")
    for arguments in (
        ["add", str(article)],
        ["libraries", "create", "Harbour inquiry"],
        ["backup", str(tmp_path / "backup")],
    ):
        assert cli.main(["--home", str(home), *arguments]) == 0
    (other,) = (tmp_path / "home-others").iterdir()
    assert [mode(path) for path in (home, other, tmp_path / "backup")] == [0o700] * 3


def test_a_folder_that_was_there_keeps_its_permissions(home, tmp_path):
    home.mkdir()
    article = tmp_path / "article.txt"
    article.write_text("The ferry\n\nThe ferry waits for high water.\n", encoding="utf-8")
    assert cli.main(["--home", str(home), "add", str(article)]) == 0
    assert mode(home) == 0o755
