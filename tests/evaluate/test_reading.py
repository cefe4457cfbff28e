from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from evaluate import reading


def test_hardly_two_paragraphs_of_the_text_are_equal() -> None:
    text = reading.realistic_text(200_000)
    assert text == reading.realistic_text(200_000)
    assert 200_000 <= len(text.encode()) < 210_000
    paragraphs = [line for line in text.split("\n\n") if len(line) > 120]
    assert len(paragraphs) > 400
    assert len(set(paragraphs)) > 0.9 * len(paragraphs)
    assert any(line in reading.MENU for line in text.split("\n\n"))


def test_steps_share_the_whole_time(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text(reading.realistic_text(300_000), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "evaluate.reading", str(path)],
        cwd=reading.PROJECT,
        check=True,
        capture_output=True,
    )
    found = json.loads(done.stdout)
    assert found["passages"] > 200
    assert found["MB per second"] > 0
    assert set(found["shares"]) == {*(name for name, _, _ in reading.STEPS), "all else"}
    assert abs(sum(found["shares"].values()) - 1) < 0.01
    assert min(found["shares"].values()) >= 0


def test_memory_is_noted_at_two_counts_of_tiny_files(tmp_path: Path) -> None:
    figures = reading.tiny_files(tmp_path / "tiny", count=12, first=4)
    assert list(figures) == [
        "the reader's process after 4",
        "the reader's process after 12",
        "index build after 4",
        "index build after 12",
    ]
