"""How fast a writing model runs on this machine, measured for about ten seconds and kept.

Takes a GGUF, runs it in its worker (answer/generator.py) with 1, 2, 4 and 8 threads, and
keeps the figures (answer/writing/speeds.py).
"""

from __future__ import annotations

import importlib.util

from answer.generator import LlamaGenerator, why_no_generator
from answer.writing.speeds import Measured, keep, peak_memory_bytes, summary
from core.errors import ModelError
from core.modelfiles import find_gguf
from core.settings import Settings


class Measurement:
    """One measurement in the making: `run` it in any thread, `stop` it from another."""

    def __init__(self, settings: Settings, name: str | None) -> None:
        """`name` as for `find_gguf`; None for the first model on this machine.

        Raises ModelError where there is none, or its hash is wrong.
        """
        found = None if _no_llama() else find_gguf(settings, name)
        if found is None:
            raise ModelError(why_no_generator(settings))
        self.settings = settings
        self.model = found
        self._generator = LlamaGenerator(found, settings)

    def run(self) -> Measured:
        """About ten seconds and the time to load. Raises ModelError, worker_process.Stopped."""
        try:
            speeds = self._generator.measure()
            memory = peak_memory_bytes(self._generator.process_id)
        finally:
            self._generator.close()
        measured = summary(speeds, memory)
        if measured.usual_seconds is not None:  # else an earlier one is worth more
            keep(self.settings, self.model.path, measured)
        return measured

    def stop(self) -> None:
        self._generator.stop()


def _no_llama() -> bool:
    return importlib.util.find_spec("llama_cpp") is None
