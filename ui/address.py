"""The page's address: what is shown, so that a reload, a bookmark and a restart bring it back.

The only module that reads or writes query parameters. Holds library, answer, the place that the
reader shows, a search with its filters. Values from an address are anyone's: what is too long or
too many is dropped here, each is checked where it is used, and none is a command.
"""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from core.records import Filters

LIBRARY = "library"
NO_PAGE = "no_page"  # set by app.py, which leads from an unknown page to the first
ANSWER = "answer"
WORDS = "words"  # of a search or a quotation
SORT = "sort"
ALL = "all"  # "1": every mention, not the best passages
_PLACE = ("file", "from_char", "to_char")
_FILTERS = ("after", "before", "outlet", "path", "language")
VALUE_CHARS = 4096  # of a path or a filter, as long as a path can be on Linux; longer is dropped
VALUES_LIMIT = 100  # folders or articles; SQLite takes no condition of more than 1,000 parts
PLACE_LIMIT = 2**53  # the largest whole number that the browser's script can hold
_LISTS = {"folders": "folder", "articles": "article"}  # fields that repeat: the name of each


def value(name: str) -> str:
    """ "" where the address doesn't give it."""
    return str(st.query_params.get(name, ""))


def put(**values: str) -> None:
    """Sets parameters; "" takes one away. Nothing is sent where nothing changes."""
    for name, new in values.items():
        if new and st.query_params.get(name) != new:
            st.query_params[name] = new
        elif not new and name in st.query_params:
            del st.query_params[name]


def clear() -> None:
    st.query_params.clear()


def place() -> tuple[str, int, int] | None:
    """A path and a range of its source text in code points; None where none is named, or the
    numbers are none."""
    path, start, end = (value(name) for name in _PLACE)
    try:
        low = int(start or 0)
        high = int(end or low)
    except ValueError:
        return None
    is_place = _is_sound(path) and 0 <= low <= high < PLACE_LIMIT
    return (path, low, high) if is_place else None


def put_place(path: str, start: int = 0, end: int = 0) -> None:
    """ "" as the path takes the place away."""
    numbers = (str(start), str(end)) if path else ("", "")
    put(**dict(zip(_PLACE, (path, *numbers), strict=True)))


def link_to(path: str, start: int, end: int) -> str:
    """The address of a place, as the browser's script completes it: `article?file=…`."""
    named = dict(zip(_PLACE, (path, str(start), str(end)), strict=True))
    return "article?" + urlencode({LIBRARY: value(LIBRARY)} | named if value(LIBRARY) else named)


def filters() -> Filters:
    """What is too long, or too many of one kind, is dropped. Dates are as they were written."""
    found = {name: value(name) for name in _FILTERS}
    single = {name: one if _is_sound(one) else None for name, one in found.items()}
    lists = {
        field: tuple(filter(_is_sound, st.query_params.get_all(name)))[:VALUES_LIMIT]
        for field, name in _LISTS.items()
    }
    return Filters(**single, **lists)  # type: ignore[arg-type]  # by name


def _is_sound(one: str) -> bool:
    return 0 < len(one) <= VALUE_CHARS and "\0" not in one


def put_filters(wanted: Filters) -> None:
    put(**{name: getattr(wanted, name) or "" for name in _FILTERS})
    for field, name in _LISTS.items():
        values = list(getattr(wanted, field))
        if not values:
            put(**{name: ""})
        elif st.query_params.get_all(name) != values:
            st.query_params[name] = values
