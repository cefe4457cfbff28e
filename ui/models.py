"""The models page: what fits this machine, downloads, measurements, files of one's own.

Downloads and measurements run outside the page (answer/writing/model_tasks.py); this page only
looks at them, twice a second while one runs. The models are the user's own, also while
the demo is open.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.settings import Settings
from ui import backend, desk, edge, models_backend, models_data, shell, words

POLL_SECONDS = 0.5
LOOK_SECONDS = 3.0  # between looks for what another tab or the command line has begun


def page() -> None:
    settings = backend.my_settings()
    shell.lead("Models")
    running = models_data.running(models_backend.tasks(settings))
    pause = POLL_SECONDS if running else LOOK_SECONDS
    st.fragment(edge.told(_list), run_every=pause)(settings, running)
    listed = models_backend.server_ways(settings)
    shown = _shown()
    more = models_data.more_data(settings, listed, shown.get("added", ""), shown.get("trouble", ""))
    desk.draw(more, "desk_models_more", lambda action: _use(settings, action))
    shell.await_server(settings, listed)


def _shown() -> dict[str, Any]:
    """What this visitor is told: message and trouble of the last action, the file just added."""
    shown: dict[str, Any] = st.session_state.setdefault("models_page", {})
    return shown


def _list(settings: Settings, drawn: tuple[str, ...]) -> None:
    """The models; when another task runs than `drawn`, the whole page with its frame."""
    tasks = models_backend.tasks(settings)
    message = _shown().get("message", "")
    found = models_backend.overview(settings)
    data = models_data.models_data(found, tasks, settings, message)
    desk.draw(data, "desk_models", lambda action: _act(settings, action))
    if models_data.running(tasks) != drawn:
        st.rerun()


def _act(settings: Settings, action: dict[str, Any]) -> None:
    """What was pressed in the list."""
    shown = _shown()
    shown.clear()
    kind, name = action["type"], str(action.get("name", ""))
    try:
        if kind == "download":
            models_backend.download(settings, name)
        elif kind == "measure":
            models_backend.measure(settings, name)
        elif kind == "verify":
            models_backend.verify(settings)
        elif kind == "stop":
            models_backend.stop(settings, name)
        elif kind == "discard":
            models_backend.discard(settings, name)
        elif kind == "forget":
            models_backend.forget_file(settings, str(action["path"]))
    except words.NAMED as error:
        shown["message"] = words.failure_words(error)


def _use(settings: Settings, action: dict[str, Any]) -> None:
    """A path that was typed."""
    shown = _shown()
    shown.clear()
    if action["type"] != "use":
        return
    try:
        shown["added"] = models_backend.use_file(settings, str(action["path"]))
    except words.NAMED as error:
        shown["trouble"] = words.failure_words(error)


page()
