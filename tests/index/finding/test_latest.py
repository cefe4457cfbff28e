"""Recency breaks ties, and only where it is asked for."""

import pytest

from index import build
from index.search import search
from index.store import open_library

STORY = (
    "The harbour office published the ferry figures of {month}: {count} passengers took the "
    "ferry to the outer island. The harbour office said that the boats were on time. "
)
ELSEWHERE = (
    "A moth nest blocked the vent of the lighthouse, and the keeper cleaned it with a feather. "
    "The keeper said that this happens every third summer or so. "
)


@pytest.fixture
def library(settings, tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, month, count in (
        ("2025-03-02", "February", "eleven hundred"),
        ("2025-06-02", "May", "four thousand"),
        ("2025-04-02", "March", "two thousand"),
    ):
        text = STORY.format(month=month, count=count)
        (folder / f"{name}-{month}.txt").write_text(f"Ferry figures of {month}\n\n{text}")
    (folder / "2025-12-24-moths.txt").write_text(f"Moths in the lighthouse\n\n{ELSEWHERE}")
    with open_library(settings) as opened:
        build.add(opened, [str(folder)], None)
        yield opened


def dates(library, query):
    return [hit.article.published for hit in search(library, None, query).hits]


def test_the_newest_of_what_fits_alike_comes_first_where_it_is_asked_for(library):
    assert dates(library, "latest ferry figures")[:3] == ["2025-06-02", "2025-04-02", "2025-03-02"]


def test_recency_alone_lifts_nothing_that_fits_less(library):
    # The story of the moths is the newest of all, and of something else.
    assert "2025-12-24" not in dates(library, "latest ferry figures")[:3]
    assert dates(library, "most recent moth nest in the lighthouse")[0] == "2025-12-24"


def test_without_being_asked_for_the_best_match_comes_first(library):
    assert dates(library, "ferry figures of February")[0] == "2025-03-02"
    assert dates(library, "eleven hundred passengers")[0] == "2025-03-02"
