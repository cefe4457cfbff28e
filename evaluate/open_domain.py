"""Questions asked of all paragraphs of a set: `python -m evaluate.open_domain SQUAD_DIR OTHER_DIR`.

SQuAD 2.0's paragraphs are one library, another BEIR set's paragraphs a second one. Measured
is the app's own way through without a model: whether the first quotation, or one of the
first three, holds the known answer; how many questions of each set are refused by its own
library and by the other one; how many are told that their sources differ, which these
paragraphs hardly do; and how well the confidence tells answerable questions from
SQuAD's adversarial ones, whose topic is there and whose answer isn't. Works in temporary
homes; the whole test split is written to evaluate/results/open_domain.json.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from answer import extractive
from answer.ask import Finished, ask
from answer.evidence import Models
from answer.looking import Tools
from core.records import Answer
from core.settings import Settings
from evaluate.datasets import load_beir
from evaluate.metrics import auroc
from evaluate.retrieval import index_documents
from evaluate.squad import Row, load_rows
from index.encoding.encoder import prepare_encoder
from index.finding.locate import fold
from index.store import open_library
from ingest.clean import clean

SPLITS = ("train", "held_out", "test")
RESULTS = Path(__file__).resolve().parent / "results" / "open_domain.json"


@contextmanager
def library_of(documents: Mapping[str, tuple[str, str]]) -> Iterator[Tools]:
    """What answers from these documents, in a home that is deleted afterwards."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home))
        source = prepare_encoder(settings)
        with open_library(settings) as library:
            cleaned = {one: (title, clean(text)) for one, (title, text) in documents.items()}
            index_documents(library, cleaned, source)
            models = Models(source.load(), extractive.load(settings)) if source else Models(None)
            yield Tools(library, models)


def evaluate(squad: Path, other: Path, split: str, limit: int | None = None) -> dict[str, Any]:
    """Shares and the AUROC, with the counts behind them. `limit`: questions of each kind."""
    rows = load_rows(squad, split)
    answerable = [row for row in rows if row.answers][:limit]
    adversarial = [row for row in rows if not row.answers][:limit]
    others = list(load_beir(other, "test").queries.values())[:limit]
    with library_of(load_beir(squad, "test").documents) as tools:
        own = [_answer(tools, one.question) for one in answerable]
        near = [_answer(tools, one.question) for one in adversarial]
        foreign = [_answer(tools, one) for one in others]
    with library_of(load_beir(other, "test").documents) as tools:
        other_own = [_answer(tools, one) for one in others]
        other_foreign = [_answer(tools, one.question) for one in answerable]
    held = [_held(row, answer) for row, answer in zip(answerable, own, strict=True)]
    return {
        "first_claim": _share([first for first, _ in held]),
        "first_three": _share([three for _, three in held]),
        "own_refused": _refused(own),
        "foreign_refused": _refused(foreign),
        "other_own_refused": _refused(other_own),
        "other_foreign_refused": _refused(other_foreign),
        "own_told_to_differ": _share([bool(answer.differs) for answer in own]),
        "adversarial_refused": _refused(near),
        "adversarial_auroc": auroc(
            [True] * len(own) + [False] * len(near), [one.confidence for one in own + near]
        ),
        "questions": {
            "answerable": len(answerable), "adversarial": len(adversarial), "other": len(others),
        },
    }  # fmt: skip


def _answer(tools: Tools, question: str) -> Answer:
    for event in ask(tools, question):
        if isinstance(event, Finished):
            return event.answer
    raise AssertionError("ask() always ends with Finished")


def _held(row: Row, answer: Answer) -> tuple[bool, bool]:
    """Whether the first claim, or one of the first three, holds a known answer."""
    texts = [fold(claim.text)[0] for claim in answer.claims if claim.verdict == "supported"]
    wanted = [fold(clean(text))[0] for _, text in row.answers]
    holds = [any(one in text for one in wanted) for text in texts[:3]]
    return bool(holds and holds[0]), any(holds)


def _refused(answers: Sequence[Answer]) -> float:
    return _share([answer.status == "not_found" for answer in answers])


def _share(values: Sequence[bool]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description="open-domain questions without a model")
    parser.add_argument("squad", type=Path, help="SQuAD 2.0: BEIR layout and dev-v2.0.json.gz")
    parser.add_argument("other", type=Path, help="another set in BEIR layout")
    parser.add_argument("--split", choices=SPLITS, default="test")
    parser.add_argument("--limit", type=int, help="of each kind of question")
    options = parser.parse_args()
    value = evaluate(options.squad, options.other, options.split, options.limit)
    text = json.dumps(value, indent=1) + "\n"
    sys.stdout.write(text)
    if options.split == "test" and options.limit is None:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
