"""Neighbouring passages among the hits are one place; a story is shown once."""

from dataclasses import replace

import pytest

from core.records import Article, Hit, Passage, SpanRun
from index.search import JOINED_CHARS, one_per_story
from index.store import open_library

TEXT = "One ferry left. Two ferries came.\n\nThree stayed away. Four sank."
ARTICLE = Article(
    "a", "/a.txt", 0, "Ferries", None, None, None, None, "en", TEXT,
    (SpanRun(0, len(TEXT), 0, len(TEXT)),),
)  # fmt: skip


def hit(words, article=ARTICLE, score=1.0):
    start = article.text.index(words)
    passage = Passage(start + 1, article.article_id, words, start, start + len(words))
    return Hit(passage, article, score, 1, None)


@pytest.fixture
def library(settings):
    with open_library(settings) as opened:
        yield opened


def words(hits):
    return [one.passage.text for one in hits]


def test_the_passage_after_a_hit_is_joined_to_it(library):
    hits = [hit("One ferry left."), hit("Two ferries came."), hit("Three stayed away.")]
    (joined,) = one_per_story(library, hits)
    assert joined.passage.text == TEXT[: TEXT.index(" Four")]
    assert joined.passage.passage_id == hits[0].passage.passage_id


def test_the_passage_before_a_hit_does_not_take_its_beginning(library):
    hits = [hit("Two ferries came."), hit("One ferry left.")]
    assert words(one_per_story(library, hits)) == ["Two ferries came."]


def test_passages_with_words_between_them_are_two_places(library):
    hits = [hit("One ferry left."), hit("Three stayed away.")]
    assert words(one_per_story(library, hits)) == ["One ferry left."]


def test_nothing_is_joined_over_what_was_left_out(library):
    cut = TEXT.index("Two")
    holed = replace(
        ARTICLE,
        spans=(SpanRun(0, cut, 0, cut), SpanRun(cut, len(TEXT), cut + 50, len(TEXT) + 50)),
    )
    hits = [hit("One ferry left.", holed), hit("Two ferries came.", holed)]
    assert words(one_per_story(library, hits)) == ["One ferry left."]


def test_a_hit_does_not_grow_without_end(library):
    text = " ".join(f"Ferry {n} of the long list left." for n in range(200))
    long = replace(ARTICLE, text=text, spans=(SpanRun(0, len(text), 0, len(text)),))
    hits = [hit(f"Ferry {n} of the long list left.", long) for n in range(200)]
    (joined,) = one_per_story(library, hits)
    assert 1900 < len(joined.passage.text) <= JOINED_CHARS


def test_at_most_so_many_stories(library):
    others = [replace(ARTICLE, article_id=name, path=f"/{name}.txt") for name in "abcd"]
    hits = [hit("One ferry left.", one) for one in others]
    assert len(one_per_story(library, hits, 2)) == 2
