"""The line rules' labels, and an extractor's choice, corrected by the line model. Pure.

The rules know what lines say; the model knows what stories look like. It overrules
them only where it is sure, measured by how well it knows its way on this page.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul

from ingest import line_model, resuming
from ingest.lines import Line

# What the model may bring back, and how sure it must be to drop or to bring back.
DOUBTFUL = frozenset(("menu", "teaser", "related stories", "repeated line"))
MENU_WORDS = 3
KEEP_ABOVE = 0.4
NAMED = 2  # longer words of the headline that stand in a paragraph
RESTORE_ABOVE = 0.5
FEWEST_LINES = 12  # a shorter text has no surroundings to learn from
# An extractor that stopped in the middle of a story: so many paragraphs in a row, so
# likely its, so few lines after what it found.
MISSED_PARAGRAPHS = 5
MISSED_ABOVE = 0.8
MISSED_WITHIN = 8
# What an extractor took though the rules say why not: dropped below these.
HEAD_ABOVE = 0.05
RELATED_ABOVE = 0.15


def refine(lines: Sequence[Line], labels: list[str], title: str) -> list[str]:
    """The rules' labels where the line model does not clearly say otherwise."""
    if len(lines) < FEWEST_LINES or all(labels):
        return labels
    # Tiny lines that the rules dropped stay dropped: most of a page, seldom a story's.
    asked = [
        not why or (why in DOUBTFUL and line.words > MENU_WORDS)
        for line, why in zip(lines, labels, strict=True)
    ]
    chances = line_model.probabilities(lines, labels, title, asked)
    words = [0 if why else line.words for line, why in zip(lines, labels, strict=True)]
    # On a page it can make nothing of, the model doubts every line: then it decides less.
    trust = sum(map(mul, chances, words)) / max(1, sum(words))
    refined = list(labels)
    lead = next((n for n, line in enumerate(lines) if line.body and not labels[n]), -1)
    told = lead >= 0 and _tells_of(lines[lead], resuming.long_words(title))
    for index, (line, why, chance) in enumerate(zip(lines, labels, chances, strict=True)):
        if (
            not why
            and chance < KEEP_ABOVE * trust
            and not (
                (told and index == lead) or (line.body and resuming.goes_on(lines, labels, index))
            )
        ):
            refined[index] = "beside the story"
        elif why and chance > RESTORE_ABOVE:
            refined[index] = ""
    return refined


def _tells_of(line: Line, named: set[str]) -> bool:
    """Whether a paragraph tells what the headline says: then it is the story's."""
    told = line.body and line.sentence and not line.cut_off
    return told and len(named & resuming.long_words(line.text)) >= min(NAMED, max(1, len(named)))


def correct(
    lines: Sequence[Line], chosen: Sequence[str], rules: Sequence[str], title: str
) -> list[str]:
    """An extractor's choice, as labels, with paragraphs it missed and without what
    stands before the story or in a box of links. `rules`: the rules' labels."""
    if len(lines) < FEWEST_LINES or all(chosen):
        return list(chosen)
    chances = line_model.probabilities(lines, rules, title, [True] * len(lines))
    labels = list(chosen)
    _bring_back(lines, labels, chances)
    paragraphs = [n for n, line in enumerate(lines) if line.body and not labels[n]]
    first = paragraphs[0] if paragraphs else 0
    for index, line in enumerate(lines):
        if labels[index] or line.body:
            continue
        if index < first and chances[index] < HEAD_ABOVE:
            labels[index] = "above the story"
        elif rules[index] == "related stories" and chances[index] < RELATED_ABOVE:
            labels[index] = "related stories"
    return labels


def _bring_back(lines: Sequence[Line], labels: list[str], chances: Sequence[float]) -> None:
    index = 0
    while index < len(lines):
        end = index
        while end < len(lines) and labels[end] and chances[end] >= MISSED_ABOVE:
            end += 1
        paragraphs = sum(line.body and not line.own_words for line in lines[index:end])
        near = not all(labels[max(0, index - MISSED_WITHIN) : index])
        if paragraphs >= MISSED_PARAGRAPHS and near:
            labels[index:end] = [""] * (end - index)
        index = max(end, index + 1)
