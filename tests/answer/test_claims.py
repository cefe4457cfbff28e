"""Drafts become claims only through what they are checked against."""

import dataclasses

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from answer import claims
from answer.citations import Citations
from answer.claims import Checker, EvidenceSentence
from index import build
from index.store import open_library
from ingest.clean import clean
from ingest.passages import sentences

STORY = """Share
Cookie settings

Bridge closed after cracks are found

Engineer Mara Lind found the first cracks in the Gannet Bridge on 3 March 2025. \
The harbour council closed it “at once,â€ as the chair put it.
The ferry Petrel carries 60 people and needs 25 minutes for the crossing to the island.

Advertisement

By Thursday the queue on the quay had grown to 300 people, the harbour office said.
"""


@pytest.fixture(scope="module")
def checker(tmp_path_factory):
    from core.settings import Settings

    folder = tmp_path_factory.mktemp("story")
    (folder / "bridge.txt").write_text(STORY, encoding="utf-8")
    library = open_library(Settings(home=folder / "home"))
    build.add(library, [str(folder / "bridge.txt")], None)
    (article,) = library.articles(str(folder / "bridge.txt"))
    evidence = [
        EvidenceSentence(article, start, end, article.text[start:end])
        for start, end in sentences(article.text)
    ]
    yield Checker("Who found the cracks?", evidence, None, Citations(library))
    library.close()


def prove(checker, claim):
    """The span law for everything that the claim cites."""
    source_text = checker.citations.library.source_text(checker.evidence[0].article.path)
    by_number = {one.number: one for one in checker.citations.all()}
    assert (claim.verdict == "supported") == bool(claim.citations)
    for number in claim.citations:
        cited = by_number[number]
        assert source_text[cited.start : cited.end] == cited.source_quote
        assert clean(cited.source_quote) == cited.quote
        assert source_text[: cited.start].count("\n") + 1 == cited.line


def test_a_supported_draft_cites_the_very_sentence(checker):
    claim = claims.check("Mara Lind found the first cracks on 3 March 2025.", checker)
    assert claim.verdict == "supported"
    (number,) = claim.citations
    cited = next(one for one in checker.citations.all() if one.number == number)
    assert cited.quote.startswith("Engineer Mara Lind found the first cracks")
    prove(checker, claim)


def test_repaired_words_are_cited_with_what_stands_in_the_file(checker):
    claim = claims.check("The harbour council closed it “at once”.", checker)
    prove(checker, claim)
    assert claim.verdict == "supported"
    cited = [one for one in checker.citations.all() if one.number in claim.citations]
    assert any("“at once,”" in one.quote and "â€" in one.source_quote for one in cited)


def test_the_same_words_never_carry_two_numbers(checker):
    one = claims.check("The ferry Petrel carries 60 people.", checker)
    two = claims.check("The ferry Petrel needs 25 minutes for the crossing.", checker)
    assert one.citations == two.citations != ()
    places = [(cited.path, cited.start, cited.end) for cited in checker.citations.all()]
    assert len(places) == len(set(places))


def test_a_draft_that_only_repeats_the_question_is_no_answer(checker):
    claim = claims.check("The cracks were found.", checker)
    assert claim.verdict == "unsupported"
    assert "repeats" in claim.reason


def test_a_draft_that_holds_no_number_does_not_say_how_many(checker):
    counting = dataclasses.replace(checker, question="How many people does the ferry carry?")
    claim = claims.check("The ferry Petrel carries people for the crossing.", counting)
    assert (claim.verdict, "answer" in claim.reason) == ("unsupported", True)
    assert claims.check("The ferry Petrel carries 60 people.", counting).verdict == "supported"


WORDS = [*STORY.split(), "not", "never", "because", "400", "Nadia", "“closed”", "[1]", "…", "Whale"]


@hypothesis_settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=20))
def test_no_draft_can_cite_words_that_do_not_exist(checker, draft):
    prove(checker, claims.check(" ".join(draft), checker))


@pytest.mark.parametrize(
    ("stream", "drafts"),
    [
        (["One is", " here. Tw", "o too. Thr"], ["One is here.", "Two too.", "Thr"]),
        (["It is so [1]. And 【2†x】so [2, 3]."], ["It is so.", "And so."]),
        (["- **Bold** claim.\n- Another `one`."], ["Bold claim.", "Another one."]),
        (["See ![x](http://a.b/c.png) and [this](http://e.f)."], ["See x and this."]),
        (["<img src=x onerror=alert(1)>Text stays."], ["Text stays."]),
        (["", "  ", "..."], []),
        (["Dr. Lind", " spoke. Then", " left."], ["Dr. Lind spoke.", "Then left."]),
    ],
)
def test_drafted_sentences(stream, drafts):
    assert list(claims.drafted_sentences(stream)) == drafts
