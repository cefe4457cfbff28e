import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.records import Article
from ingest.passages import PASSAGE_CHARS, SENTENCE_CHARS_LIMIT, sentences, split


def article(text):
    return Article("a", "/a.txt", 0, "T", None, None, None, None, None, text, ())


@pytest.mark.parametrize(
    "parts",
    [
        ["One.", "Two!", "Three?", "Four…"],
        ["He met Sen. Graham (R-S.C.) at 10 a.m. on Monday.", "They spoke."],
        ["“It’s bad,” he said.", "“Go.”", "She went."],
        ["It was sold in the U.S. Undersecretary Lee said so.", "The end."],
        ["It grew in the U.S.", "The rest shrank by 3.5 percent."],
        ["“Stop!” she cried.", "J. R. Smith did."],
        ["A heading\n\n", "And its text."],
        ["中国很大。", "是的！", "好。"],
        ["Он приехал в 1999 г. в Киев.", "Потом уехал."],
        ["Ήρθε χθες.", "Πού πήγε;", "Έφυγε."],
        ["وصل أمس.", "هل غادر؟", "نعم."],
        ["वह आया।", "वह गया।"],
        ["No. 5 is alive.", "Dr. No. is not…", "Is he?"],
    ],
)
def test_sentences(parts):
    text = "".join(part if part.endswith("\n") else part + " " for part in parts)
    found = [text[start:end] for start, end in sentences(text)]
    assert found == [part.strip() for part in parts]


@pytest.mark.parametrize(
    "parts",
    [
        ["Am 9. Juli kam er.", "Am 3. April ging er."],
        ["Im 19. Jahrhundert lag hier Haus Nr. 5 am Fluss.", "Er wurde 19.", "Danach kam"],
        ["Es gibt z. B. Äpfel und evtl. Birnen usw.", "Er aß sie."],
        ["Er kam am 9. Juli an.", "Dann ging er."],
        ["Hier M. Dupont est venu.", "Puis il est parti."],
        ["Он живёт в г. Москва на ул. Ленина, т. е. рядом.", "Это стр. 12 книги."],
        ["Він живе на вул. Шевченка.", "Це добре."],
        ["Ο δρ. Παπάς ήρθε.", "Έφυγε."],
        ["He scored 3.", "April was cold.", "He left."],
        ["Lot No. 5 was sold.", "It was cold."],
    ],
)
def test_ordinals_and_abbreviations_of_other_languages(parts):
    text = " ".join(parts)
    assert [text[start:end] for start, end in sentences(text)] == parts


@given(st.text(alphabet='aB1 .!?\n"”“’()。é', max_size=300))
def test_sentences_keep_every_word_in_order(text):
    spans = sentences(text)
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(one[1] <= two[0] for one, two in zip(spans, spans[1:], strict=False))
    kept = "".join("".join(text[a:b].split()) for a, b in spans)
    assert kept == "".join(text.split())
    assert not any("\n" in text[a:b] for a, b in spans)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=40), st.integers(0, 5))
def test_passages_hold_every_sentence_once(lengths, paragraph_every):
    pieces = []
    for place, length in enumerate(lengths):
        pieces.append("Word " * length + "end.")
        pieces.append("\n\n" if paragraph_every and place % paragraph_every == 0 else " ")
    text = "".join(pieces).strip()
    passages = split(article(text))
    assert all(one.text == text[one.start : one.end] for one in passages)
    edges = sentences(text)
    starts, ends = {a for a, _ in edges}, {b for _, b in edges}
    assert all(one.start in starts and one.end in ends for one in passages)
    covered = sum(len("".join(one.text.split())) for one in passages)
    assert covered == len("".join(text.split()))
    assert all(len(one.text) <= PASSAGE_CHARS for one in passages if one.text.count(".") > 1)


def test_a_text_without_sentence_ends_is_cut_at_white_space():
    text = "word " * 2000
    found = sentences(text)
    assert max(end - start for start, end in found) <= SENTENCE_CHARS_LIMIT
    assert all(text[start:end].startswith("word") for start, end in found)


def test_long_runs_of_stops_and_long_words_cost_no_more_than_other_text():
    """Each was once tried from every one of its characters: minutes for these."""
    for text in ("Word " + "." * 300_000 + "x", "x." * 150_000, "“" * 300_000, "a.m. " * 60_000):
        found = sentences(text)
        assert found[0][0] == 0
        assert found[-1][1] == len(text.rstrip())


def test_full_stops_of_two_kinds():
    text = "Really?! “Yes...” he said. 真的！！」好。Ποιος; Εγώ."
    assert [text[start:end] for start, end in sentences(text)] == [
        "Really?!", "“Yes...” he said.", "真的！！」", "好。", "Ποιος;", "Εγώ.",
    ]  # fmt: skip
