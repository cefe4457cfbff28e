"""The reader pane of a page: what was opened in it, read once for each opening."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.errors import AppError
from core.records import Citation
from core.settings import Settings
from ui import backend, beside_data, reader_data
from ui.reader_data import Place


def data(
    settings: Settings, key: str, place: Place, citations: Sequence[Citation] = ()
) -> dict[str, Any]:
    """`key` names the opening. A page is drawn again several times a second while a question
    runs; the file and the other versions of its story are compared only once."""
    held = st.session_state.get("reader_source")
    if held is None or held[0] != key:
        try:
            cited = reader_data.cited(place, citations)
            held = key, backend.view(settings, place, cited)
        except AppError as error:
            return reader_data.missing_data(key, place, str(error))
        st.session_state["reader_source"] = held
    _, opened = held
    drawn = reader_data.reader_data(key, place, opened, citations)
    return drawn | {"beside": beside_data.beside_data(opened.source, opened.story)}
