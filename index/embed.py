"""A Reading → stored rows with their vectors, and a published vector file.

Embeds only what has no vector yet. Knows nothing about folders and files on disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.records import Reading
from index import dense, switch, write
from index.encoder import EncoderSource
from index.store import Library, Seen, text_sha256
from index.write import NewPassage
from ingest import stories
from ingest.passages import split

EMBED_BATCH = 64  # passages per call when vectors are filled in later


def index_reading(
    library: Library,
    reading: Reading,
    root: str,
    encoder: EncoderSource | None,
    seen: Seen | None = None,
) -> int:
    """Store one reading, visible at once; gives how many passages were embedded."""
    passages = [
        NewPassage(passage, f"{article.title}\n{passage.text}")
        for article in reading.articles
        for passage in split(article)
    ]
    texts = {text_sha256(new.embedded_text): new.embedded_text for new in passages}
    signatures = [stories.signature(article.text) for article in reading.articles]
    missing = _without_vector(library, encoder, texts)
    vectors = (
        encoder.load().encode([texts[digest] for digest in missing])
        if encoder and missing
        else None
    )
    with library.transaction():
        write.put_file(library, reading, root, passages, signatures)
        if seen is not None:
            write.note_seen(library, reading.file.path, seen)
        if encoder is not None and vectors is not None:
            write.put_vectors(library, encoder.key, missing, vectors)
    return len(missing)


def finish(
    library: Library,
    encoder: EncoderSource | None,
    forget_sources: bool = False,
    complete: bool = True,
) -> None:
    """Group stories, drop what nothing points to, publish a vector file if it pays.

    `complete`: False after a stopped run, whose next one may need the vectors again.
    """
    with library.transaction():
        write.set_stories(library, stories.group(library.signatures()))
        if complete:
            write.drop_orphans(library, forget_sources)
    if encoder is not None and _may_publish(library, encoder.key):
        dense.publish(library, encoder.key)
        switch.retire_others(library, encoder.key)
    else:
        dense.clean_up(library)


def _may_publish(library: Library, encoder_key: str) -> bool:
    return dense.is_stale(library, encoder_key) and switch.may_publish(library, encoder_key)


def _without_vector(
    library: Library, encoder: EncoderSource | None, digests: Iterable[str]
) -> list[str]:
    if encoder is None:
        return []
    wanted = list(digests)
    known = library.known_vectors(encoder.key, wanted)
    return [digest for digest in wanted if digest not in known]


def fill_in_vectors(library: Library, encoder: EncoderSource | None) -> Iterator[int]:
    """Embed passages that were stored without a vector (the encoder came later, or a run
    was cut short); yields how many after each batch, which is then durable."""
    if encoder is None:
        return
    rows = library.connection.execute(
        "SELECT DISTINCT title || char(10) || passages.text, embedded_sha256 FROM passages"
        " JOIN articles USING (article_id) WHERE embedded_sha256 NOT IN"
        " (SELECT embedded_sha256 FROM vectors WHERE encoder_key = ?)",
        (encoder.key,),
    ).fetchall()
    for start in range(0, len(rows), EMBED_BATCH):
        batch = rows[start : start + EMBED_BATCH]
        vectors = encoder.load().encode([text for text, _ in batch])
        with library.transaction():
            write.put_vectors(library, encoder.key, [digest for _, digest in batch], vectors)
        yield len(batch)
