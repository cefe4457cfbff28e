import pytest

from answer import question as questions
from answer.differing import values


def given(question, sentence):
    found = values.given(questions.read(question), sentence)
    return found.shown if found else None


@pytest.mark.parametrize(
    ("question", "sentence", "shown"),
    [
        ("How many leaves has it?", "By the first count it has 118 leaves.", "118 leaves"),
        ("How many drones were sent?", "About 550 new drones and 13 missiles.",
         "About 550 new drones"),
        ("How many leaves has it?", "It has two of the leaves.", None),
        ("How many leaves has it?", "It has another 14 leaves.", None),
        ("How many leaves has it?", "It has 14 boards.", None),
        ("How much does it cost?", "It rose from £4 million to £6 million.", "£6 million"),
        ("How much does it cost?", "It weighs 12 kg.", None),
        ("How much is it a week?", "They pay £340 a week and £900 at once.", "£340"),
        ("How long is it?", "It is 212 metres long.", "212 metres"),
        ("What percentage voted?", "Some 62 per cent voted.", "Some 62 per cent"),
        ("When did it open?", "It opened on 3 May 1968.", "3 May 1968"),
        ("What year did it open?", "It opened on 3 May 1968.", "1968"),
        ("When did it open?", "It opened in 1968 and again in 1971.", None),
        ("When did it open?", "It will open in 2029.", None),
        ("Who found it?", "Ines Merle, who found it, smiled.", "Ines Merle"),
        ("Who found it?", "It was found by the engineer Ines Merle.", "Ines Merle"),
        ("Who found it?", "On Monday the crew found it.", None),
        ("Who is the mayor?", "Mayor Ada Merle spoke.", "Ada Merle"),
        ("Who is the mayor?", "Former mayor Ada Merle spoke.", None),
        ("Who saw it?", "Ada Merle saw it.", None),
        ("Where was she born?", "She was born in a barn near Little Brack.", "Little Brack"),
        ("Why is it?", "It is so in 1968.", None),
    ],
)  # fmt: skip
def test_the_value_that_a_sentence_gives(question, sentence, shown):
    assert given(question, sentence) == shown


def test_who_gives_both_values_is_recognised():
    value = values.given(questions.read("How many leaves has it?"), "It has 118 leaves.")
    assert values.also_says(value, "Of the 118, three are gone.")
    assert not values.also_says(value, "It has 121, as against the 118 named before.")
    assert not values.also_says(value, "It has 121 leaves.")


@pytest.mark.parametrize("text", ["1,234 " * 3000, "Aa, b " * 3000, "3 May " * 3000, "from about "])
@pytest.mark.parametrize("question", ["How many cups were sold?", "Who found it?", "When was it?"])
def test_a_text_made_to_be_slow_is_read_all_the_same(question, text):
    assert given(question, text) is None
