"""What the map page asks of the library: its map, made beside the page, and its counts.

Holds the newest map of each open library for the whole app. Making one takes seconds, so it is
done in a thread; a page only looks whether it is there. Formats nothing.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import AppError
from core.settings import Settings

if TYPE_CHECKING:
    from index.views.map import Map
    from index.views.overview import Overview

LIBRARIES_KEPT = 8
TROUBLE = "The map could not be drawn. The articles can be read and searched all the same."


@dataclass(frozen=True, slots=True)
class Look:
    """The map as it stands now; None where there is none yet. `state` names what it was made
    of: equal ones mean equal maps."""

    state: str = ""
    map: Map | None = None
    is_making: bool = False
    trouble: str = ""


def look(settings: Settings) -> Look:
    """The newest map; a new one is begun where the library has changed and no job runs."""
    from index.jobs import jobs
    from index.store import open_library
    from index.views import map as library_map

    if not settings.library_path.exists():
        return Look()
    with open_library(settings) as library:
        state = library_map.state(library)
    job = jobs.latest(settings)
    return _maps().look(settings, state, job is not None and job.state == "running")


def overview(settings: Settings) -> Overview | None:
    """True counts; None where there is no library yet. Counted once for each state of it."""
    from index.store import open_library
    from index.views import map as library_map
    from index.views import overview as counting

    if not settings.library_path.exists():
        return None
    with open_library(settings) as library:
        key = (str(settings.home), library_map.state(library))
        held = st.session_state.get("overview")
        if held is None or held[0] != key:
            held = key, counting.overview(library)
            st.session_state["overview"] = held
    found: Overview = held[1]
    return found


def encoder_is_here(settings: Settings) -> bool:
    """Whether new articles get vectors; a damaged encoder gives none."""
    from core import modelfiles

    try:
        return modelfiles.find_encoder(settings) is not None
    except AppError:
        return False


class Maps:
    """The newest maps, and the thread that makes one: one at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looks: OrderedDict[str, Look] = OrderedDict()
        self._thread: threading.Thread | None = None

    def look(self, settings: Settings, state: str, is_changing: bool) -> Look:
        """While a library is changing it keeps the map it has: the next one would be old
        before it is made."""
        home = str(settings.home)
        with self._lock:
            known = self._looks.get(home, Look())
            is_busy = self._thread is not None and self._thread.is_alive()
            is_old = known.state != state and not (is_changing and known.map is not None)
            if is_old and not is_busy:
                self._thread = threading.Thread(
                    target=self._make, args=(settings, state), name="map", daemon=True
                )
                self._thread.start()
            return replace(known, is_making=is_old)

    def _make(self, settings: Settings, state: str) -> None:
        from index.store import open_library
        from index.views import map as library_map

        try:
            with open_library(settings) as library:
                made = Look(state, library_map.made(library))
        except AppError as error:
            made = Look(state, trouble=str(error))
        except Exception:  # edge of a thread: the page must hear that it ended
            logging.exception("The map could not be made")
            made = Look(state, trouble=TROUBLE)
        with self._lock:
            self._looks[str(settings.home)] = made
            self._looks.move_to_end(str(settings.home))
            while len(self._looks) > LIBRARIES_KEPT:
                self._looks.popitem(last=False)

    def close(self) -> None:
        """Waits for what is being made: it has the library open."""
        if self._thread is not None:
            self._thread.join(timeout=30)


@st.cache_resource(show_spinner=False, on_release=lambda held: held.close())
def _maps() -> Maps:
    return Maps()
