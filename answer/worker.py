"""The child process that holds a GGUF: `python -m answer.worker`.

Takes commands and gives events, one JSON object per line, over stdin and stdout.
Each command has a growing "id", each of its events carries it:

  {"do": "load", "path", "threads", "context_tokens"}
      → {"event": "loaded", "architecture", "marks", "context_tokens", "seconds"}
  {"do": "generate", "segments": [[text, special], …], "stops": [text, …], "draft_tokens",
         "thought_tokens"}  a draft of one line; thoughts before it are left out
      → {"event": "delta", "text"} …
      → {"event": "done", "reason": "end"|"stop"|"length"|"stopped", "prompt_tokens",
         "reused_tokens", "written_tokens", "prompt_seconds", "write_seconds"}
      or {"event": "too_long", "prompt_tokens", "room"}
  {"do": "stop", "stop_id"}  ends that generation, also while its prompt is read
  {"do": "measure", "threads", "seconds"}
      → {"event": "measured", "threads", "prompt_rate", "write_rate"} in tokens per second
  {"do": "threads", "threads"}
  {"do": "quit"}

Any command may give {"event": "error", "code", "message"} instead; the worker
then goes on. While it is at work {"event": "alive"} comes every second, so that a worker
that hangs is known from one that reads a long prompt. It ends when stdin closes, so it
never outlives its parent. Only here is a model file loaded; nothing is written to disk.
"""

from __future__ import annotations

import codecs
import json
import mmap
import os
import queue
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answer.writing.drafts import THOUGHT_MARKS, Draft
from answer.writing.templates import TELLING_MARKS, TURN_MARKS
from answer.writing.worker_process import MEMORY_SHORT
from core import lifeline, shortage

if TYPE_CHECKING:
    from answer.writing.llama import Llama

Message = dict[str, Any]

PULSE_SECONDS = 1.0  # between two signs of life


