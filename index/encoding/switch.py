"""From one encoder's vectors to another's, without a gap.

A library serves the vectors of its newest generation. Those of another encoder are made
beside them, passage by passage, over as many runs as it takes; only when every passage
has one do they take over, and the old ones go. So the two never mix in one search.
"""

from __future__ import annotations

from core.settings import Settings
from index.store import Library, open_library


def served_key(settings: Settings) -> str | None:
    """The encoder key whose vectors answer questions; None where nothing is published."""
    if not settings.library_path.exists():
        return None
    with open_library(settings) as library:
        return _served(library)


def may_publish(library: Library, encoder_key: str) -> bool:
    """Whether these vectors may be published: they are in use, or complete."""
    served = _served(library)
    if served in (None, encoder_key):
        return True
    (missing,) = library.connection.execute(
        "SELECT EXISTS (SELECT 1 FROM passages WHERE embedded_sha256 NOT IN"
        " (SELECT embedded_sha256 FROM vectors WHERE encoder_key = ?))",
        (encoder_key,),
    ).fetchone()
    return not missing


def retire_others(library: Library, encoder_key: str) -> None:
    """Drop the generations and vectors of all encoders but the one that is served now.

    Does nothing unless this key is served. Call outside a transaction.
    """
    if _served(library) != encoder_key:
        return
    with library.transaction():
        for table in ("generations", "vectors"):
            library.connection.execute(
                f"DELETE FROM {table} WHERE encoder_key != ?", (encoder_key,)
            )


def _served(library: Library) -> str | None:
    row = library.connection.execute(
        "SELECT encoder_key FROM generations ORDER BY generation DESC LIMIT 1"
    ).fetchone()
    return str(row[0]) if row else None
