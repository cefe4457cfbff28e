"""Counts under filters are those of the articles that a search would list."""

import pytest

from core.records import Article, Filters, Reading, SourceFile, SpanRun
from index import embed
from index.finding.facets import facets
from index.search import search_all
from index.store import open_library

# path → outlet, published, language, text
ARTICLES = {
    "/news/a.txt": ("Gazette", "2025-03-01", "en", "The harbour closed."),
    "/news/b.txt": ("gazette", "2025-03-20", "en", "The harbour opened."),
    "/news/west/c.txt": ("Gazette", "2025-04", "de", "Der Hafen: harbour."),
    "/news/west/far/d.txt": ("Courier", "2024", "en", "A bridge."),
    "/news/box.zip!/in/e.txt": (None, None, None, "A harbour without a day."),
    "/alone/f.txt": ("Courier", "2025-03-05", "en", "A bridge at the harbour."),
}


@pytest.fixture
def library(settings, monkeypatch):
    monkeypatch.setattr("core.members._may_hold", lambda outer, kind: outer.endswith(".zip"))
    with open_library(settings) as opened:
        opened.connection.execute("INSERT INTO roots (path, is_folder) VALUES ('/news', 1)")
        for path, (outlet, day, language, text) in ARTICLES.items():
            spans = (SpanRun(0, len(text), 0, len(text)),)
            article = Article(path, path, 0, path, outlet, None, day, None, language, text, spans)
            file = SourceFile(path, 1, 1, "x", "utf-8", "text", "indexed")
            embed.index_reading(opened, Reading(file, text, (article,), ()), path, None)
        yield opened


def test_a_whole_library(library):
    found = facets(library, "", Filters())
    assert found.total == 6
    assert found.dates == (("2024", 1), ("2025-03", 3), ("2025-04", 1))
    assert found.undated == 1
    assert found.outlets == (("Gazette", 3), ("Courier", 2), ("", 1))
    assert found.languages == (("en", 4), ("de", 1), ("", 1))
    assert found.folders == (
        ("/alone", 1), ("/news", 5), ("/news/west", 2), ("/news/west/far", 1),
    )  # fmt: skip


def test_only_articles_with_all_the_words(library):
    found = facets(library, "harbour", Filters())
    assert (found.total, found.undated) == (5, 1)
    assert found.dates == (("2025-03", 3), ("2025-04", 1))
    assert facets(library, "harbour bridge", Filters()).total == 1
    assert facets(library, "🌊", Filters()).total == 0


@pytest.mark.parametrize("query", ["", "harbour"])
@pytest.mark.parametrize(
    "filters",
    [
        Filters(outlet="GAZETTE"),
        Filters(after="2025-03-02", before="2025-03"),
        Filters(language="en", after="2025"),
        Filters(folders=("/news/west",)),
        Filters(folders=("/news/west", "/alone"), outlet="courier"),
        Filters(path="*.zip*"),
    ],
)
def test_each_count_leaves_its_own_filter_aside(library, query, filters):
    """The counts are those that the filter, changed to that value, brings."""
    from dataclasses import replace

    found = facets(library, query, filters)
    for outlet, count in found.outlets:
        if outlet:
            assert facets(library, query, replace(filters, outlet=outlet)).total == count
    for language, count in found.languages:
        if language:
            assert facets(library, query, replace(filters, language=language)).total == count
    for folder, count in found.folders:
        changed = replace(filters, folders=(folder,), path=None)
        assert facets(library, query, changed).total == count
    if query:
        assert found.total == search_all(library, query, 100, filters).total
