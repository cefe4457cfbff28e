"""An iterator that may block for long, run in a thread of its own so that a stop needn't wait.

Takes what makes the iterator, gives its items as they come. Knows nothing of what they are.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import closing
from queue import Empty, Full, Queue
from typing import TypeVar

Item = TypeVar("Item")

HEARS_SECONDS = 0.1  # so often each side looks whether the other one has gone


class _End:
    """That the iterator has ended, and by which error."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def beside(make: Callable[[], Generator[Item]], stopped: threading.Event) -> Generator[Item]:
    """The items of `make()`, in order; the errors it raises are raised here.

    Ends without an error as soon as `stopped` is set. The thread is then left to itself: it
    takes one more item at most, closes the iterator and ends. At most one item waits.
    """
    waiting: Queue[Item | _End] = Queue(1)
    left = threading.Event()
    threading.Thread(target=_run, args=(make, waiting, left), daemon=True).start()
    try:
        while not stopped.is_set():
            try:
                item = waiting.get(timeout=HEARS_SECONDS)
            except Empty:
                continue
            if not isinstance(item, _End):
                yield item
            elif item.error is not None:
                raise item.error
            else:
                return
    finally:
        left.set()


def _run(
    make: Callable[[], Generator[Item]], waiting: Queue[Item | _End], left: threading.Event
) -> None:
    error: BaseException | None = None
    try:
        with closing(make()) as items:
            for item in items:
                if not _handed(item, waiting, left):
                    return
    except Exception as raised:  # noqa: BLE001 - raised again where the items are used
        error = raised
    _handed(_End(error), waiting, left)


def _handed(item: Item | _End, waiting: Queue[Item | _End], left: threading.Event) -> bool:
    """Whether there is still somebody who takes it."""
    while not left.is_set():
        try:
            waiting.put(item, timeout=HEARS_SECONDS)
            return True
        except Full:
            continue
    return False
