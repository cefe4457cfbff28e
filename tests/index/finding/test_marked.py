"""Marks stand exactly on the words that FTS5 finds."""

import pytest

from index import schema
from index.finding.marked import TOKENIZER, densest, marked


def words(query, text):
    return [text[start:end] for start, end in marked(query, [text])[0]]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("rockets", "One rocket; ROCKETS, rocketed, rocketry.", ["rocket", "ROCKETS", "rocketed"]),
        ("the cafe of Zurich", "The café of Zürich, of the old.", ["café", "Zürich"]),
        ("cafe", "A cafe\u0301 there.", ["cafe\u0301"]),
        ('"closed its doors"', "It closed. It closed its doors.", ["closed its doors"]),
        ('"its closed doors"', "It closed its doors.", []),
        ("贸易政策", "宣布新的贸易政策。北京的", ["贸易政策"]),
        ("迎", "北京的专家表示欢迎。", ["迎"]),
        ("パンダの赤ちゃん", "東京でパンダが", ["パンダ"]),
        ("κυβερνηση", "Η κυβέρνηση ανακοίνωσε", ["κυβέρνηση"]),
        ("iPhone手机", "新的iPhone手机", ["iPhone手机"]),
        ("snake_case", "snake_case, snake and case", ["snake", "case", "snake", "case"]),
        ("b script", "<b>bold</b> <script>", ["b", "b", "script"]),
        ("🌊", "a wave 🌊", []),
        ("", "nothing", []),
        ('NEAR("a" AND *', "near and far", ["near"]),
        ("the", "the end of the road", ["the", "the"]),
    ],
)
def test_marks(query, text, expected):
    assert words(query, text) == expected


def test_each_text_has_its_own():
    texts = ["A bridge.", "", "No such thing: bridges."]
    assert marked("bridge", texts) == [[(2, 8)], [], [(15, 22)]]


def test_the_tokenizer_is_the_librarys():
    assert TOKENIZER in schema.TABLES


def test_the_sentence_with_most_different_words():
    text = "The bridge, the bridge. A crack in the bridge. Nothing."
    (ranges,) = marked("crack bridge", [text])
    start, end = densest(text, ranges)
    assert text[start:end] == "A crack in the bridge."
    assert densest(text, []) == (0, len(text))
