from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import boilerplate, phrases, zones
from ingest.lines import fold, split_lines


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Story continues below commercial", "advertisement"),
        ("Tap to watch: 'The bridge opens'", "player"),
        ("See also Can the mayor swim?", "related stories"),
        ("Next Article Beer from a lake", "related stories"),
        ("A ferry at dawn. (AP Photo/Jo Marr)", "caption"),
        ("FILE – The harbour master at work, June 2019.", "caption"),
        ("https://img.example/2024/a.jpg?width=1200", "image"),
        ("logo logo", "image"),
        ("Sign up for our weekly newsletter", "newsletter"),
        ("All the news of the river, sent straight to your inbox.", "newsletter"),
        ("Facebook Twitter Email Copy Link", "share buttons"),
        ("This website uses cookies.", "cookie notice"),
        ("You have read 2 of 3 free stories this month.", "paywall"),
        ("No comments yet...", "comment form"),
        ("© 2024 Velm Courier. All rights reserved.", "copyright"),
        ("Tags: bridge, Velm", "tags"),
        ("This article was originally published by the Hill Herald.", "provenance"),
        ("Last updated: July 12, 2025 12:55 am", "dates"),
        ("Coastlinea day ago", "dates"),
        ("Download the app", "app or shop promotion"),
        ("Home > News > City", "site links"),
        ("Ana Ruiz writes about rivers and the people who cross them.", "about the author"),
    ],
)
def test_lines_that_say_what_they_are(line: str, reason: str) -> None:
    assert phrases.reason(line) == reason


@pytest.mark.parametrize(
    "line",
    [
        "The council met on Tuesday.",
        "“Leave a comment if you dare,” she wrote on the wall.",
        "He shared the photo with his sister, who framed it.",
        "Call With the Mayor: A Pivotal Moment",
        "The price of tomatoes rose by 3 percent (0.5 in March).",
        "More than 300 people signed the petition.",
        "Copyright law is being rewritten, and nobody is happy about the draft that came out on "
        "Friday after months of closed talks between publishers, libraries and the ministry.",
        "Watch this space: nobody knows.",
        "What’s Next?",
        "Previous attempts to raise the ship had failed.",
    ],
)
def test_lines_of_a_story(line: str) -> None:
    assert phrases.reason(line) == ""


def test_footers_and_pitches() -> None:
    assert zones.STRONG_FOOTER.search("You Might Also Like")
    assert zones.STRONG_FOOTER.search("Popular Posts")
    assert zones.WEAK_FOOTER.search("More on City News")
    assert not zones.WEAK_FOOTER.search("More on the bridge than under it, said the engineer.")
    assert zones.PITCH_OPENS.found("Please consider supporting independent reporting")
    assert not zones.PITCH_OPENS.found("The party asked voters to support independence.")


def test_offsets_are_of_the_source() -> None:
    source = "  First\u200b line \r\n\r\n\t• second\n"
    lines = split_lines(source)
    assert [(line.text, line.gap, line.bullet) for line in lines] == [
        ("First line", True, False),
        ("• second", True, True),
    ]
    assert source[lines[1].start : lines[1].end] == "\t• second"


def test_repeated_headlines_are_not_joined() -> None:
    line = "A headline that is as long as the lines of a mail are wide"
    assert len(split_lines(f"{line}\n{line}\n")) == 2


def test_markdown_is_judged_as_it_is_shown() -> None:
    source = "[Menu](#m) [Ports](/p) [Weather](/w)\n\n## **Related**\n\n---\n"
    menu, related, rule = split_lines(source, markdown=True)
    assert menu.own_words == "site links"
    assert (related.text, related.heading) == ("Related", True)
    assert rule.own_words == "markup"


def test_fold_ignores_case_quotes_and_signs() -> None:
    assert fold("It’s “late”—Now!") == fold("it's LATE now")


def test_plain_notes_are_no_saved_page() -> None:
    assert not boilerplate.is_saved_page(split_lines("- rope\n- bread\n\nMeet at noon.\n"))


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_folds_as_other_text_does(text: str) -> None:
    assert fold(text) == fold(text + " é").removesuffix("é").rstrip()


@pytest.mark.parametrize(
    ("text", "sentence", "cut_off"),
    [
        ("She said: “Go.”", True, False),
        ("(It was _so_.)**", True, False),
        ("他说好。", True, False),
        ("And then...", True, True),
        ("And then […]", True, True),
        ("A headline", False, False),
        ("”)", False, False),
    ],
)
def test_ends_of_lines(text: str, sentence: bool, cut_off: bool) -> None:
    (line,) = split_lines(text)
    assert (line.sentence, line.cut_off) == (sentence, cut_off)


PARAGRAPH = (
    "The ferry of Velm ran late on Tuesday, because the harbour pilots had gone to a meeting "
    "about the new lighthouse, said Ilka Brandt."
)


def footers(*texts: str) -> list[str]:
    """Which of the lines the rules take for part of a footer."""
    lines = split_lines("\n\n".join(texts))
    labels = boilerplate.rules(lines, "", saved_page=True)
    pairs = zip(lines, labels, strict=True)
    return [line.text for line, why in pairs if why == "related stories"]


def test_a_footer_ends_the_story_but_not_before_most_of_its_text() -> None:
    told = [PARAGRAPH.replace("Velm", f"Velm {n}") for n in range(9)]
    assert footers(*told[:3], "Footer", *told[3:5]) == ["Footer", *told[3:5]]
    assert footers(told[0], "Footer", *told[1:]) == []  # more than twice as much follows
    assert footers(*told[:3], "Footer", *told[3:]) == ["Footer", *told[3:]]  # no more than that
    # One that is passed over counts as read: the second one stands after more text.
    assert footers(*told[:2], "Footer", *told[2:5], "Footer", *told[5:]) == ["Footer", *told[5:]]


def test_text_in_a_box_of_links_does_not_count_for_the_footer_after_it() -> None:
    told = [PARAGRAPH.replace("Velm", f"Velm {n}") for n in range(9)]
    box = ["Related Articles", "A cat in the organ", "Ten recipes"]
    found = footers(told[0], *box, *told[1:4], "Footer", *told[4:])
    assert found == [*box, "Footer", *told[4:]]
