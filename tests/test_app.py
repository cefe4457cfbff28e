"""Addresses that no page has lead to the first page; the app's own files pass."""

import pytest

import app
from ui.pages import HIDDEN, PAGES

UI = app.Path(app.__file__).parent / "ui"


@pytest.mark.parametrize("path", ["/nosuch", "/shell", "/backend", "/Library", "/nosuch/"])
def test_what_is_no_page_is_known(path):
    assert app._is_no_page(path)


@pytest.mark.parametrize(
    "path",
    ["/", "", "/library", "/libraries", "/article", "/_stcore/health", "/static/js/index.js",
     "/favicon.png", "/media/abc.png", "/component/x/index.html"],
)  # fmt: skip
def test_what_the_app_needs_passes(path):
    assert not app._is_no_page(path)


def test_every_page_is_a_script():
    for name, title in (*PAGES, *HIDDEN):
        assert (UI / name).is_file()
        assert title
