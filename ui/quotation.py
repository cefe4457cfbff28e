"""The page that finds a quotation: where pasted words stand, exactly or nearly, and what differs.

A short quotation stands in the address, so a reload or a bookmark brings the places back.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.errors import AppError
from core.settings import Settings
from ui import address, backend, desk, edge, quotation_backend, quotation_data, reader, shell
from ui.reader_data import Place

ADDRESS_CHARS = 1500  # a longer quotation is looked up all the same, but not kept in the address
QUOTATION_CHARS = 5000


def page() -> None:
    settings = shell.current()
    shell.headline("Find a quotation")
    if backend.counts(settings)["articles"] == 0:
        shell.quiet(
            "There are no articles to look in yet. Add a folder on the Library page, or open "
            "the demo from the Ask page."
        )
        return
    _remember(_held(settings))
    st.fragment(edge.told(_desk))(settings)


def _held(settings: Settings) -> dict[str, Any]:
    """What this visitor has on the page: words, found, reader. First, and in another library,
    from the address."""
    held: dict[str, Any] = st.session_state.get("quotation_page", {})
    if held.get("home") != str(settings.home):
        held = {"home": str(settings.home), "words": "", "found": None, "message": ""}
        st.session_state["quotation_page"] = held
        _look_up(settings, held, address.value(address.WORDS))
        if place := address.place():
            held["reader"] = ("quotation-address", Place(*place))
    return held


def _look_up(settings: Settings, held: dict[str, Any], words: str) -> None:
    held.update(words=words[:QUOTATION_CHARS], found=None, message="", reader=None)
    if not words.strip():
        return
    try:
        held["found"] = quotation_backend.look_up(settings, held["words"])
    except AppError as error:
        held["message"] = str(error)


def _remember(held: dict[str, Any]) -> None:
    words = held["words"]
    address.put(**{address.WORDS: words if len(words) <= ADDRESS_CHARS else ""})
    place = held["reader"][1] if held.get("reader") else Place("", 0, 0)
    address.put_place(place.path, place.start, place.end)


def _desk(settings: Settings) -> None:
    held = _held(settings)
    data = quotation_data.quotation_data(held["words"], held["found"], held["message"])
    data["home"] = held["home"]
    if held.get("reader"):
        data["reader"] = reader.data(settings, *held["reader"])
    desk.draw(data, "desk_quotation", lambda action: _act(settings, action))


def _act(settings: Settings, action: dict[str, Any]) -> None:
    """What was pressed in the component."""
    if reader.act(settings, action):
        return
    held = _held(settings)
    kind = action["type"]
    if kind == "look_up":
        _look_up(settings, held, str(action["words"]))
    elif kind == "open" and action.get("kind") == "file":
        _open(held, backend.place(settings, str(action["path"]), int(action["index"])))
    elif kind == "open":
        found, index = held["found"] or (), int(action["index"])
        _open(held, found[index].place if 0 <= index < len(found) else None)
    elif kind == "close":
        held["reader"] = None
    _remember(held)


def _open(held: dict[str, Any], place: Place | None) -> None:
    if place is not None:
        held["opened"] = held.get("opened", 0) + 1
        held["reader"] = (f"quotation-{held['opened']}", place)


page()
