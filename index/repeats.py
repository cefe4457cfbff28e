"""Which lines the outlets of a library repeat, and the articles cut accordingly.

A function of what the library holds, not of how it came there: `out_of_step` compares
what the stored stories ask for (`ingest.repeated` has the rule) with what is cut, for the
outlets that were touched, and `settle` notes each batch when it is written. A run that
ends between batches goes on the next time. Embeds nothing; `index.embed` does.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from core.records import Article, Reading, Removed
from index.row_hashes import row_sha256
from index.store import Library, spans_json, spans_of
from ingest import repeated
from ingest.repeated import Cut

BATCH_ARTICLES = 64  # cut, embedded and written at once
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Cuts:
    """Articles of one outlet to be written, and which of its lines are repeated ones."""

    outlet: str
    cuts: tuple[Cut, ...]
    lines: frozenset[str]


def first_cut(library: Library, article: Article) -> Cut:
    """A new article without the lines that are known, or likely, to be repeated ones.

    A guess that spares embedding its passages twice; `out_of_step` corrects it.
    """
    outlet = repeated.outlet_key(article)
    if not outlet:
        return repeated.without(article)
    keys = {key for key in repeated.line_keys(article) if _likely(library, outlet, key)}
    return repeated.without(article, keys)


def as_cut(reading: Reading, cuts: Sequence[Cut]) -> Reading:
    removed = [*reading.removed, *(item for cut in cuts for item in cut.removed)]
    return replace(
        reading,
        articles=tuple(cut.article for cut in cuts),
        removed=tuple(sorted(removed, key=lambda item: (item.start, item.end))),
    )


def as_known(library: Library, reading: Reading) -> Reading:
    """A fresh reading of a file, without the lines that the library takes out of it."""
    cuts = []
    for article in reading.articles:
        rows = library.connection.execute(
            "SELECT line FROM outlet_lines WHERE article_id = ? AND repeated",
            (article.article_id,),
        )
        cuts.append(repeated.without(article, [line for (line,) in rows]))
    return as_cut(reading, cuts)


def note(library: Library, cuts: Sequence[Cut]) -> None:
    """Note the lines of articles that were just stored. Call inside the transaction."""
    execute = library.connection.execute
    for cut in cuts:
        article = cut.as_read
        outlet = repeated.outlet_key(article)
        if not outlet:
            continue
        library.connection.executemany(
            "INSERT INTO outlet_lines VALUES (?, ?, ?, ?)",
            [
                (outlet, key, article.article_id, key in cut.lines)
                for key in ["", *repeated.line_keys(article)]
            ],
        )
        _keep_uncut(library, cut)
        execute("INSERT OR IGNORE INTO touched_outlets VALUES (?)", (outlet,))


def out_of_step(library: Library) -> Iterator[Cuts]:
    """Articles that must be cut otherwise than they are, in batches: write each, then
    `settle` it, before the next is asked for."""
    rows = library.connection.execute("SELECT outlet FROM touched_outlets ORDER BY 1").fetchall()
    for (outlet,) in rows:
        lines, changed = _decide(library, outlet)
        for start in range(0, len(changed), BATCH_ARTICLES):
            batch = changed[start : start + BATCH_ARTICLES]
            found = (_as_read(library, article_id) for article_id in batch)
            cuts = tuple(repeated.without(one, lines) for one in found if one is not None)
            yield Cuts(outlet, cuts, lines)
        with library.transaction():
            library.connection.execute("DELETE FROM touched_outlets WHERE outlet = ?", (outlet,))


def settle(library: Library, cuts: Cuts) -> None:
    """Note how these articles are cut now. Call inside the transaction that writes them."""
    execute = library.connection.execute
    by_path: dict[str, list[Cut]] = {}
    for cut in cuts.cuts:
        article_id = cut.as_read.article_id
        by_path.setdefault(cut.as_read.path, []).append(cut)
        rows = execute(
            "SELECT line, repeated FROM outlet_lines WHERE article_id = ? AND outlet = ?",
            (article_id, cuts.outlet),
        ).fetchall()
        library.connection.executemany(
            "UPDATE outlet_lines SET repeated = ? WHERE outlet = ? AND line = ? AND article_id = ?",
            [(line in cuts.lines, cuts.outlet, line, article_id) for line, was in rows
             if bool(was) != (line in cuts.lines)],
        )  # fmt: skip
        _keep_uncut(library, cut)
    for path, parts in by_path.items():
        _put_removed(library, path, parts)


def _likely(library: Library, outlet: str, key: str) -> bool:
    execute = library.connection.execute
    known = execute(
        "SELECT 1 FROM outlet_lines WHERE outlet = ? AND line = ? AND repeated LIMIT 1",
        (outlet, key),
    ).fetchone()
    if known:
        return True
    # Articles are counted, not their stories: those of a run are grouped at its end.
    some = execute(
        "SELECT count(*) FROM (SELECT 1 FROM outlet_lines WHERE outlet = ? AND line = ? LIMIT ?)",
        (outlet, key, repeated.ENOUGH_STORIES),
    ).fetchone()[0]
    if some < repeated.ENOUGH_STORIES:
        return False
    counts = "SELECT count(*) FROM outlet_lines WHERE outlet = ? AND line = ?"
    (articles,) = execute(counts, (outlet, key)).fetchone()
    (all_articles,) = execute(counts, (outlet, "")).fetchone()
    return bool(articles >= repeated.least_stories(key, all_articles))


def _decide(library: Library, outlet: str) -> tuple[frozenset[str], list[str]]:
    """(the outlet's repeated lines, the articles that are not cut by them), by path."""
    execute = library.connection.execute
    story_of = dict(
        execute(
            "SELECT article_id, ifnull(story_id, article_id) FROM outlet_lines"
            " CROSS JOIN articles INDEXED BY story_of_article USING (article_id)"
            " WHERE outlet_lines.outlet = ? AND line = ''",
            (outlet,),
        ).fetchall()
    )
    stories = len(set(story_of.values()))
    often = execute(
        "SELECT line, count(*) FROM outlet_lines WHERE outlet = ? AND line != '' GROUP BY line"
        " HAVING count(*) >= ? OR max(repeated)",
        (outlet, repeated.FEWEST_STORIES),
    ).fetchall()
    lines = set()
    changed: set[str] = set()
    for line, articles in often:
        least = repeated.least_stories(line, stories)
        found = execute(
            "SELECT article_id, repeated FROM outlet_lines WHERE outlet = ? AND line = ?",
            (outlet, line),
        ).fetchall()
        rows = [row for row in found if row[0] in story_of]  # a damaged row is of no article
        wanted = articles >= least and len({story_of[one] for one, _ in rows}) >= least
        if wanted:
            lines.add(line)
        changed.update(one for one, was in rows if bool(was) != wanted)
    return frozenset(lines), _by_path(library, changed)


def _by_path(library: Library, article_ids: Collection[str]) -> list[str]:
    placed = []
    for one in article_ids:
        path, ordinal = library.connection.execute(
            "SELECT path, ordinal FROM articles WHERE article_id = ?", (one,)
        ).fetchone()
        placed.append((path, ordinal, one))
    return [one for _, _, one in sorted(placed)]


def _as_read(library: Library, article_id: str) -> Article | None:
    """The article as ingest gave it; None where what was kept of that is damaged."""
    article = library.article(article_id)
    row = library.connection.execute(
        "SELECT text, spans, row_sha256 FROM uncut WHERE article_id = ?", (article_id,)
    ).fetchone()
    if article is None or row is None:
        return article
    text, spans, digest = row
    if row_sha256(article_id, text, spans) != digest:
        log.error("an article as it was read is damaged; it stays as it is: %s", article.path)
        return None
    return replace(article, text=text, spans=spans_of(spans))


def _keep_uncut(library: Library, cut: Cut) -> None:
    article = cut.as_read
    if not cut.removed:
        library.connection.execute("DELETE FROM uncut WHERE article_id = ?", (article.article_id,))
        return
    spans = spans_json(article.spans)
    library.connection.execute(
        "INSERT OR REPLACE INTO uncut VALUES (?, ?, ?, ?)",
        (article.article_id, article.text, spans,
         row_sha256(article.article_id, article.text, spans)),
    )  # fmt: skip


def _put_removed(library: Library, path: str, cuts: Sequence[Cut]) -> None:
    """The file's removed ranges, those of these articles' repeated lines made anew."""
    extents = [(cut.as_read.spans[0].source_start, cut.as_read.spans[-1].source_end)
               for cut in cuts]  # fmt: skip
    kept = [
        item
        for item in library.removed(path)
        if not item.reason.startswith(repeated.REASON)
        or not any(start <= item.start and item.end <= end for start, end in extents)
    ]
    removed: list[Removed] = [*kept, *(item for cut in cuts for item in cut.removed)]
    removed.sort(key=lambda item: (item.start, item.end))
    library.connection.execute(
        "UPDATE files SET removed = ? WHERE path = ?",
        (json.dumps([[item.start, item.end, item.reason] for item in removed]), path),
    )
