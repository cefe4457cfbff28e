"""Trains `ingest/line_model.json`: `python -m evaluate.train_lines FOLDER`.

FOLDER as in `evaluate.extraction`. First the five-fold cross-validation over sites is
shown, then the model of all pages is written. `--check` only shows.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from evaluate import extraction
from ingest import boilerplate, line_features, line_model, metadata
from ingest.page import Page

FOLDS = 5
TREES = 70
LEAVES = 6
LEARNING_RATE = 0.11
FEWEST_LINES_OF_LEAF = 30
SHRINKAGE = 5.0
FEATURE_SHARE = 0.3
SEED = 0
# A page's lines weigh by their words; every line and every page weighs something.
LINE_WORDS = 3
PAGE_WORDS = 200
LONG_WORDS = 6
CUTS = 2  # shorter versions of each page
CUT_WEIGHT = 0.5
CUT_STORY = (3, 12)  # lines
NEAR_LINES = 4  # a short line of the article stands so near to a long one
SHARE = 0.5
# What can only speak for a line, or only against it: keeps a small set from teaching
# accidents.
DIRECTIONS = {
    **dict.fromkeys("words sentence kept dense dense_shared lead_shared window_bodies".split(), 1),
    **dict.fromkeys("cut_off own_words copies footers since_body".split(), -1),
}
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Rows:
    """A page's lines as training rows; all three of one length."""

    features: list[list[float]]
    answers: list[bool]
    weights: list[float]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Train the line model.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true", help="only cross-validate")
    options = parser.parse_args(arguments)
    # On few cores the threads of the trainer wait for each other more than they work.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.stdout.write(json.dumps(cross_validate(options.folder), indent=1) + "\n")
    if not options.check:
        examples = extraction.load(options.folder)
        rows = [training_rows(page, example.body) for page, example in _flat(examples)]
        line_model.WEIGHTS.write_text(train(rows), encoding="utf-8")
    return 0


def evaluate(folder: Path) -> dict[str, dict[str, float]]:
    """Way of reading → precision, recall, f1 (0..1); the line model cross-validated
    over sites, so no page is read with a model that saw its site."""
    return {
        **cross_validate(folder),
        "whole page": extraction.whole_pages(extraction.load(folder)),
    }


def cross_validate(folder: Path) -> dict[str, dict[str, float]]:
    """ "html" and "flattened" → precision, recall, f1; each page read with a model that
    was trained without its site's fifth of the pages."""
    examples = extraction.load(folder)
    pages = [extraction.html_page(example) for example in examples]
    flat = [extraction.flattened(page) for page in pages]
    rows = [training_rows(page, e.body) for page, e in zip(flat, examples, strict=True)]
    folds = [fold_of(example.site) for example in examples]
    found: dict[str, list[str]] = {"html": [""] * len(flat), "flattened": [""] * len(flat)}
    for fold in range(FOLDS):
        seen = [row for row, other in zip(rows, folds, strict=True) if other != fold]
        with line_model.using(line_model.from_json(train(seen))):
            for n in (n for n in range(len(flat)) if folds[n] == fold):
                found["html"][n] = extraction.article_text(pages[n])
                found["flattened"][n] = extraction.article_text(flat[n])
    bodies = [example.body for example in examples]
    return {way: extraction.score(bodies, texts) for way, texts in found.items()}


def fold_of(site: str) -> int:
    return int(sha256(site.encode()).hexdigest(), 16) % FOLDS


def training_rows(page: Page, body: str, cuts: int = CUTS) -> Rows:
    """The page's rows, and those of `cuts` shorter versions of it, at less weight."""
    answers = true_lines([_words(line.text) for line in page.lines], body)
    whole = _rows(page, answers, 1.0)
    random = Random(SEED + len(page.source_text))
    for _ in range(cuts):
        taken = _cut(answers, random)
        part = replace(page, lines=tuple(page.lines[n] for n in taken))
        more = _rows(part, [answers[n] for n in taken], CUT_WEIGHT)
        whole.features.extend(more.features)
        whole.answers.extend(more.answers)
        whole.weights.extend(more.weights)
    return whole


def _cut(answers: Sequence[bool], random: Random) -> list[int]:
    """Places of the lines of a shorter version: fewer of the story's paragraphs from its
    beginning, and less of what stands before and after. Short stories are rare here."""
    told = [n for n, yes in enumerate(answers) if yes] or [0]
    last = told[min(len(told), random.randint(*CUT_STORY)) - 1]
    first = random.randint(0, told[0])
    end = random.randint(told[-1] + 1, len(answers))
    return [*range(first, last + 1), *range(told[-1] + 1, end)]


