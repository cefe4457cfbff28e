"""Readings as JSON-ready values and back, for the pipe between the reading process
and the one that asked. Pure."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from core.records import Article, Reading, Removed, SourceFile, SpanRun

Value = dict[str, Any]


def to_value(reading: Reading) -> Value:
    """Spans and removed ranges as plain lists: they are most of a reading's values."""
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
    value["spans"] = [
        (run.clean_start, run.clean_end, run.source_start, run.source_end) for run in article.spans
    ]
    return value


def _article(value: Value) -> Article:
    return Article(**{**value, "spans": tuple(SpanRun(*run) for run in value["spans"])})
