"""Results of `eval answers` as they are kept: no word of a source, and what a reader said of them.

    python cli.py eval answers QUESTIONS.jsonl --json > run.json
    python -m evaluate.kept_answers run.json "five real articles, quotations" KEPT.json

Each question stands there as a hash, each shown claim as a hash and the places it cites.
Beside it, `read` is null or what a reader wrote by hand who had opened the claim and its cited
words: {"supported": true or false, "note": why}. A later run keeps it for a claim with the same
words, the same places and the same source texts, and gives null for any other. This program
never writes a verdict.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

KEPT = ("answerable", "status", "correct", "cited_gold", "model", "left_out", "files")


def main() -> int:
    parser = argparse.ArgumentParser(description="Keeps a run of `eval answers`.")
    parser.add_argument("run", type=Path, help="its --json output")
    parser.add_argument("name", help="what it is kept under")
    parser.add_argument("kept", type=Path, help="the file to write it into, made where absent")
    options = parser.parse_args()
    run = json.loads(options.run.read_text(encoding="utf-8"))
    kept = json.loads(options.kept.read_text(encoding="utf-8")) if options.kept.exists() else {}
    kept[options.name] = record(run, kept.get(options.name, {}))
    text = json.dumps(kept, indent=1, ensure_ascii=False) + "\n"
    options.kept.write_text(text, encoding="utf-8")
    return 0


def record(run: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """`run` without the words of claims, sources and reasons; readings of `before` carried over.

    `run`: what evaluate.answers.evaluate gives. `before`: what this gave for an earlier run, {}
    for none. `readings` counts shown claims: all, read by somebody, found supported.
    """
    readings = {
        (row["question_sha256"], _identity(claim)): claim["read"]
        for row in before.get("rows", ())
        for claim in row.get("shown", ())
    }
    rows = []
    for row in run["rows"]:
        shown = [
            _shown(text, cited) for text, cited in zip(row["claims"], row["cited"], strict=True)
        ]
        question = sha256(row["question"].encode()).hexdigest()
        for claim in shown:
            claim["read"] = readings.get((question, _identity(claim)))
        rows.append({"question_sha256": question, **{k: row[k] for k in KEPT}, "shown": shown})
    figures = {name: figure for name, figure in run.items() if name not in ("rows", "seconds_p50")}
    return {**figures, "readings": _count(rows), "rows": rows}


def _shown(text: str, cited: list[dict[str, Any]]) -> dict[str, Any]:
    return {"claim_sha256": sha256(text.encode()).hexdigest(), "cited": cited}


def _identity(claim: Mapping[str, Any]) -> str:
    """Equal for claims of the same words that cite the same words of the same texts."""
    places = [
        [place["file"], place["start"], place["end"], place["source_sha256"]]
        for place in claim["cited"]
    ]
    return json.dumps([claim["claim_sha256"], sorted(places)])


def _count(rows: list[dict[str, Any]]) -> dict[str, int]:
    readings = [claim["read"] for row in rows for claim in row["shown"]]
    read = [one for one in readings if one is not None]
    return {
        "shown": len(readings),
        "read": len(read),
        "supported": sum(one["supported"] is True for one in read),
    }


if __name__ == "__main__":
    raise SystemExit(main())