def _rows(page: Page, answers: list[bool], weight: float) -> Rows:
    lines = page.lines
    title = metadata.read(page, (0, len(lines)), None, "/page").title or ""
    labels = boilerplate.rules(lines, title, saved_page=True)
    own = sum(line.words for line, yes in zip(lines, answers, strict=True) if yes)
    columns = [column.tolist() for column in line_features.columns(lines, labels, title)]
    return Rows(
        features=[[float(value) for value in row] for row in zip(*columns, strict=True)],
        answers=list(answers),
        weights=[weight * 100 * (line.words + LINE_WORDS) / (own + PAGE_WORDS) for line in lines],
    )


def true_lines(lines: Sequence[list[str]], body: str) -> list[bool]:
    """Which lines (as words) are the article's: long ones by their 4-grams, short ones
    near them by their words in a row; of copies only as many as the body holds."""
    words = _words(body)
    joined = f" {' '.join(words)} "
    paragraphs = {" ".join(_words(paragraph)) for paragraph in body.split("\n")}
    wanted = set(_grams(words))
    long = {
        n: sum(gram in wanted for gram in _grams(line)) >= SHARE * len(_grams(line))
        for n, line in enumerate(lines)
        if len(line) >= LONG_WORDS
    }
    sure = [n for n, yes in long.items() if yes]
    if not sure:
        return [False] * len(lines)
    answers = []
    for n, line in enumerate(lines):
        key = " ".join(line)
        near = sure[0] - NEAR_LINES <= n <= sure[-1] + NEAR_LINES
        stands = key in paragraphs or (len(line) >= 4 and f" {key} " in joined)
        answers.append(long[n] if n in long else bool(line) and near and stands)
    middle = sure[len(sure) // 2]
    seen: Counter[str] = Counter()
    for n in sorted(range(len(lines)), key=lambda n: abs(n - middle)):
        key = " ".join(lines[n])
        seen[key] += answers[n]
        if seen[key] > max(1, joined.count(f" {key} ")):
            answers[n] = False
    return answers


def train(pages: Sequence[Rows]) -> str:
    """The model as JSON, one tree a line."""
    import numpy
    from sklearn.ensemble import HistGradientBoostingClassifier

    trainer = HistGradientBoostingClassifier(
        max_iter=TREES,
        max_leaf_nodes=LEAVES,
        learning_rate=LEARNING_RATE,
        min_samples_leaf=FEWEST_LINES_OF_LEAF,
        l2_regularization=SHRINKAGE,
        max_features=FEATURE_SHARE,
        monotonic_cst=[DIRECTIONS.get(name, 0) for name in line_features.NAMES],
        early_stopping=False,
        random_state=SEED,
    )
    trainer.fit(
        numpy.array([row for page in pages for row in page.features]),
        numpy.array([answer for page in pages for answer in page.answers]),
        sample_weight=numpy.array([weight for page in pages for weight in page.weights]),
    )
    # The trees stand in no public attribute; the columns are the node's own names.
    trees = [_tree(predictors[0].nodes, 0) for predictors in trainer._predictors]
    base = round(float(trainer._baseline_prediction.ravel()[0]), 5)
    head = f'{{"features": {json.dumps(line_features.NAMES)},\n"base": {base},\n"trees": [\n'
    return head + ",\n".join(json.dumps(tree) for tree in trees) + "\n]}\n"


def _tree(nodes: Any, place: int) -> Any:
    node = nodes[place]
    if node["is_leaf"]:
        return round(float(node["value"]), 4)
    return [
        line_features.NAMES[int(node["feature_idx"])],
        float(f"{float(node['num_threshold']):.6g}"),
        _tree(nodes, int(node["left"])),
        _tree(nodes, int(node["right"])),
    ]


def _flat(examples: Sequence[extraction.Example]) -> list[tuple[Page, extraction.Example]]:
    return [(extraction.flattened(extraction.html_page(example)), example) for example in examples]


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _grams(words: Sequence[str]) -> list[tuple[str, ...]]:
    size = extraction.SHINGLE_WORDS
    return [tuple(words[n : n + size]) for n in range(len(words) - size + 1)]


if __name__ == "__main__":
    raise SystemExit(main())
