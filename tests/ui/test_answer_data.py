from __future__ import annotations

from dataclasses import replace

from core.records import Claim
from tests.ui import fakes
from ui import answer_data
from ui.reader_data import Place


def test_supported_sentences_are_shown_and_others_only_counted() -> None:
    answer = answer_data.ask_data(fakes.DONE)["answer"]
    assert [claim["text"] for claim in answer["claims"]] == [
        claim.text for claim in fakes.CLAIMS[:2]
    ]
    assert answer["leftOutWords"] == "1 sentence left out"
    assert answer["leftOut"][0]["reason"] == "the sources don't say “two”"
    assert answer["heading"] == ""


def test_a_left_out_sentence_always_has_a_reason() -> None:
    claims = (Claim("No.", 0.0, "unsupported", ()),)
    view = replace(fakes.DONE, claims=claims, answer=None, state="writing")
    answer = answer_data.ask_data(view)["answer"]
    assert answer["leftOut"][0]["reason"] == "the sources don't say this"


def test_running_question_shows_progress_and_what_it_has() -> None:
    view = replace(fakes.DONE, state="writing", answer=None, claims=fakes.CLAIMS[:1])
    data = answer_data.ask_data(view)
    assert data["running"] is True
    assert "checking" in data["progress"]
    assert len(data["answer"]["claims"]) == 1
    assert data["answer"]["status"] == ""
    assert data["cards"]["open"] is True


def test_not_found_gives_the_nearest_passages() -> None:
    data = answer_data.ask_data(fakes.NOT_FOUND)
    assert data["answer"]["heading"].startswith("Your articles don’t say")
    assert data["cards"]["kind"] == "nearest"
    assert data["cards"]["items"][0]["source"] == "harbour.txt · no date"
    assert data["cards"]["items"][0]["also"] == "also in 1 copy"


def test_not_found_says_what_is_missing_as_a_whole_and_for_each_passage() -> None:
    told = replace(
        fakes.NOT_FOUND.answer,
        shortfall="Your articles never mention Oslo.",
        shortfalls=tuple(f"Lacks {place}." for place in range(len(fakes.NOT_FOUND.answer.nearest))),
    )
    data = answer_data.ask_data(replace(fakes.NOT_FOUND, answer=told))
    assert data["answer"]["why"] == "Your articles never mention Oslo. The nearest passages:"
    assert data["cards"]["items"][0]["shortfall"] == "Lacks 0."


def test_an_answer_saved_without_reasons_is_still_drawn() -> None:
    data = answer_data.ask_data(fakes.NOT_FOUND)
    assert data["answer"]["why"] == "The nearest passages:"
    assert {item["shortfall"] for item in data["cards"]["items"]} == {""}


def test_where_sources_differ_each_sentence_is_led_by_its_date_and_value() -> None:
    first, *others = fakes.CLAIMS
    claims = (replace(first, value="£4.2 million", earlier=True), *others)
    answer = replace(fakes.ANSWER, claims=claims, differs="Four or six.")
    data = answer_data.ask_data(replace(fakes.DONE, claims=claims, answer=answer))["answer"]
    assert (data["heading"], data["why"]) == ("", "Four or six.")
    labels = [claim["label"] for claim in data["claims"]]
    assert labels[0].endswith(", earlier: £4.2 million")
    assert labels[1] == ""


def test_quotations_are_drawn_as_quotations_from_the_first_one_on() -> None:
    running = replace(fakes.DONE, state="writing", answer=None)
    quoting = replace(running, model="none")
    assert answer_data.ask_data(quoting)["answer"]["style"] == "quotations"
    assert answer_data.ask_data(running)["answer"]["style"] == "prose"
    done = replace(fakes.DONE, answer=replace(fakes.ANSWER, model=None))
    assert answer_data.ask_data(done)["answer"]["style"] == "quotations"


def test_left_out_sentences_are_shown_struck_through_where_the_reader_wants_it() -> None:
    answer = answer_data.ask_data(fakes.DONE, shows_left_out=True)["answer"]
    *supported, last = answer["claims"]
    assert [claim["text"] for claim in supported] == [claim.text for claim in fakes.CLAIMS[:2]]
    assert not any("left" in claim for claim in supported)
    assert last["text"] == fakes.CLAIMS[2].text
    assert last["left"] == "not in your articles: the sources don't say “two”"
    assert last["marks"] == []
    assert answer["leftOutWords"] == "1 sentence left out"
    assert answer["leftOutShown"] is True


def test_failed_question_says_why() -> None:
    view = replace(fakes.DONE, state="failed", answer=None, error="The model died.")
    answer = answer_data.ask_data(view)["answer"]
    assert answer["trouble"] == "The model died."
    assert answer["heading"]


def test_places_of_marks_and_cards() -> None:
    first = fakes.CITATIONS[0]
    expected = Place(fakes.PATH, first.start, first.end, 1, first.quote)
    assert answer_data.place(fakes.DONE, "citation", 1) == expected
    card = answer_data.place(fakes.DONE, "evidence", 0)
    assert card == Place(fakes.PATH, first.start, first.end, words=first.quote)
    near = answer_data.place(fakes.NOT_FOUND, "nearest", 0)
    second = fakes.CITATIONS[1]
    assert near == Place(fakes.PATH, second.start, second.end, words=second.quote)
    for kind, index in (("citation", 9), ("evidence", 5), ("nearest", -1), ("other", 0)):
        assert answer_data.place(fakes.DONE, kind, index) is None
