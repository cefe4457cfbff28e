"""The chat formats we know, each a literal of our own, and which one a model wants. Pure.

Takes what a GGUF file says of itself (architecture, marks); gives the name of a
template. The template inside a model file is at most searched for a mark, never run.
Sources: the model cards and tokenizer files of the families named below.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Template:
    """The turns of one chat format, and what tells that a model was trained on it."""

    marks: tuple[str, ...]  # a model must know all of these …
    architectures: tuple[str, ...]  # … and have one of these; () for any
    system: str  # before our instruction
    user: str  # between the instruction and the user's turn
    assistant: str  # between the user's turn and the answer
    stops: tuple[str, ...]  # text that ends the answer, should the model spell it out


# Begins the answer of a model that was trained to think aloud, as its own format writes
# it when thinking is switched off: the thought is over before it has begun.
NO_THOUGHT = "<think>\n\n</think>\n\n"

_CHATML = Template(
    marks=("<|im_start|>",),
    architectures=(),
    system="<|im_start|>system\n",
    user="<|im_end|>\n<|im_start|>user\n",
    assistant="<|im_end|>\n<|im_start|>assistant\n",
    stops=("<|im_end|>",),
)
_DEEPSEEK = Template(
    marks=("<｜User｜>", "<｜Assistant｜>"),
    architectures=(),
    system="",
    user="\n\n<｜User｜>",
    assistant="<｜Assistant｜>",
    stops=("<｜User｜>", "<｜end▁of▁sentence｜>"),
)

# Most telling first: `template_for` takes the first that fits.
TEMPLATES: dict[str, Template] = {
    # DeepSeek R1 and what was distilled from it, whatever the architecture; then V2 and V3
    "deepseek-r1": replace(
        _DEEPSEEK,
        marks=(*_DEEPSEEK.marks, "<think>"),
        assistant=_DEEPSEEK.assistant + NO_THOUGHT,
    ),
    "deepseek": _DEEPSEEK,
    # gpt-oss: the channel of its answer is opened for it, so that of its thoughts stays shut
    "harmony": Template(
        marks=("<|channel|>", "<|message|>"),
        architectures=(),
        system="<|start|>developer<|message|># Instructions\n\n",
        user="<|end|><|start|>user<|message|>",
        assistant="<|end|><|start|>assistant<|channel|>final<|message|>",
        stops=("<|end|>", "<|return|>"),
    ),
    # Phi-4 has ChatML's marks and one more between role and text
    "phi4": Template(
        marks=("<|im_start|>", "<|im_sep|>"),
        architectures=("phi3",),
        system="<|im_start|>system<|im_sep|>",
        user="<|im_end|><|im_start|>user<|im_sep|>",
        assistant="<|im_end|><|im_start|>assistant<|im_sep|>",
        stops=("<|im_end|>",),
    ),
    # Phi-3, Phi-3.5, Phi-4-mini
    "phi3": Template(
        marks=("<|user|>", "<|assistant|>", "<|end|>"),
        architectures=("phi3", "phimoe"),
        system="<|system|>\n",
        user="<|end|>\n<|user|>\n",
        assistant="<|end|>\n<|assistant|>\n",
        stops=("<|end|>",),
    ),
    # Granite 3 and 4
    "granite": Template(
        marks=("<|start_of_role|>", "<|end_of_role|>"),
        architectures=(),
        system="<|start_of_role|>system<|end_of_role|>",
        user="<|end_of_text|>\n<|start_of_role|>user<|end_of_role|>",
        assistant="<|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|>",
        stops=("<|end_of_text|>", "<|start_of_role|>"),
    ),
    # Qwen3, SmolLM3, QwQ: ChatML with thoughts
    "qwen3": replace(
        _CHATML, marks=("<|im_start|>", "<think>"), assistant=_CHATML.assistant + NO_THOUGHT
    ),
    # Qwen2 and 2.5, SmolLM and SmolLM2, Falcon-H1, many fine-tuned models
    "chatml": _CHATML,
    # Llama 3, 3.1, 3.2, 3.3
    "llama3": Template(
        marks=("<|start_header_id|>",),
        architectures=(),
        system="<|start_header_id|>system<|end_header_id|>\n\n",
        user="<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n",
        assistant="<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
        stops=("<|eot_id|>",),
    ),
    # Gemma 1, 2, 3: no system turn
    "gemma": Template(
        marks=("<start_of_turn>",),
        architectures=(),
        system="<start_of_turn>user\n",
        user="\n\n",
        assistant="<end_of_turn>\n<start_of_turn>model\n",
        stops=("<end_of_turn>",),
    ),
    # Llama 2, which spells its marks as words: only its template text can tell
    "llama2": Template(
        marks=("[INST]", "<<SYS>>"),
        architectures=("llama",),
        system="[INST] <<SYS>>\n",
        user="\n<</SYS>>\n\n",
        assistant=" [/INST]",
        stops=("[INST]",),
    ),
    "mistral": Template(
        marks=("[INST]",),
        architectures=(),
        system="[INST] ",
        user="\n\n",
        assistant=" [/INST]",
        stops=("[INST]",),
    ),
    # Falcon 3; OLMo 2 and others understand it too
    "falcon3": Template(
        marks=("<|user|>", "<|assistant|>"),
        architectures=(),
        system="<|system|>\n",
        user="\n<|user|>\n",
        assistant="\n<|assistant|>\n",
        stops=("<|user|>", "<|endoftext|>"),
    ),
    "plain": Template(
        marks=(),
        architectures=(),
        system="",
        user="\n\n",
        assistant="\n\nAnswer:",
        stops=("\nQuestion:", "\nNotes:"),
    ),
}

# Every mark that tells a template, and all that begin or end turns in one.
TELLING_MARKS = tuple(
    dict.fromkeys(mark for template in TEMPLATES.values() for mark in template.marks)
)
TURN_MARKS = (
    *TELLING_MARKS,
    *("<|im_end|>", "<|end_header_id|>", "<|eot_id|>", "<|eom_id|>", "<|end|>", "<|return|>"),
    *("<|start|>", "<|system|>", "<|endoftext|>", "<|end_of_text|>", "<|begin_of_text|>"),
    *("<end_of_turn>", "[/INST]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "<</SYS>>", "<s>", "</s>"),
    *("<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "</think>", "<bos>", "<eos>"),
)


def template_for(architecture: str, marks: Collection[str]) -> str:
    """The name of the first template that fits; "plain" where none does.

    `marks`: those of TELLING_MARKS that the model knows, as one token of its
    vocabulary or because the template in its file uses them.
    """
    for name, template in TEMPLATES.items():
        known = all(mark in marks for mark in template.marks)
        if known and architecture in (template.architectures or (architecture,)):
            return name
    return "plain"
