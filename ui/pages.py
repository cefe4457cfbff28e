"""The pages of the app, in the sidebar's order: (script beside this file, title).

Streamlit names a page's address after its file; the first page is the root. No page is loaded
here: ui/main.py shows them, app.py knows by them which addresses lead nowhere.
"""

from __future__ import annotations

PAGES = (
    ("ask.py", "Ask"),
    ("search.py", "Search"),
    ("quotation.py", "Find a quotation"),
    ("answers.py", "Answers"),
    ("library.py", "Library"),
    ("map.py", "Map"),
    ("models.py", "Models"),
    ("settings.py", "Settings"),
    ("libraries.py", "Libraries"),  # below the choice of a library, see shell.LIBRARIES
)

HIDDEN = (("article.py", "Article"),)  # reached by its address alone: an article at a place


def addresses() -> frozenset[str]:
    """The paths of the pages, without a slash."""
    return frozenset(name.removesuffix(".py") for name, _ in (*PAGES, *HIDDEN))
