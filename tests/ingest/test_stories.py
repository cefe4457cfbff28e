from __future__ import annotations

import random

import pytest

from ingest import stories
from ingest.stories import group, signature, similarity

WORDS = [f"word{number}" for number in range(4000)]


def story(seed: int, paragraphs: int = 8) -> list[str]:
    chooser = random.Random(seed)
    return [" ".join(chooser.choices(WORDS, k=45)).capitalize() + "." for _ in range(paragraphs)]


def test_signatures_are_stable_and_ignore_quotes_case_and_layout() -> None:
    text = "“It’s late,” " + " ".join(story(1))
    same = text.replace("“", '"').replace("”", '"').replace("’", "'").upper().replace(" ", "\n")
    assert signature(text) == signature(same)
    assert signature(text)[:8].hex() == signature(" ".join(text.split()))[:8].hex()
    # Pinned: stored signatures must mean the same on the next run and machine.
    assert signature(" ".join(f"a{n}" for n in range(40)))[:8].hex() == PINNED


PINNED = "d2c0cb8314395a01"


@pytest.mark.parametrize("count", [1, 7, 500])
def test_hashes_in_64_bits_are_those_of_plain_arithmetic(count: int) -> None:
    chooser = random.Random(count)
    shingles = {0, 2**56 - 1, *(chooser.randrange(2**56) for _ in range(count))}
    plain = [min((a * one + b) % stories._PRIME for one in shingles)
             for a, b in stories._MULTIPLIERS]  # fmt: skip
    assert stories._least(shingles) == plain


def test_copies_and_cut_copies_are_one_story() -> None:
    whole = story(1)
    texts = {
        "b": "\n\n".join(whole),
        "a": "\n\n".join([*whole[:3], *whole[4:]]),
        "c": "\n\n".join(["A line of the site above it all.", *whole]),
        "other": "\n\n".join(story(2)),
    }
    stories = group({name: signature(text) for name, text in texts.items()})
    assert stories == {"a": "a", "b": "a", "c": "a"}


def test_reports_of_one_event_that_share_a_quotation_stay_apart() -> None:
    quotation = story(9, 1)
    one, two = story(3) + quotation, quotation + story(4)
    stories = group({"1": signature(" ".join(one)), "2": signature(" ".join(two))})
    assert stories == {}
    assert similarity(signature(" ".join(one)), signature(" ".join(two))) < 0.3


def test_short_articles_are_grouped_only_when_equal() -> None:
    texts = {"1": "Bridge closed today.", "2": "“Bridge closed today”", "3": "Bridge closed now."}
    assert group({name: signature(text) for name, text in texts.items()}) == {"1": "1", "2": "1"}


def test_empty_texts_are_no_story() -> None:
    assert group({"1": signature(""), "2": signature(" … ")}) == {}


def test_many_copies_stay_fast() -> None:
    copy = signature(" ".join(story(5)))
    stories = group({f"{number:05}": copy for number in range(3000)})
    assert set(stories.values()) == {"00000"}


def test_a_short_cut_of_a_long_story_belongs_to_it() -> None:
    whole = story(7, 12)
    texts = {"whole": whole, "cut": whole[:5], "other": story(8, 5)}
    grouped = group({name: signature(" ".join(text)) for name, text in texts.items()})
    assert grouped == {"cut": "cut", "whole": "cut"}


def test_what_is_known_spares_work_and_changes_nothing() -> None:
    """Articles come and go in any order; the groups are those of all at once."""
    chooser = random.Random(3)
    signatures = {}
    for number in range(24):
        whole = story(number, 9)
        for copy in range(chooser.randrange(1, 5)):
            kept = [part for part in whole if copy == 0 or chooser.random() < 0.75]
            signatures[f"{chooser.randrange(10**6):06}"] = signature(" ".join(kept))
    held: dict[str, bytes] = {}
    known: dict[str, str] = {}
    for _ in range(40):
        fresh = set(chooser.sample(sorted(signatures), 4))
        gone = set(chooser.sample(sorted(held), min(len(held), 3))) - fresh
        for article_id in gone:
            del held[article_id]
        lost = {known[one] for one in gone | fresh if one in known}
        fresh |= {one for one, story_id in known.items() if story_id in lost and one in held}
        held.update((one, signatures[one]) for one in fresh)
        known = group(held, known, fresh)
        assert known == group(held)
    assert len(set(known.values())) > 5


def test_grouping_what_is_near_new_articles_changes_no_result():
    """Only new articles, those near them and their stories: as if all were grouped anew."""
    chosen = random.Random(5)
    texts: dict[str, str] = {}
    for n in range(120):
        words = [f"w{chosen.randrange(5000)}" for _ in range(chosen.choice([5, 80, 120]))]
        if texts and chosen.random() < 0.5:  # a copy, mostly with some words exchanged
            words = texts[chosen.choice(sorted(texts))].split()
            if chosen.random() < 0.8 and len(words) > 30:
                words[chosen.randrange(len(words))] = "new"
        texts[f"{chosen.randrange(10**6):06}-{n}"] = " ".join(words)
    signatures = {one: stories.signature(text) for one, text in texts.items()}
    fresh = set(chosen.sample(sorted(signatures), 15))
    old = {one: own for one, own in signatures.items() if one not in fresh}
    stored = stories.group(old)
    rows = list(old.items())
    met = fresh | stories.near([signatures[one] for one in fresh], [rows[:50], rows[50:]])
    assert len(met) < 100
    touched = {stored[one] for one in met if one in stored}
    known = {one: story for one, story in stored.items() if story in touched}
    part = {one: signatures[one] for one in met | known.keys()}
    found = {one: story for one, story in stored.items() if one not in known}
    found |= stories.group(part, known, fresh)
    assert found == stories.group(signatures)
    assert found != stored
