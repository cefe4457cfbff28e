import pytest

from answer import question as questions
from answer.differing import topic
from core.records import Article


def told(question, sentence, around="", evidence=False, published="2025-05-07"):
    article = Article("a", "/a.txt", 0, "News", None, None, published, None, "en", "", (), None)
    asked = topic.read(questions.read(question))
    return asked.is_in(sentence, around or sentence, article, evidence)


@pytest.mark.parametrize(
    ("question", "sentence", "around", "same"),
    [
        ("How many leaves does the Wren Herbal have?", "It has 118 leaves.", "The Wren Herbal.", 1),
        ("How many leaves does the Wren Herbal have?", "It has 118 leaves.", "The Pear Herbal.", 0),
        ("How many drones did Norland launch?", "Norland sent 550 drones.", "", 1),
        ("How many drones did Norland launch?", "Norland bought 550 drones.", "", 0),
        ("How many people died in the Brack fire?", "Nine people died.", "The Brack fire.", 1),
        ("How many people died in the Brack fire?", "Nine people came.", "The Brack fire.", 0),
        ("How many leaves does the herbal have?", "The book has 118 leaves.", "The herbal.", 1),
        ("Who is the mayor of Brack?", "Mayor Merle spoke.", "In Brack it rained.", 1),
        ("How high is the Brack tower?", "The tower is 90 metres high.", "Brack.", 0),
        ("How high is the Brack tower?", "The Brack tower is 90 metres high.", "", 1),
        ("When did the Brack Uprising begin?", "The Brack Ghetto Uprising began in 1943.", "", 0),
        ("When did the Brack Uprising begin?", "The Brack Uprising began in 1944.", "", 1),
        ("When did Donald Merle resign?", "President Merle resigned on 3 May.", "", 1),
        ("When did Donald Merle resign?", "Berta Merle resigned on 3 May.", "", 0),
    ],
)
def test_the_same_thing(question, sentence, around, same):
    assert told(question, sentence, around) == bool(same)


@pytest.mark.parametrize(
    ("sentence", "published", "same"),
    [
        ("Norland launched 550 drones on May 9.", "2025-05-10", True),
        ("Norland launched 550 drones on May 13.", "2025-05-14", False),
        ("Norland launched 550 drones on June 9.", "2025-06-10", False),
        ("Norland launched 550 drones on May 9.", "2024-05-10", False),
    ],
)
def test_the_time_that_is_asked_for(sentence, published, same):
    question = "How many drones did Norland launch on May 9, 2025?"
    assert told(question, sentence, published=published) == same
