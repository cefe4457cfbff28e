"""The page that finds a quotation: where pasted words stand, exactly or nearly, and what differs.

A short quotation stands in the address, so a reload or a bookmark brings the places back.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.errors import AppError
from core.records import Filters
from core.settings import Settings
from ui import address, backend, desk, edge, quotation_backend, quotation_data, reader, shell
from ui.quotation_data import place_key
from ui.reader_data import Place

ADDRESS_CHARS = 1500  # a longer quotation is looked up all the same, but not kept in the address
QUOTATION_CHARS = 5000
GONE = "That article has changed, or is gone, since it was listed. Look the words up again."


def page() -> None:
    settings = shell.current()
    shell.headline("Find a quotation")
    if backend.counts(settings)["articles"] == 0:
        shell.nothing(
            settings,
            "There are no articles to look in yet. Add a folder on the Library page, or open "
            "the demo from the Ask page.",
        )
        return
    held = _held(settings)
    if address.is_other(held["written"]):
        _from_address(settings, held)
    _remember(held)
    st.fragment(edge.told(_desk))(settings)


def _held(settings: Settings) -> dict[str, Any]:
    """What this visitor has on the page: words, found, reader. First, and in another library,
    from the address."""
    held: dict[str, Any] = st.session_state.get("quotation_page", {})
    if held.get("home") != str(settings.home):
        held = {"home": str(settings.home), "words": "", "written": address.shown()}
        st.session_state["quotation_page"] = held
        _from_address(settings, held)
    return held


def _from_address(settings: Settings, held: dict[str, Any]) -> None:
    words = address.value(address.WORDS)
    if words != held["words"] or "found" not in held:
        _look_up(settings, held, words)
    held["reader"] = None
    if place := address.place():
        _open(held, Place(*place, words=address.said()))


def _look_up(settings: Settings, held: dict[str, Any], words: str) -> None:
    held.update(words=words[:QUOTATION_CHARS], found=None, message="", reader=None)
    if not words.strip():
        return
    try:
        held["found"] = quotation_backend.look_up(settings, held["words"])
    except AppError as error:
        held["message"] = str(error)


def _remember(held: dict[str, Any]) -> None:
    """Puts what is shown into the address: one step of the browser's history."""
    words = held["words"] if len(held["words"]) <= ADDRESS_CHARS else ""
    place = held["reader"][1] if held.get("reader") else Place("", 0, 0)
    there = (place.path, place.start, place.end, place.words)
    address.put_view({address.WORDS: words}, Filters(), there)
    held["written"] = address.shown()


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
        found = (one.place for one in held["found"] or ())
        place = next((one for one in found if place_key(one) == action["key"]), None)
        _open(held, place)
        held["message"] = "" if place else GONE
    elif kind == "close":
        held["reader"] = None
    _remember(held)


def _open(held: dict[str, Any], place: Place | None) -> None:
    if place is not None:
        held["opened"] = held.get("opened", 0) + 1
        held["reader"] = (f"quotation-{held['opened']}", place)


page()
