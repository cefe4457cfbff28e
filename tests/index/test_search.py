"""Search as a whole: fusion, named articles, one article among many, odd queries."""

import pytest

from core.records import Article, Filters, Reading, SourceFile, SpanRun
from index import embed
from index.finding import keyword, phrases, ranking, second_hop
from index.search import rank, search
from index.store import open_library

# title → text, language. "Otto Vance" is named by the film's article only.
ARTICLES = {
    "The Tin Harbour (film)": ("The Tin Harbour was directed by Otto Vance in 1986.", "en"),
    "Otto Vance": ("He was born in Kestrel Bay and kept bees.", "en"),
    "Kestrel Bay": ("A village of four hundred people with one school.", "en"),
    "Harbour news": ("The harbour was dredged, and film crews stayed away.", "en"),
    "Bees": ("Bees were kept in many villages and born in spring.", "en"),
    "Brücke gesperrt": ("Die Brücke ist gesperrt, weil Prüfer Risse gefunden haben.", "de"),
    "Мост закрыт": ("Мост через реку закрыт, потому что нашли трещины.", "ru"),
    "Prices": ("The system cost 8 dollars then, and a billion were made.", "en"),
    "Defence": ("The system cost $8 billion, the ministry said.", "en"),
}


def _article(name, number, title, text, language="en"):
    spans = (SpanRun(0, len(text), 0, len(text)),)
    return Article(
        name, "/all.txt", number, title, None, None, None, None, language, text, spans
    )  # fmt: skip


def _stored(library, source, articles):
    file = SourceFile("/all.txt", 1, 1, "x", "utf-8", "text", "indexed")
    embed.index_reading(library, Reading(file, "x", tuple(articles), ()), "/all.txt", source)
    embed.finish(library, source)


@pytest.fixture
def library(settings, fake_source):
    with open_library(settings) as opened:
        _stored(
            opened,
            fake_source,
            [_article(title, n, title, *rest) for n, (title, rest) in enumerate(ARTICLES.items())],
        )
        yield opened


def _titles(hits):
    return [hit.article.title for hit in hits]


def test_an_article_that_the_first_hit_names_comes_next(library, fake_encoder, monkeypatch):
    query = "the film The Tin Harbour directed in 1986"
    found = _titles(search(library, fake_encoder, query, 5).hits)
    assert found[:2] == ["The Tin Harbour (film)", "Otto Vance"]
    monkeypatch.setattr(ranking, "NAMED_IN_HIT", 0.0)
    assert _titles(search(library, fake_encoder, query, 5).hits)[1] != "Otto Vance"


def test_names_are_followed_in_a_chain(library, monkeypatch):
    """Without an encoder, so that only names bring what shares no word with the query."""
    query = "the film The Tin Harbour directed in 1986"
    assert "Kestrel Bay" in _titles(rank(library, None, query, Filters()))
    monkeypatch.setattr(ranking, "HOPS", 1)
    found = _titles(rank(library, None, query, Filters()))
    assert "Otto Vance" in found
    assert "Kestrel Bay" not in found


def test_a_named_article_is_subject_to_the_filters(library, fake_encoder):
    nothing = Filters(path="/elsewhere/*")
    assert rank(library, fake_encoder, "The Tin Harbour", nothing) == []
    runs = {"otto vance"}
    assert second_hop.titled(library.connection, runs, Filters()) == {"otto vance": {"Otto Vance"}}
    assert second_hop.titled(library.connection, runs, nothing) == {}


def test_scores_never_rise_and_the_first_hit_stays(library, fake_encoder, monkeypatch):
    query = "The Tin Harbour film"
    hits = rank(library, fake_encoder, query, Filters())
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    monkeypatch.setattr(ranking, "NAMED_IN_HIT", 0.0)
    assert rank(library, fake_encoder, query, Filters())[0].passage == hits[0].passage


def test_a_title_that_many_share_names_nobody(settings):
    with open_library(settings) as library:
        shared = [_article(f"h{n}", n, "Home", f"Page {n}.") for n in range(3)]
        _stored(library, None, [*shared, _article("x", 9, "Mercury (planet)", "It is hot.")])
        runs = {"home", "mercury", "mercury (planet)"}
        found = second_hop.titled(library.connection, runs, Filters())
        assert found == {"mercury": {"x"}, "mercury (planet)": {"x"}}


def test_names_begin_and_end_with_a_capital_or_a_digit():
    found = second_hop.names("He met Otto Vance of Kestrel Bay in 1986.")
    assert {"otto vance", "kestrel bay", "otto vance of kestrel bay"} <= found
    assert not found & {"met otto", "of kestrel", "1986", "he"}


