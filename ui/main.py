"""The page script: frame, sidebar and navigation. Each page is a script of its own beside it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.errors import AppError
from ui import shell

FOLDER = Path(__file__).parent
# In the sidebar's order. Streamlit names a page's address after its file; the first is the root.
PAGES = (
    ("ask.py", "Ask"),
    ("search.py", "Search"),
    ("quotation.py", "Find a quotation"),
    ("answers.py", "Answers"),
    ("library.py", "Library"),
    ("map.py", "Map"),
    ("models.py", "Models"),
    ("settings.py", "Settings"),
)


def main() -> None:
    st.set_page_config("Sourcebook", page_icon=str(FOLDER / "icon.svg"), layout="wide")
    st.html(FOLDER / "shell.css")
    pages = [
        st.Page(FOLDER / name, title=title, default=place == 0)
        for place, (name, title) in enumerate(PAGES)
    ]
    page = st.navigation(pages, position="hidden")
    try:
        shell.sidebar(pages)
        page.run()
    except AppError as error:
        shell.trouble(str(error))


main()
