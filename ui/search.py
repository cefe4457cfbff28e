"""The search page: words, filters, counts over time, results, and the reader beside them.

What is looked for stands in the address, so a reload or a bookmark brings it back. The page's
own part is drawn alone, so that results can follow the typing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from core.errors import AppError
from core.records import Filters
from core.settings import Settings
from ui import (
    address,
    backend,
    desk,
    edge,
    reader,
    scope_backend,
    search_backend,
    search_data,
    shell,
)
from ui.reader_data import Place
from ui.search_data import PAGE_HITS, Found, Held, Search

GONE = "That article has changed, or is gone, since it was listed. These are the results of now."


def page() -> None:
    settings = shell.current()
    shell.headline("Search")
    if backend.counts(settings)["articles"] == 0:
        shell.nothing(
            settings,
            "There is nothing to search yet. Add a folder on the Library page, or open the demo "
            "from the Ask page: its articles are found here by their words and their meaning.",
        )
        return
    held = _held(settings)
    _follow_history(held)
    _remember(held)
    st.fragment(edge.told(_desk))(settings)


def _held(settings: Settings) -> Held:
    """From this visit; at first, and in another library, from the address."""
    held = st.session_state.get("search_page")
    if not isinstance(held, Held) or held.home != str(settings.home):
        held = _from_address(str(settings.home))
        st.session_state["search_page"] = held
    return held


def _follow_history(held: Held) -> None:
    """Back and Forward lead to what the page showed then."""
    if not address.is_other(held.written):
        return
    there = _from_address(held.home)
    held.search, held.message = there.search, there.message
    if there.reader is None:
        held.reader = None
    else:
        _open(held, there.reader[1])


def _from_address(home: str) -> Held:
    message = ""
    try:
        filters = backend.checked_filters(address.filters())
    except AppError as error:
        filters, message = Filters(), str(error)
    sort = address.value(address.SORT)
    held = Held(
        home,
        Search(
            words=address.value(address.WORDS)[: search_data.WORDS_LIMIT],
            filters=filters,
            sort=sort if sort in search_data.SORTS else "relevance",  # type: ignore[arg-type]  # one of Sort
            everything=address.value(address.ALL) == "1",
            literal=address.value(address.LITERAL) == "1",
        ),
        message=message,
        written=address.shown(),
    )
    if place := address.place():
        held.reader = ("search-address", Place(*place, words=address.said()))
    return held


def _remember(held: Held) -> None:
    """Puts what is shown into the address: one step of the browser's history."""
    search = held.search
    values = {
        address.WORDS: search.words,
        address.SORT: "" if search.sort == "relevance" else search.sort,
        address.ALL: "1" if search.everything else "",
        address.LITERAL: "1" if search.literal else "",
    }
    place = held.reader[1] if held.reader else Place("", 0, 0)
    address.put_view(values, search.filters, (place.path, place.start, place.end, place.words))
    held.written = address.shown()


def _desk(settings: Settings) -> None:
    held = _held(settings)
    found = _found(settings, held)
    data = search_data.search_data(held, found)
    filters = held.search.filters
    titles = scope_backend.titles(settings, filters.articles)
    data["limits"] = search_data.limits_data(filters, titles)
    if not held.search.words.strip():
        data["examples"] = _examples(settings, held)
    if held.reader is not None:
        data["reader"] = reader.data(settings, *held.reader)
    desk.draw(data, "desk_search", lambda action: _act(settings, action))


def _found(settings: Settings, held: Held) -> Found:
    """Searched once for each state of the library, however often the page is drawn; the
    library itself is counted again only under other filters."""
    key = search_backend.state(settings), held.search
    if held.found is None or held.found[0] != key:
        counted = None
        if held.found is not None:
            (state, search), found = held.found
            counted = found.library if (state, search.filters) == (key[0], key[1].filters) else None
            if state != key[0]:
                held.places.clear()
        held.found = key, search_backend.find(settings, held.search, counted)
        for result in held.found[1].results:
            held.places[search_data.result_key(result)] = result.place
    return held.found[1]


def _examples(settings: Settings, held: Held) -> list[str]:
    if held.examples is None:
        held.examples = search_backend.example_words(settings)
    return held.examples


def _act(settings: Settings, action: dict[str, Any]) -> None:
    """What was pressed in the component."""
    if reader.act(settings, action):
        return
    held = _held(settings)
    held.message = ""
    kind = action["type"]
    if kind == "open" and action.get("kind") == "file":
        _open(held, backend.place(settings, str(action["path"]), int(action["index"])))
    elif kind == "open":
        _open(held, held.places.get(str(action["key"])))
        held.message = "" if str(action["key"]) in held.places else GONE
    elif kind == "close":
        held.reader = None
    elif kind == "find":
        held.finding[str(action["name"])] = str(action["letters"])
        return  # only a list of names is another
    elif kind == "more_results":
        held.search = replace(held.search, shown=held.search.shown + PAGE_HITS)
    else:
        _change(held, action)
    if not held.search.is_typing or kind == "open":
        _remember(held)


def _open(held: Held, place: Place | None) -> None:
    if place is not None:
        held.opened += 1
        held.reader = (f"search-{held.opened}", place)


def _change(held: Held, action: dict[str, Any]) -> None:
    """Another search: other words, filters or order."""
    if action["type"] == "words":
        held.serial = int(action["serial"])
    search = search_data.changed(held.search, action)
    try:
        backend.checked_filters(search.filters)
        held.search = search
    except AppError as error:
        held.message = str(error)


page()
