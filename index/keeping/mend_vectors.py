"""Mends vectors: damaged and lost ones are encoded again, vector files built from sound ones.

Takes what `doctor.py` finds; gives what became of each. Encodes only texts whose vector is
damaged or lost. Works under the writer's lock, which the caller holds.
"""

from __future__ import annotations

from index import write
from index.encoding.encoder import EncoderSource
from index.keeping import doctor, quarantine
from index.keeping.findings import Finding, Problem
from index.store import Library, text_sha256
from index.vectors import vector_files

ENCODED_AT_ONCE = 64


def mend(library: Library, encoder: EncoderSource | None, found: list[Finding]) -> list[Problem]:
    """Damaged vectors are kept aside; they and lost ones are encoded again, no others."""
    if not found:
        return []
    taken = _take_out(library)
    wanted = set(taken) | set(doctor.lost_vectors(library))
    if encoder is not None:
        _encode(library, encoder, {digest for key, digest in wanted if key == encoder.key})
    left = len(doctor.lost_vectors(library))
    how = "kept aside where damaged, encoded again where in use"
    if left:
        how = f"{left} need the encoder that made them; words still find them"
    return [Problem(f"{one.what}: {how}", one.path, not left) for one in found]


def publish_again(library: Library, found: list[Finding]) -> list[Problem]:
    """The damaged file goes aside, a new one is published from the stored vectors."""
    if not found:
        return []
    damaged = [int(one.key) for one in found]
    marks = ",".join("?" * len(damaged))
    keys = library.connection.execute(
        f"SELECT encoder_key, max(generation) FROM generations WHERE generation IN ({marks})"
        " GROUP BY encoder_key",
        damaged,
    ).fetchall()
    for one in found:
        path = library.settings.home / one.path
        if path.exists():
            quarantine.keep_file(library.settings, path)
    for key, newest in keys:
        current = vector_files.current(library, key)
        if current is not None and current.generation == newest:
            vector_files.publish(library, key)
    with library.transaction():
        library.connection.execute(
            f"DELETE FROM generations WHERE generation IN ({marks})", damaged
        )
    return [_published(one) for one in found]


def _encode(library: Library, encoder: EncoderSource, digests: set[str]) -> None:
    """Give these embedded texts their vectors again, as far as sound passages have them."""
    rows = library.connection.execute(
        "SELECT DISTINCT embedded_sha256, title || char(10) || passages.text FROM passages"
        " JOIN articles USING (article_id)"
    ).fetchall()
    known = library.known_vectors(encoder.key, [digest for digest, _ in rows])
    lacking = {digest: text for digest, text in rows if digest not in known}
    # A damaged vector may have lost the name of its text too. Many that lack one are no
    # damage but work that an indexing run has before it.
    few = len(lacking) <= max(ENCODED_AT_ONCE, len(digests))
    texts = [
        (digest, text)
        for digest, text in lacking.items()
        # A text that is itself damaged gets no vector in another's name.
        if (few or digest in digests) and _sha256(text) == digest
    ]
    for start in range(0, len(texts), ENCODED_AT_ONCE):
        batch = texts[start : start + ENCODED_AT_ONCE]
        vectors = encoder.load().encode([text for _, text in batch])
        with library.transaction():
            write.put_vectors(library, encoder.key, [digest for digest, _ in batch], vectors)


def _sha256(text: str) -> str:
    """As `text_sha256`, "" for what is no UTF-8."""
    try:
        return text_sha256(text)
    except UnicodeEncodeError:
        return ""


def _take_out(library: Library) -> list[tuple[str, str]]:
    """Keep damaged vectors aside; gives their encoder keys and hashes of their texts."""
    taken = []
    for rowid in doctor.damaged_vectors(library):
        key, digest, data = library.connection.execute(
            "SELECT encoder_key, embedded_sha256, vector FROM vectors WHERE rowid = ?", (rowid,)
        ).fetchone()
        values = {"encoder_key": key, "embedded_sha256": digest, "vector": data}
        quarantine.keep_row(library.settings, "vectors", "", values)
        with library.transaction():
            library.connection.execute("DELETE FROM vectors WHERE rowid = ?", (rowid,))
        taken.append((key, digest))
    return taken


def _published(found: Finding) -> Problem:
    kept = "" if "missing" in found.what else "kept aside; "
    how = f"{kept}the one in use is built from the stored vectors"
    return Problem(f"{found.what.partition(';')[0]}: {how}", found.path, True)
