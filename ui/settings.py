"""The settings page: how answers are made, how the app looks, where things are kept.

Every choice is kept at once and has a default that suits most; nothing here must be set.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.settings import Settings
from ui import (
    backend,
    desk,
    edge,
    models_backend,
    saved_backend,
    settings_backend,
    settings_data,
    shell,
)
from ui.settings_backend import QUOTATIONS

THEMES = {"follow": "As my system is set", "light": "Light", "dark": "Dark"}
LEFT_OUT = {
    False: "Counted below the answer, where they can be unfolded",
    True: "Shown in the answer, struck through",
}


def page() -> None:
    settings, mine = shell.current(), backend.my_settings()
    shell.lead("Settings")
    if message := st.session_state.pop("settings_trouble", ""):
        shell.trouble(message)
    _answers(settings, mine)
    _look(mine)
    if not shell.in_demo():
        _following(settings)
    places = settings_data.places_data(settings_backend.places(settings), settings)
    desk.draw(places, "desk_places", lambda action: None)


def _answers(settings: Settings, mine: Settings) -> None:
    shell.heading("Answers")
    listed = models_backend.server_ways(mine)
    begun = settings_backend.way(mine)
    ways = list(dict.fromkeys([QUOTATIONS, *backend.models(mine), *listed.names, begun]))
    _kept("setting_way", begun)
    st.selectbox(
        "Way of answering to begin with",
        ways,
        key="setting_way",
        format_func=settings_data.way_words,
        on_change=_keep,
        args=(lambda: _keep_way(mine),),
        width=420,
    )
    shell.quiet("It can be changed under each question. Every sentence is checked in any case.")
    _kept("setting_left_out", saved_backend.shows_left_out(settings))
    st.radio(
        "Sentences of a model that your articles don’t support",
        [False, True],
        key="setting_left_out",
        format_func=LEFT_OUT.__getitem__,
        on_change=_keep,
        args=(
            lambda: saved_backend.set_shows_left_out(
                settings, st.session_state["setting_left_out"]
            ),
        ),
    )
    shell.await_server(mine, listed)


def _look(mine: Settings) -> None:
    shell.heading("Look")
    _kept("setting_theme", settings_backend.theme(mine))
    st.radio(
        "Light or dark",
        list(THEMES),
        key="setting_theme",
        format_func=THEMES.__getitem__,
        horizontal=True,
        on_change=_keep,
        args=(lambda: _keep_theme(mine),),
    )


def _following(settings: Settings) -> None:
    shell.heading("Folders")
    _kept("setting_follow", backend.follows(settings))
    st.toggle(
        "Follow changes in the folders of this library",
        key="setting_follow",
        on_change=_keep,
        args=(lambda: backend.set_follows(settings, st.session_state["setting_follow"]),),
    )
    shell.quiet("New, changed and deleted files are seen while the app runs.")


def _kept(key: str, value: object) -> None:
    """A widget shows what is kept, whoever has changed it."""
    st.session_state[key] = value


def _keep(keep: Callable[[], None]) -> None:
    edge.kept(keep, "settings_trouble")()


def _keep_way(mine: Settings) -> None:
    settings_backend.set_way(mine, st.session_state["setting_way"])
    st.session_state["way"] = st.session_state["setting_way"]  # of this visit too


def _keep_theme(mine: Settings) -> None:
    settings_backend.set_theme(mine, st.session_state["setting_theme"])
    st.session_state.pop("theme", None)


page()
