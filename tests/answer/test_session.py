"""Questions outside the page: followed, stopped, saved and opened again."""

import threading
import time
from dataclasses import replace

import pytest

from answer import session as module
from answer.ask import Following
from answer.desk import open_desk
from answer.evidence import Models
from answer.following.conversation import following
from answer.session import Sessions
from core.errors import InputError
from index import build
from index.store import open_library
from tests.fakes import FakeGenerator
from ui.answer_data import ask_data

TEXT = """Ferry sinks off Holm

The ferry Selma sank because water had entered the engine room. Captain Ida Moss ordered the \
crew into the boats.

The harbour office of Holm raised the ferry Selma in May.
"""
QUESTION = "Why did the ferry Selma sink?"


class Writer:
    """Gives one sentence, waits until it is let go or stopped, and gives another."""

    name = "writer"

    def __init__(self):
        self.stopped, self.begun, self.go_on = (threading.Event() for _ in range(3))
        self.asked, self.dropped_notes = [], 0

    def stream(self, question, notes):
        self.asked.append(question)
        yield "The ferry Selma sank because water had entered the engine room. "
        yield "The harbour "  # a sentence is whole when the next one begins
        self.begun.set()
        while not (self.stopped.is_set() or self.go_on.is_set()):
            time.sleep(0.01)
        if not self.stopped.is_set():
            yield "office of Holm raised the ferry Selma in May. "

    def stop(self):
        self.stopped.set()

    def close(self):
        pass


@pytest.fixture
def sessions(settings, fake_source, fake_encoder, tmp_path, monkeypatch):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "ferry.txt").write_text(TEXT, "utf-8")
    with open_library(settings) as library:
        build.add(library, [str(folder)], fake_source)
    monkeypatch.setattr(module, "load_models", lambda _: Models(fake_encoder))
    made = Sessions(settings)
    yield made
    made.close()


def finished(sessions, session_id):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        view = sessions.view(session_id)
        if view.state in ("done", "stopped", "failed"):
            return view
        time.sleep(0.01)
    raise AssertionError(sessions.view(session_id))


def test_a_finished_question_is_saved_under_its_own_id(sessions, settings):
    session_id = sessions.start(QUESTION, model="none")
    view = finished(sessions, session_id)
    assert (view.state, view.saved) == ("done", False)
    assert view.answer.answer_id == session_id
    again = Sessions(settings).view(session_id)  # after a restart
    assert again.saved
    assert again.answer == view.answer
    assert (again.claims, again.citations) == (view.claims, view.citations)
    assert sessions.view("unknown") is None


def test_a_saved_answer_tells_the_way_that_was_asked_for(sessions, settings, monkeypatch):
    monkeypatch.setattr(module, "ask_way", lambda _settings, model: FakeGenerator(["Otters."]))
    quoted = finished(sessions, sessions.start(QUESTION, model="fake"))
    assert quoted.answer.model is None
    assert [told(view) for view in (quoted, Sessions(settings).view(quoted.session_id))] == [
        ("fake", "quotations", told(quoted)[2])
    ] * 2
    monkeypatch.undo()
    monkeypatch.setattr(module, "load_models", lambda _: Models(None))
    by_default = finished(sessions, sessions.start(QUESTION))
    saved = Sessions(settings).view(by_default.session_id)
    assert by_default.model == saved.model == "none"
    older = replace(saved.answer, model="small-model", asked_model=None)  # of an older version
    assert module.saved_view(older).model == "small-model"


def told(view):
    """The way that was asked for and the data of the answer, as the page has them."""
    data = ask_data(view)["answer"]
    return view.model, data["style"], (data["status"], data["notes"])


def test_a_deleted_answer_is_forgotten_by_the_app_too(sessions, settings):
    session_id = sessions.start(QUESTION, model="none")
    finished(sessions, session_id)
    with open_desk(settings) as desk:
        desk.delete_answer(session_id)
    assert sessions.view(session_id) is not None
    sessions.forget(session_id)
    assert sessions.view(session_id) is None
    sessions.forget("unknown")


def test_a_follow_up_is_asked_whole_and_keeps_what_was_typed(sessions, settings):
    first = sessions.start(QUESTION, model="none")
    finished(sessions, first)
    after = following(settings, "and who ordered it?", first)
    assert after == Following(first, "Who ordered the ferry Selma?")
    second = sessions.start("and who ordered it?", model="none", following=after)
    answer = finished(sessions, second).answer
    assert answer.question == "and who ordered it?"
    assert answer.resolved_question == "Who ordered the ferry Selma?"
    assert answer.follows == first
    with open_desk(settings) as desk:
        assert [one.answer_id for one in desk.conversation(second)] == [first, second]
    assert Sessions(settings).view(second).following == after


def test_a_follow_up_of_nothing_is_refused(settings):
    with pytest.raises(InputError, match="No answer nothing"):
        following(settings, "why?", "nothing")


def test_what_was_checked_before_the_stop_is_kept_and_saved(sessions, settings, monkeypatch):
    writer = Writer()
    monkeypatch.setattr(module, "ask_way", lambda _settings, model: writer)
    session_id = sessions.start(QUESTION, model="writer")
    assert writer.begun.wait(20)
    sessions.stop(session_id)
    view = finished(sessions, session_id)
    assert view.state == "stopped"
    supported = [claim.text for claim in view.answer.claims if claim.verdict == "supported"]
    assert supported == ["The ferry Selma sank because water had entered the engine room."]
    with open_desk(settings) as desk:
        assert desk.answer(session_id) == view.answer
    assert module.CUT_SHORT in view.answer.notes
    sessions.forget(session_id)
    saved = sessions.view(session_id)  # from desk.db: it still says so
    assert (saved.saved, saved.state) == (True, "stopped")


def test_a_question_stopped_while_it_waits_is_never_asked(sessions, monkeypatch):
    writer = Writer()
    monkeypatch.setattr(module, "ask_way", lambda _settings, model: writer)
    first = sessions.start(QUESTION, model="writer")
    assert writer.begun.wait(20)
    second = sessions.start("Who raised the ferry?", model="writer")
    assert sessions.view(second).state == "waiting"
    sessions.stop(second)
    view = sessions.view(second)
    assert (view.state, view.answer) == ("stopped", None)  # at once, not when its turn comes
    assert not writer.stopped.is_set()  # the one that is running goes on
    writer.go_on.set()
    assert finished(sessions, first).state == "done"
    third = sessions.start(QUESTION, model="writer")
    assert finished(sessions, third).state == "done"  # after the turn of the stopped one
    assert sessions.view(second) == view
    assert writer.asked == [QUESTION, QUESTION]


def test_questions_that_wait_are_stopped_when_the_app_closes(sessions, monkeypatch):
    writer = Writer()
    monkeypatch.setattr(module, "ask_way", lambda _settings, model: writer)
    first = sessions.start(QUESTION, model="writer")
    assert writer.begun.wait(20)
    second = sessions.start("Who raised the ferry?", model="writer")
    sessions.close()
    assert sessions.view(second).state == "stopped"
    writer.stop()
    assert finished(sessions, first).state == "stopped"


def test_a_claim_is_never_seen_before_its_citations(sessions):
    session_id = sessions.start(QUESTION, model="none")
    while True:
        view = sessions.view(session_id)
        numbers = {citation.number for citation in view.citations}
        assert all(set(claim.citations) <= numbers for claim in view.claims)
        if view.state == "done":
            break
    assert view.claims
