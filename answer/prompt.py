"""The prompt for a small language model: our own templates, our own few words. Pure.

Takes the question and the notes (evidence, best first); gives segments for a GGUF, or
messages for a server. A segment with special=True is ours and may hold the model's
control marks; one with special=False holds text from a document or a user and is
tokenized as plain text. Marks of turns in such text are broken up besides, so
`<|im_end|>` in an article ends nothing, not even where a server or a vocabulary spells
its marks as ordinary words.

The answer is not begun for the model, and the best note stands last, next to the
question: on 60 questions of SQuAD train titles SmolLM2-135M then wrote the right words
25 times, 12 drafts held against the notes and 7 were both; best note first 23, 11, 4;
begun with words of the question 22, 9, 5.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from answer.writing.templates import TEMPLATES


@dataclass(frozen=True, slots=True)
class Segment:
    text: str
    special: bool


INSTRUCTION = "You answer questions from notes. Keep to what the notes say."
REQUEST = "Answer in one sentence using only the notes."

# What may open a mark in some chat format: "<" before anything but a number or a comparison
# ("<|im_end|>", "</s>", "<<SYS>>", "<start_of_turn>"), and the bracketed names of Mistral's,
# GLM's, InternLM's and EXAONE's ("[|assistant|]").
_MARK_OPENS = re.compile(
    r"<(?=[^\s\d=])"
    r"|\[(?=\||/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_|THINK|MODEL_SETTINGS|gMASK|sop\]"
    r"|UNUSED_TOKEN))",
    re.I,
)


def build(question: str, notes: Sequence[str], template: str) -> tuple[Segment, ...]:
    """The whole prompt, up to where the assistant begins.

    Raises KeyError for an unknown template.
    """
    turns = TEMPLATES[template]
    # The first segment is the same for every question: its evaluation is reused.
    segments = [Segment(f"{turns.system}{INSTRUCTION}{turns.user}Notes:", special=True)]
    for note in reversed(notes):
        segments += [Segment("\n-", special=True), Segment(" " + plain(note), special=False)]
    segments += [
        Segment("\n\nQuestion:", special=True),
        Segment(" " + plain(question), special=False),
        Segment(f"\n\n{REQUEST}{turns.assistant}", special=True),
    ]
    return tuple(segments)


def messages(question: str, notes: Sequence[str]) -> list[dict[str, str]]:
    """The same prompt for a server that puts its model's marks around it."""
    listed = "\n".join(f"- {plain(note)}" for note in reversed(notes))
    asked = f"Notes:\n{listed}\n\nQuestion: {plain(question)}\n\n{REQUEST}"
    return [{"role": "system", "content": INSTRUCTION}, {"role": "user", "content": asked}]


def plain(text: str) -> str:
    """Text of a document or a user, on one line and without marks of any chat format.

    Its own line breaks can't imitate ours; a blank behind the first character of a
    mark makes ordinary words of it.
    """
    whole = text.encode("utf-8", "replace").decode("utf-8")  # half a character can't be sent
    return _MARK_OPENS.sub(r"\g<0> ", " ".join(whole.split()))
