"""What the ask page shows before the first question: examples, or how to get articles."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.settings import Settings
from ui import backend, desk, library_data, models_backend, shell

POLL_SECONDS = 0.5  # while the first articles are read
DEMO_QUESTIONS = (
    "Why was the arms pause reversed?",
    "Why did the night porter take the manuscript home?",
    "Who found the cracks in the Gannet Bridge?",
)


def welcome(settings: Settings, ask: Callable[[Settings, str], None]) -> None:
    if shell.in_demo():
        shell.quiet("Try one of these:")
        with st.container(key="examples"):
            for question in DEMO_QUESTIONS:
                st.button(question, type="tertiary", on_click=ask, args=(settings, question))
    else:
        shell.quiet(
            "Ask in your own words. Every sentence of the answer opens its source, "
            "at the words it stands on."
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
    if job and job.state == "running":
        shell.lead("Reading the articles")
        st.fragment(_job, run_every=POLL_SECONDS)(settings)
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
