"""The one way through, with small fakes for the models and the real ones at the end."""

import time
from pathlib import Path
from threading import Event

import pytest

from answer import ask as asking
from answer import looking
from answer.ask import ClaimChecked, Finished, ask, ask_way
from answer.looking import EvidenceFound, Tools, load_models
from answer.session import Sessions
from core.errors import InputError, ModelError
from core.records import Filters
from index.store import open_library
from ingest.clean import clean
from tests.fakes import FakeGenerator

QUESTION = "Who found the cracks in the Gannet Bridge?"


def run(settings, question=QUESTION, generator=None, filters=Filters()):
    with open_library(settings) as library:
        events = list(ask(Tools(library, load_models(settings), generator), question, filters))
        texts = {file.path: library.source_text(file.path) for file in library.files()}
    return events, events[-1].answer, texts


def check_citations(answer, texts):
    """Promise 1, and that only what is used is listed under a claim."""
    numbers = [one.number for one in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    for cited in answer.citations:
        assert texts[cited.path][cited.start : cited.end] == cited.source_quote
        assert clean(cited.source_quote) == cited.quote
    for claim in answer.claims:
        assert bool(claim.citations) == (claim.verdict == "supported")
        assert set(claim.citations) <= set(numbers)


def test_quotations_are_verbatim_and_fully_cited(demo):
    events, answer, texts = run(demo)
    assert isinstance(events[0], EvidenceFound)
    assert answer.status == "answered"
    assert answer.model is None
    by_number = {one.number: one for one in answer.citations}
    for claim in answer.claims:
        assert " ".join(by_number[n].quote for n in claim.citations) == claim.text
    check_citations(answer, texts)


def test_off_topic_is_not_found_with_the_nearest_passages(demo):
    events, answer, _ = run(demo, "What is the capital of Mongolia?")
    assert answer.status == "not_found"
    assert answer.claims == answer.citations == ()
    assert 1 <= len(answer.nearest) <= looking.NEAREST
    assert not any(isinstance(event, ClaimChecked) for event in events)


def test_a_generator_is_never_asked_about_what_is_not_there(demo):
    generator = FakeGenerator(["Ulaanbaatar."])
    _, answer, _ = run(demo, "What is the capital of Mongolia?", generator)
    assert generator.calls == []
    assert answer.status == "not_found"


def test_supported_drafts_are_shown_and_others_left_out_with_a_reason(demo):
    with open_library(demo) as library:
        tools = Tools(library, load_models(demo))
        quoted = list(ask(tools, QUESTION))[-1].answer.claims[0].text.split(". ")[0]
    reply = f"{quoted}. The bridge was then sold to the Queen of Norway for 77 crowns."
    _, answer, texts = run(demo, generator=FakeGenerator([reply]))
    assert answer.model == "fake"
    verdicts = [claim.verdict for claim in answer.claims]
    assert verdicts == ["supported", "unsupported"]
    assert answer.claims[1].reason
    check_citations(answer, texts)


def test_if_no_draft_holds_the_quotations_stand(demo):
    _, answer, texts = run(demo, generator=FakeGenerator(["It was all done by 9,000 otters."]))
    assert answer.status == "answered"
    assert answer.model is None
    assert [claim.verdict for claim in answer.claims][-1] == "unsupported"
    assert answer.asked_model == "fake"
    held = "No sentence drafted by fake held against the sources; these are quotations."
    assert held in answer.notes
    check_citations(answer, texts)


class Broken(FakeGenerator):
    """Ends with an error after what it was given to say."""

    def stream(self, question, notes):
        yield from super().stream(question, notes)
        raise ModelError("Its process ended. Ask again.")


def test_a_broken_generator_leaves_the_quotations_and_a_note_that_names_it(demo):
    _, answer, _ = run(demo, generator=Broken([""]))
    assert (answer.status, answer.model, answer.asked_model) == ("answered", None, "fake")
    told = "Made of quotations; the model fake could not be used: Its process ended. Ask again."
    assert answer.notes == (told,)


def test_what_held_before_a_generator_broke_stands_and_the_break_is_told(demo):
    quoted = run(demo)[1].claims[0].text.split(". ")[0]
    _, answer, _ = run(demo, generator=Broken([f"{quoted}. More."]))
    assert (answer.model, answer.asked_model) == ("fake", "fake")
    assert answer.notes[0].startswith("The model fake broke off before its answer was whole: Its")


def test_the_model_that_was_asked_is_kept_where_nothing_was_found(demo):
    _, answer, _ = run(demo, "What is the capital of Mongolia?", FakeGenerator(["Ulaanbaatar."]))
    assert (answer.status, answer.model, answer.asked_model) == ("not_found", None, "fake")
    assert run(demo)[1].asked_model is None


def test_an_empty_question_is_named(demo):
    with pytest.raises(InputError, match="empty"):
        run(demo, "  \x00 ")


def test_an_empty_library_finds_nothing(settings):
    _, answer, _ = run(settings, "Who?")
    assert (answer.status, answer.nearest) == ("not_found", ())


def test_filters_limit_the_sources(demo):
    _, answer, _ = run(demo, filters=Filters(path="*/no-such-folder/*"))
    assert answer.status == "not_found"
    _, answer, _ = run(
        demo, "How many drones did Russia launch?", filters=Filters(path="*continental*")
    )
    assert {Path(one.path).name.split("_")[0] for one in answer.citations} == {"continental-ledger"}


@pytest.mark.parametrize("model", ["none", "smollm2-135m-instruct"])
def test_the_headline_question_with_the_real_models(demo, model, request):
    if model != "none":
        request.getfixturevalue("gguf")
    generator = ask_way(demo, model)
    try:
        events, answer, texts = run(demo, "why was the arms pause reversed?", generator)
    finally:
        if generator is not None:
            generator.close()
    assert answer.status == "answered"
    shown = " ".join(one.quote for one in answer.citations)
    assert "tidewater-report" in " ".join(one.path for one in answer.citations)
    assert "defend" in shown
    check_citations(answer, texts)
    assert isinstance(events[-1], Finished)


def wait(sessions, session_id, *states):
    deadline = time.monotonic() + 60
    while (view := sessions.view(session_id)).state not in states:
        assert time.monotonic() < deadline, view
        time.sleep(0.02)
    return view


def test_a_session_goes_on_by_itself_and_keeps_its_answer(demo):
    sessions = Sessions(demo)
    view = wait(sessions, sessions.start(QUESTION), "done", "failed")
    assert view.state == "done", view.error
    assert view.answer is not None
    assert view.claims == view.answer.claims
    assert view.citations == view.answer.citations
    assert sessions.view("unknown") is None
    sessions.close()


def test_a_session_stops_and_the_next_one_works(demo):
    gate = Event()
    sessions = Sessions(demo)
    sessions._generators["slow"] = FakeGenerator(["A long story about cracks. And more."], gate)
    session_id = sessions.start(QUESTION, model="slow")
    wait(sessions, session_id, "writing")
    started = time.monotonic()
    sessions.stop(session_id)
    view = wait(sessions, session_id, "stopped")
    assert time.monotonic() - started < 2
    assert "Stopped; these are quotations." in view.answer.notes
    assert wait(sessions, sessions.start(QUESTION, model="none"), "done").answer is not None
    sessions.close()


def test_a_session_with_an_unknown_model_fails_with_a_named_reason(demo):
    sessions = Sessions(demo)
    view = wait(sessions, sessions.start(QUESTION, model="no-such-model"), "failed")
    assert "no-such-model" in view.error
    sessions.close()


def test_an_empty_question_starts_no_session(demo):
    with pytest.raises(InputError):
        Sessions(demo).start(" ")


def test_where_the_sources_are_not_english_the_answer_says_how_they_were_found(
    settings, tmp_path, real_source
):
    from index import build

    text = (
        "Die Fähre zur äußeren Insel fährt ab dem ersten Mai zweimal am Tag. "
        "Das Hafenamt sagte, dass das Boot am Morgen auch die Post mit sich nimmt. "
        "Die Karten sind an Bord zu haben, und für Kinder ist es nur die Hälfte. "
    )
    (tmp_path / "faehre.txt").write_text("Fähre zur Insel\n\n" + text)
    with open_library(settings) as library:
        build.add(library, [str(tmp_path / "faehre.txt")], real_source)
    _, german, _ = run(settings, "Was sagte das Hafenamt zur Fähre und der Post?")
    assert german.status == "answered"
    assert asking.FOREIGN in german.notes


def test_english_sources_need_no_such_note(demo):
    _, answer, _ = run(demo)
    assert asking.FOREIGN not in answer.notes


def test_a_time_of_reports_limits_the_sources_and_is_told(demo):
    _, answer, _ = run(
        demo, "Who found the cracks in the Gannet Bridge, in articles from March 2025?"
    )
    assert answer.filters == Filters(after="2025-03", before="2025-03")
    assert all(cited.published[:7] == "2025-03" for cited in answer.citations)
    assert any("March 2025" in note for note in answer.notes)


def test_a_time_of_reports_without_any_is_not_held_against_the_question(demo):
    _, answer, _ = run(
        demo, "Who found the cracks in the Gannet Bridge, in articles from March 1990?"
    )
    assert answer.filters == Filters()
    assert answer.status == "answered"
    assert any("March 1990" in note and "all dates" in note for note in answer.notes)


def test_dates_that_the_page_took_from_the_question_give_the_same_answer(demo):
    question = "Who found the cracks in the Gannet Bridge, in articles from March 2025?"
    dates = Filters(after="2025-03", before="2025-03")
    _, by_itself, _ = run(demo, question)
    _, chosen, _ = run(demo, question, filters=dates)
    assert [claim.text for claim in chosen.claims] == [claim.text for claim in by_itself.claims]
    assert chosen.notes == ()
    _, other, _ = run(demo, question, filters=Filters(after="2025-06"))
    assert other.filters == Filters(after="2025-06")


def test_notes_that_did_not_fit_are_told(demo):
    generator = FakeGenerator(["It was all done by 9,000 otters."])
    generator.dropped_notes = 1
    _, answer, _ = run(demo, generator=generator)
    shown = len(generator.calls[0][1])
    told = f"1 of the {shown} passages did not fit the model's context and were left out."
    assert told in answer.notes


def test_a_generator_is_given_the_passages_that_would_be_quoted_alone(demo, monkeypatch):
    monkeypatch.setattr(asking, "QUOTED_RELEVANCE", 0.3)
    generator = FakeGenerator(["It was all done by 9,000 otters."])
    events, _, _ = run(demo, generator=generator)
    found = events[0].evidence
    relevant = [run.text for run in found if run.relevance >= asking.QUOTED_RELEVANCE]
    assert len(relevant) < len(found)
    given = [" ".join(text.split()) for text in relevant[: asking.NOTES]]
    assert list(generator.calls[0][1]) == given
