"""How alike a place is to a quotation that was copied badly, and how alike others are.

`python -m evaluate.quotations CHOSEN_DIR SCORED_DIR`, two BEIR folders of texts. Half of each
folder's texts are put into a library without an encoder. Sentences of them are altered as
careless quoting alters (words dropped or exchanged, figures, names, dates and denials changed,
halves, clauses in another order) and looked up; so are unaltered sentences of the other half,
which stand nowhere. The limit of the quotation page (`ui.quotation_data.ALIKE`) is to keep the
true places and to hide the others: it is chosen on the first folder and scored on the second.
Writes evaluate/results/quotations.json and prints it. No model takes part.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from core import settings as core_settings
from evaluate import alterations
from evaluate.datasets import load_texts
from evaluate.retrieval import index_documents
from index.finding.locate import LEAST_SIMILARITY, locate
from index.store import Library, open_library
from ingest.passages import sentences

RESULTS = Path(__file__).parent / "results" / "quotations.json"
SENTENCES = 60  # altered ones of each folder, and as many that stand nowhere
TEXTS = 600  # of each folder at most
SENTENCE_WORDS = (10, 40)  # as people quote
PLACES = 20  # looked at for each quotation, as the page does
DROPPED = EXCHANGED = 0.2  # share of a sentence's words
LIMITS = tuple(round(0.5 + step / 20, 2) for step in range(10))
ABSENT = "in no text"


@dataclass(frozen=True, slots=True)
class LookedUp:
    """Similarities 0..1 of one altered quotation: its true place, the best other one; 0 for
    a place that was not found."""

    kind: str
    true: float
    other: float


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Bad quotations against the places found.")
    parser.add_argument("chosen", type=Path, metavar="CHOSEN_DIR")
    parser.add_argument("scored", type=Path, metavar="SCORED_DIR")
    options = parser.parse_args(arguments)
    chosen, scored = measured(options.chosen), measured(options.scored)
    limit = max(LIMITS, key=lambda one: (balanced_accuracy(chosen, one), one))
    result = {
        "limit": limit,
        "chosen on": {"folder": options.chosen.name, **figures(chosen, limit)},
        "scored on": {"folder": options.scored.name, **figures(scored, limit)},
        "balanced accuracy by limit, chosen on": by_limit(chosen),
        "balanced accuracy by limit, scored on": by_limit(scored),
    }
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(result, indent=1) + "\n")
    return 0


def measured(folder: Path) -> list[LookedUp]:
    """Every altered sentence of a folder, and the unaltered ones that stand nowhere."""
    random = Random(folder.name)
    texts = load_texts(folder)
    texts = random.sample(texts, min(TEXTS, len(texts)))
    held, absent = texts[::2], texts[1::2]
    with tempfile.TemporaryDirectory() as home:
        settings = core_settings.load(home)
        with open_library(settings) as library:
            documents = {str(place): ("", text) for place, text in enumerate(held)}
            index_documents(library, documents, None)
            found = [
                looked_up(library, kind, quotation, held[place])
                for place, sentence in _sampled(held, random)
                for kind, quotation in careless(sentence, random)
            ]
            found += [
                looked_up(library, ABSENT, sentence, "") for _, sentence in _sampled(absent, random)
            ]
    return found


def looked_up(library: Library, kind: str, quotation: str, text: str) -> LookedUp:
    """`text`: that which has the true place; "" where none has."""
    true = other = 0.0
    for match in locate(library, quotation, PLACES):
        if match.source_quote in text:
            true = max(true, match.similarity)
        else:
            other = max(other, match.similarity)
    return LookedUp(kind, true, other)


def careless(sentence: str, random: Random) -> Iterator[tuple[str, str]]:
    """(kind, sentence), for each way in which it can be copied badly."""
    words = sentence.split()
    few = max(1, round(len(words) * DROPPED))
    dropped = set(random.sample(range(len(words)), few))
    yield "words dropped", " ".join(w for place, w in enumerate(words) if place not in dropped)
    others = random.sample(words, len(words))
    exchanged = set(random.sample(range(len(words)), max(1, round(len(words) * EXCHANGED))))
    yield (
        "words exchanged",
        " ".join(others[place] if place in exchanged else w for place, w in enumerate(words)),
    )
    half = words[: len(words) // 2]
    del half[len(half) // 2]
    yield "a half, a word dropped", " ".join(half)
    clauses = re.split(r"(?<=[,;]) ", sentence.rstrip("."))
    if len(clauses) > 1:
        yield "clauses in another order", " ".join([*clauses[1:], clauses[0]])
    for kind, made in alterations.altered(sentence, [sentence]):
        yield f"{kind} changed", made


def balanced_accuracy(found: Sequence[LookedUp], limit: float) -> float:
    """The mean of two shares: true places that are kept, quotations with no other place kept."""
    true = [one for one in found if one.kind != ABSENT]
    kept = sum(one.true >= limit for one in true) / len(true)
    quiet = sum(one.other < limit for one in found) / len(found)
    return (kept + quiet) / 2


def by_limit(found: Sequence[LookedUp]) -> dict[str, float]:
    return {str(limit): round(balanced_accuracy(found, limit), 3) for limit in LIMITS}


def figures(found: Sequence[LookedUp], limit: float) -> dict[str, Any]:
    """Shares of one folder under a limit."""
    kinds: defaultdict[str, list[LookedUp]] = defaultdict(list)
    for one in found:
        kinds[one.kind].append(one)
    absent = kinds.pop(ABSENT)
    true = [one for several in kinds.values() for one in several]
    return {
        "quotations": len(true),
        "balanced accuracy": round(balanced_accuracy(found, limit), 3),
        "true place found at all": _share([one.true >= LEAST_SIMILARITY for one in true]),
        "true place kept": _share([one.true >= limit for one in true]),
        "true place kept, by kind": {
            kind: _share([one.true >= limit for one in several]) for kind, several in kinds.items()
        },
        "another place kept beside it": _share([one.other >= limit for one in true]),
        "sentences in no text": len(absent),
        "a place kept for one of these": _share([one.other >= limit for one in absent]),
        "a place found at all for one of these": _share(
            [one.other >= LEAST_SIMILARITY for one in absent]
        ),
    }


def _sampled(texts: Sequence[str], random: Random) -> list[tuple[int, str]]:
    """(place of the text, sentence): one of each text, as many as are wanted."""
    found = []
    for place in random.sample(range(len(texts)), len(texts)):
        here = [texts[place][low:high].strip() for low, high in sentences(texts[place])]
        low, high = SENTENCE_WORDS
        fit = [one for one in here if low <= len(one.split()) <= high]
        if fit:
            found.append((place, random.choice(fit)))
        if len(found) == SENTENCES:
            break
    return found


def _share(held: Sequence[bool]) -> float:
    return round(sum(held) / len(held), 3)


if __name__ == "__main__":
    sys.exit(main())
