"""Writes a draft answer from notes: the Generator protocol and llama.cpp in a child process.

Takes a question and notes (best first); gives the draft as text deltas. A draft is
only ever a draft: claims.py checks it. The model lives in `python -m answer.worker`;
when that dies, the question at hand ends with a ModelError and the next one starts a
new worker. The other kind of generator, a server of the user's own, is in server.py.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import subprocess
import sys
import threading
from collections import abc
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from answer import prompt
from answer.desk import open_desk
from answer.writing import speeds
from answer.writing.drafts import DRAFT_TOKENS, THOUGHT_TOKENS
from answer.writing.templates import TEMPLATES, template_for
from answer.writing.worker_process import CONTEXT_TOKENS, Event, Stopped, WorkerProcess
from core.errors import LibraryError, ModelError
from core.modelfiles import WRITER_COMMAND, ModelFile, find_gguf, writers
from core.settings import Settings

logger = logging.getLogger(__name__)

SERVER_PREFIX = "server:"  # before the name of a model of the user's own server
MEASURE_SECONDS = 2.0  # per thread count; four counts at most


class Generator(Protocol):
    """Anything that can write a draft. One question at a time."""

    name: str
    dropped_notes: int  # of the last stream: lowest ranks, for want of room

    def stream(self, question: str, notes: Sequence[str]) -> Iterator[str]:
        """Text deltas of the draft: one line, without what a model thinks aloud.

        Raises ModelError.
        """

    def stop(self) -> None:
        """End the running stream within half a second; to be called from another thread."""

    def close(self) -> None:
        """Free the model. A later stream loads it again."""


def load_generator(settings: Settings, model: str | None = None) -> Generator | None:
    """The generator for a model's name; None where the answer is to be quotations.

    `model`: "none" for quotations; a catalogue name, file name or path of a GGUF;
    "server:NAME" for a model of the user's own server; None for the first GGUF on this
    machine, or quotations where there is none. Loads nothing yet. Raises ModelError,
    saying how to get what is missing, and InputError for an address that is not this
    machine's.
    """
    if model is not None and model.startswith(SERVER_PREFIX):
        from answer.writing.server import load_server  # its HTTP client is needed for nothing else

        return load_server(settings, model.removeprefix(SERVER_PREFIX))
    if model == "none" or (model is None and why_no_generator(settings)):
        return None
    if importlib.util.find_spec("llama_cpp") is None:
        raise ModelError(why_no_generator(settings))
    found = find_gguf(settings, model)
    return None if found is None else LlamaGenerator(found, settings)


def why_no_generator(settings: Settings) -> str:
    """Why answers are quotations by default and what to do about it; "" where they aren't."""
    if importlib.util.find_spec("llama_cpp") is None:
        return (
            "llama-cpp-python is not installed, so no model can write and answers are "
            "quotations. Install it with: pip install -r requirements.txt"
        )
    if not writers(settings):
        return (
            "There is no writing model on this machine, so answers are quotations. Get the "
            f"default one with: {WRITER_COMMAND} — or put a GGUF file into {settings.models_path}"
        )
    return ""


