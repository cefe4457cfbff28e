"""The page script: frame, sidebar and navigation. The pages are ui/ask.py, ui/library.py and
ui/models.py."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.errors import AppError
from ui import shell

FOLDER = Path(__file__).parent


def main() -> None:
    st.set_page_config("Sourcebook", page_icon=str(FOLDER / "icon.svg"), layout="wide")
    st.html(FOLDER / "shell.css")
    # Streamlit names a page's address after its file; the first page is the root.
    ask = st.Page(FOLDER / "ask.py", title="Ask", default=True)
    saved = st.Page(FOLDER / "answers.py", title="Answers")
    library = st.Page(FOLDER / "library.py", title="Library")
    models = st.Page(FOLDER / "models.py", title="Models")
    page = st.navigation([ask, saved, library, models], position="hidden")
    try:
        shell.sidebar([ask, saved, library, models])
        page.run()
    except AppError as error:
        shell.trouble(str(error))


main()
