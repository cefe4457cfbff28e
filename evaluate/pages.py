"""How fast the pages answer a hand: `python -m evaluate.pages [--articles N] [--questions N]`.

Builds a library of real texts repeated with noise, starts the app on it and drives the installed
Chromium with real keys and clicks. Two figures for each kind of interaction, in milliseconds:
`next_paint`, the browser's own Event Timing from the key or click to the next frame it paints
(what web pages call interaction to next paint), and `shown`, until what was asked for is on the
screen. Then questions are asked one after another, and the server's memory is read. Writes
evaluate/results/pages.json. Needs the development requirements and Linux's /proc.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from core.errors import ModelError
from core.settings import Settings
from evaluate import scale_library
from evaluate.reading import megabytes_of
from evaluate.scale import CORPORA, PROJECT
from index.encoding.encoder import prepare_encoder
from index.store import open_library
from index.vectors import dense

RESULTS = PROJECT / "evaluate" / "results" / "pages.json"
TEXTS = 400  # real ones, embedded; the rest are these with words exchanged
ROUNDS = 8  # of each interaction
MEMORY_EVERY = 20  # questions between two readings of the memory

# Notes the browser's timing of every event, and the time from the first trusted press or key to
# the frame in which one of the wanted elements is seen, within shadow roots too.
WATCH = """
window.events = [];
new PerformanceObserver(list => events.push(...list.getEntries().map(one => one.duration)))
  .observe({type: 'event', durationThreshold: 16});
window.roots = () => [document, ...[...document.querySelectorAll('.stBidiComponent *')]
  .map(one => one.shadowRoot).filter(Boolean)];
window.seen = (wanted, words) => roots().some(root => [...root.querySelectorAll(wanted)]
  .some(one => one.getClientRects().length
    && one.textContent.toLowerCase().includes(words.toLowerCase())));
window.time = (wanted, words) => { window.timed = new Promise(done => {
  const begin = event => {
    if (!event.isTrusted) return;
    for (const kind of ['pointerdown', 'keydown']) removeEventListener(kind, begin, true);
    const look = () => seen(wanted, words) ? done(performance.now() - event.timeStamp)
      : requestAnimationFrame(look);
    requestAnimationFrame(look);
  };
  for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, begin, true);
}); };
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m evaluate.pages")
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--home", type=Path, help="where the library stays, and is used again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = options.home or Path(temporary) / "home"
        texts, questions = build(Settings(home=home), options.articles)
        asked = [questions[n % len(questions)] for n in range(options.questions)]
        figures = measure(home, _typed(texts), asked)
    figures = {"articles": options.articles, "cores": os.cpu_count()} | figures
    RESULTS.write_text(json.dumps(figures, indent=1) + "\n")
    print(json.dumps(figures, indent=1))
    return 0


def build(settings: Settings, articles: int) -> tuple[list[str], list[str]]:
    """Fills the library unless it is there; gives its texts and questions. Raises ModelError."""
    texts, questions = scale_library.texts_and_questions(CORPORA, PROJECT / "examples", 200)
    texts = texts[:TEXTS]
    if settings.library_path.exists():
        return texts, questions
    source = prepare_encoder(settings)
    if source is None:
        raise ModelError(
            "The encoder is not installed. Get it with: pip install -r requirements.txt"
        )
    base = source.load().encode(texts)
    with open_library(settings) as library:
        passages = articles * scale_library.PASSAGES_PER_ARTICLE
        scale_library.fill(library, source.key, passages, texts, base)
        dense.publish(library, source.key)
    return texts, questions


def _typed(texts: list[str]) -> list[str]:
    """Words that a search finds many times: the commonest long ones."""
    words = Counter(word for text in texts for word in text.split() if word.isalpha())
    return [word for word, _ in words.most_common() if len(word) > 5 and word.islower()][:ROUNDS]


def measure(home: Path, words: list[str], questions: list[str]) -> dict[str, Any]:
    # The browser tests know how to start the app and a browser.
    from tests.e2e import browser

    with browser.serve(home) as address, browser.chromium() as chromium:
        window = chromium.new_context(viewport={"width": 1440, "height": 900})
        page = browser.let_in(window).new_page()
        page.set_default_timeout(60_000)
        page.add_init_script(WATCH)
        page.goto(address)
        page.locator(".st-key-question textarea").wait_for()
        _wait_for_map(page, address)
        figures: dict[str, Any] = {
            "typing": _typing(page, address, words),
            "reader": _reader(page),
            "views": _views(page),
        }
        figures["memory_mb"] = _memory(page, address, questions)
        return figures


