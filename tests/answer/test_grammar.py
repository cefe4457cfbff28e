import pytest

from answer.grammar import inflect, is_plural, participle_place, subject_and_verb


@pytest.mark.parametrize(
    ("verb", "auxiliary", "form"),
    [
        ("want", "does", "wants"), ("carry", "does", "carries"), ("go", "does", "goes"),
        ("have", "does", "has"), ("play", "does", "plays"), ("buy", "did", "bought"),
        ("stop", "did", "stopped"), ("close", "did", "closed"), ("deny", "did", "denied"),
        ("want", "do", "want"),
    ],
)  # fmt: skip
def test_a_verb_takes_the_tense_and_person_of_its_auxiliary(verb, auxiliary, form):
    assert inflect(verb, auxiliary) == form


@pytest.mark.parametrize(
    ("words", "split"),
    [
        ("Malta want to buy ferries", ("Malta", "want", "to buy ferries")),
        ("the council reverse the ban", ("the council", "reverse", "the ban")),
        ("the bus strike end", ("the bus strike", "end", "")),
        ("they in May", None),
        ("the green", None),
    ],
)
def test_a_question_is_split_at_its_verb_or_not_at_all(words, split):
    found = subject_and_verb(words.split())
    if split is None:
        assert found is None
    else:
        assert (" ".join(found[0]), found[1], " ".join(found[2])) == split


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("the arms pause reversed", 3),
        ("the newly proposed law rejected", 4),
        ("the bridge being repaired", 2),
        ("Lund short of water", None),
    ],
)
def test_the_predicate_begins_at_the_first_participle_after_a_noun(words, place):
    assert participle_place(words.split()) == place


def test_plurals_are_told_by_their_ending():
    assert [is_plural(one) for one in ("ferries", "glass", "bus", "crisis", "boat")] == [
        True, False, False, False, False,
    ]  # fmt: skip
