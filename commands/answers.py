"""Commands on saved answers: list them, open one beside its sources of today, export it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from commands.printing import Output, answer_text, plain, tell
from core.errors import InputError, LibraryError
from core.settings import Settings

if TYPE_CHECKING:
    from answer.standing import SourceState
    from core.records import Answer

Options = argparse.Namespace


def answers(settings: Settings, options: Options) -> Output:
    """All saved answers, or one with the state of its sources."""
    if options.answer_id is not None:
        return _opened(settings, options.answer_id)
    from answer.desk import open_desk

    with open_desk(settings) as desk:
        saved = desk.answers()
    value = {
        "answers": [
            {
                "answer_id": one.answer_id,
                "created": one.created,
                "question": one.question,
                "status": one.status,
                "model": one.model,
            }
            for one in saved
        ]
    }
    lines = [
        f"{one.answer_id}  {one.created[:16].replace('T', ' ')}  {one.question}"
        + ("  (not found)" if one.status == "not_found" else "")
        for one in saved
    ]
    return value, "\n".join(lines) or "No answer is saved yet.", 0


def _opened(settings: Settings, answer_id: str) -> Output:
    answer, states = load(settings, answer_id)
    sources = [
        {
            "number": one.number,
            "path": one.path,
            "state": one.state,
            "line": one.line,
            "note": one.note,
        }
        for one in states
    ]
    lines = [answer.resolved_question, "", answer_text(answer)]
    warnings = [f"[{one.number}] {one.path}: {one.note}" for one in states if one.note]
    if warnings:
        lines += ["", "Sources that are not as they were:", *warnings]
    return plain(answer) | {"sources": sources}, "\n".join(lines), 0


def export(settings: Settings, options: Options) -> Output:
    """An evidence pack, to a file or to stdout."""
    from answer.export import export as exporting

    answer, states = load(settings, options.answer_id)
    pack = exporting(answer, states, options.format)
    if options.output is None:
        is_json = options.format == "json"
        value = json.loads(pack) if is_json else {"format": options.format, "pack": pack}
        return value, pack.rstrip("\n"), 0
    path = Path(options.output).absolute()
    try:
        path.write_text(pack, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(
            f"{path} can't be written ({error.strerror}). Name another file with --output."
        ) from error
    return {"format": options.format, "path": str(path)}, f"Wrote {path}", 0


def load(settings: Settings, answer_id: str) -> tuple[Answer, tuple[SourceState, ...]]:
    """A saved answer and how its sources stand. Raises InputError where it is not saved."""
    from answer.desk import open_desk
    from answer.following.conversation import unknown
    from answer.standing import states
    from index.store import open_library

    with open_desk(settings) as desk:
        answer = desk.answer(answer_id)
    if answer is None:
        raise unknown(answer_id)
    try:
        with open_library(settings) as library:
            return answer, states(library, answer)
    except LibraryError as error:
        tell(f"The sources were not looked at: {error}")
        return answer, ()