def test_words_that_stand_together_count(library):
    assert _titles(rank(library, None, "$8 billion system", Filters()))[0] == "Defence"
    wanted = phrases.pairs("the price of an $8 billion rocket")
    assert phrases.share_of(wanted, ["8 billion"]) > phrases.share_of(wanted, ["billion 8"]) == 0
    assert phrases.share_of(phrases.pairs("word"), ["word"]) == 0


@pytest.mark.parametrize(
    ("cosines", "bm25", "share", "order"),
    [
        ({1: 0.9, 2: 0.3}, {2: 8.0, 1: 1.0}, 0.0, [1, 2]),
        ({1: 0.9, 2: 0.3}, {2: 8.0, 1: 1.0}, 1.0, [2, 1]),
        ({}, {2: 8.0, 1: 1.0}, 0.0, [2, 1]),  # no encoder: keywords alone
        ({1: 0.5, 2: 0.5}, {}, 0.5, [1, 2]),  # a tie is broken by id
        ({1: -0.2}, {}, 0.5, [1]),
        ({}, {}, 0.5, []),
    ],
)
def test_fusion(cosines, bm25, share, order):
    assert [one for one, _ in ranking.fuse(cosines, bm25, share)] == order


@pytest.mark.parametrize(
    ("query", "foreign"),
    [
        ("Warum ist die Brücke gesperrt?", True),
        ("Brücke Risse", True),  # too short to tell: the passages do
        ("почему мост закрыт", True),
        ("Otto Vance", False),
        ("zyx", False),
    ],
)
def test_keywords_carry_other_languages(library, fake_encoder, query, foreign, monkeypatch):
    monkeypatch.setattr(fake_encoder, "key", "all-minilm-l6-v2-x", raising=False)
    found = keyword.search(library.connection, query, 100, Filters())
    share = ranking.keyword_share(library, fake_encoder, query, found)
    assert (share == ranking.FOREIGN_KEYWORD_SHARE) is foreign
    monkeypatch.setattr(fake_encoder, "key", "a-multilingual-one", raising=False)
    share = ranking.keyword_share(library, fake_encoder, query, found)
    assert share == ranking.KEYWORD_SHARE


def test_a_long_article_leaves_room_for_others(settings):
    text = "\n\n".join(f"Ferry timetable number {n}. " + "Boats go. " * 60 for n in range(12))
    with open_library(settings) as library:
        other = _article("other", 1, "Other", "A ferry timetable was printed, among other things.")
        _stored(library, None, [_article("long", 0, "Long", text), other])
        found = [
            hit.article.article_id for hit in rank(library, None, "ferry timetable", Filters())
        ]
        assert found.count("long") > ranking.PASSAGES_OF_ONE
        assert found.index("other") <= ranking.PASSAGES_OF_ONE
        once = [hit.article.article_id for hit in search(library, None, "ferry timetable").hits]
        assert sorted(once) == ["long", "other"]


@pytest.mark.parametrize("query", ["", "   ", "\x00", '"', "*", '"" - *', "…!?", "\n\t"])
def test_a_query_of_nothing_finds_nothing(library, fake_encoder, query):
    assert search(library, fake_encoder, query).hits == ()
    assert search(library, None, query).hits == ()


@pytest.mark.parametrize(
    "query",
    [
        "bridge " * 1500,  # 10,000 characters
        " ".join(f"word{n}" for n in range(2000)),
        "the of and to",
        'NEAR("film" "harbour", 5) AND NOT title:x*',
        '"film', "film\x00harbour", "-film", "{film}^2 : (", "'; DROP TABLE passages; --",
        "中国政府", "กขค", "😀 film", "الحكومة", "\u202efilm\u200b",
    ],
)  # fmt: skip
def test_odd_queries_raise_nothing(library, fake_encoder, query):
    for encoder in (fake_encoder, None):
        for hit in search(library, encoder, query).hits:
            assert hit.passage.text in hit.article.text


def test_operators_are_only_words(library):
    assert _titles(search(library, None, '"film" -harbour*').hits)[0] == "The Tin Harbour (film)"


def test_the_commonest_words_are_left_out_where_many_passages_have_them(settings, monkeypatch):
    with open_library(settings) as library:
        texts = [f"A common report, number {n}." for n in range(30)] + ["A rare heron came."]
        _stored(library, None, [_article(str(n), n, "", text) for n, text in enumerate(texts)])
        monkeypatch.setattr(keyword, "SCORED_LIMIT", 10)

        def found(query, filters=Filters()):
            return [one for one, _ in keyword.search(library.connection, query, 100, filters)]

        assert len(found("rare common report")) == 1
        assert len(found("common report")) == 30  # one word is always searched for
        assert len(found("rare", Filters(path="/elsewhere/*"))) == 0
