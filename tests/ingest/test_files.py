from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.files import walk


def reasons(root: Path) -> dict[str, str]:
    return {os.path.relpath(found.path, root): found.skip_reason for found in walk(root)}


def test_a_folder_with_all_kinds(tmp_path: Path) -> None:
    root = tmp_path / "root"
    for name in (
        "b.txt",
        "a/deep/c.md",
        ".hidden",
        ".git/config",
        "~$letter.docx",
        "page.html",
        "page_files/script.js",
        "load.html.part",
        "x.crdownload",
        "own_files/kept.txt",
        "name\nwith newline.txt",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("text")
    assert reasons(root) == {
        ".hidden": "hidden file",
        "a/deep/c.md": "",
        "b.txt": "",
        "load.html.part": "unfinished download",
        "name\nwith newline.txt": "",
        "own_files/kept.txt": "",
        "page.html": "",
        "page_files": "pictures and scripts of the page beside it",
        "x.crdownload": "unfinished download",
        "~$letter.docx": "lock file of an office program",
    }


def test_order_is_stable_and_paths_are_absolute(tmp_path: Path) -> None:
    for name in ("z.txt", "m/a.txt", "b.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    paths = [found.path for found in walk(tmp_path)]
    assert paths == [str(tmp_path / name) for name in ("b.txt", "m/a.txt", "z.txt")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipes_and_links(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text("x")
    (root / "real.txt").write_text("x")
    os.mkfifo(root / "pipe.txt")
    (root / "out.txt").symlink_to(outside / "secret.txt")
    (root / "outdir").symlink_to(outside)
    (root / "in.txt").symlink_to(root / "real.txt")
    (root / "loop").symlink_to(root)
    (root / "dangling").symlink_to(root / "nothing")
    found = reasons(root)
    assert found["pipe.txt"] == "not a regular file"
    assert found["out.txt"] == found["outdir"] == "link to outside the folder"
    assert found["in.txt"] == found["real.txt"] == ""
    assert found["dangling"].startswith("cannot be looked at")
    assert not any(name.startswith("loop/") for name in found)


def test_a_single_file_and_a_missing_one(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("four")
    (found,) = walk(tmp_path / "x.txt")
    assert (found.path, found.size, found.skip_reason) == (str(tmp_path / "x.txt"), 4, "")
    assert list(walk(tmp_path / "missing")) == []
