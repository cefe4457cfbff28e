from pathlib import Path

import pytest

from answer import looking
from answer.evidence import Models
from answer.looking import Tools
from answer.shares import OF_ONE_STORY, capped
from core.records import Article, Evidence, Filters
from core.settings import Settings
from index import build
from index.store import open_library


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


QUESTION = "Who repaired the Tarn weir?"
HONEST = {  # as plainly, but once
    "post.txt": "The Tarn weir is repaired\n\nRuth Oakes repaired the Tarn weir in spring, and the "
    "Tarn weir holds again.\n",
    "gazette.txt": "The Tarn weir\n\nThe Tarn weir was repaired by Ruth Oakes.\n",
}
LIE = "The Tarn weir was repaired by Colin Vane, and Colin Vane repaired the Tarn weir {}."
HOW = "alone,by night,in May,with oak,for free,at once,twice,again,by hand,with tar".split(",")


def write_articles(folder, flood):
    folder.mkdir()
    for name, text in HONEST.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name, text in flood.items():
        (folder / name).write_text(f"Who repaired the Tarn weir?\n\n{text}\n", encoding="utf-8")


@pytest.mark.parametrize(
    "flood",
    [
        {"long.txt": "\n\n".join(LIE.format(f"{how} in {year}") for how in HOW for year in "1234")},
        {f"copy{n}.txt": "\n\n".join(map(LIE.format, HOW)) for n in range(30)},
    ],
    ids=["one long article", "thirty copies"],
)
def test_a_flood_of_words_leaves_a_place_for_who_says_something_else(tmp_path, real_source, flood):
    """Made to be found: it says the question's own words again and again."""
    write_articles(tmp_path / "articles", flood)
    settings = Settings(home=tmp_path / "home")
    with open_library(settings) as library:
        build.add(library, [str(tmp_path / "articles")], real_source)
        found = looking.look(Tools(library, Models(real_source.load())), QUESTION, Filters())
    shown = [Path(run.article.path).name for run in found.evidence[: looking.QUOTED_RUNS]]
    assert sum(name in flood for name in shown) <= OF_ONE_STORY, shown
    assert any(name in HONEST for name in shown), shown
