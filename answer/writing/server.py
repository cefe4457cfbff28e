"""A writer on a server of the user's own on this machine: Ollama, LM Studio, llama-server.

Speaks OpenAI's chat protocol to an address of the loopback interface and to nothing
else: no name is looked up, no proxy used, no redirect followed. Takes a question and
notes, gives the draft as text deltas, as answer/generator.py asks of a generator. The
server puts its model's marks around our messages; texts go through `prompt.plain`, so
that none of them holds a mark.
"""

from __future__ import annotations

import json
import logging
import queue
import re
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

import anyio
import anyio.from_thread
import httpx2

from answer import prompt
from answer.writing import loopback
from answer.writing.drafts import DRAFT_TOKENS, THOUGHT_TOKENS, Draft
from core.errors import InputError, ModelError
from core.settings import Settings

logger = logging.getLogger(__name__)

CONTEXT_TOKENS = 2048  # of prompt and draft: what any server has room for
# Servers don't say how they count. English has four bytes to a token and more, Cyrillic four
# to five, Chinese two to four: three let few prompts through that are too long after all.
BYTES_PER_TOKEN = 3
DRAFT_CHARS = 6 * DRAFT_TOKENS
SILENCE_SECONDS = 300.0  # a large model may read a prompt for minutes
POLL_SECONDS = 0.05  # how soon a stop is noticed

# Each kind of server has a switch of its own; unknown fields are passed over by most.
NO_THOUGHTS = {"reasoning_effort": "none", "chat_template_kwargs": {"enable_thinking": False}}
# These families have a switch in the prompt besides, for servers that have none.
_SWITCHED = re.compile(r"qwen-?3|smollm-?3", re.I)
_TOO_LONG = re.compile(r"\bcontext\b|n_ctx|too long|too large to process|too many tokens", re.I)
# Never chosen by itself: what can't write, and what Ollama passes on to its own machines.
_NO_WRITER = re.compile(r"embed|cloud", re.I)

Give = Callable[[str], None]


