"""All views share one style sheet: what belongs to one of them must not reach another."""

from __future__ import annotations

import re

import pytest

from ui import desk

# Style sheets of single views, with the views that they are for.
SCOPES = {
    "map.css": ("map", "pictures"),
    "library.css": ("job", "folders", "files"),
    "libraries.css": ("libraries",),
    "models.css": ("models", "moremodels"),
    "settings.css": ("kept",),
}


def selectors(css: str) -> list[str]:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    heads = re.findall(r"([^{}]+)\{", css)
    return [one.strip() for head in heads if "@" not in head for one in head.split(",")]


@pytest.mark.parametrize("name", SCOPES)
def test_a_view_s_own_style_stays_in_that_view(name: str) -> None:
    assert name in desk.STYLES
    found = selectors((desk.FOLDER / name).read_text("utf-8"))
    allowed = tuple(f".desk.{view} " for view in SCOPES[name])
    assert [one for one in found if not one.startswith(allowed)] == []
    assert len(found) > 4
