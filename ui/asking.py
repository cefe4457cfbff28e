"""The ask page's fields, and a question on its way: its scope, the way of answering, follow-ups.

Starts questions and remembers in the page's state which one is shown; draws no answer. What a
question is limited to stands in the state as `Filters`: an answer that is opened again brings
its own, so that what is asked next is asked of the same sources.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.errors import AppError
from core.records import Filters
from core.settings import Settings
from ui import (
    address,
    backend,
    desk,
    models_backend,
    saved_backend,
    scope_backend,
    scope_data,
    settings_backend,
    shell,
    words,
)
from ui.answer_data import QUOTATIONS

if TYPE_CHECKING:
    from answer.ask import Following
    from answer.session import SessionView


def question_form(settings: Settings) -> None:
    with (
        st.form("ask", border=False),
        st.container(key="ask_row", horizontal=True, vertical_alignment="center"),
    ):
        with st.container(key="question"):
            # Grows with its text; Enter asks (ui/desk/ask.js), Shift and Enter begin a line.
            st.text_area(
                "Ask your articles",
                key=shell.question_field(),
                height="content",
                placeholder="Ask your articles…",
                label_visibility="collapsed",
                max_chars=2000,
            )
        st.form_submit_button(
            "Ask", type="primary", width="content", on_click=_ask_field, args=(settings,)
        )
    if message := st.session_state.pop("ask_trouble", ""):
        shell.trouble(message)
    if message := st.session_state.pop("ask_notice", ""):
        shell.quiet(message)


def _typed() -> str:
    return str(st.session_state.get(shell.question_field(), ""))


def _type(question: str) -> None:
    """Puts it into the field."""
    if _typed() != question:
        st.session_state["question_fields"] = st.session_state.get("question_fields", 0) + 1
        st.session_state[shell.question_field()] = question


def choices(settings: Settings) -> None:
    """The row below the field: the limits as chips, what else could be one, the way."""
    listed = models_backend.server_ways(settings)
    limits = filters()
    offered = None if limits.active() else st.session_state.get("offered")
    is_open = bool(st.session_state.get("limiting"))
    found = scope_backend.suggestions(settings, limits) if is_open else None
    data = {
        "view": "choices",
        "chips": scope_data.chips(limits, scope_backend.titles(settings, limits.articles)),
        "offered": f"Only articles {words.dates_words(*offered)}" if offered else "",
        "open": is_open,
        "suggestions": scope_data.suggestions_data(found),
        "dates": [limits.after or "", limits.before or ""],
        "trouble": st.session_state.pop("limit_trouble", ""),
        "ways": [[one, words.way(one)] for one in ways(settings)],
        "way": way(),
        "demo": "Demo: written for this app" if shell.in_demo() else "",
    }
    desk.draw(data, "desk_choices", lambda action: _choose(settings, action))
    shell.await_server(settings, listed)


def _choose(settings: Settings, action: dict[str, Any]) -> None:
    """What was pressed in the row."""
    kind = action["type"]
    if kind == "way":
        st.session_state["way"] = str(action["value"])
    elif kind == "panel":
        st.session_state["limiting"] = bool(action["open"])
    elif kind == "offered" and (dates := st.session_state.get("offered")):
        limit_to(replace(filters(), after=dates[0], before=dates[1]))
        ask(settings, _typed())
    elif kind == "remove":
        limit_to(scope_data.without(filters(), str(action["field"]), str(action["value"])))
    elif kind == "add":
        limit_to(scope_data.with_limit(filters(), str(action["field"]), str(action["value"])))
    elif kind == "dates":
        after, before = (str(action[end]).strip() or None for end in ("after", "before"))
        try:
            limit_to(backend.checked_filters(replace(filters(), after=after, before=before)))
        except AppError as error:
            st.session_state["limit_trouble"] = str(error)


def ways(settings: Settings) -> list[str]:
    """Quotations, the models of this machine, and those of the user's own server; the one that
    was chosen stays while it is away."""
    served = models_backend.server_ways(settings).names
    found = [QUOTATIONS, *backend.models(settings), *served]
    return found if way() in found else [*found, way()]


def filters() -> Filters:
    """What the next question is limited to; at first what the address says. Dates
    that are none are told and dropped."""
    if "filters" not in st.session_state:
        named = address.filters()
        try:
            backend.checked_filters(named)
        except AppError as error:
            named = replace(named, after=None, before=None)
            st.session_state["limit_trouble"] = str(error)
        st.session_state["filters"] = named
    found: Filters = st.session_state["filters"]
    return found


def limit_to(wanted: Filters) -> None:
    st.session_state["filters"] = wanted


def scope_words(settings: Settings, wanted: Filters) -> str:
    """What an answer was limited to; "" for all articles."""
    return scope_data.scope_words(wanted, scope_backend.titles(settings, wanted.articles))


def take_over(settings: Settings, view: SessionView) -> None:
    """An answer that was opened again brings its question and what it was limited to."""
    if st.session_state.get("taken_over") == view.session_id:
        return
    st.session_state["taken_over"] = view.session_id
    _type("" if view.following else view.question)
    limit_to(view.filters)
    st.session_state.pop("offered", None)
    st.session_state.pop("dates_read", None)
    dates = (view.filters.after, view.filters.before)
    if any(dates):
        read = backend.understood(settings, view.question)
        if read and read.of_reports and (read.after, read.before) == dates:
            st.session_state["dates_read"] = dates  # the next question does not keep them


def way() -> str:
    """The chosen way of answering; to begin with, the one of the settings."""
    if "way" not in st.session_state:
        st.session_state["way"] = settings_backend.way(backend.my_settings())
    return str(st.session_state["way"])


def show(session_id: str) -> None:
    """Makes a question or a saved answer the one on the ask page, which puts it in its address."""
    st.session_state["session"] = session_id
    st.session_state["is_opened"] = True
    # What was remembered of an earlier opening; its sources are looked at again.
    for key in ("taken_over", "reader", "fresh", "standing"):
        st.session_state.pop(key, None)


def forget() -> None:
    """Shows no question of this visit; the one that the address names is opened anew."""
    for key in ("session", "taken_over", "offered", "dates_read"):
        st.session_state.pop(key, None)
    _type("")


def ask(settings: Settings, question: str) -> None:
    """A question of its own."""
    if question.strip():
        _read_time(settings, question)
        _start(settings, question, None)


def ask_example(settings: Settings, question: str) -> None:
    _type(question)
    ask(settings, question)


def follow(settings: Settings, typed: str, answer_id: str) -> None:
    """A question after that answer, resolved to a whole one."""
    try:
        following = saved_backend.following(settings, typed, answer_id)
    except AppError as error:
        st.session_state["ask_trouble"] = str(error)
        return
    st.session_state.pop("offered", None)
    _start(settings, typed, following)


def ask_edited(settings: Settings, question: str, view: SessionView) -> None:
    """The whole question as it was edited: taken as typed, in its place in the conversation."""
    following = view.following and saved_backend.edited(view.following.answer_id, question)
    _start(settings, question, following)


def ask_again(settings: Settings, view: SessionView, chosen: str) -> None:
    """The same question, answered in another way, which stays chosen."""
    if chosen in ways(settings):
        st.session_state["way"] = chosen
    _start(settings, view.question, view.following)


def _start(settings: Settings, question: str, following: Following | None) -> None:
    try:
        limits = backend.checked_filters(filters())
        session_id = backend.sessions(settings).start(question, limits, way(), following)
    except AppError as error:
        st.session_state["ask_trouble"] = str(error)
        return
    show(session_id)
    _type("" if following else question)
    st.session_state["taken_over"] = session_id
    st.session_state["fresh"] = session_id  # its sources are as it found them


def _ask_field(settings: Settings) -> None:
    ask(settings, _typed())


def _read_time(settings: Settings, question: str) -> None:
    """A time of reports in the question becomes the date limit, which can be taken away; a
    time of events is offered as one. What an earlier question set is taken back first."""
    limits = filters()
    if (limits.after, limits.before) == st.session_state.pop("dates_read", None):
        limits = replace(limits, after=None, before=None)
        limit_to(limits)
    st.session_state.pop("offered", None)
    if limits.after or limits.before:
        return
    found = backend.understood(settings, question)
    if found is None or not (found.after or found.before):
        return
    dates = (found.after, found.before)
    if found.of_reports:
        limit_to(replace(limits, after=dates[0], before=dates[1]))
        st.session_state["dates_read"] = dates
    else:
        st.session_state["offered"] = dates
