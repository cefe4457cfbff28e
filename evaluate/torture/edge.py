"""Torture of the browser's edge: foreign hosts and origins, no cookie, and payloads in texts.

Round 0 knocks at a running app with what it must refuse, byte for byte; round 1 shows hostile
articles and drafts on every page in Chromium, beside a listener that must hear nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evaluate.torture import knocks, payloads
from evaluate.torture.rounds import Line

ROUNDS = 2


def one(folder: Path, number: int) -> Line:
    """One round, in a new home below `folder`."""
    home = folder / f"edge-{number}" / "home"
    home.parent.mkdir(parents=True, exist_ok=True)
    return (_knocked, payloads.tried)[number % 2](home)


def sums(lines: list[Line]) -> dict[str, Any]:
    return {
        "requests_refused": sum(line.get("refused", 0) for line in lines),
        "payloads": max((line.get("payloads", 0) for line in lines), default=0),
        "pages_looked_at": sum(line.get("looks", 0) for line in lines),
        "requests_of_payloads": sum(line.get("heard", 0) for line in lines),
    }


def _knocked(home: Path) -> Line:
    # The browser tests know how to start the app.
    from tests.e2e import browser

    with browser.serve(home) as address:
        kept = browser.COOKIES[-1]
        return tried(int(address.rpartition(":")[2]), f"{kept['name']}={kept['value']}")


def tried(port: int, cookie: str) -> Line:
    """Every request of `knocks`, made of the app at this port."""
    refused, broken = 0, []
    for knock in knocks.knocks(port, cookie):
        status, _ = knocks.answer(port, knock.request)
        refused += status >= 400
        if status not in knock.wanted:
            broken.append(f"{knock.name}: {status} and not {' or '.join(map(str, knock.wanted))}")
    return {"refused": refused, "broken": broken}
