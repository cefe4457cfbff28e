"""Readings as JSON-ready values and back, for the pipe between the reading process
and the one that asked. Pure."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from core.records import Article, Reading, Removed, SourceFile, SpanRun

Value = dict[str, Any]


def to_value(reading: Reading) -> Value:
    """Spans and removed ranges as plain numbers: they are most of a reading's values."""
    return {
        "file": asdict(reading.file),
        "source_text": reading.source_text,
        "articles": [_article_value(article) for article in reading.articles],
        "removed": [[item.start, item.end, item.reason] for item in reading.removed],
        "page_starts": list(reading.page_starts),
        "unfit": [list(item) for item in reading.unfit],
    }


def from_value(value: Value) -> Reading:
    """Raises KeyError or TypeError for what `to_value` never gives."""
    return Reading(
        file=SourceFile(**value["file"]),
        source_text=value["source_text"],
        articles=tuple(_article(item) for item in value["articles"]),
        removed=tuple(Removed(*item) for item in value["removed"]),
        page_starts=tuple(value["page_starts"]),
        unfit=tuple((kind, count) for kind, count in value["unfit"]),
    )


def _article_value(article: Article) -> Value:
    names = (field.name for field in fields(article) if field.name != "spans")
    value = {name: getattr(article, name) for name in names}
    value["spans"] = _steps(article.spans)
    return value


def _article(value: Value) -> Article:
    return Article(**{**value, "spans": _runs(value["spans"])})


def _steps(runs: tuple[SpanRun, ...]) -> list[int]:
    """Four small numbers per run: where its clean part begins, counted from the last
    one's end, and its length; the same in the source. A large file has a run per line."""
    steps: list[int] = []
    clean = source = 0
    for run in runs:
        steps += (run.clean_start - clean, run.clean_end - run.clean_start)
        steps += (run.source_start - source, run.source_end - run.source_start)
        clean, source = run.clean_end, run.source_end
    return steps


def _runs(steps: list[int]) -> tuple[SpanRun, ...]:
    runs: list[SpanRun] = []
    clean_end = source_end = 0
    numbers = iter(steps)
    for hole, length, source_hole, source_length in zip(*[numbers] * 4, strict=True):
        clean_start, source_start = clean_end + hole, source_end + source_hole
        clean_end, source_end = clean_start + length, source_start + source_length
        runs.append(SpanRun(clean_start, clean_end, source_start, source_end))
    return tuple(runs)
