from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test touches the user's own library."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SOURCEBOOK_HOME", str(folder))
    return folder
