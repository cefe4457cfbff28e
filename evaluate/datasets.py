"""Loaders of evaluation data: BEIR folders and question files.

Data sets live outside the project; nothing of them is kept.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from core.errors import InputError

QUESTION_KEYS = {"question", "answerable", "files", "any_of"}


@dataclass(frozen=True, slots=True)
class Beir:
    """documents: id → (title, text); queries: id → text; qrels: query → document → grade."""

    documents: Mapping[str, tuple[str, str]]
    queries: Mapping[str, str]
    qrels: Mapping[str, Mapping[str, int]]


def load_beir(folder: Path, split: str) -> Beir:
    """corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv, each possibly .gz.

    Raises InputError where one is missing.
    """
    try:
        documents = {
            str(row["_id"]): (str(row.get("title", "")), str(row["text"]))
            for row in _rows(folder / "corpus.jsonl")
        }
        queries = {str(row["_id"]): str(row["text"]) for row in _rows(folder / "queries.jsonl")}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{folder} is no BEIR data set: each row of corpus.jsonl and queries.jsonl "
            "is a JSON object with _id and text."
        ) from error
    qrels: dict[str, dict[str, int]] = {}
    with _open(folder / "qrels" / f"{split}.tsv") as file:
        for row in csv.reader(file, delimiter="\t"):
            if len(row) == 3 and row[2].lstrip("-").isdigit():  # the first row is a heading
                qrels.setdefault(row[0], {})[row[1]] = int(row[2])
    return Beir(documents, queries, qrels)


def load_texts(folder: Path) -> list[str]:
    """The texts of a BEIR folder's documents. Raises InputError where there are none."""
    try:
        return [str(row["text"]) for row in _rows(folder / "corpus.jsonl")]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{folder} is no BEIR data set: each row of corpus.jsonl is a JSON object with text."
        ) from error


def load_questions(path: Path) -> list[dict[str, Any]]:
    """Rows of an `eval answers` file. Raises InputError where it can't be read."""
    try:
        rows = list(_rows(path))
        complete = all(row.keys() >= QUESTION_KEYS for row in rows)
    except (ValueError, AttributeError):
        complete = False
    if not complete:
        keys = ", ".join(sorted(QUESTION_KEYS))
        raise InputError(f"{path} must have one JSON object a line, each with {keys}.")
    return rows


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with _open(path) as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _open(path: Path) -> TextIO:
    packed = path.with_name(path.name + ".gz")
    if not path.exists() and packed.exists():
        return gzip.open(packed, "rt", encoding="utf-8", newline="")
    try:
        return path.open(encoding="utf-8", newline="")
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror}.") from error
