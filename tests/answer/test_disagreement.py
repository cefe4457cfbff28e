"""Sources that differ, and pairs that only seem to: articles of our own, no library."""

import pytest

from answer.ask import Finished, ask
from answer.differing import disagreement
from answer.evidence import Models
from answer.looking import Tools
from commands.printing import answer_text
from core.records import Article, Evidence, Hit, Passage
from index import build
from index.store import open_library
from ingest.passages import sentences
from tests.fakes import FakeGenerator


def article(text, published=None, outlet="The Pear", story=None, title="News"):
    name = f"{outlet}-{published}-{abs(hash(text))}"
    return Article(
        name, f"/{name}.txt", 0, title, outlet, None, published, None, "en", text, (), story
    )


def differing(question, *articles):
    """With the first sentence of each article as evidence, in this order."""
    runs, hits = [], []
    for one in articles:
        start, end = sentences(one.text)[0]
        runs.append(Evidence(one, start, end, one.text[start:end], 1.0))
        hits.append(Hit(Passage(1, one.article_id, one.text, 0, len(one.text)), one, 1.0, 1, 1))
    return disagreement.differing(question, runs, hits)


def shown(versions):
    return [version.value.shown for version in versions]


HURT = "How many people were hurt in the Brack fire?"


def test_each_figure_is_shown_with_its_source_oldest_first():
    found = differing(
        HURT,
        article("The Brack fire hurt 31 people.", "2025-05-09", "The Quince"),
        article("At least 23 people were hurt in the Brack fire.", "2025-05-07"),
    )
    assert shown(found) == ["23 people", "31 people"]
    assert [version.earlier for version in found] == [True, False]
    assert disagreement.told(found) == (
        "Your articles give more than one figure. Oldest first: 23 people (The Pear, 7 May 2025); "
        "31 people (The Quince, 9 May 2025)."
    )


def test_a_question_for_now_has_the_newest_first_and_undated_last():
    found = differing(
        "How many people are now missing in Brack?",
        article("In Brack 40 people are missing.", "2025-05-07"),
        article("In Brack 17 people are missing.", None, "The Plum"),
        article("In Brack 12 people are missing.", "2025-05-09", "The Quince"),
    )
    assert shown(found) == ["12 people", "40 people", "17 people"]
    assert [version.earlier for version in found] == [False, True, False]
    assert "Newest first" in disagreement.told(found)


def test_copies_of_one_story_count_once_and_the_oldest_speaks():
    copies = [
        article("The Brack fire hurt 31 people.", f"2025-05-1{day}", f"Copy {day}", "story")
        for day in (3, 2, 1)
    ]
    assert differing(HURT, *copies) == ()
    found = differing(HURT, *copies, article("The Brack fire hurt 23 people.", "2025-05-07"))
    assert [(one.value.shown, one.evidence.article.outlet) for one in found] == [
        ("23 people", "The Pear"),
        ("31 people", "Copy 1"),
    ]


def test_a_later_version_of_a_story_is_shown_as_such():
    found = differing(
        HURT,
        article("The Brack fire hurt 23 people.", "2025-05-07", "The Pear", "story"),
        article("The Brack fire hurt 31 people.", "2025-05-08", "The Pear", "story"),
    )
    assert "31 people (The Pear, 8 May 2025, the same story)" in disagreement.told(found)


def test_a_toll_that_rises_is_found_by_what_stands_around_it():
    found = differing(
        "How many people died in the Tarn ferry disaster?",
        article("Nine people died. The Tarn ferry disaster came at night.", "2025-02-03"),
        article("Seventeen people died, in the Tarn ferry disaster, it is said.", "2025-02-05"),
        article("19 people died. So ends the report on the Tarn ferry disaster.", "2025-03-20"),
    )
    assert shown(found) == ["Nine people", "Seventeen people", "19 people"]


def test_it_is_what_stands_before_it():
    found = differing(
        "How much will the Brack tunnel cost?",
        article("The Brack tunnel will cost 310 million euros.", "2024-05-01"),
        article("Brack wants a tunnel. It will cost 385 million euros.", "2025-04-11"),
    )
    assert shown(found) == ["310 million euros", "385 million euros"]
    assert found[1].evidence.text == "Brack wants a tunnel. It will cost 385 million euros."


