"""Every view, light and dark, wide and narrow: axe finds nothing serious, nothing sticks out; and
text of other directions and of invisible characters is shown as it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import cli
from core import libraries
from core.settings import Settings
from tests.e2e import browser, views
from tests.e2e.views import NARROW, VIEWS, WIDE

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def asked(chromium: Any, demo_address: str) -> dict[str, str]:
    page = browser.let_in(chromium.new_context()).new_page()
    ids = views.ask_all(page, demo_address)
    page.context.close()
    return ids


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core. It is run in the page's world: the policy forbids script tags."""
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


def serious(page: Any, axe: str) -> list[str]:
    page.evaluate(axe)
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node.get('failureSummary', '')}"
        for one in result["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("name", VIEWS)
def test_axe_finds_nothing_serious_and_nothing_sticks_out(
    visitor: Callable[..., Any], demo_address: str, asked: dict[str, str], axe: str, name: str
) -> None:
    """Wide and narrow, each light and dark: the open page follows the system's look."""
    page = visitor(viewport=WIDE, color_scheme="light").new_page()
    views.open_view(page, demo_address, name, asked)
    paper = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    light = page.evaluate(paper)
    for viewport, scheme in ((WIDE, "light"), (WIDE, "dark"), (NARROW, "dark"), (NARROW, "light")):
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=scheme)
        sign = "===" if scheme == "light" else "!=="
        page.wait_for_function(f"light => {paper} {sign} light", arg=light)
        page.wait_for_timeout(600)  # what is moved or fades has no contrast yet
        assert serious(page, axe) == [], (viewport, scheme)
        if viewport == NARROW:
            wide = page.evaluate("document.querySelector('.stMain').scrollWidth")
            assert wide <= NARROW["width"]


def test_axe_sees_what_the_app_draws(page: Any, demo_address: str, axe: str) -> None:
    """Text that is fainter than it may be is found: the checks above look at the right things."""
    page.goto(f"{demo_address}/settings")
    page.locator(".kept tr").first.wait_for(timeout=60_000)
    page.locator(".desk.kept").evaluate("desk => desk.style.setProperty('--faint', '#999')")
    assert any("color-contrast" in found for found in serious(page, axe))


def test_a_chosen_look_goes_before_the_system_s_and_stays(
    visitor: Callable[..., Any], demo_address: str
) -> None:
    page = visitor(viewport=WIDE, color_scheme="light").new_page()
    # While the page is loaded once more, there is no app to look at.
    paper = "getComputedStyle(document.querySelector('.stApp') ?? document.body).backgroundColor"
    page.goto(f"{demo_address}/settings")
    page.locator(".kept tr").first.wait_for(timeout=60_000)
    light = page.evaluate(paper)
    page.get_by_text("Dark", exact=True).click()
    page.wait_for_function(
        f"before => document.querySelector('.stApp') && {paper} !== before", arg=light
    )
    page.goto(f"{demo_address}/models")  # another page, loaded anew
    page.locator("li[data-name]").first.wait_for(timeout=60_000)
    assert page.evaluate(paper) != light
    page.goto(f"{demo_address}/settings")
    page.get_by_text("As my system is set", exact=True).click()
    page.wait_for_function(f"before => {paper} === before", arg=light)


def test_a_point_of_the_map_is_chosen_by_key_and_opens_its_article(
    page: Any, demo_address: str
) -> None:
    page.goto(f"{demo_address}/map?library=demo")
    page.locator(".labels span").first.wait_for(timeout=60_000)
    page.locator(".plane canvas").focus()
    page.keyboard.press("ArrowRight")
    title = page.locator(".plane .tip .title").inner_text()
    first = page.locator(".said").inner_text()
    assert first.startswith(title)
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(
        "before => !document.querySelector('.tip')?.textContent.startsWith(before)", arg=title
    )
    title = page.locator(".plane .tip .title").inner_text()
    page.keyboard.press("Enter")
    page.locator(".reader header h2").wait_for()
    assert page.locator(".reader header h2").inner_text() == title
    page.reload()  # the place stands in the address
    page.locator(".reader header h2").wait_for()
    assert page.locator(".reader header h2").inner_text() == title
    page.keyboard.press("Escape")
    page.locator(".reader").wait_for(state="hidden")


