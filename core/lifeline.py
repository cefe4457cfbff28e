"""Child processes that never outlive this one, whatever either of them is doing at its end.

`start` starts a child; the child itself calls `end_with_parent` first of all. On Linux the kernel
then kills it as soon as its parent is gone, also a parser that hangs and a library that holds the
interpreter. Elsewhere a thread of the child watches its standard input, which has to be a pipe.
Ends no child by itself while the parent lives: who starts one closes it.
"""

from __future__ import annotations

import os
import queue
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import cache
from typing import Any

LOOK_SECONDS = 1.0  # between two looks for the parent, where the kernel doesn't tell
_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of linux/prctl.h

Start = Callable[[], "subprocess.Popen[bytes]"]


def start(command: Sequence[str], **how: Any) -> subprocess.Popen[bytes]:
    """As `subprocess.Popen`. Raises OSError.

    For Linux a child's parent is the *thread* that started it, and those of a page or a
    question end long before the app: one thread that lasts starts all children."""
    started: Future[subprocess.Popen[bytes]] = Future()
    _starter().put((lambda: subprocess.Popen(list(command), **how), started))
    return started.result()


def end_with_parent() -> None:
    """For a child, before it does anything else. Ctrl-C in a terminal reaches it as well, but it
    is for the parent to end it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if (tie := tied("SIGKILL", os.getppid())) is not None:
        tie()
    elif hasattr(select, "poll"):  # Windows has none: there it ends when it reads
        threading.Thread(target=_watch, daemon=True).start()
    if hasattr(select, "poll") and _parent_is_gone():  # it was gone before all this
        os._exit(1)


def tied(name: str, parent: int | None = None) -> Callable[[], None] | None:
    """What a new child of this thread runs (`preexec_fn`) to be sent the signal of that name when
    the thread ends; for programs of others, and only from a thread that lasts. None where the
    kernel can't. `parent`: whose child it is to be, this process's where none is named."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes  # before the fork: nothing may be imported after it

    control, number = ctypes.CDLL(None).prctl, getattr(signal, name)  # Windows lacks some
    parent = os.getpid() if parent is None else parent

    def tie() -> None:
        control(_SET_PARENT_DEATH_SIGNAL, ctypes.c_ulong(int(number)))
        if os.getppid() != parent:  # it ended in between, and no signal comes any more
            os._exit(1)

    return tie


@cache
def _starter() -> queue.SimpleQueue[tuple[Start, Future[subprocess.Popen[bytes]]]]:
    wanted: queue.SimpleQueue[tuple[Start, Future[subprocess.Popen[bytes]]]] = queue.SimpleQueue()

    def work() -> None:
        while True:
            begin, started = wanted.get()
            try:
                started.set_result(begin())
            except BaseException as error:  # noqa: BLE001  whoever asked gets it
                started.set_exception(error)

    threading.Thread(target=work, name="starter", daemon=True).start()
    return wanted


def _watch() -> None:
    while not _parent_is_gone():
        time.sleep(LOOK_SECONDS)
    os._exit(1)


def _parent_is_gone() -> bool:
    """Whether the other end of standard input is closed. Reads nothing from it."""
    poll = select.poll()
    poll.register(0, 0)
    return any(event & (select.POLLHUP | select.POLLNVAL) for _, event in poll.poll(0))
