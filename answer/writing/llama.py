"""The one file that knows llama.cpp. Used inside answer/worker.py only.

Takes a GGUF path and token ids, gives token ids and text bytes. Goes through the
C interface of llama-cpp-python rather than its `Llama` class: that class compiles
the chat template which the model file brings along, and it cannot interrupt the
evaluation of a prompt. It also never touches its pickling disk cache.

Temperature is 0: the same prompt gives the same text. To keep that true when the
beginning of a prompt is reused, batches always have the same borders.
"""

from __future__ import annotations

import ctypes
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import llama_cpp.llama_cpp as api
import numpy as np

# Tokens per step while a prompt is read. 64 cost no speed against 512 with
# SmolLM2-135M on 2 cores, and keep the compute buffer small.
PROMPT_BATCH_TOKENS = 64


class Interrupted(Exception):
    """The stop check became true during an evaluation."""


class Llama:
    """One model with one context. Not for use from several threads.

    Raises RuntimeError where llama.cpp refuses the file or an evaluation.
    """

    def __init__(
        self, path: Path, threads: int, context_tokens: int, stopped: Callable[[], bool]
    ) -> None:
        """`stopped` is asked again and again while a prompt is evaluated."""
        self.log: deque[str] = deque(maxlen=20)  # llama.cpp's last warnings
        self._log_callback = api.llama_log_callback(self._keep_log)
        api.llama_log_set(self._log_callback, ctypes.c_void_p(0))
        api.llama_backend_init()
        model_params = api.llama_model_default_params()
        model_params.n_gpu_layers = 0
        self._model = api.llama_model_load_from_file(str(path).encode(), model_params)
        if not self._model:
            raise RuntimeError(self._last_log("llama.cpp refuses the file"))
        self.context_tokens = min(context_tokens, api.llama_model_n_ctx_train(self._model))
        self._vocab: Any = api.llama_model_get_vocab(self._model)
        self._context = self._new_context(threads)
        self._memory = api.llama_get_memory(self._context)
        self._stopped = stopped
        self._deadline = float("inf")
        self._abort = api.ggml_abort_callback(lambda _: stopped() or self._too_late())
        self._no_abort = api.ggml_abort_callback()
        self._evaluated: list[int] = []  # the tokens whose state the context holds
        self._borders: list[int] = []  # lengths of `_evaluated` that ended a prompt batch

    def architecture(self) -> str:
        buffer = ctypes.create_string_buffer(128)
        api.llama_model_meta_val_str(self._model, b"general.architecture", buffer, 128)
        return buffer.value.decode("utf-8", "replace")

    def template_text(self) -> str:
        """The chat template in the file, "" where there is none. To be searched, never run."""
        text = api.llama_model_chat_template(self._model, None)
        return text.decode("utf-8", "replace") if text else ""

    def set_threads(self, threads: int) -> None:
        api.llama_set_n_threads(self._context, threads, threads)

    def tokenize(self, text: str, special: bool) -> list[int]:
        """Token ids; with special=True, control marks in the text become control tokens."""
        data = text.encode("utf-8", "replace")
        room = len(data) + 8
        while True:
            ids = (api.llama_token * room)()
            count = api.llama_tokenize(self._vocab, data, len(data), ids, room, False, special)
            if count >= 0:
                return list(ids[:count])
            room = -count

    def mark_id(self, mark: str) -> int | None:
        """The token that `mark` is as a whole, or None where the vocabulary has none."""
        ids = self.tokenize(mark, special=True)
        return ids[0] if len(ids) == 1 else None

    def own_marks(self) -> set[int]:
        """Tokens that the model file itself keeps apart from text: control tokens, and those
        its maker added, but for white space."""
        apart = api.LLAMA_TOKEN_ATTR_CONTROL | api.LLAMA_TOKEN_ATTR_USER_DEFINED
        tokens = range(api.llama_vocab_n_tokens(self._vocab))
        marks = (one for one in tokens if api.llama_vocab_get_attr(self._vocab, one) & apart)
        return {one for one in marks if self.piece(one, with_mark=True).strip()}

    def first_tokens(self) -> list[int]:
        """The beginning-of-text token, where this model wants one."""
        wanted = api.llama_vocab_get_add_bos(self._vocab)
        return [int(api.llama_vocab_bos(self._vocab))] if wanted else []

    def ends_text(self, token: int) -> bool:
        return bool(api.llama_vocab_is_eog(self._vocab, token))

    def piece(self, token: int, with_mark: bool = False) -> bytes:
        """The bytes of a token; possibly a part of a character.

        b"" for control tokens, unless their mark is asked for.
        """
        room = 64
        while True:
            buffer = ctypes.create_string_buffer(room)
            size = api.llama_token_to_piece(self._vocab, token, buffer, room, 0, with_mark)
            if size >= 0:
                return buffer.raw[:size]
            room = -size

    def read(self, tokens: Sequence[int], first_border: int) -> int:
        """Evaluate a prompt; gives how many of its tokens were still known.

        `first_border` is the length of the part that all prompts share: it is a
        batch of its own. Raises Interrupted.
        """
        borders = _borders(len(tokens), first_border)
        kept = self._forget_after_common(tokens, borders)
        api.llama_set_abort_callback(self._context, self._abort, None)
        try:
            for border in borders:
                if border > kept:
                    self._evaluate(tokens[len(self._evaluated) : border])
                    self._borders.append(border)
        finally:
            api.llama_set_abort_callback(self._context, self._no_abort, None)
        return kept

    def write(self) -> Iterator[int]:
        """The likeliest next tokens after `read`, until the text or the context ends.

        Raises Interrupted.
        """
        while True:
            token = self._likeliest()
            if self.ends_text(token):
                return
            yield token
            if len(self._evaluated) >= self.context_tokens:
                return
            self._evaluate([token])

    def measure(self, threads: int, seconds: float) -> tuple[float, float]:
        """Prompt and generated tokens per second with this many threads.

        Takes about `seconds`, twice that for a slow model; a rate that could not be
        measured in time is 0.
        """
        self.set_threads(threads)
        words = self.first_tokens() + self.tokenize(" the report said that" * 16, special=False)
        for tokens, limit_seconds in ((64, seconds / 2), (8, seconds)):  # the second: slow models
            self._forget_after(0)
            started = time.perf_counter()
            self._deadline = started + limit_seconds
            try:
                self.read(words[:tokens], 0)
                prompt_rate = tokens / (time.perf_counter() - started)
                break
            except Interrupted:
                continue
            finally:
                self._deadline = float("inf")
        else:
            return 0.0, 0.0
        started = time.perf_counter()
        written = 0
        while written < 16 and time.perf_counter() - started < seconds / 2:
            self._evaluate([self._likeliest()])
            written += 1
        rate = written / (time.perf_counter() - started)
        self._forget_after(0)
        return prompt_rate, rate

    def _new_context(self, threads: int) -> Any:
        params = api.llama_context_default_params()
        params.n_ctx = self.context_tokens
        params.n_batch = params.n_ubatch = min(PROMPT_BATCH_TOKENS, self.context_tokens)
        params.n_threads = params.n_threads_batch = threads
        context = api.llama_init_from_model(self._model, params)
        if not context:
            raise RuntimeError(self._last_log("llama.cpp has no memory for the context"))
        return context

    def _evaluate(self, tokens: Sequence[int]) -> None:
        if self._stopped():
            raise Interrupted
        ids = (api.llama_token * len(tokens))(*tokens)
        status = api.llama_decode(self._context, api.llama_batch_get_one(ids, len(tokens)))
        if status == 0:
            self._evaluated.extend(tokens)
            return
        self._forget_after(len(self._evaluated))
        if status == 2:
            raise Interrupted
        raise RuntimeError(self._last_log(f"llama.cpp gives status {status}"))

    def _likeliest(self) -> int:
        logits = api.llama_get_logits_ith(self._context, -1)
        size = api.llama_vocab_n_tokens(self._vocab)
        return int(np.argmax(np.ctypeslib.as_array(logits, shape=(size,))))

    def _forget_after_common(self, tokens: Sequence[int], borders: Collection[int]) -> int:
        """Keep the state of the longest common beginning that ends at a border of both."""
        common = 0
        for old, new in zip(self._evaluated, tokens, strict=False):
            if old != new:
                break
            common += 1
        # The last token is always evaluated again: its logits are needed.
        usable = [b for b in self._borders if b in borders and b <= min(common, len(tokens) - 1)]
        return self._forget_after(max(usable, default=0))

    def _forget_after(self, length: int) -> int:
        """Drop all state after `length` tokens, or all of it where the model can't do less."""
        if length == 0 or not api.llama_memory_seq_rm(self._memory, 0, length, -1):
            api.llama_memory_clear(self._memory, True)
            length = 0
        del self._evaluated[length:]
        self._borders = [border for border in self._borders if border <= length]
        return length

    def _too_late(self) -> bool:
        return time.perf_counter() > self._deadline

    def _keep_log(self, level: int, text: bytes, _: Any) -> None:
        if level in (3, 4):  # GGML_LOG_LEVEL_WARN, GGML_LOG_LEVEL_ERROR
            self.log.append(text.decode("utf-8", "replace").strip())

    def _last_log(self, otherwise: str) -> str:
        return self.log[-1] if self.log else otherwise


def _borders(length: int, first_border: int) -> list[int]:
    """Where the batches of a prompt end: the same for every prompt with this beginning."""
    first = min(first_border, length)
    ends = [*range(PROMPT_BATCH_TOKENS, first, PROMPT_BATCH_TOKENS), first]
    ends += [*range(first + PROMPT_BATCH_TOKENS, length, PROMPT_BATCH_TOKENS), length]
    return sorted({end for end in ends if end > 0})
