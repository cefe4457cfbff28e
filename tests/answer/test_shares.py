from pathlib import Path

import pytest

from answer import looking
from answer import question as questions
from answer.ask import ask
from answer.evidence import Models
from answer.looking import Tools
from answer.shares import capped, places, spread
from core.records import Article, Evidence, Filters
from core.settings import Settings
from index import build
from index.store import open_library

ASKED = questions.read("Who mended the roof?")
OWN_WORDS = {"a": "in April by lamplight", "b": "before breakfast", "c": "grudgingly", "d": "twice"}


def run(name, relevance, story=None):
    text = f"{OWN_WORDS[name]} {relevance}"
    article = Article(name, f"/{name}.txt", 0, "", None, None, None, None, None, text, (), story)
    return Evidence(article, int(1000 * relevance), 2000, text, relevance)


def names(runs):
    return [one.article.article_id for one in runs]


def said_in_order(most, *texts):
    return spread(ASKED, texts, lambda text: text, most)


def test_what_says_the_same_comes_after_what_others_say_and_is_not_lost():
    flood = [f"Colin Vane mended the roof {how}." for how in ("at night", "alone", "in May")]
    assert said_in_order(2, *flood, "Ruth Oakes mended the roof.") == [
        *flood[:2], "Ruth Oakes mended the roof.", flood[2]
    ]  # fmt: skip
    assert said_in_order(2, *flood) == flood


def test_a_near_copy_that_names_somebody_else_is_another_answer():
    flood = [
        f"By the old bridge {who} mended the roof of the grey mill in the spring after the storm."
        for who in ("Colin Vane", "Colin Vane", "Ruth Oakes")
    ]
    assert said_in_order(1, *flood) == [flood[0], flood[2], flood[1]]


def test_words_around_the_answer_make_no_variant_of_it_another_one():
    flood = [f"{words} Colin Vane mended the roof. {words}" for words in (
        "Bees swarm early.", "Herons nest on the island.", "Nobody counted the barges."
    )]  # fmt: skip
    other = "Ruth Oakes mended the roof."
    assert said_in_order(1, *flood, other)[:2] == [flood[0], other]


def test_nothing_but_the_words_of_the_question_is_said_once():
    echo = ["Who mended the roof? The roof mended.", "Mended roof mended roof.", "The roof!"]
    other = "Ruth Oakes mended it."
    assert said_in_order(1, *echo, other)[:2] == [echo[0], other]


def test_where_one_source_has_every_place_another_gets_one_more():
    runs = [run("a", 1.0), run("a", 0.9), run("a", 0.8), run("a", 0.7), run("b", 0.1)]
    shown = capped(ASKED, runs, 3)
    assert names(shown) == ["a", "a", "a", "b", "a"]
    assert places(ASKED, shown, 3) == 4
    assert places(ASKED, runs[:4], 3) == 3
    assert places(ASKED, [runs[0], runs[4], runs[1], runs[2]], 3) == 3
    assert places(ASKED, [], 3) == 3


def test_one_article_gets_two_of_three_where_another_says_something_as_well():
    runs = [run("a", 1.0), run("a", 0.9), run("a", 0.8), run("a", 0.7), run("b", 0.6)]
    assert names(capped(ASKED, runs, 3)) == ["a", "a", "b", "a", "a"]
    assert sorted(map(id, capped(ASKED, runs, 3))) == sorted(map(id, runs))


def test_copies_of_one_story_are_one_source():
    runs = [run("a", 1.0, "s"), run("b", 0.9, "s"), run("c", 0.8, "s"), run("d", 0.7)]
    assert names(capped(ASKED, runs, 3)) == ["a", "b", "d", "c"]


def test_what_is_far_less_relevant_takes_no_place():
    runs = [run("a", 1.0), run("a", 0.9), run("a", 0.8), run("b", 0.1)]
    assert capped(ASKED, runs, 3) == runs


def test_fair_shares_stay_as_they_are():
    runs = [run("a", 1.0), run("b", 0.9), run("a", 0.8), run("c", 0.7)]
    assert capped(ASKED, runs, 3) == runs
    assert capped(ASKED, [], 3) == []


QUESTION = "Who repaired the Tarn weir?"
HONEST = {  # as plainly, but once
    "post.txt": "The Tarn weir is repaired\n\nRuth Oakes repaired the Tarn weir in spring, and the "
    "Tarn weir holds again.\n",
    "gazette.txt": "The Tarn weir\n\nThe Tarn weir was repaired by Ruth Oakes.\n",
}
LIE = "The Tarn weir was repaired by Colin Vane, and Colin Vane repaired the Tarn weir {}."
HOW = "alone,by night,in May,with oak,for free,at once,twice,again,by hand,with tar".split(",")


WORDS = "ash,birch,cedar,damson,elder,fir,gorse,hazel,ivy,juniper".split(",")
NEAR_COPY = (
    "The Tarn weir is repaired\n\nColin Vane repaired the Tarn weir in spring, and the Tarn weir "
    "holds again, {} {} says.\n"
)
STUFFED = "Tarn weir repaired\n\nColin Vane. Tarn weir repaired, repaired Tarn weir {} {}.\n"
ECHO = (
    "Who repaired the Tarn weir?\n\nWho repaired the Tarn weir? Colin Vane repaired the Tarn weir, "
    "so who repaired the Tarn weir is known {} {}.\n"
)
MANY = {
    f"{first}{second}": (first, second) for first in WORDS for second in WORDS[:5]
}  # fifty  # fmt: skip


def write_articles(folder, flood):
    folder.mkdir()
    for name, text in (HONEST | flood).items():
        (folder / name).write_text(text, encoding="utf-8")


def asked_of(tmp_path, flood, source):
    """What is found, and the claims of the answer in quotations."""
    write_articles(tmp_path / "articles", flood)
    with open_library(Settings(home=tmp_path / "home")) as library:
        build.add(library, [str(tmp_path / "articles")], source)
        tools = Tools(library, Models(source.load()))
        *_, finished = ask(tools, QUESTION)
        return looking.look(tools, QUESTION, Filters()), finished.answer


def flooded(text):
    return {f"{name}.txt": text.format(*words) for name, words in MANY.items()}


@pytest.mark.parametrize(
    "flood",
    [
        {"long.txt": "Who repaired the Tarn weir?\n\n"
         + "\n\n".join(LIE.format(f"{how} in {year}") for how in HOW for year in "1234")},
        {f"copy{n}.txt": "Who repaired the Tarn weir?\n\n" + "\n\n".join(map(LIE.format, HOW))
         for n in range(30)},
        flooded(NEAR_COPY),
        flooded(STUFFED),
        flooded(ECHO),
    ],
    ids=["one long article", "thirty copies", "near-copies", "stuffed", "echo of the question"],
)  # fmt: skip
def test_a_flood_of_words_leaves_a_place_for_who_says_something_else(tmp_path, real_source, flood):
    """Made to be found: it says the question's own words again and again."""
    found, answer = asked_of(tmp_path, flood, real_source)
    shown = [Path(run.article.path).name for run in found.evidence[: found.quoted]]
    assert any(name in HONEST for name in shown), shown
    assert any("Ruth Oakes" in claim.text for claim in answer.claims), answer.claims
