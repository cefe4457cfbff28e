"""Repair, folding and the span law."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.records import SpanRun
from core.spans import to_source
from ingest.clean import clean, is_blank, keep


def broken(text: str, codec: str = "cp1252") -> str:
    """`text` as it looks when its UTF-8 was read as `codec`."""
    return "".join(
        bytes([byte]).decode(codec, errors="ignore") or chr(byte) for byte in text.encode("utf-8")
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("ā€œYes,ā€ she said.", "“Yes,” she said."),
        ("the endā€\n\nā€œnext", "the end” “next"),
        ("it ends hereā€", "it ends here”"),
        ("donâ€™t â€œgoâ€ nowâ€”ever", "don’t “go” now—ever"),
        ("cafÃ© naÃ¯ve Ã¼ber", "café naïve über"),
        ("Â£5 and 20Â\u00a0km, doneÂ  now", "£5 and 20 km, done now"),
        ("Ã¢â‚¬â„¢tis twice", "’tis twice"),
        ("Ă©tĂ© â€žcâ€ť", "été „c”"),
        ("ï»¿first", "first"),
        ("aâ€‹b", "ab"),
        ("Ã‘andu Â¿que?", "Ñandu ¿que?"),
    ],
)
def test_broken_encoding_is_repaired(source: str, expected: str) -> None:
    assert clean(source) == expected


@pytest.mark.parametrize(
    "text",
    [
        "“Good” quotes — and ‘these’ … stay",
        'straight "quotes" and it\'s too',
        "CAFÉ» and “PERÚ” and NÃO, AMANHÃ” IRMÃ…",
        "São João, às três, À la carte",
        "RĪGĀ» RĪGĀ… mājā… “ā” viņā",
        "HYVÄ” ÄÄNI… ÅBO»",
        "Úžas žluťoučký kůň ÚŠKLEBEK",
        "« café »… voilà”… L’ÉTÉ™",
        "Αυτό είναι ελληνικά. Привет, мир! Її їжа",
        "日本語のテキスト。中文，你好",
        "שלום עולם مرحبا بالعالم",
        "GUÐ” Þórður ÍSLAND",
        "5 € £3 ¥9 ½ © ® ° §",
        "👩‍👧 می‌خواهم",
    ],
)
def test_good_text_is_left_alone(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Příliš žluťoučký kůň úpěl ďábelské ódy",
        "Zażółć gęślą jaźń",
        "Größe „schön“ Übung",
        "déjà vu À la carte — “x”…",
        "Привет мир Это",
        "São João NÃO coração",
        "日本語のテキスト。中文",
        "Ő ű Ű İstanbul",
        "naïve ½ £5 © ™ € 😀",
    ],
)
def test_any_script_read_as_cp1252_comes_back(text: str) -> None:
    assert clean(broken(text)) == text
    assert clean(text) == text


def test_what_repair_finds_is_what_ftfy_finds_on_plain_damage() -> None:
    ftfy = pytest.importorskip("ftfy")
    for text in ("l’été — “où”", "Übergröße", "señor, ¿qué?", "10 £ – 20 €"):
        assert clean(broken(text)) == ftfy.fix_encoding(broken(text)) == text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a\u200bb", "ab"),
        ("\ufeffa", "a"),
        ("a\x00b\x07c", "abc"),
        ("a\u202eb\u2066c", "abc"),
        ("a\U000e0041\U000e0042b", "ab"),
        ("a\ud800b", "ab"),
        ("soft\u00adhyphen", "softhyphen"),
        ("a\u00a0\u2009 \t\nb", "a b"),
        (" \u200b a \u200b ", "a"),
        ("a \u200b b", "a b"),
        ("a\u2028b\x1cc\x85d", "a b c d"),
    ],
)
def test_unfit_characters_go_and_white_space_folds(source: str, expected: str) -> None:
    assert clean(source) == expected
    assert clean(expected) == expected


def test_a_repaired_run_maps_as_a_whole() -> None:
    source = "He said ā€œnoā€ twice."
    text, runs = keep(source, [(0, len(source))])
    assert text == "He said “no” twice."
    start = text.index("“")
    (piece,) = to_source(runs, start, start + 4)
    assert source[piece.source_start : piece.source_end] == "ā€œnoā€"


def test_paragraphs_with_only_white_space_between_are_one_stretch() -> None:
    source = "One.\r\n\r\n  Two."
    text, runs = keep(source, [(0, 4), (10, 14)])
    assert text == "One.\n\nTwo."
    (piece,) = to_source(runs, 0, len(text))
    assert (piece.source_start, piece.source_end) == (0, len(source))


def test_a_removed_range_leaves_a_hole() -> None:
    source = "One.\nMENU\nTwo."
    text, runs = keep(source, [(0, 4), (10, 14)])
    assert text == "One.\n\nTwo."
    pieces = to_source(runs, 0, len(text))
    assert [source[p.source_start : p.source_end] for p in pieces] == ["One.", "Two."]


def test_ranges_that_touch_are_one_word() -> None:
    text, runs = keep("abcdef", [(0, 3), (3, 6)])
    assert text == "abcdef"
    assert runs == (SpanRun(0, 6, 0, 6),)


def test_blank_means_nothing_to_see() -> None:
    assert is_blank(" \u200b\n", 0, 3)
    assert not is_blank(" a ", 0, 3)


HOSTILE = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            list(
                "ab. AÉÃÂÄāâ€œ”“™©\u00a0\u200b\u200d\ufeff\n\r\t\x00\x85\u2028\u202e\ud800»…¿é😀ðŸ"
            )
        ),
        st.sampled_from(list("ÐÑÎÏ°±²³´µ¶·¸¹º»¼½¾šžŸœ‚„†‡ˆ‰Š‹ŒŽ•–—˜\x81\x8d\x90ïå¥½ä")),
        st.characters(),
    ),
    max_size=60,
)


@st.composite
def sources_with_ranges(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    chunks = draw(st.lists(st.one_of(HOSTILE, HOSTILE.map(broken_safely)), max_size=5))
    source = "\n".join(chunks)
    cuts = sorted(draw(st.lists(st.integers(0, len(source)), max_size=6, unique=True)))
    if draw(st.booleans()):  # whole lines, as articles.py does
        return source, [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", source)]
    return source, [*zip(cuts[::2], cuts[1::2], strict=False)]


def broken_safely(text: str) -> str:
    return broken(text.encode("utf-8", "ignore").decode("utf-8"))


def folded(text: str) -> str:
    return " ".join(text.split())


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sources_with_ranges())
def test_span_law_on_hostile_text(case: tuple[str, list[tuple[int, int]]]) -> None:
    source, ranges = case
    text, runs = keep(source, ranges)
    check_runs(text, runs)
    words = [match.span() for match in re.finditer(r"\S+", text)]
    for first in range(len(words)):
        for last in {first, min(first + 3, len(words) - 1), len(words) - 1}:
            check_law(source, text, runs, words[first][0], words[last][1])


def check_runs(text: str, runs: tuple[SpanRun, ...]) -> None:
    clean_at = source_at = 0
    for run in runs:
        assert run.clean_start == clean_at < run.clean_end
        assert source_at <= run.source_start <= run.source_end
        clean_at, source_at = run.clean_end, run.source_end
    assert clean_at == len(text)


def check_law(source: str, text: str, runs: tuple[SpanRun, ...], start: int, end: int) -> None:
    pieces = to_source(runs, start, end)
    for piece in pieces:
        quote = source[piece.source_start : piece.source_end]
        assert clean(quote) == folded(text[piece.clean_start : piece.clean_end])


@settings(max_examples=400, deadline=None)
@given(HOSTILE)
def test_equal_lengths_are_character_for_character(source: str) -> None:
    text, runs = keep(source, [(0, len(source))])
    for run in runs:
        if run.clean_end - run.clean_start == run.source_end - run.source_start > 1:
            same = source[run.source_start : run.source_end]
            shown = text[run.clean_start : run.clean_end]
            assert [c if not c.isspace() else " " for c in same] == [
                c if not c.isspace() else " " for c in shown
            ]


@settings(max_examples=300, deadline=None)
@given(HOSTILE)
def test_keep_of_everything_is_clean(source: str) -> None:
    assert folded(keep(source, [(0, len(source))])[0]) == clean(source)


@pytest.mark.parametrize("piece_chars", [1, 7, 40])
@pytest.mark.parametrize(
    "source",
    [
        "One\n two\n\n\u200b three\nfour \nfive",
        broken("„Grün“ – été\nplus tôt\n\nà demain\u00a0!\nfin"),
        broken(broken("Zoë’s café\n“noir”\nété")),
        "a Â \nb Â c\nÂ d\n\u00ad\ne",
    ],
)
def test_a_text_read_in_pieces_is_read_the_same(
    monkeypatch: pytest.MonkeyPatch, source: str, piece_chars: int
) -> None:
    ranges = [(found.start(), found.end()) for found in re.finditer(r"[^\n]+", source)]
    whole, lines = keep(source, [(0, len(source))]), keep(source, ranges)
    monkeypatch.setattr("ingest.clean.PIECE_CHARS", piece_chars)
    assert keep(source, [(0, len(source))]) == whole
    assert keep(source, ranges) == lines


@pytest.mark.parametrize("gap", [" ", "\n", "\t", "\u00a0", "\u2028"])
def test_one_character_between_two_ranges_becomes_the_blank_line(gap: str) -> None:
    text, runs = keep(f"one two{gap}three  four", [(0, 7), (8, 19)])
    assert text == "one two\n\nthree four"
    (piece,) = to_source(runs, 0, len(text))
    assert (piece.source_start, piece.source_end) == (0, 19)


@given(st.text("ab Â\u00a0\u200b\t é—\u0300\U000e0101x'’", max_size=30))
def test_a_text_that_stands_is_given_as_it_is(text: str) -> None:
    whole = keep(text + " \u200bend", [(0, len(text) + 5)])[0]  # never taken for one that stands
    assert clean(f"{text} end") == whole
