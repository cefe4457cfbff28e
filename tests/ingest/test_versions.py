"""Copies and versions of one story, and what differs between them."""

from __future__ import annotations

import pytest

from core.records import Article
from ingest.versions import are_two_trims, compare, contradicts, is_copy, wholes

TEXT = (
    "A landslide above the village of Orlen has killed twelve people, the mayor said on Monday."
    "\n\nRescue teams from three valleys searched the slope through the night. "
    "The road to the village is closed."
    "\n\nThe mayor, Ida Brandt, said that the organisation of the search had been hard."
    "\n\nHeavy rain had fallen for six days before the slope gave way on Sunday evening."
)


def article(text: str, outlet: str | None = None, published: str | None = None) -> Article:
    return Article("a", "/a.txt", 0, "T", outlet, None, published, None, "en", text, ())


def shown(first: str, second: str) -> list[tuple[str, str, str]]:
    return [
        (one.kind, first[slice(*one.here)] if one.here else "",
         second[slice(*one.there)] if one.there else "")
        for one in compare(first, second)
    ]  # fmt: skip


SAME = {
    "quotes, case, punctuation": TEXT.upper().replace(",", ";"),
    "layout": TEXT.replace("\n\n", " "),
    "dateline": "ORLEN, March 3 (NPA) – " + TEXT,
    "another dateline": "Orlen, Tarn — " + TEXT,
    "spelling": TEXT.replace("organisation", "organization"),
    "paragraphs in another order": "\n\n".join(reversed(TEXT.split("\n\n"))),
    "cut off in a sentence": TEXT[: TEXT.index(" before the slope")] + "…",
}


@pytest.mark.parametrize("name", SAME)
def test_no_difference(name: str) -> None:
    assert compare(TEXT, SAME[name]) == ()
    assert compare(SAME[name], TEXT) == ()


def test_a_changed_figure_is_a_changed_sentence() -> None:
    revised = TEXT.replace("twelve", "19")
    ((kind, here, there),) = shown(TEXT, revised)
    assert kind == "changed"
    assert "killed twelve people" in here
    assert "killed 19 people" in there
    assert not is_copy(article(TEXT), article(revised), compare(TEXT, revised))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("had been hard", "had not been hard"),
        ("is closed", "is open"),
        ("Ida Brandt", "Ina Brandt"),
        ("on Sunday evening", "on Saturday evening"),
        ("six days", "16 days"),
    ],
)
def test_one_word_makes_a_version(old: str, new: str) -> None:
    revised = TEXT.replace(old, new)
    assert [kind for kind, _, _ in shown(TEXT, revised)] == ["changed"]
    assert contradicts(TEXT, revised)


def test_added_and_left_out_sentences() -> None:
    added = TEXT.replace("\n\nHeavy", "\n\nTwo bridges were washed away as well.\n\nHeavy")
    assert shown(TEXT, added) == [("added", "", "Two bridges were washed away as well.")]
    assert shown(added, TEXT) == [("left out", "Two bridges were washed away as well.", "")]


def test_a_changed_sentence_is_paired_among_new_ones() -> None:
    second = TEXT.replace(
        "The road to the village is closed.",
        "Schools stay shut for the week. The road to the village is open again.",
    )
    assert [kind for kind, _, _ in shown(TEXT, second)] == ["added", "changed"]


FURTHER = TEXT + "\n\nThe government of the canton has promised help for those who lost a house."


@pytest.mark.parametrize(
    ("first", "second", "copy"),
    [
        (article(TEXT), article(FURTHER), True),  # a trim, for all that is known
        (article(FURTHER), article(TEXT), True),
        (article(TEXT, "A", "2025-03-03"), article(FURTHER, "B", "2025-03-03"), True),
        (article(TEXT, "A", "2025-03"), article(FURTHER, "B", "2025-03-04"), True),
        (article(TEXT, "A", "2025-03-03"), article(FURTHER, "B", "2025-03-04"), False),
        (article(FURTHER, "B", "2025-03-04"), article(TEXT, "A", "2025-03-03"), False),
        (article(FURTHER, "A", "2025-03-03"), article(TEXT, "B", "2025-03-04"), True),
        (article(TEXT, "The Post"), article(FURTHER, "the post"), False),
        (article(TEXT, "A", "2025-03-03"), article(TEXT + "\n\nBy Ann Salter", "A"), True),
    ],
)
def test_a_further_paragraph_makes_a_version_where_it_came_later(
    first: Article, second: Article, copy: bool
) -> None:
    assert is_copy(first, second, compare(first.text, second.text)) == copy


def test_own_paragraphs_on_both_sides_make_versions() -> None:
    here = TEXT.replace("\n\nHeavy rain had fallen for six days before the slope gave way"
                        " on Sunday evening.", "")  # fmt: skip
    there = FURTHER.replace("Rescue teams from three valleys searched the slope through the"
                            " night. ", "")  # fmt: skip
    assert not is_copy(article(here), article(there), compare(here, there))


def test_two_trims_need_a_whole_that_has_all_of_both() -> None:
    """A short text that both have is none: each may have gone on in its own words."""
    here = article(TEXT + "\n\nThe inn below the chapel had nine guests on that evening, she said.")
    there = article(FURTHER)
    whole = article(here.text + FURTHER.removeprefix(TEXT))
    differences = compare(here.text, there.text)
    for others, expected in (([article(TEXT)], False), ([article(TEXT), whole], True), ([], False)):
        compared = [(one, compare(here.text, one.text)) for one in others]
        assert are_two_trims(here, there, differences, wholes(here, compared)) == expected


def test_what_a_trimmed_copy_lacks_it_does_not_contradict() -> None:
    passage = TEXT[TEXT.index("Heavy") :]
    trimmed = TEXT[: TEXT.index("\n\nHeavy")]
    assert not contradicts(passage, trimmed)
    assert not contradicts(passage, TEXT.replace("twelve", "19"))
    assert contradicts(TEXT[: TEXT.index("\n")], TEXT.replace("twelve", "19"))
    assert not contradicts("", TEXT)
    assert not contradicts(TEXT, "")
