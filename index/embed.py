"""A Reading → stored rows with their vectors, and a published vector file.

Embeds only what has no vector yet. Knows nothing about folders and files on disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from core.records import Article, Reading
from index import repeats, write
from index.encoding import switch
from index.encoding.encoder import EncoderSource
from index.store import Library, Seen, text_sha256
from index.vectors import dense
from index.write import NewPassage
from ingest import stories
from ingest.passages import split

if TYPE_CHECKING:
    from index.write import Vectors

EMBED_BATCH = 64  # passages per call when vectors are filled in later
KEPT_AT_ONCE = 1024  # a minute's work on a slow core: so much a kill may cost


def index_reading(
    library: Library,
    reading: Reading,
    root: str,
    encoder: EncoderSource | None,
    seen: Seen | None = None,
) -> int:
    """Store one reading, visible at once; gives how many passages were embedded."""
    signatures = [stories.signature(article.text) for article in reading.articles]
    cuts = [repeats.first_cut(library, article) for article in reading.articles]
    reading = repeats.as_cut(reading, cuts)
    passages = _new_passages(reading.articles)
    kept = _keep_vectors(library, encoder, passages)
    vectors = _new_vectors(library, encoder, passages)
    with library.transaction():
        write.put_file(library, reading, root, passages, signatures)
        repeats.note(library, cuts)
        if seen is not None:
            write.note_seen(library, reading.file.path, seen)
        if encoder is not None:
            write.put_vectors(library, encoder.key, *vectors)
    return kept + len(vectors[0])


def finish(
    library: Library,
    encoder: EncoderSource | None,
    forget_sources: bool = False,
    complete: bool = True,
) -> int:
    """Group stories, take out the lines that outlets repeat, drop what nothing points to,
    publish a vector file if it pays; gives how many passages were embedded.

    `complete`: False after a stopped run, whose next one may need the vectors again.
    """
    _group_stories(library)
    embedded = _recut(library, encoder) if complete else 0
    with library.transaction():
        if complete:
            write.drop_orphans(library, forget_sources)
    if encoder is not None and _may_publish(library, encoder.key):
        dense.publish(library, encoder.key)
        switch.retire_others(library, encoder.key)
    else:
        dense.clean_up(library)
    return embedded


def _group_stories(library: Library) -> None:
    """Bring the stories in step with the articles that are new or have lost a copy. Only
    stories that these touch are looked at: all others stay as they are."""
    fresh = library.ungrouped()
    if fresh:
        stored = library.stories()
        own = library.signatures(fresh)
        met = fresh | stories.near(own.values(), library.other_signatures())
        touched = {stored[one] for one in met if one in stored}
        known = {one: story for one, story in stored.items() if story in touched}
        signatures = own | library.signatures((met | known.keys()) - own.keys())
        story_of = stories.group(signatures, known, fresh)
        with library.transaction():
            write.set_stories(library, known, story_of)


def _recut(library: Library, encoder: EncoderSource | None) -> int:
    """Bring the articles in step with the lines that their outlets repeat."""
    embedded = 0
    for cuts in repeats.out_of_step(library):
        new = {cut.article.article_id: _new_passages([cut.article]) for cut in cuts.cuts}
        vectors = _new_vectors(library, encoder, [one for part in new.values() for one in part])
        with library.transaction():
            for cut in cuts.cuts:
                write.recut_article(library, cut.article, new[cut.article.article_id])
            repeats.settle(library, cuts)
            if encoder is not None:
                write.put_vectors(library, encoder.key, *vectors)
        embedded += len(vectors[0])
    return embedded


def _new_passages(articles: Iterable[Article]) -> list[NewPassage]:
    return [
        NewPassage(passage, f"{article.title}\n{passage.text}")
        for article in articles
        for passage in split(article)
    ]


def _new_vectors(
    library: Library, encoder: EncoderSource | None, passages: Iterable[NewPassage]
) -> tuple[list[str], Vectors | Sequence[Vectors]]:
    """(hashes of the texts that have no vector yet, their vectors)."""
    texts = {text_sha256(new.embedded_text): new.embedded_text for new in passages}
    missing = _without_vector(library, encoder, texts)
    if encoder is None or not missing:
        return [], []
    return missing, encoder.load().encode([texts[digest] for digest in missing])


def _keep_vectors(
    library: Library, encoder: EncoderSource | None, passages: Sequence[NewPassage]
) -> int:
    """Embed all but a large file's last passages ahead of it, durable batch by batch, so that
    a kill costs one batch; gives how many. Nothing finds the vectors until the file is there."""
    if encoder is None or len(passages) <= KEPT_AT_ONCE:
        return 0
    texts = {text_sha256(new.embedded_text): new.embedded_text for new in passages}
    missing = _without_vector(library, encoder, texts)
    full = len(missing) - len(missing) % KEPT_AT_ONCE
    for start in range(0, full, KEPT_AT_ONCE):
        batch = missing[start : start + KEPT_AT_ONCE]
        vectors = encoder.load().encode([texts[digest] for digest in batch])
        with library.transaction():
            write.put_vectors(library, encoder.key, batch, vectors)
    return full


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
        " JOIN articles USING (article_id) WHERE passage_id IN"
        # On indexes alone: mostly there is nothing to do, and the texts are not read past.
        " (SELECT passage_id FROM passages AS one WHERE NOT EXISTS (SELECT 1 FROM vectors"
        " WHERE encoder_key = ? AND vectors.embedded_sha256 = one.embedded_sha256))",
        (encoder.key,),
    ).fetchall()
    for start in range(0, len(rows), EMBED_BATCH):
        batch = rows[start : start + EMBED_BATCH]
        vectors = encoder.load().encode([text for text, _ in batch])
        with library.transaction():
            write.put_vectors(library, encoder.key, [digest for _, digest in batch], vectors)
        yield len(batch)
