"""The reader of a page: what is open in it, in the page's state and its address.

A page draws `data` in its desk and hands what was pressed to `act` first. The file is read once
for each opening; while a question runs and the page is drawn several times a second, the text is
sent only once (`sent_once`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.errors import AppError
from core.records import Citation, Filters
from core.settings import Settings
from ui import address, backend, beside_data, reader_backend, reader_data
from ui.reader_data import Opened, Place
from ui.reader_text import Reach

Data = dict[str, Any]
WIDER = 8  # times as much text on that side, each time more is asked for


def show(place: Place) -> None:
    """Opens a place; the address names it from now on."""
    serial = st.session_state.get("reader_serial", 0) + 1
    st.session_state["reader_serial"] = serial
    st.session_state["reader"] = (f"r{serial}", place)
    _put(place)


def close() -> None:
    forget()
    address.put_place("")


def forget() -> None:
    """Shows nothing of this visit; what the address names is opened anew."""
    st.session_state.pop("reader", None)


def shown(citations: Sequence[Citation] = ()) -> tuple[str, Place] | None:
    """The opening and its place: of this visit, or the one that the address names."""
    if "reader" not in st.session_state and (named := address.place()):
        show(_cited_place(named, citations))
    found: tuple[str, Place] | None = st.session_state.get("reader")
    if found is not None:  # another page may have changed the address
        _put(found[1])
    return found


def _put(place: Place) -> None:
    """Into the address. The words of a citation stand in its answer."""
    said = "" if place.number else place.words
    address.put_place(place.path, place.start, place.end, said)


def _cited_place(named: tuple[str, int, int], citations: Sequence[Citation]) -> Place:
    for one in citations:
        if (one.path, one.start, one.end) == named:
            return Place(*named, one.number, one.quote)
    return Place(*named, words=address.said())


def _link(place: Place, opened: Opened) -> str:
    """The address of the place as it is now, or was where its words are gone."""
    start, end = place.start, place.end
    if opened.ranges:
        start, end = opened.ranges[0][0], opened.ranges[-1][1]
    return address.link_to(place.path, start, end, reader_data.words_at(place, opened))


def data(
    settings: Settings, key: str, place: Place, citations: Sequence[Citation] = ()
) -> dict[str, Any]:
    """`key` names the opening: the file and the other versions of its story are compared only
    once for each."""
    if is_left_for_ask():
        st.switch_page("ask.py", query_params=address.kept())
    key = _in_library(settings, key)
    held = st.session_state.get("reader_source")
    if held is None or held[0] != key:
        try:
            cited = reader_data.cited(place, citations)
            held = key, backend.view(settings, place, cited)
        except AppError as error:
            return reader_data.missing_data(key, place, str(error))
        st.session_state["reader_source"] = held
    return _drawn(key, place, held[1], citations)


def _drawn(key: str, place: Place, opened: Opened, citations: Sequence[Citation]) -> Data:
    """What is shown, made once for as long as it stays: of a long file that takes time."""
    told = _of_opening("reader_message", key, "")
    state = (key, place, _reach(key), tuple(citations), told)
    held = st.session_state.get("reader_drawn")
    if held is None or held[0] != state:
        drawn = reader_data.reader_data(key, place, opened, citations, _reach(key))
        drawn |= {"link": _link(place, opened), "message": told}
        drawn["beside"] = beside_data.beside_data(opened.source, opened.story)
        held = state, drawn
        st.session_state["reader_drawn"] = held
    found: Data = held[1]
    return found


def sent_once(settings: Settings, citations: Sequence[Citation], is_running: bool) -> Data | None:
    """As `data` for what is shown; while a question runs, only a sign where nothing is new."""
    found = shown(citations)
    if found is None:
        return None
    opening, place = found
    key = _in_library(settings, opening)
    state = (key, _reach(key), len(citations), _of_opening("reader_message", key, ""))
    if is_running and st.session_state.get("reader_sent") == state:
        return {"key": key, "number": place.number, "same": True}
    st.session_state["reader_sent"] = state
    return data(settings, opening, place, citations)


def is_left_for_ask() -> bool:
    """Whether an article was chosen to be asked alone; told once."""
    return bool(st.session_state.pop("to_ask", False))


def act(settings: Settings, action: Data) -> bool:
    """What was pressed in the reader; False where it is another part's."""
    held = st.session_state.get("reader_source")
    kind = action["type"]
    if kind == "resend":
        st.session_state.pop("reader_sent", None)
    elif kind == "more" and held:
        before, after = _reach(held[0])
        wider = (before * WIDER, after) if action["side"] == "before" else (before, after * WIDER)
        st.session_state["reader_reach"] = (held[0], wider)
    elif kind == "reveal" and held:
        told = reader_backend.reveal(settings, held[1].source.path)
        st.session_state["reader_message"] = (held[0], told)
    elif kind == "limit" and held and held[1].source.article_id:
        st.session_state["filters"] = Filters(articles=(held[1].source.article_id,))
        st.session_state["to_ask"] = True
        close()  # at a narrow width it would cover the question
    else:
        return kind in ("more", "reveal", "limit")
    return True


def _in_library(settings: Settings, opening: str) -> str:
    """Openings are counted anew in every library; the browser remembers which one was closed."""
    return f"{opening} {settings.home}"


def _reach(key: str) -> Reach:
    found: Reach = _of_opening("reader_reach", key, (1, 1))
    return found


def _of_opening(name: str, key: str, missing: Any) -> Any:
    """What is remembered of this opening alone."""
    held = st.session_state.get(name)
    return held[1] if held and held[0] == key else missing
