"""A running or finished question → the data that ui/desk draws. Pure.

Takes records (`SessionView`), gives plain dicts, lists and strings. All text
stays text: the page sets it as text nodes only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core import spans
from core.records import Answer, Citation, Claim, Evidence, NearHit
from ui import conversation_data, words
from ui.reader_data import Place

if TYPE_CHECKING:
    from answer.session import SessionView

Data = dict[str, Any]

QUOTATIONS = "none"  # the way of answering that needs no model
PROGRESS = {
    "waiting": "Another question is still being answered; this one is next…",
    "searching": "Searching your articles…",
    "writing": "Writing, and checking each sentence against the sources…",
}


def idle_data() -> Data:
    """Before the first question."""
    answer = {"style": "prose", "claims": [], "leftOut": [], "notes": []}
    return {
        "view": "ask",
        "key": "",
        "running": False,
        "answer": answer,
        "citations": [],
        "cards": {"kind": "evidence", "title": "", "open": False, "items": []},
    }


def ask_data(view: SessionView, shows_left_out: bool = False) -> Data:
    """Everything of one question but its conversation and the reader. `shows_left_out`: in the
    answer, struck through; else they are folded."""
    claims = view.answer.claims if view.answer else view.claims
    return {
        "view": "ask",
        "key": view.session_id,
        "running": view.state in PROGRESS,
        "progress": PROGRESS.get(view.state, ""),
        "answer": _answer_data(view, claims, shows_left_out),
        "citations": [citation_data(citation) for citation in citations(view)],
        "cards": _cards_data(view),
    }


def citation_data(citation: Citation) -> Data:
    return {
        "number": citation.number,
        "label": words.citation_label(citation),
        "source": words.source_words(citation.outlet, citation.published, citation.path),
        "title": citation.title,
        "quote": citation.quote,
        "line": citation.line,
    }


def evidence_place(evidence: Evidence) -> Place:
    """Where the first unbroken stretch of an evidence stands in the source text."""
    article = evidence.article
    piece = spans.to_source(article.spans, evidence.start, evidence.end)[0]
    text = article.text[piece.clean_start : piece.clean_end]
    return Place(article.path, piece.source_start, piece.source_end, words=text)


def place(view: SessionView, kind: str, index: int) -> Place | None:
    """Where a pressed mark or card led when it was made; None where there is no such one."""
    if kind == "citation":
        for citation in citations(view):
            if citation.number == index:
                return Place(citation.path, citation.start, citation.end, index, citation.quote)
    elif kind == "evidence" and 0 <= index < len(view.evidence):
        return evidence_place(view.evidence[index])
    elif kind == "nearest":
        nearest = _nearest(view)
        if 0 <= index < len(nearest):
            hit = nearest[index]
            return Place(hit.path, hit.start, hit.end, words=hit.text)
    return None


def citations(view: SessionView) -> tuple[Citation, ...]:
    return view.answer.citations if view.answer else view.citations


def _nearest(view: SessionView) -> tuple[NearHit, ...]:
    return view.answer.nearest if view.answer else view.nearest


def _answer_data(view: SessionView, claims: Sequence[Claim], shows_left_out: bool) -> Data:
    answer = view.answer
    supported = [claim for claim in claims if claim.verdict == "supported"]
    left_out = [claim for claim in claims if claim.verdict != "supported"]
    shown = conversation_data.left_out_data(left_out) if shows_left_out else []
    quotations = view.model == QUOTATIONS or (answer is not None and answer.model is None)
    return {
        "style": "quotations" if quotations else "prose",
        "heading": _heading(view),
        "why": _why(view),
        "trouble": view.error if view.state == "failed" else "",
        "claims": [*(_claim_data(view, claim) for claim in supported), *shown],
        "leftOut": [
            {"text": claim.text, "reason": words.left_out_reason(claim)} for claim in left_out
        ],
        "leftOutWords": _left_out_words(left_out),
        "leftOutShown": shows_left_out,
        "status": _status(view, answer),
        "notes": list(answer.notes) if answer else [],
    }


def _claim_data(view: SessionView, claim: Claim) -> Data:
    """`label`: what the source gives, and when, where the sources differ; else ""."""
    source = next((one for one in citations(view) if one.number in claim.citations), None)
    label = words.value_label(claim, source) if claim.value and source else ""
    return {"text": claim.text, "marks": list(claim.citations), "label": label}


def _heading(view: SessionView) -> str:
    if view.state == "failed":
        return "This question could not be answered."
    if view.state == "stopped" and not view.claims:
        return "Stopped before the first sentence."
    if view.answer is None or view.answer.status == "answered":
        return ""
    if _nearest(view):
        return "Your articles don’t say."
    return "Your articles don’t say, and nothing in them comes near."


def _why(view: SessionView) -> str:
    """How the sources differ, or what the nearest passages lack."""
    if view.state == "failed" or view.answer is None:
        return ""
    if view.answer.status == "answered":
        return view.answer.differs
    follows = "The nearest passages:" if _nearest(view) else ""
    return f"{view.answer.shortfall} {follows}".strip()


def _status(view: SessionView, answer: Answer | None) -> str:
    if answer is None or view.state == "failed":
        return ""
    stopped = "stopped · " if view.state == "stopped" else ""
    return stopped + words.answer_status(answer)


def _left_out_words(left_out: Sequence[Claim]) -> str:
    return f"{words.count_words(len(left_out), 'sentence')} left out" if left_out else ""


def _cards_data(view: SessionView) -> Data:
    answer = view.answer
    if answer and answer.status == "not_found":
        items = _near_cards(_nearest(view), answer.shortfalls)
        return {"kind": "nearest", "title": "", "open": True, "items": items}
    title = words.count_words(len(view.evidence), "passage") + " read for this answer"
    return {
        "kind": "evidence",
        "title": title if view.evidence else "",
        "open": not (answer and answer.model is None),
        "items": [_evidence_card(evidence) for evidence in view.evidence],
    }


def _evidence_card(evidence: Evidence) -> Data:
    article = evidence.article
    return {
        "source": words.source_words(article.outlet, article.published, article.path),
        "title": article.title,
        "quote": evidence.text,
        "also": "",
        "shortfall": "",
    }


def _near_cards(nearest: Sequence[NearHit], shortfalls: Sequence[str]) -> list[Data]:
    """`shortfalls`: why each is no answer; none in answers that older versions saved."""
    return [
        {
            "source": words.source_words(hit.outlet, hit.published, hit.path),
            "title": hit.title,
            "quote": hit.text,
            "also": f"also in {words.count_words(len(hit.also_in), 'copy', 'copies')}"
            if hit.also_in
            else "",
            "shortfall": why,
        }
        for hit, why in zip(nearest, shortfalls or [""] * len(nearest), strict=True)
    ]