class LlamaGenerator:
    """A GGUF model in a worker process, started with the first question."""

    def __init__(
        self, model: ModelFile | Path, settings: Settings | None = None, threads: int | None = None
    ) -> None:
        """With `threads` None the best count is measured once and kept in desk.db.

        Without settings nothing is kept, and one thread is used.
        """
        if isinstance(model, Path):
            model = ModelFile(model.stem, model, template="", licence="", sha256="")
        self.name = model.name
        self.dropped_notes = 0
        self.last_done: Event = {}  # counts and seconds of the last stream, see worker.py
        self._model = model
        self._settings = settings
        self._threads = threads
        self._worker: WorkerProcess | None = None
        self._one_at_a_time = threading.Lock()
        self._stopped = threading.Event()

    def stream(self, question: str, notes: Sequence[str]) -> Iterator[str]:
        with self._one_at_a_time:
            self._stopped.clear()
            self.dropped_notes = 0
            try:
                yield from self._draft(question, list(notes))
            except Stopped:
                logger.info("the draft was stopped")

    def stop(self) -> None:
        self._stopped.set()

    def close(self) -> None:
        self.stop()
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()

    @property
    def process_id(self) -> int | None:
        """Of the worker that holds the model; None while there is none."""
        return self._worker.process_id if self._worker else None

    def measure(self) -> list[speeds.Speed]:
        """The speed with 1, 2, 4, … threads, about ten seconds in all.

        Measured beside one busy core: while a draft is written its sentences are
        checked, and indexing may run. On an otherwise idle machine of 2 cores, 2
        threads win by 1.6; beside a busy core they wait for each other and lose.
        """
        worker = self._loaded_worker()
        load = f"import os, time\nend = time.monotonic() + {8 * MEASURE_SECONDS}\n"
        load += f"while time.monotonic() < end and os.getppid() == {os.getpid()}: pass"
        found: list[speeds.Speed] = []
        with subprocess.Popen([sys.executable, "-I", "-c", load]) as busy:
            try:
                for threads in speeds.thread_counts():
                    asked = worker.send(do="measure", threads=threads, seconds=MEASURE_SECONDS)
                    event = worker.event(asked, self._stopped)
                    found.append(speeds.Speed(threads, event["prompt_rate"], event["write_rate"]))
                    if found[-1].usual_seconds() > 1.5 * found[0].usual_seconds():
                        break
            finally:
                busy.kill()
        return found

    def _draft(self, question: str, notes: list[str]) -> Iterator[str]:
        worker = self._ready_worker()
        loaded = worker.loaded
        template = self._model.template or template_for(loaded["architecture"], loaded["marks"])
        while True:
            segments = prompt.build(question, notes, template)
            asked = worker.send(
                do="generate",
                segments=[[segment.text, segment.special] for segment in segments],
                stops=TEMPLATES[template].stops,
                draft_tokens=DRAFT_TOKENS,
                thought_tokens=THOUGHT_TOKENS,
            )
            fits = yield from self._deltas(worker, asked)
            if fits:
                return
            if not notes:
                raise ModelError(
                    f"The question is too long for {self.name}: it reads "
                    f"{CONTEXT_TOKENS} tokens at most. Ask a shorter one."
                )
            notes.pop()
            self.dropped_notes += 1

    def _deltas(self, worker: WorkerProcess, asked: int) -> abc.Generator[str, None, bool]:
        """Yield the texts of one generation; returns False where the prompt was too long."""
        running = True
        try:
            while True:
                event = worker.event(asked, self._stopped)
                if event["event"] == "delta":
                    yield event["text"]
                    continue
                running = False
                self.last_done = event
                return bool(event["event"] == "done")
        finally:
            if running:  # stopped, or nobody listens any more
                worker.send(do="stop", stop_id=asked)

    def _ready_worker(self) -> WorkerProcess:
        """A worker with the model loaded and its thread count set."""
        fresh = self._worker is None or not self._worker.alive()
        worker = self._loaded_worker()
        if fresh:
            worker.send(do="threads", threads=self._best_threads())
        return worker

    def _loaded_worker(self) -> WorkerProcess:
        if self._worker is None or not self._worker.alive():
            self._worker = WorkerProcess(self._model.path)
        self._worker.wait_until_loaded(self._stopped)
        return self._worker

    def _best_threads(self) -> int:
        if self._threads is None:
            self._threads = 1 if self._settings is None else self._measured(self._settings)
        return self._threads

    def _measured(self, settings: Settings) -> int:
        path = self._model.path
        with open_desk(settings) as desk:
            known = desk.setting(speeds.threads_key(path))
        if known is not None:
            return int(known)
        found = speeds.summary(self.measure(), speeds.peak_memory_bytes(self.process_id))
        if found.usual_seconds is None:
            return 1  # the machine is too busy to tell: measure again next time
        try:
            speeds.keep(settings, path, found)
        except LibraryError as error:  # a home that may not be written: measured again next time
            logger.warning("The speed of %s is not kept: %s", path.name, error)
        return found.threads
