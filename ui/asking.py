"""The ask page's fields, and a question on its way: filters, way of answering, follow-ups.

Starts questions and remembers in the page's state which one is shown; draws no answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import AppError
from core.records import Filters
from core.settings import Settings
from ui import address, backend, models_backend, saved_backend, shell, words
from ui.answer_data import QUOTATIONS

if TYPE_CHECKING:
    from answer.ask import Following
    from answer.session import SessionView


def question_form(settings: Settings) -> None:
    with (
        st.form("ask", border=False),
        st.container(key="ask_row", horizontal=True, vertical_alignment="center"),
    ):
        st.text_input(
            "Ask your articles",
            key="question",
            placeholder="Ask your articles…",
            label_visibility="collapsed",
            max_chars=2000,
        )
        st.form_submit_button(
            "Ask", type="primary", width="content", on_click=_ask_field, args=(settings,)
        )
    if message := st.session_state.pop("ask_trouble", ""):
        shell.trouble(message)


def choices(settings: Settings) -> None:
    with st.container(key="choices", horizontal=True, vertical_alignment="center"):
        with st.popover(_filter_words()):
            st.text_input("From date", key="after", placeholder="2025-07-01")
            st.text_input("To date", key="before", placeholder="2025-07-31")
            st.text_input("Outlet", key="outlet")
            st.text_input("File path", key="path", placeholder="*/ukraine/*")
        listed = models_backend.server_ways(settings)
        st.selectbox(
            "Way of answering",
            _ways(settings, listed.names),
            key="way",
            format_func=words.way,
            label_visibility="collapsed",
            width=300,
        )
        if (offered := st.session_state.get("offered")) and not _filters().active():
            label = f"Only articles {words.dates_words(*offered)}"
            st.button(label, type="tertiary", on_click=_take_dates, args=(settings, offered))
        shell.demo_label()
    shell.await_server(settings, listed)


def _ways(settings: Settings, served: Sequence[str]) -> list[str]:
    """Quotations, the models of this machine, and those of the user's own server; the server's
    that was chosen stays while the server is away."""
    ways = [QUOTATIONS, *backend.models(settings), *served]
    chosen = way()
    return [*ways, chosen] if words.is_served(chosen) and chosen not in ways else ways


def _filter_words() -> str:
    filters = _filters()
    sources = "chosen sources" if filters.outlet or filters.path else "all sources"
    return f"{sources} · {words.dates_words(filters.after, filters.before)}"


def way() -> str:
    """The chosen way of answering."""
    return str(st.session_state.get("way", QUOTATIONS))


def show(session_id: str) -> None:
    """Makes a question or a saved answer the one on the page."""
    st.session_state["session"] = session_id
    # What was remembered of an earlier opening; its sources are looked at again.
    for key in ("question", "reader", "fresh", "standing"):
        st.session_state.pop(key, None)


def ask(settings: Settings, question: str) -> None:
    """A question of its own."""
    if question.strip():
        _read_time(settings, question)
        _start(settings, question, None)


def ask_example(settings: Settings, question: str) -> None:
    st.session_state["question"] = question
    ask(settings, question)


def follow(settings: Settings, typed: str, answer_id: str) -> None:
    """A question after that answer, resolved to a whole one."""
    try:
        following = saved_backend.following(settings, typed, answer_id)
    except AppError as error:
        st.session_state["ask_trouble"] = str(error)
        return
    _start(settings, typed, following)


def ask_edited(settings: Settings, question: str, view: SessionView) -> None:
    """The whole question as it was edited: taken as typed, in its place in the conversation."""
    following = view.following and saved_backend.edited(view.following.answer_id, question)
    _start(settings, question, following)


def ask_again(settings: Settings, view: SessionView) -> None:
    """The same question, answered in the way that is chosen now."""
    _start(settings, view.question, view.following)


def _start(settings: Settings, question: str, following: Following | None) -> None:
    try:
        filters = backend.checked_filters(_filters())
        session_id = backend.sessions(settings).start(question, filters, way(), following)
    except AppError as error:
        st.session_state["ask_trouble"] = str(error)
        return
    show(session_id)
    st.session_state["question"] = following.whole if following else question
    st.session_state["fresh"] = session_id  # its sources are as it found them
    address.put(answer=session_id)


def _ask_field(settings: Settings) -> None:
    ask(settings, st.session_state["question"])


def _take_dates(settings: Settings, dates: tuple[str | None, str | None]) -> None:
    """The time that the question names, as a filter; the question is asked again."""
    st.session_state["after"], st.session_state["before"] = (date or "" for date in dates)
    ask(settings, st.session_state["question"])


def _read_time(settings: Settings, question: str) -> None:
    """A time of reports in the question becomes the date filter, which can be changed; a
    time of events is offered as one. What an earlier question set is taken back first."""
    dates = (st.session_state.get("after"), st.session_state.get("before"))
    if dates == st.session_state.pop("dates_read", None):
        st.session_state["after"] = st.session_state["before"] = ""
    st.session_state.pop("offered", None)
    if st.session_state.get("after") or st.session_state.get("before"):
        return
    found = backend.understood(settings, question)
    if found is None or not (found.after or found.before):
        return
    if found.of_reports:
        dates = (found.after or "", found.before or "")
        st.session_state["after"], st.session_state["before"] = dates
        st.session_state["dates_read"] = dates
    else:
        st.session_state["offered"] = (found.after, found.before)


def _filters() -> Filters:
    values = {name: (st.session_state.get(name) or "").strip() or None for name in _FILTERS}
    return Filters(**values)  # type: ignore[arg-type]  # by name


_FILTERS = ("after", "before", "outlet", "path")
