"""The address holds what is shown, and nothing odd in it breaks a page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ui import address


def read() -> None:
    """A page of its own that tells what it reads."""
    import json
    from dataclasses import asdict

    import streamlit as st

    from ui import address

    st.text(json.dumps([address.place(), asdict(address.filters()), address.value("answer")]))


def write() -> None:
    from core.records import Filters
    from ui import address

    wanted = Filters(after="2025", language="de", folders=("/a & b", "/c?"), articles=("x", "y"))
    address.put_filters(wanted)
    assert address.filters() == wanted
    address.put_filters(Filters(outlet="Tide"))
    assert address.filters() == Filters(outlet="Tide")
    address.put_place("/a & b/é#.txt", 3, 9)
    assert address.place() == ("/a & b/é#.txt", 3, 9)
    address.put(answer="x1", words="a? b&c")
    assert address.value("words") == "a? b&c"
    address.put(words="")
    address.put_place("")


def told(parameters: dict[str, Any]) -> Any:
    app = AppTest.from_function(read)
    for name, value in parameters.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return json.loads(app.text[0].value)


@pytest.mark.parametrize(
    ("parameters", "place"),
    [
        ({}, None),
        ({"file": "/a.txt"}, ["/a.txt", 0, 0]),
        ({"file": "/a.txt", "from_char": "5", "to_char": "7"}, ["/a.txt", 5, 7]),
        ({"file": "/a.txt", "from_char": "5"}, ["/a.txt", 5, 5]),
        ({"file": "/a.txt", "from_char": "9", "to_char": "7"}, None),
        ({"file": "/a.txt", "from_char": "-1", "to_char": "7"}, None),
        ({"file": "/a.txt", "from_char": "x"}, None),
        ({"from_char": "5", "to_char": "7"}, None),
        ({"file": "/a.txt", "from_char": "²"}, None),
        ({"file": "/a.txt", "from_char": "9" * 5000}, None),
        ({"file": "/a.txt", "from_char": "9" * 100}, None),
        ({"file": "/" * 5000}, None),
        ({"file": "/a\0.txt"}, None),
    ],
)
def test_a_place(parameters: dict[str, str], place: Any) -> None:
    assert told(parameters)[0] == place


def test_filters_that_repeat() -> None:
    _, filters, answer = told({"folder": ["/a", "/b"], "after": "2025", "answer": "x1"})
    assert filters["folders"] == ["/a", "/b"]
    assert filters["after"] == "2025"
    assert filters["articles"] == []
    assert filters["language"] is None
    assert answer == "x1"


def test_what_is_too_long_or_too_many_is_dropped() -> None:
    many = [f"/{n}" for n in range(900)]
    _, filters, _ = told({"folder": ["", *many], "article": ["x" * 5000, "y"], "path": "*" * 9999})
    assert filters["folders"] == many[: address.VALUES_LIMIT]
    assert filters["articles"] == ["y"]
    assert filters["path"] is None


def test_what_is_written_is_read_back() -> None:
    app = AppTest.from_function(write).run()
    assert not app.exception
    assert dict(app.query_params) == {"outlet": "Tide", "answer": "x1"}


def step() -> None:
    import streamlit as st

    from core.records import Filters
    from ui import address

    written = st.session_state.setdefault("written", [])
    page, words = st.query_params.get("visit", "Search"), st.session_state.get("words", "")
    del st.query_params["visit"]
    address.enter(page)
    if page == "Search":
        st.text(str(address.is_other(dict(written))))
        address.put_view({"words": words}, Filters(outlet="Tide"), ("/a.txt", 1, 2, ""))
        st.session_state["written"] = address.shown()


@pytest.mark.parametrize(
    ("visits", "address_now", "expected"),
    [
        ([], None, "False"),  # drawn again, nothing moved
        ([], {"words": "gannet"}, "True"),  # Back to another search
        ([], {}, "True"),  # Back to the empty page
        (["Library"], {}, "False"),  # by the sidebar: the page goes on where it was
        (["Library"], {"words": "gannet"}, "True"),  # Back from another page
    ],
)
def test_back_is_told_from_a_visit(
    visits: list[str], address_now: dict[str, str] | None, expected: str
) -> None:
    app = AppTest.from_function(step)
    app.session_state["words"] = "quay"
    app.query_params["visit"] = "Search"
    app.run()
    shown = {"words": "quay", "outlet": "Tide", "file": "/a.txt", "from_char": "1", "to_char": "2"}
    for page in [*visits, "Search"]:
        app.query_params = {**(shown if address_now is None else address_now), "visit": page}
        app.run()
        assert not app.exception
    assert app.text[0].value == expected
