"""The page script: frame, sidebar and navigation. Each page is a script of its own beside it.

A failure of the sidebar or of the page is told in its place; the other is drawn all the same.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui import address, edge, shell, words
from ui.pages import PAGES

FOLDER = Path(__file__).parent


def main() -> None:
    st.set_page_config("Sourcebook", page_icon=str(FOLDER / "icon.svg"), layout="wide")
    st.html(FOLDER / "shell.css")
    pages = [
        st.Page(FOLDER / name, title=title, default=place == 0)
        for place, (name, title) in enumerate(PAGES)
    ]
    # Reached by its address alone: an article at a place.
    article = st.Page(FOLDER / "article.py", title="Article")
    page = st.navigation([*pages, article], position="hidden")
    address.enter(page.title)
    edge.told(shell.sidebar)(pages)
    try:
        page.run()
    except words.NAMED as error:
        shell.trouble(words.failure_words(error))
        shell.way_out(pages)


main()