def test_the_map_is_pressed_zoomed_and_read_as_a_table(page: Any, demo_address: str) -> None:
    # From page to page in one step of the history each, so that Back leads back at once.
    page.goto(f"{demo_address}/models?library=demo")
    page.get_by_role("link", name="Map", exact=True).click()
    page.locator(".labels span").first.wait_for(timeout=60_000)
    page.go_back()
    page.locator("li[data-name]").first.wait_for()
    page.go_forward()
    page.locator(".labels span").first.wait_for(timeout=60_000)
    canvas = page.locator(".plane canvas")
    canvas.focus()
    page.keyboard.press("ArrowUp")
    before = page.locator(".plane .tip").bounding_box()
    page.get_by_role("button", name="Nearer").click()
    canvas.focus()
    page.keyboard.press("ArrowUp")
    assert page.locator(".plane .tip").bounding_box() != before
    page.get_by_role("button", name="month", exact=True).click()
    page.locator(".legend .ramp").wait_for()
    views.as_table(page)
    rows = page.locator(".maptable tbody tr")
    assert rows.count() == 18
    title = rows.first.locator(".open").inner_text()
    rows.first.locator(".open").click()
    page.locator(".reader header h2").wait_for()
    assert page.locator(".reader header h2").inner_text() == title
    page.keyboard.press("Escape")
    page.locator(".reader").wait_for(state="hidden")
    # A bar below the map is chosen by key: its month and outlet are what is searched in.
    bars = page.locator(".byoutlet .line").first
    outlet = bars.locator(".who .label").inner_text()
    bars.locator("button.column[tabindex='0']").focus()
    page.keyboard.press("End")
    told = page.locator(".byoutlet .readout").inner_text()
    name, month, count = told.split(" · ")
    assert (name, count) == (outlet, "1 article")
    page.locator(".byoutlet .swap").click()
    assert page.locator(".byoutlet tbody tr", has_text=month).count() == 1
    page.locator(".byoutlet .swap").click()
    bars.locator("button.column").last.press("Enter")
    page.get_by_role("button", name=f"of {month}").wait_for()
    page.get_by_role("button", name=outlet).first.wait_for()
    page.locator(".readout", has_text=f"{month} · {count}").first.wait_for()
    page.go_back()
    page.locator(".names").get_by_role("button", name="English").click()
    page.wait_for_url("**/search?*language=en*")


HEBREW = "הגשר נסגר בלילה"
HIDDEN = "zero\u200bwidth and \u202eturned round\u202c and \u2066apart\u2069"
STRANGE = f"""The lamp of Ostrow <b>{HEBREW}</b>

The lamp of Ostrow went dark on Sunday because the {HIDDEN} oil had run out, said the keeper.

{HEBREW} 12 (345) lamp of Ostrow.
"""
NAME = "lamp \u202egnp.txt"


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory, demo_home: Path) -> str:
    """The key of a library beside the demo's."""
    articles = tmp_path_factory.mktemp("strange")
    (articles / NAME).write_text(STRANGE, "utf-8")
    for number in range(2):  # a map needs three
        (articles / f"{number}.txt").write_text(
            f"{HEBREW} {number}\n\nThe quay of Ostrow {number}."
        )
    made = libraries.create(Settings(home=demo_home), "Strange")
    assert cli.main(["--home", str(made.settings.home), "add", str(articles)]) == 0
    return made.key


def test_other_directions_and_invisible_characters_are_shown_as_they_stand(
    page: Any, demo_address: str, strange: str
) -> None:
    page.goto(f"{demo_address}/library?library={strange}")
    name = page.locator("td.name bdi", has_text="lamp").first
    name.wait_for(timeout=60_000)
    assert name.text_content() == NAME.replace("\u202e", "⟨U+202E⟩")
    page.locator("td.name button", has_text="lamp").first.click()
    page.locator(".reader header h2").wait_for()
    page.get_by_role("button", name="Original").click()
    page.locator(".lines.original").wait_for()
    lines = page.locator(".lines.original .textline p").all_text_contents()
    assert [line for line in lines if line] == [line for line in STRANGE.split("\n") if line]
    # What a title brings with it turns nothing round beside it: it is isolated.
    assert page.locator(".reader b").count() == 0

    page.goto(f"{demo_address}/?library={strange}")
    page.locator(".st-key-question textarea").wait_for()
    browser.ask(page, "Why did the lamp of Ostrow go dark?")
    claims = page.locator(".claims")
    assert "oil had run out" in claims.inner_text()
    assert claims.locator("b").count() == 0

    page.goto(f"{demo_address}/map?library={strange}")
    page.locator(".plane canvas").wait_for(timeout=60_000)
    views.as_table(page)
    titles = page.locator(".maptable .open bdi").all_text_contents()
    assert any(HEBREW in title and "<b>" in title for title in titles)
    # An outlet that is written from right to left does not turn the date beside it.
    assert page.locator(".maptable td.source bdi").first.get_attribute("dir") == "ltr"
