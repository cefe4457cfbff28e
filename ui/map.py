"""The map page: the articles as points, and what is in the library, counted.

The map is made beside the page (ui/map_backend.py); while it is made the page looks twice a
second, else now and then, since followed folders change. A point opens its article; a bar of the
pictures below opens the search for what it counts.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.settings import Settings
from ui import address, backend, desk, edge, map_backend, map_data, reader, shell
from ui.map_backend import Look
from ui.reader_data import Place

POLL_SECONDS = 0.5
LOOK_SECONDS = 10.0  # between looks for a library that has changed


def page() -> None:
    settings = shell.current()
    wanted = st.session_state.pop("map_search", None)
    if wanted is not None:  # here, as no callback can lead to another page
        st.session_state.pop("search_page", None)  # so that it begins with its address
        st.switch_page("search.py", query_params=address.kept() | wanted)
    shell.headline("Map")
    if backend.counts(settings)["articles"] == 0:
        shell.nothing(
            settings,
            "There is nothing to draw yet. Add a folder on the Library page, or open the demo: "
            "its articles appear here as points, and what is alike lies together.",
        )
        return
    making = map_backend.look(settings).is_making
    pause = POLL_SECONDS if making else LOOK_SECONDS
    with st.container(key="map"):
        st.fragment(edge.told(_map), run_every=pause)(settings, making)
    _pictures(settings)


def _map(settings: Settings, was_making: bool) -> None:
    """The map and the reader beside it, drawn alone; the whole page when it begins or is there."""
    look = map_backend.look(settings)
    act = edge.kept(lambda action: _act(settings, look, action), "map_trouble")
    if trouble := st.session_state.pop("map_trouble", ""):
        shell.trouble(trouble)
    drawn = _drawn(settings, look)
    encoder_is_here = drawn is None and map_backend.encoder_is_here(settings)
    data = map_data.map_data(look, drawn, encoder_is_here)
    desk.draw(data, "desk_map", act)
    desk.draw({"view": "pane", "reader": _reader(settings)}, "desk_map_reader", act)
    if look.is_making != was_making:
        st.rerun()


def _drawn(settings: Settings, look: Look) -> dict[str, Any] | None:
    """The map's points as the page gets them, put together once for each map."""
    if look.map is None or not map_data.is_drawn(look.map):
        return None
    key = (str(settings.home), look.state)
    held = st.session_state.get("map_drawn")
    if held is None or held[0] != key:
        held = key, map_data.points_data(look.map)
        st.session_state["map_drawn"] = held
    drawn: dict[str, Any] = held[1]
    return drawn


def _act(settings: Settings, look: Look, action: dict[str, Any]) -> None:
    """What was pressed in the component."""
    if reader.act(settings, action):
        return
    if action["type"] == "close":
        address.put_place("")
    elif action["type"] == "open" and "path" in action:
        _open(settings, str(action["path"]), int(action["index"]))
    elif action["type"] == "open" and look.map is not None and action.get("key") == look.state:
        points = look.map.points
        at = int(action["index"])
        if 0 <= at < len(points):
            _open(settings, points[at].path, points[at].ordinal)


def _open(settings: Settings, path: str, ordinal: int) -> None:
    place = backend.place(settings, path, ordinal)
    if place is not None:
        st.session_state["map_opened"] = st.session_state.get("map_opened", 0) + 1
        address.put_place(place.path, place.start, place.end)


def _reader(settings: Settings) -> dict[str, Any] | None:
    """What the address names, so that a reload and a bookmark open it again."""
    if reader.is_left_for_ask():
        st.switch_page("ask.py", query_params=address.kept())
    named = address.place()
    if named is None:
        return None
    key = f"map-{st.session_state.get('map_opened', 0)}-{named[0]}-{named[1]}"
    return reader.data(settings, key, Place(*named))


def _pictures(settings: Settings) -> None:
    found = map_backend.overview(settings)
    if found is not None:
        desk.draw(map_data.pictures_data(found), "desk_pictures", _pick)


def _pick(action: dict[str, Any]) -> None:
    """A bar, an outlet or a language was pressed."""
    if action["type"] == "search":
        st.session_state["map_search"] = map_data.search_address(action)


page()
