from answer.shares import capped
from core.records import Article, Evidence


def run(name, relevance, story=None):
    article = Article(name, f"/{name}.txt", 0, "", None, None, None, None, None, "text", (), story)
    return Evidence(article, int(1000 * relevance), 2000, "text", relevance)


def names(runs):
    return [one.article.article_id for one in runs]


def test_one_article_gets_two_of_three_where_another_says_something_as_well():
    runs = [run("a", 1.0), run("a", 0.9), run("a", 0.8), run("a", 0.7), run("b", 0.6)]
    assert names(capped(runs, 3)) == ["a", "a", "b", "a", "a"]
    assert sorted(map(id, capped(runs, 3))) == sorted(map(id, runs))


def test_copies_of_one_story_are_one_source():
    runs = [run("a", 1.0, "s"), run("b", 0.9, "s"), run("c", 0.8, "s"), run("d", 0.7)]
    assert names(capped(runs, 3)) == ["a", "b", "d", "c"]


def test_what_is_far_less_relevant_takes_no_place():
    runs = [run("a", 1.0), run("a", 0.9), run("a", 0.8), run("b", 0.1)]
    assert capped(runs, 3) == runs


def test_fair_shares_stay_as_they_are():
    runs = [run("a", 1.0), run("b", 0.9), run("a", 0.8), run("c", 0.7)]
    assert capped(runs, 3) == runs
    assert capped([], 3) == []
