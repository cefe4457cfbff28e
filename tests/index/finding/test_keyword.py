"""Keyword search on its own: what a user types is never an operator."""

import pytest

from core.records import Article, Filters, Reading, SourceFile, SpanRun
from index import embed
from index.finding import keyword
from index.store import open_library

TEXTS = {
    "en": "The Café Zürich closed its doors; GMLRS rockets cost $8 billion.",
    "zh": "中国政府宣布新的贸易政策。北京的专家表示欢迎。",
    "ja": "東京でパンダの赤ちゃんが生まれた。",
    "ru": "Президент подписал новый закон о торговле.",
    "el": "Η κυβέρνηση ανακοίνωσε νέα μέτρα.",
    "ar": "أعلنت الحكومة عن إجراءات جديدة.",
    "th": "รัฐบาลประกาศมาตรการใหม่",
    "de": "Die Brücke über die Förde wurde gesperrt.",
}


@pytest.fixture
def library(settings):
    with open_library(settings) as opened:
        articles = tuple(
            Article(name, "/all.txt", n, name, None, None, None, None, name, text,
                    (SpanRun(0, len(text), 0, len(text)),))
            for n, (name, text) in enumerate(TEXTS.items())
        )  # fmt: skip
        file = SourceFile("/all.txt", 1, 1, "x", "utf-8", "text", "indexed")
        embed.index_reading(opened, Reading(file, "x", articles, ()), "/all.txt", None)
        yield opened


def found(library, query):
    hits = keyword.search(library.connection, query, 10, Filters())
    passages = library.passages([passage_id for passage_id, _ in hits])
    return [passages[passage_id].article_id for passage_id, _ in hits]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("cafe zurich", "en"),
        ("GMLRS", "en"),
        ("rocket costs", "en"),
        ("中国", "zh"),
        ("贸易政策", "zh"),
        ("迎", "zh"),
        ("中", "zh"),
        ("パンダ", "ja"),
        ("закон торговле", "ru"),
        ("μέτρα", "el"),
        ("ΜΕΤΡΑ", "el"),
        ("الحكومة", "ar"),
        ("มาตรการ", "th"),
        ("brücke", "de"),
        ("中国 GMLRS", "zh"),
    ],
)
def test_every_script_is_found(library, query, first):
    assert first in found(library, query)


@pytest.mark.parametrize("query", ["国家", "易贸", "zyx", "", "\x00", '"', "*"])
def test_what_is_not_there_is_not_found(library, query):
    assert found(library, query) == []


def test_scores_fall_and_are_positive(library):
    hits = keyword.search(library.connection, "doors law new", 10, Filters())
    scores = [score for _, score in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


@pytest.fixture
def many(settings):
    """Forty dated articles: "common" stands in all, "rare" in every fourth, "odd" in all but
    the fourths."""
    with open_library(settings) as opened:
        articles = []
        for n in range(40):
            text = f"Common words number {n} {'rare' if n % 4 == 0 else 'odd'} {'x ' * (n % 7)}."
            articles.append(
                Article(str(n), "/many.txt", n, "", None, None, f"2024-01-{n % 20 + 1:02}", None,
                        "en", text, (SpanRun(0, len(text), 0, len(text)),))
            )  # fmt: skip
        file = SourceFile("/many.txt", 1, 1, "x", "utf-8", "text", "indexed")
        reading = Reading(file, "x", tuple(articles), ())
        embed.index_reading(opened, reading, "/many.txt", None)
        yield opened


def asked(library, query, filters=Filters()):
    return keyword.search(library.connection, query, 10, filters)


@pytest.mark.parametrize("listed", [0, 5000])
@pytest.mark.parametrize("filters", [Filters(after="2024-01-11"), Filters(before="2024-01-02")])
def test_filters_take_out_and_change_no_score(many, monkeypatch, listed, filters):
    every = keyword.search(many.connection, "common odd", 40, Filters())
    monkeypatch.setattr(keyword, "LISTED_LIMIT", listed)
    monkeypatch.setattr(keyword, "FIRST_FILTERED", 3)
    condition = ">= '2024-01-11'" if filters.after else "<= '2024-01-02'"
    admitted = {
        one
        for (one,) in many.connection.execute(
            "SELECT passage_id FROM passages JOIN articles USING (article_id)"
            f" WHERE published {condition}"
        )
    }
    wanted = [pair for pair in every if pair[0] in admitted][:10]
    assert wanted
    assert asked(many, "common odd", filters) == wanted


def test_a_filter_that_admits_nothing_finds_nothing(many):
    assert asked(many, "common", Filters(after="2025")) == []


def test_common_words_bring_no_passages_in_a_large_library(many, monkeypatch):
    monkeypatch.setattr(keyword, "SCORED_LIMIT", 12)
    assert asked(many, "common rare") == asked(many, "rare")
    assert len(asked(many, "common rare absent")) == 10


def test_where_every_word_is_common_they_must_stand_together(many, monkeypatch):
    monkeypatch.setattr(keyword, "SCORED_LIMIT", 5)
    monkeypatch.setattr(keyword, "COMMON", 5)
    together = {one for one, _ in asked(many, "rare common")}
    assert together == {one for one, _ in asked(many, "rare")}
    # No passage has both "rare" and "odd": the rarer one alone decides.
    assert {one for one, _ in asked(many, "odd rare")} == together


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("政府的贸易政策是什么时候宣布的？", "zh"),
        ("パンダの赤ちゃんはどこで生まれましたか", "ja"),
        ("มาตรการของรัฐบาลคืออะไร", "th"),
    ],
)
def test_a_question_without_spaces_finds_what_has_only_parts_of_it(library, question, first):
    assert found(library, question)[0] == first