class Worker:
    """Carries out commands one after the other; `stopped_id` is set from another thread."""

    def __init__(self, emit: Callable[..., None]) -> None:
        self.emit = emit
        self.stopped_id = -1
        self.is_at_work = False
        self._running_id = -1
        self._llama: Llama | None = None
        # A vocabulary may treat a mark as an ordinary word that text can spell, so tokens
        # are checked, not only the tokenizer's flag.
        self._turn_tokens: set[int] = set()
        self._thought_tokens: set[int] = set()

    def run(self, commands: Iterator[Message]) -> None:
        """Carry out commands until they end or one says quit."""
        actions: dict[str, Callable[[Message], None]] = {
            "load": self.load,
            "generate": self.generate,
            "measure": self.measure,
            "threads": lambda command: self._loaded().set_threads(int(command["threads"])),
        }
        for command in commands:
            if command.get("do") == "quit":
                return
            self.is_at_work = True
            try:
                actions[command["do"]](command)
            except Exception as error:  # noqa: BLE001  the edge of this process: it reports and goes on
                code = MEMORY_SHORT if _is_of_memory(error, command) else type(error).__name__
                self.emit(event="error", id=command["id"], code=code, message=str(error))
            finally:
                self.is_at_work = False

    def load(self, command: Message) -> None:
        started = time.perf_counter()
        from answer.writing.llama import Llama

        self._llama = Llama(
            Path(command["path"]),
            int(command["threads"]),
            int(command["context_tokens"]),
            stopped=lambda: self.stopped_id >= self._running_id >= 0,
        )
        self._turn_tokens = self._tokens_of(TURN_MARKS) | self._llama.own_marks()
        self._thought_tokens = self._tokens_of(THOUGHT_MARKS)
        template = self._llama.template_text()
        self.emit(
            event="loaded",
            id=command["id"],
            architecture=self._llama.architecture(),
            marks=[m for m in TELLING_MARKS if m in template or self._tokens_of([m])],
            context_tokens=self._llama.context_tokens,
            seconds=time.perf_counter() - started,
        )

    def measure(self, command: Message) -> None:
        self._running_id = -1
        threads = int(command["threads"])
        prompt_rate, write_rate = self._loaded().measure(threads, float(command["seconds"]))
        self.emit(
            event="measured",
            id=command["id"],
            threads=threads,
            prompt_rate=prompt_rate,
            write_rate=write_rate,
        )

    def generate(self, command: Message) -> None:
        from answer.writing.llama import Interrupted

        llama = self._loaded()
        self._running_id = int(command["id"])
        tokens, shared = self._prompt_tokens(command["segments"])
        room = llama.context_tokens - int(command["draft_tokens"])
        if len(tokens) > room:
            self.emit(event="too_long", id=self._running_id, prompt_tokens=len(tokens), room=room)
            return
        started = time.perf_counter()
        numbers = {"reused_tokens": 0, "written_tokens": 0, "prompt_seconds": 0.0}
        reason = "stopped"
        written_from = started
        try:
            numbers["reused_tokens"] = llama.read(tokens, shared)
            written_from = time.perf_counter()
            numbers["prompt_seconds"] = written_from - started
            reason = self._write(command, numbers)
        except Interrupted:
            pass
        self.emit(
            event="done",
            id=self._running_id,
            reason=reason,
            prompt_tokens=len(tokens),
            write_seconds=time.perf_counter() - written_from,
            **numbers,
        )

    def _write(self, command: Message, numbers: dict[str, Any]) -> str:
        """Emit the draft as it is written; gives why it ended."""
        llama = self._loaded()
        draft = Draft(command["stops"])
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        left = {False: int(command["draft_tokens"]), True: int(command["thought_tokens"])}
        for token in llama.write():
            numbers["written_tokens"] += 1
            data = llama.piece(token, with_mark=token in self._thought_tokens)
            self._give(draft.add(decoder.decode(data)))
            if draft.ended:
                return "stop"
            left[draft.in_thought] -= 1
            if not left[draft.in_thought]:
                self._give(draft.rest())
                return "length"
        self._give(draft.add(decoder.decode(b"", final=True)) + draft.rest())
        return "end"

    def _give(self, text: str) -> None:
        if text:
            self.emit(event="delta", id=self._running_id, text=text)

    def _prompt_tokens(self, segments: Sequence[Sequence[Any]]) -> tuple[list[int], int]:
        """Token ids of the whole prompt, and how many of them its first segment takes."""
        llama = self._loaded()
        tokens = llama.first_tokens()
        shared = 0
        for place, (text, special) in enumerate(segments):
            tokens += llama.tokenize(text, special=True) if special else self._plain_tokens(text)
            if place == 0:
                shared = len(tokens)
        return tokens, shared

    def _plain_tokens(self, text: str) -> list[int]:
        """Tokens of a document's or a user's text: never one that ends or begins a turn, nor
        any other that the model keeps apart from text."""
        llama = self._loaded()
        tokens = llama.tokenize(text, special=False)
        if not any(self._is_turn(token) for token in tokens):
            return tokens
        parts = re.split(r"(?<=[<\[])", text)  # a mark cut after its first character
        tokens = [token for part in parts for token in llama.tokenize(part, special=False)]
        return [token for token in tokens if not self._is_turn(token)]

    def _is_turn(self, token: int) -> bool:
        return token in self._turn_tokens or self._loaded().ends_text(token)

    def _tokens_of(self, marks: Iterable[str]) -> set[int]:
        """The marks that are one token of the vocabulary."""
        ids = (self._loaded().mark_id(mark) for mark in marks)
        return {token for token in ids if token is not None}

    def _loaded(self) -> Llama:
        if self._llama is None:
            raise RuntimeError("no model is loaded")
        return self._llama


def _is_of_memory(error: Exception, command: Message) -> bool:
    """Whether memory is too short for the model. llama.cpp often only says that it failed: then
    so much address space is asked for as the file takes, which nothing is written to."""
    if shortage.is_of_memory(error):
        return True
    try:
        needed = Path(command["path"]).stat().st_size if command["do"] == "load" else 0
        if needed:
            mmap.mmap(-1, needed).close()
    except (OSError, MemoryError) as refused:
        return shortage.is_of_memory(refused)
    return False


def main() -> None:
    lifeline.end_with_parent()
    # The protocol gets a descriptor of its own: whatever a library prints goes to stderr.
    protocol = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    commands: queue.SimpleQueue[Message] = queue.SimpleQueue()

    writing = threading.Lock()

    def emit(**event: Any) -> None:
        with writing:
            protocol.write(json.dumps(event) + "\n")
            protocol.flush()

    worker = Worker(emit)

    def give_signs_of_life() -> None:
        while True:
            time.sleep(PULSE_SECONDS)
            if worker.is_at_work:
                emit(event="alive")

    def read_commands() -> None:
        try:
            for line in sys.stdin.buffer:
                command = json.loads(line)
                if command["do"] == "stop":
                    worker.stopped_id = max(worker.stopped_id, int(command["stop_id"]))
                else:
                    commands.put(command)
        finally:
            os._exit(0)  # the parent has gone: nothing to save, no reason to finish

    threading.Thread(target=read_commands, daemon=True).start()
    threading.Thread(target=give_signs_of_life, daemon=True).start()
    try:
        worker.run(iter(commands.get, None))
    except BrokenPipeError:
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
