"""One frozen Settings, built at the edge (cli, app) and passed down.

Knows where a library lives and the few limits a user may change. Reads the
environment only in `load`; builds nothing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

APP_NAME = "sourcebook"


@dataclass(frozen=True, slots=True)
class Settings:
    home: Path
    max_text_bytes: int = 64 * 1024 * 1024  # a longer text is skipped with its size

    @property
    def library_path(self) -> Path:
        return self.home / "library.db"

    @property
    def desk_path(self) -> Path:
        return self.home / "desk.db"

    @property
    def uploads_path(self) -> Path:
        return self.home / "uploads"

    @property
    def models_path(self) -> Path:
        return self.home / "models"


def default_home() -> Path:
    """The platform's user-data folder for the app."""
    import platformdirs

    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False)) / "library"


def load(home: str | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """`home` (from --home), else SOURCEBOOK_HOME, else the user-data folder."""
    values = os.environ if environ is None else environ
    chosen = home or values.get("SOURCEBOOK_HOME")
    folder = Path(chosen).expanduser() if chosen else default_home()
    return Settings(home=Path(os.path.abspath(folder)))
