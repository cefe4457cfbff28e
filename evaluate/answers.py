"""`eval answers`: questions with known answers, asked of the current library.

A row: question, answerable, files (base names), quotes, any_of. Every citation is
checked against the file as ingest reads it now, not against what was stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from answer.ask import Finished, ask, ask_way
from answer.looking import Tools, load_models
from core.records import Answer, Citation
from core.settings import Settings
from evaluate.datasets import load_questions
from evaluate.metrics import percentile
from index.finding.locate import fold
from index.store import open_library
from ingest.clean import clean
from ingest.read import read_file


def evaluate(settings: Settings, questions: str, model: str | None) -> dict[str, Any]:
    """Shares over the answerable and the unanswerable rows, and the rows one by one."""
    rows = []
    generator = ask_way(settings, model)
    try:
        with open_library(settings) as library:
            tools = Tools(library, load_models(settings), generator)
            for question in load_questions(Path(questions)):
                rows.append(_judged(question, _answer(tools, str(question["question"]))))
    finally:
        if generator is not None:
            generator.close()
    return {**_shares(rows), "rows": rows}


def _answer(tools: Tools, question: str) -> Answer:
    for event in ask(tools, question):
        if isinstance(event, Finished):
            return event.answer
    raise AssertionError("ask() always ends with Finished")


def _judged(question: Mapping[str, Any], answer: Answer) -> dict[str, Any]:
    claims = [claim for claim in answer.claims if claim.verdict == "supported"]
    used = {number for claim in claims for number in claim.citations}
    cited = [citation for citation in answer.citations if citation.number in used]
    shown = " ".join([*(claim.text for claim in claims), *(one.quote for one in cited)])
    folded = fold(shown)[0]
    return {
        "question": question["question"],
        "answerable": bool(question["answerable"]),
        "status": answer.status,
        "correct": any(fold(str(wanted))[0] in folded for wanted in question["any_of"]),
        "cited_gold": any(Path(one.path).name in question["files"] for one in cited),
        "wrong_citations": sum(not _holds(one) for one in answer.citations),
        "seconds": answer.timings.total_seconds,
        "model": answer.model,
        "claims": [claim.text for claim in claims],
        "cited": [
            [_place(one) for one in cited if one.number in claim.citations] for claim in claims
        ],
        "differs": answer.differs,
        "shortfall": answer.shortfall,
        "left_out": len(answer.claims) - len(claims),
        "files": sorted({Path(one.path).name for one in cited}),
    }


def _place(citation: Citation) -> dict[str, Any]:
    """Where cited words stand, and in which source text."""
    return {
        "file": Path(citation.path).name,
        "line": citation.line,
        "start": citation.start,
        "end": citation.end,
        "source_sha256": citation.source_sha256,
    }


def _holds(citation: Citation) -> bool:
    """The span law, against the file itself."""
    source_text = read_file(citation.path, 1 << 30).source_text
    exact = source_text[citation.start : citation.end] == citation.source_quote
    return exact and clean(citation.source_quote) == citation.quote


def _shares(rows: Sequence[Mapping[str, Any]]) -> dict[str, float | int]:
    answerable = [row for row in rows if row["answerable"]]
    others = [row for row in rows if not row["answerable"]]
    answered = [row for row in answerable if row["status"] == "answered"]
    return {
        "answered": _share(len(answered), answerable),
        "correct": _share(sum(row["correct"] for row in answered), answerable),
        "cited_gold": _share(sum(row["cited_gold"] for row in answered), answerable),
        "false_refusal": _share(len(answerable) - len(answered), answerable),
        "false_answer": _share(sum(row["status"] == "answered" for row in others), others),
        "told_to_differ": _share(sum(bool(row["differs"]) for row in answered), answered),
        "wrong_citation": sum(row["wrong_citations"] for row in rows),
        "seconds_p50": percentile([row["seconds"] for row in rows], 0.5),
    }


def _share(count: int, rows: Sequence[object]) -> float:
    return round(count / len(rows), 4) if rows else 0.0
