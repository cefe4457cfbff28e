"""Each chat format as its family's own template writes it, and which model gets which."""

import pytest

from answer.writing.templates import TELLING_MARKS, TEMPLATES, TURN_MARKS, template_for

# SYSTEM, USER and what follows: written down from the families' model cards.
FORMATS = {
    "chatml": "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n"
    "<|im_start|>assistant\n",
    "qwen3": "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n"
    "<|im_start|>assistant\n<think>\n\n</think>\n\n",
    "llama3": "<|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|>"
    "<|start_header_id|>user<|end_header_id|>\n\nU<|eot_id|>"
    "<|start_header_id|>assistant<|end_header_id|>\n\n",
    "llama2": "[INST] <<SYS>>\nS\n<</SYS>>\n\nU [/INST]",
    "mistral": "[INST] S\n\nU [/INST]",
    "gemma": "<start_of_turn>user\nS\n\nU<end_of_turn>\n<start_of_turn>model\n",
    "phi3": "<|system|>\nS<|end|>\n<|user|>\nU<|end|>\n<|assistant|>\n",
    "phi4": "<|im_start|>system<|im_sep|>S<|im_end|><|im_start|>user<|im_sep|>U<|im_end|>"
    "<|im_start|>assistant<|im_sep|>",
    "granite": "<|start_of_role|>system<|end_of_role|>S<|end_of_text|>\n"
    "<|start_of_role|>user<|end_of_role|>U<|end_of_text|>\n"
    "<|start_of_role|>assistant<|end_of_role|>",
    "deepseek": "S\n\n<｜User｜>U<｜Assistant｜>",
    "deepseek-r1": "S\n\n<｜User｜>U<｜Assistant｜><think>\n\n</think>\n\n",
    "falcon3": "<|system|>\nS\n<|user|>\nU\n<|assistant|>\n",
    "harmony": "<|start|>developer<|message|># Instructions\n\nS<|end|>"
    "<|start|>user<|message|>U<|end|><|start|>assistant<|channel|>final<|message|>",
    "plain": "S\n\nU\n\nAnswer:",
}

# (architecture, marks that the model knows) as the families' GGUF files have them
MODELS = [
    ("llama", ["<|im_start|>"], "chatml"),  # SmolLM2
    ("smollm3", ["<|im_start|>", "<think>"], "qwen3"),
    ("qwen2", ["<|im_start|>"], "chatml"),
    ("qwen3", ["<|im_start|>", "<think>"], "qwen3"),
    ("qwen3moe", ["<|im_start|>", "<think>"], "qwen3"),
    ("qwen2", ["<｜User｜>", "<｜Assistant｜>", "<think>"], "deepseek-r1"),
    ("llama", ["<｜User｜>", "<｜Assistant｜>", "<|start_header_id|>", "<think>"], "deepseek-r1"),
    ("deepseek2", ["<｜User｜>", "<｜Assistant｜>"], "deepseek"),
    ("llama", ["<|start_header_id|>"], "llama3"),
    ("llama", ["[INST]", "<<SYS>>"], "llama2"),
    ("llama", ["[INST]"], "mistral"),
    ("mistral3", ["[INST]"], "mistral"),
    ("gemma2", ["<start_of_turn>"], "gemma"),
    ("gemma3", ["<start_of_turn>"], "gemma"),
    ("phi3", ["<|user|>", "<|assistant|>", "<|end|>"], "phi3"),
    ("phi3", ["<|im_start|>", "<|im_sep|>"], "phi4"),
    ("granite", ["<|start_of_role|>", "<|end_of_role|>"], "granite"),
    ("granitehybrid", ["<|start_of_role|>", "<|end_of_role|>"], "granite"),
    ("llama", ["<|user|>", "<|assistant|>"], "falcon3"),
    ("gpt-oss", ["<|channel|>", "<|message|>", "<|end|>"], "harmony"),
    ("gpt2", [], "plain"),
    ("unheard-of", ["<think>"], "plain"),
]


@pytest.mark.parametrize("name", TEMPLATES)
def test_each_format_as_a_whole(name):
    turns = TEMPLATES[name]
    assert f"{turns.system}S{turns.user}U{turns.assistant}" == FORMATS[name]


@pytest.mark.parametrize(("architecture", "marks", "name"), MODELS)
def test_which_model_gets_which(architecture, marks, name):
    assert template_for(architecture, marks) == name


def test_every_format_is_given_to_some_model():
    assert {name for _, _, name in MODELS} == set(TEMPLATES) == set(FORMATS)


def test_marks_of_every_format_are_guarded():
    assert set(TELLING_MARKS) <= set(TURN_MARKS)
    for turns in TEMPLATES.values():
        text = turns.system + turns.user + turns.assistant + "".join(turns.stops)
        for mark in ("<|", "|>", "[", "]", "<｜", "｜>"):
            assert mark not in _without(text, TURN_MARKS)


def _without(text, marks):
    for mark in sorted(marks, key=len, reverse=True):
        text = text.replace(mark, "")
    return text
