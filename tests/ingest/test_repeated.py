"""Lines that an outlet repeats: which they may be, when they are, and the article without them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.records import Article, Reading, SourceFile
from ingest import repeated
from ingest.clean import keep
from tests.ingest.test_round_trip import broken

STORY = [
    "The harbour council of Velm met on Tuesday and agreed to repair the old pier.",
    "Work begins in spring, and the ferry will leave from the northern quay until it ends.",
    "Three companies have asked for the work; the council decides in the first week of May.",
]


def article(paragraphs: list[str], gap: str = "\n\n", **facts: str) -> tuple[Article, str]:
    """An article of these paragraphs and its source text."""
    source = gap.join(paragraphs)
    ranges = []
    position = 0
    for paragraph in paragraphs:
        ranges.append((position, position + len(paragraph)))
        position += len(paragraph) + len(gap)
    text, runs = keep(source, ranges)
    made = Article("a", "/a.txt", 0, "Pier", None, None, None, None, "en", text, runs)
    return replace(made, **{"outlet": "The Velm Post", **facts}), source


def keys(line: str, **facts: str) -> list[str]:
    return repeated.line_keys(article([line], **facts)[0])


def test_the_outlet_is_its_name_or_its_host() -> None:
    one, _ = article(STORY)
    assert repeated.outlet_key(one) == "the velm post"
    assert repeated.outlet_key(replace(one, outlet=None, url="https://www.velm.example/a")) == (
        "velm.example"
    )
    assert repeated.outlet_key(replace(one, outlet=None)) == ""
    assert repeated.outlet_key(replace(one, outlet=None, url="http://[bad")) == ""


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Letters to the harbour desk are welcome", "n"),  # no sentence
        ("Write to our harbour desk on weekdays.", "n"),  # speaks of itself, to its reader
        ("The Velm Post is printed on the northern quay every morning.", "n"),
        ("Reporting by Ann Salter; Editing by Tom Reed", "n"),
        ("The ferry has linked both banks of the river for a long time.", "s"),
        ("The US said that it had no part in the plan.", "s"),
        ("“You must leave the quay at once,” the officer had told them.", "s"),
        ("The ferry was first built in 1911 by a company of the town.", ""),  # a fact
        (" ".join(["word"] * 61), ""),  # too long
        ("—", ""),
    ],
)
def test_what_a_line_looks_like(line: str, kind: str) -> None:
    assert [key[:1] for key in keys(line)] == ([kind] if kind else [])


def test_lines_that_differ_in_case_and_marks_are_one() -> None:
    assert keys("Read the “Harbour” page") == keys('READ  the "harbour" page…'.replace("…", ""))
    assert keys("Read the harbour page") != keys("Read the ferry page")


@pytest.mark.parametrize(
    ("kind", "outlet_stories", "least"),
    [("n", 1, 3), ("n", 10, 3), ("n", 20, 6), ("n", 1000, 8), ("s", 4, 3), ("s", 100, 60)],
)
def test_in_how_many_stories(kind: str, outlet_stories: int, least: int) -> None:
    assert repeated.least_stories(kind + "0", outlet_stories) == least


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n \r\n"])
@pytest.mark.parametrize("place", [0, 1, 3])
def test_an_article_without_a_line_keeps_the_law(gap: str, place: int) -> None:
    line = "Write to our harbour\u200b desk \t on â‚¬ weekdays"
    paragraphs = [*STORY[:place], line, *STORY[place:]]
    whole, source = article(paragraphs, gap)
    cut = repeated.without(whole, keys(line))
    assert cut.article.text == "\n\n".join(STORY)
    (removed,) = cut.removed
    assert source[removed.start : removed.end].strip() == line
    assert removed.reason == "repeated by The Velm Post"
    file = SourceFile("/a.txt", 1, 1, "", "utf-8", "text", "indexed")
    assert list(broken(Reading(file, source, (cut.article,), cut.removed))) == []
    assert cut.as_read == whole


def test_two_lines_beside_each_other_and_at_both_ends() -> None:
    lines = ["Write to our desk", "Ferry times by phone", "All our podcasts"]
    whole, source = article([lines[0], *STORY, lines[1], lines[2]])
    cut = repeated.without(whole, [key for line in lines for key in keys(line)])
    assert cut.article.text == "\n\n".join(STORY)
    assert len(cut.removed) == 3
    assert cut.article.spans[0].source_start == source.index(STORY[0])


def test_an_article_is_never_emptied() -> None:
    whole, _ = article(["Write to our desk", "Ferry times by phone", "The pier is open again."])
    cut = repeated.without(whole, repeated.line_keys(whole))
    assert (cut.article, cut.removed) == (whole, ())


def test_a_long_article_is_looked_at_from_both_ends() -> None:
    whole, _ = article([f"Name of item {'x' * number}" for number in range(1, 200)])
    assert len(repeated.line_keys(whole)) == 2 * repeated.EDGE_PARAGRAPHS
