"""The questions of SQuAD 2.0, in parts by their articles' titles.

Titles whose SHA-256 is even are for training, the others ("test") are only ever scored. Of
the training titles three are "held_out" from what learns most, to weigh its result on.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

HELD_OUT = ("European_Union_law", "French_and_Indian_War", "Steam_engine")
PARTS = ("fitted", "held_out", "train", "test")


@dataclass(frozen=True, slots=True)
class Row:
    """A question with the paragraph that it was written for."""

    title: str
    paragraph: str
    question: str
    answers: tuple[tuple[int, str], ...]  # (start in the paragraph, text); () where it has none


def load_rows(folder: Path, part: str) -> list[Row]:
    """`part`: one of PARTS; "train" is "fitted" and "held_out" together."""
    with gzip.open(folder / "dev-v2.0.json.gz", "rt", encoding="utf-8") as file:
        articles = json.load(file)["data"]
    return [
        Row(article["title"], paragraph["context"], row["question"], _answers(row["answers"]))
        for article in articles
        if part in _parts_of(article["title"])
        for paragraph in article["paragraphs"]
        for row in paragraph["qas"]
    ]


def _answers(rows: list[dict[str, object]]) -> tuple[tuple[int, str], ...]:
    pairs = ((int(str(row["answer_start"])), str(row["text"])) for row in rows)
    return tuple(dict.fromkeys(pairs))


def _parts_of(title: str) -> tuple[str, ...]:
    if int(hashlib.sha256(title.encode()).hexdigest(), 16) % 2:
        return ("test",)
    return ("train", "held_out" if title in HELD_OUT else "fitted")
