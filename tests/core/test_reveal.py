"""A fixed program, the path as one argument, and plain words where there is no desktop."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from core import reveal
from core.errors import InputError

SCREEN = {"DISPLAY": ":0"}


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    calls: list[Any] = []

    def popen(command: Any, **options: Any) -> None:
        calls.append((command, options))

    monkeypatch.setattr(subprocess, "Popen", popen)
    return calls


@pytest.fixture
def desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr("shutil.which", lambda name, path: f"/usr/bin/{name}")


def test_the_folder_of_a_file_is_shown_by_a_fixed_program_without_a_shell(
    desktop: None, started: list[Any], tmp_path: Path
) -> None:
    folder = tmp_path / "$(touch x); `y` & -o"
    folder.mkdir()
    file = folder / "a; rm.txt"
    file.write_text("x")
    reveal.reveal(str(file))
    ((command, options),) = started
    assert command == ["/usr/bin/xdg-open", str(folder)]
    assert options.get("shell", False) is False
    assert options["start_new_session"] is True


def test_of_a_member_the_container_is_shown(
    desktop: None, started: list[Any], tmp_path: Path
) -> None:
    archive = tmp_path / "a.zip"
    archive.write_bytes(b"PK")
    reveal.reveal(f"{archive}!/inside/b.txt")
    assert started[0][0][1] == str(tmp_path)


def test_without_a_desktop_the_path_is_told_and_nothing_runs(
    started: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "a.txt"
    file.write_text("x")
    with pytest.raises(InputError, match=r"no desktop here.*a\.txt"):
        reveal.reveal(str(file))
    assert started == []


def test_a_file_that_is_gone_is_named(started: list[Any], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not there any more"):
        reveal.reveal(str(tmp_path / "gone.txt"))
    assert started == []


def test_a_program_that_does_not_start_is_told(
    desktop: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise PermissionError("not allowed")

    monkeypatch.setattr(subprocess, "Popen", broken)
    with pytest.raises(InputError, match="did not start"):
        reveal.reveal(str(tmp_path))


def test_each_platform_has_its_program() -> None:
    file = Path("/news/a b.txt")
    assert reveal.command_for(file, "darwin", {}) == ["/usr/bin/open", "-R", "/news/a b.txt"]
    program, argument = reveal.command_for(file, "win32", {"SYSTEMROOT": "C:/Windows"}) or ()
    assert program.endswith("explorer.exe")
    assert argument == "/select,/news/a b.txt"
    assert reveal.command_for(file, "linux", {}) is None
    assert reveal.command_for(file, "linux", {"WAYLAND_DISPLAY": ""}) is None
