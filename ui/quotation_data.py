"""A quotation and where it stands → the data of the page that finds quotations. Pure.

A part is [text, kind]: "" stands in both, "quoted" only in the quotation, "found" only in the
file, "around" in the file beside the quoted words, "cut" is a sign that something is not shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ui import words
from ui.reader_data import Place

if TYPE_CHECKING:
    from index.finding.differences import Piece

Data = dict[str, Any]
Part = list[Any]

AROUND_CHARS = 160  # shown of what stands before and after the quoted words
# Beside a place that is this much alike, less like ones are only noise. Chosen on sentences of
# HotpotQA's paragraphs, copied badly in nine ways (`python -m evaluate.quotations`): balanced
# accuracy 0.976 (0.972 at 0.7, 0.942 at 0.6). Scored on SciFact's abstracts: 0.991; 0.982 of the
# true places are kept, and no other place beside them. Clauses in another order lose most (0.854).
ALIKE = 0.75


@dataclass(frozen=True, slots=True)
class Standing:
    """One place that has the quotation, or nearly. `pieces` together are both texts."""

    place: Place
    title: str
    outlet: str | None
    published: str | None
    line: int
    similarity: float  # 1.0: word for word
    pieces: tuple[Piece, ...]

    @property
    def is_exact(self) -> bool:
        return all(piece.kind in ("same", "around") for piece in self.pieces)


def quotation_data(quoted: str, found: Sequence[Standing] | None, message: str) -> Data:
    """`found` None: nothing was asked yet."""
    is_found = any(one.similarity >= ALIKE for one in found or ())
    places = [standing_data(one) for one in found or () if one.similarity >= ALIKE or not is_found]
    return {
        "view": "quotation",
        "words": quoted,
        "message": message,
        "asked": found is not None,
        "exact": [one for one in places if one["exact"]],
        "near": [one for one in places if not one["exact"]],
        "reader": None,
    }


def place_key(place: Place) -> str:
    """Names a place however the list changes."""
    return f"{place.start}-{place.end} {place.path}"


def standing_data(standing: Standing) -> Data:
    differences = sum(piece.kind not in ("same", "around") for piece in standing.pieces)
    verdict = words.count_words(differences, "difference")
    return {
        "key": place_key(standing.place),
        "exact": standing.is_exact,
        "source": words.source_words(standing.outlet, standing.published, standing.place.path),
        "title": standing.title,
        "verdict": "word for word" if standing.is_exact else verdict,
        "line": f"line {standing.line:,}",
        "parts": [
            *around_parts(standing.pieces[:1], is_before=True),
            *(
                part
                for before, piece in zip((None, *standing.pieces), standing.pieces, strict=False)
                for part in piece_parts(piece, before)
            ),
            *around_parts(standing.pieces[-1:], is_before=False),
        ],
    }


def around_parts(pieces: Sequence[Piece], is_before: bool) -> list[Part]:
    """What stands before the quoted words, or after them, as far as it is shown."""
    text = "".join(piece.found for piece in pieces if piece.kind == "around")
    if is_before:
        cut: list[Part] = [["… ", "cut"]] if len(text) > AROUND_CHARS else []
        return [*cut, [text[-AROUND_CHARS:], "around"]] if text else []
    cut = [[" …", "cut"]] if len(text) > AROUND_CHARS else []
    return [[text[:AROUND_CHARS], "around"], *cut] if text else []


def piece_parts(piece: Piece, before: Piece | None = None) -> list[Part]:
    """`before`: the piece before it. A word that ends the file's sentence may go on in the
    quotation: its white space stands only there."""
    if piece.kind == "around":
        return []
    if piece.kind == "same":
        return [[piece.found, ""]]
    quoted = piece.quoted.rstrip()
    if quoted and before and before.quoted[-1:].isspace() and not before.found[-1:].isspace():
        quoted = f" {quoted}"
    both = [[quoted, "quoted"], [piece.found.rstrip(), "found"]]
    space = (piece.found or piece.quoted)[len((piece.found or piece.quoted).rstrip()) :]
    return [*(part for part in both if part[0]), *([[space, ""]] if space else [])]
