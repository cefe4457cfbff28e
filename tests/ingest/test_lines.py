from __future__ import annotations

import pytest

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