def test_two_days_of_one_development_are_both_shown():
    found = differing(
        "How many drones did Norland launch at Brack?",
        article("On Tuesday, May 13, Norland launched 700 drones at Brack.", "2025-05-13"),
        article("On Friday, May 9, Norland launched about 550 drones at Brack.", "2025-05-09"),
    )
    assert shown(found) == ["about 550 drones", "700 drones"]


def test_a_question_for_one_day_is_not_answered_by_another():
    question = "How many drones did Norland launch at Brack on May 9?"
    one = article("On Friday, May 9, Norland launched about 550 drones at Brack.", "2025-05-09")
    other = article("On Tuesday, May 13, Norland launched 700 drones at Brack.", "2025-05-13")
    assert differing(question, one, other) == ()


@pytest.mark.parametrize(
    ("question", "first", "second", "values"),
    [
        (
            "When will the Brack tunnel open?",
            "The Brack tunnel will open on 3 May 2026.",
            "The Brack tunnel will now open in October 2026.",
            ["3 May 2026", "October 2026"],
        ),
        (
            "Who is the mayor of Brack?",
            "The mayor of Brack, Ada Merle, spoke.",
            "Mayor Tom Krug of Brack spoke.",
            [],  # "The mayor of Brack, Ada Merle": no rule is sure of it
        ),
        (
            "Who is the mayor of Brack?",
            "In Brack, mayor Ada Merle spoke.",
            "Tom Krug, the new mayor, came to Brack.",
            ["Ada Merle", "Tom Krug"],
        ),
        (
            "Who discovered the Brack comet?",
            "The Brack comet was discovered by Ada Merle.",
            "Tom Krug first discovered the Brack comet.",
            ["Ada Merle", "Tom Krug"],
        ),
        (
            "Where was Ada Merle born?",
            "Ada Merle was born in Brack.",
            "Ada Merle was born in Norham.",
            ["Brack", "Norham"],
        ),
        (
            "How much will the Brack tunnel cost?",
            "The Brack tunnel will cost £4.2 million.",
            "The Brack tunnel will cost £6.8 million, as against the £4.2 million named in May.",
            ["£4.2 million", "£6.8 million"],
        ),
    ],
)
def test_kinds_of_values(question, first, second, values):
    found = differing(
        question, article(first, "2025-05-07"), article(second, "2025-06-09", "The Quince")
    )
    assert shown(found) == values


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        # one value, said in two ways
        ("How far can the Brack kite fly?",
         "The Brack kite can fly 995 miles (1,600 kilometers).",
         "The Brack kite can fly about 1,600 km."),
        ("How far can the Brack kite fly?",
         "The Brack kite can fly 995 miles.",
         "The Brack kite can fly 1,600 kilometres."),
        (HURT, "The Brack fire hurt about 300 people.", "The Brack fire hurt 297 people."),
        (HURT, "The Brack fire hurt more than 700 people.", "The Brack fire hurt 728 people."),
        (HURT, "The Brack fire hurt twelve people.", "The Brack fire hurt 12 people."),
        (HURT, "The Brack fire hurt 20 to 30 people.", "The Brack fire hurt 23 people."),
        # another thing: a part, a thing of another size, another subject, another kind
        (HURT, "The Brack fire hurt 300 people.", "The Brack fire hurt three people badly."),
        (HURT, "The Brack fire hurt 31 people.", "The Norham fire hurt 44 people."),
        (HURT, "The Brack fire hurt 31 people.", "The Brack fire drew 44 people from bed."),
        (HURT, "The Brack fire hurt 31 people.", "The Brack fire hurt another 14 people."),
        (HURT, "The Brack fire hurt 31 people.",
         "Of the 44 people in the Brack fire, it hurt 31 people."),
        ("How long is the Brack tunnel?",
         "The Brack tunnel is 900 metres long.",
         "The Brack tunnel is closed for 3 hours."),
        ("How much does the Brack ferry cost?",
         "The Brack ferry costs £340 a week.",
         "The Brack ferry cost £900."),
        # a date of something else, or no clear one
        ("When did the Brack tunnel open?",
         "The Brack tunnel opened in 1968.",
         "The Brack tunnel could open again in 2029."),
        ("When did the Brack tunnel open?",
         "The Brack tunnel opened in May 1968.",
         "The Brack tunnel opened in 1968."),
        ("When did the Brack tunnel open?",
         "The Brack tunnel opened in 1968.",
         "The Brack tunnel opened in 1970 and closed in 1981."),
        # one person, one place
        ("Who discovered the Brack comet?",
         "The Brack comet was discovered by Ada Merle.",
         "Merle discovered the Brack comet."),
        ("Who is the mayor of Brack?",
         "In Brack, mayor Ada Merle spoke.",
         "In Brack, former mayor Tom Krug spoke."),
        ("Where was Ada Merle born?",
         "Ada Merle was born in Brack. Brack lies in Norland.",
         "Ada Merle was born in Norland."),
        # a question whose answers are many
        ("Who visited Brack?", "Ada Merle visited Brack.", "Tom Krug visited Brack."),
    ],
)  # fmt: skip
def test_what_only_seems_to_differ(question, first, second):
    one = article(first, "2025-05-07")
    other = article(second, "2025-06-09", "The Quince")
    assert differing(question, one, other) == ()
    assert differing(question, other, one) == ()


