"""The frame around every page: which library is open, the sidebar, errors."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from core.settings import Settings
from ui import address, backend, desk, models_backend, settings_backend, settings_data, words

if TYPE_CHECKING:
    from answer.writing.listed import Listed

SERVER_POLL_SECONDS = 0.5
MINE, DEMO = "My articles", "Demo"


def current() -> Settings:
    """The open library; the address keeps it, so a reload stays in it."""
    mine = backend.my_settings()
    if not in_demo():
        return mine
    address.put(library="demo")
    return backend.demo_settings(mine)


def in_demo() -> bool:
    if "library" not in st.session_state:
        st.session_state["library"] = DEMO if address.value(address.LIBRARY) == "demo" else MINE
    return bool(st.session_state["library"] == DEMO)


def open_library(name: str) -> None:
    """Switches to MINE or DEMO and forgets what was on the page."""
    st.session_state["library"] = name
    for key in ("session", "question", "reader", "library_page", "standing", "saved_words"):
        st.session_state.pop(key, None)
    address.clear()


def sidebar(pages: Sequence[StreamlitPage]) -> None:
    settings = current()
    # Streamlit forgets a widget's value on a page that doesn't show it, unless it is set.
    for key in ("question", "way", "after", "before", "outlet", "path", "saved_words"):
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]
    with st.sidebar:
        st.html('<p class="name">Sourcebook</p>')
        for page in pages:
            st.page_link(page)
        st.html('<div class="gap"></div>')
        # A key of its own: the choice itself outlives the widget.
        st.session_state["library_choice"] = st.session_state["library"]
        st.selectbox(
            "Articles to ask",
            [MINE, DEMO],
            key="library_choice",
            on_change=_chosen,
            label_visibility="collapsed",
        )
        count = words.count_words(backend.counts(settings)["articles"], "article")
        label = " · written for this app" if in_demo() else ""
        st.html(f'<p class="small">{count}{label}</p>')
        st.html(f'<p class="small dot">{escape(_network_words(settings))}</p>')
    _look(pages)


def _look(pages: Sequence[StreamlitPage]) -> None:
    """Tells the browser which look was chosen; read once a visit."""
    if "theme" not in st.session_state:
        st.session_state["theme"] = settings_backend.theme(backend.my_settings())
    paths = [f"/{page.url_path}" for page in pages]
    data = settings_data.theme_data(st.session_state["theme"], paths)
    desk.draw(data, "desk_theme", lambda action: None)


def _network_words(settings: Settings) -> str:
    mine = backend.my_settings()
    if models_backend.downloading(mine):
        return f"downloading a model from {words.host_words(mine.models_endpoint)}"
    return words.network_words(settings)


def trouble(message: str) -> None:
    """A named failure, as plain text."""
    st.html(f'<p class="trouble" role="alert">{escape(message)}</p>')


def quiet(message: str) -> None:
    st.html(f'<p class="quiet">{escape(message)}</p>')


def heading(message: str) -> None:
    st.html(f'<h2 class="heading">{escape(message)}</h2>')


def lead(message: str) -> None:
    st.html(f'<h1 class="lead">{escape(message)}</h1>')


def demo_label() -> None:
    """Beside everything that comes from the demo."""
    if in_demo():
        st.html('<span class="label">Demo: written for this app</span>')


def await_server(settings: Settings, listed: Listed) -> None:
    """Draws the page again once the model server has listed its models, or did not answer."""
    if not listed.is_known:
        st.fragment(_look_at_server, run_every=SERVER_POLL_SECONDS)(settings)


def _look_at_server(settings: Settings) -> None:
    if models_backend.server_ways(settings).is_known:
        st.rerun()


def _chosen() -> None:
    open_library(st.session_state["library_choice"])
