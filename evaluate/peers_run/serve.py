"""The child's side of `evaluate.peers`: one system, commands in, figures out, as JSON lines.

`{"index": {id: [title, text]}}` → `{"pieces", "seconds", "cpu_seconds"}`; `{"search": [query]}`
→ `{"rankings", "milliseconds"}`. Ends when its input closes. Runs in environments that
have nothing of this project's, so it needs the standard library alone.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

Documents = Mapping[str, Sequence[str]]  # id → (title, text)


class Peer(Protocol):
    """A system with its encoder loaded and an empty store."""

    def index(self, documents: Documents) -> int:
        """Make them searchable and durable; gives the number of pieces embedded."""
        ...

    def search(self, query: str) -> Sequence[str]:
        """At least ten documents' ids where there are as many, best first; one may come
        again for each of its pieces."""
        ...

    def close(self) -> None: ...


def serve(load: Callable[[Path, Path], Peer]) -> None:
    """Answer until the input closes. `load` takes the encoder's folder and one to store in."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library that prints spoils no answer
    if hasattr(os, "sched_setaffinity"):  # one core, however many threads a library would start
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    peer = load(Path(sys.argv[1]), Path(sys.argv[2]))
    for line in sys.stdin:
        answers.write(json.dumps(_answer(peer, json.loads(line))) + "\n")
        answers.flush()
    peer.close()


def _answer(peer: Peer, command: Mapping[str, Any]) -> dict[str, Any]:
    if "index" in command:
        started, cpu_started = time.perf_counter(), time.process_time()
        return {
            "pieces": peer.index(command["index"]),
            "seconds": time.perf_counter() - started,
            "cpu_seconds": time.process_time() - cpu_started,
        }
    rankings, milliseconds = [], []
    for query in command["search"]:
        started = time.perf_counter()
        found = peer.search(query)
        milliseconds.append(1000 * (time.perf_counter() - started))
        rankings.append(list(dict.fromkeys(found)))
    return {"rankings": rankings, "milliseconds": milliseconds}
