"""Libraries of any size to measure with: real texts repeated with noise, synthetic vectors.

Takes texts and their real vectors; gives a library.db written through `index.write`.
Beyond the texts there are, every copy has a share of its words exchanged. Vectors are
mixtures around the real ones. Embeds nothing but the texts it is given.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from core.records import Article, Passage, Reading, SourceFile, SpanRun
from index import write
from index.store import Library, text_sha256
from ingest.articles import article_id

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

PASSAGES_PER_ARTICLE = 5
PASSAGE_CHARS = 900  # the longest; what `ingest.passages` makes at most
EXCHANGED_WORDS = 0.2  # share of a repeated text's words
ARTICLES_PER_TRANSACTION = 1000
OUTLETS = 40
YEARS = range(2016, 2026)
SIGNATURE_BYTES = 512  # as `ingest.stories` makes them; random ones belong to no story


def texts_and_questions(
    corpora: Path, examples: Path, most_questions: int
) -> tuple[list[str], list[str]]:
    """From BEIR folders below `corpora` where there are any, else from the demo."""
    texts, asked = corpus_texts(corpora), questions(corpora)
    if not texts:
        texts = article_texts(examples / "articles")
        asked = [str(row["question"]) for row in _rows(examples / "questions.jsonl")]
    return texts, asked[:: max(1, len(asked) // most_questions)][:most_questions]


def corpus_texts(folder: Path) -> list[str]:
    """Title and text of every row of every BEIR folder below `folder`, in a fixed order."""
    texts = []
    for path in sorted(folder.glob("*/corpus.jsonl*")):
        for row in _rows(path):
            text = " ".join(f"{row.get('title', '')}. {row['text']}".split())
            texts.append(text[:PASSAGE_CHARS])
    return texts


def article_texts(folder: Path) -> list[str]:
    """Paragraphs of the articles below `folder`: what there is without BEIR folders."""
    return [
        " ".join(part.split())[:PASSAGE_CHARS]
        for path in sorted(folder.rglob("*.txt"))
        for part in path.read_text(encoding="utf-8", errors="replace").split("\n\n")
        if len(part) > 100
    ]


def questions(folder: Path) -> list[str]:
    """The queries of every BEIR folder below `folder`."""
    return [row["text"] for path in sorted(folder.glob("*/queries.jsonl*")) for row in _rows(path)]


def fill(
    library: Library, encoder_key: str, passages: int, texts: Sequence[str], base: Vectors
) -> None:
    """Write `passages` passages, five to an article. `base`: real vectors, unit rows."""
    articles = passages // PASSAGES_PER_ARTICLE
    for start in range(0, articles, ARTICLES_PER_TRANSACTION):
        numbers = range(start, min(start + ARTICLES_PER_TRANSACTION, articles))
        vectors = mixture(base, len(numbers) * PASSAGES_PER_ARTICLE, seed=start)
        chosen = random.Random(start)
        digests: list[str] = []
        with library.transaction():
            for number in numbers:
                digests += _put_article(library, number, texts, chosen)
            write.put_vectors(library, encoder_key, digests, vectors)


def mixture(base: Vectors, count: int, seed: int) -> Vectors:
    """Unit vectors around real ones: a real vector, a share of a second one, and noise
    that is itself a mixture of sixteen, so that it stays where texts are."""
    import numpy as np

    rng = np.random.default_rng(seed)
    first = base[rng.integers(len(base), size=count)]
    second = base[rng.integers(len(base), size=count)]
    noise = np.zeros_like(first)
    for _ in range(16):
        weight = rng.standard_normal((count, 1), dtype=np.float32)
        noise += weight * base[rng.integers(len(base), size=count)]
    share = rng.random((count, 1), dtype=np.float32)
    vectors = first + share * second + 0.15 * noise
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def _put_article(
    library: Library, number: int, texts: Sequence[str], chosen: random.Random
) -> list[str]:
    """Hashes of the embedded texts, in order."""
    first = number * PASSAGES_PER_ARTICLE
    parts = [_text(texts, first + n, chosen) for n in range(PASSAGES_PER_ARTICLE)]
    text = "\n\n".join(parts)
    path = f"/scale/{number % 100:02}/article-{number}.txt"
    title = " ".join(parts[0].split()[:8])
    outlet = f"Outlet {int(OUTLETS * chosen.random() ** 2)}"
    published = f"{chosen.choice(YEARS)}-{chosen.randint(1, 12):02}-{chosen.randint(1, 28):02}"
    identity = article_id(path, 0)
    article = Article(
        identity, path, 0, title, outlet, None, published, None, "en", text,
        (SpanRun(0, len(text), 0, len(text)),),
    )  # fmt: skip
    passages, start = [], 0
    for part in parts:
        passage = Passage(0, identity, part, start, start + len(part))
        passages.append(write.NewPassage(passage, f"{number}\n{title}\n{part}"))
        start += len(part) + 2
    reading = _reading(article)
    write.put_file(library, reading, "/scale", passages, [chosen.randbytes(SIGNATURE_BYTES)])
    # Grouped already: its random signature makes it a story of its own.
    library.connection.execute("DELETE FROM ungrouped WHERE article_id = ?", (identity,))
    return [text_sha256(new.embedded_text) for new in passages]


def changed_readings(library: Library, count: int) -> list[Reading]:
    """Files of the library with the words of their articles in another order."""
    changed = []
    for file in library.files()[:count]:
        (article,) = library.articles(file.path)
        text = " ".join(article.text.split()[::-1])
        spans = (SpanRun(0, len(text), 0, len(text)),)
        changed.append(_reading(replace(article, text=text, spans=spans)))
    return changed


def _reading(article: Article) -> Reading:
    text, path = article.text, article.path
    file = SourceFile(path, len(text), 1, text_sha256(text), "utf-8", "text", "indexed")
    return Reading(file, text, (article,), ())


def _text(texts: Sequence[str], number: int, chosen: random.Random) -> str:
    """Text `number`: a real one, or beyond them a real one with some words exchanged."""
    text = texts[number % len(texts)]
    if number < len(texts):
        return text
    words = text.split()
    other = texts[chosen.randrange(len(texts))].split()
    for place in range(len(words)):
        if chosen.random() < EXCHANGED_WORDS and other:
            words[place] = other[chosen.randrange(len(other))]
    return " ".join(words)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
