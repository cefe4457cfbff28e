"""Names of groups: words of many of a group's articles, and of few others."""

from index.views.terms import Text, names

HARBOUR = ["The ferry left Holm.", "A ferry came to Holm in fog.", "Holm waits for the Ferry."]
FARM = ["Apples were picked.", "The apples lay in the barn.", "Apple and pear in one barn."]


def texts(words, language="en"):
    return [Text(one, language) for one in words]


def test_words_of_the_group_and_not_of_the_others():
    found = names({0: texts(HARBOUR), 1: texts(FARM)})
    assert set(found[0][:2]) == {"ferry", "Holm"}
    assert found[1][0] == "apples"
    assert "barn" in found[1]


def test_forms_of_one_word_are_one_word():
    found = names({0: texts(HARBOUR), 1: texts(FARM)})
    assert len({word.lower().rstrip("s") for word in found[1]}) == len(found[1])


def test_words_that_everyone_writes_name_nothing():
    groups = {
        number: texts([f"Officials said {word} and {word} again." for _ in range(5)])
        for number, word in enumerate(("rivers", "mountains", "forests"))
    }
    assert list(names(groups).values()) == [("rivers",), ("mountains",), ("forests",)]


def test_common_words_of_another_language_name_nothing():
    german = [f"Der Bericht und die {word} der Stadt" for word in "Fähre Brücke Straße".split() * 3]
    found = names({0: texts(german, "de"), 1: texts(HARBOUR * 3, "en")})
    assert not {"der", "und", "die"} & {word.lower() for word in found[0]}


def test_scripts_without_word_spaces():
    found = names({0: texts(["渡轮离开港口", "渡轮到达港口"], "zh"), 1: texts(FARM)})
    assert "渡轮" in found[0]


def test_nothing_to_tell_is_no_name():
    assert names({}) == {}
    assert names({0: []}) == {0: ()}
    assert names({0: [Text("")], 1: [Text("12 34")]}) == {0: (), 1: ()}


def test_a_single_group_is_told_by_its_own_words():
    assert "ferry" in names({0: texts(HARBOUR)})[0]
