"""The ask page: a question, its answer as it grows, its conversation, and the reader.

The question runs outside the page (answer/session.py); this page only looks at
it, four times a second while it runs. Its id stands in the address and is that of
its saved answer, so a reload finds it again, and so does a restart of the app.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from core.errors import AppError
from core.settings import Settings
from ui import (
    address,
    answer_data,
    asking,
    backend,
    conversation_data,
    desk,
    edge,
    reader,
    saved_backend,
    shell,
    welcome,
    words,
)
from ui.reader_data import Place

if TYPE_CHECKING:
    from answer.session import SessionView
    from answer.standing import SourceState

POLL_SECONDS = 0.25
GONE = "This answer is not among the saved ones of this library: it was deleted, or never finished."


def page() -> None:
    settings = shell.current()
    if address.is_left():  # Back and Forward lead to the answer and the place shown then
        asking.forget()
        reader.forget()
    view = _session(settings)
    if view is None and _nothing_to_ask(settings):
        welcome.empty(settings)
        return
    asking.question_form(settings)
    asking.choices(settings)
    if view is None:
        welcome.welcome(settings, asking.ask_example)
    running = view is not None and view.state in answer_data.PROGRESS
    st.fragment(edge.told(_desk), run_every=POLL_SECONDS if running else None)(settings, running)


def _nothing_to_ask(settings: Settings) -> bool:
    job = backend.job(settings)
    is_filling = shell.in_demo() and job is not None and job.state == "running"
    return is_filling or backend.counts(settings)["articles"] == 0


def _session(settings: Settings) -> SessionView | None:
    """The question on this page, from this visit or from the address; None at first."""
    session_id = st.session_state.get("session") or address.value(address.ANSWER)
    view = backend.sessions(settings).view(session_id) if session_id else None
    if view is None:
        if session_id:
            st.session_state["ask_notice"] = GONE
        st.session_state.pop("session", None)
        address.put(answer="")
        return None
    st.session_state["session"] = session_id
    is_opened = st.session_state.pop("is_opened", False)
    if is_opened or address.value(address.ANSWER) != session_id:
        address.put_answer(str(session_id))
    asking.take_over(settings, view)
    return view


def _desk(settings: Settings, was_running: bool) -> None:
    """The answer and the reader. Run again alone while the question runs."""
    session_id = st.session_state.get("session")
    view = backend.sessions(settings).view(session_id) if session_id else None
    running = view is not None and view.state in answer_data.PROGRESS
    is_changed = st.session_state.pop("page_changed", False) or reader.is_left_for_ask()
    if is_changed or (running and not was_running):
        st.rerun()
    data = answer_data.idle_data()
    if view is not None:
        data = answer_data.ask_data(view, saved_backend.shows_left_out(settings))
        data |= _conversation(settings, view)
        data["scope"] = _scope(settings, view)
    citations = answer_data.citations(view) if view else ()
    data["reader"] = reader.sent_once(settings, citations, running)
    desk.draw(data, "desk_ask", lambda action: _act(settings, action))
    if was_running and not running:
        st.rerun()


def _conversation(settings: Settings, view: SessionView) -> dict[str, Any]:
    """What stands around the answer."""
    before = view.following.answer_id if view.following else ""
    answer = view.answer if view.state in ("done", "stopped") else None
    return {
        "asked": conversation_data.asked_data(view),
        "earlier": conversation_data.thread_data(_earlier(settings, before)),
        "warnings": conversation_data.warnings_data(_standing(settings, view), view.citations),
        "download": st.session_state.pop("download", None),
        "keep": answer
        and {
            "copy": conversation_data.copy_text(answer),
            "again": [[one, words.way(one)] for one in asking.ways(settings) if one != view.model],
        },
    }


def _scope(settings: Settings, view: SessionView) -> str:
    """What the answer was limited to; its words read once for each question, as `_earlier`."""
    key = (str(settings.home), view.session_id, view.filters)
    held = st.session_state.get("scope")
    if held is None or held[0] != key:
        held = key, asking.scope_words(settings, view.filters)
        st.session_state["scope"] = held
    return str(held[1])


def _earlier(settings: Settings, before: str) -> Any:
    """Read once for each question, however often the page is drawn."""
    held = st.session_state.get("earlier")
    if held is None or held[0] != (str(settings.home), before):
        found = saved_backend.earlier(settings, before) if before else []
        held = (str(settings.home), before), found
        st.session_state["earlier"] = held
    return held[1]


def _standing(settings: Settings, view: SessionView) -> tuple[SourceState, ...]:
    """How the sources stand; looked at once when an answer is opened again."""
    if view.answer is None or st.session_state.get("fresh") == view.session_id:
        return ()
    held = st.session_state.get("standing")
    if held is None or held[0] != view.session_id:
        held = view.session_id, saved_backend.states(settings, view.answer)
        st.session_state["standing"] = held
    found: tuple[SourceState, ...] = held[1]
    return found


def _act(settings: Settings, action: dict[str, Any]) -> None:
    """What was pressed in the component."""
    try:
        _do(settings, action)
    except AppError as error:
        st.session_state["ask_trouble"] = str(error)
        st.session_state["page_changed"] = True


def _do(settings: Settings, action: dict[str, Any]) -> None:
    session_id = str(st.session_state.get("session", ""))
    kind = action["type"]
    if reader.act(settings, action):
        return
    if kind == "stop":
        backend.sessions(settings).stop(session_id)
    elif kind == "close":
        reader.close()
    elif kind == "open":
        _open(settings, session_id, action)
    elif kind == "left_out":
        saved_backend.set_shows_left_out(settings, bool(action["shown"]))
    elif kind == "answer":
        asking.show(str(action["id"]))
        st.session_state["page_changed"] = True
    elif view := backend.sessions(settings).view(session_id):
        _act_on_answer(settings, view, action)


def _act_on_answer(settings: Settings, view: SessionView, action: dict[str, Any]) -> None:
    kind = action["type"]
    if kind == "export" and view.answer is not None:
        form = str(action["form"])
        st.session_state["download"] = {
            "serial": f"{view.session_id}-{action['at']}-{form}",
            "name": conversation_data.file_name(view.answer, form),
            "type": saved_backend.MEDIA_TYPES[form],
            "text": saved_backend.pack(settings, view.answer, form),
        }
        return
    if kind == "follow":
        asking.follow(settings, str(action["text"]), view.session_id)
    elif kind == "reask":
        asking.ask_edited(settings, str(action["text"]), view)
    elif kind == "again":
        asking.ask_again(settings, view, str(action["way"]))
    st.session_state["page_changed"] = True


def _open(settings: Settings, session_id: str, action: dict[str, Any]) -> None:
    place = _place(settings, session_id, action)
    if place is not None:
        reader.show(place)


def _place(settings: Settings, session_id: str, action: dict[str, Any]) -> Place | None:
    """Where a pressed mark, card, copy or article leads."""
    if action["kind"] == "file":
        return backend.place(settings, str(action["path"]), int(action["index"]))
    view = backend.sessions(settings).view(session_id)
    if view is None:
        return None
    return answer_data.place(view, action["kind"], int(action["index"]))


page()
