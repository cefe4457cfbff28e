"""The library in a real browser: a folder is read, paused, resumed and cancelled, a second tab
sees it, a pause outlives the app, and libraries are kept apart."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core import libraries
from core.settings import Settings
from tests.e2e import browser

FILES = 60  # enough that a hand can pause: a fast machine reads about forty a second
PLACES = "Ashford Borley Carrow Denholm Elmsett Farrow Gorsley Hadlow".split()
THINGS = "lanterns barrels ledgers anchors saddles clocks mirrors kettles".split()


def write_articles(folder: Path, count: int = FILES) -> Path:
    """Articles that share no sentence."""
    folder.mkdir()
    for number in range(count):
        place, thing = PLACES[number % 8], THINGS[number // 8 % 8]
        lines = [
            f"On day {number} of week {line} the council of {place} counted {number * 7 + line} "
            f"{thing} in the cellar of house {line * 13 + number}, and nobody asked why."
            for line in range(24)
        ]
        (folder / f"{number:03}-{place}.txt").write_text(f"{place} {number}\n\n" + " ".join(lines))
    return folder


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Path:
    """The home of one app, beside which each test has a library of its own."""
    return tmp_path_factory.mktemp("library") / "home"


@pytest.fixture(scope="module")
def app(own: Path) -> Iterator[str]:
    with browser.serve(own) as running:
        yield running


@pytest.fixture
def home(own: Path) -> Path:
    """An empty library."""
    others = libraries.listed(Settings(home=own))
    return libraries.create(Settings(home=own), f"Test {len(others)}").settings.home


@pytest.fixture
def address(app: str, home: Path) -> str:
    """Of that library's page."""
    return f"{app}/library?library={home.name}"


def add_folder(page: Any, folder: Path) -> None:
    page.get_by_role("button", name="Add a folder").click()
    page.get_by_label("Folder", exact=True).fill(str(folder))
    page.get_by_role("button", name="Add this folder").click()


def open_library_page(page: Any, address: str) -> None:
    page.goto(address)
    page.get_by_role("heading", name="Folders").wait_for()


def job(page: Any, words: str, seconds: int = 60) -> None:
    """Waits until the job's line says this."""
    title = page.locator(".job .told strong", has_text=words)
    title.wait_for(timeout=1000 * seconds)
    assert title.bounding_box()["width"] > 20


def press(page: Any, name: str) -> None:
    page.locator(".job").get_by_role("button", name=name).click()


def stored(home: Path, query: str) -> Any:
    with closing(sqlite3.connect(home / "library.db")) as library:
        return library.execute(query).fetchone()


def test_reading_is_paused_and_goes_on_after_the_app_has_ended(
    tmp_path: Path, visitor: Callable[..., Any]
) -> None:
    home, folder = tmp_path / "home", write_articles(tmp_path / "articles")
    window = visitor()
    with browser.serve(home) as address:
        page, second = window.new_page(), window.new_page()
        open_library_page(page, f"{address}/library")
        page.get_by_role("switch", name="Follow changes").wait_for(state="hidden")
        open_library_page(second, f"{address}/library")
        add_folder(page, folder)
        job(page, "Reading files")
        job(second, "Reading files", 5)  # nobody touched the second tab
        page.locator(".job").get_by_text(f"of {FILES} files").wait_for()
        bar = page.locator(".job .bar")
        assert bar.get_attribute("role") == "progressbar"
        press(page, "Pause")
        job(page, "Paused")
        job(second, "Paused", 5)
        before, total = stored(home, "SELECT files_done, files_total FROM jobs")
        assert 0 < before < total == FILES
        page.wait_for_timeout(3500)  # a followed folder starts nothing while it is paused
        assert stored(home, "SELECT count(*), max(state) FROM jobs") == (1, "paused")
    with browser.serve(home) as address:  # another run of the app
        page = window.new_page()
        open_library_page(page, f"{address}/library")
        job(page, "Paused")
        assert stored(home, "SELECT files_done FROM jobs") == (before,)
        press(page, "Resume")
        job(page, "Done", 120)
    embedded, texts = stored(home, "SELECT (SELECT passages_done FROM jobs), count(*) FROM vectors")
    assert embedded == texts  # nothing was embedded twice
    assert stored(home, "SELECT count(*) FROM articles") == (FILES,)


def test_a_job_is_cancelled_and_what_waits_outlives_the_tab(
    home: Path, address: str, tmp_path: Path, visitor: Callable[..., Any]
) -> None:
    folder = write_articles(tmp_path / "articles")
    next_folder = write_articles(tmp_path / "next", 3)
    window = visitor()
    page = window.new_page()
    open_library_page(page, address)
    add_folder(page, folder)
    job(page, "Reading files")
    press(page, "Pause")
    job(page, "Paused")
    add_folder(page, next_folder)
    page.locator(".waiting").get_by_text("next").wait_for()
    page.close()
    page = window.new_page()
    open_library_page(page, address)
    page.locator(".waiting").get_by_text("next").wait_for()
    press(page, "Cancel")
    # The paused job has ended, so that what waited comes.
    page.locator(".waiting li").wait_for(state="hidden")
    page.locator(".folders .path", has_text="next").wait_for()
    job(page, "Done", 60)
    (articles,) = stored(home, "SELECT count(*) FROM articles WHERE path LIKE '%/next/%'")
    assert articles == 3
    assert stored(home, "SELECT state FROM jobs ORDER BY job_id LIMIT 1") == ("cancelled",)


