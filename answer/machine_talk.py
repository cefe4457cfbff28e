"""Where a text speaks to a language model and not to a reader. Pure.

Takes the text of an article, gives ranges: turns of a chat format, orders to whoever
writes an answer, calls of tools, references made up in the app's own form. Such
stretches are no evidence. They stay in the file, in the search and in the reader.

Knows English orders only, and only in words that hardly anyone writes for readers: none of
10,812 texts of encyclopaedias, abstracts, web pages and news holds one (SQuAD, HotpotQA,
MuSiQue, SciFact, WiCE, article_extraction). What is left is a false statement like any
other: it can be quoted as the words of its file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

REACH = 400  # characters around a find, at most, that belong to it

_TURN = re.compile(
    r"<\|[^<>|\n]{1,40}\|>|<｜[^<>｜\n]{1,40}｜>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>"
)
# Where an order may begin: with a sentence, or with a capital amid small letters.
_BEGIN = r"(?:^|[.!?:;]\s+|[\"“(]|\bplease\s+|\s(?-i:(?=[A-Z][a-z]+\s[a-z])))"
_ORDER = re.compile(
    "|".join(
        (
            _BEGIN + r"(?:ignore|disregard|forget)\s+(?:\w+\s+){0,3}?"
            r"(?:above\b|(?:previous|prior|earlier|preceding|all|these|your)\s+(?:\w+\s+)?"
            r"(?:instructions?|prompts?|notes|rules|text)\b|notes\b)",
            _BEGIN + r"(?:say|reply|respond|answer|state|claim)\s+(?:only\s+|just\s+|instead\s+)?"
            r"(?:that|with)\b",
            _BEGIN + r"(?:write|output|print|repeat|quote)\s+(?:exactly|only|verbatim)\b",
            _BEGIN + r"(?:begin|start|end|finish|conclude)\s+your\s+(?:answer|reply|response)\b",
            _BEGIN + r"answer\s+(?:every|any|all)\s+questions?\s+(?:with|by)\b",
            _BEGIN + r"(?:always|never)\s+(?:name|say|answer|reply|cite)\b",
            _BEGIN + r"decode\s+(?:this\s+)?and\s+(?:obey|follow|run|execute)\b",
            _BEGIN + r"answer\s+in\s+one\s+sentence\b",
            r"\b(?:assistant|chatbot|language model),\s+(?:please\s+)?"
            r"(?:cite|say|ignore|answer|reply|write|tell)\b",
            r"\bif\s+(?:you\s+are|you['’]re)\s+asked\b[^.!?\n]{0,60}\b(?:reply|answer|say|respond)\b",
            r"\byou\s+are\s+(?:now\s+)?(?:in\s+\w+\s+mode\b"
            r"|an?\s+(?:\w+\s+){0,2}(?:chatbot|language model|AI)\b)",
        )
    ),
    re.I | re.M,
)
_CALL = re.compile(
    r"\"(?:tool_calls|function_call)\"\s*:|\"role\"\s*:\s*\"(?:system|assistant|user|tool)\""
)
_REFERENCE = re.compile(r"^\[\d{1,3}\]\s+\S+\.[a-z]{2,4}, (?:line|page) \d+", re.M)
_ROLE = re.compile(r"^(system|assistant|user|human)\s*:(?=\s)", re.I | re.M)


@lru_cache(maxsize=512)
def ranges(text: str) -> tuple[tuple[int, int], ...]:
    """(start, end) of each such stretch, in order of its kind; they may overlap."""
    return tuple(_found(text))


def overlaps(text: str, start: int, end: int) -> bool:
    """Whether a part of text[start:end] speaks to a model."""
    return any(first < end and start < last for first, last in ranges(text))


def _found(text: str) -> Iterator[tuple[int, int]]:
    # What follows a mark is its turn, over paragraphs too.
    for match in _TURN.finditer(text):
        yield max(0, match.start() - REACH), match.end() + REACH
    for pattern in (_ORDER, _CALL, _REFERENCE):
        for match in pattern.finditer(text):
            yield _paragraph(text, match.start(), match.end())
    roles = list(_ROLE.finditer(text))
    if len({match[1].lower() for match in roles}) > 1:  # a dialogue, not a credit or a label
        for match in roles:
            yield _paragraph(text, match.start(), match.end())


def _paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    """The paragraph around a find and the one after it, which an order may be about, as far
    as it reaches."""
    first = text.rfind("\n\n", max(0, start - REACH), start)
    last = text.find("\n\n", end, end + REACH)
    if last >= 0:
        last = text.find("\n\n", last + 2, end + REACH)
    return (
        max(0, start - REACH) if first < 0 else first,
        end + REACH if last < 0 else last,
    )
