"""What an examination finds and what a repair says. Value types only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "database", "source", "article", "lost article", "stray article", "passage", "vector",
    "full text", "vector file", "row", "story", "lines", "numbers"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    what: str
    path: str  # the file that it concerns; "" where it is the library itself
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem with what tells a repair where it is."""

    kind: Kind
    what: str
    path: str
    # article, story, lines, stray article: the article's rowid; source: its hash; vector file:
    # its generation; row: its table
    key: int | str = 0


def readable(problem: Problem) -> Problem:
    """The same, in text that can be printed: a damaged path may be no UTF-8."""
    what, path = (text.encode("utf-8", "replace").decode() for text in (problem.what, problem.path))
    return Problem(what, path, problem.repaired)
