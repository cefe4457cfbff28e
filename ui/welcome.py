"""What the ask page shows before the first question: examples, or how to get articles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from core.settings import Settings
from ui import (
    address,
    advice,
    backend,
    desk,
    edge,
    libraries_backend,
    library_backend,
    library_data,
    models_backend,
    shell,
    words,
)

if TYPE_CHECKING:
    from index.jobs.job_rows import Job

POLL_SECONDS = 0.5  # while the first articles are read
IDLE_SECONDS = 1.0
DEMO_QUESTIONS = (
    "Why was the arms pause reversed?",
    "Why did the night porter take the manuscript home?",
    "Who found the cracks in the Gannet Bridge?",
)


def welcome(settings: Settings, ask: Callable[[Settings, str], None]) -> None:
    questions: Sequence[str] = DEMO_QUESTIONS
    if not shell.in_demo():
        shell.quiet(
            "Ask in your own words. Every sentence of the answer opens its source, "
            "at the words it stands on."
        )
        questions = libraries_backend.suggested_questions(settings)
    if questions:
        shell.quiet("Try one of these:" if shell.in_demo() else "Or begin with a name:")
        with st.container(key="examples"):
            for question in questions:
                st.button(
                    words.literal(question),
                    type="tertiary",
                    on_click=ask,
                    args=(settings, question),
                )
    for note in [*backend.missing_parts(settings), models_backend.server_ways(settings).problem]:
        if note:
            shell.quiet(note)


def empty(settings: Settings) -> None:
    """No articles yet: offers a folder and the demo, or shows how far the first reading is."""
    job = backend.job(settings)
    if shell.in_demo() and job is None:
        backend.start_job(settings, "add", [str(backend.DEMO_ARTICLES)])
        job = backend.job(settings)
    shell.demo_label()
    if job and job.state in ("running", "paused", "interrupted"):
        shell.lead("Reading the articles")
        pause = POLL_SECONDS if job.state == "running" else IDLE_SECONDS
        st.fragment(edge.told(_job), run_every=pause)(settings, job)
        return
    if job and job.state == "failed":
        shell.trouble(job.message)
    unread = advice.unread_words(backend.counts(settings))
    shell.lead("No article could be read yet" if unread else "Ask your own folder of articles")
    shell.quiet(
        unread
        or "Sourcebook reads the articles in a folder on this computer and answers from them "
        "alone. Every sentence opens its source. Nothing leaves this machine."
    )
    with st.container(horizontal=True):
        if st.button("See why" if unread else "Add a folder", type="primary"):
            st.switch_page("library.py", query_params=address.kept())
        if not shell.in_demo() and st.button("Try the demo"):
            shell.open_library(shell.DEMO)
            st.rerun()


def _job(settings: Settings, drawn: Job) -> None:
    """The job, until it is in another state than `drawn`."""
    job = backend.job(settings)
    trouble = st.session_state.pop("job_trouble", "")
    waiting = library_backend.waiting(settings)
    act = edge.kept(library_backend.act_on_job, "job_trouble")
    desk.draw(
        library_data.job_data(job, backend.counts(settings), waiting, trouble),
        "desk_job",
        lambda action: act(settings, action),
    )
    if library_data.job_mark(job) != library_data.job_mark(drawn):
        st.rerun()
