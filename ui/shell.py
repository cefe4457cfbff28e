"""The frame around every page: which library is open, the sidebar, errors."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from core import libraries
from core.settings import Settings
from ui import (
    address,
    advice,
    backend,
    desk,
    libraries_backend,
    models_backend,
    settings_backend,
    settings_data,
    words,
)

if TYPE_CHECKING:
    from answer.writing.listed import Listed

SERVER_POLL_SECONDS = 0.5
NETWORK_LOOK_SECONDS = 3.0  # that the line on network use may be behind
DEMO = libraries.DEMO
LIBRARIES = "Libraries"  # the page that stands below the choice of a library
# All else that a visit holds belongs to the library that was open.
KEPT = ("library", "theme", "way")
NO_LIBRARY = "The library of this address is not on this computer. These are your own articles."
NO_PAGE = "There is no page at that address. Here you can ask your articles."


def current() -> Settings:
    """The open library; the address keeps it, so a reload stays in it, and Back and Forward lead
    over a switch."""
    mine, named = backend.my_settings(), address.value(address.LIBRARY)
    if named != st.session_state.get(address.OPEN_LIBRARY, named):
        _forget(named)
    key = open_key()
    found = _settings_of(mine, key)
    if found is None:
        open_library(libraries.OWN)
        st.session_state["notice"] = NO_LIBRARY
        return mine
    address.put(library=key)
    st.session_state[address.OPEN_LIBRARY] = key
    return found


def _settings_of(mine: Settings, key: str) -> Settings | None:
    if key == DEMO:
        return backend.demo_settings(mine)
    return libraries_backend.find(key) if key else mine


def open_key() -> str:
    """The open library's key; at first that of the address."""
    if "library" not in st.session_state:
        st.session_state["library"] = address.value(address.LIBRARY)
    return str(st.session_state["library"])


def in_demo() -> bool:
    return open_key() == DEMO


def open_library(key: str) -> None:
    """Switches to the library with this key, and to an address that holds nothing else."""
    _forget(key)
    address.begin(key)
    st.session_state[address.OPEN_LIBRARY] = key


def _forget(key: str) -> None:
    """Opens the library with this key, and none of what was shown of another one."""
    fields = st.session_state.get("question_fields", 0)
    for name in list(st.session_state):
        if name not in KEPT:
            del st.session_state[name]
    st.session_state["question_fields"] = fields + 1  # a new field, without the old question
    st.session_state["library"] = key


def question_field() -> str:
    """The key of the question's field. It is another one for each text that is put into it: the
    browser keeps what it has sent with a form, and would not show what is put there later."""
    return f"question_{st.session_state.get('question_fields', 0)}"


def sidebar(pages: Sequence[StreamlitPage]) -> None:
    settings = current()
    # Streamlit forgets a widget's value on a page that doesn't show it, unless it is set.
    for key in (question_field(), "way", "saved_words"):
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]
    with st.sidebar:
        st.html('<p class="name">Sourcebook</p>')
        for page in pages:
            if page.title != LIBRARIES:
                st.page_link(page, query_params=address.kept())
        st.html('<div class="gap"></div>')
        _choice()
        for page in pages:
            if page.title == LIBRARIES:
                st.page_link(page, label="Libraries…", query_params=address.kept())
        label = " · written for this app" if in_demo() else ""
        st.html(f'<p class="small">{_count(settings)}{label}</p>')
        st.fragment(_network, run_every=NETWORK_LOOK_SECONDS)(settings)
    _look(pages)
    if address.value(address.NO_PAGE):
        address.put(no_page="")
        st.session_state["notice"] = NO_PAGE
    if notice := st.session_state.pop("notice", ""):
        quiet(notice)


def _count(settings: Settings) -> str:
    """How many articles the open library has. One that can't be opened takes no sidebar away:
    its page says why, and another library can be chosen."""
    try:
        return words.count_words(backend.counts(settings)["articles"], "article")
    except words.NAMED:
        return "can’t be opened"


def _choice() -> None:
    """The list of libraries; the demo comes last."""
    names = {entry.key: entry.name for entry in libraries_backend.listed()}
    names[DEMO] = libraries.DEMO_NAME
    # A key of its own: the choice itself outlives the widget.
    st.session_state["library_choice"] = open_key()
    st.selectbox(
        "Articles to ask",
        list(names),
        format_func=names.__getitem__,
        key="library_choice",
        on_change=_chosen,
        label_visibility="collapsed",
    )


def _look(pages: Sequence[StreamlitPage]) -> None:
    """Tells the browser which look was chosen; read once a visit."""
    if "theme" not in st.session_state:
        st.session_state["theme"] = settings_backend.theme(backend.my_settings())
    paths = [f"/{page.url_path}" for page in pages]
    data = settings_data.theme_data(st.session_state["theme"], paths)
    desk.draw(data, "desk_theme", lambda action: None)


def _network(settings: Settings) -> None:
    """Drawn alone, now and then: a download may have been begun, or have ended, in another tab."""
    st.html(f'<p class="small dot">{escape(_network_words(settings))}</p>')


def _network_words(settings: Settings) -> str:
    mine = backend.my_settings()
    if models_backend.downloading(mine):
        return f"downloading a model from {words.host_words(mine.models_endpoint)}"
    return words.network_words(settings)


def trouble(message: str) -> None:
    """A named failure, as plain text."""
    st.html(f'<p class="trouble" role="alert">{escape(message)}</p>')


def way_out(pages: Sequence[StreamlitPage]) -> None:
    """Below a failure of a whole page, mostly of a library that can't be opened."""
    quiet("Nothing was changed. You can open another library, or look at this one again.")
    with st.container(horizontal=True):
        for page in pages:
            if page.title == LIBRARIES:
                st.page_link(page, label="Open another library", query_params=address.kept())
        st.button("Try again", type="tertiary")  # the page is drawn again


def nothing(settings: Settings, message: str) -> None:
    """In the place of a page that needs articles. Files that gave none are told first."""
    if unread := advice.unread_words(backend.counts(settings)):
        quiet(unread)
    quiet(message)


def quiet(message: str) -> None:
    st.html(f'<p class="quiet">{escape(message)}</p>')


def heading(message: str) -> None:
    st.html(f'<h2 class="heading">{escape(message)}</h2>')


def lead(message: str) -> None:
    st.html(f'<h1 class="lead">{escape(message)}</h1>')


def headline(message: str) -> None:
    """A page's name, with the demo's label at the end of its line."""
    with st.container(key="headline", horizontal=True, vertical_alignment="center"):
        lead(message)
        demo_label()


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