class ServerGenerator:
    """One model of one server. Nothing is asked of the server before the first question."""

    def __init__(self, address: str, model: str) -> None:
        """`address` from `loopback.checked`; `model` "" for the first that the server lists."""
        self.name = f"server:{model}"
        self.dropped_notes = 0
        self._address = address
        self._model = model
        self._takes_switches = True
        self._one_at_a_time = threading.Lock()
        self._stopped = threading.Event()

    def stream(self, question: str, notes: Sequence[str]) -> Iterator[str]:
        with self._one_at_a_time:
            self._stopped.clear()
            self.dropped_notes = 0
            kept = list(notes)
            yield from _texts(lambda give: self._converse(question, kept, give), self._stopped)

    def stop(self) -> None:
        self._stopped.set()

    def close(self) -> None:
        self.stop()  # the model is the server's own

    async def _converse(self, question: str, notes: list[str], give: Give) -> None:
        """Give the texts of one draft. Raises ModelError, whatever goes wrong on the way."""
        async with loopback.open_client(self._address, SILENCE_SECONDS) as client:
            try:
                await self._choose_model(client)
                while await self._too_long(client, question, notes):
                    self._drop_one(notes)
                while not await self._complete(client, self._body(question, notes), give):
                    self._drop_one(notes)
            except httpx2.HTTPError as error:
                raise ModelError(loopback.why_failed(self._address, error)) from error

    async def _choose_model(self, client: httpx2.AsyncClient) -> None:
        if self._model:
            return
        writers = writing(await loopback.model_names(client))
        if not writers:
            raise ModelError(
                f"The server at {self._address} has no model that writes. Load one there first."
            )
        self._model = writers[0]
        self.name = f"server:{self._model}"

    def _body(self, question: str, notes: Sequence[str]) -> dict[str, Any]:
        messages = prompt.messages(question, notes)
        if _SWITCHED.search(self._model):
            messages[0]["content"] += " /no_think"
        return {
            "model": self._model,
            "messages": messages,
            "stream": True,
            "temperature": 0,
            "max_tokens": DRAFT_TOKENS + THOUGHT_TOKENS,
            **(NO_THOUGHTS if self._takes_switches else {}),
        }

    async def _complete(self, client: httpx2.AsyncClient, body: dict[str, Any], give: Give) -> bool:
        """Give the draft; False where the prompt was too long. Raises ModelError."""
        async with client.stream("POST", "/v1/chat/completions", json=body) as response:
            if response.status_code == 200:
                await self._read_draft(response, give)
                return True
            message = await loopback.message(response)
        if response.status_code in (400, 413, 500) and _TOO_LONG.search(message):
            return False
        if response.status_code in (400, 422) and self._takes_switches:
            logger.info("the server refuses a switch for thoughts; asked again without")
            self._takes_switches = False
            body = {name: value for name, value in body.items() if name not in NO_THOUGHTS}
            return await self._complete(client, body, give)
        if response.status_code == 404:
            names = ", ".join(await loopback.model_names(client)) or "none"
            raise ModelError(
                f"The server at {self._address} has no model called {self._model}. It has: {names}."
            )
        raise ModelError(self._says(f"answers with status {response.status_code}", message))

    async def _read_draft(self, response: httpx2.Response, give: Give) -> None:
        """Only what is marked as content counts: other fields hold thoughts or tool calls."""
        draft = Draft()
        given = 0
        complete = False
        async for event in httpx2.EventSource(response):
            if event.data.strip() == "[DONE]":
                complete = True
                break
            text, ended = self._delta(event.data)
            complete = complete or ended
            shown = draft.add(text)
            given += len(shown)
            give(shown)
            if draft.ended or given >= DRAFT_CHARS:
                return
        if not complete:
            raise ModelError(self._says("ended its answer half-way", ""))
        give(draft.rest())

    def _delta(self, data: str) -> tuple[str, bool]:
        """(text, whether the server says that it was the last) of one event."""
        try:
            event = json.loads(data)
            if event.get("error"):
                raise ModelError(self._says("failed", loopback.shortened(event["error"])))
            choices = event.get("choices") or [{}]  # a last event may hold counts alone
            text = (choices[0].get("delta") or {}).get("content") or ""
            return str(text), bool(choices[0].get("finish_reason"))
        except (ValueError, AttributeError, LookupError, TypeError) as error:
            raise ModelError(self._says("sent what is no answer", "")) from error

    async def _too_long(
        self, client: httpx2.AsyncClient, question: str, notes: Sequence[str]
    ) -> bool:
        text = "\n".join(message["content"] for message in prompt.messages(question, notes))
        room = CONTEXT_TOKENS - DRAFT_TOKENS
        if len(text.encode("utf-8", "replace")) <= room * BYTES_PER_TOKEN:
            return False
        counted = await loopback.token_count(client, text)
        return counted is None or counted > room

    def _drop_one(self, notes: list[str]) -> None:
        if not notes:
            raise ModelError(f"The question is too long for {self.name}. Ask a shorter one.")
        notes.pop()
        self.dropped_notes += 1

    def _says(self, what: str, message: str) -> str:
        said = f": {message}" if message else ""
        return (
            f"The model server at {self._address} {what}{said.rstrip('.')}. Ask again, or look at "
            "the server's own log."
        )


def load_server(settings: Settings, model: str) -> ServerGenerator:
    """Raises InputError where no server is named, or one that is not on this machine."""
    if settings.server is None:
        raise InputError(
            "No model server is named. Start one on this machine and set SOURCEBOOK_SERVER, for "
            "Ollama to http://127.0.0.1:11434."
        )
    return ServerGenerator(loopback.checked(settings.server), model)


def writing(names: Sequence[str]) -> list[str]:
    """Those that can be offered: that write, and on this machine."""
    return [name for name in names if not _NO_WRITER.search(name)]


def server_models(settings: Settings) -> list[str]:
    """Names of the server's models in its own order; [] where no server is named.

    Takes a few seconds at most. Raises InputError for an address that is not this
    machine's, ModelError where nothing answers there.
    """
    if settings.server is None:
        return []
    address = loopback.checked(settings.server)

    async def listed() -> list[str]:
        try:
            async with loopback.open_client(address, loopback.CONNECT_SECONDS) as client:
                return await loopback.model_names(client)
        except httpx2.HTTPError as error:
            raise ModelError(loopback.why_failed(address, error)) from error

    return anyio.run(listed)


def _texts(work: Callable[[Give], Awaitable[None]], stopped: threading.Event) -> Iterator[str]:
    """What `work` gives, from a thread of its own: a stop cancels it wherever it waits,
    also while the server reads the prompt, and that closes the connection."""
    texts: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    with anyio.from_thread.start_blocking_portal() as portal:
        working = portal.start_task_soon(work, texts.put)
        working.add_done_callback(lambda _: texts.put(None))
        try:
            while not stopped.is_set():
                try:
                    text = texts.get(timeout=POLL_SECONDS)
                except queue.Empty:
                    continue
                if text is None:
                    working.result()  # raises what the work raised
                    return
                if text:
                    yield text
        finally:
            working.cancel()
