"""Where a quotation stands, when it is not quite what the file says."""

import pytest

from core.records import Filters
from index import build
from index.finding.locate import locate
from index.search import search_all
from index.store import open_library

LONG = (
    "The long report of the commission, which had been written over three winters by clerks who"
    " rarely saw daylight, said that the harbour master had ignored two warnings about the"
    " northern crane before it fell into the basin on a calm day."
)
FILLER = " ".join(
    f"Clerk number {i} noted in the ledger that the tide was low and the wind came from the west."
    for i in range(40)
)


@pytest.fixture
def library(settings, tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    end = "The zebra statue was moved to Lund in the end, and it stayed there for good."
    (folder / "crane.txt").write_text(f"Crane fell into basin\n\n{LONG}\n\n{FILLER}\n\n{end}")
    with open_library(settings) as opened:
        build.add(opened, [str(folder)], None)
        yield opened


@pytest.mark.parametrize(
    ("quotation", "words"),
    [
        ("had ignored two warnings about the southern crane",
         "had ignored two warnings about the northern crane"),
        ("the harbour master ignored two warnings", "the harbour master had ignored two warnings"),
        ("written over four winters by clerks", "written over three winters by clerks"),
        ("Zebra statue was moved to Malmo in the end",
         "zebra statue was moved to Lund in the end"),
    ],
)  # fmt: skip
def test_half_a_sentence_with_one_word_changed_is_found_as_that_half(library, quotation, words):
    match = locate(library, quotation)[0]
    assert match.source_quote == words
    assert 0.85 < match.similarity < 1


def test_words_that_stand_nowhere_are_found_nowhere(library):
    assert locate(library, "elephants danced upon the frozen moon") == []


@pytest.mark.parametrize(
    ("query", "total"),
    [("zebra harbour", 1), ('"harbour master" zebra', 1), ("zebra giraffe", 0), ("_ zebra", 1)],
)
def test_every_mention_is_counted_by_article_not_by_passage(library, query, total):
    assert library.counts()["passages"] > 3
    found = search_all(library, query, 10, Filters())
    assert (found.total, len(found.hits)) == (total, total)