def test_an_article_does_not_differ_from_itself():
    text = "The Brack fire hurt 31 people. Later it was said that the Brack fire hurt 44 people."
    assert differing(HURT, article(text, "2025-05-07")) == ()


def test_a_quotation_that_points_back_brings_the_sentence_before_it():
    second = "Brack looked at its fire again. It hurt 44 people in all, the Brack fire."
    found = differing(
        HURT,
        article("The Brack fire hurt 31 people.", "2025-05-07"),
        article(f"Nothing else burned there. {second}", "2025-06-09", "The Quince"),
    )
    assert found[1].evidence.text == second


@pytest.fixture
def two_sources(settings, tmp_path, fake_source):
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, date, count in (("pear", "2025-05-07", 23), ("quince", "2025-05-09", 31)):
        (folder / f"{name}.md").write_text(
            f"---\ntitle: The Brack fire\nsource: The {name.title()}\ndate: {date}\n---\n\n"
            f"# The Brack fire\n\nThe Brack fire hurt {count} people on the quay. "
            f"Firemen of the {name} brigade worked until the early morning to save the hall.\n",
            encoding="utf-8",
        )
    with open_library(settings) as library:
        build.add(library, [str(folder)], fake_source)
    return settings


def answered(settings, question, generator=None):
    with open_library(settings) as library:
        events = list(ask(Tools(library, Models(None), generator), question))
    assert isinstance(events[-1], Finished)
    return events[-1].answer


def test_the_answer_quotes_each_source_with_its_value(two_sources):
    answer = answered(two_sources, HURT)
    assert answer.differs.endswith(
        "Oldest first: 23 people (The Pear, 7 May 2025); 31 people (The Quince, 9 May 2025)."
    )
    values = [(claim.value, claim.earlier) for claim in answer.claims if claim.value]
    assert values == [("23 people", True), ("31 people", False)]
    cited = {one.number: one for one in answer.citations}
    assert [cited[claim.citations[0]].published for claim in answer.claims[:2]] == [
        "2025-05-07",
        "2025-05-09",
    ]
    assert "23 people" in answer.claims[0].text
    lines = answer_text(answer).splitlines()
    assert lines[0] == answer.differs
    assert lines[1].startswith("The Pear, 2025-05-07, earlier: ")
    assert lines[2].startswith("The Quince, 2025-05-09: ")


def test_a_model_is_not_asked_to_blend_what_differs(two_sources):
    generator = FakeGenerator(["The Brack fire hurt 31 people."])
    answer = answered(two_sources, HURT, generator)
    assert generator.calls == []
    assert answer.model is None
    assert any("sources differ" in note for note in answer.notes)


def test_the_demo_tells_both_counts_of_leaves(demo):
    answer = answered(demo, "How many leaves does the Wrenfield Herbal have?")
    assert [claim.value for claim in answer.claims if claim.value] == ["118 leaves", "121 leaves"]
