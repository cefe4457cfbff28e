"""The edge of a part of a page: a named failure is told in its place, in words.

Streamlit runs fragments and callbacks on their own, outside the page's edge in ui/main.py; a
failure there would end as a bare “something went wrong”. Other failures pass: they are faults
of the app and belong in its log.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui import shell, words


def told(draw: Callable[..., Any]) -> Callable[..., None]:
    """`draw`, with named failures shown where it draws. For fragments and the sidebar."""

    def guarded(*arguments: Any) -> None:
        try:
            draw(*arguments)
        except words.NAMED as error:
            shell.trouble(words.failure_words(error))

    return guarded


def kept(act: Callable[..., Any], key: str) -> Callable[..., None]:
    """`act`, with the words of a named failure kept in the page's state under `key`, to be
    shown when the page is drawn next. For what was pressed."""

    def guarded(*arguments: Any) -> None:
        try:
            act(*arguments)
        except words.NAMED as error:
            st.session_state[key] = words.failure_words(error)

    return guarded
