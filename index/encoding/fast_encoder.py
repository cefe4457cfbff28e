"""The encoder as an optimized graph, with its tokenizer.

Reads one text at a time, so no padding is computed and a vector never depends on what
else stood in a batch or on how many threads worked. Several threads take texts from one
list; how many is measured while they work. Imports neither torch nor transformers.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from core import shortage
from core.errors import MemoryShortError, ModelError
from index.encoding.graph_session import open_session
from index.encoding.token_states import TokenStates, from_rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Tokens = NDArray[np.int64]

Work = Callable[[int], None]

# More than this many threads were not measured; each needs a few megabytes.
MOST_THREADS = 8
# Texts a thread count is tried on: about 0.4 s of passages with one thread.
TRIAL_TEXTS = 16
# A busy machine may be idle later: after this many texts the counts are tried again.
TRUSTED_TEXTS = 2000
# A larger count must win by this factor: otherwise it only warms the machine.
WORTH_A_THREAD = 1.1


class FastEncoder:
    """An encoder's graph and its tokenizer. `key` names its vectors; see encoder.py."""

    def __init__(self, key: str, folder: Path, graph: bytes, max_tokens: int) -> None:
        """`folder` holds tokenizer.json; `graph` is what index/encoding/bert_graph.py builds.

        Raises ModelError where one of them can't be opened.
        """
        from tokenizers import Tokenizer

        self.key = key
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session = open_session(graph)
        except Exception as error:  # both libraries raise bare Exceptions
            if shortage.is_of_memory(error):
                raise MemoryShortError(shortage.ENCODER) from error
            raise ModelError(f"The fast encoder of {folder} can't be opened: {error}") from error
        self._tokenizer.no_padding()  # what the file says holds for other uses of it
        self._tokenizer.enable_truncation(max_tokens)
        self.dimensions = int(self._session.get_outputs()[0].shape[1])
        self._threads = _Threads(_cores())

    def encode(self, texts: Sequence[str]) -> Vectors:
        """float32 array of shape (len(texts), dimensions), rows of unit length."""
        import numpy as np

        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        encoded = self._tokenizer.encode_batch(list(texts))
        tokens = [np.array([one.ids], dtype=np.int64) for one in encoded]
        # Longest first: threads that run out of work at the end wait for a short text only.
        order = sorted(range(len(tokens)), key=lambda place: -tokens[place].shape[1])

        def work(place: int) -> None:
            vectors[place] = self._session.run(["vector"], {"tokens": tokens[place]})[0][0]

        self._threads.each(work, order, [float(one.shape[1]) for one in tokens])
        return vectors

    def token_states(self, texts: Sequence[str]) -> list[TokenStates]:
        """The last layer's vector of each token; for a few sentences, so in one thread."""
        import numpy as np

        found = []
        for one in self._tokenizer.encode_batch(list(texts)):
            tokens = np.array([one.ids], dtype=np.int64)
            found.append(
                from_rows(one.offsets, self._session.run(["states"], {"tokens": tokens})[0][0])
            )
        return found


@dataclass(slots=True)
class _Threads:
    """Runs a function over a list; finds out how many threads pay while it does so.

    The counts share the first items of a call among them, every second, third, … one
    each, so that they get equal work; the best rate stays. Results don't depend on it.
    """

    most: int
    items: dict[int, int] = field(default_factory=dict)  # thread count → items it was tried on
    weights: dict[int, float] = field(default_factory=dict)
    seconds: dict[int, float] = field(default_factory=dict)
    since_trial: int = 0

    def each(self, work: Work, order: Sequence[int], weights: Sequence[float]) -> None:
        """`weights`: the size of each item, by its number in `order`."""
        best = self.best()
        self.since_trial += len(order)
        if self.since_trial > TRUSTED_TEXTS:
            self.since_trial = 0
            for kept in (self.items, self.weights, self.seconds):
                kept.clear()
        usable = [count for count in (1, 2, 4, 8) if count <= min(self.most, len(order) // 4)]
        trials = [count for count in usable if self.items.get(count, 0) < TRIAL_TEXTS]
        if not trials or self.most == 1:
            _run(work, order, min(best, len(order)))
            return
        counts = [*dict.fromkeys([best, *trials])]
        shared = order[: TRIAL_TEXTS * len(counts)]
        for turn, count in enumerate(counts):
            part = shared[turn :: len(counts)]
            started = time.perf_counter()
            _run(work, part, count)
            self._note(count, len(part), sum(weights[place] for place in part), started)
        _run(work, order[len(shared) :], self.best())

    def best(self) -> int:
        """The fewest threads that no other count beats by much; 1 before anything is known."""
        best, best_rate = 1, 0.0
        for count in sorted(self.items):
            rate = self.weights[count] / self.seconds[count]
            if rate > WORTH_A_THREAD * best_rate:
                best, best_rate = count, rate
        return best

    def _note(self, count: int, items: int, weight: float, started: float) -> None:
        self.items[count] = self.items.get(count, 0) + items
        self.weights[count] = self.weights.get(count, 0.0) + weight
        self.seconds[count] = self.seconds.get(count, 0.0) + time.perf_counter() - started


def _run(work: Work, places: Sequence[int], threads: int) -> None:
    if threads <= 1 or len(places) <= 1:
        for place in places:
            work(place)
        return
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(work, places):
            pass


def _cores() -> int:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(MOST_THREADS, usable or 1))