def _wait_for_map(page: Any, address: str) -> None:
    """Made once for a library: its making is not what is measured."""
    page.goto(f"{address}/map")
    page.locator(".plane canvas").wait_for(timeout=120_000)


def _typing(page: Any, address: str, words: list[str]) -> dict[str, Any]:
    """Words typed into the search field without a pause; shown: a result with the word marked,
    the page's own wait for more keys included."""
    page.goto(f"{address}/search")
    field = page.get_by_role("searchbox").first
    field.wait_for()
    shown = []
    for word in words:
        field.fill("")
        page.wait_for_timeout(1200)
        page.evaluate("word => time('.results mark.hit', word)", word[:4])
        field.press_sequentially(word)
        shown.append(_shown(page))
    return _figures(page, shown)


def _reader(page: Any) -> dict[str, Any]:
    """Results pressed one after another; shown: the article's title in the reader."""
    shown = []
    cards = page.locator(".results .card")
    for number in range(min(ROUNDS, cards.count())):
        title = cards.nth(number).locator(".title").inner_text()
        page.evaluate("title => time('.reader header h2', title)", title)
        cards.nth(number).click()
        shown.append(_shown(page))
        page.keyboard.press("Escape")
        page.wait_for_timeout(600)
    return _figures(page, shown)


def _views(page: Any) -> dict[str, Any]:
    """Pages chosen in the sidebar; shown: what stands on them."""
    views = {
        "Library": "td.name",
        "Map": ".plane canvas",
        "Settings": ".kept tr",
        "Search": "input[type=search]",
    }
    found = {}
    for name, wanted in views.items():
        shown = []
        for _ in range(ROUNDS // 2):
            page.get_by_role("link", name="Models", exact=True).click()
            page.locator("li[data-name]").first.wait_for()
            page.wait_for_timeout(800)
            page.evaluate("wanted => time(wanted, '')", wanted)
            page.get_by_role("link", name=name, exact=True).click()
            shown.append(_shown(page))
        found[name.lower()] = _figures(page, shown)
    return found


def _shown(page: Any) -> float:
    shown: float = page.evaluate(
        "Promise.race([timed, new Promise(done => setTimeout(() => done(-1), 20000))])"
    )
    if shown < 0:
        raise TimeoutError("What was asked for did not appear within 20 seconds.")
    return shown


def _figures(page: Any, shown: list[float]) -> dict[str, Any]:
    """Milliseconds: the middle and the worst of both. Durations come in steps of 8."""
    durations = page.evaluate("events.splice(0)") or [0]
    return {
        "next_paint": {"p50": _middle(durations), "worst": round(max(durations))},
        "shown": {"p50": _middle(shown), "worst": round(max(shown))},
        "times": len(shown),
    }


def _middle(values: list[float]) -> int:
    return round(sorted(values)[len(values) // 2])


def _memory(page: Any, address: str, questions: list[str]) -> list[list[int | None]]:
    """[questions asked, the server's MB] after each MEMORY_EVERY questions."""
    from tests.e2e import browser

    server = _server()
    page.goto(address)
    page.locator(".st-key-question textarea").wait_for()
    rows: list[list[int | None]] = []
    for number in range(len(questions) + 1):
        if number % MEMORY_EVERY == 0:
            time.sleep(2)
            rows.append([number, megabytes_of(server, "VmRSS")])
        if number < len(questions):
            browser.ask(page, questions[number])
    return rows


def _server() -> int:
    """The process that `browser.serve` has started: this one's child that runs Streamlit."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            line = status.with_name("cmdline").read_bytes()
        except OSError:
            continue  # it has ended meanwhile
        if parent == os.getpid() and b"streamlit" in line:
            return int(status.parent.name)
    raise ProcessLookupError("The app's process was not found in /proc.")


if __name__ == "__main__":
    raise SystemExit(main())
