"""Every article with all the words: counted truly, in the order that was asked for."""

import pytest

from core.records import Article, Filters, Reading, SourceFile, SpanRun
from index import embed
from index.finding.mentions import WORDS_LIMIT, articles_with, mentions, wanted
from index.search import in_order, list_articles, search, search_all
from index.store import open_library

# id → text, published
TEXTS = {
    "café": ("The Café Zürich closed its doors; rockets cost $8 billion.", "2025-03-01"),
    "chinese": ("中国政府宣布新的贸易政策。北京的专家表示欢迎。", None),
    "old": ("A café of the old harbour.", "2024"),
    "undated": ("A café without a day.", None),
    "long": ("\n\n".join(f"The café, part {n}. " + "Words. " * 120 for n in range(3)), "2024-06"),
}


@pytest.fixture
def library(settings):
    with open_library(settings) as opened:
        articles = tuple(
            Article(name, "/all.txt", n, name, None, None, day, None, "en", text,
                    (SpanRun(0, len(text), 0, len(text)),))
            for n, (name, (text, day)) in enumerate(TEXTS.items())
        )  # fmt: skip
        file = SourceFile("/all.txt", 1, 1, "x", "utf-8", "text", "indexed")
        embed.index_reading(opened, Reading(file, "x", articles, ()), "/all.txt", None)
        yield opened


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("café billion", 1),
        ("café brücke", 0),
        ('"closed its doors"', 1),
        ('"its closed doors"', 0),
        ("“贸易政策” 北京", 1),
        ('NEAR("a" AND *', 0),
        ("cafe", 4),
        ("", 0),
        ("🌊", 0),
    ],
)
def test_all_words_and_phrases(library, query, count):
    assert len(mentions(library.connection, query, Filters())) == count
    assert len(articles_with(library.connection, query)) == count


def test_of_a_whole_page_of_words_the_first_are_looked_for(library):
    query = "cafe " * 10 + " ".join(f"word{n}" for n in range(1000))
    assert len(wanted(query)) == WORDS_LIMIT
    assert mentions(library.connection, query, Filters()) == []
    assert articles_with(library.connection, query) == []


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("date", ["café", "long", "old", "undated"]),
        ("oldest", ["old", "long", "café", "undated"]),
        ("relevance", ["long", "café", "old", "undated"]),
    ],
)
def test_orders(library, sort, expected):
    found = search_all(library, "cafe", 10, Filters(), sort)
    assert [hit.article.article_id for hit in found.hits] == expected
    assert found.total == 4


def test_the_best_hits_by_date(library):
    hits = search(library, None, "café harbour", 10).hits
    assert hits[0].article.article_id == "old"
    assert [hit.article.article_id for hit in in_order(hits, "date")] == [
        "café", "long", "old", "undated",
    ]  # fmt: skip
    assert [hit.article.article_id for hit in in_order(hits, "oldest")][-1] == "undated"
    assert in_order(hits, "relevance") == list(hits)


@pytest.mark.parametrize(
    ("filters", "sort", "expected"),
    [
        (Filters(), "date", ["café", "long", "old", "chinese", "undated"]),
        (Filters(), "oldest", ["old", "long", "café", "chinese", "undated"]),
        (Filters(after="2024-06"), "date", ["café", "long", "old"]),
        (Filters(outlet="nobody"), "date", []),
    ],
)
def test_articles_are_listed_by_date_without_words(library, filters, sort, expected):
    found = list_articles(library, 10, filters, sort)
    assert [hit.article.article_id for hit in found.hits] == expected
    assert found.total == len(expected)
    assert all(hit.passage.start == 0 for hit in found.hits)
    some = list_articles(library, 2, filters, sort)
    assert ([hit.article.article_id for hit in some.hits], some.total) == (
        expected[:2], len(expected),
    )  # fmt: skip
