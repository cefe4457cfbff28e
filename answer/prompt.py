"""The prompt for a small language model: our own templates, our own few words. Pure.

Takes the question, the notes (evidence, best first) and the beginning of the
answer; gives segments. A segment with special=True is ours and may hold the
model's control marks; one with special=False holds text from a document or a
user and is tokenized as plain text, so `<|im_end|>` in an article ends nothing.
A template that a model file brings along is never executed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Segment:
    text: str
    special: bool


@dataclass(frozen=True, slots=True)
class Template:
    """The turns of one chat format, and the mark in a vocabulary that tells it."""

    mark: str
    system: str  # before our instruction
    user: str  # between the instruction and the user's turn
    assistant: str  # between the user's turn and the answer
    stops: tuple[str, ...]  # text that ends the answer, should the model spell it out


INSTRUCTION = "You answer questions from notes. Keep to what the notes say."
REQUEST = "Answer in one sentence using only the notes."

# Most telling mark first: `template_for` takes the first that a vocabulary has.
TEMPLATES: dict[str, Template] = {
    "chatml": Template(
        mark="<|im_start|>",
        system="<|im_start|>system\n",
        user="<|im_end|>\n<|im_start|>user\n",
        assistant="<|im_end|>\n<|im_start|>assistant\n",
        stops=("<|im_end|>",),
    ),
    "llama3": Template(
        mark="<|start_header_id|>",
        system="<|start_header_id|>system<|end_header_id|>\n\n",
        user="<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n",
        assistant="<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
        stops=("<|eot_id|>",),
    ),
    "gemma": Template(
        mark="<start_of_turn>",
        system="<start_of_turn>user\n",  # it has no system turn
        user="\n\n",
        assistant="<end_of_turn>\n<start_of_turn>model\n",
        stops=("<end_of_turn>",),
    ),
    "mistral": Template(
        mark="[INST]",
        system="[INST] ",
        user="\n\n",
        assistant=" [/INST]",
        stops=("[INST]",),
    ),
    "plain": Template(
        mark="",
        system="",
        user="\n\n",
        assistant="\n\nAnswer:",
        stops=("\nQuestion:", "\nNotes:"),
    ),
}


def template_for(marks: Collection[str]) -> str:
    """The template's name for a vocabulary that has these marks as single tokens."""
    for name, template in TEMPLATES.items():
        if template.mark in marks:
            return name
    return "plain"


def build(question: str, notes: Sequence[str], opening: str, template: str) -> tuple[Segment, ...]:
    """The whole prompt, ending with `opening` at the start of the assistant's turn.

    Notes and question are folded to one line each, so that their own line
    breaks can't imitate ours. Raises KeyError for an unknown template.
    """
    turns = TEMPLATES[template]
    # The first segment is the same for every question: its evaluation is reused.
    segments = [Segment(f"{turns.system}{INSTRUCTION}{turns.user}Notes:", special=True)]
    for note in notes:
        segments += [Segment("\n-", special=True), Segment(" " + _fold(note), special=False)]
    segments += [
        Segment("\n\nQuestion:", special=True),
        Segment(" " + _fold(question), special=False),
        Segment(f"\n\n{REQUEST}{turns.assistant}", special=True),
    ]
    if opening:
        segments.append(Segment(_fold(opening), special=False))
    return tuple(segments)


def _fold(text: str) -> str:
    return " ".join(text.split())
