"""Searching as a person does: typing, filters, the timeline, a link that is opened again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cli
from tests.e2e import browser
from tests.e2e.test_desk import IN_VIEW

# Four presses in one moment, the second to the fourth while the page is busy.
PRESSES = """one => {
  const tabs = one.getRootNode().querySelectorAll('.order .tab');
  for (const words of ['herbal', 'manuscript', 'ferry']) {
    one.value = words;
    one.form.requestSubmit();
  }
  tabs[1].click();
}"""

DAYS = ("2 March 2025", "9 March 2025", "4 April 2025", "8 May 2025", "7 June 2025")
FERRY = "The ferry to Skerrow sailed again after the storm, and the harbour opened at noon."

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HOSTILE = """The Skerrow lantern <script>window.hacked = 1</script>

The Skerrow lantern failed ![pixel](http://evil.example/pixel.png) and the keeper told \
[the harbour](http://evil.example/link) <img src="http://evil.example/x.png" \
onerror="window.hacked = 2"> about the lantern at Skerrow.
"""


@pytest.fixture
def search(page: Any, demo_address: str) -> Any:
    page.goto(f"{demo_address}/search?library=demo")
    field(page).wait_for()
    page.locator(".chart").first.wait_for()
    return page


def field(page: Any) -> Any:
    return page.locator(".searchform input")


def find(page: Any, words: str) -> None:
    field(page).fill(words)
    field(page).press("Enter")
    addressed(page, f"words={words}")
    page.locator(".count-line").wait_for()


def addressed(page: Any, part: str) -> None:
    """Waits until the address has the part. The page's policy lets no test evaluate strings."""
    page.wait_for_url(lambda url: part in url)


def count_line(page: Any) -> str:
    return str(page.locator(".count-line span").first.inner_text())


def cards(page: Any) -> list[str]:
    return [" ".join(text.split()) for text in page.locator(".card.hit").all_inner_texts()]


def settled(page: Any) -> tuple[list[str], str]:
    """The cards and their count, once they no longer change."""
    before = None
    while (shown := (cards(page), count_line(page))) != before:
        before = shown
        page.wait_for_timeout(1500)
    return shown


def wait_for_count(page: Any, words: str) -> None:
    page.get_by_role("status").get_by_text(words).wait_for()


def test_results_follow_the_typing_and_enter_asks_for_meaning(search: Any) -> None:
    search.keyboard.type("gannet bri", delay=30)  # the field has the focus
    wait_for_count(search, "no article has all of these words")
    search.keyboard.type("dge", delay=30)
    wait_for_count(search, "6 articles have all of these words")
    typed = cards(search)
    assert search.get_by_text("Enter searches by meaning too").is_visible()
    assert "words=" not in search.url
    marks = search.locator(".card.hit mark.hit").all_inner_texts()
    assert {mark.casefold() for mark in marks} <= {"gannet", "bridge", "bridges"}

    search.keyboard.press("Enter")
    search.get_by_text("Enter searches by meaning too").wait_for(state="hidden")
    assert len(cards(search)) > len(typed)  # also passages without these words
    assert "words=gannet+bridge" in search.url


def test_what_was_overtaken_is_not_shown(search: Any) -> None:
    """Keys faster than answers: only the last words' results stay."""
    for words in ("herbal", "manuscript", "gannet"):
        field(search).fill(words)
        search.wait_for_timeout(220)  # past the pause of typing, before the answer
    wait_for_count(search, "6 articles have this word")
    search.wait_for_timeout(1500)
    assert "6 articles have this word" in count_line(search)
    assert field(search).input_value() == "gannet"

    field(search).evaluate(PRESSES)
    addressed(search, "all=1")
    search.locator('.tab[aria-pressed="true"]', has_text="All mentions").wait_for()
    search.locator(".searchform.waiting").wait_for(state="hidden")
    assert "words=ferry" in search.url
    assert "no article" not in count_line(search)
    assert "best passage" not in count_line(search)


def test_a_click_opens_the_reader_at_the_words(search: Any) -> None:
    find(search, "barriers")
    search.locator(".card.hit").first.click()
    mark = search.locator("mark.main").first
    mark.wait_for()
    assert "barriers" in "".join(search.locator("mark.main").all_text_contents())
    assert mark.evaluate(IN_VIEW)
    address = search.url
    assert "from_char=" in address

    search.reload()
    search.locator("mark.main").first.wait_for()
    assert "barriers" in "".join(search.locator("mark.main").all_text_contents())
    search.keyboard.press("Escape")
    search.locator(".reader").wait_for(state="hidden")
    search.wait_for_url(lambda url: "from_char" not in url)


def test_back_and_forward_lead_from_search_to_search(search: Any) -> None:
    """One step for each search, filter or article, none for a key."""
    search.keyboard.type("ferry", delay=30)
    wait_for_count(search, "have this word")
    find(search, "gannet")
    find(search, "barriers")
    steps = search.evaluate("history.length")
    search.locator(".card.hit").first.click()
    search.locator("mark.main").first.wait_for()
    addressed(search, "to_char=")
    assert search.evaluate("history.length") == steps + 1

    search.go_back()
    search.locator(".reader").wait_for(state="hidden")
    assert field(search).input_value() == "barriers"
    search.go_back()
    wait_for_count(search, "6 articles have this word")
    assert field(search).input_value() == "gannet"
    search.go_back()
    search.get_by_text("Results appear while you type").wait_for()
    assert field(search).input_value() == ""
    search.go_forward()
    wait_for_count(search, "6 articles have this word")
    assert "words=gannet" in search.url

    # By the sidebar, the page is found as it was left.
    sidebar = search.locator(".stSidebar")
    sidebar.get_by_role("link", name="Library", exact=True).click()
    search.wait_for_url(lambda url: "/library" in url)
    field(search).wait_for(state="detached")
    sidebar.get_by_role("link", name="Search", exact=True).click()
    wait_for_count(search, "6 articles have this word")
    addressed(search, "words=gannet")


def test_a_time_in_the_words_is_told_and_can_be_taken_back(search: Any) -> None:
    find(search, "gannet")
    field(search).fill("gannet in articles from April 2025")
    field(search).press("Enter")
    limit = "only articles of Apr 2025, for “from April 2025”"
    clear = search.get_by_role("button", name=f"{limit}: clear this filter")
    clear.wait_for()
    assert "1 article has this word" in count_line(search)
    assert all("Apr 2025" in card for card in cards(search))
    clear.click()
    addressed(search, "literal=1")
    clear.wait_for(state="detached")
    assert any("Apr 2025" not in card for card in cards(search))


def test_all_mentions_outlets_and_order(search: Any) -> None:
    find(search, "gannet")
    search.get_by_role("button", name="All mentions").click()
    search.locator('.tab[aria-pressed="true"]', has_text="All mentions").wait_for()
    addressed(search, "all=1")
    assert search.locator(".card.hit").count() == 6
    assert count_line(search) == "6 articles have this word"

    search.get_by_role("combobox", name="Order").select_option("oldest")
    addressed(search, "sort=oldest")
    search.wait_for_timeout(500)
    assert "13 Mar 2025" in cards(search)[0]
    assert "no date" in cards(search)[-1]

    search.get_by_role("button", name="All outlets").click()
    outlet = search.locator(".countlist button", has_text="Coastline Today")
    told = int(outlet.locator(".number-of").inner_text())
    outlet.click()
    wait_for_count(search, f"{told} articles have this word")
    assert search.locator(".card.hit").count() == told
    assert all("Coastline Today" in card for card in cards(search))

    search.reload()
    wait_for_count(search, f"{told} articles have this word")
    assert field(search).input_value() == "gannet"
    assert search.get_by_role("combobox", name="Order").input_value() == "oldest"


def test_the_timeline_chooses_a_time(search: Any) -> None:
    find(search, "gannet")
    chart = search.locator(".timeline .chart")
    columns = chart.locator(".column")
    assert columns.count() == 4  # March to June, the month without any included
    box = columns.first.bounding_box()
    search.mouse.click(box["x"] + box["width"] / 4, box["y"] + box["height"] - 3)
    addressed(search, "before=2025-03")
    wait_for_count(search, "3 articles have this word")
    assert "Mar 2025 · 3 articles" in chart.locator(".readout").inner_text()
    assert chart.locator(".column.out").count() == 3
    assert all("Mar 2025" in card for card in cards(search))

    chart.get_by_role("button", name="As a table").click()
    chart.get_by_role("button", name="Apr 2025").click()
    wait_for_count(search, "1 article has this word")
    search.get_by_role("button", name="Any date: clear this filter").click()
    wait_for_count(search, "6 articles have this word")


def test_dates_by_the_slider_and_the_keyboard(search: Any) -> None:
    start = search.locator(".unfolded").get_by_role("slider", name="From")
    assert start.get_attribute("aria-valuetext") == "Feb 2025"
    start.focus()
    search.keyboard.press("ArrowRight")
    addressed(search, "after=2025-03")
    assert start.get_attribute("aria-valuetext") == "Mar 2025"

    search.keyboard.press("/")
    search.keyboard.type("gannet")
    search.locator(".card.hit").first.wait_for()
    search.keyboard.press("ArrowDown")
    search.keyboard.press("ArrowDown")
    search.keyboard.press("Enter")
    search.locator("mark.main").first.wait_for()


def test_nothing_found_and_filters_taken_away(search: Any, demo_address: str) -> None:
    search.goto(f"{demo_address}/search?library=demo&words=gannet&after=2030&all=1")
    search.get_by_text("Nothing within these filters.").wait_for()
    search.get_by_role("button", name="Search without filters").click()
    wait_for_count(search, "6 articles have this word")
    assert "after" not in search.url

    # Filters alone list their articles, by date.
    search.goto(f"{demo_address}/search?library=demo&after=2025-05")
    search.locator(".count-line", has_text="newest first").wait_for()
    newest = cards(search)[0]
    search.get_by_label("Order").select_option("oldest")
    search.locator(".count-line", has_text="oldest first").wait_for()
    assert newest in cards(search)[-1]

    search.goto(f"{demo_address}/search?library=demo&words=gannet&after=nonsense&sort=x")
    search.get_by_text("“nonsense” is not a date").wait_for()
    wait_for_count(search, "6 articles have this word")


def test_every_filter_of_an_address_is_shown_and_can_be_taken_away(
    search: Any, demo_address: str
) -> None:
    limits = "outlet=Nobody&language=sw&folder=/none&path=/no*&article=gone"
    search.goto(f"{demo_address}/search?library=demo&words=gannet&all=1&{limits}")
    search.get_by_text("Nothing within these filters.").wait_for()
    gone = "only “an article that is gone”"
    for label in ("All outlets", "All folders", "All languages", "files /no*", gone):
        clear = search.get_by_role("button", name=f"{label}: clear this filter")
        clear.click()
        clear.wait_for(state="detached")
    wait_for_count(search, "6 articles have this word")


@pytest.fixture(scope="module")
def hostile_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "articles").mkdir()
    (folder / "articles" / "skerrow <b>x.txt").write_text(HOSTILE, "utf-8")
    for place, day in enumerate(DAYS):
        text = f"A ferry to Skerrow\n\nBy A. Keeper, The Tide\n\nPublished {day}\n\n{FERRY}"
        inside = folder / "articles" / f"part {place % 2}"
        inside.mkdir(exist_ok=True)
        (inside / f"ferry {place}.txt").write_text(f"{text} It was trip {place}.\n", "utf-8")
    home: Path = folder / "home"
    assert cli.main(["--home", str(home), "add", str(folder / "articles")]) == 0
    return home


def test_hostile_text_stays_text_and_an_address_outlives_the_app(
    page: Any, hostile_home: Path
) -> None:
    with browser.serve(hostile_home) as address:
        page.goto(f"{address}/search?words=skerrow+lantern")
        page.locator(".card.hit").first.wait_for()
        shown = page.locator(".card.hit").first.inner_text()
        assert "<script>window.hacked = 1</script>" in shown
        assert "![pixel](http://evil.example/pixel.png)" in shown
        page.locator(".card.hit").first.click()
        page.locator("mark.main").first.wait_for()
        assert page.evaluate("window.hacked") is None

        find(page, "ferry")
        page.get_by_role("button", name="All mentions").click()
        addressed(page, "all=1")
        page.get_by_role("combobox", name="Order").select_option("oldest")
        addressed(page, "sort=oldest")
        page.get_by_role("button", name="All folders").click()
        page.locator(".countlist button", has_text="part 1").click()
        addressed(page, "folder=")
        page.get_by_role("slider", name="From").last.press("ArrowRight")
        addressed(page, "after=")
        found, link = settled(page), page.url
    page.goto("about:blank")
    with browser.serve(hostile_home) as address:  # another run of the app, on another port
        page.goto(address + link.partition("/search")[1] + link.partition("/search")[2])
        page.locator(".card.hit").first.wait_for()
        assert settled(page) == found
        assert page.get_by_role("combobox", name="Order").input_value() == "oldest"
        for name in ("All folders", "Any date"):
            assert page.get_by_role("button", name=f"{name}: clear this filter").is_visible()


def test_another_library_begins_anew(search: Any) -> None:
    find(search, "gannet")
    search.locator(".card.hit").first.click()
    search.locator("mark.main").first.wait_for()
    search.keyboard.press("Escape")
    library = search.locator(".stSidebar [data-testid=stSelectbox]")
    library.locator("input, [role=combobox], div[value]").first.click()
    search.get_by_role("option", name="My articles").click()
    search.get_by_text("There is nothing to search yet").wait_for()
    library.locator("input, [role=combobox], div[value]").first.click()
    search.get_by_role("option", name="Demo").click()
    search.locator(".chart").first.wait_for()
    assert field(search).input_value() == ""
    search.keyboard.press("/")
    search.keyboard.type("gannet")
    wait_for_count(search, "6 articles have this word")
    search.locator(".card.hit").first.click()  # the first of this library, closed in another
    search.locator("mark.main").first.wait_for()
