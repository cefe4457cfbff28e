"""The ask page: a question, its answer as it grows, and the reader.

The question runs outside the page (answer/session.py); this page only looks at
it, four times a second while it runs. Its id stands in the address, so a reload
finds it again.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.errors import AppError
from core.records import Filters
from core.settings import Settings
from ui import answer_data, backend, desk, library_data, reader, shell, words
from ui.reader_data import Place

POLL_SECONDS = 0.25
QUOTATIONS = "none"  # the way of answering that needs no model
DEMO_QUESTIONS = (
    "Why was the arms pause reversed?",
    "Why did the night porter take the manuscript home?",
    "Who found the cracks in the Gannet Bridge?",
)


def page() -> None:
    settings = shell.current()
    counts = backend.counts(settings)
    job = backend.job(settings)
    if counts["articles"] == 0 or (shell.in_demo() and job and job.state == "running"):
        _empty(settings)
        return
    view = _session(settings)
    _question_form(settings)
    _choices(settings)
    if view is None:
        _welcome(settings)
    running = view is not None and view.state in answer_data.PROGRESS
    st.fragment(_desk, run_every=POLL_SECONDS if running else None)(settings, running)


def _session(settings: Settings) -> Any:
    """The question on this page, from this visit or from the address; None at first."""
    session_id = st.session_state.get("session") or st.query_params.get("ask")
    view = backend.sessions(settings).view(session_id) if session_id else None
    if view is None:
        st.session_state.pop("session", None)
        st.query_params.pop("ask", None)
        return None
    st.session_state["session"] = session_id
    st.query_params["ask"] = str(session_id)
    st.session_state.setdefault("question", view.question)
    return view


def _question_form(settings: Settings) -> None:
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


def _choices(settings: Settings) -> None:
    with st.container(key="choices", horizontal=True, vertical_alignment="center"):
        with st.popover(_filter_words()):
            st.text_input("From date", key="after", placeholder="2025-07-01")
            st.text_input("To date", key="before", placeholder="2025-07-31")
            st.text_input("Outlet", key="outlet")
            st.text_input("File path", key="path", placeholder="*/ukraine/*")
        st.selectbox(
            "Way of answering",
            [QUOTATIONS, *backend.models(settings)],
            key="way",
            format_func=words.way,
            label_visibility="collapsed",
            width=300,
        )
        if (offered := st.session_state.get("offered")) and not _filters().active():
            label = f"Only articles {words.dates_words(*offered)}"
            st.button(label, type="tertiary", on_click=_take_dates, args=(settings, offered))
        shell.demo_label()


def _filter_words() -> str:
    filters = _filters()
    sources = "chosen sources" if filters.outlet or filters.path else "all sources"
    return f"{sources} · {words.dates_words(filters.after, filters.before)}"


def _take_dates(settings: Settings, dates: tuple[str | None, str | None]) -> None:
    """The time that the question names, as a filter; the question is asked again."""
    st.session_state["after"], st.session_state["before"] = (date or "" for date in dates)
    _ask(settings, st.session_state["question"])


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
    return Filters(**values)


_FILTERS = ("after", "before", "outlet", "path")


def _ask_field(settings: Settings) -> None:
    _ask(settings, st.session_state["question"])


def _ask(settings: Settings, question: str) -> None:
    if not question.strip():
        return
    model = st.session_state.get("way", QUOTATIONS)
    _read_time(settings, question)
    try:
        filters = backend.checked_filters(_filters())
        session_id = backend.sessions(settings).start(question, filters, model)
    except AppError as error:
        st.session_state["ask_trouble"] = str(error)
        return
    st.session_state["session"] = session_id
    st.session_state["quotations"] = model == QUOTATIONS
    st.session_state.pop("reader", None)
    st.query_params["ask"] = session_id


def _desk(settings: Settings, was_running: bool) -> None:
    """The answer and the reader. Run again alone while the question runs."""
    session_id = st.session_state.get("session")
    view = backend.sessions(settings).view(session_id) if session_id else None
    data = answer_data.idle_data()
    if view is not None:
        data = answer_data.ask_data(view, st.session_state.get("quotations", False))
    data["reader"] = _reader(settings, view)
    desk.draw(data, "desk_ask", lambda action: _act(settings, action))
    if was_running and (view is None or view.state not in answer_data.PROGRESS):
        st.rerun()


def _act(settings: Settings, action: dict[str, Any]) -> None:
    """What was pressed in the component."""
    session_id = st.session_state.get("session", "")
    if action["type"] == "stop":
        backend.sessions(settings).stop(session_id)
    elif action["type"] == "close":
        st.session_state.pop("reader", None)
    elif action["type"] == "open":
        place = _place(settings, session_id, action)
        if place is not None:
            serial = st.session_state.get("reader_serial", 0) + 1
            st.session_state["reader_serial"] = serial
            st.session_state["reader"] = (f"{session_id}-{serial}", place)


def _place(settings: Settings, session_id: str, action: dict[str, Any]) -> Place | None:
    """Where a pressed mark, card, copy or article leads."""
    if action["kind"] == "file":
        return backend.place(settings, str(action["path"]), int(action["index"]))
    view = backend.sessions(settings).view(session_id)
    return answer_data.place(view, action["kind"], int(action["index"])) if view else None


def _reader(settings: Settings, view: Any) -> dict[str, Any] | None:
    if view is None or "reader" not in st.session_state:
        return None
    key, place = st.session_state["reader"]
    citations = view.answer.citations if view.answer else view.citations
    return reader.data(settings, key, place, citations)


def _welcome(settings: Settings) -> None:
    if shell.in_demo():
        shell.quiet("Try one of these:")
        with st.container(key="examples"):
            for question in DEMO_QUESTIONS:
                st.button(
                    question, type="tertiary", on_click=_ask_example, args=(settings, question)
                )
    else:
        shell.quiet(
            "Ask in your own words. Every sentence of the answer opens its source, "
            "at the words it stands on."
        )
    for note in backend.missing_parts(settings):
        shell.quiet(note)


def _ask_example(settings: Settings, question: str) -> None:
    st.session_state["question"] = question
    _ask(settings, question)


def _empty(settings: Settings) -> None:
    """No articles yet: offers a folder and the demo, or shows how far the first reading is."""
    job = backend.job(settings)
    if shell.in_demo() and job is None:
        backend.start_job(settings, "add", [str(backend.DEMO_ARTICLES)])
        job = backend.job(settings)
    shell.demo_label()
    if job and job.state == "running":
        shell.lead("Reading the articles")
        st.fragment(_job, run_every=2 * POLL_SECONDS)(settings)
        return
    if job and job.state == "failed":
        shell.trouble(job.message)
    shell.lead("Ask your own folder of articles")
    shell.quiet(
        "Sourcebook reads the articles in a folder on this computer and answers from them "
        "alone. Every sentence opens its source. Nothing leaves this machine."
    )
    with st.container(horizontal=True):
        if st.button("Add a folder", type="primary"):
            st.switch_page("library.py")
        if not shell.in_demo() and st.button("Try the demo"):
            shell.open_library(shell.DEMO)
            st.rerun()


def _job(settings: Settings) -> None:
    job = backend.job(settings)
    desk.draw(
        library_data.job_data(job, backend.counts(settings)),
        "desk_job",
        lambda action: backend.cancel_job(settings),
    )
    if job is None or job.state != "running":
        st.rerun()


page()
