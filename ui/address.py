"""The page's address: what is shown, so that a reload, a bookmark and a restart bring it back.

The only module that reads or writes query parameters. Each call that writes makes one step of the
browser's history, so what changes together is written together (`put_view`). Holds library,
answer, the place that the reader shows, a search with its filters. Values from an address are
anyone's: what is too long or too many is dropped here, each is checked where it is used, and none
is a command.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from core.records import Filters

LIBRARY = "library"
OPEN_LIBRARY = "library_named"  # the visit's note of what the address has to say of it
NO_PAGE = "no_page"  # set by app.py, which leads from an unknown page to the first
ANSWER = "answer"
WORDS = "words"  # of a search or a quotation
SORT = "sort"
ALL = "all"  # "1": every mention, not the best passages
LITERAL = "literal"  # "1": words for a time are searched for, not taken as dates
_PLACE = ("file", "from_char", "to_char")
SAID = "said"  # the words of the place, by which they are found again once the file has changed
_FILTERS = ("after", "before", "outlet", "path", "language")
VALUE_CHARS = 4096  # of a path or a filter, as long as a path can be on Linux; longer is dropped
VALUES_LIMIT = 100  # folders or articles; SQLite takes no condition of more than 1,000 parts
SAID_CHARS = 2000  # of longer words the beginning; quoted sentences are shorter by far
PLACE_LIMIT = 2**53  # the largest whole number that the browser's script can hold
_LISTS = {"folders": "folder", "articles": "article"}  # fields that repeat: the name of each


def value(name: str) -> str:
    """ "" where the address doesn't give it."""
    return str(st.query_params.get(name, ""))


def put(**values: str) -> None:
    """Sets parameters; "" takes one away. Nothing is sent where nothing changes."""
    _write({name: [new] if new else [] for name, new in values.items()})


def begin(library: str) -> None:
    """Holds the library alone, in one step."""
    st.query_params.from_dict({LIBRARY: library} if library else {})


def kept() -> dict[str, str]:
    """What goes along to another page: the open library. Written only after the page has changed,
    it would be a step of its own in the browser's history, and Back would lead nowhere."""
    return {LIBRARY: value(LIBRARY)} if value(LIBRARY) else {}


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


def said() -> str:
    """The words of the place; "" where the address has none, as that of an older link."""
    found = value(SAID)
    return found if _is_sound(found) else ""


def put_place(path: str, start: int = 0, end: int = 0, said: str = "") -> None:
    """ "" as the path takes the place away."""
    _write(_place_lists(path, start, end, said))


def put_answer(session_id: str) -> None:
    """Another answer, with no place of the one before, as one step of the browser's history."""
    _write({ANSWER: [session_id]} | _place_lists("", 0, 0))


def link_to(path: str, start: int, end: int, said: str = "") -> str:
    """The address of a place, as the browser's script completes it: `article?file=…`. `said`:
    its words."""
    return "article?" + urlencode(kept() | _place_lists(path, start, end, said), doseq=True)


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
    _write(_filter_lists(wanted))


def put_view(values: Mapping[str, str], wanted: Filters, place: tuple[str, int, int, str]) -> None:
    """All that a page shows, as one step of the browser's history; `place` as in `put_place`.
    "" takes a value, or as its path the place, away."""
    single = {name: [new] if new else [] for name, new in values.items()}
    _write(single | _filter_lists(wanted) | _place_lists(*place))


def enter(page: str) -> None:
    """Notes which page is drawn. For the page script, before the page."""
    st.session_state["address_pages"] = (st.session_state.get("address_pages", ("", ""))[1], page)


def shown() -> dict[str, list[str]]:
    """All that the address says of the page, as it is compared with `is_other`."""
    return {name: one for name, one in _lists().items() if name != LIBRARY}


def is_other(written: Mapping[str, list[str]]) -> bool:
    """Whether the browser's Back or Forward leads to something else than the page has `written`
    last. A page that is visited by the sidebar has an empty address; it goes on where it was."""
    before, page = st.session_state.get("address_pages", ("", ""))
    now = shown()
    return now != written and (bool(now) or before == page)


def is_left() -> bool:
    """As `is_other`, for what was written last by whichever part of the page; told once."""
    written = st.session_state.setdefault("address_written", shown())
    is_new = is_other(written)
    st.session_state["address_written"] = shown()
    return is_new


def _lists() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _write(wanted: Mapping[str, list[str]]) -> None:
    """Streamlit makes a step of the browser's history of every message: one is sent. The part of
    a page that was drawn before a switch of libraries must not write the old one back."""
    now, library = _lists(), st.session_state.get(OPEN_LIBRARY)
    kept = {} if library is None else {LIBRARY: [library] if library else []}
    new = {name: one for name, one in (now | kept | dict(wanted)).items() if one}
    if new != now:
        st.query_params.from_dict(new)
    _note(wanted)


def _note(wanted: Mapping[str, list[str]]) -> None:
    """What this session has written, so that what Back brings is told from it: the sidebar may
    write its own parameter before a page has looked."""
    before: dict[str, list[str]] = st.session_state.get("address_written", shown())
    new = {name: one for name, one in (before | dict(wanted)).items() if one and name != LIBRARY}
    st.session_state["address_written"] = new


def _filter_lists(wanted: Filters) -> dict[str, list[str]]:
    single = {name: getattr(wanted, name) for name in _FILTERS}
    lists = {name: list(getattr(wanted, field)) for field, name in _LISTS.items()}
    return {name: [one] if one else [] for name, one in single.items()} | lists


def _place_lists(path: str, start: int, end: int, said: str = "") -> dict[str, list[str]]:
    values = (path, str(start), str(end), said[:SAID_CHARS]) if path else ("",) * 4
    return {name: [one] if one else [] for name, one in zip((*_PLACE, SAID), values, strict=True)}
