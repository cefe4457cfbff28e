"""Counts of a whole library, each held against the articles one by one."""

from collections import Counter

import pytest

from core.records import Filters
from index.finding.facets import facets
from index.store import open_library
from index.views.overview import MOST_MONTHS, overview


def put(library, number, outlet, published, language):
    path = f"/a/{number}.txt"
    library.connection.execute(
        "INSERT INTO files (path, root, size, mtime_ns, sha256, encoding, kind, status, reason)"
        " VALUES (?, '/a', 1, 1, '', 'utf-8', 'text', 'indexed', '')",
        (path,),
    )
    library.connection.execute(
        "INSERT INTO articles (article_id, path, ordinal, title, outlet, published, language, text,"
        " spans, row_sha256) VALUES (?, ?, 0, 't', ?, ?, ?, 'x', '[]', '')",
        (f"id{number}", path, outlet, published, language),
    )


ROWS = [
    ("Post", "2024-11-03", "en"),
    ("Post", "2024-11", "en"),
    ("Post", "2025-02-01", "de"),
    ("Mail", "2025-02-28T10:00:00", "en"),
    ("Mail", "2025", None),
    (None, None, ""),
]


@pytest.fixture
def library(settings):
    with open_library(settings) as opened:
        for number, row in enumerate(ROWS):
            put(opened, number, *row)
        yield opened


def test_each_count_is_that_of_the_articles(library):
    found = overview(library)
    assert found.articles == len(ROWS)
    assert found.months == (("2024-11", 2), ("2024-12", 0), ("2025-01", 0), ("2025-02", 2))
    assert (found.years_only, found.undated) == (1, 1)
    assert found.outlets == (("Post", 3), ("Mail", 2), (None, 1))
    assert found.languages == (("en", 3), ("de", 1), (None, 2))
    assert found.by_month == (("Post", (2, 0, 0, 1)), ("Mail", (0, 0, 0, 1)))
    dated = sum(count for _, count in found.months)
    assert dated + found.years_only + found.undated == found.articles


def test_spellings_of_an_outlet_are_one(library):
    put(library, 50, "POST", "2025-02-03", "en")
    put(library, 51, " post ", "2025-02-04", "en")
    found = overview(library)
    assert found.outlets[0] == ("Post", 5)
    assert found.by_month[0] == ("Post", (2, 0, 0, 3))


def test_a_search_under_what_was_counted_counts_the_same(library):
    """What a bar tells is what the search counts that it opens; of a year alone, neither."""
    put(library, 50, "POST", "2025-02-03", "en")
    found = overview(library)
    assert dict(facets(library, "", Filters()).dates).items() >= {
        (month, count) for month, count in found.months if count
    }
    for outlet, counts in found.by_month:
        dates = dict(facets(library, "", Filters(outlet=outlet)).dates)
        assert tuple(dates.get(month, 0) for month, _ in found.months) == counts
    for outlet, count in found.outlets:
        assert outlet is None or facets(library, "", Filters(outlet=outlet)).total == count
    for language, count in found.languages:
        assert language is None or facets(library, "", Filters(language=language)).total == count


def test_one_date_of_long_ago_brings_no_thousands_of_months(library):
    put(library, 99, "Post", "1066-10-14", "en")
    months = overview(library).months
    assert months[0] == ("1066-10", 1)
    assert len(months) == 3 < MOST_MONTHS


def test_an_empty_library(settings):
    with open_library(settings) as opened:
        found = overview(opened)
    assert (found.articles, found.months, found.outlets, found.languages) == (0, (), (), ())


def test_the_counts_of_the_demo(demo):
    with open_library(demo) as library:
        found = overview(library)
        articles = [one for file in library.files() for one in library.articles(file.path)]
    assert found.articles == len(articles)
    assert dict(found.outlets) == Counter(one.outlet for one in articles)
    assert dict(found.languages) == Counter(one.language for one in articles)
