"""One frozen Settings, built at the edge (cli, app) and passed down.

Knows where a library lives and the few limits a user may change. Reads the
environment only in `load`; builds nothing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from core.errors import InputError

APP_NAME = "sourcebook"
MAX_TEXT_BYTES = 64 * 1024 * 1024
MODELS_ENDPOINT = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class Settings:
    home: Path
    max_text_bytes: int = MAX_TEXT_BYTES  # a longer text is skipped with its size
    encoder: Path | None = None  # a SentenceTransformer folder of the user's own
    cache: Path | None = None  # what can be made again; None: the user-cache folder
    milvus: str | None = None  # address of a Milvus server, or a milvus-lite file
    milvus_token: str | None = field(default=None, repr=False)
    server: str | None = None  # http://127.0.0.1:11434: a model server on this machine
    models_endpoint: str = MODELS_ENDPOINT  # where the user's downloads of models come from
    models_folder: Path | None = None  # None: in the home; the demo shares the user's own

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
        return self.models_folder or self.home / "models"

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
    SOURCEBOOK_SERVER a model server on this machine that speaks OpenAI's protocol;
    SOURCEBOOK_MAX_TEXT_MB the longest text that is read (64); SOURCEBOOK_MODELS_ENDPOINT another
    place to download models from. Raises InputError where one of the last two is none.
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
        server=values.get("SOURCEBOOK_SERVER") or None,
        models_endpoint=checked_endpoint(
            values.get("SOURCEBOOK_MODELS_ENDPOINT") or MODELS_ENDPOINT,
            "SOURCEBOOK_MODELS_ENDPOINT",
        ),
    )


def checked_endpoint(address: str, said_by: str) -> str:
    """The address without a slash at its end. Raises InputError unless it is http or https."""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port or a host that is none
        usable = False
    if not usable or parts.username or parts.query or parts.fragment:
        raise InputError(f"{said_by} is “{address}”. Give a plain address, like {MODELS_ENDPOINT}.")
    return address.rstrip("/")


def _bytes_of(megabytes: str | None) -> int:
    if not megabytes:
        return MAX_TEXT_BYTES
    if not megabytes.isdecimal() or int(megabytes) == 0:
        raise InputError(f"SOURCEBOOK_MAX_TEXT_MB is “{megabytes}”. Give whole megabytes, like 64.")
    return int(megabytes) * 1024 * 1024
