"""What a model writes, as it comes → the draft in it. Pure.

Takes pieces of text, cut anywhere; gives the draft from its first word to its first
line break. What a model thinks aloud first is left out, whichever marks it sets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

DRAFT_TOKENS = 160  # two or three sentences
# A model that thinks although it was told not to may do so for this long, so that its
# thoughts don't eat the draft. Most thoughts on one short question end well before.
THOUGHT_TOKENS = 1024

# What opens a thought → what closes it; "": a closing mark left over, dropped by itself.
THOUGHTS = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "<reasoning>": "</reasoning>",
    "[THINK]": "[/THINK]",
    "<|START_THINKING|>": "<|END_THINKING|>",
    "<|channel|>analysis": "<|channel|>final",
    "<|channel|>commentary": "<|channel|>final",
    "<|channel|>final": "",
    "<|message|>": "",
    "</think>": "",
    "[/THINK]": "",
}
# The marks that a vocabulary may hold as control tokens: their text is asked for all the same.
THOUGHT_MARKS = ("<think>", "</think>", "[THINK]", "[/THINK]", "<|channel|>", "<|message|>")

_OPENS = re.compile("|".join(re.escape(mark) for mark in THOUGHTS))


class Draft:
    """Text in, text of the draft out. `ended` is set where the draft is complete."""

    def __init__(self, stops: Iterable[str] = ()) -> None:
        """`stops`: texts besides a line break that end the draft."""
        self.ended = False
        self._stops = ["\n", *(stop for stop in stops if stop)]
        self._marks = [*THOUGHTS, *self._stops]
        self._held = ""
        self._closing = ""  # what ends the thought that we are in
        self._begun = False

    @property
    def in_thought(self) -> bool:
        return bool(self._closing)

    def add(self, text: str) -> str:
        """The part of the draft that is now sure; what may be the beginning of a mark waits."""
        self._held += text
        given = ""
        while not self.ended:
            if self._closing:
                _, closing, after = self._held.partition(self._closing)
                if not closing:
                    self._held = self._held[-len(self._closing) :]
                    return given
                self._held, self._closing = after, ""
                continue
            mark = _OPENS.search(self._held)
            if mark is None:
                return given + self._upto(len(self._held) - self._maybe_mark())
            given += self._upto(mark.start())
            if not self.ended:
                self._held = self._held[len(mark[0]) :]
                self._closing = THOUGHTS[mark[0]]
        return given

    def rest(self) -> str:
        """What is left when the model has ended by itself."""
        if self.ended or self._closing:
            return ""
        return self._upto(len(self._held))

    def _upto(self, length: int) -> str:
        """Give that much of what is held, without blanks before the first word."""
        text, self._held = self._held[:length], self._held[length:]
        if not self._begun:
            text = text.lstrip()
            self._begun = bool(text)
        places = [place for stop in self._stops if (place := text.find(stop)) >= 0]
        if places:
            self.ended = True
            text = text[: min(places)]
        return text

    def _maybe_mark(self) -> int:
        """Length of the end of what is held that may be the beginning of a mark."""
        longest = max(len(mark) for mark in self._marks) - 1
        for length in range(min(longest, len(self._held)), 0, -1):
            if any(mark.startswith(self._held[-length:]) for mark in self._marks):
                return length
        return 0
