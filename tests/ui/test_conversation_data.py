from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from answer.ask import Following
from answer.desk import SavedAnswer
from answer.standing import SourceState
from tests.ui import fakes
from ui import conversation_data


def test_what_a_follow_up_was_asked_as() -> None:
    assert conversation_data.asked_data(fakes.DONE)["typed"] == ""
    view = replace(fakes.DONE, question="and when?", following=Following("a", "When was it?"))
    assert conversation_data.asked_data(view) == {
        "typed": "and when?", "whole": "When was it?", "edit": "When was it?",
    }  # fmt: skip
    typed = replace(view, question="When was it?")  # whole, or edited: nothing to explain
    assert conversation_data.asked_data(typed)["whole"] == ""


def test_earlier_questions_with_what_was_shown_for_them() -> None:
    missing = replace(fakes.ANSWER, answer_id="x2", status="not_found", claims=())
    first, second = conversation_data.thread_data([fakes.ANSWER, missing])
    assert first["claims"] == [claim.text for claim in fakes.CLAIMS[:2]]
    assert first["none"] == ""
    assert (second["id"], second["claims"]) == ("x2", [])
    assert second["none"] == "Your articles don’t say."


def test_only_sources_that_changed_are_warned_of() -> None:
    states = (
        SourceState(1, fakes.PATH, "unchanged", 3, ""),
        SourceState(2, fakes.PATH, "gone", None, "The file is gone."),
        SourceState(9, fakes.PATH, "gone", None, "No such citation."),
    )
    assert conversation_data.warnings_data(states, fakes.CITATIONS) == [
        {"number": 2, "source": "Harbour Gazette · 9 Mar 2025", "note": "The file is gone."}
    ]


def test_the_copy_has_every_supported_sentence_and_its_source() -> None:
    text = conversation_data.copy_text(fakes.ANSWER)
    assert text.startswith(fakes.ANSWER.question)
    assert f"{fakes.CLAIMS[1].text} [1] [2]" in text
    assert fakes.CLAIMS[2].text not in text
    assert text.count("harbour.txt, line") == 2
    missing = replace(fakes.ANSWER, status="not_found", claims=(), citations=())
    assert "Your articles don’t say." in conversation_data.copy_text(missing)


def test_a_file_is_named_by_letters_and_digits_alone() -> None:
    answer = replace(fakes.ANSWER, resolved_question='../Who "is" <b>it</b>?\\ and so on and on')
    assert conversation_data.file_name(answer, "md") == "who-is-b-it-b-and-x1.md"


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def saved(answer_id: str, at: str, follows: str | None = None) -> SavedAnswer:
    moment = f"2026-11-22T{at}:11+00:00"
    return SavedAnswer(answer_id, moment, f"{answer_id}?", "answered", "m.gguf", follows)


def test_follow_ups_stand_below_their_question_newest_conversation_first() -> None:
    newest_first = [
        saved("c", "10:35", "b"), saved("x", "10:34"), saved("b", "10:33", "a"),
        saved("lost", "10:32", "deleted"), saved("a", "10:31"),
    ]  # fmt: skip
    rows = conversation_data.saved_data(newest_first, "", None)["rows"]
    assert [(row["id"], row["follows"]) for row in rows] == [
        ("a", False), ("b", True), ("c", True), ("x", False), ("lost", False),
    ]  # fmt: skip


def test_answers_that_follow_each_other_in_a_circle_are_all_listed() -> None:
    rows = conversation_data.saved_data(
        [saved("a", "10:32", "b"), saved("b", "10:31", "a")], "", None
    )["rows"]
    assert {row["id"] for row in rows} == {"a", "b"}


def test_the_list_of_saved_answers(berlin: None) -> None:
    found = [
        SavedAnswer("a", "2026-11-22T10:32:11+00:00", "Why?", "answered", "m.gguf"),
        SavedAnswer("b", "2026-07-22T23:31:11+00:00", "Who?", "not_found", None),
    ]
    data = conversation_data.saved_data(found, "", fakes.ANSWER)
    assert [row["details"] for row in data["rows"]] == [
        "22 Nov 2026, 11:32 · m", "23 Jul 2026, 01:31 · not found",
    ]  # fmt: skip
    assert (data["deleted"], data["empty"]) == (fakes.ANSWER.resolved_question, "")
    assert "has these words" in conversation_data.saved_data([], "x", None)["empty"]
    assert "first question" in conversation_data.saved_data([], "", None)["empty"]


def test_a_copied_answer_turns_nothing_where_it_is_pasted() -> None:
    """Names of files may hold marks that turn the rest of the line."""
    cited = replace(fakes.CITATIONS[0], path="/in/\u202etxt.exe", outlet=None)
    copied = conversation_data.copy_text(replace(fakes.DONE.answer, citations=(cited,)))
    assert copied.endswith(f", txt.exe, line {cited.line}")
