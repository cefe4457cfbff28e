import pytest

from answer import question as questions
from answer import words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("more than 1,600 kilometers", {"1600"}),
        ("$8 billion and 3.5 percent", {"8", "3.5"}),
        ("twelve ferries, 15 votes", {"12", "15"}),
        ("GMLRS and B2B", set()),
        ("at 12:55", {"12:55"}),
    ],
)
def test_numbers(text, found):
    assert words.numbers(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Which country helps Ukraine?", {"ukraine"}),
        ("What did Xi Jinping say?", {"xi", "jinping"}),
        ("NATO met in The Hague.", {"nato", "hague"}),
        ("Nobody spoke.", set()),
    ],
)
def test_names(text, found):
    assert words.names(text) == found


def test_related_words_meet_through_their_stems():
    assert words.stem("resumed") in words.related(words.stem("reversed"))
    assert words.stem("weapons") in words.related(words.stem("arms"))
    assert not words.related(words.stem("lantern"))


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("why was it closed?", "why"),
        ("When did they speak?", "when"),
        ("What year was it built?", "when"),
        ("Where is it?", "where"),
        ("Who found the cracks?", "who"),
        ("How many leaves does it have?", "how_many"),
        ("How far can it fly?", "how_many"),
        ("Which munitions does it include?", "other"),
        ("bridge closed", "other"),
    ],
)
def test_kind(question, kind):
    assert questions.read(question).kind == kind


@pytest.mark.parametrize(
    ("question", "sentence", "better_than"),
    [
        ("How many drones flew?", "It sent 550 drones.", "It took 3 hours."),
        ("How far does it fly?", "It flies 995 miles.", "It was 3 of them."),
        ("How much did it cost?", "It cost €4.2 million.", "It has 4 piers."),
        ("Who found it?", "The crack was found by Mara Lind.", "the crack was found by chance."),
        ("When was it?", "It was on 9 July.", "It was grand."),
        ("Where was it?", "It was held in Karsholm.", "It was held twice."),
        ("Why was it?", "It was closed because of cracks.", "It was closed."),
    ],
)
def test_a_sentence_of_the_wanted_kind_fits_better(question, sentence, better_than):
    read = questions.read(question)
    assert questions.fits(read, sentence) > questions.fits(read, better_than)