def test_files_are_found_explained_and_removed_one_by_one(
    home: Path, address: str, tmp_path: Path, page: Any
) -> None:
    folder = write_articles(tmp_path / "articles", 3)
    (folder / "cut.pdf").write_bytes(b"%PDF-1.4\n<script>alert(1)</script>")
    open_library_page(page, address)
    add_folder(page, folder)
    row = page.locator("tr", has_text="cut.pdf")
    row.wait_for(timeout=60_000)
    row.locator("summary").click()
    assert "another copy" in row.inner_text()
    page.get_by_label("Find a file").fill("borley")
    page.locator("tbody tr").nth(1).wait_for(state="hidden")
    assert "001-Borley.txt" in page.locator("tbody").inner_text()
    assert page.get_by_label("Find a file").evaluate(
        "field => field.getRootNode().activeElement === field"
    )
    row = page.locator("tr", has_text="001-Borley.txt")
    row.locator("summary").click()
    row.get_by_role("button", name="Remove").click()
    row.get_by_role("button", name="Yes, remove").click()
    page.get_by_text("Left out by you (1)").wait_for()
    assert (folder / "001-Borley.txt").exists()
    assert stored(home, "SELECT count(*) FROM articles") == (2,)
    page.get_by_text("Left out by you (1)").click()
    page.get_by_role("button", name="Take back").click()
    page.locator(".open", has_text="001-Borley.txt").click()
    page.locator(".reader").get_by_text("the council of Borley counted").first.wait_for()
    page.keyboard.press("Escape")
    page.locator(".reader").wait_for(state="hidden")


def test_everything_is_read_again_without_embedding(
    home: Path, address: str, tmp_path: Path, page: Any
) -> None:
    open_library_page(page, address)
    add_folder(page, write_articles(tmp_path / "articles", 3))
    job(page, "Done")
    page.locator(".open").nth(2).wait_for()
    page.get_by_role("button", name="Storage").click()
    page.get_by_text("Articles and search").wait_for()
    page.get_by_role("button", name="Read everything again").click()
    page.wait_for_function("() => document.body")  # the page is drawn again by the job's end
    for _ in range(100):
        found = stored(home, "SELECT state, passages_done FROM jobs WHERE action = 'rebuild'")
        if found and found[0] == "done":
            break
        page.wait_for_timeout(200)
    assert found == ("done", 0)


def test_libraries_are_kept_apart(app: str, tmp_path: Path, page: Any) -> None:
    open_library_page(page, f"{app}/library")
    add_folder(page, write_articles(tmp_path / "articles", 3))
    job(page, "Done")
    page.goto(app)
    browser.ask(page, "What did the council of Borley count?")
    page.get_by_role("link", name="Libraries…").click()
    page.get_by_label("Name of the new library").fill("../evil")
    page.get_by_role("button", name="Create").click()
    page.get_by_text("A name can't hold").wait_for()
    page.get_by_label("Name of the new library").fill("Harbour inquiry")
    page.get_by_role("button", name="Create").click()
    page.locator("li[aria-current=true]", has_text="Harbour inquiry").wait_for()
    page.get_by_role("link", name="Library", exact=True).click()
    page.get_by_text("No folder yet").wait_for()
    page.get_by_role("link", name="Answers").click()
    page.wait_for_timeout(1000)
    assert "Borley" not in page.locator("[data-testid=stMain]").inner_text()
    page.get_by_role("link", name="Ask").click()
    page.get_by_role("heading", name="Ask your own folder").wait_for()
    kept = page.url
    page.reload()  # the address keeps the library
    page.get_by_role("heading", name="Ask your own folder").wait_for()
    assert "library=harbour-inquiry" in kept
    page.get_by_role("link", name="Libraries…").click()
    page.get_by_role("button", name="Rename Harbour inquiry").click()
    page.get_by_label("New name of Harbour inquiry").fill("Quay")
    page.keyboard.press("Enter")
    page.locator("li[aria-current=true]", has_text="Quay").wait_for()
    page.get_by_role("button", name="Open My articles").click()
    page.locator("li[aria-current=true]", has_text="My articles").wait_for()
    page.go_back()  # over the switch
    page.locator("li[aria-current=true]", has_text="Quay").wait_for()
    page.go_forward()
    page.locator("li[aria-current=true]", has_text="My articles").wait_for()
    page.get_by_role("link", name="Answers").click()
    page.get_by_text("What did the council of Borley count?").first.wait_for()


def test_an_address_that_leads_nowhere_is_told(app: str, page: Any) -> None:
    page.goto(f"{app}/nosuchpage")
    page.get_by_text("There is no page at that address").wait_for()
    assert page.locator("[data-testid=stDialog], [role=dialog]").count() == 0
    page.goto(f"{app}/?library=gone")
    page.get_by_text("not on this computer").wait_for()
