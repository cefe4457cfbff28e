"""One frozen Settings, built at the edge (cli, app) and passed down.

Knows where a library lives and the few limits a user may change. Reads the
environment only in `load`; builds nothing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import InputError

APP_NAME = "sourcebook"
MAX_TEXT_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    home: Path
    max_text_bytes: int = MAX_TEXT_BYTES  # a longer text is skipped with its size
    encoder: Path | None = None  # a SentenceTransformer folder of the user's own
    cache: Path | None = None  # what can be made again; None: the user-cache folder
    milvus: str | None = None  # address of a Milvus server, or a milvus-lite file
    milvus_token: str | None = field(default=None, repr=False)

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

    @property
    def encoder_cache_path(self) -> Path:
        """Fast forms of encoders: of this machine, not of one library."""
        return (self.cache or default_cache()) / "encoder"


def default_home() -> Path:
    """The platform's user-data folder for the app."""
    import platformdirs

    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False)) / "library"


def default_cache() -> Path:
    """The platform's user-cache folder for the app."""
    import platformdirs

    return Path(platformdirs.user_cache_dir(APP_NAME, appauthor=False))


def load(home: str | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """`home` (from --home), else SOURCEBOOK_HOME, else the user-data folder.

    SOURCEBOOK_ENCODER names a SentenceTransformer folder to use instead of the bundled one;
    SOURCEBOOK_MILVUS a Milvus server to keep vectors in as well, SOURCEBOOK_MILVUS_TOKEN its key;
    SOURCEBOOK_MAX_TEXT_MB the longest text that is read (64). Raises InputError where it is none.
    """
    values = os.environ if environ is None else environ
    chosen = home or values.get("SOURCEBOOK_HOME")
    folder = Path(chosen).expanduser() if chosen else default_home()
    encoder = values.get("SOURCEBOOK_ENCODER")
    return Settings(
        home=Path(os.path.abspath(folder)),
        max_text_bytes=_bytes_of(values.get("SOURCEBOOK_MAX_TEXT_MB")),
        encoder=Path(os.path.abspath(Path(encoder).expanduser())) if encoder else None,
        milvus=values.get("SOURCEBOOK_MILVUS") or None,
        milvus_token=values.get("SOURCEBOOK_MILVUS_TOKEN") or None,
    )


def _bytes_of(megabytes: str | None) -> int:
    if not megabytes:
        return MAX_TEXT_BYTES
    if not megabytes.isdecimal() or int(megabytes) == 0:
        raise InputError(f"SOURCEBOOK_MAX_TEXT_MB is “{megabytes}”. Give whole megabytes, like 64.")
    return int(megabytes) * 1024 * 1024
