from __future__ import annotations

import tomllib

import pytest

from core.errors import InputError
from evaluate import extraction, train_lines
from tests.conftest import PROJECT

PAGES = PROJECT.parent / "shared" / "data" / "article_extraction"
FLOORS = tomllib.loads((PROJECT / "tests" / "floors.toml").read_text())["extraction"]


def test_shingles_are_counted() -> None:
    assert extraction.page_score("a b c d e", "a b c d e") == (1.0, 1.0)
    assert extraction.page_score("a b c d e", "a b c d") == (1.0, 0.5)
    assert extraction.page_score("a b c d", "a b c d a b c d") == (0.2, 1.0)
    assert extraction.page_score("a b c d", "")[1] == 0.0


def test_means_come_before_the_harmonic_mean() -> None:
    scores = extraction.score(["a b c d", "e f g h"], ["a b c d", "x"])
    assert scores == {"precision": 0.5, "recall": 0.5, "f1": 0.5}


def test_pages_of_one_site_stay_together() -> None:
    sites = {extraction.site(url) for url in ("https://www.x.org/a", "http://x.org/b?c")}
    assert sites == {"x.org"}


def test_no_such_set(tmp_path) -> None:
    with pytest.raises(InputError):
        extraction.load(tmp_path)


def test_true_lines_are_the_bodys_and_no_copies() -> None:
    story = "the ferry ran late on tuesday again".split()
    lines = [story, ["menu"], story, "why it ran late".split(), ["late"], ["menu"]]
    body = "The ferry ran late on Tuesday again\nWhy it ran late"
    answers = train_lines.true_lines(lines, body)
    assert answers[3]
    assert answers[0] != answers[2]
    assert not any((answers[1], answers[4], answers[5]))


@pytest.mark.slow
@pytest.mark.skipif(not PAGES.is_dir(), reason="../shared/data/article_extraction is not here")
def test_articles_are_cut_out_of_pages_of_unseen_sites() -> None:
    scores = train_lines.evaluate(PAGES)
    for way, floor in FLOORS.items():
        assert scores[way]["f1"] >= floor, scores
    assert scores["whole page"]["f1"] < scores["flattened"]["f1"]
