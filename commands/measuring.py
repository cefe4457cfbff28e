"""Commands that measure quality."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from commands.printing import Output
from core.settings import Settings

Options = argparse.Namespace


def eval_retrieval(settings: Settings, options: Options) -> Output:
    from evaluate.retrieval import evaluate

    value = evaluate(options.folder, options.split)
    return value, json.dumps(value, indent=1), 0


def eval_answers(settings: Settings, options: Options) -> Output:
    from evaluate.answers import evaluate

    value = evaluate(settings, options.questions, options.model)
    figures = {name: figure for name, figure in value.items() if name != "rows"}
    return value, json.dumps(figures, indent=1), 0


def eval_support(settings: Settings, options: Options) -> Output:
    from evaluate.support import evaluate

    value = evaluate(settings, Path(options.rows))
    figures = {name: figure for name, figure in value.items() if name != "rows"}
    return value, json.dumps(figures, indent=1), 0


def eval_extraction(settings: Settings, options: Options) -> Output:
    from evaluate.train_lines import evaluate  # brings the trainer

    value = evaluate(Path(options.folder))
    return value, json.dumps(value, indent=1), 0
