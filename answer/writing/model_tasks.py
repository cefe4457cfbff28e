"""Downloads, measurements and checks of models, outside the page that began them.

Each runs in a thread of its own, one per model, and keeps how far it is, so a page that
is redrawn or closed ends nothing and a second page sees the same. Made once per app
process; whatever still runs at its end is stopped, and a download goes on from there
the next time. Formats nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from answer.writing.measuring import Measurement
from answer.writing.models import known_model
from answer.writing.speeds import Measured
from answer.writing.worker_process import Stopped as WorkerStopped
from core.download import check_room, download
from core.errors import AppError, ModelError
from core.settings import Settings
from core.transfer import Listener, Progress, Stopped
from core.verify import Check, verify

log = logging.getLogger(__name__)

Kind = Literal["download", "measure", "verify"]
State = Literal["running", "stopping", "done", "stopped", "failed"]
CLOSE_SECONDS = 2.0  # what a thread gets to write its last bytes


@dataclass(slots=True)
class Task:
    """One piece of work, as it stands now."""

    name: str  # the model's; "" for a check of all files
    kind: Kind
    state: State = "running"
    progress: Progress | None = None  # of a download
    checks: list[Check] = field(default_factory=list)  # of a verification
    measured: Measured | None = None
    error: str = ""
    started: float = field(default_factory=time.monotonic)
    ended: float | None = None
    stop: Callable[[], None] = lambda: None

    @property
    def running(self) -> bool:
        return self.ended is None

    @property
    def seconds(self) -> float:
        return round((self.ended or time.monotonic()) - self.started, 1)


class ModelTasks:
    """The running and the last task of every model of one library."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._tasks: dict[str, Task] = {}
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._measuring = threading.Lock()  # two measurements would slow each other down

    def download(self, name: str) -> None:
        """Begin to fetch a model of the catalogue, or go on with it.

        Raises ModelError where it is not known, the disk is too small, or a task runs.
        """
        model = known_model(self.settings, name)
        check_room(self.settings, model)
        task = Task(model.name, "download")
        listener = Listener(lambda progress: setattr(task, "progress", progress))
        task.stop = listener.stopped.set
        self._start(task, lambda: download(self.settings, model, listener))

    def measure(self, name: str) -> None:
        """Begin a measurement. Raises ModelError where a task of the model runs."""
        task = Task(name, "measure")
        stopped = threading.Event()
        task.stop = stopped.set

        def work() -> None:
            with self._measuring:
                if stopped.is_set():
                    raise Stopped
                measurement = Measurement(self.settings, name)
                task.stop = measurement.stop
                task.measured = measurement.run()

        self._start(task, work)

    def verify(self) -> None:
        """Begin to hash every file. Raises ModelError where that runs already."""
        task = Task("", "verify")
        stopped = threading.Event()
        task.stop = stopped.set

        def work() -> None:
            for check in verify(self.settings):
                task.checks.append(check)
                if stopped.is_set():
                    raise Stopped

        self._start(task, work)

    def all(self) -> dict[str, Task]:
        """The running or last task of each model, by name. Records of others: only to be read."""
        with self._lock:
            return dict(self._tasks)

    def stop(self, name: str) -> None:
        """End a running task; what a download has brought is kept."""
        task = self.all().get(name)
        if task is not None and task.running:
            task.state = "stopping"
            task.stop()

    def downloading(self) -> bool:
        return any(task.running and task.kind == "download" for task in self.all().values())

    def close(self) -> None:
        """Stop everything."""
        for name in self.all():
            self.stop(name)
        for thread in self._threads:
            thread.join(CLOSE_SECONDS)

    def _start(self, task: Task, work: Callable[[], object]) -> None:
        with self._lock:
            before = self._tasks.get(task.name)
            if before is not None and before.running:
                raise ModelError(f"{task.name or 'The check'} is busy: wait for it, or stop it.")
            self._tasks[task.name] = task
            self._threads = [thread for thread in self._threads if thread.is_alive()]
            thread = threading.Thread(target=_run, args=(task, work), daemon=True)
            self._threads.append(thread)
        thread.start()


def _run(task: Task, work: Callable[[], object]) -> None:
    try:
        work()
        state: State = "done"
    except (Stopped, WorkerStopped):
        state = "stopped"
    except AppError as error:
        state, task.error = "failed", str(error)
    except Exception:
        # The edge of one task: the page must hear of it, the log has the trace.
        log.exception("A task of the models page failed")
        state, task.error = "failed", "This failed inside the app; its log has the details."
    task.state = state
    task.ended = time.monotonic()
