"""Conversations and saved answers → the data that ui/desk draws. Pure.

The earlier questions of a conversation, what a follow-up was asked as, sources that are not as
they were, the words for the clipboard, and the list of saved answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from answer import citing
from core.records import Answer, Citation, Claim
from ui import words

if TYPE_CHECKING:
    from answer.desk import SavedAnswer
    from answer.session import SessionView
    from answer.standing import SourceState

Data = dict[str, Any]

FILE_NAME_WORDS = 6  # of the question, in the name of a downloaded file


def asked_data(view: SessionView) -> Data:
    """What was typed and, where they differ, what it was asked as."""
    whole = view.following.whole if view.following else view.question
    return {
        "typed": view.question if view.following else "",
        "whole": whole if whole != view.question else "",
        "edit": whole,
    }


def thread_data(earlier: Sequence[Answer]) -> list[Data]:
    """The questions before the one that is shown, the first one first."""
    return [
        {
            "id": answer.answer_id,
            "question": answer.resolved_question,
            "claims": [claim.text for claim in _supported(answer)],
            "none": "" if answer.status == "answered" else "Your articles don’t say.",
        }
        for answer in earlier
    ]


def warnings_data(states: Sequence[SourceState], citations: Sequence[Citation]) -> list[Data]:
    """One line for each citation whose source is not as it was."""
    named = {one.number: one for one in citations}
    return [
        {"number": state.number, "source": _source(named[state.number]), "note": state.note}
        for state in states
        if state.note and state.number in named
    ]


def left_out_data(claims: Sequence[Claim]) -> list[Data]:
    """Sentences that the articles don't support, for the answer's own text."""
    return [
        {
            "text": claim.text,
            "marks": [],
            "label": "",
            "left": f"not in your articles: {words.left_out_reason(claim)}",
        }
        for claim in claims
        if claim.verdict != "supported"
    ]


def copy_text(answer: Answer) -> str:
    """The answer with its marks, and below it what they stand for, as plain text."""
    lines = [answer.resolved_question, ""]
    for claim in _supported(answer):
        lines.append(claim.text + "".join(f" [{number}]" for number in claim.citations))
    if answer.status == "not_found":
        lines.append(f"Your articles don’t say. {answer.shortfall}".strip())
    if answer.citations:
        lines.append("")
    lines += [f"[{one.number}] {citing.plain(citing.of_citation(one))}" for one in answer.citations]
    return words.unsteered("\n".join(lines))


def file_name(answer: Answer, form: str) -> str:
    """`why-was-the-arms-pause-reversed-e449cf9a.md`: letters and digits alone."""
    named = re.findall(r"[^\W_]+", answer.resolved_question.lower())[:FILE_NAME_WORDS]
    return "-".join([*named, answer.answer_id[:8]])[:80] + f".{form}"


def saved_data(saved: Sequence[SavedAnswer], searched: str, deleted: Answer | None) -> Data:
    """The page of saved answers. `deleted`: what was just deleted and can be brought back."""
    empty = "No saved answer has these words." if searched else ""
    return {
        "view": "saved",
        "rows": [
            {
                "id": one.answer_id,
                "question": one.question,
                "details": _details(one),
                "follows": is_below,
            }
            for one, is_below in _by_conversation(saved)
        ],
        "empty": "" if saved else empty or "Every answer is kept here. Ask a first question.",
        "deleted": deleted.resolved_question if deleted else "",
    }


def _by_conversation(saved: Sequence[SavedAnswer]) -> list[tuple[SavedAnswer, bool]]:
    """Each follow-up below the question that it was asked after; the conversation with the
    newest answer first. `saved`: the newest answer first."""
    known = {one.answer_id: one for one in saved}
    followed: dict[str, list[SavedAnswer]] = {}
    firsts: dict[str, SavedAnswer] = {}
    for one in saved:
        first, seen = one, {one.answer_id}
        while first.follows in known and first.follows not in seen:
            first = known[first.follows]
            seen.add(first.answer_id)
        firsts.setdefault(first.answer_id, first)
        if one is not first:
            followed.setdefault(first.answer_id, []).append(one)
    rows = []
    for key, first in firsts.items():
        rows.append((first, False))
        rows += [(one, True) for one in reversed(followed.get(key, []))]
    return rows


def _details(one: SavedAnswer) -> str:
    made = "not found" if one.status == "not_found" else words.model_words(one.model)
    return f"{words.moment_words(one.created)} · {made}"


def _source(citation: Citation) -> str:
    return words.source_words(citation.outlet, citation.published, citation.path)


def _supported(answer: Answer) -> list[Claim]:
    return [claim for claim in answer.claims if claim.verdict == "supported"]
