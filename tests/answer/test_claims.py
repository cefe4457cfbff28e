"""Drafts become claims only through what they are checked against."""

import dataclasses
import hashlib
import re
from functools import cache
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from answer import claims
from answer import question as questions
from answer.citations import Citations
from answer.claims import Checker, EvidenceSentence
from answer.evidence import Models
from index import build
from index.encoding.token_states import from_rows
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
    yield Checker("Who found the cracks?", evidence, Models(None), Citations(library))
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


class WordEncoder:
    """Token states without a model: every word is one token with a vector of its own."""

    def token_states(self, texts):
        return [self._states(text) for text in texts]

    def _states(self, text):
        places = [match.span() for match in re.finditer(r"\S+", text)]
        rows = [self._vector(text[start:end].lower()) for start, end in places]
        return from_rows(places, np.array(rows, dtype=np.float32).reshape(len(places), 8))

    @staticmethod
    @cache
    def _vector(word):
        digest = hashlib.sha256(word.encode(errors="surrogatepass")).digest()
        return tuple(byte - 127.5 for byte in digest[:8])


JUNK = [
    "[3]",
    "[^1]",
    "【4†source】",
    "[x](http://a.b)",
    "<b>",
    "**",
    "\u202e",
    "\x00",
    "\ud83d",
    "🙂",
]


def random_drafts(count):
    """Shuffled words, spliced sentences, altered values, markup and junk; always the same."""
    random = Random(0)
    told = [STORY[start:end] for start, end in sentences(STORY)]
    for number in range(count):
        words = random.choice(told).split()
        kind = number % 4
        if kind == 0:
            random.shuffle(words)
        elif kind == 1:
            other = random.choice(told).split()
            words = words[: random.randint(1, len(words))] + other[random.randint(0, len(other)) :]
        elif kind == 2:
            words[random.randrange(len(words))] = random.choice(WORDS)
        else:
            words = random.choices([*WORDS, *JUNK], k=random.randint(1, 15))
        for _ in range(random.randint(0, 2)):
            words.insert(random.randint(0, len(words)), random.choice(JUNK))
        yield " ".join(words)


def test_ten_thousand_random_drafts_cite_only_words_that_exist(checker):
    encoder = WordEncoder()
    reading = dataclasses.replace(checker, models=Models(encoder))
    supported = 0
    for number, draft in enumerate(random_drafts(10_000)):
        for sentence in claims.drafted_sentences(
            [draft[: len(draft) // 2], draft[len(draft) // 2 :]]
        ):
            claim = claims.check(sentence, reading if number % 2 else checker)
            if claim.citations or claim.verdict == "supported":
                prove(checker, claim)
                supported += 1
    assert supported > 100  # the drafts are not so wild that none is ever checked
    used = {cited.number for cited in checker.citations.all()}
    assert used == set(range(1, len(used) + 1))


def test_a_claim_that_can_not_be_proven_leaves_no_citation_behind(checker):
    citations = Citations(checker.citations.library)
    article = checker.evidence[0].article
    broken = dataclasses.replace(article, text="She found the first cracks on 3 March 2025.")
    evidence = [
        EvidenceSentence(article, one.start, one.end, "Mara Lind is an engineer of the town.")
        for one in checker.evidence[-1:]
    ] + [EvidenceSentence(broken, 0, len(broken.text), broken.text)]
    fresh = dataclasses.replace(checker, evidence=evidence, citations=citations)
    claim = claims.check("Mara Lind found the first cracks on 3 March 2025.", fresh)
    assert (claim.verdict, claim.reason) == ("unsupported", "its source could not be proven")
    assert citations.all() == ()


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


@pytest.mark.parametrize(
    ("question", "draft", "told"),
    [
        ("Who bought the ferry?", "Malta bought the ferry from Norway in May.", True),
        (
            "Who bought the ferry?",
            "Malta bought the ferry and sold a tug in June.",
            False,
        ),  # welded
        ("Why was the ferry bought?", "The ferry was bought because the old one leaks.", False),
        ("Why was the tug sold?", "The tug was sold because it leaks.", True),
    ],
)
def test_a_draft_stands_in_one_sentence_a_reason_with_its_event(question, draft, told):
    cited = ["Malta bought the ferry from Norway in May.", "A tug was sold in June, as it leaks."]
    assert claims._told_at_once(draft, questions.read(question), cited) is told
